// watch.test.mjs - in development, what changes in files and in the database is taken up by itself, or
// every answer says what does not fit; and no request is lost meanwhile.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
    chmodSync,
    closeSync,
    mkdirSync,
    mkdtempSync,
    openSync,
    readFileSync,
    readdirSync,
    readlinkSync,
    renameSync,
    rmSync,
    symlinkSync,
    writeFileSync,
    writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { isFull, patience, program, root, sockets, state } from './lib/environment.mjs';
import { serve, serveBy, until } from './lib/processes.mjs';
import { untilMore } from './lib/wait.mjs';

const DATABASE = 'linnet_watch';
const LONG = 10000 * patience;

const SQL = `
CREATE TABLE things (id integer PRIMARY KEY, word text NOT NULL);
INSERT INTO things VALUES (1, 'one'), (2, 'two');
ALTER TABLE things ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON things USING (true);
GRANT SELECT ON things TO linnet_anon;
`;

// A contract with a field of that name for a column; its other field says which of all contracts it is.
let mark = 'mark';
const contract = (field = 'word', column = 'word') => `type Query {
  users(first: Int = 5): [Thing!]! @order(by: "id")
}
type Thing @table(name: "things") {
  id: ID!
  ${field}: String @column(name: "${column}")
  ${mark}: ID! @column(name: "id")
}
`;

let folder, server;
const at = (name) => `${folder}/${name}`;
const save = (text, name = 'schema.graphql') => writeFileSync(at(name), text);
const connection = (user) => `host=${sockets}/postgresql dbname=${DATABASE} user=${user}`;

const options = () => ['--config', at('linnet.conf')];
const watching = (...more) => serve(...options(), '--watch', 'on', ...more);

