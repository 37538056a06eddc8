// tokens.test.mjs - tokens: how they come, what a bad one means for an operation, and hostile ones.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import {
    as,
    claimsFor,
    claimsOf,
    failureOf,
    goodHeader,
    goodPassword,
    makeUsers,
    mintExpired,
    overNginx,
    sign,
} from './lib/accounts.mjs';
import {
    ask,
    assertErrors,
    assertRefused,
    GRAPHQL_TYPE,
    JSON_TYPE,
    post,
    rawHttp,
    request,
} from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { patience, state, url } from './lib/environment.mjs';
import { changed, hostile, now, sized } from './lib/hostile_tokens.mjs';
import { serve, until } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());

suite('a token', () => {
    let t, ada;
    before(async () => {
        t = overNginx();
        [ada] = await t.users(1, { prefix: 'token' });
    });
    after(() => t.session.close());
    const verify = 'mutation ($t: String) { verifyToken(token: $t) { payload } }';

    for (const scheme of ['JWT', 'Bearer', 'jwt', 'bearer', 'BEARER', 'JWT ', 'Bearer \t'])
        test(`comes after ${JSON.stringify(scheme)}`, async () =>
            assert.deepEqual(await ask('{ me { id email } }', {}, as(ada, scheme)), {
                me: { id: ada.id, email: ada.email },
            }));

    for (const header of ['Basic dXNlcjpwYXNz', 'JWT', 'Bearer ', '', 'Digest x', 'Token abc'])
        test(`does not come with ${JSON.stringify(header)}`, async () => {
            const answer = await post('{ me { id } }', {}, { headers: { authorization: header } });
            assert.equal(failureOf(answer, 'me').extensions.code, 'UNAUTHENTICATED');
        });

    test('may not come twice', async () => {
        const body = '{"query":"{ me { id } }"}';
        const answer = await rawHttp(
            `POST ${url.pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n` +
                `Authorization: JWT ${ada.token}\r\nAuthorization: JWT ${ada.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        assert.match(answer, /^HTTP\/1\.1 400 /);
    });

    test('is not taken from an address, a cookie or a body', async () => {
        for (const [document, options] of [
            ['{ me { id } }', { headers: { cookie: `JWT=${ada.token}; token=${ada.token}` } }],
            ['{ me { id } }', { headers: { 'x-authorization': `JWT ${ada.token}` } }],
        ])
            assert.equal(
                failureOf(await post(document, { token: ada.token }, options), 'me').extensions
                    .code,
                'UNAUTHENTICATED',
            );
    });

    test('verifyToken shows its payload', async () => {
        const { exp, iat } = claimsOf(ada.token);
        const payload = { username: ada.username, exp, origIat: iat };
        assert.deepEqual(await t.ask(null, verify, { t: ada.token }), { verifyToken: { payload } });
        assert.deepEqual(await t.ask(ada, 'mutation { verifyToken { payload } }'), {
            verifyToken: { payload },
        });
    });

    test('verifyToken of a bad one', async () => {
        for (const [token, code, message] of [
            ['x', 'TOKEN_INVALID', 'Invalid token'],
            ['', 'TOKEN_INVALID', 'Invalid token'],
            [`${ada.token}x`, 'TOKEN_INVALID', 'Invalid token'],
            [await mintExpired(ada), 'TOKEN_EXPIRED', 'Signature has expired'],
        ]) {
            const error = await t.fail(null, verify, { t: token });
            assert.deepEqual(
                [error.code, error.message, error.path, error.data],
                [code, message, ['verifyToken'], { verifyToken: null }],
            );
        }
        assert.equal(
            (await t.fail(null, 'mutation { verifyToken { payload } }')).code,
            'BAD_USER_INPUT',
        );
    });

    test('without one, a field that needs a user is null, with 200 for either type', async () => {
        for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
            for (const document of [
                '{ me { id } }',
                'mutation { createLink(url: "https://a.example/") { id } }',
            ]) {
                const answer = await post(document, {}, { accept });
                const [field] = Object.keys(answer.json.data);
                const error = failureOf(answer, field);
                assert.deepEqual(
                    [error.extensions.code, error.message],
                    ['UNAUTHENTICATED', 'Not logged in!'],
                );
                assert.equal(answer.headers['www-authenticate'], undefined);
            }
            const answer = await post('{ me { id } links(first: 1) { id } }', {}, { accept });
            assert.equal(answer.status, 200);
            assert.equal(answer.json.data.links.length, 1);
        }
    });

    test('that is bad does not stop what everybody may ask', async () => {
        for (const [token, code, message] of [
            ['x.y.z', 'TOKEN_INVALID', 'Invalid token'],
            [await mintExpired(ada), 'TOKEN_EXPIRED', 'Signature has expired'],
        ]) {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                const answer = await post(
                    '{ me { id } links(first: 1) { id viewerHasVoted postedBy { email } } }',
                    {},
                    { accept, ...as(token) },
                );
                assert.equal(answer.status, 200);
                assert.equal(answer.json.data.me, null);
                assert.equal(answer.json.data.links[0].viewerHasVoted, false);
                const errors = assertErrors(answer);
                assert.deepEqual(
                    [errors.length, errors[0].path, errors[0].extensions.code, errors[0].message],
                    [1, ['me'], code, message],
                );
                const alone = await post(
                    '{ links(first: 1) { id } }',
                    {},
                    { accept, ...as(token) },
                );
                assert.deepEqual([alone.status, alone.json.errors], [200, undefined]);
            }
        }
    });

    test('that is bad is 401 where every field needs a user', async () => {
        for (const [token, code] of [
            ['x.y.z', 'TOKEN_INVALID'],
            [await mintExpired(ada), 'TOKEN_EXPIRED'],
        ]) {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                for (const document of [
                    '{ me { id } }',
                    '{ a: me { id } b: me { email } }',
                    'mutation { createLink(url: "https://a.example/") { id } }',
                ]) {
                    const answer = await post(document, {}, { accept, ...as(token) });
                    assertRefused(answer, 401, code);
                    assert.match(answer.headers['www-authenticate'] ?? '', /^(Bearer|JWT)\b/i);
                    assert.equal(answer.headers['content-type'], `${accept}; charset=utf-8`);
                }
            }
        }
    });

    test("of a user who is gone is nobody's", async () => {
        const [gone] = await t.users(1, { prefix: 'gone' });
        await session.run(`DELETE FROM users WHERE id = ${gone.id}`);
        const answer = await post('{ me { id } }', {}, as(gone));
        assert.equal(answer.status, 200);
        assert.equal(answer.json.data.me, null);
    });
});

suite('the setting user_key', () => {
    test('says what a key is', async () => {
        const [ada] = await makeUsers(session, 1, { prefix: 'keyed' });
        const key = '0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071';
        const server = await serve('--workers', '1', '--user-key', 'uuid');
        const ask = async (sub) => {
            const HTTP_AUTHORIZATION = `JWT ${sign(goodHeader, await claimsFor(ada, { sub }))}`;
            const { json } = await server.post('{ __typename me { id } }', {}, { parameters: { HTTP_AUTHORIZATION } });
            assert.equal(json.data.__typename, 'Query');
            return json.errors.map(({ extensions }) => extensions.code);
        };
        assert.deepEqual(await ask(ada.id), ['TOKEN_INVALID']);
        // A good token, which the functions of this database cannot read.
        assert.deepEqual(await ask(key), ['BAD_USER_INPUT']);
        await server.stop();
    });

    test('must be a type', async () => {
        await assert.rejects(serve('--workers', '1', '--user-key', 'uiid'), /user_key must be a type/);
    });
});

suite('hostile tokens', () => {
    let ada;
    before(async () => {
        [ada] = await makeUsers(session, 1, { prefix: 'victim' });
    });

    test('are more than a hundred', () => assert.ok(Object.keys(hostile).length >= 150));

    for (const [what, make] of Object.entries(hostile)) {
        test(what, async () => {
            const token = make(await claimsFor(ada));
            const answer = await post('{ me { id } }', {}, as(token));
            assertRefused(answer, 401, 'TOKEN_INVALID');
        });
    }

    test('and good ones, made in the same way', async () => {
        const claims = await claimsFor(ada);
        const tokens = [
            sign(goodHeader, claims),
            changed({ nbf: now() - 10 })(claims),
            changed({ iat: now() + 10, exp: now() + 600, origIat: now() + 10 })(claims),
            sign(goodHeader, JSON.stringify(claims, Object.keys(claims).reverse())),
            sized(claims, 4093),
        ];
        assert.ok(tokens.at(-1).length <= 4096);
        for (const token of tokens)
            assert.deepEqual(await ask('{ me { id } }', {}, as(token)), { me: { id: ada.id } });
    });
});

test('no token and no password is in any log, after all that', async () => {
    const folder = `${state}/log`;
    // nginx writes its log in pieces: what comes last shows that all of it has been written.
    const mark = `/last-${Date.now()}`;
    await request({ method: 'GET', path: mark });
    const isWritten = () =>
        readdirSync(folder).some((file) => readFileSync(`${folder}/${file}`, 'utf8').includes(mark));
    await until(isWritten, 10000 * patience, 'nginx has written its log');
    for (const file of readdirSync(folder)) {
        const text = readFileSync(`${folder}/${file}`, 'utf8');
        assert.ok(!text.includes(goodPassword), `${file} has a password`);
        assert.doesNotMatch(text, /eyJ0eXAi/, `${file} has a token`);
    }
    assert.match(readFileSync(`${folder}/linnet.log`, 'utf8'), /TOKEN_INVALID/);
});
