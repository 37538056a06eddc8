// lists_odd.test.mjs - pages, filters and orders on databases that are made in other ways than ours: collations, texts
// that are too long, terms of orders that PostgreSQL refuses.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Application, open } from './lib/application.mjs';

const application = new Application(
    'lists_odd',
    `CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL);
    INSERT INTO notes VALUES (1, 'short'), (2, repeat('long ', 20000)), (3, 'shorter');
    CREATE TABLE wide (id int PRIMARY KEY, owner_id int REFERENCES wide, ${Array.from({ length: 40 }, (_, i) => `c${i} int`).join()});
    CREATE FUNCTION last(wide) RETURNS int LANGUAGE sql STABLE RETURN $1.c0;
    REVOKE EXECUTE ON FUNCTION last FROM PUBLIC;
    CREATE EXTENSION hstore;
    CREATE TABLE pairs (id int PRIMARY KEY, pairs hstore);
    CREATE TABLE swedes (id int PRIMARY KEY, name text COLLATE "sv-x-icu", seen int);
    CREATE TABLE germans (id int PRIMARY KEY, name text COLLATE "de-x-icu", seen int);
    INSERT INTO swedes SELECT i, 'n' || i % 4, CASE WHEN i % 3 > 0 THEN i / 4 END FROM generate_series(1, 20) i;
    INSERT INTO germans SELECT i, 'n' || i % 4, CASE WHEN i % 4 > 0 THEN i / 3 END FROM generate_series(1, 20) i;
    ${open('notes')} ${open('wide')} ${open('pairs')} ${open('swedes')} ${open('germans')}`,
);

const page = (name, node) => `
    type ${name}Page { pageInfo: PageInfo! edges: [${name}Edge]! totalCount: Int! }
    type ${name}Edge { node: ${node} cursor: String! }`;
const common = `
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    enum Direction { ASC DESC }`;

suite('a cursor', () => {
    const contract = `
        type Query { notes(first: Int, after: String): NotePage! @order(by: "body") @unindexed(reason: "long") }
        type Note @table(name: "notes") { id: ID! } ${page('Note', 'Note')} ${common}`;

    test('that would be longer than an argument may be is an error, and the row is there without it', () => {
        const { stdout } = application.run(contract, 'query', ['-'], '{ notes { edges { cursor node { id } } pageInfo { startCursor endCursor } } }');
        const { data, errors } = JSON.parse(stdout);
        assert.equal(data.notes.edges[0], null);
        assert.deepEqual(data.notes.edges.slice(1).map(({ node }) => node.id), ['1', '3']);
        assert.equal(data.notes.pageInfo.startCursor, null);
        assert.deepEqual(
            errors.map(({ message, path, extensions: { code, limit, maximum } }) => [message, path.join('.'), code, limit, maximum]),
            ['notes.edges.0.cursor', 'notes.pageInfo.startCursor'].map((path) =>
                ['The row has no cursor: what it is sorted by is too long.', path, 'LIMIT_EXCEEDED', 'json_string', 65536]),
        );
        const rest = application.ask(contract, '{ notes { edges { node { id } } } }');
        assert.deepEqual(rest.notes.edges.map(({ node }) => node.id), ['2', '1', '3']);
    });
});

suite('check tries each term of an order', () => {
    const columns = Array.from({ length: 40 }, (_, i) => `c${i}: Direction`).join(' ');
    const contract = (terms, argument = '[Order!]') => `
        type Query { wide(orderBy: ${argument}): [Wide!]! @unindexed(reason: "small") }
        type Wide @table(name: "wide") { id: ID! owner: Wide @join(column: "owner_id") }
        input Order @oneOf { ${terms} } enum Direction { ASC DESC }`;
    const refused = /Query\.wide\(orderBy:\): .*function last/;

    for (const [what, terms, argument] of [
        ['beyond the thirtieth', `${columns} last: Direction @function(name: "last")`],
        ['of one that is no list', 'c1: Direction last: Direction @function(name: "last")', 'Order'],
        ['of a joined row', 'owner: Inner } input Inner @oneOf { c1: Direction last: Direction @function(name: "last")'],
        ['of a row joined to itself', 'owner: Order c1: Direction'],
    ])
        test(what, () => {
            const { lines, status } = application.check(contract(terms, argument));
            if (terms.includes('last')) assert.match(lines.join('\n'), refused);
            else assert.equal(status, 0, lines.join('\n'));
        });
});

