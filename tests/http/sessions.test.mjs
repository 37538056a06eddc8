// sessions.test.mjs - sessions: refresh tokens in all the forms of django-graphql-jwt, and what no
// longer works once a session has ended.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import {
    as,
    claimsOf,
    goodPassword,
    mint,
    mintExpired,
    overNginx,
    signIn,
    signUp,
    unique,
} from './lib/accounts.mjs';
import { post } from './lib/client.mjs';
import { psql, quote } from './lib/database.mjs';
import { untilLocked } from './lib/wait.mjs';

const refreshDocument = `mutation ($token: String, $refreshToken: String) {
    refreshToken(token: $token, refreshToken: $refreshToken) { token payload refreshExpiresIn refreshToken } }`;
const revokeDocument =
    'mutation ($refreshToken: String) { revokeToken(refreshToken: $refreshToken) { revoked } }';

let t, user;
before(async () => {
    t = overNginx();
    const username = unique('session');
    const answer = await signUp(username, goodPassword);
    assert.equal(answer.json.errors, undefined, answer.text);
    user = { id: answer.json.data.createUser.user.id, username };
});
after(() => t.session.close());

// What a login answers.
async function login(options) {
    const { username } = user;
    const answer = await (options
        ? post(
              'mutation ($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token refreshToken } }',
              { u: username, p: goodPassword },
              options,
          )
        : signIn(username, goodPassword));
    assert.equal(answer.json.errors, undefined, answer.text);
    return answer.json.data.tokenAuth;
}
const refresh = async (variables, token) =>
    (await t.ask(token, refreshDocument, variables)).refreshToken;
const refuse = async (variables, token) => {
    const { code, message, data } = await t.fail(token, refreshDocument, variables);
    assert.deepEqual(data, { refreshToken: null });
    return `${code} ${message}`;
};

// Time passes for the sessions of the user.
const pass = (interval) =>
    t.session.run(`
        UPDATE refresh_tokens SET issued_at = issued_at - much, spent_at = spent_at - much
        FROM sessions, (SELECT interval '${interval}' AS much) AS m
        WHERE session_id = sessions.id AND user_id = ${user.id};
        UPDATE sessions SET created_at = created_at - much, last_used_at = last_used_at - much,
            ends_at = ends_at - much, expires_at = expires_at - much
        FROM (SELECT interval '${interval}' AS much) AS m WHERE user_id = ${user.id}`);

