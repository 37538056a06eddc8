// scans.test.mjs - every query of the public contract, on many links: PostgreSQL reads the rows that
// are shown and those that lead to them, and no table whole.
//
// What it read is counted by PostgreSQL itself, for each table.  With --full there are 10^5 links
// and 10^6 votes.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { program, root, sockets } from './lib/environment.mjs';

const SCALE = process.env.CHECK_FULL === 'yes' ? 10 : 1;
const database = `scans_${process.pid}`;
const conninfo = (user) => `host=${sockets}/postgresql dbname=${database} user=${user}`;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

before(() => {
    psql(`CREATE DATABASE ${database} OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
    execFileSync(program, ['migrate', '--migrations', `${root}/sql`, '--database', conninfo('linnet_owner')], { env: environment });
    execFileSync('psql', [
        ...['--no-psqlrc', '--quiet', `--set=scale=${SCALE}`, `--file=${root}/bench/dataset.sql`, conninfo('linnet_owner')],
    ]);
});
after(() => psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, 'postgres'));

function ask(document) {
    const { stdout, stderr } = spawnSync(
        program,
        [
            ...['query', '-', '--as', '5', '--contract', `${root}/sql/schema.graphql`],
            ...['--database', conninfo('linnet_login')],
        ],
        { input: document, env: environment, encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const { data, errors } = JSON.parse(stdout);
    assert.equal(errors, undefined, `${document}\n${stdout}`);
    return data;
}

// The rows that PostgreSQL read since the last call, of each table of the application.
const counts = () =>
    JSON.parse(
        psql(
            `SELECT json_object_agg(relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
                    + coalesce((SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid), 0))
            FROM pg_stat_user_tables t WHERE schemaname = 'public'`,
            database,
        ),
    );

function rowsRead(document) {
    const earlier = counts();
    const data = ask(document);
    const later = counts();
    return { data, read: Object.fromEntries(Object.keys(later).map((name) => [name, later[name] - earlier[name]])) };
}

// Each row is found in an index and in its table, and some are read to be thrown away.
function assertFew(document, most) {
    const { data, read } = rowsRead(document);
    for (const [table, count] of Object.entries(read)) assert.ok(count <= most, `${document}: ${count} rows of ${table}`);
    return data;
}

const link = 'id url description createdAt voteCount viewerHasVoted postedBy { id username }';
const connection = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id url postedBy { username } } }`;
const orders = ['hot', 'createdAt', 'voteCount', 'url'].flatMap((name) => [`{${name}: ASC}`, `{${name}: DESC}`]);
const id = (key) => Buffer.from(`LinkNode:${key}`).toString('base64');

suite('no query reads a whole table', () => {
    const documents = [
        '{ me { username email lastLogin } mySessions { id } }',
        '{ users(first: 20) { username } }',
        '{ user(id: 77) { username dateJoined email } }',
        '{ user(username: "user77") { id } }',
        '{ allLinks(first: 20) { id } }',
        '{ votes(first: 20) { id user { username } link { url } } }',
        `{ link(id: 77) { ${link} } }`,
        `{ node(id: "${id(77)}") { id ... on LinkNode { url } } nodes(ids: ["${id(5)}", "${id(6)}"]) { id } relayLink(id: "${id(8)}") { url } }`,
        '{ user(id: 77) { linkSet(first: 10) { id } voteSet(first: 10) { id link { url } } } }',
        '{ users(first: 10) { linkSet(first: 5) { id votes(first: 5) { user { username } } } } }',
        `{ links(first: 20) { ${link} votes(first: 10) { id user { username } } } }`,
        '{ links(first: 20, skip: 100) { id } }',
        ...orders.map((order) => `{ links(first: 20, orderBy: [${order}]) { id postedBy { username } } }`),
        '{ links(first: 20, search: "article/777?") { id } }',
        '{ links(first: 20, search: "no such text") { id } }',
        `{ relayLinks(first: 20) { ${connection} } }`,
        `{ relayLinks(last: 20) { ${connection} } }`,
        `{ relayLinks(first: 20, url: "https://example.com/article/77?ref=hn") { ${connection} totalCount } }`,
        `{ relayLinks(first: 20, description: "none") { ${connection} totalCount } }`,
        `{ relayLinks(first: 20, search: "article/777?") { ${connection} totalCount } }`,
        '{ relayLinks(first: 10) { edges { node { id votes(first: 5) { totalCount edges { node { id } } } } } } }',
    ];
    for (const document of documents) test(document, () => assertFew(document, 2500));

    for (const order of orders)
        test(`pages in the order ${order}, both ways`, () => {
            const page = (given) => `{ relayLinks(${given}, orderBy: [${order}]) { ${connection} } }`;
            const first = assertFew(page('first: 20'), 2500).relayLinks.pageInfo;
            const second = assertFew(page(`first: 20, after: "${first.endCursor}"`), 2500).relayLinks.pageInfo;
            const back = assertFew(page(`last: 20, before: "${second.startCursor}"`), 2500).relayLinks.pageInfo;
            assert.deepEqual([second.hasPreviousPage, back.endCursor], [true, first.endCursor]);
        });

    test('what no index could serve does, and is seen to', () => {
        const { read } = rowsRead('{ links(first: 5, orderBy: [{description: ASC}]) { id } }');
        assert.ok(read.links >= 10000 * SCALE, `${read.links}`);
    });
});
