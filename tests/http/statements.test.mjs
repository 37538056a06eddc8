// statements.test.mjs - how many statements a request may send, and which of them PostgreSQL keeps.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';

import { asParameters, makeUsers } from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import { Session } from './lib/database.mjs';
import { serve } from './lib/processes.mjs';
import { tap } from './lib/tap.mjs';

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');

// 62 lists below `links`, which make 63 statements: each level has two for each of those above it.
const fragment = (n) => `fragment F${n} on Link {
    votes(first: 1) { link { ...F${n - 1} } }
    postedBy { linkSet(first: 1) { ...F${n - 1} } } }`;
const fourLevels = `${[4, 3, 2, 1].map(fragment).join(' ')} fragment F0 on Link { id }`;
const fragments = `${fragment(5)} ${fourLevels}`;
const sixtyThree = 'links(first: 1) { ...F5 }';

// A server of one worker whose statements are counted.
async function counted(...options) {
    const counter = await tap();
    const server = await serve('--workers', '1', '--limit-shared-requests', '0', '--database', counter.database, ...options);
    // What a connection asks for when it is made is not counted.
    await server.post('{ user(id: 1) { lastName } }');
    counter.forget();
    return { counter, server };
}

async function makeUser() {
    const session = new Session();
    const [user] = await makeUsers(session, 1);
    session.close();
    return user;
}

const isStatement = (text) => text.startsWith('SELECT') && !text.includes('set_config');

