// roles.mjs - random contracts with @auth over the shop's database: every answer to a role equals
// that of a contract from which the parts that are hidden from it were deleted; errors, suggestions
// and the schema itself too.  A contract is accepted if what is left for each role is.
//
//     node roles.mjs [--cases N] [--seed S] [--only CASE]
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { getIntrospectionQuery } from 'graphql';

import { Random } from '../reference/lib/random.mjs';
import { applications } from './lib/applications.mjs';
import { Bindings } from './lib/binding/bind.mjs';
import { Database } from './lib/comparison.mjs';
import { readContract } from './lib/binding/contract.mjs';
import { deleted, hidesDefaults, isHidden, ROLES, withAuth } from './lib/deleted.mjs';
import { Generator } from './lib/generator/generate.mjs';
import { Server } from './lib/server.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DOCUMENTS = 60; // for each contract that is accepted
const CONNECTIONS = 4;
const SHOWN = 5;

const { values: options } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, later: { type: 'boolean' } } });
const seed = Number(options.seed ?? 1), cases = Number(options.cases ?? 4);
const { contract, ...application } = applications.shop;
const whole = readFileSync(`${ROOT}/${contract}`, 'utf8');
const database = await Database.read(application, (catalog) => new Bindings(readContract(whole), catalog).computed);
const directory = mkdtempSync(`${tmpdir()}/linnet-roles.`);
const program = process.env.LINNET_PROGRAM;
const conninfoOf = (name) => `host=${process.env.PGHOST} dbname=${name} user=linnet_login`;
const conninfo = conninfoOf(database.name);
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const counts = { refused: 0, accepted: 0, compared: 0, withDefaults: 0 };

// One of the types that share a table is hidden in some contracts.  Its rows are deleted, too, from
// the database of the others.
const TOLD = [['Call', 'CALL'], ['Visit', 'visit'], ['LongLetter', 'LongLetter']];
const KINDS = TOLD.map(([, kind]) => kind);
const [told, kind] = TOLD[seed % TOLD.length];
const lesser = `${database.name}_without`;
function makeLesser() {
    const labels = KINDS.filter((one) => one !== kind).map((one) => `'${one}'`).join();
    const psql = (name, sql) => execFileSync('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--username=postgres', `--dbname=${name}`], { input: sql });
    execFileSync(`${ROOT}/tests/shop/load.sh`, [lesser]);
    psql(lesser, `DELETE FROM activities WHERE kind = '${kind}'; CREATE TYPE fewer AS ENUM (${labels});
        ALTER TABLE activities ALTER kind TYPE fewer USING kind::text::fewer;
        ALTER TYPE activity_kind RENAME TO more; ALTER TYPE fewer RENAME TO activity_kind; ANALYZE activities;`);
    return () => psql('postgres', `DROP DATABASE ${lesser} WITH (FORCE)`);
}
const dropLesser = makeLesser();
const conninfoFor = (sdl, role) => (isHidden(sdl, told, role) ? conninfoOf(lesser) : conninfo);

// The misfits of a contract; none: it is accepted.
function check(sdl, name, where = conninfo) {
    const path = `${directory}/${name}.graphql`;
    writeFileSync(path, sdl);
    const child = spawn(program, ['check', '--offline', '--contract', path, '--database', where], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (piece) => { text += piece; });
    return new Promise((resolve) => child.on('close', (status) => resolve(status === 0 ? '' : text.replaceAll(path, 'schema.graphql'))));
}

const viewersOf = (role) => application.viewers.filter(({ claim }) => (claim ?? 'anon') === role);

// A name that is nearly one of the document.
function misspell(random, query) {
    const names = [...query.matchAll(/[A-Za-z_]\w{2,}/g)].filter(([name]) => !['query', 'fragment', 'include', 'skip', 'true', 'false'].includes(name));
    const { 0: name, index } = random.pick(names);
    const at = random.below(name.length);
    const changed = random.chance(0.5) ? name.slice(0, at) + name.slice(at + 1) : name.slice(0, at) + 'x' + name.slice(at);
    return query.slice(0, index) + changed + query.slice(index + name.length);
}

function makeDocument(random, { generators, hasErrors }) {
    const made = random.pick(generators).make(random);
    return hasErrors && random.chance(0.2) ? { ...made, query: misspell(random, made.query) } : made;
}

// The response, but for what differs from one request to the next.
const stable = (text) => text?.replaceAll(/"requestId":"[^"]*"/g, '"requestId":""');

async function compare(servers, role, { query, variables }, viewer) {
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const [actual, expected] = (await Promise.all([servers.whole.ask(body, viewer), servers[role].ask(body, viewer)])).map(stable);
    counts.compared++;
    return actual === expected && actual !== null ? null : `as ${viewer.name}: ${query}\n  ${variables}\n  with @auth: ${actual?.slice(0, 800)}\n  deleted:    ${expected?.slice(0, 800)}`;
}

