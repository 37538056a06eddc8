// faults_writes.test.mjs - writing while things die: what was acknowledged is there exactly once,
// what was refused is not there, and nobody waits for long.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, suite, test } from 'node:test';

import { as, asParameters, overNginx, unique } from './lib/accounts.mjs';
import { post, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, patience, program, rounds, state, url } from './lib/environment.mjs';
import { encode } from './lib/fastcgi.mjs';
import { assertHonest, ledger } from './lib/ledger.mjs';
import {
    allWorkers,
    childrenOf,
    instance,
    isAlive,
    masterPid,
    readPid,
    serve,
    until,
    workers,
} from './lib/processes.mjs';
import { afterSettling, backends, lockWaiters, untilLogged, untilMore } from './lib/wait.mjs';

// Are all of a server's connections to PostgreSQL idle, and none is being made?
function hasNothingToDo({ socket }) {
    const words = ['status', '--json', '--config', `${state}/linnet.conf`, '--listen', socket];
    const { connections, idleConnections } = JSON.parse(execFileSync(program, words, { stdio: ['ignore', 'pipe', 'ignore'] }));
    return connections === idleConnections;
}

let t, ada;
before(async () => {
    t = overNginx();
    [ada] = await t.users(1, { prefix: 'ledger' });
});
after(() => t.session.close());

const serves = async () =>
    (await post('{ link(id: 910011) { id } }').catch(() => ({ status: 0 }))).status === 200;

suite('workers', () => {
    test('are killed, one after the other, under load', async () => {
        const master = masterPid(),
            count = (await allWorkers()).length;
        const atOnce = 8,
            load = ledger({ fault: 'workers are killed', user: ada, clients: atOnce, rate: 0 });
        const kills = isFull ? 1000 : 12;
        for (let i = 0; i < kills; i++) {
            const alive = workers();
            if (alive.length > 0) process.kill(alive[(i * 7) % alive.length], 'SIGKILL');
            await untilMore(load.entries, 2 * atOnce);
        }
        const struck = load.entries.filter(({ answer }) => answer.status !== 200).length;
        // What a worker had sent to PostgreSQL when it died nobody knows.
        const summary = await load.verdict({ unknown: kills * atOnce });
        // A worker takes with it what it has at hand, and that is no more than all that is asked.
        assert.ok(
            struck <= kills * atOnce,
            `${struck} requests failed for ${kills} killed workers: ${JSON.stringify(summary)}`,
        );
        assert.ok(summary.acknowledged > kills && summary.reads > kills, JSON.stringify(summary));
        assert.equal(masterPid(), master);
        await until(
            () => workers().length === count && workers().every(isAlive),
            6000 * patience,
            'as many as before',
        );
    });
});

suite('PostgreSQL', () => {
    // How it goes, and how many mutations may then be unknown: none, or those that were just being
    // committed by one of the connections.
    const connections = 64;
    const faults = {
        'is restarted in order': [() => instance('postgresql_control --mode=fast stop'), 0],
        'is restarted at once': [
            () => instance('postgresql_control --mode=immediate stop'),
            connections,
        ],
        'is killed': [
            () => process.kill(readPid('postgresql/postmaster.pid'), 'SIGKILL'),
            connections,
        ],
    };
    const repeated = Array.from({ length: rounds }, () => Object.entries(faults)).flat();
    for (const [what, [strike, unknown]] of repeated) {
        test(`${what}, under load`, async () => {
            t.session.close();
            const load = ledger({ fault: `PostgreSQL ${what}`, user: ada });
            await load.during(strike);
            const away = await until(
                async () => {
                    const answer = await post('{ link(id: 910011) { id } }');
                    return answer.status === 503 && answer;
                },
                3000 * patience,
                'a 503',
            );
            assertHonest(away);
            const refused = await post(
                'mutation { createLink(url: "https://a.example/") { id } }',
                {},
                as(ada),
            );
            assertHonest(refused);
            await instance('postgresql_start');
            await until(serves, 1000 * patience, 'the service is back within a second');
            const late = await afterSettling(load.entries);
            const summary = await load.verdict({ unknown });
            assert.ok(
                late.every(({ answer }) => answer.status === 200),
                'then nobody is refused any more',
            );
            assert.ok(
                summary.acknowledged > 20 && summary.refused > 0 && summary.broken === 0,
                JSON.stringify(summary),
            );
            t = overNginx();
        });
    }

    test('has no connection left for most of us', async () => {
        const postgresql = () => readFileSync(`${state}/log/postgresql.log`, 'utf8');
        const logged = postgresql().length;
        const load = ledger({ fault: 'PostgreSQL has few connections left', user: ada });
        await load.during(() =>
            t.session.run(`ALTER ROLE linnet_login CONNECTION LIMIT 3;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'linnet_login'`),
        );
        try {
            await untilLogged(postgresql, /too many connections for role "linnet_login"/, logged);
            await untilMore(load.entries, 60);
        } finally {
            await t.session.run('ALTER ROLE linnet_login CONNECTION LIMIT -1');
        }
        await until(
            async () => (await serves()) && (await serves()) && (await serves()),
            1500 * patience,
            'all is well',
        );
        const late = await afterSettling(load.entries);
        const summary = await load.verdict();
        assert.ok(
            late.every(({ answer }) => answer.status === 200),
            'then nobody is refused any more',
        );
        assert.ok(summary.acknowledged > 20 && summary.broken === 0, JSON.stringify(summary));
    });

    test('has a backend that is silent: the answer comes in time, and the worker serves on', async () => {
        const [{ now }] = await t.session.rows('SELECT clock_timestamp() AS now');
        const server = await serve('--workers', '1', '--request-time', '1000');
        const send = (query) => server.post(query, {}, { parameters: asParameters(ada) });
        // To connect may take a busy machine longer than a request has.
        const isServed = async () => (await send('{ me { id } }')).json.data?.me?.id === ada.id;
        for (const query of [
            '{ link(id: 910011) { id } }',
            'mutation { updateLink(id: 2147483646, description: "x") { link { id } } }',
        ]) {
            await until(isServed, 5000 * patience, 'it serves');
            await until(() => hasNothingToDo(server), 10000 * patience, 'all of its connections are idle');
            const silent = await backends(`backend_start > '${now}'`);
            silent.forEach(({ pid }) => process.kill(pid, 'SIGSTOP'));
            try {
                const started = performance.now();
                const answer = await send(query);
                const took = performance.now() - started;
                assert.ok(took < 2500 * patience, `${took} ms`);
                assertHonest(answer);
                await until(isServed, 4000 * patience, 'it serves on');
            } finally {
                silent.forEach(({ pid }) => process.kill(pid, 'SIGCONT'));
            }
        }
        await server.stop();
    });
});

