// files.test.mjs - files that begin with a byte order mark, as some editors write them: a
// migration, the contract, the configuration, a document.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { unique } from './lib/accounts.mjs';
import { psql } from './lib/database.mjs';
import { program, root } from './lib/environment.mjs';

const mark = '\uFEFF';
const folder = mkdtempSync(`${tmpdir()}/linnet-files.`);
after(() => rmSync(folder, { recursive: true }));

const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)),
);
const run = (...words) => spawnSync(program, words, { cwd: folder, encoding: 'utf8', env: environment });

suite('a migration', () => {
    const name = unique('0_mark').replace('-', '_');
    const file = `${name}.sql`;
    const owner = `host=${process.env.PGHOST} dbname=linnet user=linnet_owner`;
    const migrate = (text) => {
        writeFileSync(`${folder}/${file}`, text);
        return run('migrate', '--migrations', folder, '--database', owner);
    };
    after(() => psql(`DELETE FROM linnet_migrations WHERE name = '${file}'`));

    test('is applied without the mark, once', () => {
        const text = 'SELECT 1;\n';
        assert.equal(migrate(mark + text).stdout.split('\n')[0], `${file}: applied`);
        assert.match(migrate(mark + text).stdout, / 0 applied/);
        assert.match(migrate(text).stdout, / 0 applied/, 'the mark is not a change');
        assert.notEqual(migrate(`${text} `).status, 0, 'anything else is');
        assert.notEqual(migrate(`${mark}${mark}${text}`).status, 0, 'a second mark is text');
    });
});

suite('the files of a command', () => {
    before(() => {
        const contract = readFileSync(`${root}/sql/schema.graphql`, 'utf8');
        writeFileSync(`${folder}/schema.graphql`, mark + contract);
        writeFileSync(`${folder}/linnet.conf`, `${mark}contract = schema.graphql\n`);
        writeFileSync(`${folder}/good.graphql`, `${mark}{ links { id } }`);
        writeFileSync(`${folder}/bad.graphql`, `${mark}{ links { nothing } }`);
    });

    test('may have the mark', () => {
        const good = run('validate', '--config', 'linnet.conf', 'good.graphql');
        assert.deepEqual([good.status, good.stdout, good.stderr], [0, '', '']);
        assert.match(run('validate', '--config', 'linnet.conf', 'bad.graphql').stdout, /Cannot query field "nothing"/);
    });

    test('where JSON has it, the error says where', () => {
        const batch = spawnSync(program, ['validate', '--batch'], {
            input: `${mark}{"id":1,"schema":"type Query { a: Int }","document":"{ a }"}\n`,
            encoding: 'utf8',
            env: environment,
        });
        assert.equal(JSON.parse(batch.stdout).errors[0].message, 'Expected a value. (byte 0 of the JSON text)');
    });
});
