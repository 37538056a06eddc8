// aggregates.mjs - counts, sums and the like over rows, and groups of rows.
//
// SPDX-License-Identifier: MIT
import { GraphQLError } from 'graphql';

import { readWay } from '../binding/order.mjs';
import { page, wrong } from './lists.mjs';
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

// --- their order -------------------------------------------------------------------------

// What an order's input object says: { name, inner, way }, by a key, `count`, or a column that a function makes something of.
function readTerm(value) {
    const [[name, rest]] = Object.entries(value);
    return typeof rest === 'string' ? { name, ...readWay(rest) } : { name, inner: Object.keys(rest)[0], ...readWay(Object.values(rest)[0]) };
}

// The rank of each group in the term; null where it has no value.
async function rankGroups(world, members, { name, inner }, groups, names) {
    const member = members.get(name);
    if (member.kind === 'key') {
        const at = names.slice(0, names.indexOf(name)).reduce((sum, one) => sum + (members.get(one).relation?.join.from.length ?? 1), 0);
        return groups.map(({ ranks }) => ranks[at]);
    }
    if (member.kind === 'count')
        return groups.map(({ rows }) => rows.length);
    const { column } = member.columns.get(inner);
    const made = await Promise.all(groups.map(({ rows }) => (member.of === 'min' || member.of === 'max' ? extreme : total)(world, member.of, column, rows.map((row) => row.cell(column)))));
    const base = made.find(({ text }) => text !== null)?.kind;
    const ranks = base && await world.judge.ranksOf({ cast: base.cast ?? base.base }, made.map(({ text }) => text));
    return made.map(({ text }) => (text === null ? null : ranks.get(text)));
}

async function sortGroups(world, { members }, args, groups, names) {
    const terms = [args.orderBy ?? []].flat().map(readTerm);
    if (terms.some(({ name }) => members.get(name).kind === 'key' && !names.includes(name)))
        throw wrong('an order by another key', { argument: 'orderBy' });
    const ranks = await Promise.all(terms.map((term) => rankGroups(world, members, term, groups, names)));
    const places = new Map(groups.map((one, i) => [one, i]));
    const compare = (a, b) => {
        for (const [i, { isDescending, isNullsFirst }] of terms.entries()) {
            const one = ranks[i][places.get(a)], other = ranks[i][places.get(b)];
            const found = one === null || other === null ? ((one === null) - (other === null)) * (isNullsFirst ? -1 : 1) : (one - other || compareRanks(one, other)) * (isDescending ? -1 : 1);
            if (found !== 0)
                return found;
        }
        return places.get(a) - places.get(b);
    };
    return [...groups].sort(compare);
}

// Groups of rows as objects by the fields' names.
export async function group(world, { aggregated, keys }, args, rows) {
    const names = args.by.map((one) => keys.get(one));
    if (names.length === 0 || new Set(names).size < names.length)
        throw wrong('by', { argument: 'by' });
    const made = await sortGroups(world, aggregated, args, await makeGroups(world, names.map((name) => aggregated.members.get(name)), rows), names);
    return Promise.all(page({ bounds: {} }, args, made).map(async ({ texts, rows: some }) => ({
        ...Object.fromEntries([...aggregated.members].filter(([, { kind }]) => kind === 'key').map(([name, member]) =>
            [name, names.includes(name) ? showKey(world, member, texts[names.indexOf(name)], some[0]) : null])),
        ...await aggregate(world, aggregated, some),
    })));
}