suite('a client that goes away', () => {
    const active = () => backends("state = 'active'");
    const document = '{"query":"{ link(id: 910011) { id } }"}';

    const serverLog = () => readFileSync(`${state}/log/linnet.log`, 'utf8');

    // Sends a request that waits for a lock, and goes.  It ends for that, and not for having
    // waited too long (lock_time).
    async function leave(where, bytes, log = serverLog) {
        const logged = log().length;
        const locker = new Session();
        await locker.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        try {
            const socket = net.connect(where, () => socket.write(bytes));
            await until(async () => (await active()).length > 0, 2000 * patience, 'its SQL waits');
            socket.destroy();
            await until(async () => (await active()).length === 0, 10000 * patience, 'its SQL ends');
            await untilLogged(log, /the client has disconnected/, logged);
        } finally {
            await locker.run('ROLLBACK');
            locker.close();
        }
    }
    const nginx = { host: url.hostname, port: Number(url.port) };
    const head = (length, ...headers) =>
        [
            'POST /graphql HTTP/1.1',
            'Host: localhost',
            'Content-Type: application/json',
            `Content-Length: ${length}`,
            ...headers,
            '',
            '',
        ].join('\r\n');

    test('takes its query with it', () => leave(nginx, head(document.length) + document));

    test('takes its mutation with it, which is not done', async () => {
        const u = `https://ledger.example/${unique('left')}`;
        const body = JSON.stringify({ query: `mutation { createLink(url: "${u}") { id } }` });
        await leave(nginx, head(body.length, `Authorization: JWT ${ada.token}`) + body);
        assert.deepEqual(await t.session.rows(`SELECT FROM links WHERE url = '${u}'`), []);
    });

    test('takes them with it where nothing else would end them', async () => {
        const server = await serve(
            '--workers',
            '1',
            '--limit-lock-time',
            '30000',
            '--limit-database-time',
            '30000',
            '--request-time',
            '30000',
        );
        const parameters = {
            REQUEST_METHOD: 'POST',
            CONTENT_TYPE: 'application/json',
            CONTENT_LENGTH: String(document.length),
        };
        await leave(
            server.socket,
            encode(Object.entries(parameters), Buffer.from(document)),
            () => server.log,
        );
        assert.deepEqual((await server.post('{ link(id: 910011) { id } }')).json, {
            data: { link: { id: '910011' } },
        });
        await server.stop();
    });

    test('a hundred of them', async () => {
        const locker = new Session();
        await locker.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        const sockets = Array.from({ length: 100 }, () => {
            const socket = net.connect(nginx, () => socket.write(head(document.length) + document));
            socket.on('error', () => {});
            return socket;
        });
        try {
            // Of four connections, heavy statements have three; one worker may have accepted all.
            await until(async () => (await lockWaiters()).length >= 3, 5000 * patience, 'they wait');
            sockets.forEach((socket) => socket.destroy());
            await until(async () => (await active()).length === 0, 4500 * patience, 'their SQL ends');
        } finally {
            await locker.run('ROLLBACK');
            locker.close();
        }
        await until(serves, 1000 * patience, 'others are served');
    });
});

suite('nginx', () => {
    test('is reloaded again and again, under load', async () => {
        // Each on a connection of its own: a kept one may be closed under a request.
        const load = ledger({
            fault: 'nginx is reloaded',
            user: ada,
            rate: 0,
            send: (query, variables) =>
                post(query, variables, { headers: { connection: 'close', ...as(ada).headers } }),
        });
        for (let i = 0; i < (isFull ? 100 : 8); i++) {
            const nginx = readPid('nginx/nginx.pid'),
                old = childrenOf(nginx);
            process.kill(nginx, 'SIGHUP');
            const areNew = () => childrenOf(nginx).some((pid) => !old.includes(pid));
            await until(areNew, 5000 * patience, 'new processes of nginx');
            await untilMore(load.entries, 24);
        }
        const summary = await load.verdict();
        assert.deepEqual([summary.refused, summary.broken], [0, 0], JSON.stringify(summary));
        assert.ok(summary.acknowledged > 20 && summary.reads > 20, JSON.stringify(summary));
    });
});

test('in the end all is as before', async () => {
    assert.ok(await serves());
    assert.deepEqual((await post('{ me { id } }', {}, as(ada))).json, {
        data: { me: { id: ada.id } },
    });
    assert.equal((await request({ method: 'GET', path: '/ready' })).status, 200);
});
