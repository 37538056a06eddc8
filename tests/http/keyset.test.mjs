// keyset.test.mjs - page 1,000 of a list costs what page 1 costs, whatever the order, where an index has it:
// PostgreSQL reads the rows of the page, and no others.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';

const SIZE = 10;
const PARTS = 5; // that the rows behind a cursor have at most, each of which is cut to a page
const MOST = 2 * PARTS * (SIZE + 2); // each row is read in an index and in the table
const database = `keyset_${process.pid}`;
const conninfo = (user) => `host=${sockets}/postgresql dbname=${database} user=${user}`;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const directory = mkdtempSync(`${tmpdir()}/linnet-keyset.`);

const ORDERS = ['AT', 'AT_BACK', 'MIXED', 'SEEN', 'SEEN_LAST', 'SEEN_BACK', 'LATER_NULLS'];
const contract = `
type Query { events(first: Int, after: String, last: Int, before: String, skip: Int, orderBy: EventSort): EventConnection! }
type Event @table(name: "events") { id: ID! }
type EventConnection { pageInfo: PageInfo!  edges: [EventEdge]! }
type EventEdge { node: Event  cursor: String! }
type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
enum EventSort {
  AT @order(by: "at")
  AT_BACK @order(by: "at DESC")
  MIXED @order(by: "kind DESC, at ASC")
  SEEN @order(by: "seen_at")
  SEEN_LAST @order(by: "seen_at DESC NULLS LAST")
  SEEN_BACK @order(by: "seen_at DESC")
  LATER_NULLS @order(by: "kind, seen_at")
}`;

const tables = `
CREATE TABLE events (
    id integer PRIMARY KEY, kind integer NOT NULL, at timestamptz NOT NULL, seen_at timestamptz
);
INSERT INTO events
SELECT i, i % 5, '2026-01-01Z'::timestamptz + (i / 40) * interval '1 microsecond',
    CASE WHEN i % 3 > 0 THEN '2026-01-01Z'::timestamptz + (i / 100) * interval '1 second' END
FROM generate_series(1, 100000) i;
CREATE INDEX ON events (at, id);
CREATE INDEX ON events (kind DESC, at, id);
CREATE INDEX ON events (seen_at, id);
CREATE INDEX ON events (seen_at DESC NULLS LAST, id DESC);
CREATE INDEX ON events (kind, seen_at, id);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON events FOR SELECT USING (true);
GRANT SELECT ON events TO linnet_anon, linnet_user, linnet_staff;`;

before(() => {
    psql(`CREATE DATABASE ${database} OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
    execFileSync('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${tables}`, conninfo('linnet_owner')]);
    psql('VACUUM ANALYZE events', database);
    writeFileSync(`${directory}/schema.graphql`, contract);
});
after(() => {
    psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`, 'postgres');
    rmSync(directory, { recursive: true });
});

function ask(document) {
    const { stdout, stderr } = spawnSync(
        program,
        ['query', '-', '--contract', `${directory}/schema.graphql`, '--database', conninfo('linnet_login')],
        { input: document, env: environment, encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const { data, errors } = JSON.parse(stdout);
    assert.equal(errors, undefined, stdout);
    return data.events;
}

const count = () =>
    Number(
        psql(
            `SELECT coalesce(sum(idx_tup_read), 0) + (SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables)
             FROM pg_stat_user_indexes`,
            database,
        ),
    );

function rowsRead(document) {
    const earlier = count();
    const page = ask(document);
    return { page, read: count() - earlier };
}

const info = 'pageInfo { hasNextPage hasPreviousPage } edges { node { id } }';

suite('page 1,000', () => {
    for (const order of ORDERS)
        test(`in the order ${order} reads its rows alone`, () => {
            const { edges } = ask(`{ events(first: 1, skip: ${SIZE * 1000 - 1}, orderBy: ${order}) { edges { cursor node { id } } } }`);
            const pages = {
                [`first: ${SIZE}, after: "${edges[0].cursor}"`]: [true, true],
                [`last: ${SIZE}, before: "${edges[0].cursor}"`]: [true, true],
            };
            for (const [inside, [hasNextPage, hasPreviousPage]] of Object.entries(pages)) {
                const { page, read } = rowsRead(`{ events(${inside}, orderBy: ${order}) { ${info} } }`);
                assert.deepEqual(page.pageInfo, { hasNextPage, hasPreviousPage });
                assert.equal(page.edges.length, SIZE);
                assert.ok(read > 0 && read <= MOST, `(${inside}) reads ${read} rows`);
            }
        });

    test('between two cursors reads its rows alone', () => {
        for (const order of ORDERS) {
            const { edges } = ask(`{ events(first: 30, skip: ${SIZE * 1000 - 30}, orderBy: ${order}) { edges { cursor } } }`);
            const between = `after: "${edges[0].cursor}", before: "${edges[25].cursor}"`;
            for (const inside of [`first: ${SIZE}, ${between}`, `last: ${SIZE}, ${between}`]) {
                const { page, read } = rowsRead(`{ events(${inside}, orderBy: ${order}) { ${info} } }`);
                assert.equal(page.edges.length, SIZE);
                assert.ok(read > 0 && read <= MOST, `${order} (${inside}) reads ${read} rows`);
            }
        }
    });
});
