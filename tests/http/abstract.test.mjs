// abstract.test.mjs - lists of interfaces and unions on a database of their own: their pages
// against PostgreSQL's own answer, how far PostgreSQL reads for them, and how wide they may be.
//
// What they are otherwise is in tests/corpus/abstract, whose contract and database these are.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { program, root, sockets } from './lib/environment.mjs';

const DATABASE = 'linnet_abstract';
const folder = `${root}/tests/corpus/abstract`;
const directory = mkdtempSync(`${tmpdir()}/linnet-abstract.`);
after(() => rmSync(directory, { recursive: true }));

execFileSync('psql', ['--no-psqlrc', '--quiet', '--dbname=postgres', `--file=${folder}/database.sql`]);

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

function linnet(words, document, { contract = `${folder}/schema.graphql`, ...limits } = {}) {
    const settings = {
        contract,
        database: `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`,
        ...limits,
    };
    const { stdout, stderr, status } = spawnSync(
        program,
        [...words, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
        { input: document, env: environment, encoding: 'utf8' },
    );
    assert.equal(stderr, '', document.slice(0, 200));
    return { text: stdout, status };
}

const answer = (document, settings) => JSON.parse(linnet(['query', '-'], document, settings).text);
function ask(document, settings) {
    const { data, errors } = answer(document, settings);
    assert.equal(errors, undefined, JSON.stringify(errors)?.slice(0, 2000));
    return data;
}

// The rows of a query, one a line, its columns separated by |.
const lines = (sql) => psql(sql, DATABASE).split('\n');

const ENTRIES = `
    SELECT 'Task' AS type, id, created_at FROM items WHERE kind = 'task'
    UNION ALL SELECT 'Note', id, created_at FROM items WHERE kind = 'NOTE'
    UNION ALL SELECT 'Comment', id, created_at FROM comments`;

suite('pages over several tables', () => {
    // Four items and two comments of each minute: whatever a page's size, it ends among equals.
    for (const size of [7, 100])
        test(`${size} rows a page, to the end of some thousand`, () => {
            const expected = lines(
                `SELECT type || id FROM (${ENTRIES}) e ORDER BY created_at, type, id LIMIT ${size * 12}`,
            );
            const seen = [];
            for (let skip = 0; skip < size * 12; skip += size) {
                const { entries } = ask(`{ entries(first: ${size}, skip: ${skip}) { __typename id } }`);
                seen.push(...entries.map((entry) => entry.__typename + entry.id));
            }
            assert.deepEqual(seen, expected);
        });

    test('the last page is what is left', () => {
        const count = Number(psql(`SELECT count(*) FROM (${ENTRIES}) e`, DATABASE));
        const { a, b } = ask(`{
            a: entries(first: 100, skip: ${count - 3}) { id }
            b: entries(first: 100, skip: ${count}) { id }
        }`);
        assert.equal(a.length, 3);
        assert.deepEqual(b, []);
    });

    test('a page for each parent', () => {
        const { people } = ask('{ people { id traces(first: 5, skip: 2) { __typename ... on Comment { id } } } }');
        for (const { id, traces } of people) {
            const expected = lines(`
                SELECT type || coalesce(id::text, '') FROM (
                    SELECT 'Comment' AS type, id FROM comments WHERE author_id = ${id}
                    UNION ALL SELECT 'Birthday', NULL FROM notices WHERE person_id = ${id} AND sort = 'birthday'
                    UNION ALL SELECT 'Alarm', NULL FROM notices WHERE person_id = ${id} AND sort LIKE 'it%'
                ) t ORDER BY type, id OFFSET 2 LIMIT 5`);
            assert.deepEqual(
                traces.map((trace) => trace.__typename + (trace.id ?? '')),
                expected,
            );
        }
    });
});

// The nodes of a statement's plan, as PostgreSQL went through it.
function explain(statement, parameters) {
    const [, types] = statement.match(/^-- .*?(?:: (.*))?$/m);
    const names = [...(types ?? '').matchAll(/ :: ([a-z ]+(\[\])?)/g)].map(([, name]) => name);
    const sql = statement.replace(/^--.*\n/, '').replace(/;\s*$/, '');
    const text = psql(
        `SET ROLE linnet_anon; SET random_page_cost = 1.1; SET plan_cache_mode = force_${parameters.length ? 'custom' : 'generic'}_plan;
         PREPARE s${names.length ? `(${names.join(', ')})` : ''} AS ${sql};
         EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE s${parameters.length ? `(${parameters.join(', ')})` : ''};`,
        DATABASE,
    );
    const nodes = [];
    const visit = (node) => {
        nodes.push(node);
        node.Plans?.forEach(visit);
    };
    visit(JSON.parse(text)[0].Plan);
    return nodes;
}

const statements = (document) => linnet(['print', 'sql'], document).text.split(/(?=^-- )/m);
// How many rows of tables each node reads, over all its loops.
const reads = (nodes) =>
    nodes
        .filter((node) => node['Relation Name'])
        .map((node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']);

// Of thousands; an index that does not tell the types apart shows rows of all three in turn.
suite('how far PostgreSQL reads', () => {
    test('each branch to the limit', () => {
        const [sql] = statements('{ entries(first: 10) { __typename id ... on Note { body owner { name } } } }');
        const nodes = explain(sql, []);
        const tables = nodes.filter((node) => ['items', 'comments'].includes(node['Relation Name']));
        assert.equal(tables.length, 3);
        for (const node of tables) assert.match(node['Node Type'], /Index/);
        assert.ok(Math.max(...reads(tables)) <= 3 * 10, JSON.stringify(reads(tables)));
    });

    // The rows of ten tasks are some 130; those of all items would be 330.
    test('lists below a type for its rows alone', () => {
        const { items } = ask(
            `{ items(first: 30, orderBy: { createdAt: ASC }) {
                ... on Task { comments { id author { tasks(first: 1) { id } } } }
            } }`,
            { limit_nodes: 200 },
        );
        assert.equal(items.filter(({ comments }) => comments?.length === 10).length, 10);
    });

    test('each branch to what is skipped and shown', () => {
        const [sql] = statements('{ entries(first: 10, skip: 40) { __typename id } }');
        const nodes = explain(sql, [40]);
        assert.ok(Math.max(...reads(nodes)) <= 3 * 50, JSON.stringify(reads(nodes)));
        assert.ok(Math.max(...reads(nodes)) >= 50, JSON.stringify(reads(nodes)));
    });

    test('each branch to the limit, for each parent', () => {
        const [, sql, ahead] = statements('{ people { traces(first: 3) { ... on Comment { id body } } } }');
        for (const nodes of [explain(sql, [`'{1,2,3,4}'`]), explain(ahead, [])]) {
            const comments = nodes.filter((node) => node['Relation Name'] === 'comments');
            assert.equal(comments.length, 1);
            assert.ok(reads(comments)[0] <= 12, JSON.stringify(comments));
        }
    });
});

// A row is of one type: what is asked of the others is not asked of it as well.
suite('rows that are asked for', () => {
    const document = `{ items(first: 10) {
        ... on Task { comments(first: 100) { id } }
        ... on Note { remarks(first: 100) { id } }
    } }`;

    test('as many as the limit', () => assert.equal(ask(document, { limit_nodes: 1000 }).items.length, 10));

    test('one more', () => {
        const { data, errors } = answer(document, { limit_nodes: 999 });
        assert.equal(data, undefined);
        assert.deepEqual([errors[0].extensions.code, errors[0].extensions.limit], ['LIMIT_EXCEEDED', 'nodes']);
    });
});

suite('columns', () => {
    // Each level is a join and some columns more.
    const nested = (levels) => {
        let selections = '{ __typename }';
        for (let level = 0; level < levels; level++)
            selections = `{ title owner { name } ... on Task { due label assignee { id name } } ... on Event { parent ${selections} } }`;
        return `{ items(first: 2) ${selections} }`;
    };

    test('as many as the limit, and not one more', () => {
        const settings = { limit_columns: 100 };
        const results = [];
        for (const levels of [1, 8, 12, 14, 15, 16, 17, 18, 20]) {
            const [sql] = statements(nested(levels));
            const columns = sql.match(/SELECT (.*?) FROM/)[1].split(', ').length;
            const { errors } = answer(nested(levels), settings);
            results.push({ columns, isRefused: errors !== undefined });
            if (errors)
                assert.deepEqual(
                    { code: errors[0].extensions.code, limit: errors[0].extensions.limit, maximum: errors[0].extensions.maximum },
                    { code: 'LIMIT_EXCEEDED', limit: 'columns', maximum: 100 },
                );
        }
        // What orders and joins the rows may be some columns more.
        for (const { columns, isRefused } of results) {
            if (columns > 100) assert.ok(isRefused, String(columns));
            if (columns <= 95) assert.ok(!isRefused, String(columns));
        }
        assert.ok(results.some(({ isRefused }) => isRefused) && results.some(({ isRefused }) => !isRefused));
    });
});

suite('rows of 900 columns', () => {
    // Joined to rows of the same table: PostgreSQL's bound is 1,664.
    const names = Array.from({ length: 900 }, (_, number) => `c${number}`);
    // Here, since the catalog of all others would have them, too.
    before(() =>
        psql(
            `CREATE TABLE wide (id integer PRIMARY KEY, other_id integer REFERENCES wide, ${names.map((name) => `${name} integer`).join(', ')});
             INSERT INTO wide (id, other_id) VALUES (1, 1);
             GRANT SELECT ON wide TO linnet_anon`,
            DATABASE,
        ),
    );
    const contract = `${directory}/wide.graphql`;
    writeFileSync(
        contract,
        `type Query { wide: [Wide!]! }
         type Wide @table(name: "wide") { other: Wide @join(column: "other_id") ${names.map((name) => `${name}: Int`).join(' ')} }`,
    );
    const ofWide = (count) =>
        `{ wide { ${names.join(' ')} other { ${names.slice(0, count).join(' ')} } } }`;

    test('what PostgreSQL can show is shown', () => {
        const { wide } = ask(ofWide(690), { contract });
        assert.equal(Object.keys(wide[0]).length, 901);
        assert.equal(Object.keys(wide[0].other).length, 690);
    });

    test('what it cannot is refused before it is asked', () => {
        const { data, errors } = answer(ofWide(790), { contract });
        assert.equal(data, undefined);
        assert.deepEqual([errors[0].extensions.code, errors[0].extensions.limit], ['LIMIT_EXCEEDED', 'columns']);
    });
});
