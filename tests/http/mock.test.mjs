// mock.test.mjs - linnet mock, and the real server beside it: a client that was built on the one finds the same
// shapes, pages and refusals at the other.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { goodPassword, makeUsers, unique } from './lib/accounts.mjs';
import { post } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { program, root } from './lib/environment.mjs';
import { mock, until } from './lib/processes.mjs';

let server, session, ada;
before(async () => {
    session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'mock' });
    server = await mock('--workers', '1', '--database', 'host=/nonexistent');
});
after(async () => {
    session.close();
    await server.stop();
});

// Both answers, as somebody who is signed in or not.
async function askBoth(query, variables, { isSignedIn } = {}) {
    const parameters = isSignedIn ? { HTTP_AUTHORIZATION: 'JWT anything' } : {};
    const headers = isSignedIn ? { authorization: `JWT ${ada.token}` } : {};
    const made = await server.post(query, variables, { parameters });
    const real = await post(query, variables, { headers });
    assert.equal(made.status, real.status, made.text);
    return { made: made.json, real: real.json };
}

// What a client relies on: the members and their order, the types, the lists' items.  Null says nothing.
function assertShape(made, real, path = '') {
    if (made === null || real === null) return;
    assert.equal(Array.isArray(made), Array.isArray(real), path);
    assert.equal(typeof made, typeof real, path);
    if (Array.isArray(made)) {
        for (const [i, item] of made.entries()) assertShape(item, real[0] ?? item, `${path}[${i}]`);
    } else if (typeof made === 'object') {
        assert.deepEqual(Object.keys(made), Object.keys(real), path);
        for (const name of Object.keys(made)) assertShape(made[name], real[name], `${path}.${name}`);
    }
}

const withoutIds = (errors) => JSON.parse(JSON.stringify(errors, (name, value) => (name === 'requestId' ? undefined : value)));

const link = 'id url description createdAt voteCount viewerHasVoted postedBy { id username firstName dateJoined }';

suite('the same document at both', () => {
    const documents = {
        'the front page': [
            `query ($first: Int, $skip: Int, $orderBy: [LinkOrder!]) { links(first: $first, skip: $skip, orderBy: $orderBy) { ${link} votes(first: 1) { id createdAt user { username } } } }`,
            { first: 30, skip: 30, orderBy: [{ hot: 'DESC' }] },
        ],
        'the page of a link': [`query ($id: ID!) { link(id: $id) { __typename ${link} } }`, { id: 7 }],
        'the page of a user': ['{ user(id: 3) { id username lastName linkSet(first: 5) { id url } voteSet(first: 1) { link { url } } } }'],
        'a list under two names': ['{ allLinks(first: 3) { url } votes(first: 3) { id user { id } link { id } } }'],
        'who is signed in': ['{ me { id username email lastLogin } }', {}, { isSignedIn: true }],
        'introspection': ['{ __type(name: "Link") { name fields { name args { name defaultValue } type { kind ofType { name } } } } }'],
    };
    for (const [title, [query, variables, options]] of Object.entries(documents))
        test(title, async () => {
            const { made, real } = await askBoth(query, variables, options);
            assert.equal(made.errors, undefined, JSON.stringify(made.errors));
            assertShape(made.data, real.data);
        });

    test('pages are as long', async () => {
        for (const [first, skip] of [[0, 0], [1, 0], [30, 0], [100, 0], [30, 60], [5, 10000]]) {
            const { made, real } = await askBoth(`{ links(first: ${first}, skip: ${skip}) { id } users(first: ${first}) { id } }`);
            assert.equal(made.data.links.length, real.data.links.length, `links ${first} ${skip}`);
            assert.equal(made.data.users.length, real.data.users.length, `users ${first}`);
        }
        const { made, real } = await askBoth('{ links { id } }');
        assert.equal(made.data.links.length, real.data.links.length);
    });

    const refusals = {
        'a page that is too long': '{ links(first: 101) { id } a: link(id: 1) { id } }',
        'rows from before the first': '{ allLinks(skip: -1) { id } }',
        'more rows to skip than there are': '{ users(skip: 10001) { id } }',
        'neither of two arguments': '{ user { id } }',
        'both of two arguments': '{ user(id: 1, username: "ada") { id } }',
        'nobody is signed in': '{ me { id } }',
        'nobody votes': 'mutation { createVote(linkId: 1) { link { id } } }',
        'a field that is not there': '{ links { nothing } }',
        'an operation that is not there': 'query A { __typename } query B { __typename }',
    };
    for (const [title, query] of Object.entries(refusals))
        test(title, async () => {
            const { made, real } = await askBoth(query);
            assert.deepEqual(withoutIds(made.errors), withoutIds(real.errors));
            assert.deepEqual(Object.keys(made), Object.keys(real));
        });

    test('what is not there is null', async () => {
        for (const id of ['0', '-1', 'x', '999999'])
            assert.deepEqual((await askBoth('query ($id: ID!) { link(id: $id) { id } }', { id })).made, { data: { link: null } });
    });

    test('mutations answer with what they were given', async () => {
        const create = `mutation ($url: String!, $description: String!) { createLink(url: $url, description: $description) { id url description postedBy { username } link { ${link} } } }`;
        const variables = { url: 'https://example.org/mock', description: 'Made twice' };
        const { made, real } = await askBoth(create, variables, { isSignedIn: true });
        assertShape(made.data, real.data);
        for (const { createLink } of [made.data, real.data]) {
            assert.equal(createLink.url, variables.url);
            assert.equal(createLink.link.description, variables.description);
            assert.equal(createLink.link.id, String(createLink.id));
        }
        const vote = await askBoth('mutation { createVote(linkId: 2) { user { id } link { id url } } }', {}, { isSignedIn: true });
        assertShape(vote.made.data, vote.real.data);
        assert.equal(vote.made.data.createVote.link.id, '2');
    });
});

