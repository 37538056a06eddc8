// differential.mjs - random documents, answered by Linnet and by an interpreter over the rows
// of each table.
//
//     node differential.mjs APPLICATION [--cases N] [--seed S] [--only CASE] [--later]
//
// Finds the program and the cluster in LINNET_PROGRAM and PGHOST.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { parse, validate } from 'graphql';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/bind.mjs';
import { readCatalog } from './lib/catalog.mjs';
import { difference } from './lib/compare.mjs';
import { readContract } from './lib/contract.mjs';
import { Generator } from './lib/generate.mjs';
import { Interpreter } from './lib/interpret.mjs';
import { Judge } from './lib/judge.mjs';
import { findKnown } from './lib/known.mjs';
import { readJson } from './lib/number.mjs';
import { Pools } from './lib/pools.mjs';
import { Report } from './lib/report.mjs';
import { Rows } from './lib/rows.mjs';
import { Server } from './lib/server.mjs';
import { Session } from './lib/session.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CONNECTIONS = 4, AHEAD = 16;
const TRIES = 10; // for a document that is valid

// The numbers of its data keep their digits; those of its errors are places.
function readResponse(text) {
    const { data, errors } = readJson(text);
    return { ...data !== undefined && { data }, ...errors && { errors: JSON.parse(text).errors } };
}

class Differential {
    static async start({ application, isLater, program, host }) {
        const it = new Differential();
        const { database, contract, later, viewers } = application;
        const read = (path) => readFileSync(`${ROOT}/${path}`, 'utf8');
        const sdl = [contract, ...isLater && later ? [later] : []].map(read).join('\n');
        it.viewers = viewers;
        it.session = new Session(database);
        it.schema = readContract(sdl);
        const catalog = await readCatalog(it.session);
        const bindings = new Bindings(it.schema, catalog);
        it.rows = new Map();
        for (const viewer of viewers)
            it.rows.set(viewer, await Rows.read(it.session, catalog, viewer, bindings.computed));
        const judge = new Judge(it.session, catalog, [...it.rows.values()]);
        it.interpreter = new Interpreter({ schema: it.schema, bindings, judge });
        // The staff see the most.
        it.generator = new Generator({ schema: it.schema, bindings, pools: new Pools(it.rows.get(viewers.at(-1)), catalog) });
        it.server = await Server.start({ program, database: `host=${host} dbname=${database} user=linnet_login`, contract: sdl, connections: CONNECTIONS });
        return it;
    }

    // The case of that number: { query, variables, viewer }.
    make(seed, number) {
        const random = new Random(seed, 11, number);
        const viewer = random.pick(this.viewers);
        for (let i = 0; i < TRIES; i++) {
            const made = this.generator.make(random);
            if (this.#read(made.query))
                return { ...made, viewer };
        }
        return { query: '{ __typename }', variables: '{}', viewer };
    }

    #read(query) {
        try {
            const document = parse(query);
            return validate(this.schema, document).length === 0 ? document : null;
        } catch {
            return null;
        }
    }

    // How the two answers differ; null when they do not, or when the document is not valid.
    async judge({ query, variables, viewer }) {
        const document = this.#read(query);
        let values;
        try {
            values = readJson(variables);
        } catch {
            return null;
        }
        if (!document || values === null || typeof values !== 'object' || Array.isArray(values))
            return null;
        const asked = this.server.ask(`{"query":${JSON.stringify(query)},"variables":${variables}}`, viewer);
        const expected = await this.interpreter.answer({ document, variables: values, viewer, rows: this.rows.get(viewer) });
        const text = await asked;
        const actual = text === null ? null : readResponse(text);
        const found = difference(actual, expected);
        const known = found && actual && findKnown(actual, expected);
        return found && { ...found, ...known && { what: 'known', detail: known }, actual: text, expected };
    }

    async stop() {
        this.session.close();
        return this.server.stop();
    }
}

const { values: options, positionals: [name] } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, later: { type: 'boolean' } },
});
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 1000);
const differential = await Differential.start({
    application: applications[name], isLater: options.later, program: process.env.LINNET_PROGRAM, host: process.env.PGHOST,
});
const report = new Report(name, seed, (it) => differential.judge(it));
const [first, last] = options.only ? [Number(options.only), Number(options.only) + 1] : [0, cases];
const running = new Set();
for (let i = first; i < last; i++) {
    const it = differential.make(seed, i);
    const one = differential.judge(it).then((found) => report.add(i, it, found)).finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AHEAD)
        await Promise.race(running);
}
await Promise.all(running);
await report.end();
const reports = await differential.stop();
if (reports)
    console.log(`not ok a sanitizer says:\n${reports}`);
process.exitCode = report.isGood && !reports ? 0 : 1;