before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE} OWNER linnet_owner`, 'postgres');
    psql(`SET ROLE linnet_owner; ${SQL}`, DATABASE);
    folder = mkdtempSync(`${tmpdir()}/linnet-watch.`);
    chmodSync(folder, 0o755);
    mkdirSync(at('documents'));
    mkdirSync(at('sql'));
    save(contract());
    save('query One { users(first: 1) { id } }', 'documents/one.graphql');
    writeConfig();
    server = await watching();
});
after(async () => {
    await server.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

function writeConfig(lines = '') {
    const settings = readFileSync(`${state}/linnet.conf`, 'utf8').replace(/^(database|contract|documents) = .*\n/gm, '');
    writeFileSync(
        at('linnet.conf'),
        `${settings}contract = ${at('schema.graphql')}\ndocuments = ${at('documents')}\nmigrations = ${at('sql')}\n` +
            `database = ${connection('linnet_login')}\nworkers = 2\n${lines}`,
    );
}

const ask = (field = 'word', from = server) => from.post(`{ users(first: 1) { ${field} } }`);
const isServed = async (field, from, value = 'one') =>
    (await ask(field, from)).text === `{"data":{"users":[{"${field}":"${value}"}]}}`;
const warning = async () => (await server.post('{ users(first: 1) { id } }')).json.extensions?.warning;

// Until all workers serve the field, as far as one can see from outside, and nobody warns.
async function untilServed(field, from = server, value = 'one') {
    await until(
        async () => {
            const answers = await Promise.all(Array.from({ length: 4 }, () => isServed(field, from, value)));
            return answers.every(Boolean);
        },
        LONG,
        `${field} is served by all`,
    );
}
const untilWarned = (pattern) => until(async () => pattern.test((await warning()) ?? ''), LONG, `warning ${pattern}`);
const untilGood = () => until(async () => (await warning()) === undefined, LONG, 'no warning');

// Whatever became of the test before.
let marks = 0;
afterEach(async () => {
    mark = `mark${marks++}`;
    rmSync(at('schema.graphql'), { force: true });
    save(contract());
    await untilServed(mark, server, '1');
    await untilGood();
});

suite('the contract', () => {
    test('that is written in place, as most programs do', async () => {
        save(contract('first'));
        await untilServed('first');
        save(contract('second'));
        await untilServed('second');
    });

    test('that is written beside and takes the place, as vim and git do', async () => {
        for (const field of isFull ? ['first', 'second', 'third'] : ['first']) {
            renameSync(at('schema.graphql'), at('schema.graphql~'));
            save(contract(field));
            await untilServed(field);
            save(contract(`${field}Again`), '4913.new');
            renameSync(at('4913.new'), at('schema.graphql'));
            await untilServed(`${field}Again`);
        }
    });

    test('that is written in two halves: the first is a misfit until the second is there', async () => {
        const text = contract('halves');
        const file = openSync(at('schema.graphql'), 'w');
        writeSync(file, text.slice(0, 60));
        await untilWarned(/schema\.graphql:\d+:\d+: /);
        await untilStays('word');
        writeSync(file, text.slice(60));
        closeSync(file);
        await untilServed('halves');
        assert.equal(await warning(), undefined);
    });

    // A worker of the contract before it may have a last answer to give.
    const untilStays = (field) => until(async () => (await ask(field)).json.data?.users[0][field] === 'one', LONG, `${field} stays`);

    test('that does not fit: the old one serves on, and every answer says what does not', async () => {
        const logged = server.log.length;
        save(contract('colour', 'colour'));
        await untilWarned(/schema\.graphql:6:18: .*colour/);
        assert.match(await warning(), /^The last change was not loaded; the version before it is still served\.\n/);
        await untilStays('word');
        const refused = await server.post('{ nothing }');
        assert.equal(refused.json.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        assert.match(refused.json.extensions.warning, /colour/);
        const explained = await server.post('{ users(first: 1) { id } }', {}, { parameters: { HTTP_LINNET_EXPLAIN: '1' } });
        assert.deepEqual(Object.keys(explained.json.extensions), ['warning', 'explain']);
        assert.match(server.log.slice(logged), /schema\.graphql:6:18: .*colour/);
        // Another misfit takes the place of the first.
        save(contract('shape', 'shape'));
        await untilWarned(/shape/);
        assert.doesNotMatch(await warning(), /colour/);
        save(contract('mended'));
        await untilServed('mended');
        assert.equal(await warning(), undefined);
    });

    test('that is deleted and comes back', async () => {
        rmSync(at('schema.graphql'));
        await untilWarned(/schema\.graphql: No such file/);
        await untilStays('word');
        save(contract('back'));
        await untilServed('back');
        assert.equal(await warning(), undefined);
    });

    test('that links lead to, also as a volume of Kubernetes', async () => {
        for (const version of ['1', '2', '3']) {
            mkdirSync(at(`..${version}`));
            save(contract(`version${version}`), `..${version}/schema.graphql`);
        }
        symlinkSync('..1', at('..data'));
        rmSync(at('schema.graphql'));
        symlinkSync('..data/schema.graphql', at('schema.graphql'));
        await untilServed('version1');
        for (const version of ['2', '3']) {
            symlinkSync(`..${version}`, at('..data_tmp'));
            renameSync(at('..data_tmp'), at('..data'));
            await untilServed(`version${version}`);
        }
        save(contract('inPlace'), '..3/schema.graphql');
        await untilServed('inPlace');
        // The folder goes with the link into it, and another comes.
        rmSync(at('..3'), { recursive: true });
        await untilWarned(/No such file/);
        mkdirSync(at('..3'));
        save(contract('anew'), '..3/schema.graphql');
        await untilServed('anew');
    });

    test('is not read again for other files, or where nothing is changed', async () => {
        const reloads = () => server.log.split('"reloading"').length;
        await until(() => server.workers().length === 2, LONG, 'those before are gone');
        const before = reloads(),
            workers = server.workers();
        save(contract());
        save('something', 'notes.graphql');
        save('SELECT 1', 'draft.sql');
        psql('SET ROLE linnet_owner; TRUNCATE things; VACUUM ANALYZE things', DATABASE);
        psql("SET ROLE linnet_owner; INSERT INTO things VALUES (1, 'one'), (2, 'two')", DATABASE);
        psql('CREATE TEMPORARY TABLE scratch (id integer)', DATABASE);
        // What comes after that is taken up once.
        psql('SET ROLE linnet_owner; ALTER TABLE things ADD after text', DATABASE);
        await until(() => reloads() > before, LONG, 'a reload');
        await until(() => server.workers().length === 2 && !workers.some((pid) => server.workers().includes(pid)), LONG, 'others');
        assert.equal(reloads(), before + 1);
    });
});

suite('configuration and documents', () => {
    test('are read again', async () => {
        const code = async () => (await server.post('{ users(first: 4) { id } }')).json.errors?.[0].extensions.code;
        assert.equal(await code(), undefined);
        writeConfig('limit_page = 3\n');
        await until(async () => (await code()) === 'BAD_USER_INPUT', LONG, 'the limit');
        writeConfig('no_such_option = 3\n');
        await untilWarned(/linnet\.conf:\d+: Unknown option "no_such_option"/);
        writeConfig();
        await untilGood();
        await until(async () => (await code()) === undefined, LONG, 'no limit');
    });

    test('a document that comes, one that does not fit, one that goes', async () => {
        const send = async (documentId) =>
            (await server.request({ body: JSON.stringify({ documentId }), parameters: { HTTP_ACCEPT: 'application/json' } })).json;
        assert.ok((await send('One')).data);
        save('query Two { users(first: 2) { id } }', 'documents/two.graphql');
        await until(async () => (await send('Two')).data, LONG, 'the document is known');
        save('query Two { users(first: 2) { weather } }', 'documents/two.graphql');
        await untilWarned(/two\.graphql:1:31: .*weather/);
        assert.ok((await send('Two')).data);
        rmSync(at('documents/two.graphql'));
        await until(async () => (await send('Two')).errors?.[0].extensions.code === 'DOCUMENT_NOT_FOUND', LONG, 'it has gone');
        await untilGood();
    });
});

suite('the database', () => {
    const alter = (sql) => psql(`SET ROLE linnet_owner; ${sql}`, DATABASE);

    test('gets the column that the contract names, and loses it', async () => {
        save(contract('size', 'size'));
        await untilWarned(/size/);
        alter("ALTER TABLE things ADD size text DEFAULT 'one'");
        await untilServed('size');
        assert.equal(await warning(), undefined);
        alter('ALTER TABLE things RENAME size TO bulk');
        await untilWarned(/size/);
        alter('ALTER TABLE things RENAME bulk TO size');
        await untilGood();
        await untilServed('size');
        // A right that is taken away, and rows that nothing guards.
        alter('ALTER TABLE things DISABLE ROW LEVEL SECURITY');
        await untilWarned(/row.level security/i);
        alter('ALTER TABLE things ENABLE ROW LEVEL SECURITY');
        await untilGood();
    });

    test('that goes away for a while is no misfit, and is watched again', async () => {
        psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${DATABASE}' AND usename = 'linnet_login'`);
        alter("ALTER TABLE things ADD later text DEFAULT 'one'");
        save(contract('later', 'later'));
        await untilServed('later');
        alter('ALTER TABLE things DROP later');
        await untilWarned(/later/);
    });

    test('is left without transactions, by whoever looks', async () => {
        const states = psql(
            `SELECT count(*) FROM pg_stat_activity WHERE datname = '${DATABASE}' AND state LIKE 'idle in%'
               OR datname = '${DATABASE}' AND xact_start < now() - interval '1 minute'`,
        );
        assert.equal(states, '0');
    });

    const migrate = () =>
        spawnSync(program, ['migrate', '--migrations', at('sql'), '--database', connection('linnet_owner')], { encoding: 'utf8' });

    test('a new migration is named as pending, and applied by nobody but `linnet migrate`', async () => {
        save('CREATE TABLE first ();', 'sql/001_first.sql');
        assert.equal(migrate().status, 0);
        assert.equal(psql("SELECT has_column_privilege('public', 'linnet_migrations', 'name', 'SELECT')", DATABASE), 'f');
        save('CREATE TABLE second ();', 'sql/002_second.sql');
        save('CREATE TABLE third ();', 'sql/010_third.sql');
        await untilWarned(/^002_second\.sql: pending: .*\n010_third\.sql: pending: [^\n]*$/);
        assert.match(server.log, /"level":"warning".*002_second\.sql: pending/);
        assert.equal(psql("SELECT to_regclass('second') IS NULL", DATABASE), 't');
        // A misfit is said beside it.
        save(contract('colour', 'colour'));
        await untilWarned(/colour[^]*\n002_second\.sql: pending/);
        save(contract());
        const { status, stderr } = migrate();
        assert.equal(status, 0, stderr);
        await untilGood();
        rmSync(at('sql/010_third.sql'));
        save('CREATE TABLE fourth ();', 'sql/011_fourth.sql');
        await untilWarned(/^011_fourth\.sql: pending/);
        rmSync(at('sql/011_fourth.sql'));
        await untilGood();
    });
});

