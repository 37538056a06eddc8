// shop_accounts.test.mjs - accounts where the key of a user is a uuid: the shop's.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { claimsOf, goodPassword } from './lib/accounts.mjs';
import { psql } from './lib/database.mjs';
import { program, root, sockets } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';

const DATABASE = 'shop_accounts';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const conninfo = (user) => `host=${sockets}/postgresql dbname=${DATABASE} user=${user}`;

let folder, server, contract;
before(async () => {
    execFileSync(`${root}/tests/shop/load.sh`, [DATABASE, 'accounts'], { stdio: ['ignore', 'ignore', 'inherit'] });
    folder = mkdtempSync(`${tmpdir()}/linnet-shop.`);
    chmodSync(folder, 0o755);
    contract = `${folder}/schema.graphql`;
    const [shop, accounts] = ['schema', 'accounts'].map((name) => readFileSync(`${root}/tests/shop/${name}.graphql`, 'utf8'));
    const trusted = accounts.match(/\baccount_\w+/g).map((name) => `"${name}"`);
    writeFileSync(contract, shop.replace('functions: ["viewer_tenant"', `functions: ["viewer_tenant", ${trusted.join(', ')}`) + accounts);
    server = await serve('--contract', contract, '--workers', '1', '--database', conninfo('linnet_login'));
});
after(async () => {
    await server?.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

const post = (query, token, variables) =>
    server.post(query, variables, token ? { parameters: { HTTP_AUTHORIZATION: `JWT ${token}` } } : {});
async function ask(query, token, variables) {
    const answer = await post(query, token, variables);
    assert.equal(answer.json.errors, undefined, answer.text);
    return answer.json.data;
}
async function codeOf(query, token, variables) {
    const { errors } = (await post(query, token, variables)).json;
    assert.equal(errors?.length, 1);
    return errors[0].extensions.code;
}

const signUp = (name) =>
    ask('mutation ($n: String!, $p: String!, $e: String!) { createUser(username: $n, password: $p, email: $e) { user { id email tenant { id } } } }', null, {
        n: name,
        p: goodPassword,
        e: `${name}@shop.example`,
    });
const signIn = async (name, password = goodPassword) =>
    (await ask('mutation ($n: String!, $p: String!) { tokenAuth(username: $n, password: $p) { token refreshToken payload user { id username } } }', null, { n: name, p: password })).tokenAuth;

// Writes as the user: the identity of every mutation is asked for.
const write = 'mutation { revokeSession(id: "00000000-0000-0000-0000-000000000000") { id } }';

function user(...args) {
    const input = args.at(-1).endsWith('\n') ? args.pop() : '';
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
    const { stdout, stderr, status } = spawnSync(program, ['user', ...args, '--database', conninfo('linnet_owner'), '--owner', ''], { input, env: environment, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return stdout;
}

suite('users with a uuid', () => {
    test('sign up, sign in, and ask who one is', async () => {
        const { createUser } = await signUp('alma');
        assert.match(createUser.user.id, uuid);
        assert.equal(createUser.user.email, 'alma@shop.example');
        const { token, user: shown } = await signIn('alma');
        assert.deepEqual(shown, { id: createUser.user.id, username: 'alma' });
        assert.equal(claimsOf(token).sub, createUser.user.id);
        assert.deepEqual((await ask('{ me { id } }', token)).me, { id: createUser.user.id });
    });

    test('what the tables refuse names its argument', async () => {
        const { errors } = (await post(`mutation { createUser(username: "other", password: "${goodPassword}", email: "alma@shop.example") { user { id } } }`)).json;
        assert.deepEqual([errors[0].extensions.code, errors[0].extensions.field], ['CONFLICT', 'email']);
    });

    test('refresh, see and end their sessions', async () => {
        await signUp('bruno');
        const first = await signIn('bruno'), second = await signIn('bruno');
        const next = (await ask('mutation ($t: String!) { refreshToken(refreshToken: $t) { token refreshToken } }', null, { t: first.refreshToken })).refreshToken;
        assert.equal(claimsOf(next.token).sid, claimsOf(first.token).sid);
        const { mySessions } = await ask('{ mySessions { id isCurrent } }', next.token);
        assert.deepEqual(mySessions.filter(({ isCurrent }) => isCurrent).map(({ id }) => id), [claimsOf(first.token).sid]);
        assert.deepEqual(mySessions.map(({ id }) => id).sort(), [first, second].map(({ token }) => claimsOf(token).sid).sort());
        await ask('mutation ($id: ID!) { revokeSession(id: $id) { id } }', next.token, { id: claimsOf(second.token).sid });
        assert.equal((await ask('{ mySessions { id } }', next.token)).mySessions.length, 1);
        assert.equal(await codeOf('mutation ($t: String!) { refreshToken(refreshToken: $t) { token } }', null, { t: second.refreshToken }), 'TOKEN_INVALID');
    });

    test('change their password', async () => {
        await signUp('edda');
        const { token } = await signIn('edda');
        await ask('mutation ($o: String!) { changePassword(oldPassword: $o, newPassword: "another good pony") { changed } }', token, { o: goodPassword });
        assert.ok((await signIn('edda', 'another good pony')).token);
    });

    test('are managed from the command line', async () => {
        user('add', 'zita', '--email', 'zita@shop.example', `${goodPassword}\n`);
        const { token, user: shown } = await signIn('zita');
        const [, row] = user('list', 'zita').split('\n');
        assert.match(row, new RegExp(`^${shown.id}\tzita\tuser\tenabled\t`));
        assert.equal(claimsOf(token).sid, user('sessions', 'zita').split('\n')[1].split('\t')[0]);
        assert.equal(user('disable', 'zita'), 'zita: disabled; 1 of its sessions ended\n');
        assert.equal(await codeOf(write, token), 'FORBIDDEN');
        assert.equal((await ask('{ me { id } }', token)).me.id, shown.id);
        assert.equal(await codeOf('mutation ($p: String!) { tokenAuth(username: "zita", password: $p) { token } }', null, { p: goodPassword }), 'UNAUTHENTICATED');
        user('enable', 'zita');
        user('passwd', 'zita', 'another good pony\n');
        assert.ok((await signIn('zita', 'another good pony')).token);
        assert.equal(user('role', 'zita', '--role', 'staff'), 'zita: has the role staff; 1 of its sessions ended\n');
        assert.equal(claimsOf((await signIn('zita', 'another good pony')).token).role, 'staff');
    });
});
