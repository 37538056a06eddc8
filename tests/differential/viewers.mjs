// viewers.mjs - random documents, each asked by all viewers of a role: where the plan says that its
// answer is the same for all of them (`linnet print plan`), it is, byte by byte.
//
//     node viewers.mjs APPLICATION [--cases N] [--seed S] [--only CASE]
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/binding/bind.mjs';
import { readContract } from './lib/binding/contract.mjs';
import { Database } from './lib/comparison.mjs';
import { Generator } from './lib/generator/generate.mjs';
import { Server } from './lib/server.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const CONNECTIONS = 4;
const SHOWN = 5;

const { values: options, positionals: [name] } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, fields: { type: 'string' }, later: { type: 'boolean' } },
});
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 300);
const { contract, ...application } = applications[name];
const sdl = readFileSync(`${ROOT}/${contract}`, 'utf8');
const database = await Database.read(application, (catalog) => new Bindings(readContract(sdl), catalog).computed);
const schema = readContract(sdl);
const generator = new Generator({ schema, bindings: new Bindings(schema, database.catalog), pools: database.pools });
const server = await Server.start({
    program: process.env.LINNET_PROGRAM,
    database: `host=${process.env.PGHOST} dbname=${database.name} user=linnet_login`,
    contract: sdl,
    connections: CONNECTIONS,
    settings: { mode: 'development', workers: 1 },
});

// Nobody is asked twice: nobody can be told from nobody.
const viewersOf = (role) => {
    const all = application.viewers.filter((viewer) => viewer.role === role);
    if (role === 'linnet_staff')
        all.push({ ...all[0], id: application.viewers[1].id, name: `staff ${application.viewers[1].id}` });
    return all.length > 1 ? all : [...all, ...all];
};
const ROLES = ['linnet_anon', 'linnet_user', 'linnet_staff'];
const counts = { shared: 0, personal: 0, different: 0 };

// What was answered, and whose it is: null where it was not planned.
async function ask(body, viewer) {
    const text = await server.ask(body, viewer, { HTTP_LINNET_EXPLAIN: '1' });
    const { extensions, ...answer } = JSON.parse(text);
    const bytes = JSON.stringify(answer).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""');
    return { bytes, plan: extensions.explain.plan };
}

// What is wrong with the answers of a role; or null.
async function judge({ query, variables }, role) {
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const answers = await Promise.all(viewersOf(role).map((viewer) => ask(body, viewer)));
    if (answers[0].plan === null)
        return null;
    const whose = new RegExp(`^Viewers: (all|each) of ${role}(?: |$)`, 'm').exec(answers[0].plan);
    if (!whose)
        return `the plan does not say whose it is for ${role}: ${query}\n${answers[0].plan}`;
    const isSame = answers.every(({ bytes }) => bytes === answers[0].bytes);
    counts[whose[1] === 'all' ? 'shared' : 'personal']++;
    counts.different += isSame ? 0 : 1;
    if (whose[1] === 'each' || isSame)
        return null;
    const shown = answers.map(({ bytes }, i) => `  ${viewersOf(role)[i].name}: ${bytes.slice(0, 800)}`);
    return `the same for all of ${role}: ${query}\n  ${variables}\n${shown.join('\n')}`;
}

const [first, last] = options.only ? [Number(options.only), Number(options.only) + 1] : [0, cases];
let failed = 0;
for (let i = first; i < last; i++) {
    const made = generator.make(new Random(seed, 41, i));
    for (const role of ROLES) {
        const found = await judge(made, role).catch((error) => String(error.stack));
        if (found && failed++ < SHOWN)
            console.log(`not ok viewers ${seed}.${i}: ${found}`);
    }
}
const report = await server.stop();
if (report)
    console.log(`not ok a sanitizer says:\n${report}`);
// Where nothing differs, nothing was tried.
const isPoor = !options.only && (counts.shared < cases / 10 || counts.different < cases / 50);
if (isPoor)
    console.log('not ok too few answers are shared, or differ');
console.log(`viewers of ${name}: seed ${seed}; ${counts.shared} shared, ${counts.personal} personal, of which ${counts.different} differ`);
console.log(`${(last - first) * ROLES.length - failed} passed, ${failed + (report ? 1 : 0) + (isPoor ? 1 : 0)} failed`);
database.close();
process.exitCode = failed === 0 && !report && !isPoor ? 0 : 1;
