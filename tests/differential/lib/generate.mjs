// generate.mjs - random documents over a contract, with variables, weighted to the edges.
//
// A document is a text from the start; a selection that turns out not to be valid (two fields
// of one name that differ) is made anew by who asked for it.
//
// SPDX-License-Identifier: MIT
import { getNullableType, isAbstractType, isLeafType, isListType, isNonNullType } from 'graphql';

import { isList, namedType, snakeCase } from './contract.mjs';
import { Numeral, writeJson } from './number.mjs';
import { Word } from './pools.mjs';

const ROWS = [50, 100, 100, 200, 1500]; // that a document may ask for, about
const DEPTH = 6;
const FIRST = ['0', '1', '2', '3', '5', '7', '20', '100'], BAD_FIRST = ['-1', '101', '2147483647', '-2147483648'];
const SKIP = ['0', '1', '2', '5', '30', '10000'], BAD_SKIP = ['-1', '10001', '2147483647'];

// A value as a literal of a document.
function literal(value) {
    if (value instanceof Word || value instanceof Variable)
        return value.name;
    if (value instanceof Numeral)
        return value.text;
    if (Array.isArray(value))
        return `[${value.map(literal).join(', ')}]`;
    if (value !== null && typeof value === 'object')
        return `{${Object.entries(value).map(([name, one]) => `${name}: ${literal(one)}`).join(', ')}}`;
    return typeof value === 'string' ? quoted(value) : String(value);
}

const quoted = (text) => JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);

class Variable {
    constructor(name) {
        this.name = name;
    }
}

export class Generator {
    #schema;
    #bindings;
    #pools;

    constructor({ schema, bindings, pools }) {
        this.#schema = schema;
        this.#bindings = bindings;
        this.#pools = pools;
    }

    // { query, variables }, by the chance that is given.
    make(random) {
        return new Writer(random, this.#schema, this.#bindings, this.#pools).write();
    }
}

class Writer {
    constructor(random, schema, bindings, pools) {
        Object.assign(this, { random, schema, bindings, pools });
        this.definitions = []; // of variables
        this.variables = {};
        this.fragments = [];
        this.names = 0;
        this.rows = random.pick(ROWS);
    }

    write() {
        const { random } = this;
        const query = this.schema.getQueryType();
        const parts = random.many(random.pick([1, 1, 1, 2, 3]), () => this.#field(query, { size: 1, depth: 0 }, true));
        if (random.chance(0.1))
            parts.push(this.#fragment(query, { size: 1, depth: 0 }));
        const definitions = this.definitions.length > 0 ? `(${this.definitions.join(', ')})` : '';
        const isNamed = definitions !== '' || random.chance(0.3);
        const operation = `${isNamed ? `query Q${definitions} ` : ''}{ ${parts.join(' ')} }`;
        return { query: [operation, ...this.fragments.map(({ text }) => text)].join('\n'), variables: writeJson(this.variables) };
    }

    // --- selections --------------------------------------------------------------

    // `place`: how many rows it stands in, and how deep.
    #selection(type, place) {
        const { random } = this;
        const parts = [];
        if (isAbstractType(type)) {
            for (const one of random.some(this.schema.getPossibleTypes(type), 0.7))
                parts.push(`... on ${one.name} ${this.#selection(one, { ...place, depth: place.depth + 1 })}`);
            if (random.chance(0.5))
                parts.push('__typename');
        }
        const fields = type.getFields ? Object.values(type.getFields()) : [];
        const leaves = fields.filter((field) => isLeafType(namedType(field.type)));
        const objects = fields.filter((field) => !isLeafType(namedType(field.type)));
        if (leaves.length > 0)
            parts.push(...random.many(random.between(1, 4), () => this.#fieldText(random.pick(leaves), type, place)));
        if (objects.length > 0 && place.depth < DEPTH)
            parts.push(...random.many(random.pick([0, 0, 1, 1, 2]), () => this.#fieldText(random.pick(objects), type, place)).filter(Boolean));
        if (random.chance(0.12))
            parts.push(this.#fragment(type, place));
        if (random.chance(0.05))
            parts.push('__typename');
        return `{ ${parts.filter(Boolean).join(' ') || '__typename'} }`;
    }

    // One inline, or one with a name, which may have been used before.
    #fragment(type, place) {
        const { random } = this;
        const used = this.fragments.filter((one) => one.type === type && one.size >= place.size && one.depth >= place.depth);
        if (used.length > 0 && random.chance(0.5))
            return `...${random.pick(used).name}${this.#directives()}`;
        const selection = place.depth === 0 ? `{ ${this.#field(type, place, true)} }` : this.#selection(type, { ...place, depth: place.depth + 1 });
        if (random.chance(0.4))
            return `...${random.chance(0.5) ? ` on ${type.name}` : ''}${this.#directives()} ${selection}`;
        const name = `F${++this.names}`;
        this.fragments.push({ name, type, size: place.size, depth: place.depth, text: `fragment ${name} on ${type.name} ${selection}` });
        return `...${name}${this.#directives()}`;
    }

    // A field of the type that there is room for.
    #field(type, place, isRoot) {
        const fields = Object.values(type.getFields());
        for (let i = 0; i < 20; i++) {
            const text = this.#fieldText(this.random.pick(fields), type, place, isRoot);
            if (text)
                return text;
        }
        return '__typename';
    }

    // Nothing when its rows would be too many.
    #fieldText(field, type, place) {
        const { random } = this;
        const target = namedType(field.type);
        const size = isList(field.type) ? this.#listSize(field, place) : 1;
        if (size === null)
            return null;
        const args = this.#arguments(field, type, size);
        const alias = args !== '' || random.chance(0.1) ? `${random.pick(['a', 'w', 'l', 'k'])}${++this.names}: ` : '';
        const head = `${alias}${field.name}${args}${this.#directives()}`;
        if (isLeafType(target))
            return head;
        const below = { size: place.size * size, depth: place.depth + 1 };
        const again = random.chance(0.05) ? ` ${head} ${this.#selection(target, below)}` : '';
        return `${head} ${this.#selection(target, below)}${again}`;
    }

    // How many rows a list may have here: what `first` is to be at most.
    #listSize(field, { size }) {
        const room = Math.floor(this.rows / size);
        const hasFirst = field.args.some(({ name }) => name === 'first');
        if (!hasFirst && room < 100)
            return null;
        return room < 1 ? null : Math.min(room, 100);
    }

    #directives() {
        const { random } = this;
        if (!random.chance(0.05))
            return '';
        const isSkip = random.chance(0.5);
        const isTrue = random.chance(0.5) !== isSkip || random.chance(0.3);
        const value = random.chance(0.5) ? String(isTrue) : this.#variable('Boolean!', isTrue, false);
        return ` @${isSkip ? 'skip' : 'include'}(if: ${value})`;
    }

    // --- arguments ---------------------------------------------------------------

    #arguments(field, type, size) {
        const { random } = this;
        const binding = this.bindings.of(type.name, field.name);
        const given = [];
        const only = binding?.isExactlyOne && random.chance(0.9) ? random.pick(field.args) : null;
        for (const argument of field.args) {
            const isNeeded = isNonNullType(argument.type) && argument.defaultValue === undefined && !argument.default;
            const isFirst = argument.name === 'first';
            const mustBound = isFirst && size < 100;
            if (only ? argument !== only : !isNeeded && !mustBound && !random.chance(isFirst ? 0.6 : 0.25))
                continue;
            const value = this.#value(argument, binding, size, isNeeded || Boolean(only) || mustBound);
            given.push(`${argument.name}: ${this.#written(argument.type, value, mustBound)}`);
        }
        return given.length > 0 ? `(${given.join(', ')})` : '';
    }

