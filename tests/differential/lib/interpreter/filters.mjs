// filters.mjs - which rows a filter lets pass. It has two values: a condition on a null is false, and `not` of it true.
//
// SPDX-License-Identifier: MIT
import { getNullableType, GraphQLError, GraphQLList } from 'graphql';

import { digitsOf, read } from './values.mjs';

const LIMIT_SEARCH = 100;

const refuse = (path) => new GraphQLError('null within a filter', { extensions: { code: 'BAD_USER_INPUT', argument: path } });

// --- columns ------------------------------------------------------------------------------

const escape = (text) => text.replace(/[\\%_]/g, '\\$&');

// What a text is compared with: the operator and the pattern.
const PATTERNS = {
    like: ['LIKE', (text) => text],
    iLike: ['ILIKE', (text) => text],
    iEq: ['ILIKE', escape],
    startsWith: ['LIKE', (text) => `${escape(text)}%`],
    endsWith: ['LIKE', (text) => `%${escape(text)}`],
    contains: ['LIKE', (text) => `%${escape(text)}%`],
    iStartsWith: ['ILIKE', (text) => `${escape(text)}%`],
    iEndsWith: ['ILIKE', (text) => `%${escape(text)}`],
    iContains: ['ILIKE', (text) => `%${escape(text)}%`],
};

const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

// Of arrays and of jsonb's keys: the operator, and whether nothing passes when one of the items cannot be there.
const ARRAYS = { has: ['@>', true], hasAll: ['@>', true], hasAny: ['&&', false], within: ['<@', false] };
const KEYS = { hasKey: ['?&', true], hasAnyKey: ['?|', false], hasAllKeys: ['?&', true] };

const isArray = (column) => column.category === 'A';

// The texts in the column that equal the value; nothing equals what is no value of its type.
async function equal({ judge }, column, type, value) {
    const text = read(type, column, value);
    return text === null ? new Set() : await judge.equals(column, text, digitsOf(type)) ?? new Set();
}

async function equalAny(world, column, type, values) {
    const sets = await Promise.all(values.map((value) => equal(world, column, type, value)));
    return new Set(sets.flatMap((texts) => [...texts]));
}

// The texts in the column for which an operator holds.
async function holds(world, column, { name, type }, value) {
    const { judge } = world;
    if (PATTERNS[name] && !column.base.startsWith('json') && !isArray(column)) {
        const [operator, pattern] = PATTERNS[name];
        return value.includes('\0') ? new Set() : judge.holds(column, operator, pattern(value), 'text');
    }
    if (COMPARISONS[name]) {
        const text = read(type, column, value);
        return text === null ? new Set() : judge.compares(column, COMPARISONS[name], text, digitsOf(type));
    }
    if (ARRAYS[name]) {
        const [operator, needsAll] = ARRAYS[name];
        const list = name === 'has' ? new GraphQLList(type) : type;
        const items = name === 'has' ? [value] : value;
        const possible = items.filter((item) => read(list, column, [item]) !== null);
        return needsAll && possible.length < items.length ? new Set() : judge.holds(column, operator, read(list, column, possible), column.cast);
    }
    if (KEYS[name]) {
        const [operator, needsAll] = KEYS[name];
        const items = name === 'hasKey' ? [value] : value;
        const possible = items.filter((item) => !item.includes('\0'));
        const text = `{${possible.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
        return needsAll && possible.length < items.length ? new Set() : judge.holds(column, operator, text, 'text[]');
    }
    if (name === 'matches')
        return value.includes('\0') ? new Set() : judge.finds(column, value);
    if (name === 'contains')
        return judge.holds(column, '@>', read(type, column, value), 'jsonb');
    throw new Error(`no operator ${name}`);
}

// What a text may not be: too long, or a pattern that ends in an escape.
function checkText({ base }, name, value, path) {
    if (((PATTERNS[name] && !base.startsWith('json')) || name === 'hasKey' || name === 'matches') && [...value].length > LIMIT_SEARCH)
        throw new GraphQLError('too long', { extensions: { code: 'LIMIT_EXCEEDED', argument: path } });
    if ((name === 'like' || name === 'iLike') && /^(?:[^\\]|\\[^])*\\$/.test(value))
        throw refuse(path);
}

// A test of a cell.
async function makeOperatorTest(world, column, operator, value, path) {
    const { name, type } = operator;
    if (typeof value === 'string')
        checkText(column, name, value, path);
    if (name === 'isNull')
        return (text) => (text === null) === value;
    if (name === 'isEmpty')
        return (text) => text !== null && (text === '{}') === value;
    const isNegative = name === 'ne' || name === 'nin';
    const found = name === 'eq' || name === 'ne' ? await equal(world, column, type, value)
        : name === 'in' || name === 'nin' ? await equalAny(world, column, itemOf(type), value)
            : await holds(world, column, operator, value);
    return (text) => isNegative !== (text !== null && (found ?? new Set()).has(text));
}

const itemOf = (type) => getNullableType(type).ofType;

// --- parts --------------------------------------------------------------------------------

const PARTS = {
    and: async (world, { filter }, value, number, path) => {
        const tests = await all(world, filter(), value, number, path);
        return (row) => tests.every((test) => test(row));
    },
    or: async (world, { filter }, value, number, path) => {
        const tests = await all(world, filter(), value, number, path);
        return (row) => tests.some((test) => test(row));
    },
    not: async (world, { filter }, value, number, path) => {
        const test = await makeTest(world, filter(), value, number, path);
        return (row) => !test(row);
    },
    column: async (world, { columns, type }, value, number) => {
        const found = await equal(world, columns[number], type, value);
        return (row) => row.cell(columns[number]) !== null && found.has(row.cell(columns[number]));
    },
    operators: async (world, { columns, operators }, value, number, path) => {
        const tests = await members(value, path, (name, one, at) => makeOperatorTest(world, columns[number], operators.get(name), one, at));
        return (row) => tests.every((test) => test(row.cell(columns[number])));
    },
    one: async (world, { joins, filter }, value, number, path) => {
        const test = await makeTest(world, filter(), value, number, path);
        return (row) => world.rows.joined(joins[number], row).some(test);
    },
    many: async (world, { joins, quantifiers, filter }, value, number, path) => {
        const tests = await members(value, path, async (name, one, at) => {
            const test = await makeTest(world, filter(), one, number, at);
            return QUANTIFIERS[quantifiers.get(name)](test);
        });
        return (row) => tests.every((test) => test(world.rows.joined(joins[number], row)));
    },
};

const QUANTIFIERS = {
    some: (test) => (rows) => rows.some(test),
    every: (test) => (rows) => rows.every(test),
    none: (test) => (rows) => !rows.some(test),
};

// What each member says, none of which is null.
async function members(value, path, make) {
    const made = [];
    for (const [name, one] of Object.entries(value)) {
        if (one === null)
            throw refuse(`${path}.${name}`);
        made.push(await make(name, one, `${path}.${name}`));
    }
    return made;
}

async function all(world, filter, values, number, path) {
    const tests = [];
    for (const [i, one] of values.entries())
        tests.push(await makeTest(world, filter, one, number, `${path}[${i}]`));
    return tests;
}

// A test of the rows of the branch of that number.
export async function makeTest(world, filter, value, number, path) {
    const tests = await members(value, path, (name, one, at) => {
        const part = filter.parts.get(name);
        return PARTS[part.kind](world, part, one, number, at);
    });
    return (row) => tests.every((test) => test(row));
}