suite('refreshToken', () => {
    test('exchanges a refresh token, and the session stays', async () => {
        const first = await login();
        assert.match(first.refreshToken, /^[\w-]{43}$/);
        const { sid, origIat } = claimsOf(first.token);
        assert.equal(first.refreshExpiresIn - origIat, 14 * 86400);
        await pass('1 hour');
        const next = await refresh({ refreshToken: first.refreshToken });
        assert.match(next.refreshToken, /^[\w-]{43}$/);
        assert.notEqual(next.refreshToken, first.refreshToken);
        const claims = claimsOf(next.token);
        assert.deepEqual(
            [claims.sid, claims.sub, claims.username, claims.origIat],
            [sid, user.id, user.username, origIat - 3600],
        );
        assert.deepEqual(next.payload, {
            username: user.username,
            exp: claims.exp,
            origIat: origIat - 3600,
        });
        assert.ok(Math.abs(next.refreshExpiresIn - (claims.iat + 14 * 86400)) <= 2);
        assert.deepEqual(await t.ask(next, '{ me { id } }'), { me: { id: user.id } });
    });

    test('takes a token that is valid, as an argument or in the header', async () => {
        const first = await login();
        const { sid, origIat } = claimsOf(first.token);
        for (const answer of [
            await refresh({ token: first.token }),
            await refresh({ token: first.token, refreshToken: null }),
            await refresh({}, first),
            (await t.ask(first, 'mutation { refreshToken { token refreshToken } }')).refreshToken,
        ]) {
            assert.equal(answer.refreshToken, null);
            assert.deepEqual(
                [claimsOf(answer.token).sid, claimsOf(answer.token).origIat],
                [sid, origIat],
            );
        }
        assert.notEqual((await refresh({ refreshToken: first.refreshToken })).refreshToken, null);
    });

    test('says as django-graphql-jwt what it refuses', async () => {
        const { token, refreshToken } = await login();
        for (const [variables, expected] of [
            [{}, 'BAD_USER_INPUT Refresh token is required'],
            [{ token, refreshToken }, 'BAD_USER_INPUT Give either `token` or `refreshToken`, not both.'],
            [{ token: 'x' }, 'TOKEN_INVALID Invalid token'],
            [{ token: refreshToken }, 'TOKEN_INVALID Invalid token'],
            [{ token: await mintExpired(user) }, 'TOKEN_EXPIRED Signature has expired'],
            [
                { token: await mint(user) },
                'TOKEN_INVALID This token belongs to no session and cannot be refreshed.',
            ],
            [{ token: await mint(user, { sid: 'x' }) }, 'TOKEN_INVALID Invalid token'],
            [{ token: await mint(user, { sid: 7 }) }, 'TOKEN_INVALID Invalid token'],
            [
                { token: await mint(user, { sid: claimsOf(token).sid, sub: '1' }) },
                'TOKEN_INVALID Invalid token',
            ],
            ...['', 'x', token, refreshToken.slice(1), `${refreshToken}=`, 'A'.repeat(43)].map(
                (wrong) => [{ refreshToken: wrong }, 'TOKEN_INVALID Invalid refresh token'],
            ),
        ])
            assert.equal(await refuse(variables), expected, JSON.stringify(variables));
        assert.notEqual((await refresh({ refreshToken })).refreshToken, null);
    });

    test('by fifty tabs at once rotates once, and signs nobody out', async () => {
        const first = await login();
        const answers = await Promise.all(
            Array.from({ length: 50 }, () => refresh({ refreshToken: first.refreshToken })),
        );
        const rotated = answers.filter((answer) => answer.refreshToken !== null);
        assert.equal(rotated.length, 1);
        for (const answer of answers)
            assert.equal(claimsOf(answer.token).sid, claimsOf(first.token).sid);
        const [{ refreshToken }] = rotated;
        assert.notEqual((await refresh({ refreshToken })).refreshToken, null);
    });

    test('once more, when its answer was lost', async () => {
        const first = await login();
        const lost = await refresh({ refreshToken: first.refreshToken });
        await pass('1 day');
        const answers = await Promise.all(
            Array.from({ length: 10 }, () => refresh({ refreshToken: first.refreshToken })),
        );
        assert.equal(answers.filter((answer) => answer.refreshToken !== null).length, 1);
        const { token } = answers[0];
        await t.ask(token, 'mutation { createLink(url: "https://lost.example/") { id } }');
        // What became void is a copy that somebody has.
        assert.equal(
            await refuse({ refreshToken: lost.refreshToken }),
            'TOKEN_INVALID Invalid refresh token',
        );
        assert.equal(await refuse({ token }), 'TOKEN_INVALID Invalid token');
    });

    test('of a token that was used ends the session, which is remembered', async () => {
        const first = await login();
        const second = await refresh({ refreshToken: first.refreshToken });
        const third = await refresh({ refreshToken: second.refreshToken });
        await pass('11 seconds');
        for (const { refreshToken } of [first, third, second])
            assert.equal(await refuse({ refreshToken }), 'TOKEN_INVALID Invalid refresh token');
        for (const { token } of [first, third])
            assert.equal(await refuse({ token }), 'TOKEN_INVALID Invalid token');
    });

    test('after 14 days without one, or after 30', async () => {
        const first = await login();
        await pass('14 days');
        assert.equal(
            await refuse({ refreshToken: first.refreshToken }),
            'TOKEN_EXPIRED Refresh token is expired',
        );
        assert.equal(await refuse({ token: first.token }), 'TOKEN_EXPIRED Refresh has expired');
        let { refreshToken } = await login();
        for (const interval of ['13 days', '13 days']) {
            await pass(interval);
            ({ refreshToken } = await refresh({ refreshToken }));
        }
        await pass('4 days');
        assert.equal(await refuse({ refreshToken }), 'TOKEN_EXPIRED Refresh token is expired');
    });

    test('keeps no refresh token, only its hash', async () => {
        const { refreshToken } = await login();
        const [found] = await t.session.rows(`
            SELECT count(*)::int AS count FROM refresh_tokens
            WHERE token_hash = sha256(${quote(refreshToken)}) AND token_hash::text NOT LIKE ${quote(`%${refreshToken}%`)}`);
        assert.equal(found.count, 1);
    });
});

