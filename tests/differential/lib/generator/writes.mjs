// writes.mjs - random rows to be written: values that the columns hold, new ones for keys, and what no column holds.
//
// SPDX-License-Identifier: MIT
import { getNullableType, GraphQLList, isNonNullType } from 'graphql';

import { isEnumType, isList, namedType } from '../binding/contract.mjs';
import { Numeral } from '../number.mjs';
import { makeFilter } from './filters.mjs';
import { Inner } from './literal.mjs';
import { Word } from './pools.mjs';

const ODD = ['\u0000', '\u0301', 'İ', 'e\u0301', '\u202e', '\ufffe', '👩‍👩‍👧', '\\N', '\\.', '{"a"}', '{NULL}', '(,)', '"', "'||'", '$1', '\r\n', 'x'.repeat(300), 'é'.repeat(3000)];
const NUMBERS = { int2: 32767, int4: 2147483647, int8: 9e15, numeric: 1e6 };

// A text that no index has room for, since it cannot be compressed.
const makeHuge = (random) => random.many(1200, () => String.fromCodePoint(0x4e00 + random.below(20000))).join('');

// A value that is hardly there yet.
function makeNew(random, { base }, type) {
    if (NUMBERS[base])
        return type.name === 'String' || (type.name === 'ID' && random.chance(0.3)) ? String(random.below(NUMBERS[base])) : new Numeral(String(random.below(NUMBERS[base])));
    if (base === 'uuid')
        return `${random.next().toString(16).padStart(8, '0')}-0000-4000-8000-${random.next().toString(16).padStart(12, '0')}`;
    return `n${random.next().toString(36)}`;
}

// One of the last rows', most of the time.
function pick(random, pool) {
    return random.pick(random.chance(0.5) ? pool.slice(-20) : pool);
}

function leaf({ random, pools, wrong }, column, type) {
    const pool = pools.ofColumn(column, type);
    if (pool.length > 0 && !random.chance(wrong))
        return pick(random, pool);
    // Other scalars have a form that validation asks for.
    if (!['String', 'ID', 'Text'].includes(type.name) || !random.chance(0.3))
        return pools.edge(random, type);
    return random.chance(0.05) ? makeHuge(random) : random.pick(ODD);
}

// An array as a whole, or made of items.
function array(writer, column, type) {
    const { random, pools } = writer;
    const item = getNullableType(type).ofType;
    const wrapped = new GraphQLList(namedType(type));
    const whole = pools.ofColumn(column, wrapped);
    if (whole.length > 0 && random.chance(0.5))
        return [random.pick(whole)].flat().map((one) => (one === null || !isEnumType(namedType(type)) ? one : new Word(one)));
    return random.many(random.below(4), () => (!isNonNullType(item) && random.chance(0.2) ? null : pools.item(random, column, namedType(type))));
}

function value(writer, { field, column, globalOf, within }, isNew) {
    const { random } = writer;
    const type = namedType(field.type);
    if (!isNonNullType(field.type) && random.chance(column?.isNotNull ? writer.wrong / 4 : 0.08))
        return null;
    if (within)
        return within.isAfter ? makeObjects(writer, within, random.pick([0, 1, 1, 2, 3])) : makeObjects(writer, within, 1)[0];
    if (globalOf)
        return writer.globalId(globalOf);
    if (isList(field.type))
        return array(writer, column, field.type);
    return isNew && random.chance(0.9) ? makeNew(random, column, type) : leaf(writer, column, type);
}

// As it is, or in a variable; which nobody need give where the field may be absent.
function written(writer, setter, isNew) {
    const { random } = writer;
    const { type } = setter.field;
    const made = value(writer, setter, isNew);
    if (!random.chance(0.15) || JSON.stringify(made).includes('\\u0000'))
        return made;
    return new Inner(String(isNonNullType(type) || (made !== null && random.chance(0.3)) ? `${getNullableType(type)}!` : type), made);
}

const isNeeded = ({ field }) => isNonNullType(field.type) && !field.astNode.defaultValue;

// The columns that tell a row from others, one of which is to be new: not those that lead to other rows.
function newColumns(random, { action, table, on }) {
    const keys = table.uniqueKeys.map((names) => names.map(table.column));
    const some = action === 'insert' || random.chance(0.4) ? keys : keys.filter((key) => !key.every((column) => on.includes(column)));
    const refers = (column) => table.foreignKeys.some(({ columns }) => columns.includes(column.name));
    return new Set(some.map((key) => key.findLast((column) => !refers(column))));
}

function makeObject(writer, { action, table, on, setters }, names) {
    const { random } = writer;
    const news = action === 'insert' || action === 'upsert' ? newColumns(random, { action, table, on }) : new Set();
    const chosen = [...setters.values()].filter((setter) => isNeeded(setter) || names.has(setter.field.name));
    return Object.fromEntries(chosen.map((setter) => [setter.field.name, written(writer, setter, news.has(setter.column))]));
}

// Objects of a table, of which each may have other fields.
function makeObjects(writer, { table, setters, action = 'insert', on = [] }, count) {
    const { random } = writer;
    const some = () => new Set(random.some([...setters.keys()], random.pick([0, 0.1, 0.3, 0.7])));
    const names = some(), isMixed = random.chance(0.4);
    return random.many(count, () => makeObject(writer, { table, setters, action, on }, isMixed ? some() : names));
}

// What goes into the columns of one row, or of several, of which each may have others.
export function makeValues(writer, binding) {
    const { random } = writer;
    // How often a value is none of the column's.
    writer.wrong = random.pick([0, 0.01, 0.01, 0.1]);
    const make = (count) => makeObjects(writer, { ...binding, setters: binding.values.setters }, count);
    return !isList(binding.values.argument.type) || random.chance(0.05) ? make(1)[0] : make(random.pick([0, 1, 2, 2, 3, 5, 12]));
}

const MOST = ['0', '1', '2', '3', '5', '20', '500', '501', '-1'];

// A filter; half of them find some rows by their ids.
function makeWhere(writer, { table, found: { filters: [{ filter }] } }) {
    const { random, pools } = writer;
    const id = filter.parts.get('id');
    const operator = id?.operators?.get('in');
    if (!operator || random.chance(0.5))
        return makeFilter(writer, filter);
    const pool = pools.ofColumn(table.column('id'), namedType(operator.type));
    const some = pool.length > 0 ? random.many(random.between(1, 4), () => pick(random, pool)) : [];
    return { id: { in: some }, ...random.chance(0.2) && { not: makeFilter(writer, filter) } };
}

// What finds the row, or the rows, that are changed.
export function makeKey(writer, binding, argument) {
    const { key, version, found } = binding;
    const { random, pools } = writer;
    if (argument === found?.where)
        return makeWhere(writer, binding);
    if (argument.name === 'atMost')
        return new Numeral(random.pick(MOST));
    const { column, globalOf } = [...key, ...version ? [version] : []].find((one) => one.argument === argument) ?? {};
    const type = namedType(argument.type);
    if (globalOf)
        return writer.globalId(globalOf);
    // A key of @idempotent: each is sent once.
    if (!column)
        return makeNew(random, { base: 'text' }, type);
    const pool = pools.ofColumn(column, type);
    return pool.length > 0 && random.chance(0.85) ? pick(random, pool) : pools.edge(random, type);
}
