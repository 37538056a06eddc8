// shared_writes.test.mjs - mutations that share a connection to PostgreSQL: each is a transaction of its
// own, none is done twice or lost, and one that takes long holds up the others no longer than it is
// taken for cheap.
//
// What they call waits for a lock that the test holds, so that it can see how many connections they have.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, afterEach, before, suite, test } from 'node:test';

import { Application, open } from './lib/application.mjs';
import { Session } from './lib/database.mjs';
import { patience, sockets } from './lib/environment.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, sleep, until } from './lib/processes.mjs';

const LONG = 10000 * patience;
const CLIENTS = 12;

const application = new Application(
    'linnet_shared_writes',
    `CREATE TABLE notes (
         id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         text text NOT NULL,
         isolation text NOT NULL DEFAULT current_setting('transaction_isolation'),
         twin text CONSTRAINT no_twins UNIQUE DEFERRABLE INITIALLY DEFERRED);
     CREATE FUNCTION add_note(text text) RETURNS notes LANGUAGE plpgsql AS $$
     DECLARE
         note notes;
     BEGIN
         IF text NOT LIKE 'free%' THEN
             PERFORM pg_advisory_xact_lock_shared(79);
         END IF;
         IF text LIKE 'bad%' THEN
             RAISE EXCEPTION 'It is bad.' USING ERRCODE = 'invalid_parameter_value';
         END IF;
         INSERT INTO notes (text, twin) VALUES (text, substring(text FROM '^twin \\S+')) RETURNING * INTO note;
         RETURN note;
     END $$;
     ${open('notes', 'SELECT, INSERT')}`,
);
const CONTRACT = `type Query { note(id: ID!): Note }
type Mutation { addNote(text: String!): Note @function(name: "add_note") }
type Note @table(name: "notes") { id: ID! text: String! isolation: String! }`;
const ADD = 'mutation ($text: String!) { addNote(text: $text) { text isolation } }';
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const done = (text) => ({ data: { addNote: { text, isolation: 'read committed' } } });

