// limits_nodes.test.mjs - bounds on what a request costs beyond its text: the rows that it asks for,
// those that it fetches, its headers, its token; at the maximum and one above it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { as, claimsFor, goodHeader, makeUsers, overSocket, sign } from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import {
    ask,
    assertErrors,
    assertRefused,
    GRAPHQL_TYPE,
    JSON_TYPE,
    post,
    rawHttp,
    refused,
} from './lib/client.mjs';
import { quote, rows, Session } from './lib/database.mjs';
import { patience, state, url } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';
import { untilLogged } from './lib/wait.mjs';

const session = new Session();
after(() => session.close());
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');

suite('nodes: 50,000 asked for', () => {
    // What is written along a path is multiplied, and paths are added up.
    const product = (n) =>
        `users(first: 100) { linkSet(first: 100) { votes(first: ${n}) { id } } }`;
    const exceeded = async (query, variables) => {
        for (const accept of [GRAPHQL_TYPE, JSON_TYPE]) {
            const error = assertRefused(
                await post(query, variables, { accept }),
                accept === JSON_TYPE ? 200 : 400,
                'LIMIT_EXCEEDED',
            );
            assert.deepEqual([error.extensions.limit, error.extensions.maximum], ['nodes', 50000]);
        }
    };
    const allowed = async (query, variables) => {
        const answer = await post(query, variables);
        const errors = answer.json.errors ?? [];
        // The rows that there are may still be too many: that is another bound, of fields.
        assert.equal(answer.status, 200);
        assert.ok(
            errors.every((error) => error.path && error.extensions.limit === 'nodes'),
            answer.text.slice(0, 500),
        );
    };

    test('along one path', async () => {
        await allowed(`{ ${product(5)} }`);
        await exceeded(`{ ${product(6)} }`);
    });
    test('over all paths', async () => {
        await exceeded(`{ ${product(5)} links(first: 1) { id } }`);
        await allowed(
            `{ users(first: 100) { linkSet(first: 100) { votes(first: 4) { id } } } links(first: 100) { votes(first: 100) { id } } }`,
        );
        await exceeded(
            `{ users(first: 100) { linkSet(first: 100) { votes(first: 4) { id } } } links(first: 100) { votes(first: 100) { id } } a: links(first: 1) { id } }`,
        );
    });
    test('a list without a limit counts as one', async () => {
        await allowed('{ users { linkSet { votes { id } voteSet: votes { id } } } }');
        await allowed(
            `{ users(first: 100) { linkSet(first: 100) { votes(first: 5) { user { linkSet { id } } } } } }`,
        );
    });
    test('with variables', async () => {
        const query =
            'query ($a: Int, $b: Int!, $c: Int = 6) { users(first: $a) { linkSet(first: $b) { votes(first: $c) { id } } } }';
        await allowed(query, { a: 100, b: 100, c: 5 });
        await exceeded(query, { a: 100, b: 100, c: 6 });
        await exceeded(query, { a: 100, b: 100 });
        await allowed(query, { a: null, b: 100 });
        await allowed(query, { a: 83, b: 100 });
        await exceeded(query, { a: 84, b: 100 });
    });
    test('with fragments, aliases, skipped fields', async () => {
        await exceeded(
            '{ users(first: 100) { ...A } } fragment A on User { linkSet(first: 100) { ... { votes(first: 6) { id } } } }',
        );
        await exceeded(
            `{ ${times(6, (i) => `a${i}: links(first: 100) { votes(first: 100) { id } }`)} }`,
        );
        await allowed(
            `{ ${times(5, (i) => `a${i}: links(first: 100) { votes(first: 100) { id } }`)} }`,
        );
        await allowed(
            `query ($no: Boolean = false) { ${product(5)} links(first: 100) @include(if: $no) { votes(first: 100) { id } } }`,
        );
    });
    test('far above, to the last bit', async () => {
        const deep = `${'linkSet(first: 100) { votes(first: 100) { user { '.repeat(7)}id${' } } }'.repeat(7)}`;
        await exceeded(`{ users(first: 100) { ${deep} } }`);
    });
    test('before any SQL', async () => {
        const other = new Session();
        await other.run('BEGIN; LOCK TABLE users, links IN ACCESS EXCLUSIVE MODE');
        try {
            await exceeded(`{ ${product(6)} }`);
        } finally {
            await other.run('ROLLBACK');
            other.close();
        }
    });
    test('in a mutation, before it writes', async () => {
        const [ada] = await makeUsers(session, 1);
        const u = freshUrl();
        const mutation = (n) =>
            `mutation { createLink(url: "${u}") { id postedBy { linkSet(first: 100) { votes(first: 100) { user { voteSet(first: ${n}) { id } } } } } } }`;
        await refused(mutation(6), {}, { code: 'LIMIT_EXCEEDED', ...as(ada) });
        assert.deepEqual(await rows(`SELECT FROM links WHERE url = ${quote(u)}`), []);
        await ask(mutation(5), {}, as(ada));
        assert.equal((await rows(`SELECT FROM links WHERE url = ${quote(u)}`)).length, 1);
    });
});