suite('the limit', () => {
    let counter, server;
    before(async () => {
        ({ counter, server } = await counted());
    });

    test('64 statements are sent', async () => {
        const answer = await server.post(`{ ${sixtyThree} users(first: 1) { id } } ${fragments}`);
        assert.equal(answer.json.errors, undefined);
        assert.ok(answer.json.data.users);
    });

    test('with one more nothing is', async () => {
        counter.forget();
        const query = `{ ${sixtyThree} users(first: 1) { id } link(id: 1) { id } } ${fragments}`;
        for (let i = 0; i < 2; i++) {
            const { json } = await server.post(query);
            assert.equal(json.data, undefined);
            assert.equal(json.errors[0].message, 'The request asks for too many statements.');
            const { code, limit, maximum } = json.errors[0].extensions;
            assert.deepEqual([code, limit, maximum], ['LIMIT_EXCEEDED', 'statements', 64]);
        }
        assert.equal(counter.runs(), 0);
    });

    test('a mutation asks whether its token may still write by the statement that says who asks', async () => {
        const user = await makeUser();
        const create = async () => {
            counter.forget();
            const query = `mutation { createLink(url: "${freshUrl()}") { id } }`;
            const { json } = await server.post(query, {}, { parameters: asParameters(user) });
            assert.equal(json.errors, undefined);
        };
        await create();
        const asking = counter.prepared().filter((text) => text.includes('account_check_session'));
        assert.equal(asking.length, 1);
        assert.match(asking[0], /set_config\('linnet.user_id'.*account_check_session.*pg_current_xact_id/);
        await create();
        // BEGIN, who asks, the function; and COMMIT, alone.
        const types = counter.connections.flat().map(({ type }) => type);
        assert.deepEqual([counter.runs(), types.filter((type) => type === 'S').length], [4, 2]);
    });

    test("a mutation's fields count together", async () => {
        const payload = 'postedBy { linkSet(first: 1) { ...F4 } }';
        const create = (i) => `m${i}: createLink(url: "${freshUrl()}") { ${payload} }`;
        const user = await makeUser();
        counter.forget();
        const query = `mutation { ${times(3, create)} } ${fourLevels}`;
        const { json } = await server.post(query, {}, { parameters: asParameters(user) });
        assert.equal(json.errors[0].extensions.limit, 'statements', JSON.stringify(json));
        assert.equal(counter.runs(), 0);
    });
});

suite('equal shapes', () => {
    let counter, server;
    before(async () => {
        ({ counter, server } = await counted('--connections', '1'));
    });
    const texts = () => counter.prepared().filter(isStatement);

    test('have one text under twenty names', async () => {
        const { json } = await server.post(`{ ${times(20, (i) => `a${i}: user(id: ${900001 + i}) { username }`)} }`);
        assert.equal(json.errors, undefined);
        assert.equal(texts().length, 1);
    });

    test('at any place, in any document', async () => {
        const list = 'votes(first: 2) { user { username } }';
        await server.post(`{ links(first: 3) { id ${list} } }`);
        const known = texts().length;
        await server.post(`{ b: links(first: 3) { other: id c: ${list} } }`);
        assert.equal(texts().length, known);
        await server.post(`query Q { user(id: 900002) { username } b: links(first: 3) { id d: ${list} } }`);
        assert.equal(texts().length, known);
    });
});

suite('more statements than a connection keeps', () => {
    // Different in their text: row limits are a part of it.
    const selections = ['id', 'url', 'id url', 'url id', 'description', 'createdAt', 'voteCount'];
    const different = (from, count) =>
        times(count, (i) => `a${from + i}: links(first: ${(from + i) % 100}) { ${selections[Math.floor((from + i) / 100)]} }`);
    const wide = ['--connections', '1', '--limit-aliases', '1000', '--limit-root-fields', '1000'];

    // PostgreSQL is never asked to keep more than so many, nor to forget within a transaction.
    function assertKept(messages, most) {
        let kept = 0,
            isInTransaction = false;
        for (const { type, name, text } of messages) {
            if (type !== 'P') continue;
            if (text.startsWith('BEGIN')) isInTransaction = true;
            if (text === 'COMMIT' || text === 'ROLLBACK') isInTransaction = false;
            if (name) kept++;
            assert.ok(kept <= most, `${kept} are kept`);
            if (!text.startsWith('DEALLOCATE')) continue;
            assert.match(text, /^DEALLOCATE s\d+$/);
            assert.ok(!isInTransaction);
            kept--;
        }
    }

    test('over many requests: the oldest are forgotten one by one', async () => {
        const { counter, server } = await counted(...wide);
        for (let from = 0; from < 700; from += 20) {
            const { json } = await server.post(`{ ${different(from, 20)} }`);
            assert.equal(json.errors, undefined);
        }
        assert.equal(counter.connections.filter((messages) => messages.length > 0).length, 1);
        assert.ok(counter.prepared().length >= 700);
        assert.deepEqual(counter.unnamed().filter(isStatement), []);
        counter.connections.forEach((messages) => assertKept(messages, 512));
        // What was used last is there still.
        counter.forget();
        await server.post(`{ ${different(680, 20)} }`);
        assert.deepEqual(counter.prepared(), []);
    });

    test('in one request: the rest is not kept, and another client is answered', async () => {
        const { counter, server } = await counted(...wide, '--limit-statements', '1000', '--limit-tokens', '20000', '--limit-document', '100000');
        const user = await makeUser();
        const crowd = Array.from({ length: 6 }, () => server.post(`{ ${different(0, 700)} }`));
        const others = Array.from({ length: 6 }, () =>
            server.post(
                `mutation { createLink(url: "${freshUrl()}") { id } }`,
                {},
                { parameters: asParameters(user) },
            ),
        );
        for (const { json } of await Promise.all(crowd)) {
            assert.equal(json.errors, undefined);
            assert.equal(Object.keys(json.data).length, 700);
            assert.equal(json.data.a99.length, 99);
        }
        for (const { json } of await Promise.all(others)) assert.ok(json.data?.createLink?.id, JSON.stringify(json));
        assert.ok(counter.unnamed().filter(isStatement).length > 0);
        assert.equal(counter.connections.filter((messages) => messages.length > 0).length, 1);
        counter.connections.forEach((messages) => assertKept(messages, 512));
    });
});
