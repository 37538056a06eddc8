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
    ${open('notes')} ${open('wide')}`,
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
