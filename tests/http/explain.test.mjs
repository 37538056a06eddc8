// explain.test.mjs - the header Linnet-Explain: in development an answer tells its plan, its SQL and its times.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { makeUsers } from './lib/accounts.mjs';
import { ask as askApache, bin } from './lib/apache.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { assertRefused, GRAPHQL_TYPE, post, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { program, state } from './lib/environment.mjs';
import { mock, serve } from './lib/processes.mjs';
import { untilLocked } from './lib/wait.mjs';

const phases = ['read', 'auth', 'parse', 'validate', 'plan', 'queue', 'execute', 'write'];

// Posts with the header; the answer.
const explain = (query, variables, { headers, ...options } = {}) =>
    post(query, variables, { ...options, headers: { 'linnet-explain': '1', ...headers } });

// The member, after a look at what holds for every one.
function explanation(answer) {
    const json = answer.json;
    assert.deepEqual(Object.keys(json).at(-1), 'extensions', answer.text.slice(0, 2000));
    assert.deepEqual(Object.keys(json.extensions), ['explain']);
    const { plan, statements, times } = json.extensions.explain;
    assert.deepEqual(Object.keys(json.extensions.explain), ['plan', 'statements', 'times']);
    assert.ok(plan === null || typeof plan === 'string');
    for (const statement of statements) {
        assert.deepEqual(Object.keys(statement), ['wave', 'path', 'sql', 'rows', 'milliseconds']);
        assert.ok(statement.wave >= 1);
        assert.ok(statement.path.length > 0 && statement.path.every((name) => /^\w+$/.test(name)), statement.path);
        assert.match(statement.sql, /^(SELECT|INSERT|UPDATE|DELETE|WITH)\b/);
    }
    assert.deepEqual(Object.keys(times), phases);
    for (const time of Object.values(times)) assert.ok(time >= 0);
    return { plan, statements, times };
}

function linnet(...args) {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));
    const { status, stdout, stderr } = spawnSync(program, [...args, '--config', `${state}/linnet.conf`], {
        cwd: state,
        encoding: 'utf8',
        env: environment,
    });
    assert.equal(status, 0, stderr);
    return stdout;
}

// What `linnet print` says for a document, as text.
function print(form, query) {
    const file = `${state}/explain.graphql`;
    writeFileSync(file, query);
    try {
        return linnet('print', form, file);
    } finally {
        rmSync(file);
    }
}

const front = 'query Front($n: Int = 2) { links(first: $n) { url postedBy { username } votes(first: 2) { user { username } } } }';
const votesIn = ({ data }) => data.links.reduce((n, { votes }) => n + votes.length, 0);
const outline = ({ statements }) => statements.map(({ wave, path, rows }) => [wave, path.join('.'), rows]);

let session, ada;
before(async () => {
    session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'explain' });
});
after(() => session.close());

