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
    readKey,
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
            `POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
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

    // Each makes one from goodPassword claims.
    const header = (text) => (claims) => sign(text, claims);
    const changed = (changes) => (claims) => sign(goodHeader, { ...claims, ...changes });
    const now = () => Math.floor(Date.now() / 1000);
    const hostile = {
        'alg none': header('{"typ":"JWT","alg":"none"}'),
        'alg none without a signature': (c) =>
            sign('{"typ":"JWT","alg":"none"}', c).replace(/[^.]*$/, ''),
        'alg None': header('{"typ":"JWT","alg":"None"}'),
        'alg NONE': header('{"typ":"JWT","alg":"NONE"}'),
        'alg hs256': header('{"typ":"JWT","alg":"hs256"}'),
        'alg HS384, well signed': (c) =>
            sign('{"typ":"JWT","alg":"HS384"}', c, readKey(), 'sha384'),
        'alg HS512, well signed': (c) =>
            sign('{"typ":"JWT","alg":"HS512"}', c, readKey(), 'sha512'),
        'alg RS256': header('{"typ":"JWT","alg":"RS256"}'),
        'no alg': header('{"typ":"JWT"}'),
        'no typ': header('{"alg":"HS256"}'),
        'another typ': header('{"typ":"at+jwt","alg":"HS256"}'),
        'the members of the header in another order': header('{"alg":"HS256","typ":"JWT"}'),
        'a space in the header': header('{"typ":"JWT", "alg":"HS256"}'),
        'a kid that is a path': header('{"typ":"JWT","alg":"HS256","kid":"../../../dev/null"}'),
        'a kid that is SQL': header('{"typ":"JWT","alg":"HS256","kid":"x\' UNION SELECT \'key"}'),
        'a crit': header('{"typ":"JWT","alg":"HS256","crit":["exp"]}'),
        'a jku': header('{"typ":"JWT","alg":"HS256","jku":"https://evil.example/keys"}'),
        'two algs': header('{"typ":"JWT","alg":"HS256","alg":"none"}'),
        'a header of nothing': header(''),
        'another key': (c) => sign(goodHeader, c, 'k'.repeat(64)),
        'an empty key': (c) => sign(goodHeader, c, ''),
        'no signature': (c) => sign(goodHeader, c).replace(/\.[^.]*$/, '.'),
        'a signature cut short': (c) => sign(goodHeader, c).slice(0, -1),
        'a signature of other claims': (c) =>
            `${sign(goodHeader, c).replace(/\.[^.]*$/, '')}.${sign(goodHeader, { ...c, sub: '1' }).split('.')[2]}`,
        'the claims of another user': (c) =>
            sign(goodHeader, c).replace(
                /\.[^.]*\./,
                `.${Buffer.from(JSON.stringify({ ...c, sub: '1' })).toString('base64url')}.`,
            ),
        'two parts': (c) => sign(goodHeader, c).split('.').slice(0, 2).join('.'),
        'four parts': (c) => `${sign(goodHeader, c)}.x`,
        padding: (c) => `${sign(goodHeader, c)}=`,
        'a byte that is not base64': (c) => sign(goodHeader, c).replace('.', '.!'),
        'a space in the middle': (c) => sign(goodHeader, c).replace('.', '. '),
        'base64 of the other alphabet': (c) =>
            sign(goodHeader, { ...c, extra: '???>>>~~~ÿÿÿ' })
                .replace(/-/g, '+')
                .replace(/_/g, '/'),
        'claims that are a list': (c) => sign(goodHeader, JSON.stringify([c])),
        'claims that are null': () => sign(goodHeader, 'null'),
        'claims that are not JSON': () => sign(goodHeader, '{"sub":'),
        'a claim twice': (c) => sign(goodHeader, JSON.stringify(c).replace('{', '{"sub":"1",')),
        'text after the claims': (c) => sign(goodHeader, `${JSON.stringify(c)} x`),
        'claims that nest': changed({ extra: { a: [1] } }),
        'U+0000 in the name': changed({ username: 'a\0b' }),
        'sub as a number': (c) => changed({ sub: Number(c.sub) })(c),
        'an empty sub': changed({ sub: '' }),
        'a sub that is not a key': changed({ sub: 'x' }),
        'a sub that is not an integer': changed({ sub: '1.0' }),
        'a sub beyond the type of keys': changed({ sub: '2147483648' }),
        'a sub with U+0000': (c) => changed({ sub: `${c.sub}\u0000` })(c),
        'iss of another': changed({ iss: 'https://evil.example' }),
        'aud of another': changed({ aud: 'somebody else' }),
        'aud as a list': (c) => changed({ aud: [c.aud] })(c),
        'exp as a text': (c) => changed({ exp: String(c.exp) })(c),
        'exp as a fraction': (c) => changed({ exp: c.exp + 0.5 })(c),
        'exp below zero': changed({ exp: -1 }),
        'exp far away': (c) => changed({ exp: c.iat + 100000 })(c),
        'exp of 1e20': (c) =>
            sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":1e20')),
        'exp true': changed({ exp: true }),
        'iat in the future': (c) =>
            changed({ iat: now() + 600, exp: now() + 900, origIat: now() + 600 })(c),
        'nbf in the future': (c) => changed({ nbf: now() + 600 })(c),
        'an unknown role': changed({ role: 'postgres' }),
        'a token of 4,097 bytes': (c) => sized(c, 4097),
        'a token of 7,000 bytes': (c) => sized(c, 7000),
        'only dots': () => '..',
        text: () => 'undefined',
        'letters of Latin': () => 'é.ü.ß',
    };
    for (const claim of ['iss', 'aud', 'sub', 'username', 'iat', 'exp', 'jti'])
        hostile[`no ${claim}`] = changed({ [claim]: undefined });
    for (const claim of ['iss', 'aud', 'username', 'jti'])
        hostile[`${claim} null`] = changed({ [claim]: null });

    // A token of at least so many bytes, goodPassword but for its length.
    function sized(claims, bytes) {
        const token = (n) => sign(goodHeader, { ...claims, jti: 'j'.repeat(n) });
        let n = bytes / 4;
        while (token(n).length < bytes) n++;
        return token(n);
    }

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
