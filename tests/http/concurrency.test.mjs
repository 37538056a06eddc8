// concurrency.test.mjs - 64 clients at once, each with its own mix of documents: every
// answer is the one that the document has when it is asked alone.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';

import { post } from './lib/client.mjs';
import { list, rows } from './lib/database.mjs';
import { assertSame, newest, oldest, same } from './lib/expect.mjs';
import { workers } from './lib/processes.mjs';

const CLIENTS = 64,
    REQUESTS = 40;

// [document, variables]
const requests = [
    ['{ __typename }'],
    ['{ __schema { types { name kind } } }'],
    ['{ links(first: 20) { id url postedBy { username } votes { id user { username } } } }'],
    ['{ me { id } }'],
    ['{ nothing }'],
    ['{'],
    ['query A { __typename } query B { __typename }'],
    ['{ user { id } links(first: 1) { id } }'],
    ['query ($n: Int) { links(first: $n) { id } }', { n: 'x' }],
    ['{ user(id: 900001) { linkSet(first: 101) { id } } }'],
];
for (let i = 1; i <= 30; i++) {
    requests.push([
        'query ($id: ID!) { link(id: $id) { id url createdAt votes { id user { id } } } }',
        { id: i },
    ]);
    requests.push([
        `query ($id: ID!, $n: Int) { user(id: $id) { id username
           linkSet(first: $n) { id } voteSet(first: $n) { id } } }`,
        { id: i, n: i % 7 },
    ]);
    requests.push([
        'query ($s: String, $o: [LinkOrder!]) { links(search: $s, first: 5, orderBy: $o) { id } }',
        { s: 'etaoinshrd'[i % 10], o: [{ url: i % 2 ? 'ASC' : 'DESC' }] },
    ]);
    requests.push([`{ links(first: ${i}) { id } a${i}: user(id: ${i}) { username } }`]);
}

// Without what differs from request to request.
async function essence([document, variables]) {
    const { status, json } = await post(document, variables);
    for (const error of json.errors ?? []) delete error.extensions.requestId;
    return { status, json };
}

suite('64 clients', () => {
    const expected = [];
    let pids;
    before(async () => {
        pids = workers();
        for (const request of requests) expected.push(await essence(request));
    });

    test('each gets its own answers', async () => {
        async function client(number) {
            for (let i = 0; i < REQUESTS; i++) {
                // Each client has another order.
                const n = (number * 7 + i * (2 * number + 1)) % requests.length;
                assertSame(await essence(requests[n]), expected[n], requests[n][0]);
            }
        }
        await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
        assert.deepEqual(workers(), pids, 'a worker has died');
    });

    test('which are those of PostgreSQL', () => {
        const votes = `SELECT v.id::text, json_build_object('username', u.username) AS user
                       FROM votes v JOIN users u ON u.id = v.user_id
                       WHERE v.link_id = l.id ${oldest('v')} LIMIT 100`;
        return same(
            '{ links(first: 20) { id votes { id user { username } } } }',
            {},
            `${list(`SELECT l.id::text, ${list(votes)} AS votes
                     FROM links l ${newest('l')} LIMIT 20`)} AS links`,
        );
    });

    test('leave no transaction open', async () => {
        const open = await rows(
            `SELECT pid, state, query FROM pg_stat_activity
             WHERE usename = 'linnet_login' AND state <> 'idle'`,
        );
        assert.deepEqual(open, []);
    });
});
