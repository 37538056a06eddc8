// pooler_all.test.mjs - in the long runs, files of tests again, with all that is served behind PgBouncer in
// transaction mode.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { isFull, patience, root, state } from './lib/environment.mjs';
import { keepsPrepared, startPgbouncer } from './lib/pgbouncer.mjs';
import { masterPid, until } from './lib/processes.mjs';
import { post } from './lib/client.mjs';

// Left out are those that count statements or sessions of PostgreSQL, or break the way to it.
const files = (
    process.env.POOLER_FILES ??
    `accounts acts aggregates changes concurrency conflicts connections filters function_plans idempotent_writes
    isolation lists_odd pages roles rls sessions tokens tutorial writes`
)
    .trim()
    .split(/\s+/);

for (const prepared of keepsPrepared ? ['on', 'off'] : ['off'])
    suite(`behind PgBouncer, with prepared = ${prepared}`, { skip: !isFull }, () => {
        const file = `${state}/linnet.conf`;
        const settings = readFileSync(file, 'utf8');
        let pgbouncer;
        const reload = async (text) => {
            const count = () => readFileSync(`${state}/log/linnet.log`, 'utf8').split('"message":"reloaded"').length;
            const before = count();
            writeFileSync(file, text);
            process.kill(masterPid(), 'SIGHUP');
            await until(() => count() > before, 20000 * patience, 'it has reloaded');
        };
        before(async () => {
            pgbouncer = await startPgbouncer({ size: 4 });
            const behind = settings.replace(/^database = .*(\n    .*)*/m, `database = ${pgbouncer.connection}`);
            assert.notEqual(behind, settings);
            await reload(`${behind}pooler = transaction\nprepared = ${prepared}\n`);
        });
        after(async () => {
            await reload(settings);
            await pgbouncer.stop();
        });

        for (const name of files)
            test(name, async () => {
                assert.equal((await post('{ __typename }')).status, 200);
                const { status, stdout } = spawnSync(
                    process.execPath,
                    ['--test', '--test-concurrency=1', '--test-timeout=300000', `${root}/tests/http/${name}.test.mjs`],
                    { encoding: 'utf8', env: { ...process.env, CHECK_FULL: 'no', NODE_TEST_CONTEXT: undefined }, maxBuffer: 1 << 28 },
                );
                assert.equal(status, 0, stdout.slice(-20000));
            });
    });
