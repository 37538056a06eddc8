// abandoned.test.mjs - clients that leave while PostgreSQL works for them: what is cancelled, which
// connections are kept, and that others are served meanwhile.  Judged by what PostgreSQL has
// cancelled and by its processes.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, suite, test } from 'node:test';

import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { createLink } from './lib/acts_documents.mjs';
import { Session } from './lib/database.mjs';
import { patience, state } from './lib/environment.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, until } from './lib/processes.mjs';
import { backends, lockWaiters, untilLocked, untilLogged } from './lib/wait.mjs';

const fast = '{ user(id: 900001) { id } }';
const fastAnswer = '{"data":{"user":{"id":"900001"}}}';
// Waits for a lock on votes.
const slow = '{ link(id: 910011) { id votes { id } } }';
const lockVotes = 'BEGIN; LOCK TABLE votes IN ACCESS EXCLUSIVE MODE';

const start = (connections) =>
    serve(
        ...['--workers', '1', '--connections', String(connections)],
        ...['--limit-lock-time', '60000', '--limit-database-time', '60000', '--request-time', '60000'],
    );

const from = (address) => ({ REMOTE_ADDR: address });
const cancelled = () =>
    readFileSync(`${state}/log/postgresql.log`, 'utf8').split('canceling statement due to user request')
        .length - 1;

suite('a client that leaves its statement', () => {
    const session = new Session();
    let server, begun;
    before(async () => {
        [{ begun }] = await session.rows('SELECT clock_timestamp() AS begun');
    });
    afterEach(async () => {
        await session.run('SET client_min_messages = error; ROLLBACK');
        await server?.stop();
        server = null;
    });
    after(() => session.close());

    const pids = async () =>
        (await backends(`backend_start > '${begun}'`)).map(({ pid }) => pid).sort((a, b) => a - b);

    // Sends a query that waits for a lock; what leaves it, and which process works for it.
    async function wait(address) {
        const before = (await lockWaiters()).map(({ pid }) => pid);
        const connection = new Connection(server.socket);
        connection.post(slow, {}, from(address));
        await untilLocked(before.length + 1);
        const { pid } = (await lockWaiters()).find((waiter) => !before.includes(waiter.pid));
        return { pid, leave: () => connection.close() };
    }

    async function askFast(address, count = 1) {
        const connection = new Connection(server.socket);
        for (let i = 0; i < count; i++)
            assert.equal((await connection.post(fast, {}, from(address))).text, fastAnswer);
        connection.close();
    }

    test('has it cancelled, once, and its connection is kept; the next statement is not hit', async () => {
        server = await start(1);
        await session.run(lockVotes);
        await askFast('192.0.2.2');
        const [first, count] = [await pids(), cancelled()];
        for (let i = 1; i <= 20; i++) {
            const { leave } = await wait('192.0.2.1');
            leave();
            await askFast(i % 2 === 0 ? '192.0.2.1' : '192.0.2.2');
            assert.equal(cancelled() - count, i);
        }
        assert.deepEqual(await pids(), first);
        assert.deepEqual(await lockWaiters(), []);
    });

    test('waits with its further requests while others go on', async () => {
        server = await start(4);
        await session.run(lockVotes);
        const { pid, leave } = await wait('192.0.2.1');
        process.kill(pid, 'SIGSTOP'); // so that it cannot be cancelled
        let isAnswered = false;
        try {
            leave();
            await untilLogged(() => server.log, /the client has disconnected/);
            const further = askFast('192.0.2.1').then(() => {
                isAnswered = true;
            });
            await askFast('192.0.2.2', 20);
            // Unless that took so long that its connection was given up, which the log says.
            if (isAnswered) await untilLogged(() => server.log, /could not be cancelled/);
            process.kill(pid, 'SIGCONT');
            await further;
        } finally {
            process.kill(pid, 'SIGCONT');
        }
        await until(async () => (await lockWaiters()).length === 0, 10000 * patience, 'it ends');
    });

    test('is done with a mutation that is being committed', async () => {
        server = await start(3);
        const [ada] = await makeUsers(session, 1);
        const url = `https://abandoned.example/${unique('page')}`;
        // COMMIT waits for a lock.
        await session.run(`CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                AS 'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON links DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.url = '${url}') EXECUTE FUNCTION wait_at_commit();
            BEGIN; SELECT pg_advisory_xact_lock(77); LOCK TABLE votes IN ACCESS EXCLUSIVE MODE`);
        try {
            const connection = new Connection(server.socket);
            const parameters = { ...from('192.0.2.1'), ...asParameters(ada) };
            connection.post(createLink, { url, description: 'x' }, parameters);
            await untilLocked(1);
            const [{ query }] = await lockWaiters();
            assert.match(query, /COMMIT/);
            connection.close();
            await untilLogged(() => server.log, /the client has disconnected/);
            // Who leaves a query after that has it cancelled: so the time for the mutation is over.
            const { leave } = await wait('192.0.2.2');
            leave();
            await untilLocked(1);
            assert.match((await lockWaiters())[0].query, /COMMIT/);
            await session.run('ROLLBACK');
            const posted = () => session.rows(`SELECT FROM links WHERE url = '${url}'`);
            await until(async () => (await posted()).length === 1, 10000 * patience, 'it is committed');
        } finally {
            await session.run(`SET client_min_messages = error; ROLLBACK; DROP TRIGGER wait_at_commit ON links;
                DROP FUNCTION wait_at_commit()`);
        }
    });

    test('of a PostgreSQL that cannot be asked: others go on, and the worker can stop', async () => {
        server = await start(3);
        await session.run(lockVotes);
        const [one, other] = [await wait('192.0.2.1'), await wait('192.0.2.2')];
        const [{ postmaster }] = await session.rows(
            `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS postmaster`,
        );
        other.leave();
        await until(async () => (await lockWaiters()).length === 1, 10000 * patience, 'one ends');
        process.kill(postmaster, 'SIGSTOP');
        try {
            one.leave();
            await untilLogged(() => server.log, /could not be cancelled in time/);
            await askFast('192.0.2.3', 20);
            assert.equal((await server.stop()).code, 0);
        } finally {
            process.kill(postmaster, 'SIGCONT');
        }
    });
});
