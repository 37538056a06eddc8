// accounts.test.mjs - signing up and in, tokens good and bad, and those who guess.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
    as, claimsFor, claimsOf, goodHeader, makeUsers, mint, mintExpired, overNginx, readKey, sign, signIn, signInOver, signUp, unique,
} from './lib/accounts.mjs';
import { ask, assertErrors, assertRefused, GRAPHQL_TYPE, JSON_TYPE, post, rawHttp } from './lib/client.mjs';
import { quote, row, rows, Session } from './lib/database.mjs';
import { isSanitized, state, url } from './lib/environment.mjs';
import { serve, sleep } from './lib/processes.mjs';

const slower = isSanitized ? 4 : 1;
const good = 'correct horse battery staple';
const session = new Session();
after(() => session.close());
const forgive = () => session.run('DELETE FROM login_failures');

// What must never be found in a log.
const secrets = new Set([good]);
const keep = (secret) => {
    secrets.add(secret);
    return secret;
};

// The only error of an answer whose only field is null.
function failure(answer, field) {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.data, { [field]: null }, answer.text);
    const errors = assertErrors(answer);
    assert.equal(errors.length, 1);
    assert.deepEqual(errors[0].path, [field]);
    return errors[0];
}

suite('createUser', () => {
    test('makes a user, who sees the e-mail in the answer', async () => {
        const username = unique('new'), email = `${username}@example.com`;
        const { user } = (await signUp(username, good, email)).json.data.createUser;
        assert.deepEqual(user, { id: user.id, username, email });
        assert.deepEqual(await ask('query ($n: String) { user(username: $n) { id email lastLogin firstName linkSet { id } } }', { n: username }),
            { user: { id: user.id, email: null, lastLogin: null, firstName: '', linkSet: [] } });
        const { password_hash: hash, is_staff: isStaff } = await row(`SELECT password_hash, is_staff FROM credentials WHERE user_id = ${user.id}`);
        assert.ok(hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'), hash);
        assert.equal(isStaff, false);
    });

    test('answers as the new user, and the fields behind it as the request\'s', async () => {
        const [ada] = await makeUsers(session, 1);
        const username = unique('new');
        const document = `mutation ($n: String!, $p: String!, $u: String!) { createUser(username: $n, password: $p, email: "new@example.com") {
            user { username email linkSet { id } } } createLink(url: $u) { postedBy { username email } } }`;
        const data = await ask(document, { n: username, p: good, u: 'https://a.example/' }, as(ada));
        assert.deepEqual(data, {
            createUser: { user: { username, email: 'new@example.com', linkSet: [] } },
            createLink: { postedBy: { username: ada.username, email: ada.email } },
        });
        const anonymous = await post(document, { n: unique('new'), p: good, u: 'https://a.example/' });
        assert.equal(anonymous.json.data.createUser.user.email, 'new@example.com');
        assert.equal(anonymous.json.data.createLink, null);
        assert.equal(assertErrors(anonymous)[0].extensions.code, 'UNAUTHENTICATED');
    });

    const refusals = [
        // [what, the account but for what is good, the argument that is wrong]
        ['a password of 7 characters', { password: '1234567' }, 'password'],
        ['an empty password', { password: '' }, 'password'],
        ['a password of 7 characters in 28 bytes', { password: '🏃'.repeat(7) }, 'password'],
        ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password'],
        ['a password of 129 characters in 516 bytes', { password: '🏃'.repeat(129) }, 'password'],
        ['a password of 60,000 bytes', { password: 'x'.repeat(60000) }, 'password'],
        ['the username as a password', { username: 'longenough', password: 'longenough' }, 'password'],
        ['no username', { username: '' }, 'username'],
        ['a username with a space', { username: 'a b' }, 'username'],
        ['a username with a slash', { username: 'a/b' }, 'username'],
        ['a username with a line end', { username: 'a\n' }, 'username'],
        ['a username with a quote', { username: 'a\'; DROP TABLE users; --' }, 'username'],
        ['a username with a picture', { username: 'run🏃' }, 'username'],
        ['a username with an invisible character', { username: 'a\u200bb' }, 'username'],
        ['a username of 151 characters', { username: 'u'.repeat(151) }, 'username'],
        ['an e-mail of 255 characters', { email: `${'e'.repeat(243)}@example.com` }, 'email'],
    ];
    for (const [what, account, argument] of refusals) {
        test(`refuses ${what}`, async () => {
            const { username = unique('bad'), password = good, email = 'a@b.example' } = account;
            const error = failure(await signUp(username, password, email), 'createUser');
            assert.equal(error.extensions.code, 'BAD_USER_INPUT', error.message);
            assert.equal(error.extensions.argument, argument);
            assert.deepEqual(await rows(`SELECT FROM users WHERE username = ${quote(username)}`), []);
        });
    }

    test('refuses U+0000, in a variable and in the document', async () => {
        for (const [n, p] of [[`${unique('nul')}\0x`, good], [unique('nul'), `${good}\0`]]) {
            assertRefused(await signUp(n, p), 400, 'BAD_REQUEST');
            const answer = await post(`mutation { createUser(username: ${JSON.stringify(n)}, password: ${JSON.stringify(p)}, email: "a@b.example") { user { id } } }`);
            assert.ok(answer.json.errors, answer.text);
            assert.ok(['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'].includes(answer.json.errors[0].extensions.code), answer.text);
        }
        assert.deepEqual(await rows("SELECT FROM users WHERE username LIKE 'nul-%'"), []);
    });

    test('takes what is just right, and signs it in', async () => {
        await forgive();
        const accounts = [
            { password: '12345678' }, { password: 'x'.repeat(128) }, { password: '🏃'.repeat(128) }, { password: '  spaces count  ' },
            { password: '"\\\'$1%s\u0001' }, { username: 'u'.repeat(150 - 11) + unique('u').slice(-11) }, { username: unique('Zoë.@+-_ñ') },
            { email: `${'e'.repeat(242)}@example.com` },
        ];
        for (const { username = unique('good'), password = good, email = 'a@b.example' } of accounts) {
            const made = await signUp(username, password, email);
            assert.equal(made.json.errors, undefined, made.text);
            assert.equal(made.json.data.createUser.user.email, email);
            const answer = await signIn(username, password);
            assert.equal(answer.json.errors, undefined, answer.text);
        }
    });

    test('counts spaces and cases of a password', async () => {
        await forgive();
        const username = unique('exact');
        await signUp(username, 'Pass word 1');
        for (const wrong of ['Pass word 1 ', ' Pass word 1', 'pass word 1'])
            assert.equal(failure(await signIn(username, wrong), 'tokenAuth').extensions.code, 'UNAUTHENTICATED');
        assert.ok((await signIn(username, 'Pass word 1')).json.data.tokenAuth);
    });

    test('refuses a name that is taken, also composed otherwise', async () => {
        const username = unique('Zoë');
        await signUp(username, good);
        for (const same of [username, username.normalize('NFD'), username.replace('Z', 'Ｚ')]) {
            const error = failure(await signUp(same, good), 'createUser');
            assert.equal(error.extensions.code, 'CONFLICT', same);
            assert.equal(error.extensions.field, 'username');
        }
        // Case counts.
        assert.equal((await signUp(username.toLowerCase(), good)).json.errors, undefined);
        // An e-mail may be anybody's.
        assert.equal((await signUp(unique('other'), good, 'same@example.com')).json.errors, undefined);
        assert.equal((await signUp(unique('other'), good, 'same@example.com')).json.errors, undefined);
    });

    test('of one name, many at once: one', async () => {
        const username = unique('race');
        const answers = await Promise.all(Array.from({ length: 6 }, () => signUp(username, good)));
        assert.equal(answers.filter(({ json }) => !json.errors).length, 1);
        const codes = answers.flatMap(({ json }) => json.errors ?? []).map((error) => error.extensions.code);
        assert.ok(codes.every((code) => code === 'CONFLICT' || code === 'SERVICE_UNAVAILABLE'), codes.join());
        assert.equal((await rows(`SELECT FROM users WHERE username = ${quote(username)}`)).length, 1);
    });
});

suite('tokenAuth', () => {
    const username = unique('login');
    let id;
    before(async () => {
        await forgive();
        ({ id } = (await signUp(username, good, 'login@example.com')).json.data.createUser.user);
    });
    beforeEach(forgive);

    test('gives a token and says whose and until when', async () => {
        const before = Math.floor(Date.now() / 1000);
        const { token, payload, refreshExpiresIn, user } = (await signIn(username, good)).json.data.tokenAuth;
        keep(token);
        const now = Math.floor(Date.now() / 1000);
        assert.deepEqual(Object.keys(payload).sort(), ['exp', 'origIat', 'username']);
        assert.equal(payload.username, username);
        assert.ok(payload.origIat >= before && payload.origIat <= now, JSON.stringify(payload));
        assert.equal(payload.exp, payload.origIat + 900);
        assert.equal(refreshExpiresIn, payload.origIat + 14 * 86400);
        assert.deepEqual(user, { id, username, email: 'login@example.com', lastLogin: user.lastLogin });
        assert.ok(Math.abs(Date.parse(user.lastLogin) - Date.now()) < 60000, user.lastLogin);

        assert.equal(Buffer.from(token.split('.')[0], 'base64url').toString(), goodHeader);
        const claims = claimsOf(token);
        assert.equal(claims.sub, id);
        assert.equal(claims.username, username);
        assert.deepEqual([claims.iat, claims.exp], [payload.origIat, payload.exp]);
        for (const name of ['iss', 'aud', 'jti'])
            assert.ok(typeof claims[name] === 'string' && claims[name], name);
        assert.equal(sign(goodHeader, Buffer.from(token.split('.')[1], 'base64url').toString(), readKey()), token, 'the key is the file\'s');
    });

    test('gives another one each time', async () => {
        const tokens = [await signIn(username, good), await signIn(username, good)].map(({ json }) => keep(json.data.tokenAuth.token));
        assert.notEqual(tokens[0], tokens[1]);
    });

    test('answers as the one who signs in, and the fields behind it as the request\'s', async () => {
        const [ada] = await makeUsers(session, 1);
        const data = await ask(`mutation ($n: String!, $p: String!) { tokenAuth(username: $n, password: $p) { user { email linkSet { id } } }
            createLink(url: "https://a.example/") { postedBy { id email } } }`, { n: username, p: good }, as(ada));
        assert.deepEqual(data, { tokenAuth: { user: { email: 'login@example.com', linkSet: [] } }, createLink: { postedBy: { id: ada.id, email: ada.email } } });
    });

    test('a wrong password, a wrong name, an account without a password: one answer', async () => {
        const [passwordless] = await makeUsers(session, 1);
        const answers = [];
        for (const [name, password] of [[username, 'wrong password'], [unique('nobody'), good], [passwordless.username, good],
            [username, ''], ['', good], ['a b', good], [username, 'x'.repeat(5000)], [username.toUpperCase(), good]]) {
            const { message, extensions: { code } } = failure(await signIn(name, password), 'tokenAuth');
            answers.push(`${code}: ${message}`);
        }
        assert.deepEqual([...new Set(answers)], ['UNAUTHENTICATED: Please enter valid credentials']);
    });

    test('an account that is disabled looks like a wrong password', async () => {
        const name = unique('disabled');
        const user = (await signUp(name, good)).json.data.createUser.user;
        await session.run(`UPDATE credentials SET is_disabled = true WHERE user_id = ${user.id}`);
        assert.equal(failure(await signIn(name, good), 'tokenAuth').message, 'Please enter valid credentials');
    });

    test('staff get a token of the staff', async () => {
        const name = unique('staff');
        const user = (await signUp(name, good)).json.data.createUser.user;
        const [ada] = await makeUsers(session, 1);
        const { createLink: link } = await ask('mutation { createLink(url: "https://a.example/") { id } }', {}, as(ada));
        const remove = (token) => post('mutation ($id: ID!) { deleteLink(id: $id) { id } }', { id: link.id }, as(token));
        const plain = keep((await signIn(name, good)).json.data.tokenAuth.token);
        assert.equal(assertErrors(await remove(plain))[0].extensions.code, 'FORBIDDEN');
        await session.run(`UPDATE credentials SET is_staff = true WHERE user_id = ${user.id}`);
        const token = keep((await signIn(name, good)).json.data.tokenAuth.token);
        assert.deepEqual((await remove(token)).json, { data: { deleteLink: { id: String(link.id) } } });
    });

    test('needs no good token to sign in', async () => {
        const answer = await post('mutation ($n: String!, $p: String!) { tokenAuth(username: $n, password: $p) { token } }',
            { n: username, p: good }, as('not.a.token'));
        assert.equal(answer.status, 200, answer.text);
        assert.ok(keep(answer.json.data.tokenAuth.token));
    });
});

suite('a token', () => {
    let t, ada;
    before(async () => {
        t = overNginx();
        [ada] = await t.users(1, { prefix: 'token' });
        keep(ada.token);
    });
    after(() => t.session.close());
    const verify = 'mutation ($t: String) { verifyToken(token: $t) { payload } }';

    for (const scheme of ['JWT', 'Bearer', 'jwt', 'bearer', 'BEARER', 'JWT ', 'Bearer \t'])
        test(`comes behind ${JSON.stringify(scheme)}`, async () =>
            assert.deepEqual(await ask('{ me { id email } }', {}, as(ada, scheme)), { me: { id: ada.id, email: ada.email } }));

    for (const header of ['Basic dXNlcjpwYXNz', 'JWT', 'Bearer ', '', 'Digest x', 'Token abc'])
        test(`does not come with ${JSON.stringify(header)}`, async () => {
            const answer = await post('{ me { id } }', {}, { headers: { authorization: header } });
            assert.equal(failure(answer, 'me').extensions.code, 'UNAUTHENTICATED');
        });

    test('may not come twice', async () => {
        const body = '{"query":"{ me { id } }"}';
        const answer = await rawHttp(`POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`
            + `Authorization: JWT ${ada.token}\r\nAuthorization: JWT ${ada.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        assert.match(answer, /^HTTP\/1\.1 400 /);
    });

    test('is not taken from an address, a cookie or a body', async () => {
        for (const [document, options] of [['{ me { id } }', { headers: { cookie: `JWT=${ada.token}; token=${ada.token}` } }], ['{ me { id } }', { headers: { 'x-authorization': `JWT ${ada.token}` } }]])
            assert.equal(failure(await post(document, { token: ada.token }, options), 'me').extensions.code, 'UNAUTHENTICATED');
    });

    test('verifyToken shows its payload', async () => {
        const { exp, iat } = claimsOf(ada.token);
        const payload = { username: ada.username, exp, origIat: iat };
        assert.deepEqual(await t.ask(null, verify, { t: ada.token }), { verifyToken: { payload } });
        assert.deepEqual(await t.ask(ada, 'mutation { verifyToken { payload } }'), { verifyToken: { payload } });
    });

    test('verifyToken of a bad one', async () => {
        for (const [token, code, message] of [['x', 'TOKEN_INVALID', 'Invalid token'], ['', 'TOKEN_INVALID', 'Invalid token'],
            [`${ada.token}x`, 'TOKEN_INVALID', 'Invalid token'], [keep(await mintExpired(ada)), 'TOKEN_EXPIRED', 'Signature has expired']]) {
            const error = await t.fail(null, verify, { t: token });
            assert.deepEqual([error.code, error.message, error.path, error.data], [code, message, ['verifyToken'], { verifyToken: null }]);
        }
        assert.equal((await t.fail(null, 'mutation { verifyToken { payload } }')).code, 'BAD_USER_INPUT');
    });

    test('without one, a field that needs a user is null, with 200 for either type', async () => {
        for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
            for (const document of ['{ me { id } }', 'mutation { createLink(url: "https://a.example/") { id } }']) {
                const answer = await post(document, {}, { accept });
                const [field] = Object.keys(answer.json.data);
                const error = failure(answer, field);
                assert.deepEqual([error.extensions.code, error.message], ['UNAUTHENTICATED', 'Not logged in!']);
                assert.equal(answer.headers['www-authenticate'], undefined);
            }
            const answer = await post('{ me { id } links(first: 1) { id } }', {}, { accept });
            assert.equal(answer.status, 200);
            assert.equal(answer.json.data.links.length, 1);
        }
    });

    test('that is bad does not stop what everybody may ask', async () => {
        for (const [token, code, message] of [['x.y.z', 'TOKEN_INVALID', 'Invalid token'], [keep(await mintExpired(ada)), 'TOKEN_EXPIRED', 'Signature has expired']]) {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                const answer = await post('{ me { id } links(first: 1) { id viewerHasVoted postedBy { email } } }', {}, { accept, ...as(token) });
                assert.equal(answer.status, 200);
                assert.equal(answer.json.data.me, null);
                assert.equal(answer.json.data.links[0].viewerHasVoted, false);
                const errors = assertErrors(answer);
                assert.deepEqual([errors.length, errors[0].path, errors[0].extensions.code, errors[0].message], [1, ['me'], code, message]);
                const alone = await post('{ links(first: 1) { id } }', {}, { accept, ...as(token) });
                assert.deepEqual([alone.status, alone.json.errors], [200, undefined]);
            }
        }
    });

    test('that is bad is 401 where every field needs a user', async () => {
        for (const [token, code] of [['x.y.z', 'TOKEN_INVALID'], [await mintExpired(ada), 'TOKEN_EXPIRED']]) {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                for (const document of ['{ me { id } }', '{ a: me { id } b: me { email } }', 'mutation { createLink(url: "https://a.example/") { id } }']) {
                    const answer = await post(document, {}, { accept, ...as(token) });
                    assertRefused(answer, 401, code);
                    assert.match(answer.headers['www-authenticate'] ?? '', /^(Bearer|JWT)\b/i);
                    assert.equal(answer.headers['content-type'], `${accept}; charset=utf-8`);
                }
            }
        }
    });

    test('of a user who is gone is nobody\'s', async () => {
        const [gone] = await t.users(1, { prefix: 'gone' });
        await session.run(`DELETE FROM users WHERE id = ${gone.id}`);
        const answer = await post('{ me { id } }', {}, as(gone));
        assert.equal(answer.status, 200);
        assert.equal(answer.json.data.me, null);
    });
});

suite('hostile tokens', () => {
    let ada;
    before(async () => { [ada] = await makeUsers(session, 1, { prefix: 'victim' }); });

    // Each makes one from good claims.
    const header = (text) => (claims) => sign(text, claims);
    const changed = (changes) => (claims) => sign(goodHeader, { ...claims, ...changes });
    const now = () => Math.floor(Date.now() / 1000);
    const hostile = {
        'alg none': header('{"typ":"JWT","alg":"none"}'),
        'alg none without a signature': (c) => sign('{"typ":"JWT","alg":"none"}', c).replace(/[^.]*$/, ''),
        'alg None': header('{"typ":"JWT","alg":"None"}'),
        'alg NONE': header('{"typ":"JWT","alg":"NONE"}'),
        'alg hs256': header('{"typ":"JWT","alg":"hs256"}'),
        'alg HS384, well signed': (c) => sign('{"typ":"JWT","alg":"HS384"}', c, readKey(), 'sha384'),
        'alg HS512, well signed': (c) => sign('{"typ":"JWT","alg":"HS512"}', c, readKey(), 'sha512'),
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
        'a signature of other claims': (c) => `${sign(goodHeader, c).replace(/\.[^.]*$/, '')}.${sign(goodHeader, { ...c, sub: '1' }).split('.')[2]}`,
        'the claims of another user': (c) => sign(goodHeader, c).replace(/\.[^.]*\./, `.${Buffer.from(JSON.stringify({ ...c, sub: '1' })).toString('base64url')}.`),
        'two parts': (c) => sign(goodHeader, c).split('.').slice(0, 2).join('.'),
        'four parts': (c) => `${sign(goodHeader, c)}.x`,
        'padding': (c) => `${sign(goodHeader, c)}=`,
        'a byte that is no base64': (c) => sign(goodHeader, c).replace('.', '.!'),
        'a space in the middle': (c) => sign(goodHeader, c).replace('.', '. '),
        'base64 of the other alphabet': (c) => sign(goodHeader, { ...c, extra: '???>>>~~~ÿÿÿ' }).replace(/-/g, '+').replace(/_/g, '/'),
        'claims that are a list': (c) => sign(goodHeader, JSON.stringify([c])),
        'claims that are null': () => sign(goodHeader, 'null'),
        'claims that are no JSON': () => sign(goodHeader, '{"sub":'),
        'a claim twice': (c) => sign(goodHeader, JSON.stringify(c).replace('{', '{"sub":"1",')),
        'text behind the claims': (c) => sign(goodHeader, `${JSON.stringify(c)} x`),
        'claims that nest': changed({ extra: { a: [1] } }),
        'U+0000 in the name': changed({ username: 'a\0b' }),
        'sub as a number': (c) => changed({ sub: Number(c.sub) })(c),
        'an empty sub': changed({ sub: '' }),
        'iss of another': changed({ iss: 'https://evil.example' }),
        'aud of another': changed({ aud: 'somebody else' }),
        'aud as a list': (c) => changed({ aud: [c.aud] })(c),
        'exp as a text': (c) => changed({ exp: String(c.exp) })(c),
        'exp as a fraction': (c) => changed({ exp: c.exp + 0.5 })(c),
        'exp below zero': changed({ exp: -1 }),
        'exp far away': (c) => changed({ exp: c.iat + 100000 })(c),
        'exp of 1e20': (c) => sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":1e20')),
        'exp true': changed({ exp: true }),
        'iat in the future': (c) => changed({ iat: now() + 600, exp: now() + 900, origIat: now() + 600 })(c),
        'nbf in the future': (c) => changed({ nbf: now() + 600 })(c),
        'an unknown role': changed({ role: 'postgres' }),
        'a token of 4,097 bytes': (c) => sized(c, 4097),
        'a token of 7,000 bytes': (c) => sized(c, 7000),
        'only dots': () => '..',
        'text': () => 'undefined',
        'letters of Latin': () => 'é.ü.ß',
    };
    for (const claim of ['iss', 'aud', 'sub', 'username', 'iat', 'exp', 'jti'])
        hostile[`no ${claim}`] = changed({ [claim]: undefined });
    for (const claim of ['iss', 'aud', 'username', 'jti'])
        hostile[`${claim} null`] = changed({ [claim]: null });

    // A token of at least so many bytes, good but for its length.
    function sized(claims, bytes) {
        const token = (n) => sign(goodHeader, { ...claims, jti: 'j'.repeat(n) });
        let n = bytes / 4;
        while (token(n).length < bytes)
            n++;
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
        const tokens = [sign(goodHeader, claims), changed({ nbf: now() - 10 })(claims), changed({ iat: now() + 10, exp: now() + 600, origIat: now() + 10 })(claims),
            sign(goodHeader, JSON.stringify(claims, Object.keys(claims).reverse())), sized(claims, 4093)];
        assert.ok(tokens.at(-1).length <= 4096);
        for (const token of tokens)
            assert.deepEqual(await ask('{ me { id } }', {}, as(token)), { me: { id: ada.id } });
    });
});

suite('those who guess', () => {
    let server, serial = 0;
    before(async () => { server = await serve('--workers', '8'); });
    after(() => server.stop());
    beforeEach(forgive);

    const from = (address) => (query, variables) => server.post(query, variables, { parameters: { REMOTE_ADDR: address } });
    const account = async () => {
        const username = unique(`guess${serial++}`);
        assert.equal((await signUp(username, good)).json.errors, undefined);
        return username;
    };
    const attempt = async (username, password, address = '192.0.2.1') => {
        const answer = await signInOver(from(address), username, password);
        if (!answer.json.errors)
            return 'right';
        const [{ extensions }] = assertErrors(answer);
        return extensions.code === 'RATE_LIMITED' ? extensions.retryAfter : extensions.code;
    };

    test('at one account wait, longer each time, also with the right password', async () => {
        const username = await account();
        for (let i = 0; i < 5; i++)
            assert.equal(await attempt(username, `wrong ${i}`), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, 'wrong'), 1);
        assert.equal(await attempt(username, good), 1, 'whether it is right is not told');
        assert.equal(await attempt(username, good, '198.51.100.1'), 1, 'from anywhere');
        assert.equal(await attempt(await account(), good), 'right', 'others are not kept waiting');
        await sleep(1050);
        assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, 'wrong'), 2);
        await sleep(2050);
        assert.equal(await attempt(username, good), 'right');
        // And all is forgotten.
        for (let i = 0; i < 4; i++)
            assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, good), 'right');
    });

    test('at a name that nobody has wait just so', async () => {
        const username = unique('nobody');
        for (let i = 0; i < 5; i++)
            assert.equal(await attempt(username, good), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, good), 1);
    });

    test('in one request gain nothing by aliases', async () => {
        const username = await account();
        const fields = Array.from({ length: 20 }, (_, i) => `a${i}: tokenAuth(username: "${username}", password: "${i < 19 ? `wrong ${i}` : good}") { token }`);
        const answer = await from('192.0.2.1')(`mutation { ${fields.join(' ')} }`);
        const codes = assertErrors(answer).map((error) => error.extensions.code);
        assert.ok(codes.filter((code) => code === 'UNAUTHENTICATED').length <= 5, codes.join());
        assert.equal(answer.json.data?.a19 ?? null, null);
    });

    test('at once gain nothing either', async () => {
        const username = await account();
        const results = await Promise.all(Array.from({ length: 24 }, (_, i) => attempt(username, i < 23 ? `wrong ${i}` : good)));
        const tried = results.filter((result) => result === 'UNAUTHENTICATED' || result === 'right').length;
        assert.ok(tried <= 5, results.join());
    });

    test('from one address at many accounts wait', async () => {
        const username = await account();
        assert.equal(await attempt(unique('nobody'), good, '192.0.2.7'), 'UNAUTHENTICATED');
        await session.run("UPDATE login_failures SET failures = 99 WHERE key = sha256('address 192.0.2.7')");
        assert.equal(await attempt(unique('nobody'), good, '192.0.2.7'), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, good, '192.0.2.7'), 1);
        assert.equal(await attempt(username, good, '192.0.2.8'), 'right');
    });

    test('have but one network of IPv6', async () => {
        const username = await account();
        assert.equal(await attempt(unique('nobody'), good, '2001:db8::1'), 'UNAUTHENTICATED');
        await session.run("UPDATE login_failures SET failures = 99 WHERE allowed = 100");
        assert.equal(await attempt(unique('nobody'), good, '2001:db8::abcd:1'), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, good, '2001:db8::ffff:2'), 1);
        assert.equal(await attempt(username, good, '2001:db8:0:1::1'), 'right');
    });

    test('are remembered, and not by name', async () => {
        const username = unique('typed-a-password-here');
        assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        const known = await rows('SELECT failures, encode(key, \'escape\') AS key FROM login_failures');
        assert.deepEqual(known.map(({ failures }) => failures), [1, 1]);
        assert.ok(known.every(({ key }) => !key.includes(username)));
    });

    test('cannot tell a name from none by the time', async () => {
        const model = await account();
        const count = 24;
        const users = await makeUsers(session, count, { prefix: 'timing' });
        await session.run(`INSERT INTO credentials (user_id, password_hash) SELECT users.id, hash.password_hash FROM users,
            (SELECT password_hash FROM credentials JOIN users ON users.id = user_id WHERE username = ${quote(model)}) AS hash
            WHERE users.id IN (${users.map((user) => user.id).join()})`);
        const passwordless = await makeUsers(session, count, { prefix: 'timing' });
        const samples = { wrong: [], unknown: [], passwordless: [] };
        for (let i = 0; i < count; i++) {
            for (const [kind, username] of [['wrong', users[i].username], ['unknown', unique('timing')], ['passwordless', passwordless[i].username]]) {
                const started = performance.now();
                assert.equal(await attempt(username, 'wrong password', `192.0.2.${100 + i}`), 'UNAUTHENTICATED');
                samples[kind].push(performance.now() - started);
            }
        }
        const median = (list) => list.sort((a, b) => a - b)[count / 2];
        const times = [median(samples.wrong), median(samples.unknown), median(samples.passwordless)];
        assert.ok(Math.max(...times) - Math.min(...times) < Math.max(...times) / 4, `milliseconds: ${times.map((time) => time.toFixed(1)).join()}`);
        assert.ok(Math.min(...times) > 5, 'a hash takes its time');
    });
});

suite('a flood of logins', () => {
    test('is answered 503 in part, and does not stop the others', async () => {
        const username = unique('flood');
        await signUp(username, good);
        await forgive();
        const logins = Promise.all(Array.from({ length: 60 }, () => signIn(username, good)));
        const times = [];
        for (let i = 0; i < 20; i++) {
            const started = performance.now();
            await ask('{ link(id: 910011) { id } }');
            times.push(performance.now() - started);
        }
        const answers = await logins;
        const refused = answers.filter(({ status }) => status === 503);
        for (const answer of answers) {
            if (answer.status === 200 && !answer.json.errors) {
                keep(answer.json.data.tokenAuth.token);
                continue;
            }
            assert.equal(answer.status, 503, answer.text);
            assert.ok(Number(answer.headers['retry-after']) >= 1, JSON.stringify(answer.headers));
            assert.equal(assertErrors(answer)[0].extensions.code, 'SERVICE_UNAVAILABLE');
        }
        assert.ok(refused.length > 0, 'more than the queue holds');
        assert.ok(refused.length < 60, 'some got in');
        const slow = times.sort((a, b) => a - b).at(-3);
        assert.ok(slow < 500 * slower, `other requests took up to ${slow} ms`);
    });
});

test('no token and no password is in any log', async () => {
    await sleep(1500);
    const folder = `${state}/log`;
    for (const file of readdirSync(folder)) {
        const text = readFileSync(`${folder}/${file}`, 'utf8');
        for (const secret of secrets)
            assert.ok(!text.includes(secret), `${file} has a secret`);
        assert.doesNotMatch(text, /eyJ0eXAi/, `${file} has a token`);
    }
    assert.ok(secrets.size > 10);
});
