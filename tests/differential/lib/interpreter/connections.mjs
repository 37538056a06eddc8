// connections.mjs - the page of a connection, by Relay's algorithm over the whole list.
//
// SPDX-License-Identifier: MIT
import { Cursor, placeOf } from './cursors.mjs';
import { bound, LIMIT_OFFSET, LIMIT_PAGE, wrong } from './lists.mjs';
import { describeOrder, sort } from './orders.mjs';

// What is asked for: { first, last, after, before, skip }; null where nothing is.
function readArguments(binding, args) {
    const first = bound(binding, args, 'first', LIMIT_PAGE, null);
    const last = bound(binding, args, 'last', LIMIT_PAGE, null);
    const skip = bound(binding, args, 'skip', LIMIT_OFFSET, 0);
    if (args.last !== undefined && args.last !== null && first !== null)
        throw wrong('both', {});
    const after = args.after ?? null, before = args.before ?? null;
    if (skip > 0 && (after !== null || before !== null || last !== null))
        throw wrong('skip with a cursor or last', { argument: 'skip' });
    return { first: first === null && last === null ? LIMIT_PAGE : first, last, after, before, skip };
}

// The entries between the two places, and whether there are some at them or beyond.
function between(entries, compare, after, before) {
    const isBehind = ({ place }) => !after || compare(place, after) > 0;
    const isInFront = ({ place }) => !before || compare(place, before) < 0;
    return {
        some: entries.filter((one) => isBehind(one) && isInFront(one)),
        hasBefore: after !== null && !entries.every(isBehind),
        hasAfter: before !== null && !entries.every(isInFront),
    };
}

// `entries`: all that pass the filters. A page: { entries, edges, nodes, totalCount, pageInfo }.
export async function paginate(world, binding, args, entries) {
    const { first, last, after, before, skip } = readArguments(binding, args);
    const order = describeOrder(binding, args);
    const given = { after: placeOf(world.cursors, binding.name, order, 'after', after), before: placeOf(world.cursors, binding.name, order, 'before', before) };
    const compare = await sort(world, order, entries, Object.values(given).filter(Boolean));
    const { some, hasBefore, hasAfter } = between(entries, compare, given.after, given.before);
    const rest = some.slice(skip);
    const shown = first !== null ? rest.slice(0, first) : last === 0 ? [] : rest.slice(-last);
    const isMore = shown.length < rest.length;
    const edges = shown.map(({ row, place }) => ({ node: row, cursor: new Cursor(binding.name, order.id, place) }));
    const hasSkipped = skip > 0 && some.length > 0;
    return {
        entries, edges, nodes: shown.map(({ row }) => row), totalCount: entries.length,
        pageInfo: {
            hasNextPage: first !== null ? isMore : hasAfter,
            hasPreviousPage: first !== null ? hasBefore || hasSkipped : isMore,
            // An empty page keeps the place that it was asked from.
            startCursor: edges[0]?.cursor ?? before,
            endCursor: edges.at(-1)?.cursor ?? after,
        },
    };
}