suite('revokeToken', () => {
    test('ends the session of a refresh token, once or twice', async () => {
        const first = await login();
        const { refreshToken } = await refresh({ refreshToken: first.refreshToken });
        const { revokeToken } = await t.ask(null, revokeDocument, { refreshToken });
        assert.ok(Math.abs(revokeToken.revoked - Date.now() / 1000) < 10);
        assert.deepEqual(await t.ask(null, revokeDocument, { refreshToken: first.refreshToken }), {
            revokeToken,
        });
        assert.equal(await refuse({ refreshToken }), 'TOKEN_INVALID Invalid refresh token');
    });

    test('of what is no refresh token', async () => {
        for (const [refreshToken, expected] of [
            [undefined, ['BAD_USER_INPUT', 'Refresh token is required']],
            [null, ['BAD_USER_INPUT', 'Refresh token is required']],
            ['', ['TOKEN_INVALID', 'Invalid refresh token']],
            ['A'.repeat(43), ['TOKEN_INVALID', 'Invalid refresh token']],
        ]) {
            const error = await t.fail(null, revokeDocument, { refreshToken });
            assert.deepEqual([error.code, error.message], expected);
        }
    });
});

suite('what a token may write', () => {
    let link;
    before(async () => {
        const { token } = await login();
        const { createLink } = await t.ask(
            token,
            'mutation { createLink(url: "https://session.example/") { id } }',
        );
        link = createLink.id;
    });

    const counts = async () =>
        (
            await t.session.rows(`
                SELECT (SELECT count(*) FROM links) || ' ' || (SELECT count(*) FROM votes) || ' '
                    || (SELECT count(*) FROM users) || ' ' || (SELECT max(description) FROM links WHERE id = ${link}) AS all`)
        )[0].all;

    // Every kind of mutation: functions of SQL, of all forms, and C functions that make something.
    const mutations = () => [
        'createLink(url: "https://refused.example/") { id }',
        'relayCreateLink(input: { url: "https://refused.example/" }) { link { id } }',
        `createVote(linkId: ${link}) { user { id } }`,
        `deleteVote(linkId: ${link}) { link { id } }`,
        `updateLink(id: ${link}, description: "refused") { link { id } }`,
        `deleteLink(id: ${link}) { id }`,
        'revokeSession(id: "00000000-0000-0000-0000-000000000000") { id }',
        `createUser(username: "${unique('refused')}", password: "${goodPassword}", email: "a@b.example") { user { id } }`,
        `changePassword(oldPassword: "${goodPassword}", newPassword: "${goodPassword} refused") { changed }`,
    ];
    const open = ['tokenAuth', 'verifyToken', 'refreshToken', 'revokeToken', 'deleteTokenCookie', 'deleteRefreshTokenCookie'];

    test('is tried here for every mutation of the contract', async () => {
        const { __type: type } = await t.ask(null, '{ __type(name: "Mutation") { fields { name } } }');
        const tried = mutations().map((mutation) => mutation.match(/^\w+/)[0]);
        assert.deepEqual([...tried, ...open].sort(), type.fields.map(({ name }) => name).sort());
    });

    // All of them are refused so, and write nothing.
    async function assertRefusedAll(token, expected) {
        const before = await counts();
        for (const mutation of mutations()) {
            const { code, message, path } = await t.fail(token, `mutation { ${mutation} }`);
            assert.equal(`${code} ${message}`, expected, mutation);
            assert.equal(path[0], mutation.match(/^\w+/)[0]);
        }
        assert.equal(await counts(), before);
    }

    test('nothing once its session is revoked, in any kind of mutation', async () => {
        const { token, refreshToken } = await login();
        await t.ask(null, revokeDocument, { refreshToken });
        await assertRefusedAll(token, 'TOKEN_INVALID Invalid token');
        // It is read until it ends; and one signs in again, whatever one shows.
        assert.deepEqual(await t.ask(token, '{ me { id } }'), { me: { id: user.id } });
        const again = await login({ headers: { authorization: `JWT ${token}` } });
        await t.ask(again.token, 'mutation { createLink(url: "https://again.example/") { id } }');
        await t.ask(token, 'mutation { verifyToken { payload } }');
        assert.notEqual((await refresh({ refreshToken: again.refreshToken }, token)).token, null);
    });

    test('nothing once its session is over, or after 30 days', async () => {
        const { token } = await login();
        await pass('30 days');
        await assertRefusedAll(token, 'TOKEN_INVALID Invalid token');
    });

    test('nothing when its session is of nobody, or of another user', async () => {
        const { token } = await login();
        const [other] = await t.users(1, { prefix: 'session-other' });
        for (const sid of ['x', '00000000-0000-0000-0000-000000000000', claimsOf(token).sid])
            await assertRefusedAll(await mint(other, { sid }), 'TOKEN_INVALID Invalid token');
    });

    test('nothing when its user is disabled, with or without a session', async () => {
        const { token, refreshToken } = await login();
        const disable = (is) =>
            t.session.run(`UPDATE credentials SET is_disabled = ${is} WHERE user_id = ${user.id}`);
        await disable(true);
        try {
            await assertRefusedAll(token, 'FORBIDDEN This account is disabled.');
            await assertRefusedAll(await mint(user), 'FORBIDDEN This account is disabled.');
            assert.equal(await refuse({ refreshToken }), 'TOKEN_INVALID Invalid refresh token');
            assert.equal(await refuse({ token }), 'TOKEN_INVALID Invalid token');
        } finally {
            await disable(false);
        }
        assert.notEqual((await refresh({ refreshToken })).refreshToken, null);
    });

    test('as before, without a session', async () => {
        const token = await mint(user);
        await t.ask(token, 'mutation { createLink(url: "https://without.example/") { id } }');
    });

    test('in one request, until the field that ends it', async () => {
        const { token } = await login();
        const answer = await post(
            `mutation { a: createLink(url: "https://a.example/") { id }
                revokeSession(id: "${claimsOf(token).sid}") { id }
                b: createLink(url: "https://b.example/") { id } }`,
            {},
            as(token),
        );
        assert.notEqual(answer.json.data.a, null);
        assert.deepEqual(answer.json.data.revokeSession, { id: claimsOf(token).sid });
        assert.equal(answer.json.data.b, null);
        assert.deepEqual(
            answer.json.errors.map(({ path, extensions }) => [path, extensions.code]),
            [[['b'], 'TOKEN_INVALID']],
        );
    });
});

