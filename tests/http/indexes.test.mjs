// indexes.test.mjs - what `linnet check` says no index serves: whether it is true, by EXPLAIN
// of the statements that are sent, as a role of requests, over random indexes.
//
// A statement that an index serves touches few pages and rows; without one, it touches the whole table.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';
import { COLUMNS, CONDITIONS, ROWS, filters, randomIndexes, tables } from './lib/indexed.mjs';
import { random } from './lib/random.mjs';

const isFull = process.env.CHECK_FULL === 'yes';
const ROUNDS = isFull ? 60 : 2;
const directory = mkdtempSync(`${tmpdir()}/linnet-indexes.`);
const database = `indexes_${process.pid}`;
const contract = `${directory}/schema.graphql`;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

function run(sdl, command, ...rest) {
    writeFileSync(contract, sdl);
    const { stdout, stderr, status } = spawnSync(
        program,
        [command, ...rest, '--contract', contract, '--database', `host=${sockets}/postgresql dbname=${database} user=linnet_login`],
        { env: environment, encoding: 'utf8' },
    );
    return { text: stdout, stderr, status };
}

// The notes, by what they are about.
function check(sdl) {
    const { text, stderr } = run(sdl, 'check');
    assert.equal(stderr, '');
    assert.match(text, /fits the database/);
    const notes = new Map();
    // `ThingFilter.a.eq, in: no index ...`
    for (const [, subject, note] of text.matchAll(/: note: ([^ ]+(?:, \w+)*): (.*)/g)) {
        const [first, ...others] = subject.split(', ');
        for (const name of [first, ...others.map((op) => first.replace(/\w+$/, op))]) notes.set(name, note);
    }
    return notes;
}

// The statements of a document that has these fields, one for each: lists below parents, or at the
// root; with the value of the parameter, if there is one.
function statements(sdl, fields) {
    if (fields.length > 15) return [...statements(sdl, fields.slice(0, 15)), ...statements(sdl, fields.slice(15))];
    writeFileSync(`${directory}/document.graphql`, `{ ${fields.map((field, i) => `f${i}: ${field}`).join(' ')} }`);
    const { text, stderr } = run(sdl, 'print', 'sql', `${directory}/document.graphql`);
    assert.equal(stderr, '');
    const isNested = fields[0].startsWith('parents');
    const found = text.split('\n').filter((line) => line.startsWith('SELECT') && line.includes('WITH ORDINALITY') === isNested);
    assert.equal(found.length, fields.length, text);
    return found.map((line) => line.replace(/;$/, ''));
}

// The rows that are read from tables and indexes, whether or not a filter shows them.
function rowsRead({ Plans = [], ...node }) {
    const read = ['Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck'].map((name) => node[name] ?? 0);
    const own = 'Relation Name' in node ? read.reduce((sum, count) => sum + count) * node['Actual Loops'] : 0;
    return Plans.reduce((sum, child) => sum + rowsRead(child), own);
}

// How many pages and rows each statement touches with these settings.
function explained(asked, settings) {
    const explain = ({ sql, value }, i) => `PREPARE s${i} AS ${sql};
        EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) EXECUTE s${i}${sql.includes('$1') ? `('${value}')` : ''};`;
    const plans = psql(
        `SET ROLE linnet_user; SET plan_cache_mode = force_custom_plan; SET jit = off; ${settings}
        ${asked.map(explain).join('\n\\echo ---\n')}`,
        database,
    );
    return plans.split('---\n').map((plan) => {
        const top = JSON.parse(plan)[0].Plan;
        return { pages: top['Shared Hit Blocks'] + top['Shared Read Blocks'], rows: rowsRead(top), plan };
    });
}

// The least that they can be made to touch, whatever PostgreSQL thinks that an index costs.
function work(asked) {
    const either = explained(asked, 'SET enable_seqscan = off;');
    const bitmap = explained(asked, 'SET enable_seqscan = off; SET enable_indexscan = off; SET enable_indexonlyscan = off;');
    return either.map((one, i) => (one.pages + one.rows <= bitmap[i].pages + bitmap[i].rows ? one : bitmap[i]));
}

before(() => {
    psql(`CREATE DATABASE ${database} OWNER linnet_owner TEMPLATE template0`, 'postgres');
    psql(tables, database);
});
after(() => {
    psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, 'postgres');
    rmSync(directory, { recursive: true });
});

const direction = (pick) => pick(['', ' DESC']);
const unique = (list) => [...new Set(list)];

