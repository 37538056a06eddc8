// service.test.mjs - the server as a service of systemd: what it tells the service manager, and the
// units of systemd/ with all that they forbid.  No systemd needs to run: a script receives what it would
// be told, and tests/package/confine.py forbids what it would.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';

import { goodPassword, keyFile, signInOver, signUpOver, unique } from './lib/accounts.mjs';
import { psql } from './lib/database.mjs';
import { isSanitized, patience, program, root, state } from './lib/environment.mjs';
import { fastcgi } from './lib/fastcgi.mjs';
import { launchBy, serveBy, sleep, until } from './lib/processes.mjs';

const LONG = 15000 * patience;
const WORKERS = 2;

let folder, server;
const unit = (name) => `${folder}/${name}`;

before(() => {
    folder = mkdtempSync(`${tmpdir()}/linnet-service.`);
    chmodSync(folder, 0o755);
    for (const name of ['linnet.service', 'linnet.socket'])
        writeFileSync(
            unit(name),
            readFileSync(`${root}/systemd/${name}.in`, 'utf8').replaceAll('@PROGRAM@', `${folder}/linnet`),
        );
    copyFileSync(program, `${folder}/linnet`);
    chmodSync(`${folder}/linnet`, 0o755);
});
after(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
    await server?.stop();
    server = null;
});

// --- what the service manager is told ----------------------------------------

// Receives datagrams; each is a line of JSON with the process that sent it.
const RECEIVE = `
import json, os, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
path = sys.argv[1]
s.bind("\\0" + path[1:] if path.startswith("@") else path)
print("null", flush=True)
while True:
    text, more, _, _ = s.recvmsg(4096, 4096)
    pid = struct.unpack("3i", more[0][2])[0]
    print(json.dumps({"text": text.decode(), "pid": pid}), flush=True)
`;

const receivers = [];
afterEach(() => receivers.splice(0).forEach((child) => child.kill()));

