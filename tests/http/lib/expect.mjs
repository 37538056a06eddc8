// expect.mjs - holds the server's answer against PostgreSQL's.
//
// The columns below are what SQL has for the contract's fields, so that a test can say
// the same twice: once in GraphQL, once in SQL.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

import { ask } from './client.mjs';
import { row, time } from './database.mjs';

// All scalar fields of the types, as selections and as columns.
export const userFields = 'id username firstName lastName email dateJoined lastLogin';
export const linkFields = 'id url description createdAt voteCount viewerHasVoted';
export const voteFields = 'id createdAt';

// `a`: the table's alias; its columns would otherwise hide those of tables around it.
export const userColumns = (a = 'users') =>
    `${a}.id::text AS id, ${a}.username, ${a}.first_name AS "firstName",
     ${a}.last_name AS "lastName", NULL AS email, ${time(`${a}.date_joined`)} AS "dateJoined",
     NULL AS "lastLogin"`;
export const linkColumns = (a = 'links') =>
    `${a}.id::text AS id, ${a}.url, ${a}.description, ${time(`${a}.created_at`)} AS "createdAt",
     ${a}.vote_count AS "voteCount", false AS "viewerHasVoted"`;
export const voteColumns = (a = 'votes') =>
    `${a}.id::text AS id, ${time(`${a}.created_at`)} AS "createdAt"`;

// The orders that lists have unless they are asked for others.
export const newest = (a) => `ORDER BY ${a}.created_at DESC, ${a}.id DESC`;
export const oldest = (a) => `ORDER BY ${a}.created_at, ${a}.id`;

// Where two values differ first, in words; null when they are equal.
function difference(actual, expected, path) {
    if (Object.is(actual, expected)) return null;
    if (
        actual === null ||
        expected === null ||
        typeof actual !== 'object' ||
        typeof expected !== 'object' ||
        Array.isArray(actual) !== Array.isArray(expected)
    )
        return `${path}: ${show(actual)} is not ${show(expected)}`;
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
        const found = difference(actual[name], expected[name], `${path}.${name}`);
        if (found) return found;
    }
    return null;
}

const show = (value) => (JSON.stringify(value) ?? 'absent').slice(0, 300);

// Like assert.deepEqual, but for long lists: says what differs first, and no more.
export function assertSame(actual, expected, what = 'data') {
    const found = difference(actual, expected, what);
    if (found) assert.fail(found);
}

// The document's data must be what the columns of SQL's one row are.
export async function same(document, variables, columns) {
    const data = await ask(document, variables);
    assertSame(data, await row(`SELECT ${columns}`));
    return data;
}
