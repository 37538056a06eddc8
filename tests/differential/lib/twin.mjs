// twin.mjs - two copies of an application's database: mutations by Linnet go to one, and those by the
// interpreter to the other.
//
// SPDX-License-Identifier: MIT
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { readCatalog } from './binding/catalog.mjs';
import { Judge } from './interpreter/judge.mjs';
import { Rows } from './interpreter/rows.mjs';
import { identifier, quote, Session } from './session.mjs';

const run = promisify(execFile);
const psql = (database, ...words) => run('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--username=postgres', `--dbname=${database}`, ...words]);

// A materialized view is filled as its owner, who is bound by policies like others.
const COPY = `set -o pipefail
    pg_dump --username=postgres "$1" | sed '/^SET row_security = off;$/d' | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname="$2" > /dev/null`;

async function copyDatabase(from, to, fixed) {
    await dropDatabase(to);
    await psql('postgres', '--command', `CREATE DATABASE ${to} OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'`);
    await run('bash', ['-c', COPY, 'copy', from, to]);
    await psql(to, '--command', fixed, '--command', 'ANALYZE');
}

const dropDatabase = (name) => psql('postgres', '--command', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

export class Twin {
    // `computedOf`: of the catalog, by table the functions of its rows that the contract shows.
    static async make({ database, fixed }, computedOf) {
        const it = new Twin();
        it.names = ['served', 'twin'].map((which) => `${database}_${which}_${process.pid}`);
        const [served, twin] = it.names;
        await copyDatabase(database, served, fixed);
        await psql('postgres', '--command', `CREATE DATABASE ${twin} OWNER linnet_owner TEMPLATE ${served}`);
        [it.served, it.session] = it.names.map((name) => new Session(name));
        // What a failed field still reads is no part of the next one's transaction.
        it.writer = new Session(twin);
        it.catalog = await readCatalog(it.session);
        it.computed = computedOf(it.catalog);
        return it;
    }

    // Call a function that writes: its { rows }, or { state, message } when it failed.
    write(query, viewer) {
        return this.session.write(query, viewer).then((rows) => ({ rows }), ({ state, message }) => {
            if (!state)
                throw new Error(message);
            return { state, message };
        });
    }

    // What `work(run)` writes as a viewer, in one transaction (session.mjs).
    transaction(viewer, work) {
        return this.writer.transaction(viewer, work);
    }

    // What there is now: the rows that a viewer sees, and how their values compare.
    async read(viewer) {
        const rows = await Rows.read(this.session, this.catalog, viewer, this.computed);
        return { rows, judge: new Judge(this.session, this.catalog, [rows]) };
    }

    // How the two differ: by table the rows that one has alone; null when they are equal.
    async difference() {
        // What was answered to keys is Linnet's own.
        const tables = this.catalog.tables.filter(({ kind, name }) => (kind === 'r' || kind === 'p') && name !== 'linnet_requests').map(({ schema, name }) => `${identifier(schema)}.${identifier(name)}`);
        const query = tables.map((name) => `SELECT '${name}', md5(string_agg(r::text, ' ' ORDER BY r::text COLLATE "C")) FROM ${name} AS r`).join(' UNION ALL ');
        const [served, own] = await Promise.all([this.served.rows(query), this.session.rows(query)]);
        const changed = served.filter(([name, sum]) => own.find(([other]) => other === name)[1] !== sum);
        await this.#level();
        return changed.length === 0 ? null : (await Promise.all(changed.map(([name]) => this.#describe(name)))).join('\n');
    }

    // Whether a call that fails takes a number from a sequence before it does is left to PostgreSQL's plans.
    async #level() {
        const query = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE num_nulls(last_value) = 0";
        const [served, own] = await Promise.all([this.served.rows(query), this.session.rows(query)]);
        for (const [name, value] of served)
            if (own.find(([other]) => other === name)?.[1] !== value)
                await this.session.change(`SELECT setval(${quote(name)}, ${value}) \\g /dev/null\nSELECT`);
    }

    async #describe(name) {
        const [served, own] = await Promise.all([this.served, this.session].map(async (session) => (await session.rows(`SELECT r::text FROM ${name} AS r`)).flat()));
        const only = (some, others) => some.filter((row) => !others.includes(row)).slice(0, 5);
        return `${name}: Linnet's alone ${only(served, own).join(' ')}; the interpreter's alone ${only(own, served).join(' ')}`;
    }

    async drop() {
        this.served.close();
        this.session.close();
        this.writer.close();
        for (const name of this.names)
            await dropDatabase(name);
    }
}
