// cache.test.mjs - a document that is known is not planned again: its answers under other
// variables must still be those of a document that nobody has seen.
//
// One worker alone serves here, so that every request meets the same cache.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { isSanitized } from './lib/environment.mjs';
import { rows, Session } from './lib/database.mjs';
import { assertSame } from './lib/expect.mjs';
import { residentMemory, serve } from './lib/processes.mjs';

let server,
    documents = 0;
before(async () => {
    server = await serve('--workers', '1', '--limit-cache-bytes', `${4 * 1024 * 1024}`);
});
after(() => server.stop());

async function answer(query, variables, operationName) {
    const { json } = await server.post(query, variables, { operationName });
    for (const error of json.errors ?? []) delete error.extensions.requestId;
    return json;
}

// The same, from a document that no cache has.
const fresh = (query, variables, operationName) =>
    answer(`${query} # ${documents++}`, variables, operationName);

// A generator of numbers that are the same at every run.
function random(seed) {
    let state = seed;
    return (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
    };
}

// Asks a document under many variables, in random orders; each answer must be the fresh one.
async function assertStable(query, choices, { rounds = 3, seed = 1, operationName } = {}) {
    const expected = [];
    for (const variables of choices) expected.push(await fresh(query, variables, operationName));
    const pick = random(seed);
    for (let i = 0; i < rounds * choices.length; i++) {
        const n = pick(choices.length);
        assertSame(
            await answer(query, choices[n], operationName),
            expected[n],
            JSON.stringify(choices[n]),
        );
    }
}

// Every combination of the values that each name may have; undefined leaves it out.
function combinations(members) {
    return Object.entries(members).reduce(
        (all, [name, values]) =>
            all.flatMap((object) => values.map((value) => ({ ...object, [name]: value }))),
        [{}],
    );
}

suite('one document under other variables', () => {
    test('first and skip', () =>
        assertStable(
            'query ($n: Int, $s: Int) { links(first: $n, skip: $s) { id votes(first: $n) { id } } }',
            combinations({
                n: [undefined, null, 0, 1, 2, 100, -1, 101],
                s: [undefined, null, 0, 1, 50, -1, 10001],
            }),
        ));

    test('more values of first than a document keeps plans', () =>
        assertStable(
            'query ($n: Int) { links(first: $n) { id } }',
            Array.from({ length: 101 }, (_, n) => ({ n })),
            { rounds: 2 },
        ));

    test('defaults of variables', () =>
        assertStable(
            `query ($n: Int = 3, $s: String = "zebra", $o: [LinkOrder!] = [{url: ASC}]) {
               links(first: $n, search: $s, orderBy: $o) { id } }`,
            combinations({
                n: [undefined, null, 5],
                s: [undefined, null, '', '%', 'git'],
                o: [undefined, null, [], { hot: 'DESC' }, [{ url: 'DESC' }]],
            }),
        ));

    test('orderBy', () =>
        assertStable(
            'query ($o: [LinkOrder!]) { links(orderBy: $o, first: 20) { id } }',
            combinations({
                o: [
                    undefined,
                    null,
                    [],
                    { url: 'ASC' },
                    [{ url: 'ASC' }],
                    [{ url: 'DESC' }],
                    [{ voteCount: 'DESC' }, { url: 'ASC' }],
                    [{ url: 'ASC' }, { voteCount: 'DESC' }],
                    { hot: 'DESC' },
                    [{ hot: 'DESC' }, { createdAt: 'ASC' }],
                ],
            }),
        ));

    test('a variable within an order', () =>
        assertStable(
            `query ($a: SortDirection!, $b: SortDirection!) {
               links(orderBy: [{voteCount: $a}, {url: $b}], first: 20) { id } }`,
            combinations({ a: ['ASC', 'DESC'], b: ['ASC', 'DESC'] }),
        ));

    test('search', () =>
        assertStable(
            `query ($s: String, $t: String) {
               a: links(search: $s, first: 5) { id } b: links(search: $t, first: 5) { id } }`,
            combinations({
                s: [undefined, null, '', '%', 'zebra', 'git'],
                t: [undefined, null, '', 'http', '_'],
            }),
        ));

    test('@skip and @include', () =>
        assertStable(
            `query ($a: Boolean!, $b: Boolean!, $c: Boolean = true) {
              links(first: 3) { id url @skip(if: $a)
                postedBy @include(if: $b) { id username @skip(if: $c) }
                votes(first: 2) @include(if: $c) { id user @skip(if: $a) { id } }
                ...F @include(if: $b) }
              users(first: 1) @skip(if: $b) { id } }
            fragment F on Link { voteCount description @skip(if: $a) }`,
            combinations({ a: [true, false], b: [true, false], c: [undefined, true, false] }),
        ));

    test('keys, and one of two', () =>
        assertStable(
            `query ($i: ID, $u: String, $l: ID!) {
               user(id: $i, username: $u) { id username } link(id: $l) { id } }`,
            combinations({
                i: [undefined, null, 900001, '900001', 'x', ''],
                u: [undefined, null, 'ada', 'nobody'],
                l: [910011, '1', 'x', '2147483648'],
            }),
        ));

    test('errors of fields do not stay', () =>
        assertStable(
            'query ($n: Int) { me { id } user(id: 900001) { linkSet(first: $n) { id } } }',
            [{ n: 1 }, { n: -1 }, { n: 101 }, { n: 2 }, {}, { n: null }],
        ));

    test('variables that are wrong do not stay', () =>
        assertStable('query ($n: Int!) { links(first: $n) { id } }', [
            { n: 1 },
            {},
            { n: null },
            { n: 'x' },
            { n: 2 },
            { n: 1.5 },
        ]));

    test('one of several operations', async () => {
        const query =
            `query A($n: Int) { links(first: $n) { ...F } }
             query B($n: Int) { users(first: $n) { id } }
             fragment F on Link { id url }`;
        for (const operationName of ['A', 'B', undefined, 'C', 'A', 'B'])
            await assertStable(query, [{ n: 1 }, { n: 2 }, {}], { rounds: 1, operationName });
    });
});

