// cookies.test.mjs - cookie mode: tokens that no script of a page can read, and no page of another
// site can have sent.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
    claimsFor,
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
import { root, sockets, url } from './lib/environment.mjs';
import { hostile } from './lib/hostile_tokens.mjs';
import { startNginx } from './lib/nginx.mjs';
import { serve } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());

const signInDocument = `mutation ($username: String!, $password: String!) {
    tokenAuth(username: $username, password: $password) { token payload refreshToken user { id } } }`;
const refresh = 'mutation ($r: String) { refreshToken(refreshToken: $r) { token payload refreshToken } }';
const me = '{ me { id } }';
const forget = 'mutation { deleteTokenCookie { deleted } }';

suite('cookie mode', () => {
    const folder = mkdtempSync(`${tmpdir()}/linnet-cookies.`),
        contract = `${folder}/schema.graphql`;
    let server, ada, eve, username;
    before(async () => {
        const strict = readFileSync(`${root}/sql/schema.graphql`, 'utf8').replace('): Verify @', '): Verify! @');
        assert.match(strict, /Verify!/);
        writeFileSync(contract, strict);
        const options = '--workers 1 --mode production --introspection user --limit-resolver-calls 3';
        server = await serve(...options.split(' '), '--contract', contract);
        [ada, eve] = await makeUsers(session, 2, { prefix: 'cookie' });
        username = unique('cookie');
        await signUp(username, goodPassword);
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });
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
        const { token, payload, refreshToken, user } = answer.json.data.tokenAuth;
        assert.deepEqual([token, refreshToken], ['', '']);
        const cookie = setCookies(answer)[secureNames.token];
        assert.deepEqual([cookie.path, cookie.isSecure], ['/graphql', true]);
        assert.ok(cookie.seconds > 0);
        assert.equal(claimsOf(cookie.value).username, username);
        assert.equal(claimsOf(cookie.value).exp, payload.exp);
        assert.equal(setCookies(answer)[secureNames.refresh].seconds > 86400, true);
        for (const { value } of Object.values(setCookies(answer))) assert.ok(!answer.text.includes(value));
        assert.equal(answer.headers['cache-control'], 'private, no-store');
        const jar = new Jar();
        jar.take(answer);
        assert.equal(idOf(await send(me, {}, { cookie: jar.header })), user.id);
    });

    test('with the refresh token alone has the access token in the body', async () => {
        const answer = await signInHere({ mode: 'refresh' });
        const { token } = answer.json.data.tokenAuth;
        assert.equal(claimsOf(token).username, username);
        assert.deepEqual(Object.keys(setCookies(answer)), [secureNames.refreshOnly]);
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

    test('refuses hostile tokens in cookies as in a header', async () => {
        for (const [what, make] of Object.entries(hostile)) {
            const cookie = `${secureNames.token}=${make(await claimsFor(ada))}`;
            const answer = await send(me, {}, { cookie: Buffer.from(cookie, 'utf8').toString('latin1') });
            assert.ok([400, 401].includes(answer.status), `${what}: ${answer.text}`);
            assert.equal(answer.json.data, undefined, what);
        }
    });

    test('verifies the token of the cookie', async () => {
        const { verifyToken } = (await send('mutation { verifyToken { payload } }', {}, { cookie: cookieOf(ada) })).json.data;
        assert.equal(verifyToken.payload.username, ada.username);
    });

    test('sets no cookie with an error', async () => {
        const wrong = await signInHere({}, 'a wrong password');
        assert.equal(failureOf(wrong, 'tokenAuth').extensions.code, 'UNAUTHENTICATED');
        assert.deepEqual(setCookies(wrong), {});
        // A field that must not be null takes all data along.
        const lost = await send(
            `mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token }
                verifyToken(token: "x") { payload } }`,
            { u: username, p: goodPassword },
        );
        assert.equal(lost.json.data, null, lost.text);
        assert.deepEqual(setCookies(lost), {});
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

    test('signs out who has signed in, or was refreshed, in the same request', async () => {
        const out = 'deleteRefreshTokenCookie { deleted } deleteTokenCookie { deleted }';
        const isOver = async (answer) => {
            assert.equal(answer.json.errors, undefined, answer.text);
            const { deleteRefreshTokenCookie: refresh, deleteTokenCookie: access } = answer.json.data;
            assert.deepEqual([refresh.deleted, access.deleted], [true, true]);
            assert.deepEqual(Object.values(setCookies(answer)).map(({ value }) => value), ['', '']);
            const newest = 'SELECT revoked_at IS NOT NULL AS "isRevoked" FROM sessions ORDER BY last_used_at DESC LIMIT 1';
            assert.deepEqual(await session.rows(newest), [{ isRevoked: true }]);
        };
        const signInAndOut = `mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token } ${out} }`;
        await isOver(await send(signInAndOut, { u: username, p: goodPassword }));
        const { jar } = await enter('1');
        await isOver(await send(`mutation { refreshToken { token } ${out} }`, {}, { cookie: jar.header }));
    });

    // Time passes for what was exchanged.
    const pass = () => session.run("UPDATE refresh_tokens SET spent_at = spent_at - interval '1 minute'");
    const enter = async (mode) => {
        const jar = new Jar();
        const answer = jar.take(await signInHere({ mode }));
        return { jar, answer: answer.json.data.tokenAuth };
    };

    for (const mode of ['1', 'refresh'])
        test(`refreshes by the cookie (${mode})`, async () => {
            const { jar } = await enter(mode);
            const first = jar.header;
            const answer = await send(refresh, {}, { mode, cookie: first });
            assert.equal(answer.json.errors, undefined, answer.text);
            const { token, refreshToken } = answer.json.data.refreshToken;
            assert.equal(refreshToken, null);
            const set = setCookies(answer);
            assert.deepEqual(Object.keys(set).length, mode === '1' ? 2 : 1);
            const name = mode === '1' ? secureNames.refresh : secureNames.refreshOnly;
            assert.ok(!first.includes(set[name].value));
            const fresh = mode === '1' ? set[secureNames.token].value : token;
            assert.equal(claimsOf(fresh).username, username);
            assert.equal(token === '', mode === '1');
            // Another tab, at the same time: no new refresh token.
            const other = await send(refresh, {}, { mode, cookie: first });
            assert.equal(other.json.errors, undefined, other.text);
            assert.equal(setCookies(other)[name], undefined);
            jar.take(answer);
            assert.equal((await send(refresh, {}, { mode, cookie: jar.header })).json.errors, undefined);
        });

    test('gives a script no access token that asks in the other mode', async () => {
        const { jar } = await enter('1');
        for (const mode of ['refresh', null]) {
            const answer = await send(refresh, {}, { mode, cookie: jar.header });
            assert.equal(failureOf(answer, 'refreshToken').message, 'Refresh token is required');
            assert.deepEqual(setCookies(answer), {});
        }
    });

    test('without its header has no refresh token', async () => {
        const { jar } = await enter('refresh');
        const error = failureOf(await send(refresh, {}, { mode: null, cookie: jar.header }), 'refreshToken');
        assert.equal(error.message, 'Refresh token is required');
    });

    test('sets no cookie when a refresh token was used again', async () => {
        const { jar } = await enter('refresh');
        const first = jar.header;
        jar.take(await send(refresh, {}, { mode: 'refresh', cookie: first }));
        jar.take(await send(refresh, {}, { mode: 'refresh', cookie: jar.header }));
        await pass();
        for (const cookie of [first, jar.header]) {
            const answer = await send(refresh, {}, { mode: 'refresh', cookie });
            assert.equal(failureOf(answer, 'refreshToken').extensions.code, 'TOKEN_INVALID');
            assert.deepEqual(setCookies(answer), {});
        }
    });

    test('refuses a refresh token beside the access token of another user', async () => {
        const { jar, answer } = await enter('refresh');
        const beside = (token) => send(refresh, {}, { mode: 'refresh', cookie: jar.header, HTTP_AUTHORIZATION: `JWT ${token}` });
        for (const token of [ada.token, await mintExpired(ada)]) {
            const refused = await beside(token);
            assert.equal(failureOf(refused, 'refreshToken').extensions.code, 'BAD_REQUEST');
            assert.deepEqual(setCookies(refused), {});
            await pass();
        }
        // Which has logged nobody out.
        jar.take(await beside(answer.token));
        assert.equal((await send(refresh, {}, { mode: 'refresh', cookie: jar.header })).json.errors, undefined);
    });

    test('deletes the cookie of the refresh token, and ends the session', async () => {
        const remove = (options) => send('mutation { deleteRefreshTokenCookie { deleted } }', {}, options);
        const { jar, answer } = await enter('refresh');
        const before = jar.header;
        assert.equal((await remove({ mode: null, cookie: before })).json.data.deleteRefreshTokenCookie.deleted, false);
        const removed = jar.take(await remove({ mode: 'refresh', cookie: before }));
        assert.equal(removed.json.data.deleteRefreshTokenCookie.deleted, true);
        assert.deepEqual(Object.keys(setCookies(removed)), [secureNames.refreshOnly]);
        assert.equal(jar.header, '');
        const again = await send(refresh, {}, { mode: 'refresh', cookie: before });
        assert.equal(failureOf(again, 'refreshToken').extensions.code, 'TOKEN_INVALID');
        const { sid } = claimsOf(answer.token);
        assert.equal((await session.row(`SELECT revoked_at IS NOT NULL AS is_over FROM sessions WHERE id = '${sid}'`)).is_over, true);
        // A token that never was, too.
        const unknown = await remove({ mode: 'refresh', cookie: `${secureNames.refreshOnly}=${'A'.repeat(43)}` });
        assert.equal(unknown.json.data.deleteRefreshTokenCookie.deleted, true);
        assert.equal((await remove({ mode: 'refresh' })).json.data.deleteRefreshTokenCookie.deleted, false);
    });

    test('refuses refresh tokens that are none, as arguments and as cookies', async () => {
        const { jar } = await enter('1');
        const good = jar.cookies.get(secureNames.refresh);
        const { json } = await send(signInDocument, { username, password: goodPassword }, { mode: null });
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const hostileOnes = [
            'x', '.', '-', '_', '0', 'null', 'undefined', 'true', '1', 'AAAA',
            good.slice(0, -1), `${good}A`, `${good}=`, ` ${good}`, `${good} `, `${good}\n`, `${good}.${good}`,
            good.toLowerCase(), good.toUpperCase(), [...good].reverse().join(''), good.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
            // The same bits in another spelling.
            good.replace(/.$/, (last) => letters[letters.indexOf(last) ^ 1]),
            Buffer.from(good, 'base64url').toString('hex'), Buffer.from(good, 'base64url').toString('base64'),
            createHash('sha256').update(good).digest('hex'), createHash('sha256').update(good).digest('base64url'),
            `\\x${createHash('sha256').update(good).digest('hex')}`, 'A'.repeat(43), '_'.repeat(43), 'A'.repeat(42), 'A'.repeat(44),
            'A'.repeat(4000), "' OR 1=1 --", "') OR true --", '%', '*', '{"$ne":null}', '[]', '${good}', '\u00e9'.repeat(43), '\ud83d\ude00',
            ada.token, json.data.tokenAuth.token, await mintExpired(ada), `JWT ${ada.token}`, `Bearer ${good}`, 'eyJhbGciOiJub25lIn0.e30.',
        ];
        assert.ok(hostileOnes.length >= 45);
        for (const r of hostileOnes) {
            const answer = await send(refresh, { r }, { mode: null });
            const code = failureOf(answer, 'refreshToken').extensions.code;
            assert.ok(['TOKEN_INVALID', 'BAD_USER_INPUT'].includes(code), `${r}: ${answer.text}`);
            if (/^[\x21-\x7e]+$/.test(r)) {
                const byCookie = await send(refresh, {}, { mode: 'refresh', cookie: `${secureNames.refreshOnly}=${r}` });
                assert.deepEqual(setCookies(byCookie), {}, r);
                assert.equal(byCookie.json.data?.refreshToken ?? null, null, byCookie.text);
            }
        }
        // Nor is a refresh token an access token.
        for (const scheme of ['JWT', 'Bearer'])
            assertRefused(await send(me, {}, { HTTP_AUTHORIZATION: `${scheme} ${good}` }), 401, 'TOKEN_INVALID');
        assertRefused(await send(me, {}, { cookie: cookieOf(good) }), 401, 'TOKEN_INVALID');
        // All that has revoked nothing.
        assert.equal((await send(refresh, { r: good }, { mode: null })).json.errors, undefined);
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
            assert.equal(answer.headers['cache-control'], 'private, no-store');
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
        const production = await serve('--workers', '1', '--mode', 'production');
        const named = await production.post(me, {}, { parameters: { HTTP_LINNET_COOKIES: '1', HTTP_HOST: 'us.example' } });
        assertRefused(named, 403, 'FORBIDDEN');
        await production.stop();
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