    // As a literal or a variable.
    #written(type, value, isFixed) {
        const { random } = this;
        // JSON with U+0000 is refused as a whole.
        if (!random.chance(0.3) || writeJson(value).includes('\\u0000'))
            return literal(value);
        const nullable = String(getNullableType(type));
        const isNonNull = isNonNullType(type) || (value !== null && random.chance(0.2));
        return this.#variable(isNonNull ? `${nullable}!` : nullable, value, !isFixed);
    }

    // `$v1`, which has that value: given, or by default; or which nobody gives.
    #variable(type, value, mayBeAbsent) {
        const { random } = this;
        const name = `v${++this.names}`;
        const isNonNull = type.endsWith('!');
        const byDefault = random.chance(0.2) && value !== null;
        this.definitions.push(`$${name}: ${type}${byDefault ? ` = ${literal(value)}` : ''}`);
        const isAbsent = byDefault ? random.chance(0.7) : !isNonNull && mayBeAbsent && random.chance(0.15);
        if (!isAbsent)
            this.variables[name] = value;
        return `$${name}`;
    }

    #value(argument, binding, size, isNeeded) {
        const { random } = this;
        if (!isNeeded && !isNonNullType(argument.type) && random.chance(0.08))
            return null;
        if (argument.name === 'first')
            return new Numeral(size < 100 || !random.chance(0.08) ? this.#firstUpTo(size) : random.pick(BAD_FIRST));
        if (argument.name === 'skip')
            return new Numeral(random.pick(random.chance(0.1) ? BAD_SKIP : SKIP));
        if (argument.name === 'orderBy')
            return this.#orderBy(argument.type);
        return this.#leaf(argument, binding);
    }

    #firstUpTo(size) {
        return this.random.pick(FIRST.filter((text) => Number(text) <= size));
    }

    #orderBy(type) {
        const { random } = this;
        const order = namedType(type);
        const fields = Object.values(order.getFields());
        const one = () => ({ [random.pick(fields).name]: new Word(random.pick(['ASC', 'DESC'])) });
        return isListType(getNullableType(type)) && !random.chance(0.2) ? random.many(random.pick([0, 1, 1, 2, 3]), one) : one();
    }

    #leaf(argument, binding) {
        const { random } = this;
        const type = namedType(argument.type);
        if (isList(argument.type))
            return random.many(random.below(4), () => (isNonNullType(getNullableType(argument.type).ofType) || random.chance(0.8) ? this.pools.edge(random, type) : null));
        const equal = binding?.equal?.find((one) => one.argument === argument);
        const searched = binding?.search?.find((one) => one.argument === argument);
        if (searched)
            return random.chance(0.8) ? this.pools.needle(random, searched.columns) : this.pools.edge(random, type);
        const pool = equal ? this.pools.ofColumn(random.pick(equal.columns), type) : this.pools.ofParameter(snakeCase(argument.name), type);
        // What is no value never goes into a function: what happens then is its own question.
        const mayBeWrong = Boolean(equal) || type.name !== 'ID';
        return pool.length > 0 && (!mayBeWrong || random.chance(0.75)) ? random.pick(pool) : mayBeWrong ? this.pools.edge(random, type) : '1';
    }
}
