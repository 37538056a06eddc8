// differential.mjs - random documents, answered by Linnet and by an interpreter over the rows
// of each table.
//
//     node differential.mjs APPLICATION [--cases N] [--seed S] [--only CASE] [--later] [--fields PATTERN]
//
// Finds the program and the cluster in LINNET_PROGRAM and PGHOST.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/binding/bind.mjs';
import { Comparison, Database } from './lib/comparison.mjs';
import { readContract } from './lib/binding/contract.mjs';
import { Report } from './lib/report.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const AHEAD = 16;

const { values: options, positionals: [name] } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, later: { type: 'boolean' }, fields: { type: 'string' } },
});
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 1000);
const { contract, later, ...application } = applications[name];
const sdl = [contract, ...options.later && later ? [later] : []].map((path) => readFileSync(`${ROOT}/${path}`, 'utf8')).join('\n');
const database = await Database.read(application, (catalog) => new Bindings(readContract(sdl), catalog).computed);
const comparison = await Comparison.start({ database, sdl, program: process.env.LINNET_PROGRAM, host: process.env.PGHOST, fields: options.fields });
const report = new Report(name, seed, (it) => comparison.judge(it));
const [first, last] = options.only ? [Number(options.only), Number(options.only) + 1] : [0, cases];
const running = new Set();
for (let i = first; i < last; i++) {
    const it = comparison.make(new Random(seed, 11, i));
    const one = comparison.judge(it).then((found) => report.add(i, it, found)).finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AHEAD)
        await Promise.race(running);
}
await Promise.all(running);
await report.end();
database.close();
const reports = await comparison.stop();
if (reports)
    console.log(`not ok a sanitizer says:\n${reports}`);
process.exitCode = report.isGood && !reports ? 0 : 1;
