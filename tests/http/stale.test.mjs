// stale.test.mjs - the database changes while clients ask: each answer is right, before the change
// or after it, or SCHEMA_RELOADING; and right again once the contract was bound anew.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, suite, test } from 'node:test';

import { assertErrors, post } from './lib/client.mjs';
import { psql, Session } from './lib/database.mjs';
import { isFull, patience, program, sockets } from './lib/environment.mjs';
import { serve, sleep, until, workers } from './lib/processes.mjs';

const DATABASE = 'linnet_stale';

// Policies and rights of a table, as far as this application has any.
const open = (table) => `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY all_rows ON ${table} USING (true) WITH CHECK (true);
    GRANT SELECT, INSERT ON ${table} TO linnet_anon;`;

const OTHERS = `CREATE TABLE others (id integer PRIMARY KEY, word text NOT NULL);
    INSERT INTO others VALUES (1, 'one'), (2, 'two'); ${open('others')}`;
const VIEW = (type) => `CREATE VIEW seen WITH (security_invoker) AS
        SELECT id, (id + 10)::${type} AS amount FROM things;
    GRANT SELECT ON seen TO linnet_anon;`;
const FUNCTION = (type) => `CREATE FUNCTION total() RETURNS ${type} LANGUAGE sql STABLE
        AS 'SELECT 77::${type}';`;
const ROW_FUNCTION = (type) => `CREATE FUNCTION weight(things) RETURNS ${type}
        LANGUAGE sql STABLE AS 'SELECT 88::${type}';`;

const SQL = `
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE things (
    id integer PRIMARY KEY,
    widened integer, narrowed bigint, loosened varchar(20), numbered text, zoned timestamp,
    exact numeric(12, 2), document jsonb, feeling mood, many integer[], short char(5),
    day date, ratio double precision, code uuid, yes boolean, gone text, renamed text);
INSERT INTO things SELECT n, 1000 + n, 2000 + n, 'loose' || n, 3000 + n, '2020-01-01 00:00:00',
    12.50, '{"n": 1}', 'good', ARRAY[1, 2], 'abc', '2020-02-03', 0.5,
    ('00000000-0000-0000-0000-00000000000' || n)::uuid, true, 'gone' || n, 'renamed' || n
FROM generate_series(1, 3) n;
${open('things')}
CREATE TABLE parts (
    id integer PRIMARY KEY, thing_id integer NOT NULL REFERENCES things, label text NOT NULL);
INSERT INTO parts SELECT n, 1 + n % 3, 'part' || n FROM generate_series(1, 6) n;
${open('parts')} ${OTHERS} ${VIEW('integer')} ${FUNCTION('integer')} ${ROW_FUNCTION('integer')}
CREATE FUNCTION every_thing() RETURNS SETOF things LANGUAGE sql STABLE
    AS 'SELECT * FROM things';
CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL,
    size integer NOT NULL DEFAULT 5);
${open('notes')}
CREATE FUNCTION add_note(body text) RETURNS notes LANGUAGE sql
    AS 'INSERT INTO notes (body) VALUES ($1) RETURNING *';
`;

const CONTRACT = `
scalar Any
type Query {
  users(first: Int = 5): [Other!]! @order(by: "id")
  things(first: Int = 9): [Thing!]! @order(by: "id")
  thing(id: ID!): Thing
  everyThing: [Thing!]! @function(name: "every_thing")
  seen(first: Int = 9): [Seen!]! @order(by: "id")
  total: Any @function(name: "total")
}
type Mutation { addNote(body: String!): Note @function(name: "add_note") }
type Thing @table(name: "things") {
  id: ID! widened: Any narrowed: Any loosened: Any numbered: Any zoned: Any exact: Any
  document: Any feeling: Any many: Any short: Any day: Any ratio: Any code: Any yes: Any
  gone: Any renamed: Any
  weight: Any @function(name: "weight")
  parts(first: Int = 9): [Part!]! @order(by: "id")
}
type Part @table(name: "parts") { id: ID! label: String! thing: Thing! }
type Other @table(name: "others") { id: ID! word: Any }
type Seen @table(name: "seen", key: ["id"]) { id: ID amount: Any }
type Note @table(name: "notes") { id: ID! body: String! size: Any }
`;

