// shared.test.mjs - requests that share a connection to PostgreSQL: that they do, that none sees or
// spoils what another has, and that one which takes long holds nobody up.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, suite, test } from 'node:test';

import { asParameters, makeUsers } from './lib/accounts.mjs';
import { Application } from './lib/application.mjs';
import { Session } from './lib/database.mjs';
import { patience, sockets, state } from './lib/environment.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';
import { backends } from './lib/wait.mjs';

const application = new Application(
    'linnet_shared',
    `CREATE FUNCTION nap(ms integer) RETURNS integer LANGUAGE plpgsql STABLE
         AS 'BEGIN PERFORM pg_sleep(ms / 1000.0); RETURN ms; END';
     CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT 6 / n';`,
);
const CONTRACT = `type Query {
    nap(ms: Int!): Int @function(name: "nap")
    half(n: Int!): Int @function(name: "half")
}`;
const nap = 'query ($ms: Int!) { nap(ms: $ms) }';
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

    // A server of one worker, behind a proxy; one of its four connections is shared.
    async function start(...options) {
        proxy = await proxyTo(`${sockets}/postgresql`);
        server = await serve(
            ...['--workers', '1', '--connections', '4', '--request-time', '60000'],
            ...['--contract', `${application.directory}/schema.graphql`, ...options],
            ...['--database', `host=${proxy.host} dbname=${application.database} user=linnet_login`],
        );
        clients.push(...times(16, () => new Connection(server.socket)));
    }
    const ask = (number, query, variables) => clients[number].post(query, variables);
    const asleep = async () =>
        (await backends(`datname = '${application.database}' AND state = 'active' AND query ~ 'nap'`)).length;

    // Sends ten requests whose answers are held back; how many of them one connection has taken, and
    // what they are after act().
    async function hold(query, variables, act) {
        proxy.hold();
        const answers = times(10, (i) => ask(i, query, variables(i)));
        await until(() => proxy.waiting() >= 10, 1000, 'all are sent').catch(() => {});
        const most = Math.max(...[...proxy.links].map(({ waiting }) => waiting));
        act();
        proxy.release();
        return { most, answers: await Promise.all(answers) };
    }

    // The same once all ten share a connection: when what they cost is known.  What was held back, or
    // took long, or had to wait for a busy machine, seems dear for a while.
    const share = (query, usual, variables = usual, act = () => {}) =>
        until(
            async () => {
                for (let i = 0; i < 80; i++) await ask(0, query, usual(i));
                const { most, answers } = await hold(query, variables, act);
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

    test('do not wait for one that takes long, which is not cancelled', async () => {
        await start();
        for (let round = 0; round < 2; round++) {
            await share(nap, () => ({ ms: 0 }));
            for (let i = 0; i < 80; i++) await ask(0, nap, { ms: 0 });
            const slow = ask(15, nap, { ms: 1500 });
            await until(async () => (await asleep()) > 0, patience * 5000, 'it works');
            const rest = await Promise.all(times(12, (i) => ask(i, nap, { ms: 0 })));
            for (const { json } of rest) assert.deepEqual(json, { data: { nap: 0 } });
            assert.equal(await asleep(), 1, 'the others were answered before it');
            assert.deepEqual((await slow).json, { data: { nap: 1500 } });
        }
    });

    test('and are sent at once with such a one are sent again', async () => {
        await start();
        const answers = await share(
            nap,
            () => ({ ms: 0 }),
            (i) => ({ ms: i === 0 ? 1500 : 0 }),
        );
        for (const [i, { json }] of answers.entries()) assert.deepEqual(json, { data: { nap: i === 0 ? 1500 : 0 } });
    });

    test('are not hit when the client of one leaves, whose statement is cancelled', async () => {
        await start();
        await share(nap, () => ({ ms: 0 }));
        for (let i = 0; i < 80; i++) await ask(0, nap, { ms: 0 });
        const count = cancelled();
        const leaving = new Connection(server.socket);
        leaving.post(nap, { ms: 60000 });
        await until(async () => (await asleep()) > 0, patience * 5000, 'it works');
        const answers = times(10, (i) => ask(i, nap, { ms: 0 }));
        leaving.close();
        for (const { json } of await Promise.all(answers)) assert.deepEqual(json, { data: { nap: 0 } });
        await until(() => cancelled() > count, patience * 5000, 'it is cancelled');
        for (const { json } of await share(nap, () => ({ ms: 0 }))) assert.deepEqual(json, { data: { nap: 0 } });
        assert.equal(cancelled() - count, 1);
    });

    test('end when the time of one is over, which alone fails', async () => {
        await start('--limit-database-time', '1000', '--limit-shared-time', '5000');
        const answers = await share(
            nap,
            () => ({ ms: 0 }),
            (i) => ({ ms: i === 3 ? 60000 : 0 }),
        );
        for (const [i, { json }] of answers.entries())
            if (i === 3) assert.equal(json.errors[0].extensions.code, 'TIMEOUT');
            else assert.deepEqual(json, { data: { nap: 0 } });
    });

    test('are sent again when the connection is lost', async () => {
        await start();
        const variables = (i) => ({ n: 1 + (i % 3) });
        for (const [i, { json }] of (await share(half, variables, variables, proxy.cutAll)).entries())
            assert.deepEqual(json, { data: { half: Math.floor(6 / (1 + (i % 3))) } });
    });

    test('are none where limit_shared_requests is 0', async () => {
        await start('--limit-shared-requests', '0');
        for (let i = 0; i < 80; i++) await ask(0, half, { n: 1 });
        assert.equal((await hold(half, () => ({ n: 1 }), () => {})).most, 1);
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
