// lists.mjs - the rows of a list: which, in which order, and how many of them.
//
// SPDX-License-Identifier: MIT
import { GraphQLError } from 'graphql';

import { isOf } from './bind.mjs';
import { digitsOf, read } from './values.mjs';

export const LIMIT_PAGE = 100, LIMIT_OFFSET = 10000, LIMIT_SEARCH = 100;

export const wrong = (message, extensions = {}) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', ...extensions } });

// `first` or `skip`: within bounds, or an error of the field. Null is as if absent.
function bound({ bounds }, args, name, most, otherwise) {
    const value = args[name] ?? bounds[name] ?? otherwise;
    if (value < 0 || value > most)
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

// A test of rows of the branch of that number, or null when none can pass.
async function makeFilter({ judge }, binding, args, number) {
    const tests = [];
    // What is out of bounds is an error, whatever another argument says.
    for (const { argument } of binding.search)
        if ([...args[argument.name] ?? ''].length > LIMIT_SEARCH)
            throw wrong('too long', { argument: argument.name });
    for (const { argument, columns } of binding.equal) {
        const value = args[argument.name];
        if (value === undefined || value === null)
            continue;
        const column = columns[number];
        const text = read(argument.type, column, value);
        const equal = text === null ? null : await judge.equals(column, text, digitsOf(argument.type));
        if (!equal)
            return null;
        tests.push((row) => row.cell(column) !== null && equal.has(row.cell(column)));
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

// --- in which order ----------------------------------------------------------

// PostgreSQL's nulls: after all values, and so before them in descending order.
function compareRanks(a, b) {
    if (a === undefined || b === undefined)
        return (a === undefined) - (b === undefined);
    return a - b;
}

// The order that is asked for, or the field's own, with the key for ties: functions that
// compare entries { row, number }.
async function makeOrder({ judge }, binding, args, entries) {
    const asked = [args.orderBy ?? []].flat().flatMap((one) => Object.entries(one))
        .map(([name, way]) => ({ columns: binding.sortable[name], isDescending: way === 'DESC' }));
    const terms = asked.length > 0 ? asked : binding.order;
    const isDescending = terms.at(-1)?.isDescending ?? false;
    const key = binding.branches.map(({ table }) => (table.primaryKey ?? []).map(table.column));
    const comparisons = await Promise.all(terms.map((term) => compareBy(judge, term.columns, term.isDescending, entries)));
    if (binding.branches.length > 1)
        comparisons.push((a, b) => (isDescending ? b.number - a.number : a.number - b.number));
    for (let i = 0; i < Math.max(...key.map((columns) => columns.length)); i++)
        comparisons.push(await compareBy(judge, key.map((columns) => columns[i]), isDescending, entries));
    return (a, b) => {
        for (const compare of comparisons) {
            const found = compare(a, b);
            if (found !== 0)
                return found;
        }
        return 0;
    };
}

// `columns`: one for each branch.
async function compareBy(judge, columns, isDescending, entries) {
    // What a function gives stands in no table.
    const ranksOf = (column) => (column.table.kind === 'function' ? judge.ranksOf(column, entries.map(({ row }) => row.cell(column))) : judge.ranks(column));
    const ranks = await Promise.all(columns.map((column) => column && ranksOf(column)));
    const rank = ({ row, number }) => columns[number] && ranks[number].get(row.cell(columns[number]));
    return (a, b) => (isDescending ? compareRanks(rank(b), rank(a)) : compareRanks(rank(a), rank(b)));
}

function sort(entries, compare, context) {
    entries.sort(compare);
    if (entries.some((entry, i) => i > 0 && entry.row !== entries[i - 1].row && compare(entries[i - 1], entry) === 0))
        context.isUndetermined = true;
}

// --- all of it ---------------------------------------------------------------

// `world`: { judge, context }. `candidates`: for each branch the rows that there are. `isOrdered`: they have an order of
// their own. Where no key tells rows apart that are equal, context.isUndetermined is set: PostgreSQL may choose.
export async function cut(world, binding, args, candidates, isOrdered = false) {
    page(binding, args, []); // an error comes before all else
    const entries = [];
    for (const [number, branch] of binding.branches.entries()) {
        const passes = await makeFilter(world, binding, args, number);
        if (passes)
            entries.push(...candidates[number].filter((row) => isOf(branch, row) && passes(row)).map((row) => ({ row, number })));
    }
    const isAsked = binding.order.length > 0 || [args.orderBy ?? []].flat().length > 0;
    if (!isOrdered || isAsked)
        sort(entries, await makeOrder(world, binding, args, entries), world.context);
    return page(binding, args, entries).map(({ row }) => row);
}

// The only row that the arguments name, or none.
export async function find(world, binding, args, candidates) {
    const given = binding.equal.filter(({ argument }) => args[argument.name] !== undefined && args[argument.name] !== null);
    if (binding.isExactlyOne && given.length !== 1)
        throw wrong('exactly one');
    const passes = await makeFilter(world, binding, args, 0);
    return passes ? candidates[0].find((row) => isOf(binding.branches[0], row) && passes(row)) ?? null : null;
}