// What is changed, how it is changed back, and what is right: the field of the first thing, or a
// document, each with what is right before and after, where that is not the same.
const column = (name, type, before, using = name) =>
    `ALTER TABLE things ALTER ${name} TYPE ${type} USING ${using}::${before ?? type}`;
const kinds = {
    widened: ['bigint', 'integer', 1001],
    narrowed: ['integer', 'bigint', 2001],
    loosened: ['text', 'varchar(20)', 'loose1'],
    numbered: ['integer', 'text', '3001', 3001],
    zoned: ['timestamptz', 'timestamp', '2020-01-01T00:00:00', '2020-01-01T00:00:00.000Z'],
    exact: ['text', 'numeric(12, 2)', 12.5, '12.50'],
    document: ['text', 'jsonb', { n: 1 }, '{"n": 1}'],
    feeling: ['text', 'mood', 'good'],
    many: ['bigint[]', 'integer[]', [1, 2]],
    short: ['varchar(5)', 'char(5)', 'abc  ', 'abc'],
    day: ['timestamp', 'date', '2020-02-03', '2020-02-03T00:00:00'],
    ratio: ['real', 'double precision', 0.5],
    code: ['text', 'uuid', '00000000-0000-0000-0000-000000000001'],
    yes: ['text', 'boolean', true, 'true'],
};

const changes = {
    ...Object.fromEntries(
        Object.entries(kinds).map(([name, [to, from]]) => [
            name,
            { there: column(name, to), back: column(name, from) },
        ]),
    ),
    'a key': {
        there: 'ALTER TABLE parts ALTER thing_id TYPE bigint',
        back: 'ALTER TABLE parts ALTER thing_id TYPE integer',
    },
    'a new column': {
        there: 'ALTER TABLE things ADD surplus integer DEFAULT 1',
        back: 'ALTER TABLE things DROP surplus',
    },
    'a table made again': {
        there: `BEGIN; DROP TABLE others; ${OTHERS} COMMIT`,
        back: `BEGIN; DROP TABLE others; ${OTHERS} COMMIT`,
    },
    'a view': {
        there: `BEGIN; DROP VIEW seen; ${VIEW('bigint')} COMMIT`,
        back: `BEGIN; DROP VIEW seen; ${VIEW('integer')} COMMIT`,
    },
    'a function': {
        there: `BEGIN; DROP FUNCTION total(); ${FUNCTION('bigint')} COMMIT`,
        back: `BEGIN; DROP FUNCTION total(); ${FUNCTION('integer')} COMMIT`,
    },
    'a function of a row': {
        there: `BEGIN; DROP FUNCTION weight(things); ${ROW_FUNCTION('bigint')} COMMIT`,
        back: `BEGIN; DROP FUNCTION weight(things); ${ROW_FUNCTION('integer')} COMMIT`,
    },
    'what a mutation returns': {
        there: 'ALTER TABLE notes ALTER size TYPE bigint',
        back: 'ALTER TABLE notes ALTER size TYPE integer',
    },
};

const nested = ({ data, errors }) => {
    if (errors) return false;
    for (const { id, widened, parts } of data.things) {
        assert.deepEqual({ id, widened }, { id: '1', widened: 1001 });
        parts.forEach(({ label, thing }, number) => {
            assert.deepEqual(thing, { id: '1', narrowed: 2001 });
            assert.equal(label, ['part3', 'part6'][number]);
        });
    }
    return true;
};
const same = (value) => [value, value];
const documents = [
    ...Object.entries(kinds).map(([name, [, , was, is = was]]) => [
        `{ thing(id: 1) { ${name} } }`,
        [{ thing: { [name]: was } }, { thing: { [name]: is } }],
    ]),
    [`{ users { id word } }`, same({ users: [{ id: '1', word: 'one' }, { id: '2', word: 'two' }] })],
    [`{ seen(first: 1) { id amount } }`, same({ seen: [{ id: '1', amount: 11 }] })],
    [`{ total }`, same({ total: 77 })],
    [`{ thing(id: 2) { id weight } }`, same({ thing: { id: '2', weight: 88 } })],
    // In a transaction that began before a table was written anew PostgreSQL finds it empty (its
    // manual, 13.6).
    [`{ things(first: 1) { id widened parts { label thing { id narrowed } } } }`, [nested, nested]],
    [
        `{ everyThing { id widened } }`,
        same({ everyThing: [1, 2, 3].map((n) => ({ id: `${n}`, widened: 1000 + n })) }),
    ],
];

