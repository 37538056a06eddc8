// passwords.test.mjs - changePassword: who may, what is counted, and what ends.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { as, failureOf, goodPassword, mintExpired, signIn, signUp, unique } from './lib/accounts.mjs';
import { post } from './lib/client.mjs';
import { quote, Session } from './lib/database.mjs';

const session = new Session();
const other = 'another good pony';

const change = (token, oldPassword, newPassword) =>
    post('mutation ($o: String!, $n: String!) { changePassword(oldPassword: $o, newPassword: $n) { changed } }', { o: oldPassword, n: newPassword }, as(token));
const vote = (token) => post('mutation { createVote(linkId: "1") { link { id } } }', {}, as(token));

async function somebody() {
    const username = unique('changing');
    const { id } = (await signUp(username, goodPassword)).json.data.createUser.user;
    const { token } = (await signIn(username, goodPassword)).json.data.tokenAuth;
    return { id, username, token };
}

suite('changePassword', () => {
    test('the new password is good, and the old one is not', async () => {
        const { username, token } = await somebody();
        assert.deepEqual((await change(token, goodPassword, other)).json, { data: { changePassword: { changed: true } } });
        failureOf(await signIn(username, goodPassword), 'tokenAuth');
        assert.ok((await signIn(username, other)).json.data.tokenAuth);
    });

    test('ends the other sessions, and leaves the one that asks', async () => {
        const { username, token } = await somebody();
        const away = (await signIn(username, goodPassword)).json.data.tokenAuth;
        await change(token, goodPassword, other);
        assert.equal((await post('{ mySessions { isCurrent } }', {}, as(token))).json.data.mySessions.length, 1);
        assert.equal((await vote(away.token)).json.errors[0].extensions.code, 'TOKEN_INVALID');
        const refresh = await post('mutation ($t: String!) { refreshToken(refreshToken: $t) { token } }', { t: away.refreshToken });
        assert.equal(refresh.json.data.refreshToken, null);
        assert.ok((await vote(token)).json.data.createVote);
    });

    test('needs a user who is signed in', async () => {
        const { id, username } = await somebody();
        assert.equal((await change(null, goodPassword, other)).json.errors[0].extensions.code, 'UNAUTHENTICATED');
        const expired = await mintExpired({ id, username });
        assert.equal((await change(expired, goodPassword, other)).json.errors[0].extensions.code, 'TOKEN_EXPIRED');
        assert.ok((await signIn(username, goodPassword)).json.data.tokenAuth);
    });

    test('a wrong old password names its argument, and is counted like a login', async () => {
        const { username, token } = await somebody();
        const counted = async () => (await session.row('SELECT coalesce(sum(failures), 0)::integer AS n FROM login_failures')).n;
        const before = await counted();
        const { code, argument } = failureOf(await change(token, 'a wrong pony', other), 'changePassword').extensions;
        assert.deepEqual([code, argument], ['UNAUTHENTICATED', 'oldPassword']);
        assert.ok((await counted()) > before);

        // While it has to wait, a right one is not tried, either by who shows this login or by the address.
        failureOf(await signIn(username, 'a wrong pony'), 'tokenAuth');
        const close = (time) => session.run(`UPDATE login_failures SET closed_until = clock_timestamp() + interval '${time}'`);
        await close('1 minute');
        const { code: late, retryAfter } = failureOf(await change(token, goodPassword, other), 'changePassword').extensions;
        assert.equal(late, 'RATE_LIMITED');
        assert.ok(retryAfter > 0);
        await close('-1 second');
        assert.ok((await change(token, goodPassword, other)).json.data.changePassword.changed);
        assert.ok((await signIn(username, other)).json.data.tokenAuth);
    });

    test('a new password that breaks a rule names its argument, and costs no attempt', async () => {
        const { username, token } = await somebody();
        for (const bad of ['short', 'qwertyuiop', '90417263', username, 'somebody@example.com', 'x'.repeat(129)]) {
            const { code, argument } = failureOf(await change(token, 'wrong pony', bad), 'changePassword').extensions;
            assert.deepEqual([code, argument], ['BAD_USER_INPUT', 'newPassword']);
        }
        assert.ok((await change(token, goodPassword, other)).json.data.changePassword.changed);
    });

    test('a user who is disabled changes nothing', async () => {
        const { id, username, token } = await somebody();
        await session.run(`UPDATE credentials SET is_disabled = true WHERE user_id = ${id}`);
        const answer = await change(token, goodPassword, other);
        assert.equal(failureOf(answer, 'changePassword').extensions.code, 'FORBIDDEN');
        await session.run(`UPDATE credentials SET is_disabled = false WHERE user_id = ${id}`);
        assert.ok((await signIn(username, goodPassword)).json.data.tokenAuth);
    });

    test('a session that has ended changes nothing', async () => {
        const { username, token } = await somebody();
        const other = (await signIn(username, goodPassword)).json.data.tokenAuth;
        await post('mutation ($t: String!) { revokeToken(refreshToken: $t) { revoked } }', { t: other.refreshToken });
        assert.equal((await change(other.token, goodPassword, 'the third good pony')).json.errors[0].extensions.code, 'TOKEN_INVALID');
        assert.ok((await change(token, goodPassword, 'the third good pony')).json.data.changePassword.changed);
    });

    test('of two at the same time, one is done', async () => {
        const { username, token } = await somebody();
        const passwords = ['the first good pony', 'the second good pony'];
        const answers = await Promise.all(passwords.map((password) => change(token, goodPassword, password)));
        const done = answers.map((answer) => answer.json.data.changePassword !== null);
        assert.ok(done.includes(true));
        // The later one found another password there, or was checked before it was.
        const good = [];
        for (const password of passwords) good.push((await signIn(username, password)).json.data.tokenAuth !== null);
        assert.equal(good.filter(Boolean).length, 1);
        assert.equal(done.filter(Boolean).length, 1);
        const [{ n }] = await session.rows(`SELECT count(*)::integer AS n FROM users WHERE username = ${quote(username)}`);
        assert.equal(n, 1);
    });
});
