// faults_machine.test.mjs - clients read and write while the machine does something to the server:
// nobody is refused, and what they are told is true.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { makeUsers } from './lib/accounts.mjs';
import { Session } from './lib/database.mjs';
import { isSanitized, patience, program, rounds } from './lib/environment.mjs';
import { ledger } from './lib/ledger.mjs';
import { ourselves, serve, serveBy, until } from './lib/processes.mjs';
import { untilMore } from './lib/wait.mjs';

const session = new Session();
let ada;
before(async () => {
    [ada] = await makeUsers(session, 1, { prefix: 'machine' });
});
after(() => session.close());

// Clients of a server of its own, each request on a connection of its own.
const loadOf = (server, fault) =>
    ledger({
        fault,
        user: ada,
        rate: isSanitized ? 20 : 60,
        send: (query, variables) =>
            server.post(query, variables, { parameters: { HTTP_AUTHORIZATION: `JWT ${ada.token}` } }),
    });

async function assertUnharmed(load) {
    const summary = await load.verdict();
    const { acknowledged, reads, refused, unknown, broken } = summary;
    assert.ok(acknowledged > 10 && reads > 10, JSON.stringify(summary));
    assert.deepEqual([refused, unknown, broken], [0, 0, 0], JSON.stringify(summary));
}

// What is done to a server, how that is started, and how it is undone.
const faults = {
    'signals come a thousand times a second': [
        () => serve('--workers', '2'),
        async (server, load) => {
            const signals = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCHLD', 'SIGWINCH'];
            const timer = setInterval(() => {
                for (const signal of signals) {
                    server.workers().forEach((pid) => process.kill(pid, signal));
                    // Those are a reload and an upgrade.
                    if (!['SIGHUP', 'SIGUSR2'].includes(signal)) process.kill(server.pid, signal);
                }
            }, 1);
            await untilMore(load.entries, 200);
            clearInterval(timer);
        },
    ],
    'no file descriptors are left': [
        // As the user of this test, which may then change the worker's limit.
        () => serve('--workers', '1', '--user', ourselves),
        async (server, load) => {
            const [worker] = server.workers();
            const open = readdirSync(`/proc/${worker}/fd`).length;
            execFileSync('prlimit', ['--pid', worker, `--nofile=${open + 3}`]);
            const idle = Array.from({ length: 8 }, () => connect(server.socket).on('error', () => {}));
            await until(() => /cannot accept/.test(server.log), 10000 * patience, 'a shortage');
            idle.forEach((socket) => socket.destroy());
            await untilMore(load.entries, 60);
        },
    ],
    'the log cannot be written': [
        () => serveBy(['bash', '-c', 'exec "$0" "$@" 2> /dev/full', program], '--workers', '2'),
        (server, load) => untilMore(load.entries, 60),
    ],
    'the process is stopped for a while': [
        () => serve('--workers', '1', '--peer-time', '200'),
        async (server, load) => {
            const [worker] = server.workers();
            process.kill(worker, 'SIGSTOP');
            const stopped = performance.now();
            await until(() => performance.now() - stopped > 1000, 5000 * patience, 'a pause');
            process.kill(worker, 'SIGCONT');
            await untilMore(load.entries, 60);
        },
    ],
};

for (const [what, [start, act]] of Array.from({ length: rounds }, () => Object.entries(faults)).flat())
    test(what, async () => {
        const server = await start();
        const load = loadOf(server, what);
        await load.during(() => act(server, load), 30);
        await assertUnharmed(load);
        assert.doesNotMatch(server.log, /worker (died|ended|does not respond)/);
        await server.stop();
    });
