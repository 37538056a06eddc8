// cookies.test.mjs - cookie mode: tokens that no script of a page can read, and no page of another
// site can have sent.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
    claimsOf,
    failureOf,
    goodPassword,
    makeUsers,
    mintExpired,
    signUp,
    unique,
} from './lib/accounts.mjs';
import { assertRefused, makeAnswer, post, request } from './lib/client.mjs';
import { Jar, plainNames, secureNames, setCookies } from './lib/cookies.mjs';
import { Session } from './lib/database.mjs';
import { sockets, url } from './lib/environment.mjs';
import { startNginx } from './lib/nginx.mjs';
import { serve } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());

const signInDocument = `mutation ($username: String!, $password: String!) {
    tokenAuth(username: $username, password: $password) { token payload user { id } } }`;
const me = '{ me { id } }';
const forget = 'mutation { deleteTokenCookie { deleted } }';

suite('cookie mode', () => {
    let server, ada, eve, username;
    before(async () => {
        server = await serve(...'--workers 1 --mode production --introspection user --limit-resolver-calls 3'.split(' '));
        [ada, eve] = await makeUsers(session, 2, { prefix: 'cookie' });
        username = unique('cookie');
        await signUp(username, goodPassword);
    });
    after(() => server.stop());
    beforeEach(() => session.run('DELETE FROM login_failures'));

    // Over https, as nginx says it.
    const secure = { HTTPS: 'on', HTTP_HOST: 'us.example', HTTP_SEC_FETCH_SITE: 'same-origin' };
    const send = (query, variables, { mode = '1', cookie, ...parameters } = {}) =>
        server.post(query, variables, {
            parameters: {
                ...secure,
                ...(mode && { HTTP_LINNET_COOKIES: mode }),
                ...(cookie && { HTTP_COOKIE: cookie }),
                ...parameters,
            },
        });
    const cookieOf = (token) => `${secureNames.token}=${token.token ?? token}`;
    const idOf = (answer) => {
        assert.equal(answer.status, 200, answer.text);
        return answer.json.data.me?.id ?? null;
    };
    const signInHere = (options, password = goodPassword) => send(signInDocument, { username, password }, options);

    test('signs in by a cookie, and the body has no token', async () => {
        const answer = await signInHere();
        assert.equal(answer.json.errors, undefined, answer.text);
        const { token, payload, user } = answer.json.data.tokenAuth;
        assert.equal(token, '');
        const cookie = setCookies(answer)[secureNames.token];
        assert.deepEqual([cookie.path, cookie.isSecure], ['/graphql', true]);
        assert.ok(cookie.seconds > 0);
        assert.equal(claimsOf(cookie.value).username, username);
        assert.equal(claimsOf(cookie.value).exp, payload.exp);
        assert.doesNotMatch(answer.text, /eyJ/);
        assert.equal(answer.headers['cache-control'], 'no-store');
        const jar = new Jar();
        jar.take(answer);
        assert.equal(idOf(await send(me, {}, { cookie: jar.header })), user.id);
    });

    test('with the refresh token alone has the access token in the body', async () => {
        const answer = await signInHere({ mode: 'refresh' });
        const { token } = answer.json.data.tokenAuth;
        assert.equal(claimsOf(token).username, username);
        assert.equal(setCookies(answer)[secureNames.token], undefined);
        // And a cookie with one does not count then.
        assert.equal(idOf(await send(me, {}, { mode: 'refresh', cookie: cookieOf(ada) })), null);
    });

    test('counts cookies beside its header alone, also by GET', async () => {
        const cookie = cookieOf(ada);
        assert.equal(idOf(await send(me, {}, { cookie })), ada.id);
        assert.equal(idOf(await send(me, {}, { cookie, mode: null })), null);
        const get = (parameters) =>
            server.request({
                method: 'GET',
                parameters: {
                    ...secure,
                    QUERY_STRING: new URLSearchParams({ query: me }).toString(),
                    HTTP_ACCEPT: 'application/json',
                    HTTP_COOKIE: cookie,
                    ...parameters,
                },
            });
        assert.equal(idOf(await get({ HTTP_LINNET_COOKIES: '1' })), ada.id);
        assert.equal(idOf(await get({})), null);
        assertRefused(await get({ HTTP_LINNET_COOKIES: '1', HTTP_SEC_FETCH_SITE: 'cross-site' }), 403, 'FORBIDDEN');
    });

    for (const [who, parameters, status, code] of [
        ['a page of another site', { HTTP_SEC_FETCH_SITE: 'cross-site' }, 403, 'FORBIDDEN'],
        ['a page of a neighbour', { HTTP_SEC_FETCH_SITE: 'same-site' }, 403, 'FORBIDDEN'],
        ['plain http', { HTTPS: null }, 403, 'FORBIDDEN'],
        ['another value of the header', { HTTP_LINNET_COOKIES: 'true' }, 400, 'BAD_REQUEST'],
    ])
        test(`refuses ${who}, and does nothing`, async () => {
            const password = 'a wrong password';
            const answer = await send(signInDocument, { username, password }, { cookie: cookieOf(ada), ...parameters });
            assertRefused(answer, status, code);
            assert.deepEqual(setCookies(answer), {});
            assert.deepEqual(await session.rows('SELECT FROM login_failures'), []);
        });

    test('refuses a cookie that came twice', async () => {
        for (const cookie of [`${cookieOf(ada)}; ${cookieOf(eve)}`, `${cookieOf(ada)}, ${cookieOf(eve)}`])
            assertRefused(await send(me, {}, { cookie }), 400, 'BAD_REQUEST');
        const twice = await server.request({
            body: JSON.stringify({ query: me }),
            parameters: { ...secure, HTTP_LINNET_COOKIES: '1' },
            more: [
                ['HTTP_COOKIE', cookieOf(ada)],
                ['HTTP_COOKIE', cookieOf(eve)],
            ],
        });
        assertRefused(twice, 400, 'BAD_REQUEST');
    });

    test('refuses a header and a cookie of different users', async () => {
        const both = (one, other) => send(me, {}, { cookie: cookieOf(one), HTTP_AUTHORIZATION: `JWT ${other.token ?? other}` });
        assertRefused(await both(ada, eve), 400, 'BAD_REQUEST');
        assertRefused(await both(ada, await mintExpired(eve)), 400, 'BAD_REQUEST');
        assert.equal(idOf(await both(ada, ada)), ada.id);
    });

    test('says that a token in a cookie has expired', async () => {
        const answer = await send(me, {}, { cookie: cookieOf(await mintExpired(ada)) });
        assertRefused(answer, 401, 'TOKEN_EXPIRED');
    });

    test('verifies the token of the cookie', async () => {
        const { verifyToken } = (await send('mutation { verifyToken { payload } }', {}, { cookie: cookieOf(ada) })).json.data;
        assert.equal(verifyToken.payload.username, ada.username);
    });

    test('sets no cookie with an error', async () => {
        const wrong = await signInHere({}, 'a wrong password');
        assert.equal(failureOf(wrong, 'tokenAuth').extensions.code, 'UNAUTHENTICATED');
        assert.deepEqual(setCookies(wrong), {});
        const jar = new Jar();
        // Of several fields the last that has succeeded.
        const answer = await send(
            `mutation ($u: String!, $p: String!) { a: tokenAuth(username: $u, password: $p) { token }
                b: tokenAuth(username: $u, password: "a wrong password") { token } }`,
            { u: username, p: goodPassword },
        );
        assert.deepEqual(answer.json.data, { a: { token: '' }, b: null });
        assert.equal(Object.keys(setCookies(jar.take(answer))).includes(secureNames.token), true);
    });

    test('deletes the cookie of the access token', async () => {
        const deleted = async (options) => {
            const answer = await send(forget, {}, options);
            return [answer.json.data.deleteTokenCookie.deleted, setCookies(answer)];
        };
        const gone = { [secureNames.token]: { value: '', path: '/graphql', seconds: 0, isSecure: true } };
        assert.deepEqual(await deleted({ cookie: cookieOf(ada) }), [true, gone]);
        // Left from the other mode.
        assert.deepEqual(await deleted({ cookie: cookieOf(ada), mode: 'refresh' }), [true, gone]);
        assert.deepEqual(await deleted({}), [false, {}]);
        assert.deepEqual(await deleted({ cookie: cookieOf(ada), mode: null }), [false, {}]);
    });

    test('keeps no answer for anybody else', async () => {
        const schema = '{ __schema { queryType { name } } }';
        for (const [cookie, isAnswered] of [
            [cookieOf(ada), true],
            [undefined, false],
            [cookieOf(eve), true],
            [undefined, false],
        ]) {
            const answer = await send(schema, {}, { cookie });
            assert.equal(answer.json.errors === undefined, isAnswered, answer.text);
            assert.equal(answer.headers['cache-control'], 'no-store');
        }
        for (const user of [ada, eve, ada]) assert.equal(idOf(await send(me, {}, { cookie: cookieOf(user) })), user.id);
    });
});

