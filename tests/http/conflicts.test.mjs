// conflicts.test.mjs - transactions that PostgreSQL breaks off, since they are in conflict with
// others or there is no room: what may succeed is done again, and what is refused is not done.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { copyClusters } from './lib/cluster.mjs';
import { psql, Session } from './lib/database.mjs';
import { patience, rounds, sockets } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';

const DATABASE = 'conflicts';

// tries counts the calls, also those that are rolled back.
const SQL = `
CREATE SEQUENCE tries;
CREATE TABLE accounts (id integer PRIMARY KEY, amount integer NOT NULL);
INSERT INTO accounts VALUES (1, 1000), (2, 1000);
CREATE TABLE events (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
CREATE FUNCTION transfer(source integer, target integer) RETURNS accounts LANGUAGE plpgsql AS $$
DECLARE result accounts;
BEGIN
    PERFORM nextval('tries');
    UPDATE accounts SET amount = amount - 1 WHERE id = source;
    PERFORM pg_advisory_xact_lock_shared(1);
    UPDATE accounts SET amount = amount + 1 WHERE id = target RETURNING * INTO result;
    INSERT INTO events (what) VALUES ('transfer');
    RETURN result;
END $$;
CREATE FUNCTION fail_at_first(times integer, state text) RETURNS accounts LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (what) VALUES (state);
    IF nextval('tries') <= times THEN
        RAISE EXCEPTION 'broken off' USING ERRCODE = state;
    END IF;
    RETURN (SELECT accounts FROM accounts WHERE id = 1);
END $$;
CREATE FUNCTION fail_reading(state text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN RAISE EXCEPTION 'broken off' USING ERRCODE = state; END $$;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_may ON accounts USING (true);
CREATE POLICY all_may ON events USING (true);
GRANT USAGE ON SCHEMA public TO linnet_anon, linnet_user;
GRANT SELECT, UPDATE ON accounts TO linnet_anon, linnet_user;
GRANT INSERT ON events TO linnet_anon, linnet_user;
GRANT USAGE ON tries TO linnet_anon, linnet_user;
`;

const CONTRACT = `
type Query {
  account(id: ID!): Account
  failReading(state: String!): Int @function(name: "fail_reading")
}
type Mutation {
  transfer(source: Int!, target: Int!): Account @function(name: "transfer")
  failAtFirst(times: Int!, state: String!): Account @function(name: "fail_at_first")
}
type Account @table(name: "accounts") { id: ID! amount: Int! }
`;

