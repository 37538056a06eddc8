// processes.mjs - the processes of the server under test, and servers of one's own.
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { fastcgi } from './fastcgi.mjs';
import { patience, program, root, state } from './environment.mjs';

export { sleep };

export function readPid(file) {
    return Number(readFileSync(`${state}/${file}`, 'utf8').split('\n')[0]);
}

export const masterPid = () => readPid('linnet.pid');

// The children of a process, oldest first.
export function childrenOf(pid) {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
}

export const workers = () => childrenOf(masterPid());

// The same, once there are as many as ./up starts: one per core, at least two.  One that has died
// twice is replaced after a pause.
export function allWorkers() {
    const count = Math.max(2, availableParallelism());
    const isComplete = () => workers().length === count && workers().every(isAlive);
    return until(() => isComplete() && workers(), 10000 * patience, 'all workers');
}

// Milliseconds of CPU that the workers of a master have used, with all of their threads.
export function workersTime(master) {
    let nanoseconds = 0;
    for (const pid of childrenOf(master))
        for (const thread of readdirSync(`/proc/${pid}/task`))
            nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    return nanoseconds / 1e6;
}

// Does it run?  (One that is dead and not waited for does not.)
export function isAlive(pid) {
    try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}

// Resident memory in kB.
export function residentMemory(pid) {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

// Waits until `condition` gives something true, and gives it; milliseconds.
export async function until(condition, timeout, what) {
    const deadline = performance.now() + timeout;
    for (;;) {
        const result = await condition();
        if (result) return result;
        if (performance.now() > deadline) throw new Error(`not within ${timeout} ms: ${what}`);
        await sleep(10);
    }
}

// The lines of a log of the instance, as objects.
export function logLines(file = 'linnet.log') {
    return readFileSync(`${state}/log/${file}`, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
}

// Calls functions of scripts/instance.sh, which ./up is made of, on the instance.  What they
// start goes on after them, and so must not hold a pipe of ours.
export function instance(script) {
    const sources = `. "${root}/scripts/common.sh"; . "${root}/scripts/instance.sh"`;
    const prologue = `${sources}; instance_locate "${state}"; `;
    const child = spawn('bash', ['-c', prologue + script], {
        stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Promise((resolve, reject) =>
        child.on('exit', (code) =>
            code === 0 ? resolve() : reject(new Error(`${script}: status ${code}`)),
        ),
    );
}

// Servers that a test has started and not stopped, since it failed.
const running = new Set();
after(() => running.forEach((server) => server.stop()));

// Has workers be whoever runs the test: the setting `user` that says so.
export const ourselves = process.getuid() === 0 ? 'root' : '';

// A second `linnet serve` on the same database, with options of its own and without nginx.
export function serve(...options) {
    return serveBy([program], ...options);
}

// A `linnet mock`, which has no database.
export function mock(...options) {
    return start([program, 'mock'], ...options);
}

// The same as serve(), started by a command that adds the arguments after its own.
export function serveBy(command, ...options) {
    return start([...command, 'serve'], ...options);
}

// The same as serve(), without waiting: what says whether it answers is its `isUp`.
export function launch(...options) {
    return spawnServer([program, 'serve'], options);
}

// The same, by a command that adds the arguments after its own.
export function launchBy(command, ...options) {
    return spawnServer([...command, 'serve'], options);
}

async function start(command, ...options) {
    const server = spawnServer(command, options);
    await server.isUp;
    return server;
}

function spawnServer([command, ...before], options) {
    const directory = mkdtempSync(`${tmpdir()}/linnet-serve.`);
    const socket = `${directory}/s`;
    const environment = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')),
    );
    // What server.sh has set for tests alone.
    for (const name of ['LINNET_SIGN_UPS', 'LINNET_REQUEST_TIME', 'LINNET_LIMIT_DATABASE_TIME', 'LINNET_WATCH'])
        environment[name] = process.env[name];
    // Freed memory counts as free, so that growth is growth.
    environment.ASAN_OPTIONS = `${environment.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1`;
    const child = spawn(
        command,
        [...before, '--config', `${state}/linnet.conf`, '--listen', socket, ...options],
        { cwd: state, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    child.stderr.on('data', (piece) => {
        log += piece;
    });
    const exited = new Promise((resolve) =>
        child.on('exit', (code, signal) => resolve({ code, signal })),
    );

    const server = {
        pid: child.pid,
        socket,
        exited,
        get log() {
            return log;
        },
        workers: () => childrenOf(child.pid),
        request: (options) => fastcgi(socket, options),
        post: (query, variables, { operationName, accept = 'application/json', parameters } = {}) =>
            fastcgi(socket, {
                body: JSON.stringify({ query, variables, operationName }),
                parameters: { HTTP_ACCEPT: accept, ...parameters },
            }),
        async stop() {
            child.kill('SIGTERM');
            const result = await exited;
            running.delete(server);
            if (/ERROR: [A-Za-z]*Sanitizer|runtime error:/.test(log)) throw new Error(log);
            rmSync(directory, { recursive: true, force: true });
            return result;
        },
    };
    running.add(server);
    server.isUp = untilUp(server, child);
    return server;
}

async function untilUp(server, child) {
    await until(
        () => child.exitCode !== null || answers(server),
        15000 * patience,
        'a second server answers',
    );
    if (child.exitCode !== null)
        throw new Error(`linnet ended with ${child.exitCode}: ${server.log}`);
}

async function answers(server) {
    if (!(await canConnect(server.socket))) return false;
    // One that does not start takes its socket with it.
    const answer = await server.post('{ users(first: 0) { id } }').catch(() => null);
    return answer?.status === 200;
}

// Does anything accept connections there?
export function canConnect(path) {
    return new Promise((resolve) => {
        const socket = connect(path, () => {
            socket.destroy();
            resolve(true);
        });
        socket.on('error', () => resolve(false));
    });
}