// Lists in three random orders, at the root and below a parent, an order by each column, a
// comparison with each, and a filter.
function randomContract(pick) {
    const names = Object.keys(COLUMNS);
    const orders = [1, 2, 3].map((count) =>
        unique(Array.from({ length: count }, () => pick(names))).map((name) => `${name}${direction(pick)}`).join(', '));
    const lists = orders.map((by, i) => `things${i}(first: Int): [Thing!]! @order(by: "${by}")`);
    return `
        scalar DateTime
        scalar Decimal
        type Query {
            parents(first: Int): [Parent!]!
            sorted(first: Int, orderBy: [ThingOrder!]): [Thing!]!
            filtered(where: ThingFilter): [Thing!]!
            ${lists.join('\n')}
            ${names.map((name) => `by_${name}(${name}: ${COLUMNS[name].type}): [Thing!]!`).join('\n')}
        }
        type Parent @table(name: "parents") { id: ID! ${lists.join('\n')} }
        type Thing @table(name: "things") { id: ID! }
        input ThingOrder @oneOf { ${names.map((name) => `${name}: Direction`).join(' ')} }
        enum Direction { ASC DESC }
        ${filters}`;
}

// A long text has many trigrams; and a whole index on numbers has a hundred pages.
const isLong = (name) => ['s', 'v', 'c', 'words'].includes(name);

// What the contract offers: what a note would be about, and a field that does it.
function offers() {
    const lists = [0, 1, 2];
    return [
        ...Object.entries(COLUMNS).map(([name, { value }]) => ({
            subject: `Query.by_${name}(${name}:)`,
            field: `by_${name}(${name}: ${JSON.stringify(value)}) { id }`,
            value,
            most: isLong(name) ? 150 : 80,
        })),
        ...Object.keys(COLUMNS).map((name) => ({
            subject: `ThingOrder.${name}`,
            field: `sorted(first: 20, orderBy: [{${name}: DESC}]) { id }`,
            most: 150,
        })),
        ...Object.entries(CONDITIONS).flatMap(([name, operators]) =>
            Object.entries(operators).map(([op, [given, value]]) => ({
                subject: `ThingFilter.${name}.${op}`,
                field: `filtered(where: {${name}: {${op}: ${given}}}) { id }`,
                value,
                most: isLong(name) ? 150 : 80,
            })),
        ),
        ...lists.map((i) => ({ subject: `Query.things${i}`, field: `things${i}(first: 20) { id }`, most: 150 })),
        ...lists.map((i) => ({
            subject: `Parent.things${i}`,
            field: `parents(first: 3) { things${i}(first: 20) { id } }`,
            value: '{3,11,17}',
            most: 250,
        })),
    ];
}