suite('signing up and in', () => {
    test('it is alike', async () => {
        const variables = { username: unique('mock'), password: goodPassword, email: 'mock@example.org' };
        const up = await askBoth('mutation ($username: String!, $password: String!, $email: String!) { createUser(username: $username, password: $password, email: $email) { user { id username email } } }', variables);
        assertShape(up.made.data, up.real.data);
        const into = await askBoth('mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { token payload refreshExpiresIn user { username } } }', variables);
        for (const { data } of [into.made, into.real]) {
            assert.match(data.tokenAuth.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
            assert.equal(data.tokenAuth.user.username, variables.username);
        }
    });
});

suite('mock alone', () => {
    const ask = async (query, variables) => {
        const answer = await server.post(query, variables);
        assert.equal(answer.json.errors, undefined, answer.text);
        return answer.json.data;
    };

    test('an object shows the same wherever it is shown', async () => {
        const { links } = await ask(`{ links(first: 5) { ${link} votes { id link { id } } } }`);
        for (const one of links) {
            const again = await ask(`query ($id: ID!) { link(id: $id) { ${link} votes { id link { id } } } }`, { id: one.id });
            assert.deepEqual(again.link, one);
            assert.equal(one.votes.length, one.voteCount);
            for (const vote of one.votes) assert.equal(vote.link.id, one.id);
        }
    });

    test('a list goes on where the page before it has ended', async () => {
        const { all, first, second } = await ask('{ all: links(first: 20) { id } first: links(first: 10) { id } second: links(first: 10, skip: 10) { id } }');
        assert.deepEqual([...first, ...second], all);
    });

    test('filters find what has the value', async () => {
        const { users } = await ask('{ users(first: 3, skip: 7) { id username } }');
        for (const { id, username } of users)
            assert.deepEqual((await ask('query ($username: String) { user(username: $username) { id } }', { username })).user, { id });
        const { links } = await ask('{ links(search: "PARSER") { url description } }');
        assert.ok(links.length > 0);
        for (const { url, description } of links) assert.match(url + description, /parser/i);
    });

    test('what was created can be asked for', async () => {
        const signedIn = { parameters: { HTTP_AUTHORIZATION: 'Bearer x' } };
        const { json } = await server.post('mutation { createLink(url: "https://example.org/") { id } }', {}, signedIn);
        assert.deepEqual((await ask(`{ link(id: ${json.data.createLink.id}) { id } }`)).link, { id: String(json.data.createLink.id) });
    });

    test('a contract that @mock spoils is refused', async () => {
        const folder = mkdtempSync(`${tmpdir()}/linnet-mock.`);
        after(() => rmSync(folder, { recursive: true }));
        writeFileSync(`${folder}/schema.graphql`, 'type Query { n: Int! @mock(values: ["x"], nulls: 5, count: 2) }');
        const log = await mock('--contract', `${folder}/schema.graphql`).catch((error) => error.message);
        for (const words of ['x\\" is not a value of Int', '@mock(nulls:) is only for nullable fields', '@mock(count:) is only for lists'])
            assert.ok(log.includes(words), log);
    });

    test('a contract that gives @skip another meaning is refused', async () => {
        const folder = mkdtempSync(`${tmpdir()}/linnet-mock.`);
        after(() => rmSync(folder, { recursive: true }));
        writeFileSync(`${folder}/schema.graphql`, 'directive @skip(if: Boolean) on FIELD\ntype Query { a: Int b: String }');
        const log = await mock('--contract', `${folder}/schema.graphql`).catch((error) => error.message);
        assert.match(log, /schema\.graphql:1:12: Directive .*@skip.* is built in/);
    });

    test('a subscription is answered with one event', async () => {
        const folder = mkdtempSync(`${tmpdir()}/linnet-mock.`);
        writeFileSync(`${folder}/schema.graphql`, 'scalar ID\ntype Query { a: Int }\ntype Subscription { linkAdded(first: Int): Link }\ntype Link { id: ID! url: String! }');
        const other = await mock('--contract', `${folder}/schema.graphql`, '--workers', '1');
        after(async () => {
            await other.stop();
            rmSync(folder, { recursive: true });
        });
        const { status, json } = await other.post('subscription { linkAdded { id url } }');
        assert.equal(status, 200);
        assert.equal(typeof json.data.linkAdded.url, 'string');
        const byGet = await other.request({ method: 'GET', parameters: { QUERY_STRING: `query=${encodeURIComponent('subscription { linkAdded { id } }')}` } });
        assert.equal(byGet.status, 405);
    });

    test('it reloads, and needs no database for its health', async () => {
        const ready = await server.request({ method: 'GET', parameters: { SCRIPT_NAME: '/ready' } });
        assert.deepEqual(ready.json, { status: 'ready' });
        process.kill(server.pid, 'SIGHUP');
        await until(() => server.log.includes('"reloaded"'), 10000, server.log);
        assert.equal((await ask('{ links(first: 1) { id } }')).links.length, 1);
    });
});

suite('./up --mock', () => {
    const freePort = () => new Promise((resolve) => {
        const listener = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = listener.address();
            listener.close(() => resolve(port));
        });
    });
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
    const run = (command, ...options) => execFileSync(`${root}/${command}`, options, { env: environment, encoding: 'utf8', stdio: ['ignore', 'ignore', 'inherit'] });

    test('has nginx in front, and no PostgreSQL', async () => {
        const folder = mkdtempSync(`${tmpdir()}/linnet-up.`);
        const port = await freePort();
        chmodSync(folder, 0o755);
        after(() => rmSync(folder, { recursive: true, force: true }));
        run('up', '--mock', '--detach', '--no-web', '--port', String(port), '--state', `${folder}/state`, '--program', program);
        try {
            const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
                method: 'POST',
                headers: { 'content-type': 'application/json', origin: 'http://localhost:5173' },
                body: JSON.stringify({ query: '{ links(first: 2) { id } __schema { queryType { name } } }' }),
            });
            assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:5173');
            assert.deepEqual(await answer.json(), { data: { links: [{ id: '250' }, { id: '249' }], __schema: { queryType: { name: 'Query' } } } });
            assert.ok(!existsSync(`${folder}/state/postgresql`));
        } finally {
            run('down', '--purge', '--state', `${folder}/state`);
        }
        await assert.rejects(fetch(`http://127.0.0.1:${port}/live`));
    });
});
