// users.test.mjs - `linnet user`: accounts as the operator manages them.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';

import { as, claimsOf, failureOf, goodPassword, makeUsers, signIn, unique } from './lib/accounts.mjs';
import { post } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { program, state } from './lib/environment.mjs';

const session = new Session();

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

// Runs `linnet user`; a line of `input` is the password.
function user(args, input = '') {
    const { status, stdout, stderr } = spawnSync(program, ['user', ...args, '--config', `${state}/linnet.conf`], {
        env: environment,
        input,
        encoding: 'utf8',
    });
    return { status, out: stdout, error: stderr };
}

function did(args, input) {
    const { status, out, error } = user(args, input);
    assert.equal(error, '');
    assert.equal(status, 0);
    return out;
}

function refused(args, input, message, status = 1) {
    const answer = user(args, input);
    assert.match(answer.error, message);
    assert.deepEqual([answer.out, answer.status], ['', status]);
}

// Adds an account: its name.
function add(...options) {
    const name = unique('operated');
    assert.match(did(['add', name, ...options], `${goodPassword}\n`), new RegExp(`^${name}: added, with the key \\d+\n$`));
    return name;
}
const tokenOf = async (name, password = goodPassword) => (await signIn(name, password)).json.data.tokenAuth.token;
const login = async (name) => (await signIn(name, goodPassword)).json.data.tokenAuth;
// The code of the error that exchanging a refresh token has.
async function refresh({ refreshToken }) {
    const answer = await post('mutation ($t: String!) { refreshToken(refreshToken: $t) { token } }', { t: refreshToken });
    return answer.json.errors?.[0].extensions.code;
}
const vote = 'mutation { createVote(linkId: "1") { link { id } } }';

suite('linnet user add', () => {
    test('makes an account that signs in', async () => {
        const name = add('--email', 'operated@some.example');
        const { user: shown } = (await signIn(name, goodPassword)).json.data.tokenAuth;
        assert.deepEqual([shown.username, shown.email], [name, 'operated@some.example']);
    });

    test('gives it a role', async () => {
        assert.equal(claimsOf(await tokenOf(add('--role', 'staff'))).role, 'staff');
    });

    test('refuses what signing up refuses, and does nothing', async () => {
        const name = unique('refused');
        refused(['add', add()], goodPassword, /^linnet: A user with that username already exists\.\n$/);
        refused(['add', 'a b'], goodPassword, /username must be 1 to 150/);
        refused(['add', name, '--email', 'none'], goodPassword, /e-mail address/);
        refused(['add', name], 'qwertyuiop\n', /too common/);
        refused(['add', name], `${name}\n`, /like the username/);
        refused(['add', name], '\n', /at least 8/);
        refused(['add', name], '', /no password was read/);
        for (const end of ['', '\n']) refused(['add', name], `${goodPassword}\0rest${end}`, /U\+0000/);
        refused(['add', name], `${'x'.repeat(9000)}\n`, /at most 512 bytes/);
        refused(['add', name], Buffer.from('h\xe9 h\xe9 h\xe9 h\xe9\n', 'latin1'), /must be UTF-8/);
        refused(['add', name, '--role', 'keeper'], goodPassword, /there is no role keeper in the setting/);
        assert.equal(did(['list', name]).split('\n').length, 2, 'a head and nothing else');
    });

    test('takes no password from the command line', () => {
        refused(['add', unique('x'), goodPassword], '', /^usage: linnet user/, 64);
        refused(['add', unique('x'), '--password', goodPassword], '', /unknown option --password/, 64);
    });

    // The program sees a terminal; what it prints there, and the terminal itself, comes out.
    function typed(args, ...lines) {
        const command = [program, 'user', ...args, '--config', `${state}/linnet.conf`].join(' ');
        const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { env: environment });
        let out = '';
        const prompts = () => out.match(/ for \S+: /g)?.length ?? 0;
        let given = 0;
        child.stdout.on('data', (text) => {
            out += text;
            while (given < lines.length && given < prompts()) child.stdin.write(`${lines[given++]}\n`);
        });
        return new Promise((resolve) => child.on('close', (status) => resolve({ out, status })));
    }

    test('asks twice on a terminal, and shows nothing', async () => {
        const name = unique('typed');
        const { out, status } = await typed(['add', name], goodPassword, goodPassword);
        assert.equal(status, 0, out);
        assert.ok(!out.includes(goodPassword));
        assert.ok(await tokenOf(name));
        const other = await typed(['passwd', name], goodPassword, `${goodPassword}!`);
        assert.equal(other.status, 1);
        assert.match(other.out, /differ/);
        const broken = await typed(['passwd', name], '\u0003');
        assert.equal(broken.status, 1);
    });
});