test('an order of an enum that is longer than limit_order_terms is a misfit', () => {
    const contract = (...terms) => `
        type Query { wide(orderBy: Sorting): [Wide!]! @unindexed(reason: "small") }
        type Wide @table(name: "wide") { id: ID! }
        enum Sorting { ID_ASC MANY @order(by: "${terms.join(', ')}") }`;
    const five = ['c1', 'c2 DESC', 'c3', 'c4', 'c5', 'c1 DESC'];
    assert.equal(application.check(contract(...five)).status, 0);
    assert.equal(application.ask(contract(...five), '{ wide(orderBy: MANY) { id } }').wide.length, 0);
    const { lines, status } = application.check(contract(...five, 'c6'));
    assert.equal(status, 1);
    assert.match(lines[0], /^4:31: Sorting\.MANY: the order has 6 terms, more than limit_order_terms \(5\), .*; shorten it, or raise the limit\.$/);
});

suite('rows of several tables', () => {
    const contract = (term) => `
        type Query { all(first: Int, after: String, last: Int, before: String, orderBy: [Order!]): AllPage! }
        union All = Swede | German
        type Swede @table(name: "swedes") { id: ID! } type German @table(name: "germans") { id: ID! }
        input Order @oneOf { ${term}: Direction } ${page('All', 'All')} ${common.replace('ASC DESC', 'ASC DESC ASC_NULLS_FIRST DESC_NULLS_LAST')}`;

    test('are not ordered by texts in two collations', () => {
        const { lines, status } = application.check(contract('name'));
        assert.equal(status, 1);
        assert.match(lines[0], /Query\.all\(orderBy:\): .* name of swedes has the collation sv-x-icu, and column name of germans de-x-icu; they must/);
    });

    test('by a column that may be null are all there, page by page, and each part of a page is cut', () => {
        for (const direction of ['ASC', 'DESC', 'ASC_NULLS_FIRST', 'DESC_NULLS_LAST']) {
            const read = (args) =>
                application.ask(contract('seen'), `{ all(orderBy: [{ seen: ${direction} }], ${args}) { edges { cursor node { __typename ... on Swede { id } ... on German { id } } } } }`).all.edges;
            const all = read('first: 100');
            assert.equal(all.length, 40);
            for (const at of [0, 5, 14, 27, 33, 38]) {
                assert.deepEqual(read(`first: 3, after: "${all[at].cursor}"`), all.slice(at + 1, at + 4));
                assert.deepEqual(read(`last: 3, before: "${all[at].cursor}"`), all.slice(Math.max(at - 3, 0), at));
            }
        }
    });

    test('have no cursor without the key of one of them', () => {
        // A version, a seal, the hash of an order, and which terms are null: all, or all but the column.
        for (const nulls of [7, 6]) {
            const cells = nulls === 7 ? [] : [4, 0, 0, 0, 1];
            const cursor = Buffer.from([1, ...Array(12).fill(0), nulls, ...cells]).toString('base64url');
            for (const [head, after] of [['query', `"${cursor}"`], [`query ($cursor: String = "${cursor}")`, '$cursor']]) {
                const document = `${head} { all(orderBy: [{ seen: ASC }], after: ${after}) { edges { cursor } } }`;
                const { errors, data } = JSON.parse(application.run(contract('seen'), 'query', ['-'], document).stdout);
                assert.deepEqual([data, errors?.map(({ message }) => message)], [null, ['"after" is no cursor.']]);
            }
        }
    });
});

test('a page by a column without a `<` is a misfit, and a list is none', () => {
    const contract = (type, args) => `
        type Query { pairs(first: Int${args}, orderBy: [Order!]): ${type}! }
        type Pair @table(name: "pairs") { id: ID! }
        input Order @oneOf { ${Array.from({ length: 2 }, (_, i) => `o${i}`).map((name) => `${name}: Direction @column(name: "pairs") @unindexed(reason: "small")`).join(' ')} }
        ${page('Pair', 'Pair')} ${common}`;
    assert.equal(application.check(contract('[Pair!]', '')).status, 0);
    const { lines, status } = application.check(contract('PairPage', ', after: String'));
    assert.equal(status, 1, lines.join('\n'));
    assert.match(lines[0], /Query\.pairs\(orderBy:\): PostgreSQL refuses it .* operator does not exist: hstore/);
});
