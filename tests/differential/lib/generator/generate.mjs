// generate.mjs - random documents over a contract, with variables, weighted to the edges.
//
// A document is a text from the start; a selection that turns out not to be valid (two fields
// of one name that differ) is made anew by who asked for it.
//
// SPDX-License-Identifier: MIT
import { isNonNullType } from 'graphql';

import { isAbstractType, isLeafType, isList, namedType } from '../binding/contract.mjs';
import { writesOf } from '../binding/mutation.mjs';
import { rowWritesOf } from '../binding/write.mjs';
import { nodeOf } from '../binding/shape.mjs';
import { writeJson } from '../number.mjs';
import { ArgumentWriter } from './arguments.mjs';
import { Ways } from './ways.mjs';

const ROWS = [50, 100, 100, 200, 1500]; // that a document may ask for, about
const DEPTH = 6;

export class Generator {
    #world;

    // `fields`: which ones of the query, as a regular expression; all unless given.
    constructor({ schema, bindings, pools, fields = '' }) {
        this.#world = { schema, bindings, pools, ways: new Ways(schema, bindings), fields: new RegExp(fields) };
    }

    // { query, variables, cursors }, by the chance that is given. `cursors`: of each `@cursor0@` in it, what is to be
    // asked first, and which of the cursors in the answer is meant.
    make(random) {
        return new Writer(random, this.#world).write();
    }

    // The same, of a mutation.
    makeMutation(random) {
        return new Writer(random, this.#world).writeMutation();
    }
}

class Writer extends ArgumentWriter {
    constructor(random, world) {
        super(random, world);
        this.fields = world.fields;
        this.fragments = [];
        this.rows = random.pick(ROWS);
    }

    write() {
        const { random } = this;
        const query = this.schema.getQueryType();
        const parts = random.many(random.pick([1, 1, 1, 2, 3]), () => this.#field(query, { size: 1, depth: 0 }, true));
        if (random.chance(0.1))
            parts.push(this.#fragment(query, { size: 1, depth: 0 }));
        return this.#document('query', parts);
    }

    // What comes after a field that failed and may not be null is not said, nor which number comes next where a write of several
    // rows failed: such a field is the last one.
    writeMutation() {
        const { random } = this;
        const mutation = this.schema.getMutationType();
        const fields = [...writesOf(this.schema), ...rowWritesOf(this.schema)].filter(({ name }) => this.fields.test(name));
        const isNumbered = ({ name }) => this.bindings.of(mutation.name, name).kind === 'writeRows' && this.bindings.of(mutation.name, name).table.columns.some((column) => column.isNumbered);
        const [last, some] = [(it) => isNonNullType(it.type) || isNumbered(it), random.many(random.pick([1, 1, 1, 2, 3]), () => random.pick(fields))];
        const ordered = [...some.filter((one) => !last(one)), ...some.filter(last).slice(0, 1)];
        const parts = ordered.map((field) => this.#fieldText(field, mutation, { size: 1, depth: 0 }, true));
        return this.#document('mutation', parts.filter(Boolean).length > 0 ? parts.filter(Boolean) : ['__typename']);
    }

    #document(kind, parts) {
        const { random } = this;
        const definitions = this.definitions.length > 0 ? `(${this.definitions.join(', ')})` : '';
        const isNamed = definitions !== '' || random.chance(0.3);
        const operation = `${isNamed || kind !== 'query' ? `${kind} Q${definitions} ` : ''}{ ${parts.join(' ')} }`;
        return { query: [operation, ...this.fragments.map(({ text }) => text)].join('\n'), variables: writeJson(this.variables), cursors: this.cursors };
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
        if (this.#isPart(type))
            return `{ ${random.some(fields, 0.55).map((field) => this.#fieldText(field, type, place)).filter(Boolean).join(' ') || '__typename'} }`;
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
        const fields = Object.values(type.getFields()).filter(({ name }) => !isRoot || this.fields.test(name));
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
        const isPart = this.#isPart(type);
        const size = !isPart && (isList(field.type) || nodeOf(target)) ? this.#listSize(field, place) : 1;
        if (size === null)
            return null;
        const args = this.arguments(field, type, size);
        const alias = args !== '' || random.chance(0.1) ? `${random.pick(['a', 'w', 'l', 'k'])}${++this.names}: ` : '';
        const head = `${alias}${field.name}${args}${this.#directives()}`;
        if (isLeafType(target))
            return head;
        const below = { size: place.size * size, depth: place.depth + (isPart ? 0 : 1) };
        const again = random.chance(0.05) ? ` ${head} ${this.#selection(target, below)}` : '';
        return `${head} ${this.#selection(target, below)}${again}`;
    }

    // A connection, an edge, a page info, aggregates: it has no columns of its own.
    #isPart(type) {
        return !isAbstractType(type) && this.bindings.isPart(type);
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
        const value = random.chance(0.5) ? String(isTrue) : this.variable('Boolean!', isTrue, false);
        return ` @${isSkip ? 'skip' : 'include'}(if: ${value})`;
    }
}
