// schema.mjs - makes schemas that are valid by construction: every kind of type, interfaces that implement
// interfaces, unions, input objects with defaults and @oneOf, directives of their own.
//
// Names are few and close to each other, so that documents overlap and misspellings have suggestions.
//
// SPDX-License-Identifier: MIT
import { Implementer } from './implement.mjs';
import { CONDITION_NAMES, makeRedefinition, makeScalar } from './redefine.mjs';
import { makeLiteral } from './value.mjs';

const FIELDS = ['id', 'ids', 'name', 'names', 'nmae', 'title', 'url', 'user', 'users', 'link', 'links', 'a', 'b', 'c', 'ab', 'item1', 'item2', 'item10', '_x', 'Name', 'on', 'type', 'query', 'true_'];
const ARGUMENTS = ['id', 'first', 'last', 'if', 'where', 'order', 'x', 'y', 'input', 'on'];
const BUILTIN = ['Int', 'Float', 'String', 'Boolean', 'ID'];
const EXECUTABLE = ['QUERY', 'MUTATION', 'SUBSCRIPTION', 'FIELD', 'FRAGMENT_DEFINITION', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT', 'VARIABLE_DEFINITION'];

const named = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i === 0 ? '' : i + 1}`);

// `[T!]!` and the like around a type's name.
export function wrap(random, name) {
    let type = name;
    for (let depth = random.pick([0, 0, 0, 0, 1, 1, 2, 3]); depth > 0; depth--)
        type = `[${type}${random.chance(0.3) ? '!' : ''}]`;
    return random.chance(0.25) ? `${type}!` : type;
}

class Maker extends Implementer {
    constructor(random) {
        super();
        this.random = random;
        this.scalars = named('Date', random.below(3));
        this.enums = named('Order', random.between(1, 2));
        this.inputs = named('Filter', random.between(1, 4));
        this.interfaces = named('Node', random.below(4));
        this.objects = named('User', random.between(2, 5));
        this.unions = named('Any', random.below(3));
        this.values = new Map(this.enums.map((name) => [name, random.some(['ASC', 'DESC', 'asc', 'HOT', 'on'], 0.6).concat('BEST')]));
        this.shapes = new Map(); // of input objects: { isOneOf, fields }
        this.leaves = [...BUILTIN, ...this.scalars, ...this.enums];
    }

    inputType() {
        const name = this.random.chance(0.35) ? this.random.pick(this.inputs) : this.random.pick(this.leaves);
        return wrap(this.random, name);
    }

    outputType() {
        const { random } = this;
        return wrap(random, random.chance(0.5)
            ? random.pick(this.leaves)
            : random.pick([...this.objects, ...this.interfaces, ...this.unions]));
    }

    literal(type) {
        return makeLiteral(this.random, type, {
            findEnum: (name) => this.values.get(name),
            findInput: (name) => this.shapes.get(name),
        });
    }

    // ` = ...`, or nothing. Only of what has no input object in it, which might need itself.
    defaultOf(type) {
        return this.random.chance(0.25) && !/Filter/.test(type) ? ` = ${this.literal(type)}` : '';
    }

    argumentsOf() {
        const { random } = this;
        if (random.chance(0.55))
            return [];
        return random.some(ARGUMENTS, 0.25).map((name) => {
            const type = this.inputType();
            return { name, type, value: this.defaultOf(type) };
        });
    }

    makeInputs() {
        const { random } = this;
        for (const [i, name] of this.inputs.entries()) {
            const isOneOf = random.chance(0.25);
            const fields = random.some(FIELDS, 0.15).concat('z').map((field) => {
                // What is non-null refers to those before, so that a value ends.
                let type = this.inputType();
                const inner = /\w+/.exec(type)[0];
                if (isOneOf || (this.inputs.includes(inner) && this.inputs.indexOf(inner) >= i))
                    type = type.replace(/!$/, '');
                return { name: field, type, value: isOneOf ? '' : this.defaultOf(type) };
            });
            this.shapes.set(name, { isOneOf, fields });
        }
    }

    makeFields() {
        const { random } = this;
        const make = () => new Map(random.some(FIELDS, 0.25).concat('id').map((name) => [name, { arguments: this.argumentsOf(), type: this.outputType() }]));
        for (const [i, name] of this.interfaces.entries())
            this.complete(name, make(), random.some(this.interfaces.slice(0, i), 0.4));
        for (const name of this.objects)
            this.complete(name, make(), random.some(this.interfaces, 0.4));
    }

    // A field may promise more than its interface does.
    narrow(fields) {
        for (const [name, field] of fields)
            if (this.random.chance(0.15) && !field.type.endsWith('!'))
                fields.set(name, { ...field, type: field.type + '!' });
        return fields;
    }

    printInput({ name, type, value }) {
        return `${name}: ${type}${value}`;
    }

    printArguments(list) {
        return list.length > 0 ? `(${list.map(this.printInput).join(', ')})` : '';
    }

    printFields(keyword, name) {
        const implemented = this.implemented.get(name) ?? [];
        const fields = [...this.fields.get(name)].map(([field, definition]) =>
            `  ${field}${this.printArguments(definition.arguments)}: ${definition.type}${implemented.length === 0 && this.random.chance(0.08) ? ' @deprecated' : ''}\n`);
        return `${keyword} ${name}${implemented.length > 0 ? ` implements ${implemented.join(' & ')}` : ''} {\n${fields.join('')}}`;
    }

    printDirectives() {
        const { random } = this;
        return named('tag', random.between(0, 4)).map((name) =>
            `directive @${name}${this.printArguments(this.argumentsOf())}${random.chance(0.4) ? ' repeatable' : ''} on ${random.some(EXECUTABLE, 0.5).concat('OBJECT').join(' | ')}`);
    }

    // What is built in, defined by the schema.
    printRedefined() {
        const { random } = this;
        return [
            ...random.some(CONDITION_NAMES, 0.12).map((name) => makeRedefinition(random, [name])),
            ...random.chance(0.05) ? [makeScalar(random)] : [],
        ];
    }

    printRoots() {
        const { random } = this;
        const names = random.chance(0.3) ? { query: 'Root', mutation: 'Change', subscription: 'Feed' } : { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
        const roots = Object.entries(names).filter(([operation]) => operation === 'query' || random.chance(0.6));
        for (const [, name] of roots)
            this.complete(name, new Map(random.some(FIELDS, 0.4).concat('link').map((field) => [field, { arguments: this.argumentsOf(), type: this.outputType() }])), []);
        return [
            ...names.query === 'Root' ? [`schema { ${roots.map(([operation, name]) => `${operation}: ${name}`).join(' ')} }`] : [],
            ...roots.map(([, name]) => this.printFields('type', name)),
        ];
    }

    print() {
        const { random } = this;
        this.makeInputs();
        this.makeFields();
        return [
            ...this.printRoots(),
            ...this.printDirectives(),
            ...this.printRedefined(),
            ...this.scalars.map((name) => `scalar ${name}${random.chance(0.3) ? ' @specifiedBy(url: "https://example.org/")' : ''}`),
            ...this.enums.map((name) => `enum ${name} { ${this.values.get(name).join(' ')} }`),
            ...this.inputs.map((name) => `input ${name}${this.shapes.get(name).isOneOf ? ' @oneOf' : ''} {\n${this.shapes.get(name).fields.map((field) => `  ${this.printInput(field)}\n`).join('')}}`),
            ...this.interfaces.map((name) => this.printFields('interface', name)),
            ...this.objects.map((name) => this.printFields('type', name)),
            ...this.unions.map((name) => `union ${name} = ${random.some(this.objects.slice(1), 0.5).concat(this.objects[0]).join(' | ')}`),
        ].join('\n\n');
    }
}

export const makeSchema = (random) => new Maker(random).print();
