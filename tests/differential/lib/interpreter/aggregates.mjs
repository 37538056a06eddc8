// aggregates.mjs - counts, sums and the like over rows, and groups of rows.
//
// SPDX-License-Identifier: MIT
import { GraphQLError } from 'graphql';

import { bound, LIMIT_PAGE, wrong } from './lists.mjs';
import { show } from './values.mjs';

// The least or the greatest of the texts, in the column's own order.
async function extreme({ judge, context }, of, column, texts) {
    const ranks = await judge.ranks(column);
    const given = [...new Set(texts)].filter((text) => text !== null);
    const best = given.map((text) => ranks.get(text)).reduce((a, b) => ((of === 'min') === (a < b) ? a : b), of === 'min' ? Infinity : -Infinity);
    const found = given.filter((text) => ranks.get(text) === best);
    // Of texts that are equal PostgreSQL may give any.
    if (found.length > 1)
        context.isUndetermined = true;
    return { text: found[0] ?? null, kind: column };
}

async function total({ judge }, of, column, texts) {
    const { text, base, state } = await judge.aggregate(of, column, texts);
    return { text, kind: { base }, state };
}

async function showValues(world, { of, columns }, rows) {
    const shown = await Promise.all([...columns].map(async ([name, { column, field }]) => {
        const texts = rows.map((row) => row.cell(column));
        const { text, kind, state } = await (of === 'min' || of === 'max' ? extreme : total)(world, of, column, texts);
        if (state)
            return [name, () => { throw new GraphQLError(`the sum fails: ${state}`, { extensions: { code: 'INTERNAL_SERVER_ERROR' } }); }];
        return [name, () => show(field.type, kind, text)];
    }));
    return Object.fromEntries(shown);
}

// The aggregates of these rows, by the fields' names; what a scalar cannot show is an error of its field.
export async function aggregate(world, { members }, rows) {
    const shown = await Promise.all([...members].filter(([, { kind }]) => kind !== 'key').map(async ([name, member]) =>
        [name, member.kind === 'count' ? show(member.field.type, { base: 'int8' }, String(rows.length)) : await showValues(world, member, rows)]));
    return Object.fromEntries(shown);
}

// --- groups ------------------------------------------------------------------------------

// What tells the rows of a group from others: the texts of a key's columns.
function keyTexts(world, { column, unit, relation }, row) {
    if (relation)
        return relation.join.from.map((one) => row.cell(one));
    const text = row.cell(column);
    return unit && text !== null ? Promise.all([world.judge.truncated(column, unit, text)]) : [text];
}

// The texts that PostgreSQL takes for the same have the same rank.
async function ranksOf(world, { column, unit, relation }, texts) {
    const columns = relation ? relation.join.from : [column];
    return Promise.all(texts.map(async (text, i) => (text === null ? null : unit ? text : (await world.judge.ranks(columns[i])).get(text))));
}

const compareRanks = (a, b) => (a === null || b === null ? (a === null) - (b === null) : a < b ? -1 : a > b ? 1 : 0);

// The groups of the rows by the keys that `by` names, in their order.
async function makeGroups(world, keys, rows) {
    const groups = new Map();
    for (const row of rows) {
        const texts = await Promise.all(keys.map((key) => keyTexts(world, key, row)));
        const ranks = (await Promise.all(keys.map((key, i) => ranksOf(world, key, texts[i])))).flat();
        const id = JSON.stringify(ranks);
        if (!groups.has(id))
            groups.set(id, { texts, ranks, rows: [] });
        groups.get(id).rows.push(row);
    }
    const order = (a, b) => a.ranks.map((rank, i) => compareRanks(rank, b.ranks[i])).find((found) => found !== 0) ?? 0;
    return [...groups.values()].sort(order);
}

// What a group shows as a key: one that does not tell it from others is null.
function showKey(world, { field, column, unit, relation }, texts, row) {
    if (relation)
        return world.rows.joined(relation.join, row)[0] ?? null;
    const base = unit && field.type.name === 'Date' ? 'date' : column.base;
    return () => show(field.type, { ...column, base }, unit && base === 'date' && texts[0] !== null ? texts[0].slice(0, 10) : texts[0]);
}

// Groups of rows as objects by the fields' names.
export async function group(world, { aggregated, keys }, args, rows) {
    const names = args.by.map((one) => keys.get(one));
    if (names.length === 0 || new Set(names).size < names.length)
        throw wrong('by', { argument: 'by' });
    const made = await makeGroups(world, names.map((name) => aggregated.members.get(name)), rows);
    const first = bound({ bounds: {} }, args, 'first', LIMIT_PAGE, LIMIT_PAGE);
    return Promise.all(made.slice(0, first).map(async ({ texts, rows: some }) => ({
        ...Object.fromEntries([...aggregated.members].filter(([, { kind }]) => kind === 'key').map(([name, member]) =>
            [name, names.includes(name) ? showKey(world, member, texts[names.indexOf(name)], some[0]) : null])),
        ...await aggregate(world, aggregated, some),
    })));
}
