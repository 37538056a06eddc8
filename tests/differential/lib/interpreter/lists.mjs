// lists.mjs - the rows of a list: which, in which order, and how many of them.
//
// SPDX-License-Identifier: MIT
import { GraphQLError, GraphQLID as ID } from 'graphql';

import { isOf } from '../binding/bind.mjs';
import { makeTest } from './filters.mjs';
import { describeOrder, isAsked, sort } from './orders.mjs';
import { digitsOf, read } from './values.mjs';

export const LIMIT_PAGE = 100, LIMIT_OFFSET = 10000, LIMIT_SEARCH = 100;

export const wrong = (message, extensions = {}) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', ...extensions } });

// `first` or `skip`: within bounds, or an error of the field. Null is as if absent.
export function bound({ bounds }, args, name, most, otherwise) {
    const value = args[name] ?? bounds[name] ?? otherwise;
    if (value !== null && (value < 0 || value > most))
        throw wrong(`${name} is out of bounds`, { argument: name });
    return value;
}

// Those of the page that is asked for.
export function page(binding, args, all) {
    const first = bound(binding, args, 'first', LIMIT_PAGE, LIMIT_PAGE);
    const skip = bound(binding, args, 'skip', LIMIT_OFFSET, 0);
    return all.slice(skip, skip + first);
}

// --- which -------------------------------------------------------------------

const isGiven = (args, { name }) => args[name] !== undefined && args[name] !== null;

// The rows whose global id it is.
async function makeIdTest(world, branch, type, id) {
    const named = world.bindings.globalIds.read(id);
    const key = (branch.table.primaryKey ?? []).map(branch.table.column);
    if (!named || (named.type !== null && named.type !== type) || named.texts.length !== key.length)
        return null;
    return makeKeyTest(world, key, named.texts);
}

export async function makeKeyTest({ judge }, key, texts) {
    const equal = await Promise.all(key.map((column, i) => {
        const text = read(ID, column, texts[i]);
        return text === null ? null : judge.equals(column, text, null);
    }));
    return equal.includes(null) ? null : (row) => key.every((column, i) => equal[i].has(row.cell(column)));
}

// A test of rows of the branch of that number, or null when none can pass.
async function makeArgumentsTest(world, binding, args, number) {
    const { judge } = world;
    const tests = [];
    // What is out of bounds is an error, whatever another argument says.
    for (const { argument } of binding.search)
        if ([...args[argument.name] ?? ''].length > LIMIT_SEARCH)
            throw wrong('too long', { argument: argument.name });
    for (const { argument, filter } of binding.filters)
        if (isGiven(args, argument))
            tests.push(await makeTest(world, filter, args[argument.name], number, argument.name));
    for (const { argument, columns, globalOf } of binding.equal) {
        if (!isGiven(args, argument))
            continue;
        const test = globalOf && !columns[number] ? await makeIdTest(world, binding.branches[number], globalOf, args[argument.name])
            : await makeEqualTest(world, argument, columns[number], globalOf, args[argument.name]);
        if (!test)
            return null;
        tests.push(test);
    }
    for (const { argument, columns } of binding.search) {
        const needle = args[argument.name];
        if (needle === undefined || needle === null || needle === '')
            continue;
        if (needle.includes('\0'))
            return null;
        const found = await Promise.all(columns[number].map((column) => judge.matches(column, needle)));
        tests.push((row) => columns[number].some((column, i) => row.cell(column) !== null && found[i].has(row.cell(column))));
    }
    return (row) => tests.every((test) => test(row));
}

async function makeEqualTest(world, argument, column, globalOf, value) {
    const { type, texts } = globalOf ? world.bindings.globalIds.read(value) ?? { texts: [] } : { texts: [value] };
    if (texts.length !== 1 || (type && type !== globalOf))
        return null;
    const text = read(argument.type, column, texts[0]);
    const equal = text === null ? null : await world.judge.equals(column, text, digitsOf(argument.type));
    return equal && ((row) => row.cell(column) !== null && equal.has(row.cell(column)));
}

// --- all of it ---------------------------------------------------------------

// `world`: { judge, context, rows, bindings }. `candidates`: for each branch the rows that there are, or { row, between }. Those that pass, as entries.
export async function select(world, binding, args, candidates) {
    const entries = [];
    for (const [number, branch] of binding.branches.entries()) {
        const passes = await makeArgumentsTest(world, binding, args, number);
        if (passes)
            entries.push(...candidates[number].filter((row) => isOf(branch, row) && passes(row)).map((row) => ({ row, number })));
    }
    return entries;
}

// The rows of a list. `isOrdered`: they have an order of their own.
export async function cut(world, binding, args, candidates, isOrdered = false) {
    page(binding, args, []); // an error comes before all else
    const entries = await select(world, binding, args, candidates);
    if (!isOrdered || isAsked(binding, args))
        await sort(world, describeOrder(binding, args), entries);
    return page(binding, args, entries).map(({ row }) => row);
}

// The only row that the arguments name, or none.
export async function find(world, binding, args, candidates) {
    const given = binding.equal.filter(({ argument }) => isGiven(args, argument));
    if (binding.isExactlyOne && given.length !== 1)
        throw wrong('exactly one');
    const [entry] = await select(world, binding, args, [candidates[0]]);
    return entry?.row ?? null;
}
