// operator.test.mjs - what whoever runs the server sees: why it does not start, what is logged while
// PostgreSQL is away, and a log in a file of its own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
    chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync,
    symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { after, suite, test } from 'node:test';

import { patience, program, state } from './lib/environment.mjs';
import { launch, serve, until } from './lib/processes.mjs';

const isRoot = process.getuid() === 0;
const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)),
);
const folder = mkdtempSync(`${tmpdir()}/linnet-operator.`);
after(() => rmSync(folder, { recursive: true }));

// The lines of a log; each is an object, or this fails.
const linesOf = (text) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
const messagesOf = (text) => linesOf(text).map(({ message }) => message ?? '');

const run = (words, options = {}) =>
    spawnSync(program, words, { encoding: 'utf8', cwd: folder, env: environment, timeout: 60000, ...options });

suite('what does not start', () => {
    // The statuses that a unit must not restart on (docs/deployment.md), and the reason, in JSON.
    const cases = [
        ['a wrong setting', 'workers = many\nlimit_depth = 0\n', [], 78, /linnet\.conf:1: workers must be/],
        ['a contract that is not there', 'contract = nowhere.graphql\n', [], 66, /nowhere\.graphql: No such file/],
        ['a key that is not there', 'key_file = nowhere\n', [], 78, /nowhere/],
        ['a socket that cannot be made', '', ['--listen', `${folder}/no/such/folder`], 73, /cannot create the socket/],
        ['a log that cannot be written', 'log_file = no/such/folder\n', [], 73, /cannot write the log/],
        ['a log that is a link', 'log_file = link\n', [], 73, /symbolic link/],
        ['no socket', '', ['--listen', ''], 64, /set `listen`/],
    ];
    if (isRoot) {
        cases.push(['root without a user', 'user =\n', [], 78, /the workers would run as root: set `user`/]);
        cases.push(['a user that is not there', 'user = linnet-nobody-has\n', [], 67, /unknown user/]);
    }
    symlinkSync(`${folder}/elsewhere`, `${folder}/link`);
    writeFileSync(`${folder}/schema.graphql`, 'type Query { a: Int }');

    for (const [title, text, words, status, message] of cases)
        test(title, () => {
            const user = isRoot && !/^user/m.test(text) ? 'user = nobody\n' : '';
            writeFileSync(`${folder}/linnet.conf`, `${text}${user}`);
            const result = run(['serve', '--config', `${folder}/linnet.conf`, '--listen', `${folder}/socket`, ...words]);
            assert.equal(result.status, status, result.stderr);
            assert.match(messagesOf(result.stderr).join('\n'), message);
        });

    test('without a configuration file it is said where one was looked for', () => {
        mkdirSync(`${folder}/empty`);
        const result = run(['serve'], { cwd: `${folder}/empty` });
        assert.notEqual(result.status, 0);
        assert.match(messagesOf(result.stderr).join('\n'), new RegExp(`there is no linnet\\.conf in ${folder}/empty, and`));
    });
});

test('a program of a cgi-bin says where it looked for its configuration', () => {
    mkdirSync(`${folder}/bin`);
    mkdirSync(`${folder}/pages`);
    copyFileSync(program, `${folder}/bin/graphql.cgi`);
    chmodSync(`${folder}/bin/graphql.cgi`, 0o755);
    const ask = () =>
        spawnSync(`${folder}/bin/graphql.cgi`, [], {
            encoding: 'utf8',
            cwd: `${folder}/pages`,
            env: { ...environment, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', QUERY_STRING: 'query=%7B__typename%7D' },
        });
    const without = ask();
    assert.match(without.stdout, /^Status: 503/);
    assert.match(messagesOf(without.stderr).join('\n'), new RegExp(`there is no linnet\\.conf in ${folder}/pages, nor beside`));
    // Beside the program it is found, and the log goes where it says.
    writeFileSync(`${folder}/bin/linnet.conf`, 'contract = nowhere.graphql\nlog_file = cgi.log\n');
    const beside = ask();
    assert.match(beside.stdout, /^Status: 503/);
    assert.equal(beside.stderr, '');
    const messages = messagesOf(readFileSync(`${folder}/bin/cgi.log`, 'utf8')).join('\n');
    assert.match(messages, /nowhere\.graphql: No such file/);
    assert.doesNotMatch(messages, /no configuration file/);
});

test('while PostgreSQL is away, that is logged at once and then every ten seconds', async () => {
    const server = launch('--database', `host=/nowhere dbname=linnet`, '--workers', '3', '--log', 'debug');
    server.isUp.catch(() => {}); // it never is
    const complaints = () => linesOf(server.log.slice(0, server.log.lastIndexOf('\n') + 1))
        .filter(({ message }) => /cannot connect/.test(message));
    await until(() => complaints().length >= 2, 25000 * patience, 'two complaints');
    const [first, second, ...more] = complaints();
    assert.deepEqual(more, []);
    assert.match(first.message, /No such file/);
    // (The clock that is logged is not the one that is counted by.)
    assert.ok(Date.parse(second.time) - Date.parse(first.time) > 9900, server.log);
    await server.stop();
});

suite('a log in a file', () => {
    const file = `${folder}/linnet.log`, moved = `${folder}/linnet.log.1`;
    const read = (path) => readFileSync(path, 'utf8');

    test('is appended to, and opened anew at a reload', async () => {
        writeFileSync(file, '{"message":"before"}\n');
        const server = await serve('--log-file', file);
        assert.equal((await server.post('{ __typename }')).status, 200);
        await until(() => /"POST|operation|"event":"request"/.test(read(file)), 10000 * patience, 'a request is logged');
        assert.equal(messagesOf(read(file))[0], 'before');
        assert.match(read(file), /"message":"ready"/);

        renameSync(file, moved);
        const before = read(moved).length;
        process.kill(server.pid, 'SIGHUP');
        await until(() => { try { return /"message":"reloaded"/.test(read(file)); } catch { return false; } },
            20000 * patience, 'the new file says so');
        assert.equal((await server.post('{ __typename }')).status, 200);
        assert.doesNotMatch(read(moved).slice(before), /"message":"reloaded"/);
        await server.stop();
        linesOf(read(moved));
        linesOf(read(file));
        assert.equal(statSync(file).mode & 0o777, 0o640 & ~process.umask());
        assert.equal(server.log, '');
    });

    test('ends when the setting is taken away', async () => {
        const config = `${folder}/reload.conf`, other = `${folder}/other.log`;
        const settings = read(`${state}/linnet.conf`);
        writeFileSync(config, `${settings}log_file = ${other}\n`);
        const server = await serve('--config', config);
        assert.equal(server.log, '');
        writeFileSync(config, settings);
        process.kill(server.pid, 'SIGHUP');
        await until(() => /"message":"reloaded"/.test(server.log), 20000 * patience, 'standard error says so');
        // One that cannot be written leaves all as it was.
        writeFileSync(config, `${settings}log_file = ${folder}/no/such/folder\n`);
        process.kill(server.pid, 'SIGHUP');
        await until(() => /the reload failed/.test(server.log), 20000 * patience, 'it is refused');
        assert.equal((await server.post('{ __typename }')).status, 200);
        await server.stop();
        assert.match(read(other), /"message":"ready"/);
        assert.match(server.log, /cannot write the log to/);
        linesOf(server.log);
    });
});