let folder, session, proxy, server;
before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE} OWNER linnet_owner`, 'postgres');
    psql(`SET ROLE linnet_owner; ${SQL}`, DATABASE);
    // Who waits for Linnet's transaction is not broken off: Linnet is.
    psql("ALTER ROLE linnet_login SET deadlock_timeout = '10ms'", 'postgres');
    session = new Session(DATABASE);
    await session.run("SET deadlock_timeout = '10min'");
    folder = mkdtempSync(`${tmpdir()}/linnet-conflicts.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
    proxy = await proxyTo(`${sockets}/postgresql`);
    server = await serve(
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1'],
        ...['--database', `host=${proxy.host} dbname=${DATABASE} user=linnet_login`],
    );
});
after(async () => {
    psql('ALTER ROLE linnet_login RESET deadlock_timeout', 'postgres');
    session.close();
    await server.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

const tries = async () => (await session.row('SELECT last_value AS n, is_called FROM tries')).n;
const restart = () => session.run('ALTER SEQUENCE tries RESTART; DELETE FROM events');
const countEvents = async () => (await session.row('SELECT count(*)::integer AS n FROM events')).n;
const fail = (times, state) =>
    server.post('mutation ($times: Int!, $state: String!) { failAtFirst(times: $times, state: $state) { id } }', {
        times,
        state,
    });

function assertRefused(answer, message) {
    assert.equal(answer.status, 503, answer.text);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    const [error] = assertErrors(answer);
    assert.equal(error.extensions.code, 'SERVICE_UNAVAILABLE');
    if (message) assert.match(error.message, message);
}

suite('a transaction in conflict with another', () => {
    for (const state of ['40001', '40P01']) {
        test(`${state}, twice, is done at the third time`, async () => {
            await restart();
            const answer = await fail(2, state);
            assert.deepEqual(answer.json, { data: { failAtFirst: { id: '1' } } });
            assert.deepEqual([await tries(), await countEvents()], [3, 1]);
        });

        test(`${state}, each time, is refused, and not done`, async () => {
            await restart();
            assertRefused(await fail(100, state), /try again/);
            assert.deepEqual([await tries(), await countEvents()], [3, 0]);
        });

        test(`${state}, of a query, likewise`, async () => {
            let asked = 0;
            proxy.strike = (statements) => {
                asked += statements.some((text) => /fail_reading/.test(text));
                return null;
            };
            assertRefused(await server.post(`{ failReading(state: "${state}") }`), /try again/);
            assert.equal(asked, 3);
        });
    }

    test('only the field that is in conflict is done again', async () => {
        await restart();
        const answer = await server.post(`mutation { a: transfer(source: 1, target: 1) { id }
            b: failAtFirst(times: 3, state: "40001") { id } c: transfer(source: 1, target: 1) { id } }`);
        assert.deepEqual(answer.json, {
            data: { a: { id: '1' }, b: { id: '1' }, c: { id: '1' } },
        });
        assert.deepEqual([await tries(), await countEvents()], [5, 3]);
    });

    // A waiter looks for a deadlock once, so that ours must be the last to wait.
    test('that waits for who waits for it, is broken off and done again', async () => {
        const gate = new Session(DATABASE);
        const waiters = async () =>
            (await gate.rows(`SELECT FROM pg_stat_activity WHERE datname = '${DATABASE}'
                AND wait_event_type = 'Lock'`)).length;
        for (let round = 0; round < rounds; round++) {
            await restart();
            await gate.run('SELECT pg_advisory_lock(1)');
            await session.run('BEGIN; UPDATE accounts SET amount = amount WHERE id = 2');
            const answer = server.post('mutation { transfer(source: 1, target: 2) { id } }');
            await until(async () => (await waiters()) === 1, 5000 * patience, 'it has the first row');
            const crossing = session.run('UPDATE accounts SET amount = amount WHERE id = 1');
            await until(async () => (await waiters()) === 2, 5000 * patience, 'another waits for it');
            await gate.run('SELECT pg_advisory_unlock(1)');
            await crossing;
            await session.run('COMMIT');
            assert.deepEqual((await answer).json, { data: { transfer: { id: '2' } } });
            assert.deepEqual([(await tries()) > 1, await countEvents()], [true, 1]);
        }
        gate.close();
    });

    test('many that cross: each that is acknowledged is done once, and no other', async () => {
        await restart();
        const answers = await Promise.all(
            Array.from({ length: 60 * rounds }, (_, i) =>
                server.post('mutation ($a: Int!, $b: Int!) { transfer(source: $a, target: $b) { id } }', {
                    a: 1 + (i % 2),
                    b: 2 - (i % 2),
                }),
            ),
        );
        const done = answers.filter(({ status, json }) => status === 200 && !json.errors);
        answers.filter((answer) => !done.includes(answer)).forEach((answer) => assertRefused(answer));
        assert.equal(await countEvents(), done.length);
        assert.ok(done.length > 50 * rounds, `${done.length} of ${answers.length}`);
    });
});

suite('no room on the disk', () => {
    test('a mutation is refused, and not done; queries go on', async () => {
        await restart();
        assertRefused(await fail(100, '53100'), /no space left/);
        assert.deepEqual([await tries(), await countEvents()], [1, 0]);
        const answer = await server.post('{ account(id: 1) { id } }');
        assert.deepEqual(answer.json, { data: { account: { id: '1' } } });
    });

    test('of a disk that is full: mutations are refused until there is room, queries go on', async (t) => {
        // Only root may mount a file system of that size.
        if (process.getuid() !== 0) return t.skip('not root');
        const people = new Session();
        const [ada] = await makeUsers(people, 1, { prefix: 'full' });
        people.close();
        const [cluster] = await copyClusters(1, { megabytes: 64 });
        await cluster.start();
        const own = await serve(
            ...['--workers', '1', '--database'],
            `host=${cluster.host} dbname=linnet user=linnet_login`,
        );
        const write = (description) =>
            own.post(
                'mutation ($u: String!, $d: String) { createLink(url: $u, description: $d) { id } }',
                { u: `https://full.example/${unique('link')}`, d: description },
                { parameters: asParameters(ada) },
            );
        const count = () =>
            Number(cluster.psql("SELECT count(*) FROM links WHERE url LIKE 'https://full.example/%'"));
        assert.equal((await write('')).status, 200);
        // All but what PostgreSQL has set aside for its log.
        spawnSync('dd', ['if=/dev/zero', `of=${cluster.disk}/filler`, 'bs=64k']);
        let done = 1;
        const refused = await until(
            async () => {
                const answer = await write(randomBytes(900).toString('hex'));
                if (answer.status !== 200) return answer;
                assert.equal(answer.json.errors, undefined, answer.text);
                done++;
            },
            20000 * patience,
            'no room',
        );
        assertRefused(refused, /no space left/);
        for (let i = 0; i < 3; i++) {
            const answer = await own.post('{ link(id: 910011) { id } }');
            assert.deepEqual(answer.json, { data: { link: { id: '910011' } } });
        }
        assert.equal(count(), done);
        rmSync(`${cluster.disk}/filler`);
        await until(
            async () => (await write('')).status === 200,
            5000 * patience,
            'there is room again',
        );
        await own.stop();
        await cluster.remove();
    });
});
