// machine.test.mjs - what the machine may do to the server: descriptors that are closed or used
// up, a pause of the process, floods of signals, a full disk, no random bytes.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { constants, tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import './lib/database.mjs'; // the rows that it asks for
import { isFull, patience, program, root, state } from './lib/environment.mjs';
import { Connection, encode, fastcgi } from './lib/fastcgi.mjs';
import { isAlive, ourselves, serve, serveBy, until, workersTime } from './lib/processes.mjs';
import { backends } from './lib/wait.mjs';

const query = '{ link(id: 910011) { id } }';
const rightAnswer = '{"data":{"link":{"id":"910011"}}}';
const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)),
);

const folder = mkdtempSync(`${tmpdir()}/linnet-machine.`);
after(() => rmSync(folder, { recursive: true }));

// The workers of a server that has two: the second starts when the first is ready.
const bothWorkers = (server) =>
    until(() => server.workers().length === 2 && server.workers(), 5000 * patience, 'two workers');

// A shell that starts the program with the arguments that follow, after `words`.
const shell = (words) => ['bash', '-c', words, program];

// --- descriptors that are closed ---------------------------------------------

// The program as a web server starts it for one request, by a shell that ends in `redirections`.
function runCgi(redirections, variables = {}) {
    return spawnSync('bash', ['-c', `exec "$0" ${redirections}`, program], {
        encoding: 'utf8',
        cwd: folder,
        env: {
            ...environment,
            LINNET_CONFIG: `${state}/linnet.conf`,
            LINNET_LOG: 'debug',
            GATEWAY_INTERFACE: 'CGI/1.1',
            REQUEST_METHOD: 'GET',
            QUERY_STRING: `query=${encodeURIComponent(query)}`,
            SCRIPT_NAME: '/graphql',
            ...variables,
        },
    });
}

suite('descriptors that are closed', () => {
    const postgresLog = () => readFileSync(`${state}/log/postgresql.log`, 'utf8');

    for (const redirections of ['', '0<&-', '1>&-', '2>&-', '0<&- 2>&-', '1>&- 2>&-', '0<&- 1>&- 2>&-']) {
        test(`plain CGI: ${redirections || 'none'}`, async () => {
            const others = (await backends('true')).map(({ pid }) => pid);
            const from = postgresLog().length;
            const result = runCgi(redirections);
            assert.equal(result.status, 0, result.stderr);
            const text = result.stdout.slice(result.stdout.indexOf('\r\n\r\n') + 4);
            assert.equal(text, redirections.includes('1>&-') ? '' : rightAnswer);
            assert.equal(result.stderr === '', redirections.includes('2>&-'));
            // A backend says what it cannot read before it ends.
            const isOver = async () =>
                (await backends('true')).every(({ pid }) => others.includes(pid));
            await until(isOver, 5000 * patience, 'its connection is closed');
            assert.doesNotMatch(postgresLog().slice(from), /invalid|unexpected EOF|protocol/);
        });
    }

    test('the pool: all three', async () => {
        const server = await serveBy(shell('exec "$0" "$@" 0<&- 1>&- 2>&-'), '--workers', '1');
        for (const pid of [server.pid, ...server.workers()])
            for (const descriptor of [0, 1, 2])
                assert.equal(readlinkSync(`/proc/${pid}/fd/${descriptor}`), '/dev/null');
        assert.equal((await server.post(query)).text, rightAnswer);
        await server.stop();
    });

    test('a command', () => {
        const check = (redirections) =>
            spawnSync('bash', ['-c', `exec "$0" check --config "$1" ${redirections}`, program, `${state}/linnet.conf`], {
                encoding: 'utf8',
                env: environment,
            });
        assert.equal(check('').status, 0);
        assert.equal(check('0<&- 2>&-').stdout, check('').stdout);
        assert.equal(check('0<&- 1>&- 2>&-').status, 0);
    });
});

// --- descriptors that are used up --------------------------------------------