suite('mySessions', () => {
    const list = '{ mySessions { id createdAt lastUsedAt userAgent isCurrent } }';

    test('are those of the user, newest first', async () => {
        await t.session.run(`DELETE FROM sessions WHERE user_id = ${user.id}`);
        const old = await login({ headers: { 'user-agent': `Old ${'x'.repeat(300)}` } });
        await pass('1 day');
        const gone = await login();
        const now = await login({ headers: { 'user-agent': 'A browser' } });
        await t.ask(null, revokeDocument, { refreshToken: gone.refreshToken });
        const { mySessions } = await t.ask(now.token, list);
        assert.deepEqual(
            mySessions.map(({ id, userAgent, isCurrent }) => [id, userAgent, isCurrent]),
            [
                [claimsOf(now.token).sid, 'A browser', true],
                [claimsOf(old.token).sid, `Old ${'x'.repeat(196)}`, false],
            ],
        );
        const age = (time) => Math.round((Date.now() - Date.parse(time)) / 60000);
        assert.deepEqual([age(mySessions[1].createdAt), age(mySessions[1].lastUsedAt)], [1440, 1440]);
        await refresh({ refreshToken: old.refreshToken });
        const after = (await t.ask(now.token, list)).mySessions;
        assert.deepEqual([age(after[1].createdAt), age(after[1].lastUsedAt)], [1440, 0]);
        // A token without a session sees them, too, and none is its own.
        const others = (await t.ask(await mint(user), list)).mySessions;
        assert.deepEqual(
            others.map(({ isCurrent }) => isCurrent),
            [false, false],
        );
    });

    test('are nobody else\'s, who ends none of them', async () => {
        const { token } = await login();
        const [other] = await t.users(1, { prefix: 'session-other' });
        assert.deepEqual(await t.ask(other, list), { mySessions: [] });
        assert.equal((await t.fail(null, list)).code, 'UNAUTHENTICATED');
        const end = 'mutation ($id: ID!) { revokeSession(id: $id) { id } }';
        const id = claimsOf(token).sid;
        for (const who of [other, token]) {
            const wrong = who === other ? id : '00000000-0000-0000-0000-000000000000';
            const error = await t.fail(who, end, { id: wrong });
            assert.deepEqual([error.code, error.message], ['NOT_FOUND', 'Invalid Session!']);
        }
        assert.equal((await t.fail(token, end, { id: 'x' })).code, 'BAD_USER_INPUT');
        assert.equal((await t.fail(null, end, { id })).code, 'UNAUTHENTICATED');
        assert.deepEqual(await t.ask(token, end, { id }), { revokeSession: { id } });
        assert.equal((await t.fail(token, end, { id })).code, 'TOKEN_INVALID');
    });
});