suite('pages of other sites', () => {
    const preflight = (origin) =>
        request({
            method: 'OPTIONS',
            headers: {
                origin,
                'access-control-request-method': 'POST',
                'access-control-request-headers': 'content-type, linnet-cookies',
            },
        });

    test('may not send the header, also where they may send others', async () => {
        for (const origin of ['http://localhost:3000', 'https://evil.example']) {
            const { headers } = await preflight(origin);
            assert.doesNotMatch(headers['access-control-allow-headers'] ?? '', /linnet-cookies|\*/i);
            assert.equal(headers['access-control-allow-credentials'], undefined);
        }
    });

    test('are never told that cookies may come along', async () => {
        const answer = await post(me, {}, { headers: { origin: 'http://localhost:3000', 'linnet-cookies': '1' } });
        assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    });
});

suite('through nginx', () => {
    let username;
    before(async () => {
        username = unique('cookie');
        await signUp(username, goodPassword);
    });

    test('http on this machine has other names', async () => {
        const jar = new Jar();
        const headers = { 'linnet-cookies': '1' };
        const answer = await post(signInDocument, { username, password: goodPassword }, { headers });
        jar.take(answer);
        const { path, isSecure } = setCookies(answer)[plainNames.token];
        assert.deepEqual([path, isSecure], [url.pathname.replace(/\/$/, ''), false]);
        const seen = await post(me, {}, { headers: { ...headers, cookie: jar.header } });
        assert.equal(seen.json.data.me.id, answer.json.data.tokenAuth.user.id);
        const named = await post(me, {}, { headers: { ...headers, host: 'us.example' } });
        assertRefused(named, 403, 'FORBIDDEN');
    });

    test('https has names that only https may set', async () => {
        const server = await startNginx({ socket: `${sockets}/linnet/linnet.sock`, isSecure: true });
        const jar = new Jar();
        const answer = await overTls(server.port, jar, signInDocument, { username, password: goodPassword });
        const { path, isSecure } = setCookies(jar.take(answer))[secureNames.token];
        assert.deepEqual([path, isSecure], ['/graphql', true]);
        const seen = await overTls(server.port, jar, me);
        assert.equal(seen.json.data.me.id, answer.json.data.tokenAuth.user.id);
        assert.deepEqual(setCookies(jar.take(await overTls(server.port, jar, forget)))[secureNames.token].seconds, 0);
        assert.equal((await overTls(server.port, jar, me)).json.data.me, null);
        await server.stop();
    });
});

function overTls(port, jar, query, variables) {
    const body = JSON.stringify({ query, variables });
    const headers = { 'content-type': 'application/json', 'linnet-cookies': '1', cookie: jar.header };
    // The certificate is one of its own.
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/graphql', headers, agent: false, rejectUnauthorized: false };
    return new Promise((resolve, reject) => {
        const outgoing = https.request(options, (incoming) => {
            const pieces = [];
            incoming.on('data', (piece) => pieces.push(piece));
            incoming.on('end', () => resolve(makeAnswer(incoming.statusCode, incoming.headers, Buffer.concat(pieces))));
        });
        outgoing.on('error', reject);
        outgoing.end(body);
    });
}