suite('a note about indexes', () => {
    test('is true, and there is one wherever it would be', () => {
        const whole = Number(psql(`SELECT pg_relation_size('things') / 8192`, database));
        assert.ok(whole > 500, `${ROWS} rows in ${whole} pages`);
        let noted = 0;
        let served = 0;
        for (let seed = 1; seed <= ROUNDS; seed++) {
            const pick = random(seed);
            const indexes = randomIndexes(pick);
            const hides = pick([false, true]);
            psql(
                `${indexes.map((index, i) => `CREATE INDEX random_${i} ON things ${index};`).join('\n')}
                ALTER POLICY read ON things USING (${hides ? 'id % 1000 <> 7' : 'true'}); VACUUM (ANALYZE) things;`,
                database,
            );
            const sdl = randomContract(pick);
            const notes = check(sdl);
            // Rows that are equal may be few.
            const offered = offers().filter(({ subject }) => !notes.get(subject)?.includes('rows that are equal in'));
            const fields = (isNested) => offered.map(({ field }) => field).filter((field) => field.startsWith('parents') === isNested);
            const sql = [...statements(sdl, fields(false)), ...statements(sdl, fields(true))];
            const done = work(offered.map(({ value }, i) => ({ sql: sql[i], value })));
            for (const [i, { subject, most }] of offered.entries()) {
                const note = notes.get(subject);
                const { pages, rows, plan } = done[i];
                const isServed = pages <= most && rows <= 300;
                const told = `seed ${seed}, ${subject}: ${note ?? 'no note'}, ${pages} pages, ${rows} rows\n${indexes.join('\n')}\nhides: ${hides}\n${plan}`;
                assert.equal(isServed, !note, told);
                if (note) noted++;
                else served++;
            }
            psql(`DROP INDEX ${indexes.map((_, i) => `random_${i}`).join(', ')}`, database);
        }
        assert.ok(noted > 40 && served > 20, `${noted} notes, ${served} without`);
    });

    test('goes when its statement has been run', () => {
        const pick = random(1000);
        const sdl = randomContract(pick);
        psql('ALTER POLICY read ON things USING (true)', database);
        const before = check(sdl);
        assert.ok(before.size > 10);
        const statements = unique([...before.values()].map((note) => /CREATE INDEX .*;|$/.exec(note)[0]));
        psql(statements.join('\n'), database);
        assert.deepEqual([...check(sdl)], []);
    });

    test('is of orders by what is not in the table', () => {
        const notes = check(`
            type Query { things(orderBy: [ThingOrder!]): [Thing!]! parents(orderBy: [ParentOrder!]): [Parent!]! }
            type Thing @table(name: "things") { id: ID! parent: Parent! }
            type Parent @table(name: "parents") { id: ID! things: [Thing!]! @unindexed(reason: "tested above") }
            input ThingOrder @oneOf { parent: ParentOrder id: Direction }
            input ParentOrder @oneOf { things: Direction @count id: Direction }
            enum Direction { ASC DESC }`);
        assert.match(notes.get('ThingOrder.parent'), /^the order reads parents for each row, and no index has it/);
        assert.match(notes.get('ParentOrder.things'), /^the order counts rows of things for each row, and no index has it/);
        assert.equal(notes.get('ThingOrder.id'), undefined);
    });

    test('is of positions that are compared in each row that a policy shows', () => {
        const sdl = `
            type Query { pages(first: Int, after: String): ThingConnection! @order(by: "n") }
            type Thing @table(name: "things") { id: ID! }
            type ThingConnection { edges: [ThingEdge]! pageInfo: PageInfo! }
            type ThingEdge { node: Thing cursor: String! }
            type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;
        psql('CREATE INDEX IF NOT EXISTS things_n ON things (n, id); ALTER POLICY read ON things USING (id <> 7)', database);
        assert.match(check(sdl).get('Query.pages'), /^table things hides rows by a policy, and a comparison of numeric is not leakproof/);
        psql('ALTER POLICY read ON things USING (true)', database);
        assert.deepEqual([...check(sdl)], []);
    });

    test('is of functions of the row, unless an index is on one', () => {
        const sdl = `
            type Query { things(orderBy: [ThingOrder!], where: ThingFilter): [Thing!]! }
            type Thing @table(name: "things") { id: ID! }
            input ThingOrder @oneOf { half: Direction @function(name: "half")  now: Direction @function(name: "since") }
            input ThingFilter { half: Int @function(name: "half")  now: Int @function(name: "since") }
            enum Direction { ASC DESC }`;
        psql(`SET ROLE linnet_owner;
            CREATE FUNCTION half(things) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.id / 2;
            CREATE FUNCTION since(things) RETURNS int LANGUAGE sql STABLE RETURN extract(epoch FROM now())::int - $1.id;`, database);
        const notes = check(sdl);
        assert.match(notes.get('ThingOrder.half'), /^no index of things has the order half\(things\.\*\), id, .*; CREATE INDEX ON things \(half\(things\.\*\), id\);$/);
        assert.match(notes.get('ThingFilter.half'), /^no index finds rows of things by half, .*; CREATE INDEX ON things \(half\(things\.\*\)\);$/);
        assert.match(notes.get('ThingOrder.now'), /^the order calls since\(\) for each row, and no index has it/);
        assert.match(notes.get('ThingFilter.now'), /only an IMMUTABLE function can have an index/);
        psql('CREATE INDEX things_half ON things (half(things.*), id); ANALYZE things', database);
        assert.deepEqual([...check(sdl).keys()].sort(), ['ThingFilter.now', 'ThingOrder.now']);
        for (const field of ['things(where: { half: 77 }) { id }', 'things(orderBy: { half: DESC }) { id }'])
            assert.match(psql(`SET ROLE linnet_anon; EXPLAIN ${statements(sdl, [field])[0].replace(/\$1/g, '77')}`, database), /things_half/, field);
        psql('DROP INDEX things_half', database);
    });

    test('is of pages of a function that PostgreSQL does not inline', () => {
        const sdl = (name) => `
            type Query { pages(first: Int, after: String): ThingConnection! @function(name: "${name}") }
            type Thing @table(name: "things") { id: ID! }
            type ThingConnection { edges: [ThingEdge]! pageInfo: PageInfo! }
            type ThingEdge { node: Thing cursor: String! }
            type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;
        const make = (name, how) => `CREATE FUNCTION ${name}() RETURNS SETOF things STABLE ${how};`;
        psql(`SET ROLE linnet_owner; ${make('inlined', "LANGUAGE sql AS 'SELECT * FROM things'")} ${make('strict', "STRICT LANGUAGE sql AS 'SELECT * FROM things'")}
            ${make('configured', "SET work_mem = '1MB' LANGUAGE sql AS 'SELECT * FROM things'")}
            ${make('plain', "LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT * FROM things; END'")}`, database);
        for (const name of ['strict', 'configured', 'plain'])
            assert.match(check(sdl(name)).get('Query.pages'), new RegExp(`^PostgreSQL does not inline function ${name}, so that each page makes all of its rows`));
        assert.deepEqual([...check(sdl('inlined'))], []);
        for (const name of ['inlined', 'strict', 'plain'])
            assert.equal(psql(`EXPLAIN ${statements(sdl(name), ['pages(first: 2) { edges { cursor } }'])[0]}`, database).includes('Function Scan'), name !== 'inlined', name);
    });

    test('for equality is of the kind that holds all values, and finds the equal ones', () => {
        const columns = { long: 'text', odd: 'text COLLATE odd', short: 'varchar(20)', number: 'int' };
        psql(`CREATE COLLATION odd (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE kinds (id int PRIMARY KEY, ${Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)});
            ALTER TABLE kinds ENABLE ROW LEVEL SECURITY; CREATE POLICY read ON kinds USING (true); GRANT SELECT ON kinds TO linnet_anon, linnet_user, linnet_staff;`, database);
        const schema = `type Query { kinds(long: String, odd: String, short: String, number: Int): [Kind!]! } type Kind @table(name: "kinds") { id: ID! }`;
        const mends = [...check(schema).values()].map((note) => note.replace(/.*; /, '').replace(/;$/, ''));
        assert.deepEqual(mends.map((mend) => mend.replaceAll('"', '')), [
            'CREATE INDEX ON kinds USING spgist (long)',
            'CREATE INDEX ON kinds USING hash (odd)',
            'CREATE INDEX ON kinds (short)',
            'CREATE INDEX ON kinds (number)',
        ]);
        for (const mend of mends) psql(mend, database);
        psql("INSERT INTO kinds SELECT i, (SELECT string_agg(md5(i::text || j), '') FROM generate_series(1, 200) j), 'A' || i, 'a' || i, i FROM generate_series(1, 2000) i; ANALYZE kinds", database);
        assert.deepEqual([...check(schema)], []);
        const found = (column, value) => psql(`SET enable_seqscan = off; SELECT count(*) FROM kinds WHERE "${column}" = ${value}`, database);
        for (const [column, value] of [['long', '(SELECT long FROM kinds WHERE id = 7)'], ['odd', "'a7'"], ['short', "'a7'"], ['number', '7']])
            assert.equal(found(column, value), '1', column);
    });

    test('is silenced by @unindexed', () => {
        psql(`CREATE TABLE bare (id int PRIMARY KEY, parent_id int REFERENCES parents, a int);
            ALTER TABLE bare ENABLE ROW LEVEL SECURITY; CREATE POLICY read ON bare USING (true); GRANT SELECT ON bare TO linnet_anon, linnet_user, linnet_staff;`, database);
        const schema = (silence) => `
            type Query { bares(a: Int ${silence}, orderBy: [BareOrder!]): [Bare!]! @order(by: "a") ${silence} parents: [Parent!]! }
            type Parent @table(name: "parents") { id: ID! bares: [Bare!]! ${silence} }
            type Bare @table(name: "bare") { id: ID! }
            input BareOrder @oneOf { a: Direction ${silence} }
            enum Direction { ASC DESC }`;
        assert.deepEqual([...check(schema('')).keys()].sort(), ['BareOrder.a', 'Parent.bares', 'Query.bares', 'Query.bares(a:)']);
        assert.deepEqual([...check(schema('@unindexed(reason: "small")'))], []);
        assert.equal(run(schema(''), 'check', '--strict').status, 1);
        assert.equal(run(schema('@unindexed(reason: "small")'), 'check', '--strict').status, 0);
    });
});
