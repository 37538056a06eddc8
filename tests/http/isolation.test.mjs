// isolation.test.mjs - a statement of a query that fails fails no other: values that only
// PostgreSQL can judge, errors of functions, views and policies; and what a mutation does then.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';
import { StatementProxy } from './lib/proxy_statements.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-isolation.`);
const database = `isolation_${process.pid}`;
const contract = `${directory}/schema.graphql`;

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

const open = (...tables) =>
    tables
        .map(
            (table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
                CREATE POLICY all_rows ON ${table} USING (true);`,
        )
        .join('\n');

const schema = `
    SET client_min_messages = warning;
    CREATE EXTENSION hstore;
    CREATE EXTENSION ltree;
    CREATE TYPE size AS (width integer, label text);
    CREATE DOMAIN quantity AS integer CHECK (VALUE BETWEEN 1 AND 100);
    CREATE DOMAIN few AS quantity CHECK (VALUE < 10);
    CREATE DOMAIN short AS varchar(3);
    CREATE DOMAIN exact AS numeric(4, 2);
    CREATE DOMAIN given AS integer NOT NULL;
    CREATE TYPE sized AS (few few, label text);
    CREATE DOMAIN place AS point CHECK (VALUE[0] >= 0);
    CREATE FUNCTION is_even(number integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF number % 2 = 1 THEN
            RAISE EXCEPTION 'odd' USING ERRCODE = 'LN400', COLUMN = 'number';
        END IF;
        RETURN true;
    END $$;
    CREATE DOMAIN even AS integer CHECK (is_even(VALUE));

    CREATE TABLE things (
        id integer PRIMARY KEY, path ltree UNIQUE, pairs hstore, words tsvector, size size, circle circle,
        paths ltree[], quantity quantity, few few);
    INSERT INTO things (id, path, pairs, words, size, circle, paths, quantity)
    VALUES (1, 'a.b', 'a=>1', '''x'':1', '(1,"b c")', '<(0,0),1>', '{a.b,c}', 1),
           (2, 'c', NULL, NULL, NULL, NULL, NULL, 2);
    CREATE TABLE parts (id integer PRIMARY KEY, thing_id integer NOT NULL REFERENCES things, path ltree);
    INSERT INTO parts VALUES (10, 1, 'p'), (11, 1, 'q'), (20, 2, 'p');
    ${open('things', 'parts')}
    CREATE TABLE guarded (id integer PRIMARY KEY);
    INSERT INTO guarded VALUES (1);
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY raises ON guarded USING (is_even(id));
    CREATE VIEW ratios WITH (security_invoker = true) AS SELECT id, 10 / (id - 2) AS ratio FROM things;
    GRANT SELECT ON things, parts, guarded, ratios TO linnet_anon, linnet_user, linnet_staff;
    GRANT INSERT ON things TO linnet_anon, linnet_user, linnet_staff;

    CREATE FUNCTION ratio(things) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 10 / ($1.id - 2);
    CREATE FUNCTION divide(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a / b;
    CREATE FUNCTION refuse(code text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RAISE EXCEPTION 'no' USING ERRCODE = code;
    END $$;
    CREATE FUNCTION answer() RETURNS integer LANGUAGE sql STABLE RETURN 42;
    CREATE FUNCTION broken() RETURNS integer LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RAISE EXCEPTION 'broken';
    END $$;
    CREATE FUNCTION show(document xml) RETURNS text LANGUAGE sql IMMUTABLE RETURN document::text;
    CREATE FUNCTION show(point point) RETURNS text LANGUAGE sql IMMUTABLE RETURN point::text;
    CREATE FUNCTION show(polygon polygon) RETURNS text LANGUAGE sql IMMUTABLE RETURN polygon::text;
    CREATE FUNCTION show(words tsvector) RETURNS text LANGUAGE sql IMMUTABLE RETURN words::text;
    CREATE FUNCTION show(pattern tsquery) RETURNS text LANGUAGE sql IMMUTABLE RETURN pattern::text;
    CREATE FUNCTION show(size size) RETURNS text LANGUAGE sql IMMUTABLE RETURN size::text;
    CREATE FUNCTION show(pairs hstore) RETURNS text LANGUAGE sql IMMUTABLE RETURN pairs::text;
    CREATE FUNCTION show(path ltree) RETURNS text LANGUAGE sql IMMUTABLE RETURN path::text;
    CREATE FUNCTION show(paths ltree[]) RETURNS text LANGUAGE sql IMMUTABLE RETURN paths::text;
    CREATE FUNCTION show(quantity quantity) RETURNS text LANGUAGE sql IMMUTABLE RETURN quantity::text;
    CREATE FUNCTION show(few few) RETURNS text LANGUAGE sql IMMUTABLE RETURN few::text;
    CREATE FUNCTION show(place place) RETURNS text LANGUAGE sql IMMUTABLE RETURN place::text;
    CREATE FUNCTION show(number even) RETURNS text LANGUAGE sql IMMUTABLE RETURN number::text;
    CREATE FUNCTION show(many int4multirange) RETURNS text LANGUAGE sql IMMUTABLE RETURN many::text;
    CREATE FUNCTION show("table" regclass) RETURNS text LANGUAGE sql STABLE RETURN "table"::text;
    CREATE FUNCTION show(short short) RETURNS text LANGUAGE sql IMMUTABLE RETURN short::text;
    CREATE FUNCTION show(exact exact) RETURNS text LANGUAGE sql IMMUTABLE RETURN exact::text;
    CREATE FUNCTION show(given given DEFAULT 1) RETURNS text LANGUAGE sql IMMUTABLE RETURN given::text;
    CREATE FUNCTION show(fews few[]) RETURNS text LANGUAGE sql IMMUTABLE RETURN fews::text;
    CREATE FUNCTION show(sized sized) RETURNS text LANGUAGE sql IMMUTABLE RETURN sized::text;
    CREATE FUNCTION add_thing(id integer, path ltree DEFAULT NULL, amount integer DEFAULT NULL, few integer DEFAULT NULL)
    RETURNS things LANGUAGE sql BEGIN ATOMIC
        INSERT INTO things (id, path, quantity, few) VALUES (id, path, amount, few) RETURNING *;
    END;`;

// What a type does not hold, and what it does.
const kinds = {
    document: ['<a', '<a/>'],
    point: ['x', '(1,2)'],
    polygon: ['((0,0)', '((0,0),(1,1),(1,0))'],
    words: ["'a", "'a' 'b'"],
    pattern: ['a &', "'a' & 'b'"],
    size: ['(1,', '(1,b)'],
    pairs: ['a=>', '"a"=>"1"'],
    path: ['a..b', 'a.b'],
    many: ['{[1,', '{[1,3)}'],
    table: ['nowhere', 'things'],
};

const sdl = `
type Query {
    things(path: String, pairs: String, words: String, size: String, circle: String,
        paths: [String]): [Thing!]
    thing(path: String!): Thing
    parts: [Part!]!
    guarded: [Guarded!]
    ratios: [Ratio!]
    divide(a: Int!, b: Int!): Int @function(name: "divide")
    refuse(code: String!): Int @function(name: "refuse")
    broken: Int @function(name: "broken")
    answer: Int @function(name: "answer")
    ${Object.keys(kinds)
        .map((kind) => `${kind}(${kind}: String!): String @function(name: "show")`)
        .join('\n    ')}
    listOfPaths(paths: [String]!): String @function(name: "show")
    quantity(quantity: Int!): String @function(name: "show")
    few(few: Int!): String @function(name: "show")
    place(at: String! @column(name: "place")): String @function(name: "show")
    short(short: String!): String @function(name: "show")
    exact(exact: Float!): String @function(name: "show")
    given(given: Int): String @function(name: "show")
    fews(fews: [Int]!): String @function(name: "show")
    sized(sized: String!): String @function(name: "show")
    even(number: Int!): String @function(name: "show")
}
type Mutation {
    addThing(id: Int!, path: String, howMany: Int @column(name: "amount"), few: Int): AddThing @function(name: "add_thing")
}
type AddThing { id: ID! path: String quantity: Int thing: Thing @join(column: "id") }
type Thing @table(name: "things") { id: ID! path: String ratio: Int @function(name: "ratio") parts(path: String): [Part!]! }
type Part @table(name: "parts") { id: ID! thing: Thing! }
type Guarded @table(name: "guarded") { id: ID! }
type Ratio @table(name: "ratios", key: ["id"]) { id: ID ratio: Int }
`;

// --- its database ------------------------------------------------------------------

const proxy = new StatementProxy(`${sockets}/postgresql/.s.PGSQL.5432`);

before(async () => {
    psql(`CREATE DATABASE ${database}`);
    psql(schema, database);
    writeFileSync(contract, sdl);
    await proxy.listen(`${directory}/.s.PGSQL.5432`);
});
after(() => {
    proxy.close();
    psql(`DROP DATABASE ${database} WITH (FORCE)`);
    rmSync(directory, { recursive: true });
});

// --- asking ---------------------------------------------------------------------

function run(command, document = '') {
    const child = spawn(
        program,
        [
            ...[command, ...(command === 'query' ? ['-'] : []), '--contract', contract],
            ...['--database', `host=${directory} dbname=${database} user=linnet_login`],
        ],
        { env: environment },
    );
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    child.stdin.end(document);
    return new Promise((resolve) => child.on('close', (status) => resolve({ out, status })));
}

// The answer: `errors` are `path CODE argument` each.
async function ask(document) {
    proxy.statements = [];
    const { data, errors = [] } = JSON.parse((await run('query', document)).out);
    return {
        data,
        messages: errors.map(({ message }) => message),
        errors: errors.map(({ path, extensions }) =>
            [path.join('.'), extensions.code, extensions.argument].filter(Boolean).join(' '),
        ),
    };
}

// The same without messages.
async function answer(document) {
    const { data, errors } = await ask(document);
    return { data, errors };
}

// What the last ask() sent but to connect: commands, and what statements read from.
const asked = () =>
    proxy.statements
        .filter((text) => !/\bpg_|set_config/.test(text))
        .map((text) => / FROM "?(\w+)/.exec(text)?.[1] ?? /^[A-Z ]+[A-Z]/.exec(text)[0]);

const ids = (...list) => list.map((id) => ({ id }));
const parts = ids('10', '11', '20');

test('the contract fits', async () => {
    const { out, status } = await run('check');
    assert.equal(status, 0, out);
});

// --- values that only PostgreSQL can judge -----------------------------------------

suite('a value that its type does not hold, and that only PostgreSQL can judge', () => {
    for (const [kind, [bad, good]] of Object.entries(kinds)) {
        test(`${kind}: as a function's argument is BAD_USER_INPUT, and its neighbours are answered`, async () => {
            const field = (value) => `${kind}(${kind}: ${JSON.stringify(value)})`;
            const { data, errors } = await ask(`{ before: parts { id } bad: ${field(bad)} good: ${field(good)} parts { id } }`);
            assert.deepEqual(errors, [`bad BAD_USER_INPUT ${kind}`]);
            assert.deepEqual({ ...data, good: typeof data.good }, { before: parts, bad: null, good: 'string', parts });
        });
        test(`${kind}: alone`, async () => {
            const { data, errors } = await ask(`{ bad: ${kind}(${kind}: ${JSON.stringify(bad)}) }`);
            assert.deepEqual([data, errors], [{ bad: null }, [`bad BAD_USER_INPUT ${kind}`]]);
        });
    }

    test('in a list', async () => {
        const { data, errors } = await ask('{ parts { id } good: listOfPaths(paths: ["a", "b.c"]) bad: listOfPaths(paths: ["a", "b..c"]) }');
        assert.deepEqual([data, errors], [{ parts, good: '{a,b.c}', bad: null }, ['bad BAD_USER_INPUT paths']]);
    });

    for (const [column, bad, good] of [
        ['path', '"a..b"', '"a.b"'],
        ['pairs', '"a=>"', '"a=>1"'],
        ['words', '"\'x"', '"\'x\':1"'],
        ['size', '"(1,"', '"(1,b c)"'],
        ['circle', '"<1>"', '"<(0,0),1>"'],
        ['paths', '["a..b"]', '["a.b", "c"]'],
    ])
        test(`${column}: compared with a column finds no row`, async () => {
            const field = (value) => `things(${column}: ${value}) { id parts { id } }`;
            const row = [{ id: '1', parts: ids('10', '11') }];
            assert.deepEqual(await answer(`{ bad: ${field(bad)} good: ${field(good)} parts { id } }`), {
                data: { bad: [], good: row, parts },
                errors: [],
            });
            assert.deepEqual(await answer(`{ ${field(bad)} }`), { data: { things: [] }, errors: [] });
        });

    test('finds no row where one is wanted, and none below', async () => {
        assert.deepEqual(
            await answer(`{ bad: thing(path: "a..b") { id parts { id } } good: thing(path: "c") { id }
                things { id bad: parts(path: "p..") { id } good: parts(path: "p") { id } parts { id thing { id } } } }`),
            {
                data: {
                    bad: null,
                    good: { id: '2' },
                    things: [
                        { id: '1', bad: [], good: ids('10'), parts: ids('10', '11').map((part) => ({ ...part, thing: { id: '1' } })) },
                        { id: '2', bad: [], good: ids('20'), parts: [{ id: '20', thing: { id: '2' } }] },
                    ],
                },
                errors: [],
            },
        );
    });

    test('a domain: its length, its digits and its NOT NULL name the argument', async () => {
        const { data, errors, messages } = await ask(`{
            short(short: "abcd") exact(exact: 1000) given(given: null) fews(fews: [1, 50]) sized(sized: "(50,b)") parts { id } }`);
        assert.deepEqual(data, { short: null, exact: null, given: null, fews: null, sized: null, parts });
        assert.deepEqual(errors, [
            'short BAD_USER_INPUT short',
            'exact BAD_USER_INPUT exact',
            'given BAD_USER_INPUT given',
            'fews BAD_USER_INPUT fews',
            'sized BAD_USER_INPUT sized',
        ]);
        assert.deepEqual(messages.slice(0, 3), ['A text is too long.', 'A number is too large.', 'A value is missing.']);
    });

    test('a domain: its CHECK names the argument', async () => {
        assert.deepEqual(
            await answer(`{ quantity(quantity: 0) few(few: 10) below: few(few: 0) place(at: "(-1,2)") noPoint: place(at: "-1")
                even(number: 3) good: few(few: 9) parts { id } }`),
            {
                data: { quantity: null, few: null, below: null, place: null, noPoint: null, even: null, good: '9', parts },
                errors: [
                    'quantity BAD_USER_INPUT quantity',
                    'few BAD_USER_INPUT few',
                    'below BAD_USER_INPUT few',
                    'place BAD_USER_INPUT at',
                    'noPoint BAD_USER_INPUT at',
                    'even BAD_USER_INPUT number',
                ],
            },
        );
    });
});

// --- what functions, views and policies raise --------------------------------------------

suite('what is raised in a query', () => {
    test('by a function is an error of its field', async () => {
        assert.deepEqual(
            await answer(`{ parts { id } divide(a: 1, b: 0) good: divide(a: 6, b: 2)
                unique: refuse(code: "23505") missing: refuse(code: "23503") text: refuse(code: "22001")
                own: refuse(code: "LN403") other: refuse(code: "P0001") broken things { id } }`),
            {
                data: {
                    ...{ parts, divide: null, good: 3, unique: null, missing: null, text: null },
                    ...{ own: null, other: null, broken: null, things: ids('1', '2') },
                },
                errors: [
                    'divide BAD_USER_INPUT',
                    'unique CONFLICT',
                    'missing NOT_FOUND',
                    'text BAD_USER_INPUT',
                    'own FORBIDDEN',
                    'other INTERNAL_SERVER_ERROR',
                    'broken INTERNAL_SERVER_ERROR',
                ],
            },
        );
    });

    test('by a function of the row, a view or a policy likewise', async () => {
        assert.deepEqual(
            await answer(`{ parts { id thing { id } } things { id ratio } guarded { id } ratios { ratio }
                good: things(path: "a.b") { ratio } divide(a: 6, b: 2) }`),
            {
                data: {
                    parts: parts.map(({ id }) => ({ id, thing: { id: id.slice(0, 1) } })),
                    ...{ things: null, guarded: null, ratios: null, good: [{ ratio: -10 }], divide: 3 },
                },
                errors: ['things BAD_USER_INPUT', 'guarded BAD_USER_INPUT number', 'ratios INTERNAL_SERVER_ERROR'],
            },
        );
    });

    test('below a root field fails that one alone', async () => {
        assert.deepEqual(await answer('{ parts { id } first: things(path: "a.b") { parts { thing { ratio } } } second: things(path: "c") { parts { thing { ratio } } } }'), {
            data: { parts, first: [{ parts: [{ thing: { ratio: -10 } }, { thing: { ratio: -10 } }] }], second: null },
            errors: ['second BAD_USER_INPUT'],
        });
    });
});

// --- mutations --------------------------------------------------------------------------

test('a mutation fails with its own values alone', async () => {
    const { data, errors } = await ask(`mutation {
        first: addThing(id: 101, path: "m.a") { id }
        bad: addThing(id: 102, path: "m..b") { id }
        column: addThing(id: 103, few: 50) { id }
        other: addThing(id: 104, howMany: 500) { id }
        last: addThing(id: 105, path: "m.e", few: 5) { id path thing { id parts(path: "p") { id } } }
    }`);
    assert.deepEqual(data, {
        ...{ first: { id: '101' }, bad: null, column: null, other: null },
        last: { id: '105', path: 'm.e', thing: { id: '105', parts: [] } },
    });
    assert.deepEqual(errors, ['bad BAD_USER_INPUT path', 'column BAD_USER_INPUT few', 'other BAD_USER_INPUT']);
    assert.deepEqual(await answer('mutation { addThing(id: 106) { thing { parts(path: "p..") { id } } } }'), {
        data: { addThing: null },
        errors: ['addThing BAD_USER_INPUT path'],
    });
    assert.equal(psql('SELECT array_agg(id ORDER BY id) FROM things WHERE id > 100', database), '{101,105}');
    psql('DELETE FROM things WHERE id > 100', database);
});

// --- in a worker -----------------------------------------------------------------------

test('a connection serves the next request after failures, and keeps what it has prepared', async () => {
    chmodSync(directory, 0o755);
    const server = await serve(
        ...['--contract', contract, '--workers', '1', '--connections', '1'],
        ...['--database', `host=${sockets}/postgresql dbname=${database} user=linnet_login`],
    );
    const [begin, end] = ['{ a: divide(a: 6, b: 0) b: things(path: "x..") { id }', 'c: divide(a: 6, b: 3) ratios { id ratio } parts { id } }'];
    const clients = Array.from({ length: 3 }, async () => {
        for (let i = 0; i < 10; i++) {
            const { json } = await server.post(`${begin} ${end}`);
            assert.deepEqual(json.data, { a: null, b: [], c: 2, ratios: null, parts });
            assert.deepEqual(json.errors.map(({ path }) => path.join('.')), ['a', 'ratios']);
            const { json: next } = await server.post('{ answer things(path: "a.b") { id } parts { id } }');
            assert.deepEqual(next, { data: { answer: 42, things: ids('1'), parts } });
        }
    });
    await Promise.all(clients);
    const open = `SELECT count(*) FROM pg_stat_activity
        WHERE datname = '${database}' AND usename = 'linnet_login' AND state <> 'idle'`;
    assert.equal(psql(open), '0'); // no transaction is left open
    await server.stop();
});

// --- what it costs ------------------------------------------------------------------------

suite('the cost', () => {
    const costs = async (document, ...expected) => {
        const answer = await ask(document);
        assert.deepEqual(asked(), expected);
        return answer;
    };

    test('nothing, for statements that a value cannot make fail', async () => {
        await costs('{ parts { id } things { id } }', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'parts', 'things', 'COMMIT');
        await costs('{ things(path: "a..b") { id } }', 'things');
        await costs('{ divide(a: 1, b: 0) }', 'divide');
    });

    test('no command, for a statement that only those below it follow', async () => {
        const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
        await costs('{ things(path: "a.b") { parts { id } } }', begin, 'things', 'unnest', 'COMMIT');
        await costs('{ things(path: "a..b") { parts { id } } }', begin, 'things', 'COMMIT');
    });

    test('no command, for the last statement of a query', async () => {
        for (const b of [0, 1])
            await costs(
                `{ divide(a: 1, b: ${b}) parts { id } }`,
                ...['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'parts', 'divide', 'COMMIT'],
            );
    });

    test('two commands and no wait, for each that others follow', async () => {
        proxy.isHolding = true;
        for (const b of [0, 1]) {
            const { data } = await costs(
                `{ divide(a: 1, b: ${b}) thing(path: "a..b") { id } parts { id } }`,
                ...['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'parts', 'SAVEPOINT', 'divide'],
                ...['ROLLBACK TO SAVEPOINT', 'things', 'COMMIT'],
            );
            assert.deepEqual(data, { divide: b || null, thing: null, parts });
        }
        proxy.isHolding = false;
    });

    test('the way back of a wave is sent only if it is needed', async () => {
        const rest = ['unnest', 'COMMIT'];
        const first = ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'things', 'SAVEPOINT', 'divide'];
        await costs('{ divide(a: 1, b: 1) things { parts { id } } }', ...first, ...rest);
        await costs('{ divide(a: 1, b: 0) things { parts { id } } }', ...first, 'ROLLBACK TO SAVEPOINT', ...rest);
    });

    test('nothing, for a function without arguments that raises nothing', async () => {
        const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
        await costs('{ answer parts { id } }', begin, 'answer', 'parts', 'COMMIT');
    });

    test('a second run, if a view or a policy raises', async () => {
        const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
        await costs(
            '{ ratios { ratio } parts { id } }',
            ...[begin, 'ratios', 'parts', 'COMMIT', 'ROLLBACK'],
            ...[begin, 'SAVEPOINT', 'ratios', 'ROLLBACK TO SAVEPOINT', 'parts', 'COMMIT'],
        );
        // Not if nothing is to be won.
        await costs('{ parts { id } ratios { ratio } }', begin, 'parts', 'ratios', 'COMMIT', 'ROLLBACK');
    });
});