suite('a login that is under way', () => {
    // The password has been found right, and its login waits before it opens a session.
    async function during(change) {
        await t.session.run(`BEGIN; UPDATE user_private SET last_login = last_login WHERE user_id = ${user.id}`);
        const answer = signIn(user.username, goodPassword);
        await untilLocked(1);
        psql(change);
        await t.session.run('COMMIT');
        return (await answer).json;
    }

    test('comes too late when the password is changed or the account disabled', async () => {
        const { password_hash: hash } = await t.session.row(`SELECT password_hash FROM credentials WHERE user_id = ${user.id}`);
        for (const change of [
            `SELECT account_change_password(${user.id}, ${quote(hash)}, '$argon2id$another', NULL)`,
            `SELECT account_set_password(${user.id}, '$argon2id$another')`,
            `SELECT account_set_disabled(${user.id}, true)`,
        ]) {
            const { data, errors } = await during(change);
            await t.session.run(`UPDATE credentials SET password_hash = ${quote(hash)}, is_disabled = false WHERE user_id = ${user.id}`);
            assert.deepEqual(data, { tokenAuth: null });
            assert.equal(errors[0].message, 'Please enter valid credentials');
        }
        assert.deepEqual(await t.session.rows(`SELECT id FROM sessions WHERE user_id = ${user.id} AND revoked_at IS NULL`), []);
    });

    test('has the role that the account has by then', async () => {
        const { data } = await during(`SELECT account_set_role(${user.id}, 'staff')`);
        await t.session.run(`UPDATE credentials SET is_staff = false WHERE user_id = ${user.id}`);
        assert.equal(claimsOf(data.tokenAuth.token).role, 'staff');
    });
});
