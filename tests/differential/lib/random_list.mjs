// random_list.mjs - what lists of random contracts have: pages, filters, aggregates.
//
// SPDX-License-Identifier: MIT
import { COMPARED, keyOf, nameOf, SCALARS, SEARCHED, SORTED } from './random_contract.mjs';

const ORDERED = ['lt', 'lte', 'gt', 'gte'];
const PATTERNS = ['like', 'iLike', 'iEq', 'startsWith', 'endsWith', 'contains', 'iStartsWith', 'iEndsWith', 'iContains'];
const SUMMED = { int2: 'BigInt', int4: 'BigInt', int8: 'Decimal', numeric: 'Decimal' };
const EXTREME = new Set(['int2', 'int4', 'int8', 'numeric', 'text', 'date', 'timestamptz', 'interval']);

const PAGE_INFO = 'type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }';

export class Lists {
    #writer;
    #names = 0;
    #operators = new Map();
    #filterOf = new Map(); // by type
    filters = [];

    constructor(writer) {
        this.#writer = writer;
    }

    // Some lists become connections, and some have filters.
    change(field) {
        const { random } = this.#writer;
        if (keyOf(field.target.table) && !field.args.some(({ name }) => name === 'skip') && random.chance(0.35))
            this.#page(field);
        if (!field.args.some(({ name }) => name === 'where') && random.chance(0.35))
            field.args.push({ name: 'where', type: this.#filter(field.target) });
    }

    #page(field) {
        const { random, inputs } = this.#writer;
        const number = this.#names++, name = field.target.name;
        if (!inputs.includes(PAGE_INFO))
            inputs.push(PAGE_INFO);
        const some = random.some(['totalCount: Int!', 'totalCount: Int @count(atMost: 3)', `nodes: [${name}!]!`], 0.4);
        const parts = [...new Map(some.map((part) => [part.split(':')[0], part])).values()];
        const bang = random.pick(['', '!']);
        inputs.push(`type C${number} { pageInfo: PageInfo! edges: [E${number}${random.pick(['', '!'])}]! ${parts.join(' ')} }`,
            `type E${number} { node: ${name}${bang} cursor: ${random.pick(['String', 'ID'])}! }`);
        const pages = [['first', 'after'], ['last', 'before']].filter((_, i) => i === 0 || random.chance(0.6)).flat();
        field.args = [...field.args.filter((argument) => argument.name !== 'first'), ...pages.map((one) => ({ name: one, type: one === 'first' || one === 'last' ? 'Int' : random.pick(['String', 'ID']) }))];
        Object.assign(field, { type: `C${number}`, isConnection: true });
    }

    // --- filters ---------------------------------------------------------------------

    #filter(type) {
        if (!this.#filterOf.has(type))
            this.#filterOf.set(type, this.#makeFilter(type));
        return this.#filterOf.get(type);
    }

    #makeFilter(type) {
        const { random, inputs } = this.#writer;
        const name = `F${this.#names++}`;
        this.#filterOf.set(type, name); // which its own fields may be of
        this.filters.push(name);
        const columns = random.some(type.table.columns.filter(({ base, element }) => COMPARED[base] && !element), 0.6);
        const parts = columns.map((column, i) => `c${i}: ${random.chance(0.3) ? random.pick(COMPARED[column.base]) : this.#comparison(column)} @column(name: ${JSON.stringify(column.name)})`);
        // As the fields of the type are joined.
        for (const field of type.fields.filter(({ target, called }) => target && !called))
            if (random.chance(0.3))
                parts.push(`${field.name}: ${this.#related(field)}`);
        const combined = random.some([`and: [${name}!]`, `or: [${name}!]`, `not: ${name}`], 0.6);
        inputs.push(`input ${name} { ${[...parts, ...combined].join(' ') || `not: ${name}`} }`);
        return name;
    }

    #related({ target, type, isConnection }) {
        const inner = this.#filter(target);
        return type.startsWith('[') || isConnection ? this.#once(`Q_${inner}`, `some: ${inner} every: ${inner} none: ${inner}`) : inner;
    }

    #once(name, body) {
        if (!this.#operators.has(name)) {
            this.#operators.set(name, body);
            this.#writer.inputs.push(`input ${name} { ${body} }`);
        }
        return name;
    }

    #comparison(column) {
        const { random } = this.#writer;
        const scalar = random.pick(COMPARED[column.base]);
        const isText = SEARCHED.has(column.base) && scalar === 'String' && column.isDeterministic !== false;
        const some = random.some([...column.base === 'bool' ? [] : ORDERED, ...isText ? PATTERNS : []], 0.5).map((word) => `${word}: ${scalar}`);
        const body = [`eq: ${scalar}`, `ne: ${scalar}`, `in: [${scalar}!]`, 'isNull: Boolean', ...some].join(' ');
        return this.#once(`P${this.#names++}`, body);
    }

    // --- aggregates --------------------------------------------------------------------

    // A field of the query, or none.
    aggregates(type) {
        const { random, inputs } = this.#writer;
        const { table } = type;
        if (random.chance(0.6))
            return [];
        const number = this.#names++;
        const plain = table.columns.filter(({ element, name }) => !element && /^[a-z_][a-z0-9_]*$/.test(name));
        const shown = (columns, typeOf) => columns.map((column, i) => `f${i}: ${typeOf(column)} @column(name: ${JSON.stringify(column.name)})`).join(' ');
        const sums = shown(plain.filter(({ base }) => SUMMED[base]), ({ base }) => SUMMED[base]);
        const extremes = shown(plain.filter(({ base }) => EXTREME.has(base) && SORTED.has(base)), ({ base }) => SCALARS[base][0]);
        if (sums)
            inputs.push(`type S${number} { ${sums} }`);
        if (extremes)
            inputs.push(`type X${number} { ${extremes} }`);
        inputs.push(`type A${number} @table(name: ${JSON.stringify(nameOf(table))}) @aggregate { count: ${random.pick(['Int', 'BigInt', 'QuotedInt'])}! ${sums ? `sum: S${number}!` : ''} ${extremes ? `min: X${number}! max: X${number}!` : ''} }`);
        const args = random.chance(0.5) ? [{ name: 'where', type: this.#filter(type) }] : [];
        return [{ name: `g${number}`, args, type: `A${number}`, bang: true, isAggregate: true }];
    }
}
