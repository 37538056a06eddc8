// document.mjs - makes documents for a schema: mostly valid, and of every part that a document has.
//
// SPDX-License-Identifier: MIT
import {
    doTypesOverlap, getNamedType, isCompositeType, isEnumType, isInputObjectType, isLeafType,
} from 'graphql';

import { makeLiteral } from './value.mjs';

const ALIASES = ['a', 'b', 'c', 'id', 'name', 'x1', 'x2', 'x3', '_', 'on', 'fragment', 'null'];
const KINDS = { query: 'QUERY', mutation: 'MUTATION', subscription: 'SUBSCRIPTION' };

// Is the whole written before the named types are?
const isRequired = (argument) => `${argument.type}`.endsWith('!') && argument.default === undefined && argument.defaultValue === undefined;

class Maker {
    constructor(random, schema) {
        this.random = random;
        this.schema = schema;
        this.composites = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type) && !type.name.startsWith('__'));
        this.directives = schema.getDirectives();
        this.fragments = [];   // { name, type, text, spreads, variables }
        this.variables = new Map(); // name to { type, value }
        this.used = null;      // of the definition that is being made: names of variables
        this.spreads = null;   // ... and fragments
        this.budget = random.pick([6, 15, 40]);
        // A few documents have few names, so that fields overlap wherever they can.
        this.isDense = random.chance(0.15);
    }

    // A variable for a place of this type, or nothing: an old one that fits or a new one.
    variable(type, hasDefault) {
        const { random } = this;
        if (!random.chance(0.2) || this.isConst)
            return null;
        const old = [...this.variables].find(([, one]) => one.type === type && random.chance(0.5));
        const name = old ? old[0] : this.declare(type, hasDefault);
        this.used.add(name);
        return `$${name}`;
    }

    declare(type, hasDefault) {
        const { random } = this;
        const name = random.pick(['id', 'v', 'x', 'first']) + (this.variables.size || '');
        const nullable = type.endsWith('!') && random.chance(0.5) ? type.slice(0, -1) : type;
        if (nullable !== type && random.chance(0.05)) { // which does not fit
            this.variables.set(name, { type: nullable, value: '' });
            return name;
        }
        if (nullable !== type)
            this.variables.set(name, { type: nullable, value: hasDefault ? '' : this.constant(type) });
        else if (random.chance(0.2) && !type.endsWith('!'))
            this.variables.set(name, { type: `${type}!`, value: '' });
        else
            this.variables.set(name, { type, value: random.chance(0.3) ? this.constant(type) : '' });
        return name;
    }

    constant(type) {
        const outer = this.isConst;
        this.isConst = true;
        const text = ` = ${this.literal(type)}`;
        this.isConst = outer;
        return text;
    }

    literal(type, hasDefault = false) {
        return makeLiteral(this.random, type, {
            hasDefault,
            findEnum: (name) => this.findEnum(name),
            findInput: (name) => this.findInput(name),
            variable: (...place) => this.variable(...place),
        });
    }

    findEnum(name) {
        const type = this.schema.getType(name);
        return isEnumType(type) ? type.getValues().map((value) => value.name) : undefined;
    }

    findInput(name) {
        const type = this.schema.getType(name);
        return isInputObjectType(type) ? {
            isOneOf: type.isOneOf,
            fields: Object.values(type.getFields()).map((field) => ({ name: field.name, type: `${field.type}`, value: isRequired(field) || !field.astNode.defaultValue ? '' : '= x' })),
        } : undefined;
    }

    arguments(list) {
        const { random } = this;
        const given = list.filter((argument) => isRequired(argument) || random.chance(0.35)).map((argument) =>
            `${argument.name}: ${this.literal(`${argument.type}`, !!argument.astNode?.defaultValue)}`);
        return given.length > 0 ? `(${given.join(', ')})` : '';
    }

    // Directives that may stand at the location.
    applied(location) {
        const { random } = this;
        if (!random.chance(0.12))
            return '';
        const allowed = this.directives.filter(({ locations }) => locations.includes(location));
        const chosen = random.some(allowed, 0.4);
        return chosen.flatMap((one) => (one.isRepeatable && random.chance(0.5) ? [one, one] : [one]))
            .map((one) => ` @${one.name}${this.arguments(one.args)}`).join('');
    }

    field(parent) {
        const { random } = this;
        const field = random.pick(Object.values(parent.getFields?.() ?? {}));
        if (!field || random.chance(0.08))
            return `${random.chance(0.2) ? `${random.pick(ALIASES)}: ` : ''}__typename`;
        const type = getNamedType(field.type);
        if (!isLeafType(type) && this.budget <= 0)
            return '__typename';
        const given = this.arguments(field.args);
        // Most fields with arguments get a name of their own, or nearly all documents would conflict.
        let alias = '';
        if (this.isDense)
            alias = random.chance(0.7) ? `${random.pick(['a', 'b', 'id'])}: ` : '';
        else if (random.chance(0.15))
            alias = `${random.pick(ALIASES)}: `;
        else if (random.chance(given ? 0.8 : 0.1))
            alias = `f${this.count = (this.count ?? 0) + 1}: `;
        return `${alias}${field.name}${given}${this.applied('FIELD')}${isLeafType(type) ? '' : ` ${this.selections(type)}`}`;
    }

    inlineFragment(parent) {
        const { random } = this;
        const types = this.composites.filter((type) => doTypesOverlap(this.schema, type, parent));
        const type = random.chance(0.7) && types.length > 0 ? random.pick(types) : null;
        return `...${type ? ` on ${type.name}` : ''}${this.applied('INLINE_FRAGMENT')} ${this.selections(type ?? parent)}`;
    }

    spread(parent) {
        const { random } = this;
        const fitting = this.fragments.filter(({ type }) => doTypesOverlap(this.schema, type, parent));
        if (fitting.length === 0)
            return this.field(parent);
        const { name } = random.pick(fitting);
        this.spreads.add(name);
        return `...${name}${this.applied('FRAGMENT_SPREAD')}`;
    }

    selection(parent) {
        const { random } = this;
        this.budget--;
        if (this.budget > 0 && random.chance(this.isDense ? 0.25 : 0.12))
            return this.inlineFragment(parent);
        return random.chance(this.isDense ? 0.3 : 0.15) ? this.spread(parent) : this.field(parent);
    }

    selections(parent) {
        const { random } = this;
        const list = random.many(random.pick([1, 1, 2, 2, 3, 5]), () => this.selection(parent));
        return `{ ${list.join(' ')} }`;
    }

    description() {
        return this.random.chance(0.04) ? `${this.random.pick(['"said"', '"""\n  said\n"""'])} ` : '';
    }

    // Makes a definition; what it used is kept with it.
    define(make) {
        this.used = new Set();
        this.spreads = new Set();
        const text = make();
        return { text, used: this.used, spreads: this.spreads };
    }

    makeFragment(i) {
        const { random } = this;
        const type = random.pick(this.composites);
        const name = random.pick(['F', 'Fields', 'on_', 'fragment']) + (i || '');
        const made = this.define(() => `${this.description()}fragment ${name} on ${type.name}${this.applied('FRAGMENT_DEFINITION')} ${this.selections(type)}`);
        this.fragments.push({ name, type, ...made });
    }

    // The names of variables that a definition uses, by itself and through fragments.
    reach({ used, spreads }, seen = new Set()) {
        const all = new Set(used);
        for (const name of spreads) {
            if (seen.has(name))
                continue;
            seen.add(name);
            for (const variable of this.reach(this.fragments.find((fragment) => fragment.name === name), seen))
                all.add(variable);
        }
        return all;
    }

    introspection() {
        const { random } = this;
        return random.pick([
            '__schema { types { name kind fields(includeDeprecated: true) { name type { name ofType { name } } } } directives { name isRepeatable } }',
            '__type(name: "Query") { name fields { name args { name defaultValue } } }',
            '__schema { queryType { fields { type { fields { type { fields { name } } } } } } }',
            '__schema { types { inputFields { type { inputFields { name } } } possibleTypes { possibleTypes { name } } } }',
        ]);
    }

    rootSelections(operation, type) {
        const { random } = this;
        if (operation !== 'subscription')
            return operation === 'query' && random.chance(0.04) ? `{ ${this.introspection()} }` : this.selections(type);
        const names = Object.values(type.getFields());
        const field = random.pick(names);
        const inner = getNamedType(field.type);
        return `{ ${field.name}${this.arguments(field.args)}${isLeafType(inner) ? '' : ` ${this.selections(inner)}`} }`;
    }

    makeOperation(i, count) {
        const { random, schema } = this;
        const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
        const operation = random.pick(['query', 'query', 'query', 'mutation', 'subscription'].filter((one) => roots[one]));
        this.budget = random.pick([6, 15, 40]);
        const made = this.define(() => [this.applied(KINDS[operation]), this.rootSelections(operation, roots[operation])]);
        const [directives, selections] = made.text;
        const isNamed = count > 1 || random.chance(0.4);
        const variables = [...this.reach(made)].map((name) => {
            const { type, value } = this.variables.get(name);
            return `${this.description()}$${name}: ${type}${value}${this.variableDirectives()}`;
        });
        if (operation === 'query' && !isNamed && variables.length === 0 && !directives && random.chance(0.5))
            return { ...made, text: selections };
        return { ...made, text: `${this.description()}${operation}${isNamed ? ` ${random.pick(['Q', 'Query', 'op', 'on'])}${i || ''}` : ''}${variables.length > 0 ? `(${variables.join(', ')})` : ''}${directives} ${selections}` };
    }

    variableDirectives() {
        this.isConst = true;
        const text = this.applied('VARIABLE_DEFINITION');
        this.isConst = false;
        return text;
    }

    print() {
        const { random } = this;
        for (let i = random.pick(this.isDense ? [2, 4, 6] : [0, 0, 1, 2, 4]); i > 0; i--)
            this.makeFragment(this.fragments.length);
        const operations = random.many(random.pick([1, 1, 1, 2, 3]), (i) => i);
        const made = operations.map((i) => this.makeOperation(i, operations.length));
        // Mostly only the fragments that are used.
        const used = new Set(made.flatMap(({ spreads }) => [...spreads]));
        for (const { name, spreads } of [...this.fragments].reverse())
            if (used.has(name))
                spreads.forEach((other) => used.add(other));
        const fragments = this.fragments.filter(({ name }) => used.has(name) || random.chance(0.1));
        const texts = [...made, ...fragments].map(({ text }) => text);
        return random.chance(0.3) ? texts.reverse().join('\n') : texts.join('\n');
    }
}

export const makeDocument = (random, schema) => new Maker(random, schema).print();
