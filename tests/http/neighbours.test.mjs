// neighbours.test.mjs - one address attacks, and the clients of another notice nothing: none of
// their requests is refused.  With --full their times are compared with a quiet run beside it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { after, before, beforeEach, suite, test } from 'node:test';

import { makeUsers } from './lib/accounts.mjs';
import { attackNames } from './lib/attacks.mjs';
import { Session } from './lib/database.mjs';
import { isFull, isSanitized } from './lib/environment.mjs';
import { allWorkers, residentMemory } from './lib/processes.mjs';
import { makeNeighbours, measure, quantile } from './lib/neighbours.mjs';
import { backends } from './lib/wait.mjs';

const program = fileURLToPath(new URL('./lib/attacks.mjs', import.meta.url));
const address = '127.0.0.66';
const duration = isFull ? 5000 : 1500;
const rounds = isFull ? 3 : 1;

// As ./up starts them: four connections, and one to sign up and in by.
const connectionsOfWorker = 5;
// kB: 64 MiB of cache, 32 MiB of answers that nobody reads, four answers of 8 MiB that are being made
// from as much in rows, and 32 MiB for all else; sanitizers take a multiple.
const memoryOfWorker = 192 * 1024;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

suite('neighbours', () => {
    let session, neighbours;
    before(async () => {
        session = new Session();
        // A table that is worth an attack: long texts, for searches and answers.
        await session.run(`INSERT INTO links (url, description)
            SELECT 'https://neighbours.example/' || rpad(n::text, 1900, 'u'), repeat('%d', 1000)
            FROM generate_series(1, 7600) AS n; ANALYZE links`);
        neighbours = await makeNeighbours(await makeUsers(session, 2));
        await measure(neighbours, 1000);
    });
    beforeEach(() => session.run('DELETE FROM login_failures'));
    after(async () => {
        await session.run("DELETE FROM users WHERE username LIKE 'flood%'");
        session.close();
    });

    async function attacked(t, name) {
        const environment = { ...process.env, ATTACK_ACCOUNT: neighbours.owner.username };
        const attack = spawn(process.execPath, [program, name, address], {
            env: environment,
            stdio: ['ignore', 'pipe', 'inherit'],
        });
        let printed = '';
        attack.stdout.on('data', (piece) => (printed += piece));
        const ended = once(attack, 'close');
        try {
            await Promise.race([once(attack.stdout, 'data'), ended]);
            const results = await measure(neighbours, duration);
            assert.equal(attack.exitCode, null, 'the attack goes on all the time');
            attack.kill('SIGTERM');
            await ended;
            t.diagnostic(`the attack: ${printed.trim().split('\n').at(-1)}`);
            assert.match(printed, /^begun\n\{".+\}$/);
            return results;
        } finally {
            attack.kill('SIGKILL');
        }
    }

    function assertServed(results) {
        for (const [kind, { times, refusals }] of Object.entries(results)) {
            assert.ok(times.length > 3, kind);
            assert.deepEqual(refusals, [], `${kind}: ${refusals.length} of ${times.length}`);
        }
    }

    function show(t, results, quiet) {
        for (const [kind, { times }] of Object.entries(results)) {
            const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
            const calm = quiet ? ` (${quantile(quiet[kind].times, 0.5).toFixed(1)} when quiet)` : '';
            t.diagnostic(
                `${kind}: ${times.length} answers, p50 ${p50.toFixed(1)} ms${calm}, p95 ${p95.toFixed(1)} ms`,
            );
        }
    }

    // The medians of the rounds.
    function assertFast(all) {
        for (const kind of Object.keys(neighbours.acts)) {
            const ratio = median(
                all.map(
                    ({ results, quiet }) =>
                        quantile(results[kind].times, 0.5) / quantile(quiet[kind].times, 0.5),
                ),
            );
            assert.ok(ratio <= 3, `${kind}: p50 is ${ratio.toFixed(1)} times that of a quiet run`);
            const p95 = median(all.map(({ results }) => quantile(results[kind].times, 0.95)));
            assert.ok(p95 < 150, `${kind}: p95 is ${p95.toFixed(1)} ms`);
        }
    }

    for (const name of attackNames) {
        test(name, async (t) => {
            const all = [];
            for (let round = 0; round < rounds; round++) {
                const quiet = isFull ? await measure(neighbours, duration) : null;
                const results = await attacked(t, name);
                show(t, results, quiet);
                assertServed(results);
                all.push({ results, quiet });
            }
            const workers = await allWorkers();
            assert.ok((await backends('true')).length <= workers.length * connectionsOfWorker);
            if (isSanitized) return;
            for (const pid of workers)
                assert.ok(residentMemory(pid) < memoryOfWorker, `${residentMemory(pid)} kB`);
            if (isFull) assertFast(all);
        });
    }
});