async function ask(sdl, left, number) {
    const servers = {};
    const generatorOf = (text) => {
        const schema = readContract(text);
        return new Generator({ schema, bindings: new Bindings(schema, database.catalog), pools: database.pools });
    };
    const everything = generatorOf(sdl);
    try {
        // Suggestions are compared too.
        const start = (text, where) => Server.start({ program, database: where, contract: text, connections: CONNECTIONS, settings: { mode: 'development', workers: 1 } });
        // Rights are asked for when statements are tried, which `check` did not.
        const whole = await start(sdl, conninfo).catch((error) => error);
        if (whole instanceof Error) {
            if (!/: linnet_\w+ may not (?:insert|update|delete|select)/.test(whole.message))
                throw whole;
            counts.accepted--;
            counts.refused++;
            return null;
        }
        servers.whole = whole;
        for (const [role, text] of Object.entries(left)) {
            // Where it is not deleted but kept, nothing may tell of it: documents that the role may send.
            const hasErrors = !hidesDefaults(sdl, role);
            counts.withDefaults += hasErrors ? 0 : 1;
            servers[role] = await start(hasErrors ? text : deleted(sdl, role, true), conninfoFor(sdl, role));
            const source = { hasErrors, generators: hasErrors ? [everything, generatorOf(text)] : [generatorOf(text)] };
            const shown = hasErrors && await compare(servers, role, { query: getIntrospectionQuery(), variables: '{}' }, viewersOf(role)[0]);
            if (shown)
                return shown;
            for (let i = 0; i < DOCUMENTS / ROLES.length; i++) {
                const random = new Random(seed, 37, number * DOCUMENTS + i, ROLES.indexOf(role));
                const found = await compare(servers, role, makeDocument(random, source), random.pick(viewersOf(role)));
                if (found)
                    return found;
            }
        }
    } finally {
        const reports = (await Promise.all(Object.values(servers).map((server) => server.stop()))).filter(Boolean);
        if (reports.length > 0)
            console.log(`not ok a sanitizer says:\n${reports.join('\n')}`);
    }
    return null;
}

// What is wrong with a contract's judgement or its answers; or null.
async function judge(sdl, number) {
    const misfits = await check(sdl, `${number}-whole`);
    const left = {}, refused = {};
    await Promise.all(ROLES.map(async (role) => {
        const text = deleted(sdl, role);
        const complaint = await check(text, `${number}-${role}`, conninfoFor(sdl, role));
        (complaint ? refused : left)[role] = complaint || text;
    }));
    const strict = Object.keys(refused);
    if (misfits) {
        counts.refused++;
        return strict.length > 0 ? null : `refused, although what is left for each role is accepted:\n${misfits}`;
    }
    counts.accepted++;
    // A value that is hidden is known, and null: one that is deleted is a misfit.  What the contract
    // says of rows and functions holds for all roles, whoever sees the part that says it.
    // What is hidden of arguments and input objects keeps its default: there still is a `first` beside `after`,
    // and what a column must have.  A filter joins as the fields of its name do, hidden or not, and ids that
    // say their type do so for those who do not see `Node`.
    const lost = ['which is not a value of the enum', 'row-level security is not effective', 'needs `(?:first|last)` beside it',
        'and no field of \\w+ sets it; add one', 'nothing says which rows are meant', 'names no type that implements Node'];
    const isLost = (complaint) => new RegExp(lost.join('|')).test(complaint);
    const odd = strict.find((role) => !isLost(refused[role]));
    if (odd)
        return `accepted, although what is left for ${odd} is refused:\n${refused[odd]}`;
    return ask(sdl, left, number);
}

const [first, last] = options.only ? [Number(options.only), Number(options.only) + 1] : [0, cases];
let failed = 0;
for (let i = first; i < last; i++) {
    // One that is refused is soon judged, and says little.
    let found = null;
    for (let attempt = 0, before = counts.accepted; attempt < 20 && counts.accepted === before && !found; attempt++) {
        const sdl = withAuth(new Random(seed, 31, i, attempt), whole, told);
        found = await judge(sdl, i).catch((error) => String(error.stack));
        if (found && failed < SHOWN)
            console.log(`not ok roles ${seed}.${i} (attempt ${attempt}): ${found}\n${options.only ? sdl : ''}`);
    }
    failed += found ? 1 : 0;
}
console.log(`roles: seed ${seed}; ${counts.refused} refused, ${counts.accepted} accepted, ${counts.compared} answers compared, ${counts.withDefaults} of ${counts.accepted * ROLES.length} roles with hidden defaults`);
console.log(`${last - first - failed} passed, ${failed} failed`);
database.close();
dropLesser();
rmSync(directory, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;
