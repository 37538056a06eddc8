// poison.test.mjs - what makes workers die, and what keeps them from PostgreSQL, again and again: the
// service goes on.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { assertErrors } from './lib/client.mjs';
import { psql } from './lib/database.mjs';
import { isSanitized, patience, rounds, sockets } from './lib/environment.mjs';
import { isAlive, serve, until } from './lib/processes.mjs';

// A library before libpq that ends the process when it sees a value.
const PRELOADED = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
int PQsendQueryPrepared(void *c, const char *name, int n, const char *const *values,
                        const int *lengths, const int *formats, int format)
{
    int (*next)(void *, const char *, int, const char *const *, const int *, const int *, int) =
        dlsym(RTLD_NEXT, "PQsendQueryPrepared");
    for (int i = 0; i < n; i++)
        if (values[i] && strstr(values[i], "poison"))
            abort();
    return next(c, name, n, values, lengths, formats, format);
}
`;

const answer = (promise) => promise.catch(() => null);

suite('a document that workers die of', () => {
    let folder;
    before(() => {
        folder = mkdtempSync(`${tmpdir()}/linnet-poison.`);
        chmodSync(folder, 0o755);
        writeFileSync(`${folder}/preloaded.c`, PRELOADED);
        execFileSync('cc', ['-shared', '-fPIC', '-o', `${folder}/preloaded.so`, `${folder}/preloaded.c`]);
        process.env.LD_PRELOAD = `${folder}/preloaded.so`;
        process.env.ASAN_OPTIONS = 'verify_asan_link_order=0';
    });
    after(() => {
        delete process.env.LD_PRELOAD;
        delete process.env.ASAN_OPTIONS;
        rmSync(folder, { recursive: true });
    });

    test('is refused after five of them; all else is answered', async () => {
        for (let round = 0; round < rounds; round++) {
            const server = await serve('--workers', '2');
            const poisoned = 'query ($s: String) { links(search: $s, first: 1) { id } }';
            const good = '{ link(id: 910011) { id } }';
            const deaths = () => server.log.split('"event":"worker died"').length - 1;
            for (let i = 1; i <= 5; i++) {
                const lost = await answer(server.post(poisoned, { s: 'poison' }));
                assert.equal(lost, null, `${i}: ${lost?.text}`);
                await until(() => deaths() === i, 5000 * patience, 'a worker has died');
                await until(
                    async () => (await answer(server.post(good)))?.status === 200,
                    5000 * patience,
                    'others are served',
                );
            }
            for (let i = 0; i < 3; i++) {
                const refused = await server.post(poisoned, { s: 'poison' });
                assert.equal(refused.status, 503, refused.text);
                const [{ extensions }] = assertErrors(refused);
                assert.equal(extensions.code, 'SERVICE_UNAVAILABLE');
                assert.ok(extensions.retryAfter > 500 && extensions.retryAfter <= 600);
                assert.equal((await server.post(good)).status, 200);
            }
            assert.equal(deaths(), 5);
            assert.match(server.log, /is refused for 600 seconds/);
            await server.stop();
        }
    });

    test('is not refused when they were killed', async () => {
        const server = await serve('--workers', '1');
        const good = '{ link(id: 910011) { id } }';
        for (let i = 0; i < 3; i++) {
            const [pid] = server.workers();
            // (Sanitizers take SIGSEGV for a fault, also when it was sent.)
            process.kill(pid, i % 2 === 0 || isSanitized ? 'SIGKILL' : 'SIGSEGV');
            await until(
                async () => !isAlive(pid) && (await answer(server.post(good)))?.status === 200,
                20000 * patience,
                'another worker serves',
            );
        }
        await server.stop();
    });
});

suite('a database that is not there', () => {
    const DATABASE = 'poison';
    const make = () => {
        psql(`CREATE DATABASE ${DATABASE} OWNER linnet_owner`, 'postgres');
        psql(
            `SET ROLE linnet_owner; CREATE TABLE things (id integer PRIMARY KEY);
            ALTER TABLE things ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON things USING (true);
            GRANT USAGE ON SCHEMA public TO linnet_anon; GRANT SELECT ON things TO linnet_anon;
            INSERT INTO things VALUES (1)`,
            DATABASE,
        );
    };
    let folder;
    before(() => {
        psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
        folder = mkdtempSync(`${tmpdir()}/linnet-poison.`);
        chmodSync(folder, 0o755);
        writeFileSync(
            `${folder}/schema.graphql`,
            'type Query { users(first: Int): [Thing!]! @order(by: "id") thing(id: ID!): Thing }\n' +
                'type Thing @table(name: "things") { id: ID! }',
        );
    });
    after(() => {
        psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
        rmSync(folder, { recursive: true });
    });

    // What PostgreSQL refuses takes an operator, so that it is asked less often; each time is a line.
    test('is said once a pause, requests get 503, and it is found when it is there again', async () => {
        make();
        const server = await serve(
            ...['--contract', `${folder}/schema.graphql`, '--workers', '1'],
            ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
        );
        const ask = () => server.post('{ thing(id: 1) { id } }');
        assert.equal((await ask()).status, 200);
        const pids = server.workers();
        psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
        const lines = () => server.log.split('cannot connect').length - 1;
        const began = performance.now();
        let asked = 0;
        await until(
            async () => {
                const refused = await ask();
                assert.equal(refused.status, 503, refused.text);
                assert.ok(Number(refused.headers['retry-after']) >= 1);
                return ++asked >= 200 && lines() >= 4;
            },
            20000 * patience,
            'it was looked for again',
        );
        // Pauses of 0.1, 0.2, 0.4 ... 5 s: so many lines at most in that time.
        const seconds = (performance.now() - began) / 1000;
        const most = 3 + Math.log2(1 + 10 * seconds) + seconds / 5;
        assert.ok(lines() <= most, `${lines()} lines in ${seconds} s for ${asked} requests`);
        assert.deepEqual(server.workers(), pids, 'the same worker');
        make();
        await until(async () => (await ask()).status === 200, 10000 * patience, 'it is found');
        await server.stop();
    });
});
