// judge.mjs - which values are equal, which comes first, which texts are found: PostgreSQL
// knows, and is asked once for each question.
//
// A value is the text that PostgreSQL shows. The texts of a column, and of all others of its
// type and collation, are ranked by PostgreSQL's own ORDER BY; two that are equal share a rank.
//
// SPDX-License-Identifier: MIT
import { identifier, quote } from '../session.mjs';

const TIMES = new Set(['timestamp', 'timestamptz']);

const nameOf = (table) => `${identifier(table.schema)}.${identifier(table.name)}`;

// The column in SQL, or what a function of its table's rows gives.
const written = ({ name, table, called }) => (called ? `${nameOf(called)}(${identifier(table.name)}.*)` : identifier(name));

// What sorts alike.
const kindOf = ({ base }) => (base === 'varchar' ? 'text' : base);

export class Judge {
    #session;
    #catalog;
    #rows;
    #answers = new Map();

    // `rows`: what each viewer sees.
    constructor(session, catalog, rows) {
        this.#session = session;
        this.#catalog = catalog;
        this.#rows = rows;
    }

    // Asks once. Promises are kept, so that two who ask at once ask once.
    #once(question, ask) {
        if (!this.#answers.has(question))
            this.#answers.set(question, ask());
        return this.#answers.get(question);
    }

    // The rank of each text that a column like this one holds.
    ranks(column) {
        const kind = kindOf(column);
        return this.#once(`ranks ${kind} ${column.collation}`, async () => {
            const like = this.#catalog.tables.flatMap(({ columns }) => columns)
                .filter((one) => kindOf(one) === kind && one.collation === column.collation);
            const cast = kind === 'text' ? 'text' : column.cast;
            const values = like.filter(({ table }) => table.kind !== 'v')
                .map((one) => `SELECT ${identifier(one.name)}::${cast} AS v FROM ${nameOf(one.table)}`);
            const shown = new Set(like.filter(({ table }) => table.kind === 'v').flatMap((one) => this.#shown(one)));
            values.push(...[...shown].map((text) => `SELECT ${quote(text)}::${cast}`));
            const rows = await this.#session.rows(
                `SELECT v, dense_rank() OVER (ORDER BY v) FROM (${values.join(' UNION ALL ')}) AS x WHERE num_nulls(v) = 0`);
            return new Map(rows.map(([text, rank]) => [text, Number(rank)]));
        });
    }

    // The texts of a view's column: what it shows depends on who looks at it.
    #shown(column) {
        return [...new Set(this.#rows.flatMap((rows) => rows.of(column.table).map((row) => row.cell(column))))].filter((text) => text !== null);
    }

    // What stands after FROM, so that each text of the column is there.
    #source(column) {
        const { table, name, cast } = column;
        if (table.kind !== 'v')
            return nameOf(table);
        const values = this.#shown(column).map((text) => `SELECT ${quote(text)}::${cast} AS ${identifier(name)}`);
        return `(${[`SELECT NULL::${cast} AS ${identifier(name)}`, ...values].join(' UNION ALL ')}) AS shown`;
    }

    // The rank of each of these texts, as values of the column.
    ranksOf({ cast }, texts) {
        const distinct = [...new Set(texts)].filter((text) => text !== null).sort();
        if (distinct.length === 0)
            return new Map();
        const values = distinct.map((text) => `(${quote(text)}::${cast})`).join(', ');
        return this.#once(`ranks of ${values}`, async () => new Map((await this.#session.rows(
            `SELECT v, dense_rank() OVER (ORDER BY v) FROM (VALUES ${values}) AS x(v)`)).map(([text, rank]) => [text, Number(rank)])));
    }

    // The texts in the column that equal a text from outside; null when that is not a value of its type.
    // `digits`: of a time, so many of its seconds are compared.
    equals(column, text, digits) {
        return this.compares(column, '=', text, digits);
    }

    // The texts in the column that contain a text, whatever its case.
    matches(column, needle) {
        const { table, name } = column;
        const pattern = `%${needle.replace(/[\\%_]/g, '\\$&')}%`;
        return this.#once(`matches ${nameOf(table)}.${name} ${needle}`, () =>
            this.#texts(`SELECT 0, ${identifier(name)} FROM ${this.#source(column)} WHERE ${identifier(name)} ILIKE ${quote(pattern)}`));
    }

    // The texts in the column for which it holds that they are less than a value, or so; null when that is none of its type.
    compares(column, operator, text, digits) {
        // A time without zone is one of UTC, whatever the zone of what it is compared with; and an integer may be
        // compared with one that its type does not hold.
        const value = column.base === 'timestamp' ? `(${quote(text)}::timestamptz AT TIME ZONE 'UTC')`
            : `${quote(text)}::${/^int\d$/.test(column.base) ? 'numeric' : column.cast}`;
        return this.#where(column, (it, cut) => `${cut(it)} ${operator} ${cut(value)}`, digits);
    }

    // A time cut to a unit, in UTC.
    truncated({ cast }, unit, text) {
        const query = `SELECT date_trunc('${unit.toLowerCase()}', ${quote(text)}::${cast})`;
        return this.#once(query, () => this.#session.rows(query).then(([[cut]]) => cut));
    }

    // The texts in the column for which an operator holds with a value of the type.
    holds(column, operator, text, type) {
        return this.#where(column, (it) => `${it} ${operator} ${quote(text)}::${type}`, null);
    }

    // The texts of documents, as full-text search has them, in which it finds words.
    finds(column, words) {
        return this.#where(column, (it) => `${it} @@ websearch_to_tsquery(${quote(words)})`, null);
    }

    #where(column, condition, digits) {
        const { base, form, cast } = column;
        const it = written(column);
        const cut = (value) => (digits !== null && TIMES.has(base) ? `date_trunc('${digits === 3 ? 'milliseconds' : 'microseconds'}', ${value})` : value);
        const query = `SELECT 0, ${it} FROM ${this.#source(column)} WHERE ${condition(form === 'e' ? `${it}::${cast}` : it, cut)}`;
        return this.#once(query, () => this.#texts(query));
    }

    // What these values have together: { text, base } of what an aggregate function gives; a text that is null, and
    // `state`, when it fails.
    aggregate(called, { cast }, texts) {
        const given = texts.filter((text) => text !== null);
        if (given.length === 0)
            return { text: null };
        const query = `SELECT ${called}(v), (SELECT typname FROM pg_type WHERE oid = pg_typeof(${called}(v))) FROM (VALUES ${given.map((text) => `(${quote(text)}::${cast})`).join(', ')}) AS x(v)`;
        return this.#once(query, () => this.#session.rows(query).then(([[text, base]]) => ({ text, base }), ({ state }) => ({ text: null, state })));
    }

    async #texts(query) {
        const rows = await this.#session.rowsOrNull(query);
        return rows && new Set(rows.map(([, text]) => text));
    }

    // What a function gives a viewer: { rows } of texts in its own order, or { state } when it fails.
    call(query, viewer) {
        return this.#once(`call ${viewer.name} ${query}`, () => this.#session.rows(query, viewer).then((rows) => ({ rows }), ({ state }) => ({ state })));
    }
}