let folder, session, server;

before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE} OWNER linnet_owner`, 'postgres');
    psql(`SET ROLE linnet_owner; ${SQL}`, DATABASE);
    session = new Session(DATABASE);
    await session.run(
        // What it waits for is given up first.
        "SET client_min_messages = error; SET deadlock_timeout = '1min'; SET ROLE linnet_owner",
    );
    folder = mkdtempSync(`${tmpdir()}/linnet-stale.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
    server = await serve(
        ...['--contract', `${folder}/schema.graphql`, '--workers', '2'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
    );
});
after(async () => {
    session.close();
    await server.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

const isReloading = (answer) =>
    answer.status === 503 &&
    answer.headers['retry-after'] > 0 &&
    assertErrors(answer)[0].extensions.code === 'SCHEMA_RELOADING' &&
    answer.json.errors[0].extensions.retryAfter > 0;

// Clients that ask without pause; what is wrong is kept.
const ends = [];
afterEach(() => ends.splice(0).forEach((end) => end()));
function load(clients, send, documents) {
    const counts = { right: 0, reloading: 0, noted: 0 };
    const failures = [];
    let isOver = false;
    ends.push(() => (isOver = true));
    async function client(number) {
        for (let i = number; !isOver; i += 7) {
            const [document, right] = documents[i % documents.length];
            const answer = await send(document).catch((error) => ({ text: String(error) }));
            const isRight = answer?.status === 200 && right.some((one) => matches(answer, one));
            if (isRight) counts.right++;
            else if (answer?.json && isReloading(answer)) counts.reloading++;
            else failures.push(`${document}: ${answer?.status} ${answer?.text}`);
            if (isRight && document.startsWith('mutation')) counts.noted++;
        }
    }
    const all = Array.from({ length: clients }, (_, number) => client(number));
    return async () => {
        isOver = true;
        await Promise.all(all);
        assert.deepEqual(failures.slice(0, 5), [], `${failures.length} are wrong`);
        return counts;
    };
}

const matches = (answer, one) =>
    typeof one === 'function' ? one(answer.json) : JSON.stringify(answer.json) === JSON.stringify({ data: one });

// All documents are answered as they should, by each worker.
async function settle(side) {
    const isSettled = async () => {
        for (const [document, right] of documents)
            for (let i = 0; i < 4; i++) {
                const answer = await server.post(document);
                if (answer?.status !== 200 || !matches(answer, right[side])) return false;
            }
        return true;
    };
    await until(isSettled, 20000 * patience, `right answers after the change: ${server.log.slice(-2000)}`);
}

const NOTE = [
    'mutation { addNote(body: "b") { body size } }',
    [{ addNote: { body: 'b', size: 5 } }],
];

suite('the database changes under the contract', () => {
    // A minute and more of it in --full.
    const ways = Array.from({ length: isFull ? 20 : 2 }, () => ['there', 'back']).flat();
    for (const [side, way] of ways.entries())
        test(`types of columns, keys, views, functions: ${way}`, async () => {
            const notes = async () => Number(await session.run('SELECT count(*) FROM notes'));
            const noted = await notes();
            const stop = load(6, (document) => server.post(document), [...documents, NOTE]);
            await sleep(200);
            for (const change of Object.values(changes)) {
                await session.run(change[way]);
                await sleep(50);
            }
            await settle(side % 2 === 0 ? 1 : 0);
            const counts = await stop();
            assert.ok(counts.right > 100, JSON.stringify(counts));
            // What was answered with SCHEMA_RELOADING has not been done, and can be tried again.
            assert.equal((await notes()) - noted, counts.noted);
        });

    test('columns that are gone: what needs them waits, and all else is answered', async () => {
        const gone = ['gone', 'renamed'].map((name) => [
            `{ thing(id: 1) { ${name} } }`,
            same({ thing: { [name]: `${name}1` } }),
        ]);
        const logged = server.log.length;
        const stop = load(6, (document) => server.post(document), [...documents, ...gone]);
        await session.run('ALTER TABLE things DROP gone; ALTER TABLE things RENAME renamed TO other');
        await until(
            () => /"message":"the reload failed/.test(server.log.slice(logged)),
            15000 * patience,
            'a reload that fails',
        );
        assert.match(server.log.slice(logged), /schema.graphql:\d+:\d+: Thing\.gone/);
        for (const [document] of gone) assert.ok(isReloading(await server.post(document)));
        await settle(0);
        await session.run(`BEGIN; ALTER TABLE things RENAME other TO renamed;
            ALTER TABLE things ADD gone text; UPDATE things SET gone = 'gone' || id; COMMIT`);
        await until(
            async () => matches(await server.post(gone[0][0]), gone[0][1][0]),
            15000 * patience,
            'the column again',
        );
        await stop();
        for (const [document, [right]] of gone) assert.ok(matches(await server.post(document), right));
    });

    test('an error in the body of a function is no reason to read the contract again', async () => {
        const logged = server.log.length;
        await session.run(`CREATE OR REPLACE FUNCTION total() RETURNS integer LANGUAGE plpgsql STABLE
            AS 'BEGIN RETURN (SELECT nothing FROM things); END'`);
        for (let i = 0; i < 3; i++)
            assert.equal(
                (await server.post('{ total }')).json.errors[0].extensions.code,
                'INTERNAL_SERVER_ERROR',
            );
        await session.run(`BEGIN; DROP FUNCTION total(); ${FUNCTION('integer')} COMMIT`);
        assert.doesNotMatch(server.log.slice(logged), /reload/);
    });
});

suite('plain CGI', () => {
    test('says that what check has kept is older than the database, until it is written again', async () => {
        const own = Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name));
        const environment = {
            ...Object.fromEntries(own),
            LINNET_CONTRACT: `${folder}/schema.graphql`,
            LINNET_DATABASE: `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`,
        };
        const body = JSON.stringify({ query: '{ thing(id: 1) { widened } }' });
        const ask = () =>
            spawnSync(program, [], {
                input: body,
                encoding: 'utf8',
                env: {
                    ...environment,
                    GATEWAY_INTERFACE: 'CGI/1.1',
                    REQUEST_METHOD: 'POST',
                    SCRIPT_NAME: '/graphql',
                    CONTENT_TYPE: 'application/json',
                    CONTENT_LENGTH: String(body.length),
                },
            });
        const write = () => {
            const { status, stderr } = spawnSync(program, ['check', '--write'], {
                encoding: 'utf8',
                env: environment,
            });
            assert.equal(status, 0, stderr);
        };
        const assertRight = () => assert.match(ask().stdout, /{"data":{"thing":{"widened":1001}}}$/);

        write();
        assertRight();
        await session.run(changes.widened.there);
        const { stdout, stderr } = ask();
        assert.match(stdout, /^Status: 503 /);
        assert.match(stdout, /^Retry-After: 1\r$/m);
        assert.match(stdout, /"SCHEMA_RELOADING"/);
        assert.match(stderr, /linnet check --write/);
        write();
        assertRight();
        await session.run(changes.widened.back);
        write();
        assertRight();
        rmSync(`${folder}/schema.catalog`);
    });
});

suite('through nginx', () => {
    test('a column of the application', async () => {
        const url = 'https://stale.example/';
        psql(`INSERT INTO links (url, description) VALUES ('${url}', 'as it was')`);
        const document = `{ links(search: "${url}") { url description } }`;
        const right = same({ links: [{ url, description: 'as it was' }] });
        const before = workers();
        const stop = load(4, (document) => post(document), [[document, right]]);
        for (const type of ['varchar(9000)', 'text']) {
            psql(`ALTER TABLE links ALTER description TYPE ${type}`);
            await until(
                () => workers().every((pid) => !before.includes(pid)),
                15000 * patience,
                'other workers',
            );
            await until(
                async () => matches(await post(document), right[0]),
                15000 * patience,
                'right answers',
            );
            before.push(...workers());
        }
        const counts = await stop();
        assert.ok(counts.right > 0, JSON.stringify(counts));
        psql(`DELETE FROM links WHERE url = '${url}'`);
    });
});
