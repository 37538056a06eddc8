// idempotent.test.mjs - writes that are sent again with the same key are done once, and answered
// alike: whenever the connection was lost, and whoever sends it meanwhile.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';

import { asParameters, overNginx, unique } from './lib/accounts.mjs';
import { assertErrors, post } from './lib/client.mjs';
import { quote, Session } from './lib/database.mjs';
import { serve } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';

let ada, bob, proxy, server, session, t;
before(async () => {
    t = overNginx();
    [ada, bob] = await t.users(2, { prefix: 'idempotent' });
    proxy = await proxyTo(process.env.PGHOST);
    session = new Session();
    server = await serve(
        ...['--workers', '1', '--limit-lock-time', '300'],
        ...['--database', `host=${proxy.host} dbname=linnet user=linnet_login`],
    );
});
after(async () => {
    session.close();
    t.session.close();
    await server.stop();
});
afterEach(() => {
    proxy.strike = () => null;
});

const CREATE = 'mutation ($u: String!) { createLink(url: $u) { id url postedBy { username } } }';
const newUrl = () => `https://idempotent.example/${unique('link')}`;
const count = async (rows) => (await session.row(`SELECT count(*)::integer AS n FROM ${rows}`)).n;
const countOf = (u) => count(`links WHERE url = ${quote(u)}`);
const countKeys = (key) => count(`linnet_requests WHERE key = ${quote(key)}`);

const send = (query, variables, key, user = ada) =>
    server.post(query, variables, {
        parameters: { ...asParameters(user), ...(key === undefined ? {} : { HTTP_IDEMPOTENCY_KEY: key }) },
    });

function assertFails(answer, code, status = 200) {
    assert.equal(answer.status, status, answer.text);
    const [error] = assertErrors(answer);
    assert.equal(error.extensions.code, code, answer.text);
    return error;
}

function assertCreated(answer, u) {
    assert.equal(answer.status, 200, answer.text);
    const { createLink } = answer.json.data;
    assert.deepEqual(answer.json, {
        data: { createLink: { id: createLink.id, url: u, postedBy: { username: ada.username } } },
    });
    return answer.text;
}

suite('the same key', () => {
    test('the write is done once, and answered alike, also when the row has changed', async () => {
        const [u, key] = [newUrl(), unique('key')];
        const first = assertCreated(await send(CREATE, { u }, key), u);
        await session.run(`UPDATE links SET description = 'changed' WHERE url = ${quote(u)}`);
        assert.equal((await send(CREATE, { u }, key)).text, first);
        await session.run(`DELETE FROM links WHERE url = ${quote(u)}`);
        assert.equal((await send(CREATE, { u }, key)).text, first);
        assert.equal(await countOf(u), 0);
    });

    test('without a key, and with another, it is done again', async () => {
        const u = newUrl();
        for (const key of [undefined, undefined, unique('key'), unique('key')])
            assertCreated(await send(CREATE, { u }, key), u);
        assert.equal(await countOf(u), 4);
    });

    test('another document, or other variables, are a conflict', async () => {
        const [u, key] = [newUrl(), unique('key')];
        assertCreated(await send(CREATE, { u }, key), u);
        assertFails(await send(CREATE, { u: `${u}/2` }, key), 'CONFLICT');
        assertFails(await send(`${CREATE} # again`, { u }, key), 'CONFLICT');
        assert.deepEqual([await countOf(u), await countOf(`${u}/2`)], [1, 0]);
    });

    test("another user's is another key", async () => {
        const [u, key] = [newUrl(), unique('key')];
        assertCreated(await send(CREATE, { u }, key), u);
        const answer = await send(CREATE, { u }, key, bob);
        assert.equal(answer.json.data.createLink.postedBy.username, bob.username);
        assert.equal(await countOf(u), 2);
    });

    test('fields of one operation are told apart by their places', async () => {
        const [u, key] = [newUrl(), unique('key')];
        const two = `mutation ($u: String!) { __typename a: createLink(url: $u) { id }
            b: createLink(url: $u) { id } }`;
        const first = await send(two, { u }, key);
        const { a, b } = first.json.data;
        assert.notEqual(a.id, b.id);
        assert.equal((await send(two, { u }, key)).text, first.text);
        assert.equal(await countOf(u), 2);
    });

    test('a write that was refused is no answer: it is tried again', async () => {
        const key = unique('key');
        const bad = 'mutation { createLink(url: "no address") { id } }';
        assertFails(await send(bad, {}, key), 'BAD_USER_INPUT');
        assertFails(await send(bad, {}, key), 'BAD_USER_INPUT');
        assert.equal(await countKeys(key), 0);
    });

    test('over nginx, the header comes through', async () => {
        const [u, key] = [newUrl(), unique('key')];
        const headers = { authorization: `JWT ${ada.token}`, 'idempotency-key': key };
        const first = assertCreated(await post(CREATE, { u }, { headers }), u);
        assert.equal((await post(CREATE, { u }, { headers })).text, first);
        assert.equal(await countOf(u), 1);
    });

    test('after 24 hours it is forgotten', async () => {
        const [u, key] = [newUrl(), unique('key')];
        assertCreated(await send(CREATE, { u }, key), u);
        // Ten are removed each time, the oldest first.
        await session.run(`UPDATE linnet_requests SET created_at = now() - interval '1 year'
            WHERE key = ${quote(key)}`);
        const next = newUrl();
        assertCreated(await send(CREATE, { u: next }, unique('key')), next);
        assert.equal(await countKeys(key), 0);
    });
});