suite('no descriptors are left', () => {
    const countOpen = (pid) => readdirSync(`/proc/${pid}/fd`).length;
    const complaints = (server) => server.log.split('\n').filter((line) => /cannot accept/.test(line));

    test('the worker says so once for each pause, waits, and serves whom it has', async () => {
        // As the user of this test, which may then change the worker's limit.
        const server = await serve('--workers', '1', '--user', ourselves);
        const [worker] = server.workers();
        assert.equal((await server.post(query)).text, rightAnswer);
        execFileSync('prlimit', ['--pid', worker, `--nofile=${countOpen(worker) + 6}`]);
        const started = performance.now(),
            timeBefore = workersTime(server.pid);
        const clients = Array.from({ length: 40 }, () => new Connection(server.socket));
        const answers = clients.map((client) => client.post(query));
        await until(() => complaints(server).length >= 6, 5000 * patience, 'some pauses');
        const took = performance.now() - started;
        const used = workersTime(server.pid) - timeBefore;
        assert.ok(used < took / 2, `${used} ms of CPU in ${took} ms`);
        // Whoever was accepted is answered, and leaves room for the next: nobody is refused.
        for (const [i, client] of clients.entries()) {
            assert.equal((await answers[i])?.text, rightAnswer);
            client.close();
        }
        const lines = complaints(server).length,
            pauses = (performance.now() - started) / 100;
        assert.ok(lines <= pauses + 1, `${lines} lines in ${pauses} times 100 ms`);
        assert.deepEqual(server.workers(), [worker], 'the same worker');
        await server.stop();
    });

    for (const limit of [16, 40]) {
        test(`a server that may have ${limit} serves all the same`, async () => {
            const server = await serveBy(shell(`ulimit -n ${limit} && exec "$0" "$@"`), '--workers', '1', '--connections', '1');
            const ask = async () => {
                const client = new Connection(server.socket);
                for (let i = 0; i < 5; i++) assert.equal((await client.post(query))?.text, rightAnswer);
                client.close();
            };
            await Promise.all(Array.from({ length: 60 }, ask));
            assert.match(server.log, /the limit on file descriptors allows only \d+ connections/);
            assert.doesNotMatch(server.log, /cannot accept|cannot connect|worker ended/);
            await server.stop();
        });
    }
});

test('clients that connect and leave keep nobody out, and are not logged', async (t) => {
    const server = await serve('--workers', '2');
    const pids = await bothWorkers(server);
    let isOver = false,
        left = 0;
    t.after(() => (isOver = true));
    const leave = async () => {
        while (!isOver) {
            const sockets = Array.from({ length: 50 }, () => net.connect(server.socket));
            await Promise.all(sockets.map((socket) => once(socket, 'connect')));
            sockets.forEach((socket) => socket.destroy());
            left += sockets.length;
            // Connections are accepted in the order in which they came: once this one is answered, the
            // 50 were accepted.  So no more wait than the kernel queues, however busy the machine is.
            assert.equal((await server.post(query))?.text, rightAnswer);
        }
    };
    const ask = async () => {
        await until(() => left > 1000, 20000 * patience, 'a crowd');
        // Each on a connection of its own, which must be accepted among those.
        for (let i = 0; i < 100; i++) assert.equal((await server.post(query))?.text, rightAnswer);
        isOver = true;
    };
    await Promise.all([leave(), leave(), leave(), leave(), ask()]);
    assert.deepEqual(server.workers(), pids);
    const lines = server.log.split('\n').filter((line) => line && !/"event":"(request|worker started)"|"message":"ready"/.test(line));
    assert.deepEqual(lines, []);
    await server.stop();
});

// --- a pause of the process --------------------------------------------------