suite('linnet user', () => {
    test('passwd: the old password is not good any more', async () => {
        const name = add();
        assert.match(did(['passwd', name], 'another good pony\n'), /: has a new password\n$/);
        failureOf(await signIn(name, goodPassword), 'tokenAuth');
        assert.ok(await tokenOf(name, 'another good pony'));
        refused(['passwd', unique('nobody')], 'another good pony\n', /there is no account nobody/);
        refused(['passwd', name], '12345678\n', /too common/);
        refused(['passwd', add('--email', 'melody.pond@some.example')], 'melody99\n', /like the e-mail address/);
    });

    test('passwd: for somebody who had none', async () => {
        const [made] = await makeUsers(session, 1);
        did(['passwd', made.username], 'another good pony\n');
        assert.ok(await tokenOf(made.username, 'another good pony'));
    });

    test('disable: writes are refused at once, reads when the token ends; enable', async () => {
        const name = add();
        const token = await tokenOf(name);
        assert.match(did(['disable', name]), /^\S+: disabled/);
        failureOf(await signIn(name, goodPassword), 'tokenAuth');
        const failure = failureOf(await post(vote, {}, as(token)), 'createVote');
        assert.equal(failure.extensions.code, 'FORBIDDEN');
        assert.equal((await post('{ me { username } }', {}, as(token))).json.data.me.username, name);
        assert.match(did(['list', name]), /\tdisabled\t/);
        refused(['token', name], '', /no account .* that can sign in/);
        assert.equal(did(['enable', name]), `${name}: enabled\n`);
        assert.ok(await tokenOf(name));
    });

    test('disable: also who has no password', async () => {
        const [made] = await makeUsers(session, 1);
        did(['disable', made.username]);
        assert.equal(failureOf(await post(vote, {}, as(made)), 'createVote').extensions.code, 'FORBIDDEN');
        did(['enable', made.username]);
        assert.ok((await post(vote, {}, as(made))).json.data.createVote);
    });

    test('role: the next token has it', async () => {
        const name = add();
        assert.match(did(['role', name, '--role', 'staff']), /has the role staff/);
        assert.equal(claimsOf(await tokenOf(name)).role, 'staff');
        refused(['role', name], '', /^usage/, 64);
    });

    test('token: signs in, for as long as is asked', async () => {
        const name = add();
        const token = did(['token', name, '--lifetime', '60']).trim();
        const { iat, exp } = claimsOf(token);
        assert.equal(exp - iat, 60);
        assert.equal((await post('{ me { username } }', {}, as(token))).json.data.me.username, name);
        assert.ok((await post(vote, {}, as(token))).json.data.createVote);
        const usual = claimsOf(did(['token', name]).trim());
        assert.equal(usual.exp - usual.iat, 900);
        for (const lifetime of ['0', '-1', '901', 'x']) refused(['token', name, `--lifetime=${lifetime}`], '', /1 to 900 seconds/);
        refused(['token', unique('nobody')], '', /no account nobody/);
    });

    test('list: one row for each, and nothing that commands a terminal', async () => {
        const [made] = await makeUsers(session, 1);
        await session.run(`UPDATE user_private SET email = E'\\x1b[2Jx@b.example' WHERE user_id = ${made.id}`);
        const [head, ...rows] = did(['list']).trimEnd().split('\n');
        assert.equal(head, 'key\tname\trole\tstate\tjoined\tlast login\temail');
        assert.equal(rows.length, (await session.row('SELECT count(*)::integer AS n FROM users')).n);
        const row = rows.find((line) => line.startsWith(`${made.id}\t`)).split('\t');
        assert.deepEqual([...row.slice(0, 4), ...row.slice(5)], [made.id, made.username, 'user', 'no password', '-', '?[2Jx@b.example']);
    });

    test('sessions and revoke: one, or all; what ended does not begin again', async () => {
        const name = add();
        const logins = [await login(name), await login(name), await login(name)];
        const sessions = () => did(['sessions', name]).trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
        assert.equal(sessions().length, 3);
        const latest = claimsOf(logins[2].token).sid;
        const [, , , , client] = sessions().find(([id]) => id === latest);
        assert.ok(client.length > 0);
        assert.equal(did(['revoke', name, latest]), `${name}: the session has ended\n`);
        refused(['revoke', name, latest], '', /has no such session/);
        refused(['revoke', name, 'x'], '', /has no such session/);
        refused(['revoke', name], '', /^usage/, 64);
        refused(['revoke', name, latest, '--all'], '', /^usage/, 64);
        assert.equal(sessions().length, 2);
        assert.equal(await refresh(logins[2]), 'TOKEN_INVALID');
        assert.equal(failureOf(await post(vote, {}, as(logins[2])), 'createVote').extensions.code, 'TOKEN_INVALID');
        assert.equal(did(['revoke', name, '--all']), `${name}: signed out; 2 of its sessions ended\n`);
        assert.equal(await refresh(logins[0]), 'TOKEN_INVALID');
        assert.equal(sessions().length, 0);
    });

    test('passwd, disable and role end the sessions', async () => {
        for (const [args, input] of [[['passwd'], 'another good pony\n'], [['disable']], [['role', '--role', 'staff']]]) {
            const name = add();
            const shown = await login(name);
            assert.match(did([args[0], name, ...args.slice(1)], input), /; 1 of its sessions ended\n$/);
            if (args[0] === 'disable') did(['enable', name]);
            assert.equal(await refresh(shown), 'TOKEN_INVALID');
            assert.equal((await post(vote, {}, as(shown))).json.errors[0].extensions.code, 'TOKEN_INVALID');
        }
    });

    test('is for the owner of the tables alone', () => {
        refused(['list', '--owner', 'linnet_login'], '', /^linnet: permission denied for function account_list\n$/);
    });

    test('says how it is used, and that there is no database', () => {
        refused([], '', /^usage: linnet user/, 64);
        refused(['frobnicate', 'x'], '', /^usage: linnet user/, 64);
        refused(['passwd'], '', /^usage: linnet user/, 64);
        refused(['passwd', 'x', '--role', 'staff'], goodPassword, /^usage: linnet user/, 64);
        refused(['list', '--all'], '', /^usage: linnet user/, 64);
        refused(['list', '--database', 'host=/nowhere'], '', /nowhere/, 69);
    });
});