suite('while the first is under way', () => {
    test('many at once: one row, one answer', async () => {
        const [u, key] = [newUrl(), unique('key')];
        const answers = await Promise.all(
            Array.from({ length: 6 }, () => post(CREATE, { u }, {
                headers: { authorization: `JWT ${ada.token}`, 'idempotency-key': key },
            })),
        );
        assert.equal(await countOf(u), 1);
        const first = assertCreated(answers[0], u);
        for (const answer of answers) assert.equal(answer.text, first);
    });

    test('one that lasts longer than limit_lock_time is not waited for', async () => {
        const [u, key] = [newUrl(), unique('key')];
        await session.run(`BEGIN; INSERT INTO linnet_requests (user_id, key, field, hash)
            VALUES ('${ada.id}', ${quote(key)}, 0, 'another')`);
        const error = assertFails(await send(CREATE, { u }, key), 'SERVICE_UNAVAILABLE', 503);
        assert.match(error.message, /same idempotency key/);
        assert.ok(error.extensions.retryAfter >= 1);
        await session.run('ROLLBACK');
        assertCreated(await send(CREATE, { u }, key), u);
        assert.equal(await countOf(u), 1);
    });
});

// Each flush of a write with a key, by a statement in it.
const MESSAGES = {
    claim: /linnet_claim_request/,
    write: /"?create_link"?\s*\(/,
    keep: /linnet_keep_answer/,
    commit: /^COMMIT$/,
};

suite('the connection to PostgreSQL is lost', () => {
    for (const [name, pattern] of Object.entries(MESSAGES))
        for (const how of ['before', 'answered', 'sent'])
            test(`at ${name}, ${how}, each time: sent again, there is exactly one`, async () => {
                const [u, key] = [newUrl(), unique('key')];
                let struck = 0;
                proxy.strike = (statements) => {
                    const isMeant = statements.some((text) => pattern.test(text));
                    struck += isMeant;
                    return isMeant ? how : null;
                };
                await send(CREATE, { u }, key);
                assert.ok(struck > 0, 'it was lost');
                proxy.strike = () => null;
                const first = assertCreated(await send(CREATE, { u }, key), u);
                assert.equal((await send(CREATE, { u }, key)).text, first);
                assert.equal(await countOf(u), 1);
            });
});

suite('keys that are none', () => {
    const LONG = 'x'.repeat(256);

    test('255 bytes are a key, and 256 are not', async () => {
        const u = newUrl();
        assertCreated(await send(CREATE, { u }, unique('x'.repeat(240)).slice(0, 255)), u);
        const error = assertFails(await send(CREATE, { u }, LONG), 'LIMIT_EXCEEDED');
        assert.deepEqual([error.extensions.limit, error.extensions.maximum], ['idempotency_key', 255]);
        assert.equal(await countOf(u), 1);
    });

    for (const [what, key] of [
        ['an empty one', ''],
        ['a control character', 'a\x01b'],
        ['a delete', 'a\x7fb'],
        ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x62])],
    ])
        test(`${what} is refused`, async () => {
            const u = newUrl();
            const error = assertFails(await send(CREATE, { u }, key), 'BAD_USER_INPUT');
            assert.equal(error.extensions.argument, 'idempotencyKey');
            assert.equal(await countOf(u), 0);
        });

    for (const key of ["'; DROP TABLE links; --", '$1', '\\', '"', '{}', '𝛑 ключ', '%', '0'])
        test(`${key} is a key`, async () => {
            const u = newUrl();
            const own = `${key}${unique('')}`;
            const first = assertCreated(await send(CREATE, { u }, own), u);
            assert.equal((await send(CREATE, { u }, own)).text, first);
            assert.equal(await countOf(u), 1);
        });
});

suite('who has keys', () => {
    test('nobody who is not signed in', async () => {
        assertFails(await send(CREATE, { u: newUrl() }, 'key', null), 'UNAUTHENTICATED');
    });

    test('no field without @idempotent: a request with one is refused as a whole', async () => {
        const u = newUrl();
        const answer = await send(
            `mutation ($u: String!) { createLink(url: $u) { id } deleteTokenCookie { deleted } }`,
            { u },
            unique('key'),
        );
        const error = assertFails(answer, 'BAD_REQUEST', 400);
        assert.match(error.message, /deleteTokenCookie takes no Idempotency-Key/);
        assert.equal(await countOf(u), 0);
    });

    test('a query, which writes nothing, is answered', async () => {
        const answer = await send('{ links(first: 0) { id } }', {}, unique('key'));
        assert.deepEqual(answer.json, { data: { links: [] } });
    });
});
