// odd_columns.test.mjs - columns whose values PostgreSQL's operators take in another way than others:
// domains over enums, composite values, arrays beside the extension intarray.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Application, open } from './lib/application.mjs';

const application = new Application(
    'odd_columns',
    `CREATE EXTENSION intarray;
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'Good');
    CREATE DOMAIN calm AS mood;
    CREATE DOMAIN strong AS calm CHECK (VALUE::mood <> 'sad');
    CREATE TYPE size AS (width int, height int);
    CREATE TABLE moods (mood strong PRIMARY KEY, kind calm NOT NULL UNIQUE);
    CREATE TABLE things (
        id int PRIMARY KEY, mood strong, size size, codes int[], kind calm NOT NULL DEFAULT 'ok');
    INSERT INTO moods VALUES ('ok', 'sad'), ('Good', 'ok');
    INSERT INTO things VALUES
        (1, 'ok', (1, 2), '{1,2}', 'ok'), (2, NULL, (NULL, NULL), '{1,NULL}', 'ok'), (3, 'Good', NULL, NULL, 'sad'),
        (4, 'ok', (NULL, 2), '{3}', 'sad'), (5, NULL, NULL, '{}', 'ok'), (6, 'Good', (NULL, NULL), '{}', 'Good');
    CREATE INDEX ON things (mood, id);
    CREATE FUNCTION of_mood(mood strong) RETURNS SETOF things LANGUAGE sql STABLE
        RETURN (SELECT t FROM things t WHERE t.mood::mood = of_mood.mood::mood ORDER BY id LIMIT 1);
    ${open('moods')} ${open('things')}`,
);

const contract = `
    scalar Text
    enum Mood { sad ok GOOD @label(of: "Good") }
    enum Direction { ASC DESC ASC_NULLS_FIRST DESC_NULLS_LAST }
    type Query {
        things(mood: Mood, where: Filter, orderBy: [Order!], first: Int, skip: Int): [Thing!]!
        pages(where: Filter, orderBy: [Order!], first: Int, after: String, last: Int, before: String): Pages!
        moods: [MoodRow!]!
        mood(mood: Mood!): MoodRow
        ofMood(mood: Mood!): [Thing!]! @function(name: "of_mood")
        kinds: [Kind!]!
        all: All! @unindexed(reason: "few")
    }
    type Thing @table(name: "things") { id: ID! mood: Mood size: Text row: MoodRow @join(column: "mood", to: "mood") ofKind: MoodRow @join(column: "kind", to: "kind") }
    type MoodRow @table(name: "moods") { mood: Mood! things(where: Filter): [Thing!]! @join(column: "mood", to: "mood") }
    interface Kind @table(name: "things") @discriminator(column: "kind") { id: ID! }
    type Calm implements Kind @table(name: "things") @variant(value: "ok") { id: ID! }
    type Sad implements Kind @table(name: "things") @variant(value: "sad") { id: ID! }
    type Good implements Kind @table(name: "things") @variant(value: "Good") { id: ID! }
    type All @table(name: "things") @aggregate { count: Int! max: Most! min: Most! }
    type Most { mood: Mood }
    type Pages { pageInfo: PageInfo! edges: [Edge]! }
    type Edge { node: Thing cursor: String! }
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    input Filter { mood: MoodOperators size: SizeOperators codes: CodesOperators row: RowFilter not: Filter }
    input RowFilter { mood: MoodOperators }
    input MoodOperators { eq: Mood ne: Mood in: [Mood!] nin: [Mood!] gt: Mood lte: Mood isNull: Boolean }
    input SizeOperators { isNull: Boolean }
    input CodesOperators { has: Int hasAll: [Int!] hasAny: [Int!] within: [Int!] isEmpty: Boolean }
    input Order @oneOf { mood: Direction size: Direction id: Direction }`;

const ids = (rows) => rows.map(({ id }) => Number(id));
const found = (where) => ids(application.ask(contract, `{ things(where: ${where}) { id } }`).things);

// All pages of two rows, forwards or backwards.
function walk(orderBy, isBackwards) {
    const seen = [];
    for (let cursor = null, i = 0; i < 10; i++) {
        const words = isBackwards ? ['last', 'before', 'startCursor', 'hasPreviousPage'] : ['first', 'after', 'endCursor', 'hasNextPage'];
        const args = `${words[0]}: 2, orderBy: ${orderBy}${cursor ? `, ${words[1]}: "${cursor}"` : ''}`;
        const { pages } = application.ask(contract, `{ pages(${args}) { edges { node { id } } pageInfo { ${words[2]} ${words[3]} } } }`);
        const page = ids(pages.edges.map(({ node }) => node));
        seen.splice(isBackwards ? 0 : seen.length, 0, ...page);
        if (!pages.pageInfo[words[3]]) return seen;
        cursor = pages.pageInfo[words[2]];
    }
    throw new Error(`it goes round: ${seen}`);
}

