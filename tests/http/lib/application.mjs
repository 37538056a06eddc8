// application.mjs - an application of a test's own: a database beside the server's, and a contract that
// `linnet check` and `linnet query` are given.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';

import { psql } from './database.mjs';
import { program, sockets } from './environment.mjs';

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

// Row-level security of a table that all of Linnet's roles may read and write.
export const open = (table, rights = 'SELECT') => `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY all_rows ON ${table} USING (true) WITH CHECK (true);
    GRANT ${rights} ON ${table} TO linnet_anon, linnet_user, linnet_staff;`;

export class Application {
    // A database made by these statements, for as long as the file's tests run.
    constructor(name, sql) {
        this.database = `${name}_${process.pid}`;
        this.directory = mkdtempSync(`${tmpdir()}/linnet-${name}.`);
        before(() => {
            psql(`CREATE DATABASE ${this.database}`);
            psql(`SET client_min_messages = warning; ${sql}`, this.database);
        });
        after(() => {
            psql(`DROP DATABASE ${this.database} WITH (FORCE)`);
            rmSync(this.directory, { recursive: true });
        });
    }

    psql(sql) {
        return psql(sql, this.database);
    }

    run(sdl, command, options = [], input = '') {
        const contract = `${this.directory}/schema.graphql`;
        writeFileSync(contract, sdl);
        return spawnSync(
            program,
            [
                ...[command, ...options, '--contract', contract],
                ...['--database', `host=${sockets}/postgresql dbname=${this.database} user=linnet_login`],
            ],
            { input, env: environment, encoding: 'utf8' },
        );
    }

    // The lines of `linnet check`, without the file's name.
    check(sdl, ...options) {
        const { stdout, stderr, status } = this.run(sdl, 'check', options);
        assert.equal(stderr, '');
        return { lines: stdout.replaceAll(/^.*schema\.graphql: ?/gm, '').trim().split('\n'), status };
    }

    // The data of an answer without errors.
    ask(sdl, document, ...options) {
        const { stdout, stderr } = this.run(sdl, 'query', ['-', ...options], document);
        assert.equal(stderr, '');
        const { data, errors } = JSON.parse(stdout);
        assert.deepEqual(errors, undefined, stdout);
        return data;
    }
}