suite('in development', () => {
    test('plan and SQL are those that `linnet print` shows', async () => {
        const { plan, statements } = explanation(await explain(front));
        assert.equal(plan, print('plan', front));
        const printed = print('sql', front).replaceAll(/^-- or, .*\n.*\n/gm, '').split('\n').filter((line) => line && !line.startsWith('-- '));
        assert.deepEqual(statements.map(({ sql }) => `${sql};`), printed);
    });

    test('statements tell wave, path and rows, and the time until their last row', async () => {
        for (let i = 0; i < 3; i++) {
            const answer = await explain(front, { n: 2 }), explained = explanation(answer);
            assert.deepEqual(outline(explained), [[1, 'links', 2], [2, 'links.votes', votesIn(answer.json)]]);
            const { statements, times } = explained;
            for (const { milliseconds } of statements) assert.ok(milliseconds > 0, milliseconds);
            const sum = statements.reduce((n, { milliseconds }) => n + milliseconds, 0);
            assert.ok(sum <= times.execute + times.queue, `${sum} of ${times.execute}`);
        }
    });

    test('in a wave, each statement is timed when its own rows have come', async () => {
        const query = '{ a: links(first: 1) { id } b: users(first: 1) { id } c: votes(first: 1) { id } }';
        const { statements } = explanation(await explain(query));
        assert.deepEqual(statements.map(({ path }) => path), [['a'], ['b'], ['c']]);
        const times = statements.map(({ milliseconds }) => milliseconds);
        assert.deepEqual(times, times.toSorted((a, b) => a - b));
        const slow = await slowSecond();
        assert.ok(slow[1] - slow[0] >= 300, `${slow}`);
    });

    // Of two statements of a wave the second one waits for a lock, while the first has been answered.
    async function slowSecond() {
        await session.run('BEGIN; LOCK TABLE votes IN ACCESS EXCLUSIVE MODE');
        const answer = explain('{ links(first: 1) { id } votes(first: 1) { id } }');
        await untilLocked(1);
        await session.run('SELECT pg_sleep(0.5)');
        await session.run('COMMIT');
        return explanation(await answer).statements.map(({ milliseconds }) => milliseconds);
    }

    test('paths lead through connections, objects found by their ids and groups', async () => {
        const { relayLinks } = (await post('{ relayLinks(first: 1) { edges { cursor node { id } } } }')).json.data;
        const [{ cursor, node }] = relayLinks.edges;
        const query = `query ($after: String, $id: ID!) {
            page: relayLinks(first: 2, after: $after) {
                totalCount
                pageInfo { hasPreviousPage hasNextPage }
                edges { node { votes(first: 1) { edges { node { id } } } } }
            }
            node(id: $id) { ... on LinkNode { votes(first: 1) { edges { node { id } } } } }
            user(id: 1) { voteSet(first: 1) { id } }
        }`;
        const { statements } = explanation(await explain(query, { after: cursor, id: node.id }));
        const paths = statements.map(({ wave, path }) => `${wave} ${path.join('.')}`);
        assert.deepEqual(paths.toSorted(), [
            '1 node',
            '1 page',
            '1 page',
            '1 page',
            '1 user',
            '2 node.votes',
            '2 page.edges.node.votes',
            '2 user.voteSet',
        ]);
        assert.deepEqual(paths.map((path) => path[0]).join(''), '11111222');
    });

    test('a statement without keys is not sent, and not told', async () => {
        const explained = explanation(await explain('{ link(id: 999999999) { votes(first: 1) { id } } }'));
        assert.deepEqual(outline(explained), [[1, 'link', 0]]);
        assert.match(explained.plan, /Batch votes/);
    });

    test('without the header there is nothing of it', async () => {
        const answer = await post(front);
        assert.deepEqual(Object.keys(answer.json), ['data']);
    });

    test('what is asked is answered as without it', async () => {
        const plain = await post(front), explained = await explain(front);
        assert.deepEqual(explained.json.data, plain.json.data);
        assert.equal(explained.headers['content-length'] ?? String(explained.body.length), String(explained.body.length));
    });

    test('values of variables, and who asks, are not told', async () => {
        const query = `query ($search: String, $id: ID!) { links(first: 1, search: $search) { id } link(id: $id) { id } me { id email } }`;
        const secret = 'Geheimnis';
        const headers = { authorization: `JWT ${ada.token}` };
        const answer = await explain(query, { search: secret, id: 918273645 }, { headers });
        const { statements } = explanation(answer);
        assert.equal(statements.length, 3);
        const text = JSON.stringify(answer.json.extensions);
        for (const value of [secret, '918273645', ada.token, ada.username]) assert.ok(!text.includes(value), value);
        assert.match(text, /\$1/);
    });

    test('a plan that is used again, and data that is kept, are told like the first', async () => {
        const query = `{ __typename __type(name: "Link") { name } } # ${process.pid}`;
        const all = [];
        for (let i = 0; i < 6; i++) all.push(explanation(await explain(query)));
        for (const { plan, statements } of all) {
            assert.ok(plan.startsWith('-> Typename  as "__typename"\n-> Introspection  as "__type"\nViewers: '), plan);
            assert.deepEqual(statements, []);
        }
    });

    test('mutations: each field is a transaction, and a C function has no statement', async () => {
        const query = `mutation ($url: String!) {
            createLink(url: $url, description: "explained") { id postedBy { id } }
            tokenAuth(username: "nobody.explained", password: "wrong") { token }
        }`;
        const answer = await explain(query, { url: `https://explain.example/${process.pid}` }, { headers: { authorization: `JWT ${ada.token}` } });
        assert.equal(answer.json.errors.length, 1, answer.text);
        const { plan, statements } = explanation(answer);
        assert.match(plan, /-> Resolve \w+ {2}as "tokenAuth"/);
        assert.ok(statements.length >= 1);
        for (const { path } of statements) assert.equal(path[0], 'createLink');
        assert.ok(!answer.text.includes('https://explain.example'), 'the value of a variable');
    });

    test('with errors of fields', async () => {
        const answer = await explain('{ me { id } links(first: 1) { id } }');
        assert.equal(answer.json.errors[0].extensions.code, 'UNAUTHENTICATED');
        assert.deepEqual(Object.keys(answer.json), ['errors', 'data', 'extensions']);
        assert.deepEqual(outline(explanation(answer)), [[1, 'links', 1]]);
    });

    test('a statement that fails has no rows', async () => {
        await session.run('BEGIN; LOCK TABLE votes IN ACCESS EXCLUSIVE MODE');
        try {
            const answer = await explain('{ votes(first: 1) { id } }');
            assert.equal(answer.json.errors[0].extensions.code, 'TIMEOUT');
            assert.deepEqual(outline(explanation(answer)), [[1, 'votes', null]]);
        } finally {
            await session.run('ROLLBACK');
        }
    });

    test('a request that is refused has the plan, if it was made', async () => {
        const cases = {
            'a syntax error': ['{ links {', {}, null],
            'an unknown field': ['{ nothing }', {}, null],
            'a bad variable': ['query ($id: ID!) { link(id: $id) { id } }', {}, null],
            'no such operation': ['query A { __typename } query B { __typename }', {}, null],
            'too many rows': [`{ ${[...'abcdefgh'].map((name) => `${name}: links(first: 100) { votes(first: 100) { id } }`).join(' ')} }`, {}, 'a'],
        };
        for (const [title, [query, variables, plan]] of Object.entries(cases)) {
            const answer = await explain(query, variables, { accept: GRAPHQL_TYPE });
            assert.equal(answer.status, 400, title);
            assert.deepEqual(Object.keys(answer.json), ['errors', 'extensions'], title);
            const explained = explanation(answer);
            assert.deepEqual(explained.statements, [], title);
            if (plan) assert.match(explained.plan, /^-> Select links l1 {2}as "a"/);
            else assert.equal(explained.plan, null, title);
        }
    });

    test('any other value is refused', async () => {
        for (const value of ['0', 'true', '', '1, 1', '11'])
            assertRefused(await explain('{ __typename }', {}, { headers: { 'linnet-explain': value } }), 400, 'BAD_REQUEST');
    });

    test('by GET, and not by HEAD, which has no body', async () => {
        const path = `/graphql?${new URLSearchParams({ query: '{ links(first: 1) { id } }' })}`;
        const headers = { 'linnet-explain': '1' };
        assert.deepEqual(outline(explanation(await request({ method: 'GET', path, headers }))), [[1, 'links', 1]]);
        assert.equal((await request({ method: 'HEAD', path, headers })).body.length, 0);
    });

    test('a page of this machine may send the header', async () => {
        const preflight = await request({
            method: 'OPTIONS',
            headers: {
                origin: 'http://localhost:5173',
                'access-control-request-method': 'POST',
                'access-control-request-headers': 'content-type,linnet-explain',
            },
        });
        assert.match(preflight.headers['access-control-allow-headers'], /(^|, )Linnet-Explain(,|$)/i);
    });

    test('what would pass the limit of answers is left out', async () => {
        const server = await serve('--workers', '1', '--limit-response', '65536', '--limit-document', '100000', '--limit-search', '100000');
        const parameters = { HTTP_LINNET_EXPLAIN: '1' };
        for (const [length, isLarge] of [[60000, false], [65200, true]]) {
            const { json } = await server.post(`{ links(first: 0, search: "${'x'.repeat(length)}") { id } }`, {}, { parameters });
            assert.equal(json.extensions.explain === null, isLarge, JSON.stringify(json).slice(-1500));
            assert.deepEqual(json.data, { links: [] });
        }
        await server.stop();
    });
});

