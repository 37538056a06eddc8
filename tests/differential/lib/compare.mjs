// compare.mjs - is the server's response what it should be?
//
// SPDX-License-Identifier: MIT
import { Cursor } from './interpreter/cursors.mjs';
import { Numeral, writeJson } from './number.mjs';

// Are they equal, in each digit and each member's place?
function isEqual(actual, expected, cursors) {
    if (expected instanceof Cursor)
        return cursors.isText(expected, actual);
    if (expected instanceof Numeral)
        return actual instanceof Numeral && (actual.text === expected.text || (expected.round !== null && Object.is(expected.round(Number(actual.text)), expected.round(Number(expected.text)))));
    if (actual === null || expected === null || typeof actual !== 'object' || typeof expected !== 'object' || actual instanceof Numeral)
        return actual === expected;
    if (Array.isArray(actual) !== Array.isArray(expected))
        return false;
    const names = Object.keys(expected), others = Object.keys(actual);
    return names.length === others.length && names.every((name, i) => name === others[i] && isEqual(actual[name], expected[name], cursors));
}

// Where they differ first: { path, actual, expected }.
function firstDifference(actual, expected, cursors, path = []) {
    const isInner = (it) => it !== null && typeof it === 'object' && !(it instanceof Numeral) && !(it instanceof Cursor);
    if (isInner(actual) && isInner(expected))
        for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)]))
            if (!isEqual(actual[name] ?? null, expected[name] ?? null, cursors))
                return firstDifference(actual[name] ?? null, expected[name] ?? null, cursors, [...path, name]);
    return { path, actual, expected };
}

// The place in the data where an error left a null: the end of its path, or further up.
function placeOf(data, path) {
    let at = data;
    for (const [i, step] of path.entries()) {
        if (at === null || at === undefined)
            return JSON.stringify(path.slice(0, i));
        at = at[step];
    }
    return JSON.stringify(path);
}

const show = ({ path, extensions, message }) => `${JSON.stringify(path ?? null)} ${extensions?.code ?? '-'} ${message}`;

// Each null that an error made has one, and no other place has. Which of several beneath one null are
// shown, the specification leaves open (6.4.4).
function compareErrors(actual, expected, data) {
    // `others`: codes that are right, too.
    const codes = ({ extensions }) => [extensions?.code, ...extensions?.others ?? []].filter(Boolean);
    const isSame = (a, b) => JSON.stringify(a.path) === JSON.stringify(b.path) && (codes(b).length === 0 || codes(b).includes(a.extensions?.code));
    const place = ({ path }) => placeOf(data, path ?? []);
    const [ours, theirs] = [Map.groupBy(actual, place), Map.groupBy(expected, place)];
    for (const [at, errors] of ours)
        if (!theirs.has(at))
            return { what: 'an error too many', detail: show(errors[0]) };
    for (const [at, errors] of theirs) {
        if (!ours.has(at))
            return { what: 'an error is missing', detail: show(errors[0]) };
        // Where the error is the null's own, there is no other.
        const isBeneath = errors.some(({ path }) => JSON.stringify(path) !== at);
        if (!isBeneath && !ours.get(at).some((one) => errors.some((other) => isSame(one, other))))
            return { what: 'another error', detail: `${show(ours.get(at)[0])} is not ${show(errors[0])}` };
    }
    return null;
}

// null when they agree; else { what, detail }. `cursors`: those that the server has shown; it learns those of the answer.
export function difference(actual, expected, cursors) {
    if (!actual)
        return { what: 'no answer', detail: '' };
    const hasData = expected.data !== undefined && expected.data !== null || 'data' in expected;
    if (!hasData || !('data' in actual)) {
        if (!hasData && !('data' in actual) && actual.errors?.length > 0)
            return null;
        return { what: hasData ? 'no data' : 'data', detail: writeJson(hasData ? actual.errors : expected.errors).slice(0, 500) };
    }
    if (!isEqual(actual.data, expected.data, cursors)) {
        const { path, actual: a, expected: b } = firstDifference(actual.data, expected.data, cursors);
        return { what: 'data', detail: `${path.join('.')}: ${cutShort(a)} is not ${cutShort(b)}${actual.errors ? `; ${actual.errors.slice(0, 3).map(show).join('; ')}` : ''}` };
    }
    return compareErrors(actual.errors ?? [], expected.errors ?? [], expected.data);
}

const cutShort = (value) => (writeJson(value) ?? 'absent').slice(0, 300);
