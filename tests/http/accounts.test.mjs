// accounts.test.mjs - signing up and signing in: what is taken, what is refused, what is told.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
    as,
    claimsOf,
    failureOf,
    goodHeader,
    goodPassword,
    makeUsers,
    readKey,
    sign,
    signIn,
    signUp,
    unique,
} from './lib/accounts.mjs';
import { ask, assertErrors, assertRefused, post } from './lib/client.mjs';
import { quote, row, rows, Session } from './lib/database.mjs';

const session = new Session();
after(() => session.close());
const forgive = () => session.run('DELETE FROM login_failures');

suite('createUser', () => {
    test('makes a user, who sees the e-mail in the answer', async () => {
        const username = unique('new'),
            email = `${username}@example.com`;
        const { user } = (await signUp(username, goodPassword, email)).json.data.createUser;
        assert.deepEqual(user, { id: user.id, username, email });
        assert.deepEqual(
            await ask(
                'query ($n: String) { user(username: $n) { id email lastLogin firstName linkSet { id } } }',
                { n: username },
            ),
            { user: { id: user.id, email: null, lastLogin: null, firstName: '', linkSet: [] } },
        );
        const { password_hash: hash, is_staff: isStaff } = await row(
            `SELECT password_hash, is_staff FROM credentials WHERE user_id = ${user.id}`,
        );
        assert.ok(hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'), hash);
        assert.equal(isStaff, false);
    });

    test("answers as the new user, and the fields after it as the request's", async () => {
        const [ada] = await makeUsers(session, 1);
        const username = unique('new');
        const document = `mutation ($n: String!, $p: String!, $u: String!) { createUser(username: $n, password: $p, email: "new@example.com") {
            user { username email linkSet { id } } } createLink(url: $u) { postedBy { username email } } }`;
        const data = await ask(
            document,
            { n: username, p: goodPassword, u: 'https://a.example/' },
            as(ada),
        );
        assert.deepEqual(data, {
            createUser: { user: { username, email: 'new@example.com', linkSet: [] } },
            createLink: { postedBy: { username: ada.username, email: ada.email } },
        });
        const anonymous = await post(document, {
            n: unique('new'),
            p: goodPassword,
            u: 'https://a.example/',
        });
        assert.equal(anonymous.json.data.createUser.user.email, 'new@example.com');
        assert.equal(anonymous.json.data.createLink, null);
        assert.equal(assertErrors(anonymous)[0].extensions.code, 'UNAUTHENTICATED');
    });

    const refusals = [
        // [what, the account but for what is goodPassword, the argument that is wrong]
        ['a password of 7 characters', { password: '1234567' }, 'password'],
        ['an empty password', { password: '' }, 'password'],
        ['a password of 7 characters in 28 bytes', { password: '🏃'.repeat(7) }, 'password'],
        ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password'],
        ['a password of 129 characters in 516 bytes', { password: '🏃'.repeat(129) }, 'password'],
        ['a password of 60,000 bytes', { password: 'x'.repeat(60000) }, 'password'],
        [
            'the username as a password',
            { username: 'longenough', password: 'longenough' },
            'password',
        ],
        [
            'a password that is like the e-mail address',
            { email: 'somebody@some.example', password: 'Somebody99' },
            'password',
        ],
        ['a common password', { password: 'qwertyuiop' }, 'password'],
        ['a password of digits', { password: '90417263' }, 'password'],
        ['no username', { username: '' }, 'username'],
        ['a username with a space', { username: 'a b' }, 'username'],
        ['a username with a slash', { username: 'a/b' }, 'username'],
        ['a username with a line end', { username: 'a\n' }, 'username'],
        ['a username with a quote', { username: "a'; DROP TABLE users; --" }, 'username'],
        ['a username with a picture', { username: 'run🏃' }, 'username'],
        ['a username with an invisible character', { username: 'a\u200bb' }, 'username'],
        ['a username of 151 characters', { username: 'u'.repeat(151) }, 'username'],
        ['an e-mail of 255 characters', { email: `${'e'.repeat(243)}@example.com` }, 'email'],
    ];
    for (const [what, account, argument] of refusals) {
        test(`refuses ${what}`, async () => {
            const {
                username = unique('bad'),
                password = goodPassword,
                email = 'a@b.example',
            } = account;
            const error = failureOf(await signUp(username, password, email), 'createUser');
            assert.equal(error.extensions.code, 'BAD_USER_INPUT', error.message);
            assert.equal(error.extensions.argument, argument);
            assert.deepEqual(
                await rows(`SELECT FROM users WHERE username = ${quote(username)}`),
                [],
            );
        });
    }

    test('refuses U+0000, in a variable and in the document', async () => {
        for (const [n, p] of [
            [`${unique('nul')}\0x`, goodPassword],
            [unique('nul'), `${goodPassword}\0`],
        ]) {
            assertRefused(await signUp(n, p), 400, 'BAD_REQUEST');
            const answer = await post(
                `mutation { createUser(username: ${JSON.stringify(n)}, password: ${JSON.stringify(p)}, email: "a@b.example") { user { id } } }`,
            );
            assert.ok(answer.json.errors, answer.text);
            assert.ok(
                ['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'].includes(
                    answer.json.errors[0].extensions.code,
                ),
                answer.text,
            );
        }
        assert.deepEqual(await rows("SELECT FROM users WHERE username LIKE 'nul-%'"), []);
    });

    test('takes what is just right, and signs it in', async () => {
        await forgive();
        const accounts = [
            { password: 'a1b2c3d4e' },
            { password: 'x'.repeat(128) },
            { password: '🏃'.repeat(128) },
            { password: '  spaces count  ' },
            { password: '"\\\'$1%s\u0001' },
            { username: 'u'.repeat(150 - 11) + unique('u').slice(-11) },
            { username: unique('Zoë.@+-_ñ') },
            { email: `${'e'.repeat(242)}@example.com` },
        ];
        for (const {
            username = unique('good'),
            password = goodPassword,
            email = 'a@b.example',
        } of accounts) {
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
            assert.equal(
                failureOf(await signIn(username, wrong), 'tokenAuth').extensions.code,
                'UNAUTHENTICATED',
            );
        assert.ok((await signIn(username, 'Pass word 1')).json.data.tokenAuth);
    });

    test('refuses a name that is taken, also composed otherwise', async () => {
        const username = unique('Zoë');
        await signUp(username, goodPassword);
        for (const same of [username, username.normalize('NFD'), username.replace('Z', 'Ｚ')]) {
            const error = failureOf(await signUp(same, goodPassword), 'createUser');
            assert.equal(error.extensions.code, 'CONFLICT', same);
            assert.equal(error.extensions.field, 'username');
        }
        // Case counts.
        assert.equal((await signUp(username.toLowerCase(), goodPassword)).json.errors, undefined);
        // An e-mail may be anybody's.
        assert.equal(
            (await signUp(unique('other'), goodPassword, 'same@example.com')).json.errors,
            undefined,
        );
        assert.equal(
            (await signUp(unique('other'), goodPassword, 'same@example.com')).json.errors,
            undefined,
        );
    });

    test('of one name, many at once: one', async () => {
        const username = unique('race');
        const answers = await Promise.all(
            Array.from({ length: 6 }, () => signUp(username, goodPassword)),
        );
        assert.equal(answers.filter(({ json }) => !json.errors).length, 1);
        const codes = answers
            .flatMap(({ json }) => json.errors ?? [])
            .map((error) => error.extensions.code);
        assert.ok(
            codes.every((code) => code === 'CONFLICT' || code === 'SERVICE_UNAVAILABLE'),
            codes.join(),
        );
        assert.equal(
            (await rows(`SELECT FROM users WHERE username = ${quote(username)}`)).length,
            1,
        );
    });
});

suite('tokenAuth', () => {
    const username = unique('login');
    let id;
    before(async () => {
        await forgive();
        ({ id } = (
            await signUp(username, goodPassword, 'login@example.com')
        ).json.data.createUser.user);
    });
    beforeEach(forgive);

    test('gives a token and says whose and until when', async () => {
        const before = Math.floor(Date.now() / 1000);
        const { token, payload, refreshExpiresIn, user } = (await signIn(username, goodPassword))
            .json.data.tokenAuth;
        const now = Math.floor(Date.now() / 1000);
        assert.deepEqual(Object.keys(payload).sort(), ['exp', 'origIat', 'username']);
        assert.equal(payload.username, username);
        assert.ok(payload.origIat >= before && payload.origIat <= now, JSON.stringify(payload));
        assert.equal(payload.exp, payload.origIat + 900);
        assert.equal(refreshExpiresIn, payload.origIat + 14 * 86400);
        assert.deepEqual(user, {
            id,
            username,
            email: 'login@example.com',
            lastLogin: user.lastLogin,
        });
        assert.ok(Math.abs(Date.parse(user.lastLogin) - Date.now()) < 60000, user.lastLogin);

        assert.equal(Buffer.from(token.split('.')[0], 'base64url').toString(), goodHeader);
        const claims = claimsOf(token);
        assert.equal(claims.sub, id);
        assert.equal(claims.username, username);
        assert.deepEqual([claims.iat, claims.exp], [payload.origIat, payload.exp]);
        for (const name of ['iss', 'aud', 'jti'])
            assert.ok(typeof claims[name] === 'string' && claims[name], name);
        assert.equal(
            sign(goodHeader, Buffer.from(token.split('.')[1], 'base64url').toString(), readKey()),
            token,
            "the key is the file's",
        );
    });

    test('gives another one each time', async () => {
        const tokens = [
            await signIn(username, goodPassword),
            await signIn(username, goodPassword),
        ].map(({ json }) => json.data.tokenAuth.token);
        assert.notEqual(tokens[0], tokens[1]);
    });

    test("answers as the one who signs in, and the fields after it as the request's", async () => {
        const [ada] = await makeUsers(session, 1);
        const data = await ask(
            `mutation ($n: String!, $p: String!) { tokenAuth(username: $n, password: $p) { user { email linkSet { id } } }
            createLink(url: "https://a.example/") { postedBy { id email } } }`,
            { n: username, p: goodPassword },
            as(ada),
        );
        assert.deepEqual(data, {
            tokenAuth: { user: { email: 'login@example.com', linkSet: [] } },
            createLink: { postedBy: { id: ada.id, email: ada.email } },
        });
    });

    test('a wrong password, a wrong name, an account without a password: one answer', async () => {
        const [passwordless] = await makeUsers(session, 1);
        const answers = [];
        for (const [name, password] of [
            [username, 'wrong password'],
            [unique('nobody'), goodPassword],
            [passwordless.username, goodPassword],
            [username, ''],
            ['', goodPassword],
            ['a b', goodPassword],
            [username, 'x'.repeat(5000)],
            [username.toUpperCase(), goodPassword],
        ]) {
            const {
                message,
                extensions: { code },
            } = failureOf(await signIn(name, password), 'tokenAuth');
            answers.push(`${code}: ${message}`);
        }
        assert.deepEqual(
            [...new Set(answers)],
            ['UNAUTHENTICATED: Please enter valid credentials'],
        );
    });

    test('an account that is disabled looks like a wrong password', async () => {
        const name = unique('disabled');
        const user = (await signUp(name, goodPassword)).json.data.createUser.user;
        await session.run(`UPDATE credentials SET is_disabled = true WHERE user_id = ${user.id}`);
        assert.equal(
            failureOf(await signIn(name, goodPassword), 'tokenAuth').message,
            'Please enter valid credentials',
        );
    });

    test('staff get a token of the staff', async () => {
        const name = unique('staff');
        const user = (await signUp(name, goodPassword)).json.data.createUser.user;
        const [ada] = await makeUsers(session, 1);
        const { createLink: link } = await ask(
            'mutation { createLink(url: "https://a.example/") { id } }',
            {},
            as(ada),
        );
        const remove = (token) =>
            post('mutation ($id: ID!) { deleteLink(id: $id) { id } }', { id: link.id }, as(token));
        const plain = (await signIn(name, goodPassword)).json.data.tokenAuth.token;
        assert.equal(assertErrors(await remove(plain))[0].extensions.code, 'FORBIDDEN');
        await session.run(`UPDATE credentials SET is_staff = true WHERE user_id = ${user.id}`);
        const token = (await signIn(name, goodPassword)).json.data.tokenAuth.token;
        assert.deepEqual((await remove(token)).json, {
            data: { deleteLink: { id: String(link.id) } },
        });
    });

    test('needs no goodPassword token to sign in', async () => {
        const answer = await post(
            'mutation ($n: String!, $p: String!) { tokenAuth(username: $n, password: $p) { token } }',
            { n: username, p: goodPassword },
            as('not.a.token'),
        );
        assert.equal(answer.status, 200, answer.text);
        assert.ok(answer.json.data.tokenAuth.token);
    });
});
