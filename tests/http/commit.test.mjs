// commit.test.mjs - COMMIT goes along with a mutation's statement where nothing stands between Linnet
// and PostgreSQL, and what is answered is what has happened all the same.
//
// A trigger makes the statement wait for a lock, during which the worker is stopped: what PostgreSQL
// does then it was told before.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { patience } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';
import { backends, lockWaiters, untilLocked } from './lib/wait.mjs';

const LONG = 10000 * patience;
const CREATE = 'mutation ($u: String!) { createLink(url: $u) { id url } }';
const newUrl = (kind) => `https://${kind}.commit.example/${unique('page')}`;

const session = new Session();
let ada, server, proxy;
const start = (...options) => serve('--workers', '1', '--connections', '1', ...options);
const send = (u) => server.post(CREATE, { u }, { parameters: asParameters(ada) });
const count = async (u) => (await session.rows(`SELECT FROM links WHERE url = '${u}'`)).length;

// The first time, PostgreSQL is asked what rows of the statement look like.
async function prepare() {
    const answer = await send(newUrl('first'));
    assert.equal(answer.status, 200, answer.text);
}

// A mutation whose worker is stopped while its statement runs; what PostgreSQL has done, once it has
// nothing more to do, and what is answered when the worker goes on.
async function stopMeanwhile(u) {
    await session.run('SELECT pg_advisory_lock(78)');
    const answer = send(u);
    await untilLocked(1);
    const [{ pid }] = await lockWaiters();
    const [worker] = server.workers();
    process.kill(worker, 'SIGSTOP');
    try {
        await session.run('SELECT pg_advisory_unlock(78)');
        const waits = `pid = ${pid} AND state IN ('idle', 'idle in transaction')`;
        await until(async () => (await backends(waits)).length === 1, LONG, 'it waits for the worker');
        return { done: await count(u), answer };
    } finally {
        process.kill(worker, 'SIGCONT');
    }
}

suite('COMMIT of a mutation', () => {
    before(async () => {
        [ada] = await makeUsers(session, 1);
        await session.run(`
            CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                LOOP
                    BEGIN
                        PERFORM pg_advisory_xact_lock(78);
                        RETURN NULL;
                    EXCEPTION WHEN query_canceled THEN
                        IF NEW.url NOT LIKE 'https://stubborn.%' THEN
                            RAISE;
                        END IF;
                    END;
                END LOOP;
            END $$;
            CREATE TRIGGER wait_for_test AFTER INSERT ON links
                FOR EACH ROW WHEN (NEW.url LIKE '%.commit.example/%') EXECUTE FUNCTION wait_for_test()`);
    });
    after(async () => {
        await session.run('DROP TRIGGER wait_for_test ON links; DROP FUNCTION wait_for_test()');
        session.close();
    });

    suite('on a connection of its own', () => {
        before(async () => {
            server = await start('--limit-lock-time', '60000');
            await prepare();
        });
        after(() => server.stop());

        test('goes along', async () => {
            const u = newUrl('along');
            const { done, answer } = await stopMeanwhile(u);
            assert.equal(done, 1);
            assert.equal((await answer).json.data.createLink.url, u);
        });

        test('a statement that fails takes it along', async () => {
            const answer = await send('no address');
            assert.equal(assertErrors(answer)[0].extensions.code, 'BAD_USER_INPUT', answer.text);
            assert.equal(await count('no address'), 0);
            await prepare();
        });

        test('a session that ends before the rows are here has done nothing, and another does it', async () => {
            const u = newUrl('ended');
            await session.run('SELECT pg_advisory_lock(78)');
            const answer = send(u);
            await untilLocked(1);
            const [{ pid }] = await lockWaiters();
            await session.run(`SELECT pg_terminate_backend(${pid})`);
            await session.run('SELECT pg_advisory_unlock(78)');
            assert.equal((await answer).status, 200, (await answer).text);
            assert.equal(await count(u), 1);
        });
    });

    test('where something stands between, COMMIT is sent when the rows are here', async () => {
        proxy = await proxyTo(process.env.PGHOST);
        const database = `host=${proxy.host} dbname=linnet user=linnet_login`;
        server = await start('--limit-lock-time', '60000', '--database', database);
        await prepare();
        const u = newUrl('proxy');
        const { done, answer } = await stopMeanwhile(u);
        assert.equal(done, 0);
        assert.equal((await answer).json.data.createLink.url, u);
        assert.equal(await count(u), 1);
        await server.stop();
    });

    test('what does not end when it is cancelled is given up, and is not committed when it ends', async () => {
        server = await start('--limit-lock-time', '60000', '--limit-database-time', String(Math.ceil(500 * patience)));
        await prepare();
        const u = newUrl('stubborn');
        await session.run('SELECT pg_advisory_lock(78)');
        const asked = send(u);
        await untilLocked(1);
        const [{ pid }] = await lockWaiters();
        const answer = await asked;
        assert.equal(assertErrors(answer)[0].extensions.code, 'TIMEOUT', answer.text);
        await session.run('SELECT pg_advisory_unlock(78)');
        // The session has ended, or lives on where the function happened to be cancelled after all.
        const works = `pid = ${pid} AND state = 'active'`;
        await until(async () => (await backends(works)).length === 0, LONG, 'it has ended');
        assert.equal(await count(u), 0);
        await server.stop();
    });
});