suite('a domain over an enum', () => {
    test('is compared with', () => {
        assert.deepEqual(ids(application.ask(contract, '{ things(mood: ok) { id } }').things), [1, 4]);
        for (const [where, expected] of [
            ['{mood: {eq: GOOD}}', [3, 6]],
            ['{mood: {eq: sad}}', []],
            ['{mood: {ne: ok}}', [2, 3, 5, 6]],
            ['{mood: {in: [ok, GOOD]}}', [1, 3, 4, 6]],
            ['{mood: {nin: [ok]}}', [2, 3, 5, 6]],
            ['{mood: {gt: ok}}', [3, 6]],
            ['{mood: {lte: ok}}', [1, 4]],
            ['{mood: {isNull: true}}', [2, 5]],
            ['{row: {mood: {eq: ok}}}', [1, 4]],
        ])
            assert.deepEqual(found(where), expected, where);
    });

    test('is a key', () => {
        const data = application.ask(contract, `{
            mood(mood: GOOD) { mood things { id } } moods { mood things(where: {mood: {eq: ok}}) { id row { mood } } }
            things { id row { mood } ofKind { mood } } ofMood(mood: GOOD) { id } }`);
        assert.deepEqual(data.mood, { mood: 'GOOD', things: [{ id: '3' }, { id: '6' }] });
        assert.deepEqual(data.moods, [
            { mood: 'ok', things: [{ id: '1', row: { mood: 'ok' } }, { id: '4', row: { mood: 'ok' } }] },
            { mood: 'GOOD', things: [] },
        ]);
        assert.deepEqual(data.things.map(({ row }) => row?.mood ?? null), ['ok', null, 'GOOD', 'ok', null, 'GOOD']);
        assert.deepEqual(data.things.map(({ ofKind }) => ofKind?.mood ?? null), ['GOOD', 'GOOD', 'ok', 'ok', 'GOOD', null]);
        assert.deepEqual(ids(data.ofMood), [3]);
    });

    test('tells types apart, and is a value of aggregates', () => {
        const { kinds, all } = application.ask(contract, '{ kinds { __typename id } all { min { mood } max { mood } } }');
        assert.deepEqual(kinds.map(({ __typename, id }) => `${__typename} ${id}`), ['Calm 1', 'Calm 2', 'Sad 3', 'Sad 4', 'Calm 5', 'Good 6']);
        assert.deepEqual(all, { min: { mood: 'ok' }, max: { mood: 'GOOD' } });
    });

    test('orders pages', () => {
        for (const [orderBy, expected] of [
            ['{mood: ASC}', [1, 4, 3, 6, 2, 5]],
            ['[{mood: DESC}, {id: DESC}]', [5, 2, 6, 3, 4, 1]],
            ['[{mood: DESC_NULLS_LAST}]', [6, 3, 4, 1, 5, 2]],
        ])
            for (const isBackwards of [false, true])
                assert.deepEqual(walk(orderBy, isBackwards), expected, `${orderBy} ${isBackwards}`);
    });

    test('is found by its index', () => {
        const { stdout } = application.run(contract, 'print', ['sql', '-'], '{ things(where: {mood: {eq: ok}}) { id } }');
        const sql = stdout.split('\n').find((line) => line.startsWith('SELECT')).replace('$1', "'ok'");
        assert.match(application.psql(`SET enable_seqscan = off; EXPLAIN ${sql}`), /things_mood_id_idx/);
    });
});

suite('a composite value', () => {
    test('whose fields are null is not null', () => {
        assert.deepEqual(application.ask(contract, '{ things { size } }').things.map(({ size }) => size), ['(1,2)', '(,)', null, '(,2)', null, '(,)']);
        assert.deepEqual(found('{size: {isNull: true}}'), [3, 5]);
        assert.deepEqual(found('{size: {isNull: false}}'), [1, 2, 4, 6]);
        assert.deepEqual(found('{not: {size: {isNull: true}}}'), [1, 2, 4, 6]);
    });

    test('orders pages, each row once', () => {
        for (const [orderBy, expected] of [
            ['{size: ASC}', [1, 4, 2, 6, 3, 5]],
            ['{size: DESC}', [5, 3, 6, 2, 4, 1]],
            ['{size: ASC_NULLS_FIRST}', [3, 5, 1, 4, 2, 6]],
            ['[{size: DESC_NULLS_LAST}, {id: ASC}]', [2, 6, 4, 1, 3, 5]],
        ])
            for (const isBackwards of [false, true])
                assert.deepEqual(walk(orderBy, isBackwards), expected, `${orderBy} ${isBackwards}`);
    });
});

test('an array of integers may hold a null, also where intarray is', () => {
    for (const [where, expected] of [
        ['{codes: {has: 1}}', [1, 2]],
        ['{codes: {hasAll: [1, 2]}}', [1]],
        ['{codes: {hasAny: [2, 3]}}', [1, 4]],
        ['{codes: {within: [1, 2]}}', [1, 5, 6]],
        ['{codes: {isEmpty: true}}', [5, 6]],
    ])
        assert.deepEqual(found(where), expected, where);
});
