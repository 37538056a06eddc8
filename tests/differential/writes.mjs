// writes.mjs - random mutations, answered by Linnet in one copy of a database and by the interpreter in
// another: the same answers, and afterwards the same rows in all tables. What is sent again with its key is
// answered alike and writes nothing, and no write without a function is an INTERNAL_SERVER_ERROR.
//
//     node writes.mjs APPLICATION [--cases N] [--seed S] [--fields PATTERN]
//
// One mutation follows the other, so a difference is found again with the same seed and as many cases. It
// ends at the first case whose rows differ.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Kind, parse, validate } from 'graphql';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/binding/bind.mjs';
import { rowWritesOf } from './lib/binding/write.mjs';
import { readContract } from './lib/binding/contract.mjs';
import { difference } from './lib/compare.mjs';
import { Generator } from './lib/generator/generate.mjs';
import { Pools } from './lib/generator/pools.mjs';
import { Cursors } from './lib/interpreter/cursors.mjs';
import { Interpreter } from './lib/interpreter/interpret.mjs';
import { readJson, writeJson } from './lib/number.mjs';
import { Server } from './lib/server.mjs';
import { Twin } from './lib/twin.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TRIES = 20; // for a document that is valid
const AGE = 10; // cases, after which values to ask with are read anew
const SHOWN = 5;

class Writes {
    static async start({ contract, viewers, ...application }, fields) {
        const it = new Writes();
        const sdl = readFileSync(`${ROOT}/${contract}`, 'utf8');
        it.schema = readContract(sdl);
        it.twin = await Twin.make(application, (catalog) => { it.bindings = new Bindings(it.schema, catalog); return it.bindings.computed; });
        Object.assign(it, { viewers, fields, cursors: new Cursors(), counts: { written: 0, refused: 0 }, codes: new Map(), rowWrites: new Set(rowWritesOf(it.schema).map(({ name }) => name)) });
        it.interpreter = new Interpreter({ schema: it.schema, bindings: it.bindings, cursors: it.cursors });
        it.server = await Server.start({
            program: process.env.LINNET_PROGRAM, contract: sdl, connections: 1,
            database: `host=${process.env.PGHOST} dbname=${it.twin.names[0]} user=linnet_login`,
        });
        return it;
    }

    // Values to ask with, of the rows that there are now.
    async refresh() {
        const pools = new Pools((await this.twin.read(this.viewers.at(-1))).rows, this.twin.catalog);
        const make = (fields) => new Generator({ schema: this.schema, bindings: this.bindings, pools, fields });
        this.generator = make(this.fields);
        const keyed = Object.values(this.schema.getMutationType().getFields()).filter(({ args }) => args.some(({ name }) => name === 'idempotencyKey'));
        this.ofKeys = keyed.length > 0 && !this.fields ? make(`^(${keyed.map(({ name }) => name).join('|')})$`) : this.generator;
    }

    make(random) {
        const viewer = random.chance(0.1) ? this.viewers[0] : random.pick(this.viewers.slice(1));
        for (let i = 0; i < TRIES; i++) {
            const made = (random.chance(0.1) ? this.ofKeys : this.generator).makeMutation(random);
            if (made.cursors.length === 0 && this.#read(made.query))
                return { ...made, viewer };
        }
        return { query: 'mutation { __typename }', variables: '{}', viewer };
    }

    #read(query) {
        try {
            const document = parse(query);
            return validate(this.schema, document).length === 0 ? document : null;
        } catch {
            return null;
        }
    }

    // How the answers, or the rows afterwards, differ: { what, detail }; or null.
    async judge({ query, variables, viewer }) {
        const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
        const text = await this.server.ask(body, viewer);
        if (text === null)
            return { what: 'no answer', detail: this.server.log.slice(-2000), isLast: true };
        // There are no rows to see until a field has written.
        const expected = await this.interpreter.answer({ document: this.#read(query), variables: readJson(variables), viewer, twin: this.twin });
        const { data, errors } = readJson(text);
        this.counts[errors ? 'refused' : 'written']++;
        const actual = { ...data !== undefined && { data }, ...errors && { errors: JSON.parse(text).errors } };
        const changed = await this.twin.difference();
        const found = changed ? { what: 'rows', detail: changed, isLast: true } : expected.isUndetermined ? null : difference(actual, expected, this.cursors);
        const wrong = found ?? this.#broken(query, actual.errors ?? []) ?? (!errors && /idempotencyKey/.test(query) ? await this.#repeated(body, viewer, text) : null);
        return wrong && { ...wrong, text, expected };
    }

    // What a write without a function answers that is never right; each code is counted.
    #broken(query, errors) {
        const names = new Map(this.#read(query).definitions.flatMap(({ selectionSet }) => selectionSet.selections)
            .filter(({ name }) => name).map(({ alias, name }) => [(alias ?? name).value, name.value]));
        const ofWrites = errors.filter(({ path }) => path?.length === 1 && this.rowWrites.has(names.get(path[0])));
        for (const { extensions: { code } } of ofWrites)
            this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
        const broken = ofWrites.find(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');
        return broken ? { what: 'an internal error', detail: `${broken.path}: ${this.server.log.slice(-1000)}` } : null;
    }

    // Sent again with the keys that it has: whatever has none is done again, so the document is of such fields alone.
    async #repeated(body, viewer, text) {
        const fields = this.#read(JSON.parse(body).query).definitions[0].selectionSet.selections;
        if (!fields.every((field) => field.arguments?.some(({ name, value }) => name.value === 'idempotencyKey' && value.kind === Kind.STRING)))
            return null;
        this.counts.repeated = (this.counts.repeated ?? 0) + 1;
        const again = await this.server.ask(body, viewer);
        if (again !== text)
            return { what: 'sent again', detail: again };
        const changed = await this.twin.difference();
        return changed && { what: 'rows, sent again', detail: changed, isLast: true };
    }

    async stop() {
        const reports = await this.server.stop();
        await this.twin.drop();
        return reports;
    }
}

const { values: options, positionals: [name] } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string' }, seed: { type: 'string' }, fields: { type: 'string' } },
});
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 200);
const start = Date.now();
const writes = await Writes.start(applications[name], options.fields);
let passed = 0, failed = 0;
for (let i = 0, isLast = false; i < cases && !isLast; i++) {
    if (i % AGE === 0)
        await writes.refresh();
    const it = writes.make(new Random(seed, 31, i));
    const found = await writes.judge(it);
    isLast = Boolean(found?.isLast);
    if (!found) {
        passed++;
        continue;
    }
    if (failed++ < SHOWN)
        console.log(`not ok writes of ${name} ${seed}.${i}: ${found.what}: ${found.detail}\n  --- as ${it.viewer.name}\n    ${it.query}\n    ${it.variables}\n` +
            `  --- Linnet\n    ${found.text?.slice(0, 1000)}\n  --- expected\n    ${writeJson(found.expected)?.slice(0, 1000)}\n`);
}
const { written, refused, repeated = 0 } = writes.counts;
const codes = [...writes.codes].map(([code, count]) => `${code} ${count}`).sort().join(', ');
const reports = await writes.stop();
if (reports)
    console.log(`not ok a sanitizer says:\n${reports}`);
console.log(`writes of ${name}: seed ${seed}, ${((Date.now() - start) / 1000).toFixed(1)} s; ${written} without an error, ${refused} with one${codes && ` (of writes without a function: ${codes})`}, ${repeated} sent again`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && !reports ? 0 : 1;
