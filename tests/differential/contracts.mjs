// contracts.mjs - random contracts over the shop's database, valid ones and ones that are slightly wrong:
// `linnet check` accepts one, and then random documents are answered as the interpreter answers them; or
// it says where the misfit is and what to do.
//
//     node contracts.mjs [--cases N] [--seed S] [--only CASE]
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/binding/bind.mjs';
import { Comparison, Database } from './lib/comparison.mjs';
import { readContract } from './lib/binding/contract.mjs';
import { makeContract } from './lib/random_contract.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DOCUMENTS = 12; // for each contract that is accepted
const AHEAD = 2;
const SHOWN = 5;

// The place, the subject, what is wrong; and after a semicolon what to do, or what must be.
const MISFIT = /^schema\.graphql:\d+:\d+: (?:note: )?[^ ]+: (?:[^;]+; .+|.+ must be .+)[.;?]$/;

const READABLE = `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT c.relispartition AND c.relkind IN ('r', 'p', 'v') AND n.nspname IN ('public', 'sales')
      AND has_table_privilege('linnet_anon', c.oid, 'SELECT') ORDER BY 1, 2`;
const NONDETERMINISTIC = 'SELECT oid FROM pg_collation WHERE NOT collisdeterministic';

class Contracts {
    static async start({ program, host }) {
        const it = new Contracts();
        const { contract, ...application } = applications.shop;
        const sdl = readFileSync(`${ROOT}/${contract}`, 'utf8');
        it.database = await Database.read(application, (catalog) => new Bindings(readContract(sdl), catalog).computed);
        const { session, catalog } = it.database;
        const readable = new Set((await session.rows(READABLE)).map((row) => row.join('.')));
        const nondeterministic = new Set((await session.rows(NONDETERMINISTIC)).map(([oid]) => oid));
        for (const column of catalog.tables.flatMap(({ columns }) => columns))
            column.isDeterministic = !nondeterministic.has(String(column.collation));
        it.world = {
            catalog,
            tables: catalog.tables.filter(({ schema, name }) => readable.has(`${schema}.${name}`))
                .sort((a, b) => (`${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1)),
            functions: catalog.functions.filter(({ schema }) => schema === 'public' || schema === 'sales')
                .sort((a, b) => (a.name + a.parameters.length < b.name + b.parameters.length ? -1 : 1)),
        };
        Object.assign(it, { program, host, counts: { refused: 0, accepted: 0, compared: 0 }, asking: Promise.resolve() });
        it.directory = mkdtempSync(`${tmpdir()}/linnet-contracts.`);
        return it;
    }

    make(seed, number) {
        return makeContract(new Random(seed, 23, number), this.world);
    }

    // What is wrong with the answer to the contract; or null.
    async judge({ sdl, fault }, seed, number) {
        const { lines, status } = await this.#check(sdl, number);
        if (status === 0) {
            // One at a time, since they share the catalog.
            const asked = this.asking.then(() => this.#ask(sdl, seed, number));
            this.asking = asked.catch(() => {});
            return asked;
        }
        this.counts.refused++;
        if (status !== 1)
            return `linnet check ends with ${status}\n${lines.join('\n')}`;
        const misfits = lines.filter((line) => !line.startsWith('not checked: ')).slice(0, -1);
        const odd = misfits.find((line) => !MISFIT.test(line));
        if (odd || misfits.length === 0)
            return `a misfit without a place or a remedy: ${odd ?? lines.join('\n')}`;
        if (!fault)
            return `a contract that should fit is refused:\n${misfits.join('\n')}`;
        return null;
    }

    #check(sdl, number) {
        const directory = `${this.directory}/${number}`;
        const path = `${directory}.graphql`;
        writeFileSync(path, sdl);
        const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
        const child = spawn(this.program, ['check', '--contract', path, '--database', `host=${this.host} dbname=${this.database.name} user=linnet_login`],
            { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
        let text = '';
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding('utf8').on('data', (piece) => { text += piece; });
        return new Promise((resolve) => child.on('close', (status) =>
            resolve({ lines: text.replaceAll(path, 'schema.graphql').trim().split('\n'), status })));
    }

    // Random documents over a contract that is accepted.
    async #ask(sdl, seed, number) {
        this.counts.accepted++;
        for (const table of this.database.catalog.tables)
            table.primaryKey = table.ownKey;
        const comparison = await Comparison.start({ database: this.database, sdl, program: this.program, host: this.host, settings: { workers: 1 } });
        try {
            for (let i = 0; i < DOCUMENTS; i++) {
                const it = comparison.make(new Random(seed, 29, number * DOCUMENTS + i));
                const found = await comparison.judge(it);
                if (found)
                    return `${found.what}: ${found.detail}\n  as ${it.viewer.name}: ${it.query}\n  ${it.variables}\n  Linnet: ${found.actual?.slice(0, 600)}\n  expected: ${JSON.stringify(found.expected).slice(0, 600)}\n${comparison.server.log}`;
                this.counts.compared++;
            }
        } finally {
            const reports = await comparison.stop();
            if (reports)
                console.log(`not ok a sanitizer says:\n${reports}`);
        }
        return null;
    }

    stop() {
        this.database.close();
        rmSync(this.directory, { recursive: true });
    }
}

const { values: options } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, later: { type: 'boolean' } } });
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 200);
const contracts = await Contracts.start({ program: process.env.LINNET_PROGRAM, host: process.env.PGHOST });
const [first, last] = options.only ? [Number(options.only), Number(options.only) + 1] : [0, cases];
const running = new Set();
let passed = 0;
const failures = [];
for (let i = first; i < last; i++) {
    const it = contracts.make(seed, i);
    const one = contracts.judge(it, seed, i).catch((error) => String(error.stack)).then((found) => {
        if (found)
            failures.push({ number: i, it, found });
        else
            passed++;
    }).finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AHEAD)
        await Promise.race(running);
}
await Promise.all(running);
for (const { number, it, found } of failures.slice(0, SHOWN))
    console.log(`not ok contracts ${seed}.${number} (${it.fault?.name ?? 'no fault'}, line ${it.fault?.line}): ${found}\n${options.only ? it.sdl : ''}`);
const { refused, accepted, compared } = contracts.counts;
console.log(`contracts: seed ${seed}; ${refused} refused, ${accepted} accepted, ${compared} documents compared`);
console.log(`${passed} passed, ${failures.length} failed`);
contracts.stop();
process.exitCode = failures.length === 0 ? 0 : 1;
