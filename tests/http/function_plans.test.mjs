// function_plans.test.mjs - optional parameters of a function do not keep PostgreSQL from an index: work is
// counted in rows that were read.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Application, open } from './lib/application.mjs';
import { patience } from './lib/environment.mjs';
import { until } from './lib/processes.mjs';

const ROWS = 20000;
const READ_AT_MOST = 100;

const application = new Application(
    'function_plans',
    `CREATE TABLE kinds (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE events (id int PRIMARY KEY, at timestamptz NOT NULL, kind_id int REFERENCES kinds);
    INSERT INTO kinds VALUES (1, 'call');
    INSERT INTO events SELECT i, '2024-01-01Z'::timestamptz + i * interval '1 minute', 1
        FROM generate_series(1, ${ROWS}) i;
    CREATE INDEX ON events (at);
    ANALYZE;
    CREATE FUNCTION events_between(lo timestamptz DEFAULT NULL, hi timestamptz DEFAULT NULL)
    RETURNS SETOF events LANGUAGE sql STABLE
    AS 'SELECT * FROM events WHERE (lo IS NULL OR at >= lo) AND (hi IS NULL OR at < hi)';
    ${open('kinds')} ${open('events')}`,
);

const contract = `
scalar DateTime
type Query {
    ordered(lo: DateTime, hi: DateTime, first: Int): [Event!]! @function(name: "events_between") @order(by: "at")
    plain(lo: DateTime, hi: DateTime, first: Int): [Event!]! @function(name: "events_between")
}
type Event @table(name: "events") { id: ID! kind: Kind }
type Kind @table(name: "kinds") { name: String! }`;

const counters = () => {
    const [scans, rows, indexRows] = application
        .psql(
            `SELECT seq_scan + coalesce(idx_scan, 0), seq_tup_read + coalesce(idx_tup_fetch, 0),
                (SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'events_at_idx')
            FROM pg_stat_user_tables WHERE relname = 'events'`,
        )
        .split('|')
        .map(Number);
    return { scans, rows, indexRows };
};

// How many rows of events PostgreSQL has read for a document, and how many entries of the index.  A
// connection that ends adds what it has counted.
async function readFor(document) {
    const before = counters();
    const data = application.ask(contract, document);
    await until(() => counters().scans > before.scans, 20000 * patience, 'the connection has counted');
    const after = counters();
    return { data, rows: after.rows - before.rows, indexRows: after.indexRows - before.indexRows };
}

const LAST = 'lo: "2024-01-14T21:17:00Z"'; // 3 minutes before the last event
const RANGE = 'lo: "2024-01-08T00:00:00Z", hi: "2024-01-08T00:05:00Z"';

suite('optional parameters of a function', () => {
    for (const [name, document, count] of [
        ['one of them', `{ found: ordered(${LAST}, first: 9) { id } }`, 4],
        ['both', `{ found: ordered(${RANGE}, first: 9) { id } }`, 5],
        ['none: the order is read from the index', '{ found: ordered(first: 5) { id } }', 5],
        ['without an order', `{ found: plain(${RANGE}, first: 9) { id } }`, 5],
        ['with joined rows', `{ found: plain(${RANGE}, first: 9) { id kind { name } } }`, 5],
        ['a variable', `query ($hi: DateTime = "2024-01-01T00:05:00Z") { found: ordered(hi: $hi) { id } }`, 4],
        ['a variable that is absent', 'query ($lo: DateTime) { found: ordered(lo: $lo, first: 5) { id } }', 5],
    ])
        test(name, async () => {
            const { data, rows, indexRows } = await readFor(document);
            assert.equal(data.found.length, count);
            assert.ok(rows <= READ_AT_MOST, `${rows} rows were read`);
            assert.ok(indexRows > 0 && indexRows <= READ_AT_MOST, `${indexRows} entries of the index were read`);
        });
});