// How long something takes, so often: for people to see, and asserted nowhere.
async function measure(t, what, change) {
    const times = [];
    for (let i = 0; i < (isFull ? 20 : 1); i++) {
        const begin = await change(i);
        times.push(performance.now() - begin);
    }
    times.sort((a, b) => a - b);
    const [least, median, most] = [0, times.length >> 1, times.length - 1].map((n) => Math.round(times[n]));
    t.diagnostic(`${what}, of ${times.length}: ${least} to ${most} ms, median ${median} ms`);
}

suite('from a save until it is served', () => {
    const saveAndWait = async (i) => {
        await until(() => server.workers().length === 2, LONG, 'those before are gone');
        const begin = performance.now();
        save(contract(`field${i}`));
        await until(() => isServed(`field${i}`), LONG, 'it is served');
        return begin;
    };

    test('a file', (t) => measure(t, 'a file', saveAndWait));

    test('a file, under load: no request fails', async (t) => {
        const answers = [];
        let isOver = false;
        async function client() {
            while (!isOver) answers.push((await server.post('{ users { id } }').catch((error) => ({ text: `${error}` }))).text);
        }
        const clients = Array.from({ length: 6 }, client);
        await measure(t, 'a file, under load', saveAndWait);
        await untilMore(answers, 20);
        isOver = true;
        await Promise.all(clients);
        const failures = answers.filter((text) => text !== '{"data":{"users":[{"id":"1"},{"id":"2"}]}}');
        assert.deepEqual(failures.slice(0, 3), [], `${failures.length} of ${answers.length} failed`);
    });

    test('the database', async (t) => {
        save(contract('bulk', 'bulk'));
        await untilWarned(/bulk/);
        await measure(t, 'the database', async (i) => {
            await until(() => server.workers().length === 2, LONG, 'those before are gone');
            const begin = performance.now();
            psql(`SET ROLE linnet_owner; ALTER TABLE things ${i % 2 ? 'DROP bulk' : 'ADD bulk text'}`, DATABASE);
            await (i % 2 ? untilWarned(/bulk/) : untilGood());
            return begin;
        });
    });
});

