// rows.mjs - the rows of each table as one viewer sees them, in memory.
//
// SPDX-License-Identifier: MIT
import { identifier } from '../session.mjs';

// A row: its cells in the order of the table's columns, and what the functions of the row give.
class Row {
    constructor(table, cells, computed) {
        this.table = table;
        this.cells = cells;
        this.computed = computed;
    }

    // `column` may be what a function of the row gives.
    cell(column) {
        return column.called ? this.computed.get(column.called) ?? null : this.cells[column.number];
    }
}

export class Rows {
    #tables = new Map();
    #indexes = new Map();

    // `computed`: by table, the functions of its rows that the contract shows.
    static async read(session, catalog, viewer, computed) {
        const rows = new Rows();
        await Promise.all(catalog.tables.map((table) => rows.#read(session, table, viewer, computed.get(table) ?? [])));
        return rows;
    }

    async #read(session, table, viewer, functions) {
        const relation = `${identifier(table.schema)}.${identifier(table.name)}`;
        const columns = table.columns.map(({ name }) => `r.${identifier(name)}`);
        const calls = functions.map((one) => `${identifier(one.schema)}.${identifier(one.name)}(r)`);
        const found = await session.rowsOrNull(`SELECT ${[...columns, ...calls].join(', ')} FROM ${relation} AS r`, viewer);
        const make = (cells) => new Row(table, cells.slice(0, columns.length),
            new Map(functions.map((one, i) => [one, cells[columns.length + i]])));
        this.#tables.set(table, (found ?? []).map(make));
    }

    of(table) {
        return this.#tables.get(table);
    }

    // Those with that text in the column.
    by(column, text) {
        if (!this.#indexes.has(column))
            this.#indexes.set(column, Map.groupBy(this.of(column.table), (row) => row.cell(column)));
        return text === null ? [] : this.#indexes.get(column).get(text) ?? [];
    }

    // The rows that belong to this one; none where a column is null. Through a table between,
    // a row as often as there are rows between.
    joined({ from, to, further }, row) {
        const [first, ...rest] = to.map((column, i) => ({ column, text: row.cell(from[i]) }));
        const found = this.by(first.column, first.text).filter((one) => rest.every(({ column, text }) => text !== null && one.cell(column) === text));
        return further ? found.flatMap((one) => this.joined(further, one)) : found;
    }

    // The same of a list: through a table between, each knows the row there that leads to it.
    listed(join, row) {
        if (!join.further)
            return this.joined(join, row);
        return this.joined({ from: join.from, to: join.to }, row).flatMap((between) =>
            this.joined(join.further, between).map((one) => Object.assign(Object.create(one), { between })));
    }

    // A row that was written, whether or not it is still there.
    make(table, cells, computed) {
        return new Row(table, cells, computed);
    }

    // The row with the primary key of this one, which a function gave; or one of its cells alone.
    find(table, cells) {
        const [first, ...rest] = (table.primaryKey ?? []).map((name) => table.column(name));
        const found = first && this.by(first, cells[first.number]).find((row) => rest.every((column) => row.cell(column) === cells[column.number]));
        return found ?? new Row(table, cells, new Map());
    }
}
