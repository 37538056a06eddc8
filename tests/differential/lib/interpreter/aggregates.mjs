// aggregates.mjs - counts, sums and the like over rows, and groups of rows.
//
// SPDX-License-Identifier: MIT
import { GraphQLError } from 'graphql';

import { LIMIT_PAGE, wrong } from './lists.mjs';
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

// The text of a key in a row.
async function keyText({ judge }, { column, unit, relation }, row) {
    if (relation)
        return JSON.stringify(relation.join.from.map((one) => row.cell(one)));
    const text = row.cell(column);
    return unit && text !== null ? judge.truncated(column, unit, text) : text;
}

async function rankOf({ judge }, { column, relation }, text) {
    return relation || text === null ? null : (await judge.ranks(column)).get(text);
}

// The groups of rows by the keys that `by` names, as objects by the fields' names.
export async function group(world, binding, args, rows) {
    const { aggregated, keys } = binding;
    const names = args.by.map((one) => keys.get(one));
    if (names.length === 0 || new Set(names).size < names.length)
        throw wrong('by', { argument: 'by' });
    const first = args.first ?? LIMIT_PAGE;
    if (first < 0 || first > LIMIT_PAGE)
        throw wrong('first is out of bounds', { argument: 'first' });
    const groups = new Map();
    for (const row of rows) {
        const texts = await Promise.all(names.map((name) => keyText(world, aggregated.members.get(name), row)));
        const id = JSON.stringify(texts);
        if (!groups.has(id))
            groups.set(id, { texts, rows: [] });
        groups.get(id).rows.push(row);
    }
    return { names, groups: [...groups.values()], first };
}

export { rankOf };
