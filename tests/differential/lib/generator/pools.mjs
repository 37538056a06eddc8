// pools.mjs - values that are worth asking with: those that the database has, and the edges of
// each scalar.
//
// SPDX-License-Identifier: MIT
import { GraphQLList } from 'graphql';

import { isEnumType } from '../binding/contract.mjs';
import { Numeral } from '../number.mjs';
import { show } from '../interpreter/values.mjs';

// A word of an enum: bare in a document, a string in variables.
export class Word {
    constructor(name) {
        this.name = name;
    }

    toJSON() {
        return this.name;
    }
}

const numbers = (...texts) => texts.map((text) => new Numeral(text));

const TEXTS = ['', ' ', '%', '_', '\\', "'", '"', 'a', 'E', 'ü', '🏃', 'ß', 'SS', '\n', '{}', 'NULL', 'null', '\u0000', 'x'.repeat(300), '\u2028'];
const EDGES = {
    ID: ['', '0', '-1', '01', '1.0', ' 1', '+1', '1e1', 'abc', '1; x', '2147483648', '-9223372036854775808', '9223372036854775808',
        '00000000-0000-0000-0000-000000000000', '10000000-0000-4000-8000-00000000000', '\u0000', ...numbers('1', '-5', '9007199254740993')],
    Int: numbers('0', '1', '-1', '2147483647', '-2147483648', '5', '32768'),
    Float: numbers('0', '-0', '1', '1.0', '0.1', '-1.5', '1e308', '1e-45', '16777217', '12.50', '9007199254740993'),
    String: TEXTS,
    Boolean: [true, false],
    DateTime: ['2024-02-29T12:34:56.789Z', '2024-02-29T14:34:56.789123+02:00', '1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'],
    DateTimeMicros: ['2024-02-29T12:34:56.789123Z', '2024-02-29T12:34:56.789Z', '2024-02-29T14:34:56.789999+02:00', '0001-01-01T00:00:00Z'],
    Date: ['2024-02-29', '2020-01-01', '0001-01-01', '9999-12-31', '2023-02-29', '2024-2-9', '2024', '', 'tomorrow', '2024-02-29T00:00:00Z'],
    Decimal: [...numbers('0', '-0.0001', '10', '10.0', '1.5', '99999999.9999', '1e2', '12345678901234567890.5'), '10', ''],
    BigInt: [...numbers('0', '3', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '9007199254740993'), '3'],
};

export class Pools {
    #rows;
    #catalog;
    #pools = new Map();

    constructor(rows, catalog) {
        this.#rows = rows;
        this.#catalog = catalog;
    }

    // Values of a column, as an argument of the scalar or enum has them.
    ofColumn(column, type) {
        const id = `${column.table.schema}.${column.table.name}.${column.name} ${type}`;
        if (!this.#pools.has(id))
            this.#pools.set(id, this.#shown(column, type));
        return this.#pools.get(id);
    }

    #shown(column, type) {
        const texts = [...new Set(this.#rows.of(column.table).map((row) => row.cell(column)))].filter((text) => text !== null);
        const shown = texts.flatMap((text) => {
            try {
                const value = show(type, column, text);
                return [isEnumType(type) ? new Word(value) : value instanceof Numeral ? new Numeral(value.text) : value];
            } catch {
                return [];
            }
        });
        return shown.filter((value) => typeof value !== 'string' || value.length < 1000);
    }

    // An item of an array's column.
    item(random, column, type) {
        const items = this.ofColumn(column, new GraphQLList(type)).flat().filter((item) => item !== null).map((item) => (isEnumType(type) ? new Word(item) : item));
        return items.length > 0 && random.chance(0.8) ? random.pick(items) : this.edge(random, type);
    }

    // One of a table's rows.
    row(random, table) {
        const rows = this.#rows.of(table);
        return rows.length > 0 ? random.pick(rows) : null;
    }

    // Those of columns that are called like the parameter.
    ofParameter(name, type) {
        const id = `parameter ${name} ${type.name}`;
        if (!this.#pools.has(id)) {
            const like = this.#catalog.tables.flatMap(({ columns }) => columns).filter((column) => column.name === name && column.category !== 'A');
            this.#pools.set(id, like.flatMap((column) => this.#shown(column, type)).filter((value) => typeof value !== 'object' || value instanceof Numeral || value instanceof Word));
        }
        return this.#pools.get(id);
    }

    // What to search for: pieces of what there is, in either case.
    needle(random, columns) {
        const column = random.pick(columns.flat());
        const rows = this.#rows.of(column.table);
        const text = rows.length > 0 ? rows[random.below(rows.length)].cell(column) ?? '' : '';
        const start = random.below(text.length + 1);
        const piece = text.slice(start, start + random.between(1, 6)).toWellFormed().replaceAll('\ufffd', '');
        return random.chance(0.2) ? piece.toUpperCase() : random.chance(0.2) ? piece.toLowerCase() : piece;
    }

    // What to search for in documents of full-text search: some of their words.
    words(random, column) {
        const row = this.row(random, column.table);
        const found = [...(row?.cell(column) ?? '').matchAll(/'((?:[^']|'')+)'/g)].map(([, word]) => word.replaceAll("''", "'"));
        const some = random.many(random.pick([1, 1, 2]), () => (found.length > 0 ? random.pick(found) : 'x'));
        return some.join(random.pick([' ', ' or ', ' -', '" "']));
    }

    edge(random, type) {
        if (isEnumType(type))
            return new Word(random.pick(type.getValues()).name);
        return random.pick(EDGES[type.name] ?? TEXTS);
    }
}
