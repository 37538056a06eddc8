// aggregates.test.mjs - counts, sums and groups: no digit is lost, groups and pages agree, and a role counts what it
// may see.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Application, open } from './lib/application.mjs';

// A number of up to 40 digits, some of them behind the point.
const digits = (seed, count) => Array.from({ length: count }, (_, i) => (seed * (i + 7) * 31 + i * i) % 10).join('');
const amount = (seed) => `${seed % 3 === 0 ? '-' : ''}1${digits(seed, 19 + (seed % 3))}.${digits(seed + 5, 18)}`;
const ROWS = Array.from({ length: 60 }, (_, i) => i + 1);

const application = new Application(
    'aggregates',
    `CREATE TABLE shops (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE sales (id int PRIMARY KEY, shop_id int REFERENCES shops, kind text, amount numeric, size bigint,
        sold_at timestamptz NOT NULL, secret int, is_hidden boolean NOT NULL);
    INSERT INTO shops SELECT i, 'shop ' || i FROM generate_series(1, 5) i;
    INSERT INTO sales VALUES ${ROWS.map(
        (i) => `(${i}, ${i % 7 === 0 ? 'NULL' : 1 + (i % 4)}, ${i % 5 === 0 ? 'NULL' : `'kind ${i % 3}'`}, ${amount(i)},
        ${i % 11 === 0 ? 'NULL' : '9223372036854775807'}, '2026-01-01Z'::timestamptz + ${i} * interval '7 hours', ${i}, ${i % 10 === 0})`,
    ).join()};
    ${open('shops')}
    ALTER TABLE sales ENABLE ROW LEVEL SECURITY;
    CREATE POLICY shown ON sales FOR SELECT USING (NOT is_hidden);
    CREATE POLICY staff ON sales FOR SELECT TO linnet_staff USING (true);
    GRANT SELECT ON sales TO linnet_staff;
    GRANT SELECT (id, shop_id, kind, amount, size, sold_at, is_hidden) ON sales TO linnet_anon, linnet_user;`,
);

const contract = `
scalar BigInt @quoted
scalar Decimal @quoted
scalar Date
type Query {
    sales(first: Int, after: String, where: SaleFilter): SaleConnection!
    stats(where: SaleFilter): SaleTotal!
    groups(by: [SaleKey!]!, where: SaleFilter, first: Int, orderBy: [SaleOrder!]): [SaleGroup!]
    shops: [Shop!]!
}
type Shop @table(name: "shops") { id: ID! name: String! stats: SaleTotal! groups(by: [SaleKey!]!): [SaleGroup!]! }
type Sale @table(name: "sales") { id: ID! }
type SaleConnection { pageInfo: PageInfo! edges: [SaleEdge!]! totalCount: Int! aggregate: SaleTotal! }
type SaleEdge { node: Sale! cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type SaleTotal @table(name: "sales") @aggregate { count: BigInt! sum: SaleSum avg: SaleMean }
type SaleSum { amount: Decimal size: Decimal secret: BigInt }
type SaleMean { amount: Decimal }
type SaleGroup @table(name: "sales") @aggregate {
    shop: Shop shopId: ID kind: String day: Date @column(name: "sold_at", unit: DAY) secret: Int count: Int! sum: SaleSum
}
enum SaleKey { SHOP SHOP_ID KIND DAY SECRET }
input SaleOrder @oneOf { count: Direction secret: Direction sum: SumOrder }
input SumOrder @oneOf { amount: Direction secret: Direction }
enum Direction { ASC DESC }
input SaleFilter { shopId: IdFilter kind: TextFilter }
input IdFilter { eq: ID isNull: Boolean }
input TextFilter { eq: String isNull: Boolean }`;

const ask = (document, ...options) => application.ask(contract, document, ...options);

// What PostgreSQL itself says, as the owner of the cluster, of rows that the role may see.
const shown = (select, where = 'NOT is_hidden') => application.psql(`SELECT ${select} FROM sales WHERE ${where}`);

// An answer with errors: their codes by path.
function codes(document) {
    const { stdout } = application.run(contract, 'query', ['-'], document);
    const { data, errors } = JSON.parse(stdout);
    return { data, codes: Object.fromEntries(errors.map(({ path, extensions }) => [path.join('.'), extensions.code])) };
}