// Sends halves of requests to a worker that waits so many milliseconds for the others, stops it for twice
// as long, and sends these meanwhile; what comes back.  Null where to read the halves took that long already.
async function askWhileStopped(peerTime) {
    const server = await serve('--workers', '1', '--peer-time', `${peerTime}`);
    const [worker] = server.workers();
    const body = Buffer.from(JSON.stringify({ query: '{ __typename }' }).padEnd(3000));
    const whole = encode(
        [
            ['REQUEST_METHOD', 'POST'],
            ['CONTENT_TYPE', 'application/json'],
            ['CONTENT_LENGTH', String(body.length)],
        ],
        body,
    );
    const half = whole.length >> 1;
    const begun = performance.now();
    const peers = Array.from({ length: 200 }, () => {
        const socket = net.connect(server.socket);
        const peer = { socket, text: '' };
        socket.on('data', (piece) => (peer.text += piece));
        peer.closed = new Promise((resolve) => socket.on('close', resolve));
        socket.on('error', () => {});
        return peer;
    });
    const reader = new Connection(server.socket);
    try {
        await Promise.all(peers.map(({ socket }) => new Promise((resolve) => socket.write(whole.subarray(0, half), resolve))));
        for (let i = 0; i < 8; i++) await reader.post('{ __typename }'); // by now it has read the halves
        process.kill(worker, 'SIGSTOP');
        const stopped = performance.now();
        if (stopped - begun > peerTime / 2) return null;
        await Promise.all(peers.map(({ socket }) => new Promise((resolve) => socket.write(whole.subarray(half), resolve))));
        await until(() => performance.now() - stopped > 2 * peerTime, 2 * peerTime + 5000 * patience, 'a pause');
        process.kill(worker, 'SIGCONT');
        await Promise.all(peers.map(({ closed }) => closed));
        assert.deepEqual(server.workers(), [worker]);
        return peers.map(({ text }) => text);
    } finally {
        process.kill(worker, 'SIGCONT');
        peers.forEach(({ socket }) => socket.destroy());
        reader.close();
        await server.stop();
    }
}

test('requests that came while the process was stopped are served', async () => {
    let texts = null;
    for (let peerTime = 1000; !texts && peerTime <= 60000; peerTime *= 2) texts = await askWhileStopped(peerTime);
    assert.equal(texts?.length, 200);
    for (const text of texts) assert.ok(text.includes('{"data":{"__typename":"Query"}}'), text);
});

// --- floods of signals -------------------------------------------------------

// Sends each of the signals to each of the processes, a thousand times a second, until stopped, or
// until the test `t` ends.
function flood(t, pids, signals) {
    let sent = 0;
    const timer = setInterval(() => {
        for (const pid of pids) for (const signal of signals) process.kill(pid, signal);
        sent++;
    }, 1);
    const stop = () => clearInterval(timer);
    t.after(stop);
    return { get sent() { return sent; }, stop };
}

suite('a flood of signals', () => {
    const noise = ['SIGUSR1', 'SIGCHLD', 'SIGWINCH'];
    const long = `{ ${Array.from({ length: 20 }, (_, i) => `a${i}: links(first: 100) { id url description postedBy { username } }`).join(' ')} }`;
    let server, pids;
    before(async () => {
        server = await serve('--workers', '2');
        pids = await bothWorkers(server);
    });
    after(() => server.stop());

    // A reload is asked for by SIGHUP to the master, an upgrade by SIGUSR2; a worker ignores both.
    const floodAll = (t) => {
        const all = [flood(t, pids, ['SIGHUP', 'SIGUSR2', ...noise]), flood(t, [server.pid], noise)];
        return { get sent() { return all[0].sent; }, stop: () => all.forEach((one) => one.stop()) };
    };

    test('cuts off no response', async (t) => {
        const right = (await server.post(long)).text;
        assert.ok(right.length > 100000);
        const signals = floodAll(t);
        const ask = async () => {
            const client = new Connection(server.socket);
            for (let i = 0; i < (isFull ? 100 : 8); i++) assert.equal((await client.post(long))?.text, right);
            client.close();
        };
        await Promise.all(Array.from({ length: 4 }, ask));
        await until(() => signals.sent > 100, 5000 * patience, 'enough signals');
        signals.stop();
        assert.deepEqual(server.workers(), pids, 'the same workers');
        assert.ok(isAlive(server.pid));
    });

    test('does not make a process that is idle spin', async (t) => {
        const started = performance.now(),
            timeBefore = workersTime(server.pid);
        const signals = floodAll(t);
        await until(() => signals.sent > 500, 10000 * patience, 'enough signals');
        signals.stop();
        const took = performance.now() - started,
            used = workersTime(server.pid) - timeBefore;
        assert.ok(used < took / 2, `${used} ms of CPU in ${took} ms`);
        assert.equal((await server.post(query)).text, rightAnswer);
    });

    test('does not end plain CGI', async (t) => {
        const body = JSON.stringify({ query });
        const child = spawn(program, [], {
            env: {
                ...environment,
                LINNET_CONFIG: `${state}/linnet.conf`,
                LINNET_LOG: 'error',
                GATEWAY_INTERFACE: 'CGI/1.1',
                REQUEST_METHOD: 'POST',
                CONTENT_TYPE: 'application/json',
                CONTENT_LENGTH: String(body.length),
                SCRIPT_NAME: '/graphql',
            },
            stdio: ['pipe', 'pipe', 'inherit'],
        });
        t.after(() => child.kill('SIGKILL'));
        let text = '';
        child.stdout.on('data', (piece) => (text += piece));
        const ignored = () =>
            parseInt(/^SigIgn:\s+(\S+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1], 16);
        const usr1 = 1 << (constants.signals.SIGUSR1 - 1);
        await until(() => ignored() & usr1, 5000 * patience, 'it has begun');
        const signals = flood(t, [child.pid], noise);
        await until(() => signals.sent > 20, 5000 * patience, 'some signals');
        signals.stop();
        child.stdin.end(body);
        const status = await new Promise((resolve) => child.on('close', resolve));
        assert.equal(status, 0);
        assert.ok(text.endsWith(rightAnswer), text);
    });
});

