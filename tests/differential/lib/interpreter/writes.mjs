// writes.mjs - writes rows one by one, with the values as literals: what @insert, @upsert, @update and @delete
// should have done with all of them at once.
//
// PostgreSQL says which values, rows and roles it accepts. Where several rows are refused, which of them the error is
// about may depend on how they were sent: each code that one of them alone would have had is right.
//
// SPDX-License-Identifier: MIT
import { getNamedType, getNullableType, GraphQLError, GraphQLID, isLeafType, isListType } from 'graphql';

import { Numeral } from '../number.mjs';
import { identifier, quote } from '../session.mjs';
import { select } from './lists.mjs';
import { describeOrder, sort } from './orders.mjs';
import { read } from './values.mjs';

const LIMIT_WRITE_ROWS = 500;

class Refused extends Error {
    constructor(code) {
        super(code);
        this.code = code;
    }
}

const CODES = {
    23505: 'CONFLICT', '23P01': 'CONFLICT', 23001: 'CONFLICT', 23503: 'NOT_FOUND', 42501: 'FORBIDDEN',
};

function codeOf({ state, message }) {
    if (state === '23503' && /update or delete on table/.test(message))
        return 'CONFLICT'; // others refer to the row
    if (state === '42501' && message.includes('(USING expression)'))
        return 'CONFLICT'; // the row that is there already is not for the viewer
    return CODES[state] ?? (/^(2[23]|44|54)/.test(state) ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR');
}

const nameOf = (table) => `${identifier(table.schema)}.${identifier(table.name)}`;

// A value of the column: of a time without zone it is the time in UTC.
const literal = ({ base }, text) => (text === null ? 'NULL' : base === 'timestamp' ? `(${quote(text)}::timestamptz AT TIME ZONE 'UTC')` : quote(text));

export class RowWriter {
    constructor({ globalIds, context, binding, run }) {
        Object.assign(this, { globalIds, context, binding, run });
    }

    // --- what is given ---------------------------------------------------------------

    // [column, text or null] of each field that is given.
    #settings(object, setters = this.binding.values.setters) {
        const settings = [];
        for (const [name, { field, column, globalOf, within }] of setters) {
            if (object[name] === undefined)
                continue;
            if (within) {
                [object[name] ?? []].flat().forEach((one) => this.#settings(one, within.setters));
                continue;
            }
            if (object[name] === null && column.isNotNull)
                throw new Refused('BAD_USER_INPUT');
            settings.push([column, object[name] === null ? null : this.#text(field, column, globalOf, object[name])]);
        }
        return settings;
    }

    #text(field, column, globalOf, value) {
        const named = globalOf && this.globalIds.read(value);
        const text = !globalOf ? read(field.type, column, value)
            : named && named.texts.length === 1 && (named.type ?? globalOf) === globalOf ? read(field.type, column, named.texts[0]) : null;
        if (text === null)
            throw new Refused('BAD_USER_INPUT');
        return text;
    }

    // A condition for the arguments; nothing equals what is no value of the column.
    async #condition(equal, args) {
        const parts = [];
        for (const [type, column, value] of equal.flatMap((one) => this.#wanted(one, args[one.argument.name]))) {
            const text = column && read(type, column, value);
            const isValue = column && text !== null && await this.#isValue(column, text);
            parts.push(isValue ? `r.${identifier(column.name)} = ${literal(column, text)}` : 'false');
        }
        return parts.join(' AND ');
    }

    // [type, column, value] of each column that an argument wants; without column where a global id names no such row.
    #wanted({ argument, column, globalOf }, value) {
        if (!globalOf)
            return [[argument.type, column, value]];
        const { table } = this.binding;
        const named = this.globalIds.read(value);
        const isOf = named && (named.type ?? globalOf) === globalOf && named.texts.length === table.primaryKey.length;
        return isOf ? table.primaryKey.map((name, i) => [GraphQLID, table.column(name), named.texts[i]]) : [[]];
    }

    #isValue({ cast }, text) {
        return this.#attempt(() => this.run(`SELECT ${quote(text)}::${cast}`)).then(() => true, () => false);
    }

    // What fails leaves nothing, and the transaction goes on.
    async #attempt(what) {
        await this.run.command('SAVEPOINT attempt');
        try {
            return await what();
        } catch (error) {
            await this.run.command('ROLLBACK TO attempt');
            throw error;
        } finally {
            await this.run.command('RELEASE attempt');
        }
    }

    // --- SQL ----------------------------------------------------------------------------

    get #from() {
        return `${nameOf(this.binding.table)} AS r`;
    }

    get #cells() {
        const { table, functions } = this.binding;
        return [...table.columns.map(({ name }) => `r.${identifier(name)}`), ...functions().map((one) => `${nameOf(one)}(r)`)].join(', ');
    }

    #insertSql(settings, table = this.binding.table) {
        if (settings.length === 0)
            return `INSERT INTO ${nameOf(table)} AS r DEFAULT VALUES`;
        return `INSERT INTO ${nameOf(table)} AS r (${settings.map(([{ name }]) => identifier(name)).join(', ')}) VALUES (${settings.map(([column, text]) => literal(column, text)).join(', ')})`;
    }

    async insert(object) {
        const { table, values } = this.binding;
        return this.#insertWithin(table, values.setters, object, [], this.#cells);
    }

    // With the rows that it refers to before it, and those that refer to it after it.
    async #insertWithin(table, setters, object, more, returned) {
        const own = new Map([...setters].filter(([, { within }]) => !within));
        const inner = [...setters.values()].filter(({ field, within }) => within && object[field.name] !== undefined).map(({ field, within }) => ({ within, given: object[field.name] }));
        const settings = [...this.#settings(object, own), ...more];
        const each = (one) => one.table.columns.map(({ name }) => `r.${identifier(name)}`).join(', ');
        for (const { within, given } of inner.filter((one) => !one.within.isAfter)) {
            const row = given && await this.#insertWithin(within.table, within.setters, given, [], each(within));
            settings.push(...within.join.from.map((column, i) => [column, row ? row.cells[within.join.to[i].number] : null]));
        }
        const row = this.#one(await this.run(`${this.#insertSql(settings, table)} RETURNING ${returned}`), 'FORBIDDEN', table);
        for (const { within, given } of inner.filter((one) => one.within.isAfter))
            await this.all((given ?? []).map((one) => () =>
                this.#insertWithin(within.table, within.setters, one, within.join.to.map((column, i) => [column, row.cells[within.join.from[i].number]]), each(within))));
        return row;
    }

    async upsert(object) {
        const { on, changed } = this.binding;
        const settings = this.#settings(object);
        const names = `(${on.map(({ name }) => identifier(name)).join(', ')})`;
        const isThere = settings.filter(([column]) => on.includes(column)).map(([column, text]) => `r.${identifier(column.name)} = ${literal(column, text)}`).join(' AND ');
        // Of what is given; where that is nothing but `on`, nothing changes.
        const set = settings.filter(([column]) => changed.includes(column)).map(([column, text]) => `${identifier(column.name)} = ${literal(column, text)}`);
        const inserted = !await this.#exists(isThere);
        const sql = `${this.#insertSql(settings)} ON CONFLICT ${names} DO ${set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING'}`;
        const made = await this.run(`${sql} RETURNING ${this.#cells}`);
        const found = made.length === 0 && !inserted && set.length === 0 ? await this.run(`SELECT ${this.#cells} FROM ${this.#from} WHERE ${isThere}`) : made;
        return { ...this.#one(found, inserted ? 'FORBIDDEN' : 'CONFLICT'), inserted };
    }

    // Is there such a row, whoever may see it?
    async #exists(where) {
        return this.#attempt(async () => {
            await this.run.command('SET LOCAL ROLE NONE');
            const found = await this.run(`SELECT 1 FROM ${this.#from} WHERE ${where}`);
            await this.run.command(`SET LOCAL ROLE ${this.context.viewer.role}`);
            return found.length > 0;
        });
    }

    async update(object, args) {
        return this.#changeOne(this.#updateSql(this.#settings(object)), args);
    }

    #updateSql(settings) {
        return `UPDATE ${this.#from} SET ${settings.map(([column, text]) => `${identifier(column.name)} = ${literal(column, text)}`).join(', ')}`;
    }

    delete(object, args) {
        return this.#changeOne(`DELETE FROM ${this.#from}`, args);
    }

    async #changeOne(sql, args) {
        const { key, version } = this.binding;
        const where = await this.#condition(key, args);
        const isVersion = version && (args.ifVersion ?? null) !== null ? await this.#condition([version], args) : 'true';
        if (isVersion === 'false') // no value of the column
            throw new Refused('BAD_USER_INPUT');
        const found = await this.run(`${sql} WHERE ${where} AND ${isVersion} RETURNING ${this.#cells}`).catch((error) => {
            // That no row has such a key is known without asking.
            throw Object.assign(error, { others: /\bfalse\b/.test(where) ? ['NOT_FOUND'] : [] });
        });
        if (found.length === 1)
            return this.#row(found[0]);
        const seen = await this.run(`SELECT ${isVersion} FROM ${this.#from} WHERE ${where}`);
        throw new Refused(seen.length === 0 ? 'NOT_FOUND' : seen[0][0] === 't' ? 'FORBIDDEN' : 'CONFLICT');
    }

    // --- what was written -----------------------------------------------------------

    #one(found, code, table = this.binding.table) {
        if (found.length !== 1)
            throw new Refused(code);
        return this.#row(found[0], table);
    }

    #row(cells, table = this.binding.table) {
        const { functions } = this.binding;
        return { cells: cells.slice(0, table.columns.length), computed: new Map(functions().map((one, i) => [one, cells[table.columns.length + i]])) };
    }

    // --- all of it ------------------------------------------------------------------

    // The rows that were written, or the error of the first, with the codes of others that would be refused, too.
    async all(steps) {
        const written = [], codes = [];
        let said = '';
        for (const step of steps)
            try {
                written.push(await this.#attempt(step));
            } catch (error) {
                if (!error.code && !error.state && !error.extensions)
                    throw error;
                said ||= error.message;
                codes.push(...error.extensions ? [error.extensions.code, ...error.extensions.others] : [error.code ?? codeOf(error), ...error.others ?? []]);
            }
        if (codes.length > 0)
            throw this.#refusal(codes, said);
        return written;
    }

    // What is wrong with the values of any object, at any depth: nothing is sent before.
    judge(objects) {
        const { action, values } = this.binding;
        try {
            const settings = values ? objects.map((object) => this.#settings(object)) : [];
            if ((action !== 'update' || settings[0].length > 0) && !(action === 'upsert' && this.#meet(settings)))
                return null;
        } catch (error) {
            if (!error.code)
                throw error;
        }
        return this.#refusal(['BAD_USER_INPUT']);
    }

    // Are two of the objects one row?
    #meet(settings) {
        const { on } = this.binding;
        const keys = settings.map((some) => JSON.stringify(on.map((one) => {
            const [, text] = some.find(([column]) => column === one);
            return one.base === 'citext' ? text?.toLowerCase() : text;
        })));
        return new Set(keys).size < keys.length;
    }

    // Throws the error that there is, or that the viewer has no right to write the table: which comes first is not said.
    async mayWrite(error) {
        const { action, table, values } = this.binding;
        const [setter] = [...values?.setters.values() ?? []].filter(({ column }) => column);
        const sql = action === 'update' ? `${this.#updateSql([[setter.column, null]])} WHERE false` : action === 'delete' ? `DELETE FROM ${this.#from} WHERE false`
            : `INSERT INTO ${nameOf(table)} (${identifier(setter.column.name)}) SELECT ${identifier(setter.column.name)} FROM ${nameOf(table)} WHERE false`;
        const refusal = await this.all([() => this.run(`${sql} RETURNING 1`)]).then(() => null, (one) => one);
        if (error && refusal)
            Object.assign(error.extensions, { others: [...error.extensions.others ?? [], refusal.extensions.code] });
        if (error ?? refusal)
            throw error ?? refusal;
    }

    // The same, of rows that a filter has found.
    async allFound(rows, object) {
        const { action, table } = this.binding;
        const sql = action === 'update' ? this.#updateSql(this.#settings(object)) : `DELETE FROM ${this.#from}`;
        const key = table.primaryKey.map(table.column);
        return this.all(rows.map((row) => () => this.#changeKept(sql, key.map((column) => `r.${identifier(column.name)} = ${literal(column, row.cell(column))}`).join(' AND '))));
    }

    async #changeKept(sql, where) {
        return this.#one(await this.run(`${sql} WHERE ${where} RETURNING ${this.#cells}`), 'FORBIDDEN');
    }

    #refusal(codes, said = '') {
        const shown = codes.map((code) => (code === 'FORBIDDEN' && this.context.viewer.id === null ? 'UNAUTHENTICATED' : code));
        return new GraphQLError(`refused: ${said}`, { extensions: { code: shown[0], others: shown.slice(1) } });
    }
}

// Does a part of a filter say nothing?  (JSON that is compared with may be empty.)
function isEmpty(value, wrapped) {
    const type = getNullableType(wrapped);
    if (value === null)
        return false;
    if (isListType(type) && Array.isArray(value))
        return value.length === 0 || value.some((item) => isEmpty(item, type.ofType));
    const inner = getNamedType(type);
    if (isLeafType(inner))
        return false;
    const given = Object.entries(value);
    return given.length === 0 || given.some(([name, part]) => isEmpty(part, inner.getFields()[name].type));
}

const refuse = (code, ...others) => new GraphQLError(code, { extensions: { code, others } });

// The rows that a write by a filter finds, in the order of their keys. It has no part that says nothing.
async function findRows(world, { found, table }, args, context) {
    if (isEmpty(args.where, found.where.type))
        throw refuse('BAD_USER_INPUT', 'LIMIT_EXCEEDED');
    const atMost = Number(args.atMost);
    if (atMost < 0 || atMost > LIMIT_WRITE_ROWS)
        throw refuse('BAD_USER_INPUT', 'LIMIT_EXCEEDED');
    const { rows, judge } = await context.twin.read(context.viewer);
    const now = { ...world, rows, judge };
    const entries = await select(now, found, args, [rows.of(table)]);
    if (entries.length > atMost)
        throw refuse('BAD_USER_INPUT');
    await sort(now, describeOrder(found, {}), entries);
    return entries.map(({ row }) => row);
}

// The rows that the field writes, and those that it reads afterwards.
export async function writeRows(world, binding, args, context) {
    const { globalIds } = world.bindings;
    const objects = binding.values ? [args[binding.values.argument.name]].flat() : [null];
    const found = binding.found ? await findRows(world, binding, args, context).catch((error) => ({ error })) : null;
    const written = await context.twin.transaction(context.viewer, async (run) => {
        const writer = new RowWriter({ globalIds, context, binding, run });
        await writer.mayWrite(found?.error ?? writer.judge(objects));
        return found ? writer.allFound(found, objects[0]) : writer.all(objects.map((object) => () => writer[binding.action](object, args)));
    });
    const { rows, judge } = await context.twin.read(context.viewer);
    return { rows, judge, written: written.map(({ cells, computed, inserted }) => Object.assign(rows.make(binding.table, cells, computed), { count: 1, inserted })) };
}
