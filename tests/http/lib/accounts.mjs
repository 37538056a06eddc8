// accounts.mjs - people who use the server: accounts, tokens, and requests in their name.
//
// Signing up costs a hash, on purpose; where hundreds are wanted, SQL makes the users and
// mint() their tokens, as the server would.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';

import { assertErrors, post } from './client.mjs';
import { psql, quote, Session } from './database.mjs';
import { state } from './environment.mjs';

export const unique = (prefix) => `${prefix}-${randomBytes(5).toString('hex')}`;

// What a file of tests has added is taken away again, so that the next finds what it knows.
// (Keys from 900,000 on are those of data.sql.)
const [lastUser, lastLink] = psql(
    'SELECT max(id) FROM users WHERE id < 900000; SELECT max(id) FROM links WHERE id < 900000',
).split('\n');
after(() =>
    psql(`DELETE FROM links WHERE id > ${lastLink} AND id < 900000; DELETE FROM users WHERE id > ${lastUser} AND id < 900000;
    DELETE FROM login_failures; DELETE FROM sign_ups`),
);

// --- the contract's own way --------------------------------------------------

const signUpDocument = `mutation ($username: String!, $password: String!, $email: String!) {
    createUser(username: $username, password: $password, email: $email) { user { id username email } } }`;
const signInDocument = `mutation ($username: String!, $password: String!) {
    tokenAuth(username: $username, password: $password) { token payload refreshExpiresIn refreshToken user { id username email lastLogin } } }`;

export const signUpOver = (send, username, password, email = 'somebody@example.com') =>
    send(signUpDocument, { username, password, email });
export const signInOver = (send, username, password) =>
    send(signInDocument, { username, password });

// A password that will do.
export const goodPassword = 'correct horse battery staple';

export const signUp = (...account) => signUpOver(post, ...account);
export const signIn = (...account) => signInOver(post, ...account);

// The only error of an answer whose only field is null.
export function failureOf(answer, field) {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.data, { [field]: null }, answer.text);
    const errors = assertErrors(answer);
    assert.equal(errors.length, 1);
    assert.deepEqual(errors[0].path, [field]);
    return errors[0];
}

// --- tokens ------------------------------------------------------------------

const settings = Object.fromEntries(
    readFileSync(`${state}/linnet.conf`, 'utf8')
        .split('\n')
        .map((line) => line.split(/ = (.*)/))
        .filter((pair) => pair.length > 1),
);

export const keyFile = settings.key_file;
export const readKey = () => readFileSync(keyFile, 'latin1').replace(/\n$/, '');

const encode = (value) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const goodHeader = '{"typ":"JWT","alg":"HS256"}';

export function sign(header, claims, key = readKey(), hash = 'sha256') {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${createHmac(hash, Buffer.from(key, 'latin1')).update(text).digest('base64url')}`;
}

export const claimsOf = (token) =>
    JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));

// What the server's own tokens say, from one of them: iss, aud and the kinds of the others.
let sample;
async function sampleClaims() {
    if (!sample) {
        const username = unique('sample');
        assert.equal((await signUp(username, goodPassword)).json.errors, undefined);
        // It says nothing of a session, which is the sample's own.
        const { sid, ...claims } = claimsOf(
            (await signIn(username, goodPassword)).json.data.tokenAuth.token,
        );
        assert.match(sid, /^[0-9a-f-]{36}$/);
        sample = claims;
    }
    return sample;
}

// The claims of a good token of that user, but for `changes`; undefined leaves one out.
export async function claimsFor({ id, username, role = 'user' }, changes = {}) {
    const now = Math.floor(Date.now() / 1000);
    return {
        ...(await sampleClaims()),
        sub: String(id),
        username,
        role,
        iat: now,
        exp: now + 900,
        origIat: now,
        jti: randomBytes(16).toString('hex'),
        ...changes,
    };
}

export const mint = async (user, changes) => sign(goodHeader, await claimsFor(user, changes));

// A token of that user that has ended.
export function mintExpired(user) {
    const now = Math.floor(Date.now() / 1000);
    return mint(user, { iat: now - 1000, exp: now - 100, origIat: now - 1000 });
}

// --- people ------------------------------------------------------------------

// Makes users by SQL: {id, username, email, token}.
export async function makeUsers(session, count, { prefix = 'people', role = 'user' } = {}) {
    const name = unique(prefix);
    await session.run(`
        WITH made AS (
            INSERT INTO users (username) SELECT ${quote(name)} || '-' || n FROM generate_series(1, ${count}) AS n
            RETURNING id, username)
        INSERT INTO user_private (user_id, email) SELECT id, username || '@example.com' FROM made`);
    const users =
        await session.rows(`SELECT users.id::text, username, email FROM users JOIN user_private ON user_id = users.id
        WHERE username LIKE ${quote(`${name}-%`)} ORDER BY users.id`);
    assert.equal(users.length, count);
    for (const user of users) user.token = await mint({ ...user, role });
    return users;
}

// Options of client.mjs for a request of that user's, or of a token's.
export const as = (user, scheme = 'JWT') =>
    user ? { headers: { authorization: `${scheme} ${user.token ?? user}` } } : {};

// Parameters of FastCGI likewise.
export const asParameters = (user) =>
    user ? { HTTP_AUTHORIZATION: `JWT ${user.token ?? user}` } : {};

// --- a server, and requests of people to it ----------------------------------

// `send(query, variables, user)` answers; the session is in its database.
export function makeTarget(send, session) {
    return {
        send,
        session,
        users: (count, options) => makeUsers(session, count, options),

        // What must succeed; its data.
        async ask(user, query, variables) {
            const answer = await send(query, variables, user);
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(Object.keys(answer.json), ['data'], answer.text.slice(0, 2000));
            return answer.json.data;
        },

        // What must fail in one field: {data, code, message, path, extensions}.
        async fail(user, query, variables) {
            const answer = await send(query, variables, user);
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(
                Object.keys(answer.json),
                ['errors', 'data'],
                answer.text.slice(0, 2000),
            );
            const errors = assertErrors(answer);
            assert.equal(errors.length, 1, answer.text);
            const { message, path, extensions } = errors[0];
            return { data: answer.json.data, code: extensions.code, message, path, extensions };
        },
    };
}

// The server under test, through nginx.
export function overNginx() {
    return makeTarget((query, variables, user) => post(query, variables, as(user)), new Session());
}

// One of serve(), on the database of that name.
export function overSocket(server, database) {
    return makeTarget(
        (query, variables, user) =>
            server.post(query, variables, { parameters: asParameters(user) }),
        new Session(database),
    );
}