// --- an inherited socket ---

suite('a socket that a process manager listens on', () => {
    // Descriptor 0 of the program is a listening socket, as systemd and spawn-fcgi have it.
    const inherit = async (t, words) => {
        const path = `${folder}/inherited`;
        // The path is there when it listens.
        const listener = 'import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + ".new"); s.listen(9); ' +
            'os.rename(sys.argv[1] + ".new", sys.argv[1]); os.dup2(s.fileno(), 0); os.execvp(sys.argv[2], sys.argv[2:])';
        rmSync(path, { force: true });
        const child = spawn('python3', ['-c', listener, path, program, ...words], {
            env: { ...environment, LINNET_LOG: 'error' },
            stdio: ['ignore', 'ignore', 'inherit'],
        });
        t.after(() => child.kill('SIGKILL'));
        await until(() => existsSync(path), 5000 * patience, 'it listens');
        return { path, child, over: new Promise((resolve) => child.on('exit', resolve)) };
    };

    test('is served with the arguments that are given', async (t) => {
        const { path, child, over } = await inherit(t, ['serve', '--config', `${state}/linnet.conf`, '--workers', '1']);
        assert.equal((await fastcgi(path, { body: JSON.stringify({ query }) })).text, rightAnswer);
        child.kill('SIGTERM');
        assert.equal(await over, 0);
    });

    test('is not served when another command is given', async (t) => {
        const { over } = await inherit(t, ['nothing']);
        assert.equal(await over, 64);
    });
});

// --- a full disk -------------------------------------------------------------

suite('a log that cannot be written', () => {
    for (const [what, words] of [
        ['since it is as long as a file may be', `ulimit -f 0 && exec "$0" "$@" 2>> "${folder}/log"`],
        ['since the disk is full', 'exec "$0" "$@" 2> /dev/full'],
    ])
        test(`${what} changes no answer`, async () => {
            const server = await serveBy(shell(words), '--workers', '2', '--log', 'debug');
            const pids = await bothWorkers(server);
            for (let i = 0; i < 20; i++) assert.equal((await server.post(query)).text, rightAnswer);
            const refused = await server.post('{ nothing }');
            assert.equal(refused.json.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
            assert.deepEqual(server.workers(), pids);
            if (words.includes('ulimit')) assert.equal(statSync(`${folder}/log`).size, 0);
            assert.deepEqual(await server.stop(), { code: 0, signal: null });
        });
});

// --- no random bytes ---------------------------------------------------------

test('without random bytes nothing starts', () => {
    const command = `${folder}/without`;
    execFileSync('cc', ['-o', command, `${root}/tests/http/lib/without.c`]);
    const run = (words, variables = {}) =>
        spawnSync(command, ['random', program, ...words], {
            encoding: 'utf8',
            env: { ...environment, LINNET_CONFIG: `${state}/linnet.conf`, ...variables },
        });
    for (const result of [
        run(['serve', '--listen', `${folder}/socket`]),
        run(['check']),
        run([], { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', QUERY_STRING: 'query=%7B__typename%7D' }),
    ]) {
        assert.equal(result.status, 71, result.stderr);
        assert.equal(result.stdout, '');
        assert.match(result.stderr, /no random bytes/);
    }
});
