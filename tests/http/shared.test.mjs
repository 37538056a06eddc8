// shared.test.mjs - requests that share a connection to PostgreSQL: that they do, that none sees or
// spoils what another has, and that one which takes long holds nobody up.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, suite, test } from 'node:test';

import { asParameters, makeUsers } from './lib/accounts.mjs';
import { Application, open } from './lib/application.mjs';
import { Session } from './lib/database.mjs';
import { patience, sockets, state } from './lib/environment.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';
import { backends } from './lib/wait.mjs';

const application = new Application(
    'linnet_shared',
    `CREATE FUNCTION stay(long boolean) RETURNS boolean LANGUAGE plpgsql STABLE
         AS 'BEGIN IF long THEN PERFORM pg_advisory_xact_lock_shared(79); END IF; RETURN long; END';
     CREATE FUNCTION doze() RETURNS integer LANGUAGE plpgsql STABLE AS 'BEGIN PERFORM pg_sleep(0.02); RETURN 1; END';
     CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT 6 / n';
     CREATE TABLE switches (is_on boolean NOT NULL);
     INSERT INTO switches VALUES (false);
     CREATE FUNCTION risk() RETURNS integer LANGUAGE sql STABLE
         AS 'SELECT CASE WHEN is_on THEN 1 / (SELECT count(*) FROM switches WHERE NOT is_on)::integer ELSE 1 END
             FROM switches';
     CREATE TABLE boxes (id integer PRIMARY KEY, size integer NOT NULL);
     CREATE TABLE things (
         id integer PRIMARY KEY, box_id integer NOT NULL REFERENCES boxes, rank integer NOT NULL);
     CREATE INDEX ON things (box_id, rank);
     INSERT INTO boxes SELECT n, 3 FROM generate_series(1, 6) n;
     INSERT INTO things SELECT n, (n - 1) / 3 + 1, 100 - n FROM generate_series(1, 18) n;
     ${open('boxes')} ${open('things')} ${open('switches')}`,
);
const CONTRACT = `type Query {
    stay(long: Boolean!): Boolean @function(name: "stay")
    doze: Int @function(name: "doze")
    half(n: Int!): Int @function(name: "half")
    risk: Int @function(name: "risk")
    boxes(first: Int = 6): [Box!]! @order(by: "id DESC")
    box(id: ID!): Box
    boxPages(first: Int, after: String): BoxConnection!
}
type Box @table(name: "boxes") {
    id: ID! size: Int!
    things(first: Int = 10): [Thing!]! @order(by: "rank")
    thingPages(first: Int, after: String): ThingConnection!
}
type ThingConnection { totalCount: Int! edges: [ThingEdge!]! pageInfo: PageInfo! }
type ThingEdge { cursor: String! node: Thing! }
type Thing @table(name: "things") { id: ID! boxId: Int! rank: Int! }
type BoxConnection { totalCount: Int! edges: [BoxEdge!]! pageInfo: PageInfo! }
type BoxEdge { cursor: String! node: Box! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;
// One that is to stay long waits for a lock, while a session of the test has it.
const stay = 'query ($long: Boolean!) { stay(long: $long) }';
const half = 'query ($n: Int!) { half(n: $n) }';
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const cancelled = () =>
    readFileSync(`${state}/log/postgresql.log`, 'utf8').split('canceling statement due to user request')
        .length - 1;

suite('requests that share a connection', () => {
    const clients = [];
    let proxy, server;
    before(() => writeFileSync(`${application.directory}/schema.graphql`, CONTRACT));
    afterEach(async () => {
        clients.splice(0).forEach((client) => client.close());
        await server.stop();
        await proxy.close();
    });

    // A server of one worker, behind a proxy; one of its four connections is shared.  There is time for ten
    // requests, and whatever was asked before is cheap, however busy the machine is.
    async function start(...options) {
        proxy = await proxyTo(`${sockets}/postgresql`);
        server = await serve(
            ...['--workers', '1', '--connections', '4', '--request-time', '60000', '--limit-lock-time', '60000'],
            ...['--limit-cheap-time', '60000', '--limit-heavy-time', '600000', '--limit-shared-time', '500'],
            ...['--contract', `${application.directory}/schema.graphql`, ...options],
            ...['--database', `host=${proxy.host} dbname=${application.database} user=linnet_login`],
        );
        clients.push(...times(16, () => new Connection(server.socket)));
    }
    const ask = (number, query, variables) => clients[number].post(query, variables);
    const asleep = async () =>
        (await backends(`datname = '${application.database}' AND state = 'active' AND query ~ 'stay'`)).length;

    // Sends ten requests whose answers are held back; how many of them one connection has taken, and
    // what they are.  before() is called before they are let go, after(answers) when they are.
    async function hold(query, variables, { before = () => {}, after = () => {} } = {}) {
        proxy.hold();
        const answers = times(10, (i) => ask(i, query, variables(i)));
        await until(() => proxy.waiting() >= 10, 1000, 'all are sent').catch(() => {});
        const most = Math.max(...[...proxy.links].map(({ waiting }) => waiting));
        before();
        proxy.release();
        await after(answers);
        return { most, answers: await Promise.all(answers) };
    }

    // The same once all ten share a connection: when what they cost is known, and all were sent in time.
    const share = (query, usual, variables = usual, acts = {}) =>
        until(
            async () => {
                for (let i = 0; i < 7; i++) await ask(0, query, usual(i));
                const { most, answers } = await hold(query, variables, acts);
                return most === 10 ? answers : null;
            },
            patience * 20000,
            'requests share a connection',
        );

    test('have the answers that they would have alone; the error of one is its own', async () => {
        await start();
        const answers = await share(half, () => ({ n: 2 }), (i) => ({ n: i % 4 }));
        for (const [i, { json }] of answers.entries())
            if (i % 4 === 0) assert.equal(json.errors[0].path[0], 'half');
            else assert.deepEqual(json, { data: { half: Math.floor(6 / (i % 4)) } });
    });

    test('take as long as limit_cheap_time says', async () => {
        await start();
        for (const { json } of await share('{ doze }', () => ({}))) assert.deepEqual(json, { data: { doze: 1 } });
    });

    const short = () => ({ long: false });
    const isStay = (long) => ({ data: { stay: long } });
    // Runs a function while what is to stay long does so.
    async function whileLocked(act) {
        const session = new Session(application.database);
        try {
            const lock = () => session.run('SELECT pg_advisory_lock(79)');
            await lock();
            await act({ lock, unlock: () => session.run('SELECT pg_advisory_unlock(79)') });
        } finally {
            session.close();
        }
    }

    test('do not wait for one that takes long, which is not cancelled', async () => {
        await start();
        for (let round = 0; round < 2; round++) {
            await share(stay, short);
            await whileLocked(async ({ unlock }) => {
                const slow = ask(15, stay, { long: true });
                await until(async () => (await asleep()) > 0, patience * 5000, 'it works');
                const rest = await Promise.all(times(12, (i) => ask(i, stay, short())));
                for (const { json } of rest) assert.deepEqual(json, isStay(false));
                assert.equal(await asleep(), 1, 'the others were answered before it');
                await unlock();
                assert.deepEqual((await slow).json, isStay(true));
            });
        }
    });

    test('and are sent at once with such a one are sent again', async () => {
        await start();
        const isLong = (i) => i === 0;
        await whileLocked(async ({ lock, unlock }) => {
            const after = async ([first, ...others]) => {
                await Promise.all(others);
                await unlock();
                await first;
                await lock();
            };
            const answers = await share(stay, short, (i) => ({ long: isLong(i) }), { after });
            for (const [i, { json }] of answers.entries()) assert.deepEqual(json, isStay(isLong(i)));
        });
    });

    test('are not hit when the client of one leaves, whose statement is cancelled', async () => {
        await start();
        await share(stay, short);
        const count = cancelled();
        await whileLocked(async () => {
            const leaving = new Connection(server.socket);
            leaving.post(stay, { long: true });
            await until(async () => (await asleep()) > 0, patience * 5000, 'it works');
            const answers = times(10, (i) => ask(i, stay, short()));
            leaving.close();
            for (const { json } of await Promise.all(answers)) assert.deepEqual(json, isStay(false));
            await until(() => cancelled() > count, patience * 5000, 'it is cancelled');
        });
        for (const { json } of await share(stay, short)) assert.deepEqual(json, isStay(false));
        assert.equal(cancelled() - count, 1);
    });

    test('end when the time of one is over, which alone fails', async () => {
        const time = Math.ceil(1000 * patience);
        await start('--limit-database-time', String(time), '--limit-shared-time', String(2 * time));
        await whileLocked(async () => {
            const answers = await share(stay, short, (i) => ({ long: i === 3 }));
            for (const [i, { json }] of answers.entries())
                if (i === 3) assert.equal(json.errors[0].extensions.code, 'TIMEOUT');
                else assert.deepEqual(json, isStay(false));
        });
    });

    test('are sent again when the connection is lost', async () => {
        await start();
        const variables = (i) => ({ n: 1 + (i % 3) });
        for (const [i, { json }] of (await share(half, variables, variables, { before: proxy.cutAll })).entries())
            assert.deepEqual(json, { data: { half: Math.floor(6 / (1 + (i % 3))) } });
    });

    const boxes = `query ($first: Int!) { boxes(first: $first) {
        id things(first: 2) { rank } thingPages(first: 1) { totalCount edges { node { id } } pageInfo { hasNextPage } } } }`;
    const boxOf = (id) => ({
        id: String(id),
        things: [{ rank: 100 - 3 * id }, { rank: 101 - 3 * id }],
        thingPages: { totalCount: 3, edges: [{ node: { id: String(3 * id - 2) } }], pageInfo: { hasNextPage: true } },
    });

    test('have rows within rows all the same, each sent at once', async () => {
        await start();
        const answers = await share(boxes, (i) => ({ first: i % 7 }));
        for (const [i, { json }] of answers.entries())
            assert.deepEqual(json, { data: { boxes: times(i % 7, (n) => boxOf(6 - n)) } });
    });

    test('have the rows of a single row, and none of one that is not there', async () => {
        await start();
        const query = 'query ($id: ID!) { box(id: $id) { things { id } } other: box(id: 2) { id } }';
        const answers = await share(query, () => ({ id: 1 }), (i) => ({ id: i }));
        for (const [i, { json }] of answers.entries()) {
            const box = i >= 1 && i <= 6 ? { things: [0, 1, 2].map((n) => ({ id: String(3 * i - n) })) } : null;
            assert.deepEqual(json, { data: { box, other: { id: '2' } } });
        }
    });

    test('have the pages that they would have alone', async () => {
        await start();
        const query = `query ($after: String) { boxPages(first: 2, after: $after) {
            totalCount edges { cursor node { id things { boxId } } } pageInfo { hasNextPage } } }`;
        const ids = [];
        let after = null;
        for (let page = 0; page < 3; page++) {
            const answers = await share(query, () => ({ after }));
            for (const { json } of answers) assert.deepEqual(json, answers[0].json);
            const { totalCount, edges, pageInfo } = answers[0].json.data.boxPages;
            assert.equal(totalCount, 6);
            assert.equal(pageInfo.hasNextPage, page < 2);
            for (const { node } of edges) assert.deepEqual(node.things, times(3, () => ({ boxId: Number(node.id) })));
            ids.push(...edges.map(({ node }) => Number(node.id)));
            after = edges.at(-1).cursor;
        }
        assert.deepEqual(ids, [1, 2, 3, 4, 5, 6]);
    });

    test('see one snapshot, whoever writes meanwhile', async () => {
        await start();
        const session = new Session(application.database);
        const query = '{ boxes { id size things { id } } }';
        let isOver = false;
        const writing = (async () => {
            for (let n = 0; !isOver; n++)
                await session.run(`BEGIN; UPDATE things SET box_id = ${1 + (n % 6)} WHERE id = 1;
                    UPDATE boxes SET size = (SELECT count(*) FROM things WHERE box_id = boxes.id); COMMIT`);
        })();
        try {
            for (let round = 0; round < 40; round++)
                for (const { json } of await Promise.all(times(16, (i) => ask(i, query, {}))))
                    for (const { size, things } of json.data.boxes) assert.equal(things.length, size);
        } finally {
            isOver = true;
            await writing;
            session.close();
            application.psql('UPDATE things SET box_id = 1 WHERE id = 1; UPDATE boxes SET size = 3');
        }
    });

    test('have no rows of others where a policy changes its mind', async () => {
        await start();
        application.psql('ALTER POLICY all_rows ON boxes USING (random() < 0.5)');
        try {
            const answers = await share('{ boxes { id things { boxId } } }', () => ({}));
            for (const { json } of answers)
                for (const { id, things } of json.data.boxes)
                    for (const { boxId } of things) assert.equal(boxId, Number(id));
        } finally {
            application.psql('ALTER POLICY all_rows ON boxes USING (true)');
        }
    });

    test('of several root fields keep all but the one that fails', async () => {
        await start();
        const query = '{ risk boxes(first: 1) { things(first: 2) { rank } } }';
        const data = { boxes: [{ things: [{ rank: 82 }, { rank: 83 }] }] };
        for (const { json } of await share(query, () => ({}))) assert.deepEqual(json, { data: { risk: 1, ...data } });
        application.psql('UPDATE switches SET is_on = true');
        try {
            for (const { json } of await Promise.all(times(10, (i) => ask(i, query, {})))) {
                assert.deepEqual(json.errors.map(({ path }) => path), [['risk']]);
                assert.deepEqual(json.data, { risk: null, ...data });
            }
        } finally {
            application.psql('UPDATE switches SET is_on = false');
        }
    });

    test('are none where limit_shared_requests is 0', async () => {
        await start('--limit-shared-requests', '0');
        for (let i = 0; i < 80; i++) await ask(0, half, { n: 1 });
        assert.equal((await hold(half, () => ({ n: 1 }))).most, 1);
    });
});

suite('people who share a connection', () => {
    const session = new Session();
    after(() => session.close());

    test('see what is theirs', async () => {
        const users = [...(await makeUsers(session, 7, { prefix: 'shared' })), null];
        const server = await serve('--workers', '1', '--connections', '4');
        const clients = times(16, () => new Connection(server.socket));
        try {
            for (let round = 0; round < 60; round++) {
                const answers = clients.map((client, i) =>
                    client.post('{ me { id email } }', {}, asParameters(users[(i * 3 + round) % 8])),
                );
                for (const [i, { json }] of (await Promise.all(answers)).entries()) {
                    const user = users[(i * 3 + round) % 8];
                    if (user) assert.deepEqual(json, { data: { me: { id: user.id, email: user.email } } });
                    else assert.equal(json.errors[0].extensions.code, 'UNAUTHENTICATED');
                }
            }
        } finally {
            clients.forEach((client) => client.close());
            await server.stop();
        }
    });
});