suite('nodes: rows fetched', () => {
    let server, t, ada;
    before(async () => {
        server = await serve('--workers', '1', '--limit-nodes', '100');
        t = overSocket(server);
        [ada] = await t.users(1, { prefix: 'nodes' });
    });
    after(async () => {
        t.session.close();
        await server.stop();
    });

    // A row for the link, n for its votes, and then a third wave; 910020 has 105 votes.
    const waves = (n) =>
        `link(id: 910020) { votes(first: ${n}) { user { voteSet(first: 1) { id } } } }`;
    const assertExceeded = ({ code, extensions }) =>
        assert.deepEqual(
            [code, extensions.limit, extensions.maximum],
            ['LIMIT_EXCEEDED', 'nodes', 100],
        );

    test('at the bound', async () => {
        const data = await t.ask(null, `{ ${waves(99)} }`);
        assert.equal(data.link.votes.length, 99);
        assert.equal((await t.ask(null, '{ links { id } }')).links.length, 100);
    });
    test('above it, what is not complete fails', async () => {
        const error = await t.fail(null, `{ ${waves(100)} }`);
        assertExceeded(error);
        assert.deepEqual([error.data, error.path], [{ link: null }, ['link']]);
    });
    test('the row that a page reads beyond its last does not count, and nothing is read below it', async () => {
        const pages = (n) => `{ relayLinks(first: ${n}, orderBy: [{voteCount: DESC}]) { edges { node {
            votes(first: 1) { edges { node { link { votes(first: 1) { edges { cursor } } } } } } } } } }`;
        assert.equal((await t.ask(null, pages(50))).relayLinks.edges.length, 50);
        const error = await t.fail(null, pages(51));
        assertExceeded(error);
        assert.deepEqual(error.path, ['relayLinks']);
    });
    test('and what is complete keeps its data', async () => {
        const query = (n) =>
            `{ early: link(id: 910011) { id } ${waves(n)} list: users(first: 1) { id } }`;
        assert.equal((await t.ask(null, query(97))).link.votes.length, 97);
        const error = await t.fail(null, query(98));
        assertExceeded(error);
        assert.deepEqual(error.data, { early: { id: '910011' }, link: null, list: [{ id: '1' }] });
        assert.deepEqual(error.path, ['link']);
    });
    test('a mutation that shows too much is undone, alone', async () => {
        const u = freshUrl();
        const error = await t.fail(
            ada,
            `mutation ($u: String!) { createLink(url: $u) { id }
            createVote(linkId: 910020) { link { votes { user { voteSet(first: 1) { id } } } } } }`,
            { u },
        );
        assertExceeded(error);
        assert.deepEqual(error.path, ['createVote']);
        assert.equal(error.data.createVote, null);
        assert.equal((await t.session.rows(`SELECT FROM links WHERE url = ${quote(u)}`)).length, 1);
        assert.deepEqual(await t.session.rows(`SELECT FROM votes WHERE user_id = ${ada.id}`), []);
    });
    test('the next request starts anew', async () => {
        for (let i = 0; i < 5; i++)
            assert.equal((await t.ask(null, '{ links { id } }')).links.length, 100);
    });
});

const postgresql = `${state}/log/postgresql.log`;