suite('mutations that share a connection', () => {
    const clients = [];
    let session, server;
    let attempt = 0;
    before(() => {
        writeFileSync(`${application.directory}/schema.graphql`, CONTRACT);
        session = new Session(application.database);
    });
    after(() => session.close());
    afterEach(async () => {
        clients.splice(0).forEach((client) => client.close());
        await server.stop();
    });

    // A server of one worker, all of whose connections are direct; three of four can be shared.  All is
    // cheap, on a busy machine too, and who is behind one that takes long waits as long as the test
    // likes, unless told.
    async function start(...options) {
        server = await serve(
            ...['--workers', '1', '--connections', '4', '--request-time', '60000', '--limit-lock-time', '60000'],
            ...['--limit-cheap-time', '1000', '--limit-heavy-time', '60000', '--contract', `${application.directory}/schema.graphql`, ...options],
            ...['--database', `host=${sockets}/postgresql dbname=${application.database} user=linnet_login`],
        );
        clients.push(...times(CLIENTS, () => new Connection(server.socket)));
    }
    const add = (number, text) => clients[number].post(ADD, { text });
    const waiters = () =>
        session.rows(`SELECT pid FROM pg_stat_activity WHERE datname = '${application.database}' AND wait_event = 'advisory'`);
    const untilElsewhere = (pids) =>
        until(async () => (await waiters()).some(({ pid }) => !pids.includes(pid)), LONG, 'they wait elsewhere');
    const rowsOf = async (text) => (await session.rows(`SELECT FROM notes WHERE text = '${text}'`)).length;
    const lock = () => session.run('SELECT pg_advisory_lock(79)');
    const unlock = () => session.run('SELECT pg_advisory_unlock_all()');

    // What they cost has to be known first.
    async function warm() {
        for (let i = 0; i < 80; i++) assert.deepEqual((await add(0, 'free')).json, done('free'));
    }

    // Sends notes of such texts, which wait for the lock; has them once they share a connection, which
    // may take a while on a busy machine.  Each text ends with the numbers of the attempt and of the client.
    const share = (textOf, act = () => {}) =>
        until(
            async () => {
                await warm();
                await lock();
                attempt++;
                const texts = times(CLIENTS, (i) => `${textOf(i)} ${attempt} ${i}`);
                const answers = texts.map((text, i) => add(i, text));
                await until(async () => (await waiters()).length > 0, LONG, 'they wait');
                await sleep(300);
                const pids = (await waiters()).map(({ pid }) => pid);
                const isShared = pids.length < 4;
                if (isShared) await act(pids, texts);
                await unlock();
                const all = await Promise.all(answers);
                return isShared && { texts, answers: all };
            },
            6 * LONG,
            'mutations share a connection',
        );
    async function assertDone({ texts, answers }) {
        for (const [i, text] of texts.entries()) {
            assert.deepEqual(answers[i].json, done(text));
            assert.equal(await rowsOf(text), 1, text);
        }
    }

    test('are transactions of their own', async () => {
        await start();
        const { texts, answers } = await share(() => 'note');
        await assertDone({ texts, answers });
        const list = texts.map((text) => `'${text}'`);
        const [{ count }] = await session.rows(`SELECT count(DISTINCT xmin::text) FROM notes WHERE text IN (${list})`);
        assert.equal(Number(count), CLIENTS);
    });

    test('fail alone, in the function or at COMMIT', async () => {
        await start();
        const kinds = ['note', 'bad', 'twin'];
        const { texts, answers } = await share((i) => kinds[i % 3]);
        const found = { note: 0, bad: 0, twin: 0 };
        for (const [i, text] of texts.entries()) {
            const { json } = answers[i];
            const kind = kinds[i % 3];
            const isDone = (await rowsOf(text)) === 1;
            found[kind] += isDone;
            if (isDone) assert.deepEqual(json, done(text));
            else assert.equal(json.errors[0].extensions.code, kind === 'twin' ? 'CONFLICT' : 'BAD_USER_INPUT', JSON.stringify(json));
        }
        assert.deepEqual(found, { note: 4, bad: 0, twin: 1 });
    });

    test('are done once each when the connection is lost', async () => {
        await start();
        await assertDone(
            await share(
                () => 'lost',
                async (pids) => {
                    for (const pid of pids) await session.run(`SELECT pg_terminate_backend(${pid})`);
                    await untilElsewhere(pids);
                },
            ),
        );
    });

    test('are done once each when the client of one leaves, which is not done', async () => {
        await start();
        const { texts, answers } = await share(
            () => 'left',
            async (pids) => {
                clients[5].close();
                await untilElsewhere(pids);
            },
        );
        const [left] = texts.splice(5, 1);
        answers.splice(5, 1);
        await assertDone({ texts, answers });
        assert.equal(await rowsOf(left), 0);
    });

    // Those behind it have not had theirs.
    test('are done or not as their answers say when the time of one is over', async () => {
        await start('--limit-database-time', String(Math.ceil(1500 * patience)));
        const { texts, answers } = await share(
            () => 'late',
            async ([pid]) => until(async () => !(await waiters()).some((one) => one.pid === pid), LONG, 'it is given up'),
        );
        await warm();
        let late = 0;
        for (const [i, text] of texts.entries()) {
            const { json } = answers[i];
            const isLate = json.errors !== undefined;
            late += isLate;
            if (isLate) assert.equal(json.errors[0].extensions.code, 'TIMEOUT');
            else assert.deepEqual(json, done(text));
            assert.equal(await rowsOf(text), isLate ? 0 : 1, text);
        }
        assert.ok(late > 0);
    });

    test('do not wait for one that takes long', async () => {
        await start('--limit-heavy-time', '100');
        const log = () => server.log.split('sent again').length - 1;
        await until(
            async () => {
                const before = log();
                await warm();
                await lock();
                attempt++;
                const slow = `slow ${attempt}`;
                const answer = add(0, slow);
                const texts = times(CLIENTS - 1, (i) => `free ${attempt} ${i}`);
                // All of these are answered although the lock is held.
                const answers = await Promise.all(texts.map((text, i) => add(i + 1, text)));
                assert.equal((await waiters()).length, 1);
                await assertDone({ texts, answers });
                await unlock();
                await assertDone({ texts: [slow], answers: [await answer] });
                return log() > before;
            },
            6 * LONG,
            'one has taken long where others stood behind it',
        );
    });

    // Both have a connection each for as many as there are.
    async function assertApart() {
        await warm();
        await lock();
        attempt++;
        const texts = times(CLIENTS, (i) => `apart ${attempt} ${i}`);
        const answers = texts.map((text, i) => add(i, text));
        await until(async () => (await waiters()).length === 4, LONG, 'they have all connections');
        await unlock();
        await assertDone({ texts, answers: await Promise.all(answers) });
    }

    test('are none where limit_shared_requests is 0', async () => {
        await start('--limit-shared-requests', '0');
        await assertApart();
    });

    test('are read committed and can write, whatever transactions are without them', async () => {
        const alter = `ALTER ROLE linnet_login IN DATABASE ${application.database}`;
        application.psql(`${alter} SET default_transaction_isolation = serializable`);
        try {
            await start();
            await assertDone(await share(() => 'serializable'));
            await server.stop();
            application.psql(`${alter} SET default_transaction_read_only = on`);
            clients.splice(0).forEach((client) => client.close());
            await start();
            await assertApart();
        } finally {
            application.psql(`${alter} RESET ALL`);
        }
    });
});