suite('where the kernel', () => {
    for (const what of ['inotify', 'watches'])
        test(`has no more ${what}, files are looked at once a second`, async () => {
            const command = at(`without-${what}`);
            execFileSync('cc', ['-o', command, `${root}/tests/http/lib/without.c`]);
            const own = await serveBy([command, what, program], ...options(), '--watch', 'on', '--workers', '1');
            assert.match(own.log, /looked at once a second.*(Too many open files|No space left)/);
            save(contract('polled'));
            await untilServed('polled', own);
            await own.stop();
        });
});

test('nothing is watched in production, nor where it is off', async () => {
    const kinds = (pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    assert.ok(kinds(server.pid).includes('anon_inode:inotify'));
    for (const more of [['--watch', 'off'], ['--watch', 'on', '--mode', 'production']]) {
        const own = await serve(...options(), '--workers', '1', ...more);
        assert.ok(!kinds(own.pid).includes('anon_inode:inotify'));
        save(contract('unseen', 'unseen'));
        process.kill(own.pid, 'SIGHUP');
        await until(() => /the reload failed/.test(own.log), LONG, 'it is refused');
        const answer = await own.post('{ users(first: 1) { id } }');
        assert.equal(answer.text, '{"data":{"users":[{"id":"1"}]}}');
        save(contract());
        await own.stop();
    }
});
