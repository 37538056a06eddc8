// failover.test.mjs - the primary is lost, and its standby promoted: queries go on, and mutations
// wait for a server that can be written to.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { asParameters, goodPassword, makeUsers, signUpOver, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { copyClusters } from './lib/cluster.mjs';
import { Session } from './lib/database.mjs';
import { isFull, patience } from './lib/environment.mjs';
import { ledger } from './lib/ledger.mjs';
import { startPgbouncer } from './lib/pgbouncer.mjs';
import { serve, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';
import { untilMore } from './lib/wait.mjs';

const READ = '{ link(id: 910011) { id } }';
const RIGHT = '{"data":{"link":{"id":"910011"}}}';
// Longer than a worker waits before it looks for a server that can be written to again.
const SEARCH_PAUSE = 400;
const WRITE = 'mutation ($u: String!) { createLink(url: $u) { id } }';

for (let round = 0; round < (isFull ? 5 : 1); round++)
    suite('the primary is lost', () => {
        let first, second, ada, server, send, session;
        before(async () => {
            session = new Session();
            [ada] = await makeUsers(session, 1, { prefix: 'failover' });
            session.close();
            [first, second] = await copyClusters(2);
            await second.follow(first);
            await first.start();
            await second.start();
            server = await serve(
                ...['--workers', '1', '--database'],
                `host=${first.host},${second.host} dbname=linnet user=linnet_login`,
            );
            send = (query, variables) =>
                server.post(query, variables, { parameters: asParameters(ada) });
        });
        after(async () => {
            await server.stop();
            await first.remove();
            await second.remove();
        });
        const write = () => send(WRITE, { u: `https://failover.example/${unique('link')}` });

        function assertReadOnly(answer) {
            assert.equal(answer.status, 503, answer.text);
            assert.equal(answer.headers['retry-after'], '1');
            assert.equal(assertErrors(answer)[0].extensions.code, 'SERVICE_UNAVAILABLE');
        }

        test('not yet, and its standby stands first: queries go there, mutations to the primary', async () => {
            const own = await serve(
                ...['--workers', '1', '--connections', '2', '--database'],
                `host=${second.host},${first.host} dbname=linnet user=linnet_login`,
            );
            const answers = await Promise.all(
                Array.from({ length: 40 }, (_, i) =>
                    i % 2 === 0
                        ? own.post(READ)
                        : own.post(
                              WRITE,
                              { u: `https://failover.example/${unique('link')}` },
                              { parameters: asParameters(ada) },
                          ),
                ),
            );
            for (const answer of answers) {
                assert.equal(answer.status, 200, answer.text);
                assert.equal(answer.json.errors, undefined, answer.text);
            }
            await own.stop();
        });

        test('and its standby promoted, under load', async () => {
            const load = ledger({
                fault: 'the primary is lost, its standby promoted',
                user: ada,
                clients: 4,
                rate: 20,
                send,
                connection: `host=${second.host} user=postgres dbname=linnet`,
            });
            await untilMore(load.entries, 40);
            // What is acknowledged must be there afterwards, so that the standby must have it.
            first.psql(`ALTER SYSTEM SET synchronous_standby_names = '*'; SELECT pg_reload_conf()`);
            await until(
                () => first.psql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") === '1',
                5000 * patience,
                'a synchronous standby',
            );
            await load.during(() => first.stop('immediate'), 40);
            const refused = await until(
                async () => {
                    const answer = await write();
                    return answer.status === 503 && answer.headers['retry-after'] === '1' && answer;
                },
                10000 * patience,
                'there is a standby alone',
            );
            assertReadOnly(refused);
            for (let i = 0; i < 5; i++) {
                assert.equal((await send(READ)).text, RIGHT, 'queries go on');
                assertReadOnly(await write());
            }
            const username = unique('failover');
            const create = () =>
                signUpOver((...arguments_) => server.post(...arguments_), username, goodPassword);
            assertReadOnly(await create());

            await second.promote();
            await until(
                async () => (await write()).status === 200,
                2000 * patience,
                'mutations are done again',
            );
            assert.equal((await create()).json.data?.createUser?.user.username, username);
            assert.equal((await send(READ)).text, RIGHT);
            // What was being committed when the primary was lost nobody can know.
            const line = await load.verdict({ unknown: 30 });
            assert.ok(line.acknowledged > 0 && line.refused > 0, JSON.stringify(line));
        });
    });

// A connection to the pooler outlives the server that it was for.
suite('the primary is lost, behind PgBouncer', () => {
    let first, second, ada, server, pgbouncer;
    before(async () => {
        const session = new Session();
        [ada] = await makeUsers(session, 1, { prefix: 'failover-pooler' });
        session.close();
        [first, second] = await copyClusters(2);
        await second.follow(first);
        await first.start();
        await second.start();
        // PostgreSQL lets anybody in who is on this machine.
        pgbouncer = await startPgbouncer({ host: first.host });
        server = await serve(
            ...['--workers', '1', '--database', pgbouncer.connection, '--pooler', 'transaction', '--prepared', 'off'],
        );
    });
    after(async () => {
        await server.stop();
        await pgbouncer.stop();
        await first.remove();
        await second.remove();
    });
    const write = () =>
        server.post(
            WRITE,
            { u: `https://failover.example/${unique('link')}` },
            { parameters: asParameters(ada) },
        );
    const untilWritten = (timeout) =>
        until(async () => (await write()).status === 200, timeout, 'mutations are done');
    const count = (cluster) => Number(cluster.psql("SELECT count(*) FROM links WHERE url LIKE 'https://failover.example/%'"));

    test('queries go on at its standby, mutations once that is promoted; each is there once', async () => {
        await untilWritten(5000 * patience);
        let written = 1;
        for (const { status } of await Promise.all(Array.from({ length: 5 }, write))) written += status === 200;
        const ours = pgbouncer.console('SHOW CLIENTS').match(/\|linnet_login\|/g).length;
        const ended = () => pgbouncer.log.split(/linnet_login.* client close request/).length - 1;
        await until(() => count(second) === written, 5000 * patience, 'the standby has them');
        await first.stop('immediate');
        pgbouncer.move(second.host);
        await until(async () => (await server.post(READ)).text === RIGHT, 5000 * patience, 'queries are answered');
        const before = ended();
        for (let i = 0; i < 5; i++) {
            const answer = await write();
            assert.equal(answer.status, 503, answer.text);
            assert.equal(answer.headers['retry-after'], '1');
            if (i === 0) // and the one that looked for a primary
                await until(() => ended() - before > ours, 5000 * patience, 'all connections are ended');
            assert.equal((await server.post(READ)).text, RIGHT);
            await sleep(SEARCH_PAUSE); // so that the next looks for a primary again
        }
        // PgBouncer before 1.22.1 lets the next client have the answers to what one that has left had sent.
        assert.doesNotMatch(pgbouncer.log, /got packet '[12TDCZ]' from server when not linked/);
        await second.promote();
        await untilWritten(2000 * patience);
        written++;
        for (let i = 0; i < 5; i++) written += (await write()).status === 200;
        assert.equal(written, 12);
        assert.equal(count(second), written);
    });
});

// What PostgreSQL reports counts, also when the connection was made to a primary.
test('a connection that is reported to be to a standby gets no mutation', async () => {
    const session = new Session();
    const [ada] = await makeUsers(session, 1, { prefix: 'failover-reported' });
    session.close();
    const proxy = await proxyTo(process.env.PGHOST);
    const server = await serve(
        ...['--workers', '1', '--connections', '2', '--database'],
        `host=${proxy.host} dbname=linnet user=linnet_login`,
    );
    const create = async () =>
        (
            await server.post(
                WRITE,
                { u: `https://failover.example/${unique('link')}` },
                { parameters: asParameters(ada) },
            )
        ).status;
    assert.equal(await create(), 200);
    const old = new Set(proxy.links);
    const writers = [];
    proxy.strike = (statements, link) => {
        if (statements.some((text) => /READ WRITE/.test(text))) writers.push(old.has(link));
        return null;
    };
    const text = 'in_hot_standby\0on\0';
    const head = Buffer.from('S\0\0\0\0', 'latin1');
    head.writeInt32BE(4 + text.length, 1);
    for (const { client } of old) client.write(Buffer.concat([head, Buffer.from(text, 'latin1')]));
    assert.equal(await create(), 200);
    assert.deepEqual(writers, [false]);
    await server.stop();
    await proxy.close();
});
