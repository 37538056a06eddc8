// audit.mjs - the promise of the audit, tried on random databases.
//
//     tests/audit/run [--cases N] [--seed S] [--only CASE]
//
// Of each database `linnet check` is asked whether row-level security is effective. If so, no
// request's role sees or changes a row but what a policy, `rows: ALL` or @trusted allows it: the
// model below, which knows nothing of rights. If not, what --fix-sql prints, with its
// questions answered, makes it so, and the other roles see and change what they did before.
//
// SPDX-License-Identifier: MIT
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { cleanup, contractOf, generate, otherRoles, requestRoles, setup } from './generate.mjs';

const { values: options } = parseArgs({
    options: { cases: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const directory = import.meta.dirname;
const file = `${process.env.PGHOST}/contract/schema.graphql`;
const psql = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align'];

// --- PostgreSQL --------------------------------------------------------------

spawnSync('psql', [...psql, '--dbname=postgres'], { input: `CREATE DATABASE audit; ${setup};` });
const session = spawn('psql', [...psql, '--dbname=audit'], { stdio: ['pipe', 'pipe', 'pipe'] });
const pieces = session.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
let complaints = '';
session.stderr.setEncoding('utf8').on('data', (text) => { complaints += text; });

async function run(sql) {
    const mark = '-- the end --\n';
    let text = '';
    complaints = '';
    session.stdin.write(`${sql}\n;\n\\echo ${mark}`);
    while (!text.endsWith(mark)) {
        const { value, done } = await pieces.next();
        if (done)
            throw new Error(`psql gave up: ${complaints}`);
        text += value;
    }
    return text.slice(0, -mark.length).trim();
}

async function mustRun(sql) {
    const text = await run(sql);
    await new Promise(setImmediate);
    if (/ERROR/.test(complaints))
        throw new Error(`${complaints}\n${sql}`);
    return text;
}

// --- Linnet ------------------------------------------------------------------

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));
function check(one, ...flags) {
    const user = one.isSingle ? ['user=solo', '--role', '', '--role-user', '', '--role-staff', ''] : ['user=linnet_login'];
    const { stdout, stderr } = spawnSync(process.env.LINNET_PROGRAM, ['check', '--offline', ...flags, '--contract', file,
        '--database', `host=${process.env.PGHOST} dbname=audit ${user[0]}`, ...user.slice(1)], { encoding: 'utf8', env: environment });
    if (stderr || !stdout)
        throw new Error(`linnet check: ${stderr}`);
    return stdout;
}

// --- what is tried, and what is allowed --------------------------------------

const tries = (one) => [
    ...one.relations.flatMap((name) => [
        ['read', `SELECT name FROM ${name}`], ['read', `SELECT name FROM ${name} ORDER BY id LIMIT 2`],
        ['returning', `UPDATE ${name} SET note = 'm' WHERE id > 0`], ['write', `UPDATE ${name} SET note = 'm'`],
        ['write', `DELETE FROM ${name}`], ['returning', `DELETE FROM ${name} WHERE id > 0`],
        ['write', `INSERT INTO ${name} (id, name) VALUES (9, 'new')`], ['write', `INSERT INTO ${name} (id, name) VALUES (1, 'new')`],
    ]),
    ...one.functions.map((call) => ['call', call]),
];

const literal = (text) => `'${text.replaceAll("'", "''")}'`;
async function tryAll(one, roles) {
    const all = roles.flatMap((role) => tries(one).map(([kind, statement]) => ({ role, kind, statement })));
    if (all.length === 0)
        return [];
    const text = await mustRun(`SELECT jsonb_agg(probe.try(who, kind, statement) ORDER BY n) FROM (VALUES ${all.map((it, n) =>
        `(${n}, ${literal(it.role)}, ${literal(it.kind)}, ${literal(it.statement)})`).join(', ')}) v(n, who, kind, statement)`);
    return JSON.parse(text).map((answer, n) => ({ ...all[n], answer }));
}

const letters = { SELECT: 'r', INSERT: 'a', UPDATE: 'w', DELETE: 'd' };
const conditions = { true: () => true, false: () => false, '(id = 1)': (id) => id === 1, '(id > 1)': (id) => id > 1 };

class Model {
    constructor(one, text) {
        Object.assign(this, JSON.parse(text), { one });
    }

    // Has it the group's rights, and the group's policies?
    #isIn(role, group) {
        return group === 'PUBLIC' || group === role ||
            this.members.some(([member, of, isInheriting]) => member === role && isInheriting && this.#isIn(of, group));
    }

    // These roles, and those that they may take on.
    reach(roles) {
        const further = this.members.filter(([member, of]) => roles.includes(member) && !roles.includes(of)).map(([, of]) => of);
        return further.length > 0 ? this.reach([...roles, ...further]) : roles;
    }

    #allows(role, verb, name, id) {
        const table = this.tables[name];
        if (!table.isEnabled) {
            const isForAll = this.one.forAll.includes(name) ||
                (table.parent && this.one.forAll.includes(table.parent) && !this.tables[table.parent].isEnabled);
            return verb === 'SELECT' && isForAll;
        }
        const policies = table.policies.filter((policy) => ['*', letters[verb]].includes(policy.verb) && policy.roles.some((group) => this.#isIn(role, group)));
        const holds = (policy) => conditions[(verb === 'INSERT' && policy.check) || policy.using](id);
        return policies.some((policy) => policy.isPermissive && holds(policy)) && policies.every((policy) => policy.isPermissive || holds(policy));
    }

    // Does a policy of the row's table, or of the one that it is a partition of, allow it?
    allows(role, verb, row) {
        const [table, id] = row.split('|');
        return [table, this.tables[table].parent].some((name) => name && this.#allows(role, verb, name, Number(id)));
    }
}

const nameOf = (row) => row.split('|')[2];
const wordsOf = (names) => names.flatMap((name) => (name ?? '').split(' ')).filter(Boolean);

// What requests got that nothing allows them: sentences.
async function findLeaks(one) {
    const model = new Model(one, await run('SELECT probe.model()'));
    const declared = new Set(), done = new Set();
    for (const { answer, statement } of await tryAll({ relations: [], functions: [...one.forAll.map((name) => `SELECT name FROM ${name}`), ...one.trustedCalls] }, ['postgres'])) {
        wordsOf(answer.found ?? []).forEach((name) => declared.add(name));
        if (answer.after && one.trustedCalls.includes(statement))
            model.state.filter((row) => !answer.after.includes(row)).forEach((row) => done.add(row));
    }
    const leaks = [];
    for (const { role, statement, answer } of await tryAll(one, one.isSingle ? ['solo'] : [...new Set(model.reach(requestRoles))])) {
        const complain = (what, rows) => rows.length > 0 && leaks.push(`${role}: ${statement}: ${what} ${rows.join(', ')}`);
        if (answer.error)
            continue;
        const seen = new Set(wordsOf(answer.found));
        complain('shows', [...seen].filter((name) => name !== 'new' && !declared.has(name) &&
            !model.state.some((row) => nameOf(row) === name && model.allows(role, 'SELECT', row))));
        if (!answer.after)
            continue;
        const gone = model.state.filter((row) => !answer.after.includes(row) && !done.has(row));
        const verb = statement.startsWith('UPDATE') ? 'UPDATE' : 'DELETE';
        complain(verb, gone.filter((row) => !model.allows(role, verb, row)));
        complain('INSERT', answer.after.filter((row) => nameOf(row) === 'new' && !model.allows(role, 'INSERT', row)));
    }
    return leaks;
}

// --- all of it ---------------------------------------------------------------

const isEffective = (printed) => !/^row-level security is not effective/m.test(printed);
const tally = { effective: 0, mended: 0, leaking: 0 };

async function tryCase(seed) {
    const one = generate(seed);
    await mustRun(cleanup);
    await mustRun(`BEGIN; ${one.lines.join(';\n')}; CREATE FUNCTION one() RETURNS int LANGUAGE sql STABLE RETURN 1; COMMIT`);
    writeFileSync(file, contractOf(one));
    if (isEffective(check(one))) {
        tally.effective++;
        return findLeaks(one);
    }
    if ((await findLeaks(one)).length > 0)
        tally.leaking++;
    const script = check(one, '--fix-sql');
    if (/OWNER TO \.\.\./.test(script)) // nobody can say which
        return [];
    const before = await tryAll(one, otherRoles);
    await mustRun(script.replace(/^--\? /gm, ''));
    const printed = check(one);
    if (!isEffective(printed))
        return [`--fix-sql leaves\n${printed}\nafter\n${script}`];
    const after = await tryAll(one, otherRoles);
    // A rule that is dropped is no longer there for anybody; and where requests have the role
    // that owns things, others act with its rights through views and functions.
    const changed = one.isSingle || script.includes('DROP RULE') ? [] : before.filter((it, n) => JSON.stringify(it.answer) !== JSON.stringify(after[n].answer))
        .map((it) => `${it.role}: ${it.statement}: ${JSON.stringify(it.answer)} before, ${JSON.stringify(after[before.indexOf(it)].answer)} after`);
    tally.mended++;
    const wrong = [...changed, ...await findLeaks(one)];
    return wrong.length > 0 ? [...wrong, script] : [];
}

await mustRun(readFileSync(`${directory}/probe.sql`, 'utf8'));
const first = Number(options.only ?? Number(options.seed) * 1000000), count = options.only ? 1 : Number(options.cases);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
    const faults = await tryCase(seed);
    if (faults.length === 0)
        continue;
    failed++;
    console.log(`not ok case ${seed}\n${faults.join('\n').replace(/^/gm, '    ')}`);
    if (options.only)
        console.log(generate(seed).lines.join(';\n'), '\n', contractOf(generate(seed)));
}
session.kill();
console.log(`${tally.effective} were effective, ${tally.mended} were mended, ${tally.leaking} would have leaked`);
console.log(`${count - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
