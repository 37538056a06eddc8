// faults.test.mjs - what dies is replaced or found again, and the others go on: a worker,
// PostgreSQL, nginx, the server itself; nobody does anything but start what was killed.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';

import { assertErrors, postBody, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { patience, url } from './lib/environment.mjs';
import {
    allWorkers,
    canConnect,
    childrenOf,
    instance,
    isAlive,
    launch,
    logLines,
    masterPid,
    readPid,
    serve,
    sleep,
    until,
    workers,
} from './lib/processes.mjs';
import {
    afterSettling,
    endIdleBackends,
    untilLocked,
    untilLogged,
    untilMore,
} from './lib/wait.mjs';

const body = JSON.stringify({
    query: '{ links(first: 5) { id postedBy { username } votes(first: 3) { id } } }',
});

// A worker that was only starting ends without PostgreSQL, and another takes its place.
const hasStarted = (pid) =>
    !logLines().some((line) => line.pid === pid && /cannot be audited/.test(line.message));

// Clients that ask without pause until they are told to stop; all that they were told.
function load(clients) {
    const answers = [];
    let isOver = false;
    async function client() {
        while (!isOver) {
            const started = performance.now();
            const answer = await postBody(body).catch((error) => ({ status: 0, error }));
            answers.push({ at: performance.now(), took: performance.now() - started, answer });
            if (answer.status !== 200) await sleep(20); // who is refused asks less often
        }
    }
    const all = Array.from({ length: clients }, client);
    return {
        answers,
        async stop() {
            isOver = true;
            await Promise.all(all);
            return answers;
        },
    };
}

// An answer in a time of need: right, or an honest 503.
let right;
function assertHonest({ answer, took }) {
    assert.notEqual(answer.status, 0, String(answer.error));
    assert.ok(took < 5000 * patience, `an answer took ${took} ms`);
    if (answer.status === 200) {
        if ('errors' in answer.json) assertUnavailable(answer);
        else assert.equal(answer.text, right);
        return;
    }
    assert.equal(answer.status, 503, answer.text);
    assert.ok(Number(answer.headers['retry-after']) >= 1, JSON.stringify(answer.headers));
    assertUnavailable(answer);
}

function assertUnavailable(answer) {
    for (const error of assertErrors(answer)) {
        assert.equal(error.extensions.code, 'SERVICE_UNAVAILABLE');
        assert.ok(error.extensions.retryAfter >= 1);
    }
}

const serves = async () => (await postBody(body).catch(() => ({ status: 0 }))).status === 200;

suite('a worker', () => {
    test('that is killed under load is replaced, and the others go on', async () => {
        right = (await postBody(body)).text;
        const before = await allWorkers(),
            master = masterPid();
        const atOnce = 8,
            clients = load(atOnce);
        const killed = [];
        for (const pid of before.slice(0, 3)) {
            process.kill(pid, 'SIGKILL');
            killed.push(pid);
            await untilMore(clients.answers, atOnce);
        }
        await until(
            () => workers().filter(isAlive).length === before.length,
            3000 * patience,
            'as many workers as before',
        );
        await untilMore(clients.answers, 50);
        const answers = await clients.stop();
        answers.forEach(assertHonest);
        const failed = answers.filter(({ answer }) => answer.status !== 200);
        // A worker takes with it what it has at hand, and that is no more than all that is asked.
        assert.ok(
            failed.length <= killed.length * atOnce,
            `${failed.length} requests failed of ${answers.length}, for ${killed.length} killed workers`,
        );
        assert.equal(masterPid(), master);
        assert.ok(workers().every((pid) => !killed.includes(pid)));
    });

    test('that is told to stop finishes, and is replaced', async () => {
        const before = await allWorkers();
        const clients = load(8);
        await untilMore(clients.answers, 8);
        process.kill(before[0], 'SIGTERM');
        await until(
            () => workers().length === before.length && !workers().includes(before[0]),
            3000 * patience,
            'a new one',
        );
        const answers = await clients.stop();
        assert.ok(
            answers.every(({ answer }) => answer.status === 200),
            'no request failed',
        );
    });

    test('all of them, and the service is back', async () => {
        const before = await allWorkers();
        before.forEach((pid) => process.kill(pid, 'SIGKILL'));
        const areNew = () =>
            workers().filter((pid) => !before.includes(pid) && isAlive(pid)).length ===
            before.length;
        await until(async () => areNew() && (await serves()), 3000 * patience, 'the service is back');
    });
});

suite('PostgreSQL', () => {
    // What happens to it, and how long it stays away.
    const faults = {
        'is stopped in order': () => instance('postgresql_stop'),
        'is killed': () => {
            process.kill(readPid('postgresql/postmaster.pid'), 'SIGKILL');
        },
        'is stopped at once': () => instance('postgresql_control --mode=immediate stop'),
    };
    for (const [what, strike] of Object.entries(faults)) {
        test(`${what}, and started again`, async () => {
            right = (await postBody(body)).text;
            const before = await allWorkers(),
                master = masterPid();
            const clients = load(6);
            await untilMore(clients.answers, 20);
            await strike();
            const struck = performance.now();
            const away = await until(
                async () => {
                    const answer = await postBody(body);
                    return answer.status === 503 && answer;
                },
                3000 * patience,
                'a 503',
            );
            assertUnavailable(away);
            assert.ok(Number(away.headers['retry-after']) >= 1);
            // What needs no database is answered meanwhile.
            const typename = await postBody('{"query":"{ __typename }"}');
            assert.equal(typename.text, '{"data":{"__typename":"Query"}}');
            // Long enough that workers wait between their attempts to connect.
            await untilMore(clients.answers, 100);

            await instance('postgresql_start');
            const back = performance.now();
            await until(serves, 1000 * patience, 'the service is back within a second');
            const late = await afterSettling(clients.answers);
            const answers = await clients.stop();
            answers.forEach(assertHonest);
            assert.ok(
                answers.some(({ at, answer }) => at > struck && at < back && answer.status === 503),
            );
            assert.ok(
                late.every(({ answer }) => answer.status === 200),
                'then nobody is refused any more',
            );
            assert.deepEqual(
                workers().filter((pid) => before.includes(pid)),
                before.filter(hasStarted),
                'the same workers',
            );
            assert.equal((await allWorkers()).length, before.length);
            assert.equal(masterPid(), master);
        });
    }

    test('loses one connection: nobody notices', async () => {
        right = (await postBody(body)).text;
        const clients = load(4);
        for (let i = 0; i < 5; i++) {
            await endIdleBackends();
            await untilMore(clients.answers, 20);
        }
        const answers = await clients.stop();
        answers.forEach(assertHonest);
        const failed = answers.filter(({ answer }) => answer.text !== right);
        assert.ok(failed.length === 0, `${failed.length} of ${answers.length}: ${failed.map(({ answer }) => `${answer.status} ${answer.text.slice(0, 300)}`)}`);
        assert.ok(await serves());
    });
});

suite('nginx', () => {
    test('is killed, and started again', async () => {
        const before = await allWorkers();
        await instance('kill -s KILL $(group_members nginx "$STATE/nginx/nginx.pid")');
        await until(async () => !(await serves()), 2000, 'nobody answers');
        await instance(`nginx_start ${url.port}`);
        await until(serves, 1000 * patience, 'the service is back');
        assert.deepEqual(workers(), before, 'the same workers');
    });

    test('is reloaded under load, and no request fails', async () => {
        const clients = load(8);
        for (let i = 0; i < 3; i++) {
            const nginx = readPid('nginx/nginx.pid'),
                old = childrenOf(nginx);
            process.kill(nginx, 'SIGHUP');
            const areNew = () => childrenOf(nginx).some((pid) => !old.includes(pid));
            await until(areNew, 5000 * patience, 'new processes of nginx');
            await untilMore(clients.answers, 50);
        }
        const answers = await clients.stop();
        const failed = answers.filter(({ answer }) => answer.status !== 200);
        // A kept connection may be closed under a request that is just being written.
        assert.ok(
            failed.every(({ answer }) => answer.error?.code === 'ECONNRESET'),
            JSON.stringify(failed[0]),
        );
    });
});

suite('the server', () => {
    let session;
    beforeEach(() => {
        session = new Session();
    });
    afterEach(() => session.close());
    const slow = '{ link(id: 910011) { id } }';

    test('that is told to stop finishes what is under way, and what waits', async () => {
        const server = await serve('--workers', '1');
        await session.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        const underWay = server.post(slow),
            waiting = server.post('{ __typename }');
        await untilLocked(1);
        const ended = server.stop();
        await until(async () => !(await canConnect(server.socket)), 5000 * patience, 'it is stopping');
        assert.ok(isAlive(server.pid), 'it waits for the request');
        await session.run('ROLLBACK');
        assert.equal((await underWay).text, '{"data":{"link":{"id":"910011"}}}');
        assert.equal((await waiting).text, '{"data":{"__typename":"Query"}}');
        assert.deepEqual(await ended, { code: 0, signal: null });
    });

    test('that is told to stop does so at once when nothing is under way', async () => {
        const server = await serve('--workers', '3');
        const started = performance.now();
        assert.deepEqual(await server.stop(), { code: 0, signal: null });
        assert.ok(performance.now() - started < 1000 * patience);
    });

    test('that is told to stop waits no longer than it may', async () => {
        const server = await serve(
            '--workers',
            '1',
            '--drain-time',
            '500',
            '--limit-database-time',
            '20000',
        );
        await session.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        const lost = server.post(slow);
        await untilLocked(1);
        const started = performance.now();
        const ended = await server.stop();
        await session.run('ROLLBACK');
        assert.ok(performance.now() - started < 2000 * patience);
        assert.equal(ended.signal, null);
        assert.equal(await lost, null);
    });

    test('that is killed takes its workers with it', async () => {
        const server = await serve('--workers', '2');
        const pids = server.workers();
        process.kill(server.pid, 'SIGKILL');
        await until(() => pids.every((pid) => !isAlive(pid)), 2000 * patience, 'its workers end');
    });

    test('a request that takes too long is an error, and its worker serves on', async () => {
        const server = await serve(
            '--workers',
            '1',
            '--request-time',
            '500',
            '--limit-database-time',
            '20000',
        );
        const [worker] = server.workers();
        await session.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        const started = performance.now();
        const answer = await server.post(slow);
        assert.ok(performance.now() - started < 2000 * patience);
        assert.equal(assertErrors(answer)[0].extensions.code, 'TIMEOUT');
        await session.run('ROLLBACK');
        // On a busy machine half a second may be over before the answer is there.
        const isServed = async () => (await server.post(slow)).text === '{"data":{"link":{"id":"910011"}}}';
        await until(isServed, 5000 * patience, 'it is served again');
        assert.deepEqual(server.workers(), [worker]);
        await server.stop();
    });

    test('starts before PostgreSQL, and serves when it comes', async () => {
        await instance('postgresql_stop');
        let server;
        try {
            server = launch('--workers', '2');
            await untilLogged(() => server.log, /cannot connect/);
            await instance('postgresql_start');
            await server.isUp;
            assert.equal((await server.post(slow)).status, 200);
        } finally {
            await instance('postgresql_start');
            await server?.stop();
        }
        await until(serves, 3000 * patience, 'the first server is back too');
    });
});

test('in the end all is as before', async () => {
    const answer = await request({
        headers: { 'content-type': 'application/json', 'content-length': body.length },
        body,
    });
    assert.equal(answer.status, 200);
});