suite('aggregates', () => {
    test('the contract fits, and check notes what roles may not read', () => {
        const { lines, status } = application.check(contract);
        assert.equal(status, 0, lines.join('\n'));
        assert.ok(lines.some((line) => line.includes('SaleSum.secret')), lines.join('\n'));
    });

    test('sums of 40 digits are the text of PostgreSQL', () => {
        const { stats } = ask('{ stats { count sum { amount size } avg { amount } } }');
        assert.equal(
            [stats.count, stats.sum.amount, stats.sum.size, stats.avg.amount].join('|'),
            shown('count(*), sum(amount), sum(size), avg(amount)'),
        );
        assert.ok(stats.sum.amount.replace(/[^0-9]/g, '').length >= 38, stats.sum.amount);
    });

    test('a role counts the rows that it may see', () => {
        const document = '{ stats { count sum { amount } } groups(by: [SHOP_ID]) { count } sales { totalCount aggregate { count } } }';
        for (const [options, where] of [[[], 'NOT is_hidden'], [['--as', '1', '--as-role', 'staff'], 'true']]) {
            const { stats, groups, sales } = ask(document, ...options);
            const count = Number(shown('count(*)', where));
            assert.equal(stats.sum.amount, shown('sum(amount)', where));
            assert.deepEqual(
                [Number(stats.count), groups.reduce((sum, group) => sum + group.count, 0), sales.totalCount, Number(sales.aggregate.count)],
                [count, count, count, count],
            );
        }
    });

    test('the count of a group is the totalCount of the list with its key as filter', () => {
        const { groups } = ask('{ groups(by: [SHOP_ID, KIND]) { shopId kind count sum { amount } } }');
        assert.ok(groups.length > 12);
        const filter = (value) => (value === null ? '{ isNull: true }' : `{ eq: ${JSON.stringify(value)} }`);
        const fields = groups.map(
            ({ shopId, kind }, i) =>
                `g${i}: sales(where: { shopId: ${filter(shopId)} kind: ${filter(kind)} }) { totalCount aggregate { sum { amount } } }`,
        );
        for (let i = 0; i < groups.length; i += 10) {
            const lists = ask(`{ ${fields.slice(i, i + 10).join(' ')} }`);
            for (const [name, { totalCount, aggregate }] of Object.entries(lists)) {
                const group = groups[Number(name.slice(1))];
                assert.deepEqual([totalCount, aggregate.sum.amount], [group.count, group.sum.amount]);
            }
        }
    });

    test('groups of each row are those of all rows with its key', () => {
        const { shops, groups } = ask(
            '{ shops { id stats { count sum { amount } } groups(by: [KIND, DAY]) { kind day count } } groups(by: [SHOP_ID]) { shopId count sum { amount } } }',
        );
        for (const { id, stats, groups: own } of shops) {
            const group = groups.find(({ shopId }) => shopId === id) ?? { count: 0, sum: { amount: null } };
            assert.deepEqual([Number(stats.count), stats.sum.amount], [group.count, group.sum.amount]);
            assert.equal(own.reduce((sum, { count }) => sum + count, 0), group.count);
        }
        assert.equal(shops.at(-1).stats.count, '0');
    });

    test('a column that the role may not read is refused before any SQL, and its neighbours are answered', () => {
        const { data, codes: found } = codes(
            `{ stats { count sum { amount secret } } by: groups(by: [SECRET]) { count }
               sorted: groups(by: [KIND], orderBy: [{ sum: { secret: DESC } }]) { count } good: groups(by: [SHOP], first: 1) { count } }`,
        );
        assert.deepEqual(found, { 'stats.sum.secret': 'UNAUTHENTICATED', by: 'UNAUTHENTICATED', sorted: 'UNAUTHENTICATED' });
        assert.equal(data.stats.sum.amount, shown('sum(amount)'));
        assert.equal(data.good.length, 1);
        assert.equal(ask('{ stats { sum { secret } } }', '--as', '1', '--as-role', 'staff').stats.sum.secret, shown('sum(secret)', 'true'));
    });

    test('wrong keys and limits are errors of their fields', () => {
        const { codes: found } = codes(
            `{ none: groups(by: []) { count } twice: groups(by: [KIND, KIND]) { count } many: groups(by: [KIND], first: 101) { count }
               other: groups(by: [KIND], orderBy: [{ secret: ASC }]) { count } }`,
        );
        const wrong = 'BAD_USER_INPUT';
        assert.deepEqual(found, { none: wrong, twice: wrong, many: wrong, other: wrong });
    });
});