suite('time for a lock, and for a statement', () => {
    // Both wait for a lock; the second server lets them.  PostgreSQL says which bound it was.
    for (const [what, least, options, canceled] of [
        ['a lock', 0.5, ['--limit-lock-time', '500'], /canceling statement due to lock timeout/],
        ['a statement', 1, ['--limit-database-time', '1000', '--limit-lock-time', '60000'], /canceling statement due to statement timeout/],
    ]) {
        test(`${what} that takes longer is an error of its fields`, async () => {
            const server = await serve('--workers', '1', ...options);
            const locker = new Session();
            await locker.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
            const logged = readFileSync(postgresql, 'utf8').length;
            const started = performance.now();
            try {
                const { json } = await server.post('{ link(id: 910011) { url } }');
                const seconds = (performance.now() - started) / 1000;
                assert.ok(seconds > least - 0.1, `${seconds} s`);
                await untilLogged(() => readFileSync(postgresql, 'utf8'), canceled, logged);
                assert.deepEqual(json.data, { link: null });
                assert.deepEqual(
                    [json.errors[0].extensions.code, json.errors[0].path],
                    ['TIMEOUT', ['link']],
                );
            } finally {
                await locker.run('ROLLBACK');
                locker.close();
            }
            assert.deepEqual((await server.post('{ link(id: 910011) { id } }')).json, {
                data: { link: { id: '910011' } },
            });
            await server.stop();
        });
    }
});

suite('headers', () => {
    const body = '{"query":"{ __typename }"}';
    const send = (...headers) =>
        rawHttp(
            `POST ${url.pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n` +
                `Content-Length: ${body.length}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${body}`,
        );

    test('a line of 8 KiB, and longer', async () => {
        const line = (bytes) => `X-Long: ${'x'.repeat(bytes - 'X-Long: \r\n'.length)}`;
        assert.match(await send(line(8192)), /^HTTP\/1\.1 200 /);
        const answer = await send(line(8193));
        assert.match(answer, /^HTTP\/1\.1 400 /);
        assert.match(answer, /"code":"BAD_REQUEST"/);
    });
    test('four such lines, and more', async () => {
        const line = (i) => `X-Long-${i}: ${'x'.repeat(7000)}`;
        assert.match(await send(line(0), line(1), line(2)), /^HTTP\/1\.1 200 /);
        assert.match(
            await send(...Array.from({ length: 8 }, (_, i) => line(i))),
            /^HTTP\/1\.1 400 /,
        );
    });
    test('hundreds of short ones', async () => {
        const answer = await send(...Array.from({ length: 500 }, (_, i) => `X-${i}: x`));
        assert.match(answer, /^HTTP\/1\.1 200 /);
    });
});

suite('a token: 4,096 bytes', () => {
    test('at the bound and above it', async () => {
        const [ada] = await makeUsers(session, 1);
        const claims = await claimsFor(ada);
        const token = (n) => sign(goodHeader, { ...claims, jti: 'j'.repeat(n) });
        let n = 2000;
        while (token(n + 1).length <= 4096) n++;
        assert.ok(token(n).length >= 4094 && token(n + 1).length <= 4099);
        assert.deepEqual(await ask('{ me { id } }', {}, as(token(n))), { me: { id: ada.id } });
        const above = await post('{ me { id } }', {}, as(token(n + 1)));
        assertRefused(above, 401, 'TOKEN_INVALID');
        const verify = 'mutation ($t: String!) { verifyToken(token: $t) { payload } }';
        assert.ok((await ask(verify, { t: token(n) })).verifyToken.payload.exp);
        for (const long of [token(n + 1), 'x'.repeat(60000), `${token(n)}${'x'.repeat(50000)}`])
            assert.equal(
                assertErrors(await post(verify, { t: long }))[0].extensions.code,
                'TOKEN_INVALID',
            );
    });
});

suite('a response that is far longer than its rows', () => {
    // Each link's poster is the one user, whose links are shown again, and so on: 8^11 objects
    // of a few dozen rows.
    test('is given up at its bound, at once', async () => {
        const [ada] = await makeUsers(session, 1, { prefix: 'mirror' });
        await session.run(
            `INSERT INTO links (url, description, posted_by) SELECT 'https://mirror.example/' || n, '', ${ada.id} FROM generate_series(1, 8) AS n`,
        );
        const levels = 11;
        const started = performance.now();
        const error = await refused(
            `{ user(id: ${ada.id}) { ${'linkSet { postedBy { '.repeat(levels)} id ${'} } '.repeat(levels)} } }`,
            {},
            { code: 'LIMIT_EXCEEDED' },
        );
        assert.deepEqual([error.extensions.limit, error.extensions.maximum], ['response', 8388608]);
        assert.ok(
            performance.now() - started < 2000 * patience,
            `${performance.now() - started} ms`,
        );
    });
});