suite('documents that are almost the same', () => {
    test('differ by one character', async () => {
        const texts = [
            '{ links(first: 1) { id } }',
            '{ links(first: 2) { id } }',
            '{ links(first: 1) { id  } }',
            '{ links(first: 1) { url } }',
            '{links(first: 1) { id } }',
            '{ users(first: 1) { id } }',
            '{ links(first: 1) { a:id } }',
            '{ votes(first: 1) { id } }',
        ];
        const expected = [];
        for (const text of texts) expected.push(await fresh(text));
        for (let i = 0; i < 5; i++)
            for (const [n, text] of texts.entries())
                assertSame(await answer(text), expected[n], text);
    });

    test('keep no data', async () => {
        const query = '{ user(id: 900002) { firstName } }';
        assert.deepEqual(await answer(query), { data: { user: { firstName: '' } } });
        const session = new Session();
        await session.run("UPDATE users SET first_name = 'New' WHERE id = 900002");
        assert.deepEqual(await answer(query), { data: { user: { firstName: 'New' } } });
        await session.run("UPDATE users SET first_name = '' WHERE id = 900002");
        session.close();
    });
});

suite('2,000 different documents', () => {
    // Different in shape, so that their statements differ too.
    const fields = [
        'id',
        'url',
        'description',
        'createdAt',
        'voteCount',
        'postedBy { id }',
        'votes(first: 1) { id }',
    ];
    const document = (n) =>
        `{ links(first: ${n % 3}, orderBy: {url: ${n % 2 ? 'ASC' : 'DESC'}}) { ${fields
            .filter((_, bit) => (((n % 127) + 1) >> bit) & 1)
            .map((field) => `a${n}${field.replace(/\W.*/, '')}: ${field}`)
            .join(' ')} } }`;

    test('do not make a worker grow without bound', async () => {
        const [worker] = server.workers();
        let n = 0;
        const ask = async (count) => {
            for (let i = 0; i < count; i++, n++) {
                const { data, errors } = await answer(document(n));
                assert.equal(errors, undefined);
                assert.equal(data.links.length, n % 3);
            }
        };
        // More than the cache holds, so that it is full.
        await ask(600);
        const full = residentMemory(worker);
        await ask(1400);
        const grown = residentMemory(worker) - full;
        assert.deepEqual(server.workers(), [worker]);
        assert.ok(grown < (isSanitized ? 32768 : 4096), `${grown} kB more`);
    });

    test('nor its connection', async () => {
        const [worker] = server.workers();
        assert.ok(worker);
        const backends = await rows(
            `SELECT pid FROM pg_stat_activity WHERE usename = 'linnet_login'
             ORDER BY backend_start DESC LIMIT 1`,
        );
        assert.equal(backends.length, 1);
        const before = residentMemory(backends[0].pid);
        for (let n = 2000; n < 3000; n++) await answer(document(n));
        const grown = residentMemory(backends[0].pid) - before;
        assert.ok(grown < 16384, `${grown} kB more`);
    });
});