async function receive(path = `${folder}/${unique('notify')}`) {
    const child = spawn('python3', ['-c', RECEIVE, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    receivers.push(child);
    const receiver = { path, said: [] };
    let rest = '';
    let isOpen = false;
    child.stdout.on('data', (piece) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop();
        for (const line of lines) {
            isOpen = true;
            if (line !== 'null') receiver.said.push(JSON.parse(line));
        }
    });
    await until(() => isOpen, LONG, 'a receiver');
    // Without those of the watchdog.
    receiver.words = () => receiver.said.map(({ text }) => text).filter((text) => text !== 'WATCHDOG=1');
    receiver.beats = () => receiver.said.filter(({ text }) => text === 'WATCHDOG=1').length;
    return receiver;
}

const told = (receiver, ...variables) =>
    ['env', `NOTIFY_SOCKET=${receiver.path}`, ...variables, `${folder}/linnet`];
const startWith = async (command, ...options) => {
    server = await serveBy(command, '--workers', String(WORKERS), ...options);
};

suite('the service manager is told', () => {
    test('that it is ready, reloads, upgrades and stops, by the main process alone', async () => {
        const contract = unit('schema.graphql');
        copyFileSync(`${root}/sql/schema.graphql`, contract);
        const receiver = await receive();
        const { said, words } = receiver;
        await startWith(told(receiver), '--contract', contract);
        await until(() => words().length === 1, LONG, 'READY=1');
        assert.match(words()[0], /^READY=1\nSTATUS=Requests are answered\.$/);

        const reloadsTo = async (signal, status) => {
            const count = words().length;
            const clock = execFileSync('python3', ['-c', 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)'], { encoding: 'utf8' });
            // The crew before is complete.
            await until(() => server.workers().length === WORKERS, LONG, 'all workers');
            process.kill(server.pid, signal);
            await until(() => words().at(-1).startsWith('READY=1') && words().length > count, LONG, 'READY=1 again');
            assert.match(words()[count], /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
            assert.ok(Number(words()[count].split('=')[2]) >= Number(clock));
            assert.match(words().at(-1), status);
        };
        await reloadsTo('SIGHUP', /Requests are answered/);
        await reloadsTo('SIGUSR2', /Requests are answered/);
        writeFileSync(contract, 'type Query {');
        await reloadsTo('SIGHUP', /STATUS=The last reload has failed: see the log\.$/);
        await reloadsTo('SIGUSR2', /STATUS=The last upgrade has failed: see the log\.$/);
        copyFileSync(`${root}/sql/schema.graphql`, contract);
        await reloadsTo('SIGHUP', /Requests are answered/);

        const { pid } = server;
        await server.stop();
        server = null;
        await until(() => words().at(-1) === 'STOPPING=1', LONG, 'STOPPING=1');
        assert.deepEqual([...new Set(said.map((one) => one.pid))], [pid]);
    });

    test('again and again that it is alive, if it wants to know', async () => {
        const receiver = await receive(`@${unique('linnet')}`);
        await startWith(told(receiver, 'WATCHDOG_USEC=300000'));
        await until(() => receiver.beats() > 5, LONG, 'WATCHDOG=1');
        process.kill(server.pid, 'SIGSTOP'); // one that hangs does not say so
        const count = receiver.beats();
        await sleep(1000);
        assert.ok(receiver.beats() <= count + 1, 'none but what was on its way');
        process.kill(server.pid, 'SIGCONT');
        await until(() => receiver.beats() > count + 3, LONG, 'WATCHDOG=1 again');
        process.kill(server.pid, 'SIGUSR2');
        await until(() => /upgraded: linnet/.test(server.log), LONG, 'an upgrade');
        const before = receiver.beats();
        await until(() => receiver.beats() > before + 3, LONG, 'WATCHDOG=1 of the new program');
    });

    test('nothing of the kind, if that is meant for another process', async () => {
        const receiver = await receive();
        await startWith(told(receiver, 'WATCHDOG_USEC=3000', 'WATCHDOG_PID=1'));
        await until(() => receiver.words().length === 1, LONG, 'READY=1');
        await server.post('{ __typename }');
        assert.equal(receiver.beats(), 0);
    });

    // It refuses requests as it should; systemd would take a service that says nothing for one that hangs.
    test('that it is ready also without PostgreSQL, after a while', async () => {
        const receiver = await receive();
        server = launchBy(told(receiver), '--database', `host=${folder} dbname=none connect_timeout=1`);
        server.isUp.catch(() => {});
        await until(() => receiver.words().length === 1, LONG + 10000, 'READY=1');
        assert.match(receiver.words()[0], /^READY=1\nSTATUS=PostgreSQL does not answer/);
        assert.equal((await server.post('{ links(first: 1) { id } }')).status, 503);
    });

    test('nothing, where its socket is none', async () => {
        for (const path of [`${folder}/none`, 'relative', `/${'x'.repeat(200)}`, '']) {
            await startWith(['env', `NOTIFY_SOCKET=${path}`, 'WATCHDOG_USEC=x', program]);
            assert.equal((await server.post('{ __typename }')).status, 200);
            await server.stop();
            server = null;
        }
    });
});

// --- the units -----------------------------------------------------------------

const hasSystemd = existsSync('/usr/bin/systemd-analyze');
const hasSeccomp = spawnSync('python3', ['-c', 'import ctypes; ctypes.CDLL("libseccomp.so.2")']).status === 0;
const analyze = (...words) => spawnSync('systemd-analyze', words, { encoding: 'utf8' });
const setting = (name) =>
    [...readFileSync(unit('linnet.service'), 'utf8').matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value);

suite('the units', () => {
    test('are installed with the path of the program', () => {
        const installed = readFileSync(`${dirname(program)}/systemd/linnet.service`, 'utf8');
        assert.match(installed, /^ExecStart=\/\S+\/linnet serve --config \/etc\/linnet\/linnet\.conf$/m);
        assert.doesNotMatch(installed, /@[A-Za-z]+@|bindir/);
    });

    test('leave a service with little to attack', { skip: !hasSystemd }, () => {
        const { stdout } = analyze('security', '--offline=yes', '--no-pager', unit('linnet.service'));
        const exposure = Number(/Overall exposure level for linnet\.service: ([\d.]+)/.exec(stdout)[1]);
        assert.ok(exposure <= 1, stdout);
    });

    test('are understood by systemd', { skip: !hasSystemd }, () => {
        const { status, stderr } = analyze('verify', '--man=no', unit('linnet.service'), unit('linnet.socket'));
        assert.equal(stderr, '');
        assert.equal(status, 0);
    });

    test('do not start it again where that would not help', () => {
        const statuses = setting('RestartPreventExitStatus')[0].split(' ').map(Number);
        const configuration = `${folder}/linnet.conf`;
        writeFileSync(configuration, 'user = nobody\n');
        const isRoot = process.getuid() === 0;
        for (const [options, expected] of [
            [['--listen', ''], 64],
            [['--listen', `${folder}/s`, '--no-such-option', '1'], 64],
            [['--listen', `${folder}/s`, '--contract', `${folder}/no.graphql`], 66],
            ...(isRoot ? [[['--listen', `${folder}/s`, '--contract', `${root}/sql/schema.graphql`, '--user', 'no-such-user'], 67]] : []),
            [['--listen', '/proc/no/s'], 73],
            [['--listen', `${folder}/s`, '--workers', 'many'], 64],
            [['--listen', `${folder}/s`, '--contract', `${root}/sql/schema.graphql`, '--key-file', configuration], 78],
        ]) {
            const { status, stderr } = spawnSync(program, ['serve', '--config', configuration, ...options], {
                encoding: 'utf8',
                timeout: Math.round(LONG),
                env: { PATH: process.env.PATH },
            });
            assert.equal(status, expected, `${options}: ${stderr}`);
            assert.ok(statuses.includes(status), String(status));
        }
    });

    // (The search for leaks at the end of a sanitized program is not allowed: it traces.)
    test('allow all that the server does: passwords, too', { skip: !hasSystemd || !hasSeccomp || isSanitized }, async () => {
        const confined = [`${root}/tests/package/confine.py`, unit('linnet.service')];
        // It forbids something.
        for (const code of [
            'import mmap; mmap.mmap(-1, 4096, prot=7)',
            'import socket; socket.socket(16, 3, 0)',
            'import os; os.sched_setaffinity(0, {0})',
            'import os; os.chroot("/")',
        ]) {
            const { status, stderr } = spawnSync(confined[0], [confined[1], 'python3', '-c', code], { encoding: 'utf8' });
            assert.match(stderr, /PermissionError|OSError/, code);
            assert.notEqual(status, 0);
        }
        // As the user that it becomes there, it must be able to read these.
        const key = `${folder}/key`;
        copyFileSync(keyFile, key);
        chmodSync(key, 0o444);
        const sockets = mkdtempSync(`${folder}/sockets.`);
        chmodSync(sockets, 0o777);
        const socket = `${sockets}/s`;
        const settings = readFileSync(`${state}/linnet.conf`, 'utf8').replace(/^(listen|socket_group|user|key_file) = .*\n/gm, '');
        const configuration = `${folder}/confined.conf`;
        writeFileSync(configuration, `${settings}key_file = ${key}\nworkers = ${WORKERS}\n`);
        // (The last of two settings counts.)
        server = launchBy([...confined, `${folder}/linnet`], '--config', configuration, '--listen', socket);
        server.isUp.catch(() => {});
        const send = (query, variables) =>
            fastcgi(socket, { body: JSON.stringify({ query, variables }), parameters: { HTTP_ACCEPT: 'application/json' } });
        await until(async () => existsSync(socket) && (await send('{ __typename }').catch(() => null))?.status === 200, LONG, 'it answers');

        // argon2id, of libsodium.
        const name = unique('confined');
        const { json } = await signUpOver(send, name, goodPassword);
        assert.equal(json.errors, undefined, JSON.stringify(json));
        const { id } = json.data.createUser.user;
        const signIn = async (password) => (await signInOver(send, name, password)).json;
        assert.ok((await signIn(goodPassword)).data.tokenAuth.token);
        assert.equal((await signIn('another one')).data.tokenAuth, null);
        // bcrypt, of libxcrypt, and scrypt and PBKDF2 of OpenSSL.
        for (const hash of [
            'bcrypt$$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
            'scrypt$16$saltofscrypt$8$5$HCVoXJHETKKca6a3UlwPwSuGBu0hadxNSQrO4WbRUbya6PrR0qWSC7a43MaiwhP1x/T0tYKkneDcpJFBafR+Tg==',
            'pbkdf2_sha256$1000$saltofpbkdf2$PwpcJFR8Qhd3cIA7lSpr2yHzIjR7QvCTX0WdGxyYXhY=',
        ]) {
            psql(`UPDATE credentials SET password_hash = '${hash}' WHERE user_id = ${id}`);
            const { data, errors } = await signIn('correct horse');
            assert.ok(data?.tokenAuth?.token, `${hash}: ${JSON.stringify(errors)}`);
        }
        assert.equal((await send('{ links(first: 3) { id postedBy { id } } }')).json.errors, undefined);

        // A reload, a worker that is killed, an upgrade, and the end.
        await until(() => server.workers().length === WORKERS, LONG, 'all workers');
        process.kill(server.pid, 'SIGHUP');
        await until(() => /"reloaded"/.test(server.log), LONG, 'a reload');
        await until(() => server.workers().length === WORKERS, LONG, 'all workers');
        process.kill(server.pid, 'SIGUSR2');
        await until(() => /upgraded: linnet/.test(server.log), LONG, 'an upgrade');
        await until(() => server.workers().length === WORKERS, LONG, 'all workers');
        const [victim] = server.workers();
        process.kill(victim, 'SIGKILL');
        await until(() => server.workers().length === WORKERS && !server.workers().includes(victim), LONG, 'another one');
        assert.equal((await send('{ __typename }')).status, 200);
        assert.doesNotMatch(server.log, /not permitted|file descriptors/i);
        const { code } = await server.stop();
        server = null;
        assert.equal(code, 0);
    });
});