suite('in production', () => {
    let server;
    before(async () => (server = await serve('--workers', '1', '--mode', 'production')));
    after(() => server.stop());

    for (const value of ['1', '0', ''])
        test(`${JSON.stringify(value)} is ignored`, async () => {
            const answer = await server.post('{ links(first: 1) { id } }', {}, { parameters: { HTTP_LINNET_EXPLAIN: value } });
            assert.equal(answer.status, 200);
            assert.deepEqual(Object.keys(answer.json), ['data']);
        });
});

suite('elsewhere', () => {
    test('a program of a cgi-bin explains', async () => {
        const query = '{ links(first: 2) { id votes(first: 1) { id } } }';
        const { answer } = await plainCgi(query, {}, { environment: { HTTP_LINNET_EXPLAIN: '1' } });
        assert.deepEqual(outline(explanation(answer)), [[1, 'links', 2], [2, 'links.votes', votesIn(answer.json)]]);
    });

    test('under Apache the header arrives, and in production it is ignored', async () => {
        for (const mode of ['production', 'development']) {
            const path = `${bin()}/linnet.conf`;
            writeFileSync(path, readFileSync(path, 'utf8').replace(/^mode = .*$/m, `mode = ${mode}`));
            const { json } = await askApache('/graphql', '{ links(first: 1) { id } }', {}, { 'linnet-explain': '1' });
            assert.deepEqual(Object.keys(json), mode === 'production' ? ['data'] : ['data', 'extensions']);
        }
    });

    test('mock shows what it makes up, and no SQL', async () => {
        const server = await mock('--workers', '1');
        const parameters = { HTTP_LINNET_EXPLAIN: '1' };
        const query = '{ links(first: 2) { id poster: postedBy { username } url } node(id: "x") { id ... on LinkNode { url } } __typename }';
        const { plan, statements } = explanation(await server.post(query, {}, { parameters }));
        assert.deepEqual(statements, []);
        assert.ok(plan.startsWith(`-> Mock [Link!]!  as "links"
     Fields: id, url
     -> Mock User  as "poster"
          Fields: username
-> Mock Node  as "node"
`), plan);
        assert.match(plan, /\n {5}-> Branch LinkNode\n {10}Fields: id, url\n/);
        assert.ok(plan.endsWith('-> Typename  as "__typename"\n'), plan);
        await server.stop();
    });

    test('linnet query --explain, whatever the mode', () => {
        const file = `${state}/explain-query.graphql`;
        writeFileSync(file, front);
        for (const mode of ['development', 'production']) {
            const text = linnet('query', file, '--explain', '--mode', mode), json = JSON.parse(text);
            assert.deepEqual(outline(explanation({ json, text })), [[1, 'links', 2], [2, 'links.votes', votesIn(json)]]);
            assert.deepEqual(Object.keys(JSON.parse(linnet('query', file, '--mode', mode))), ['data']);
        }
        rmSync(file);
    });
});
