// filters.test.mjs - filters on the database of tests/corpus/filters: what holds of all of them.
//
// What single ones are is in tests/corpus/filters; random ones beside an interpreter in
// tests/differential.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import { Application } from './lib/application.mjs';
import { root } from './lib/environment.mjs';

const folder = `${root}/tests/corpus/filters`;
// What follows the making of the database there.
const statements = readFileSync(`${folder}/database.sql`, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('\\'))
    .filter((line) => !/^(DROP DATABASE|CREATE DATABASE|SET ROLE)/.test(line))
    .join('\n');
const app = new Application('filters', statements);
const contract = readFileSync(`${folder}/schema.graphql`, 'utf8');
const roomy = ['--limit-root-fields', '1000', '--limit-aliases', '10000', '--limit-statements', '1000', '--limit-tokens', '100000', '--limit-document', '1000000'];

// --- documents ---

const literal = (value) =>
    Array.isArray(value)
        ? `[${value.map(literal).join(' ')}]`
        : value?.enum
          ? value.enum
          : value && typeof value === 'object'
            ? `{${Object.entries(value)
                  .map(([name, member]) => `${name}: ${literal(member)}`)
                  .join(' ')}}`
            : JSON.stringify(value);

function answer(filters, options = []) {
    const fields = filters.map((filter, i) => `f${i}: books(where: ${literal(filter)}) { id }`);
    const { stdout, stderr } = app.run(contract, 'query', ['-', ...roomy, ...options], `{ ${fields.join('\n')} }`);
    assert.equal(stderr, '');
    return JSON.parse(stdout);
}

// The books of each filter, as texts.
function books(filters, options) {
    const { data, errors } = answer(filters, options);
    assert.equal(errors, undefined, JSON.stringify(errors?.[0]));
    return filters.map((_, i) => data[`f${i}`].map(({ id }) => id).join(' '));
}

// --- random filters ---

// The same for each run: a linear congruential generator.
let seed = 42;
const random = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
};
const one = (list) => list[random(list.length)];
const some = (list) => list.filter(() => random(2));

const texts = ['Cats', 'cats', '', 'A tale', '%', '_', 'Fish\\_', 'o', '100%', 'Ann', '\u0000', 'ß'];
const times = [
    '2026-01-01T10:00:00.123Z',
    '2026-01-01T10:00:00.124Z',
    '2026-01-01T10:00:00.125Z',
    '0001-01-01T00:00:00.000Z',
];
const numbers = [0, -1, 1, 10, 20.5, 100, 99.5, 200, 1e10, -1e300];
const whole = ['0', '1', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '1.5'];
const json = [1, 'a', null, { a: 1 }, { b: { c: [1] } }, [], {}, [1]];

// What each operator takes, by the fields that have it.
const text = {
    ...Object.fromEntries(['eq', 'ne', 'lt', 'startsWith', 'endsWith', 'contains'].map((op) => [op, () => one(texts)])),
    ...Object.fromEntries(['iEq', 'iStartsWith', 'iEndsWith', 'iContains'].map((op) => [op, () => one(texts)])),
    ...Object.fromEntries(['like', 'iLike'].map((op) => [op, () => one(['%a%', '_ats', 'Fish\\\\\\_', '%\\%', '', '%'])])),
    in: () => some(texts),
    nin: () => some(texts),
    isNull: () => !!random(2),
};
const ordered = (values, ops) =>
    Object.fromEntries(ops.map((op) => [op, () => (/in$/.test(op) ? some(values) : one(values))]));
const columns = {
    title: text,
    subtitle: text,
    price: ordered([0, 10, 20.5, 1e300], ['eq', 'lt', 'gte']),
    pages: ordered(numbers, ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte']),
    stock: ordered(whole, ['eq', 'in', 'lt', 'lte', 'gt', 'gte']),
    soldAt: ordered(times, ['eq', 'ne', 'in', 'nin', 'lt', 'lte', 'gt', 'gte']),
    tags: {
        eq: () => one([[], ['pet', 'cat'], ['fish', null], [null]]),
        has: () => one(['pet', 'x', '\u0000']),
        hasAll: () => some(['pet', 'cat', '\u0000']),
        hasAny: () => some(['pet', 'cat', 'fish', '\u0000']),
        within: () => some(['pet', 'cat', 'x']),
        isEmpty: () => !!random(2),
    },
    codes: { has: () => random(4), hasAny: () => some([1, 2, 3]), isEmpty: () => !!random(2), isNull: () => !!random(2) },
    extra: {
        eq: () => one(json.filter((value) => value !== null)),
        contains: () => one(json.filter((value) => value !== null)),
        hasKey: () => one(['a', 'b', 'c', '\u0000']),
        hasAnyKey: () => some(['a', 'b', '\u0000']),
        hasAllKeys: () => some(['a', 'b', '\u0000']),
        isNull: () => !!random(2),
    },
    cover: { eq: () => ({ enum: one(['HARD', 'SOFT']) }), in: () => some([{ enum: 'HARD' }, { enum: 'SOFT' }]) },
    words: { matches: () => one(['cat', 'dog -cat', '"a dog"', '', '& | !', '\u0000']) },
};

function column() {
    const name = one(Object.keys(columns));
    const op = one(Object.keys(columns[name]));
    return { [name]: { [op]: columns[name][op]() } };
}

const stars = () => one([{}, { stars: { eq: 5 } }, { stars: { gte: 2 } }, { stars: { isNull: true } }]);
const quantified = (filter) => ({ [one(['some', 'every', 'none'])]: filter() });

function filter(depth = 3) {
    const kind = depth > 0 ? random(10) : 0;
    if (kind < 4) return column();
    if (kind < 5) return { ...column(), not: filter(depth - 1) };
    if (kind < 6) return { or: Array.from({ length: random(4) }, () => filter(depth - 1)) };
    if (kind < 7) return { and: Array.from({ length: random(3) }, () => filter(depth - 1)) };
    if (kind < 8) return { reviews: quantified(stars) };
    if (kind < 9) return { genres: quantified(() => one([{}, { name: { eq: 'Nature' } }])) };
    return one([{ author: { name: { contains: one(texts) } } }, { editor: {} }, { prequel: filter(depth - 1) }, {}]);
}

// --- tests ---

const all = '1 2 3 4';
const together = (...lists) => lists.join(' ').split(' ').filter(Boolean).sort().join(' ');
const batches = (count, size, run) => {
    for (let i = 0; i < count; i += size) run();
};

suite('what holds of every filter', () => {
    test('a filter and its negation part the rows', () => {
        batches(400, 40, () => {
            const filters = Array.from({ length: 40 }, () => filter());
            const found = books(filters.flatMap((f) => [f, { not: f }, { not: { not: f } }]));
            filters.forEach((f, i) => {
                assert.equal(together(found[3 * i], found[3 * i + 1]), all, literal(f));
                assert.equal(found[3 * i], found[3 * i + 2], literal(f));
            });
        });
    });

    test('`and` is both, `or` is either, whatever they are rewritten to', () => {
        batches(200, 40, () => {
            const pairs = Array.from({ length: 40 }, () => [filter(), filter()]);
            const found = books(pairs.flatMap(([a, b]) => [a, b, { and: [a, b] }, { or: [a, b] }]));
            const ids = (i) => new Set(found[i].split(' ').filter(Boolean));
            pairs.forEach((pair, i) => {
                const [a, b] = [ids(4 * i), ids(4 * i + 1)];
                assert.equal(found[4 * i + 2], [...a].filter((id) => b.has(id)).join(' '), literal(pair));
                assert.equal(found[4 * i + 3], [...new Set([...a, ...b])].sort().join(' '), literal(pair));
            });
        });
    });

    test('`or` of `some` is the same by one look as by several', () => {
        const filters = Array.from({ length: 60 }, () => [stars(), stars(), stars()]);
        const found = books(
            filters.flatMap((list) => [
                { or: list.map((f) => ({ reviews: { some: f } })) },
                // Two conditions that are not both `some`: nothing to merge.
                { not: { and: list.map((f) => ({ not: { reviews: { some: f } } })) } },
                ...list.map((f) => ({ reviews: { some: f } })),
            ]),
        );
        filters.forEach((list, i) => {
            const [merged, turned, ...single] = found.slice(5 * i, 5 * i + 5);
            assert.equal(merged, [...new Set(single.join(' ').split(' ').filter(Boolean))].sort().join(' '));
            assert.equal(merged, turned, literal(list));
        });
    });

    for (const [name, ops] of Object.entries(columns).filter(([, ops]) => ops.in && ops.eq))
        test(`${name}: "in" is "or" of "eq"`, () => {
            const lists = Array.from({ length: 20 }, ops.in);
            const found = books(
                lists.flatMap((list) => [
                    { [name]: { in: list } },
                    { or: list.map((value) => ({ [name]: { eq: value } })) },
                    { not: { [name]: { in: list } } },
                ]),
            );
            lists.forEach((list, i) => {
                assert.equal(found[3 * i], found[3 * i + 1], literal(list));
                assert.equal(together(found[3 * i], found[3 * i + 2]), all);
            });
        });

    test('bounds are those of the values that are shown', () => {
        for (const [name, values] of [['pages', numbers], ['stock', whole], ['soldAt', times]]) {
            const found = books(
                values.flatMap((value) => [
                    { [name]: { lt: value } },
                    { [name]: { lte: value } },
                    { [name]: { eq: value } },
                    { or: [{ [name]: { gt: value } }, { [name]: { eq: value } }] },
                    { [name]: { gte: value } },
                ]),
            );
            values.forEach((value, i) => {
                const [lt, lte, eq, either, gte] = found.slice(5 * i, 5 * i + 5);
                assert.equal(lte, together(lt, eq), `${name} ${value}`);
                assert.equal(gte, either, `${name} ${value}`);
            });
        }
    });
});

suite('what is refused before any SQL', () => {
    const everything = {
        id: '1',
        title: { eq: 'x', in: ['x'], isNull: true },
        tags: { has: 'x', hasAll: ['x'] },
        extra: { hasKey: 'x' },
        text: 'x',
        isOut: true,
        author: { name: { contains: 'x' } },
        reviews: { some: { stars: { eq: 1 }, not: { stars: { gte: 1 } } } },
        and: [{ id: '1' }],
        or: [{ id: '1' }, { soldAt: { lt: times[0] } }],
        not: { id: '1' },
    };

    // Each member of an object within it, as a path.
    function* places(value, path = []) {
        if (!value || typeof value !== 'object') return;
        for (const [name, member] of Object.entries(value)) {
            if (!Array.isArray(value)) yield [...path, name];
            yield* places(member, [...path, name]);
        }
    }

    function withNull(path) {
        const copy = structuredClone(everything);
        const holder = path.slice(0, -1).reduce((value, name) => value[name], copy);
        holder[path.at(-1)] = null;
        return copy;
    }

    const print = (path) => `where${path.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('')}`;

    test('null at every place of a filter', () => {
        const paths = [...places(everything)];
        assert.ok(paths.length > 25);
        const { data, errors } = answer(paths.map(withNull));
        paths.forEach((path, i) => {
            const { extensions } = errors.find((error) => error.path[0] === `f${i}`);
            assert.deepEqual([extensions.code, extensions.argument], ['BAD_USER_INPUT', print(path)]);
            assert.equal(data[`f${i}`], null);
        });
    });

    test('the same by a variable, and nothing where a variable is absent', () => {
        const document = 'query ($w: BookFilter, $s: String) { a: books(where: $w) { id } b: books(where: {title: {eq: $s}}) { id } }';
        const send = (variables) => {
            const { stdout } = app.run(contract, 'query', ['-', '--variables', JSON.stringify(variables)], document);
            return JSON.parse(stdout);
        };
        const { errors } = send({ w: { or: [{ title: { contains: null } }] }, s: null });
        assert.deepEqual(
            errors.map(({ extensions }) => extensions.argument),
            ['where.or[0].title.contains', 'where.title.eq'],
        );
        const { data } = send({});
        assert.deepEqual([data.a.length, data.b.length], [4, 4]);
    });

    test('limits count what is in variables, too', () => {
        const document = 'query ($w: BookFilter) { books(where: $w) { id } }';
        const send = (filter, ...options) => {
            const variables = JSON.stringify({ w: filter });
            const { stdout } = app.run(contract, 'query', ['-', '--variables', variables, ...options], document);
            return JSON.parse(stdout).errors?.[0].extensions;
        };
        const deep = (n) => (n > 1 ? { not: deep(n - 1) } : { id: '1' });
        const cases = [
            ['filter_conditions', { or: Array(41).fill({ id: '1' }) }, { or: Array(40).fill({ id: '1' }) }],
            ['filter_depth', deep(7), deep(6)],
            ['filter_relations', { or: Array(5).fill({ editor: {} }) }, { or: Array(4).fill({ editor: {} }) }],
            ['filter_values', { title: { in: Array(501).fill('x') } }, { title: { in: Array(500).fill('x') } }],
            ['search', { title: { contains: 'x'.repeat(101) } }, { title: { contains: 'x'.repeat(100) } }],
        ];
        for (const [limit, over, within] of cases) {
            assert.deepEqual([send(over)?.code, send(over)?.limit], ['LIMIT_EXCEEDED', limit]);
            assert.equal(send(within), undefined, limit);
        }
        assert.equal(send(deep(7), '--limit-filter-depth', '7'), undefined);
    });

    test('the cost of all filters of a request is estimated', () => {
        const many = new Array(10).fill(0).map((_, i) => `a${i}: stats(where: {title: {contains: "x"}}) { count }`);
        const send = (document, limit) => {
            const options = ['-', '--limit-filter-cost', `${limit}`, '--variables', '{"s": "x"}'];
            const { stdout } = app.run(contract, 'query', options, document);
            return JSON.parse(stdout).errors?.[0].extensions.limit;
        };
        const pattern = '{ stats(where: {title: {contains: "x"}}) { count } }';
        assert.equal(send(pattern, 1000), undefined, 'small tables do not matter');
        app.psql(`BEGIN;
            INSERT INTO books (id, title, author_id, stock, tags, is_out) SELECT i, 't', 1, 0, '{}', true FROM generate_series(1001, 3000) i;
            INSERT INTO reviews SELECT i, 1001 + i % 2000, 1, 1 FROM generate_series(1001, 21000) i;
            COMMIT; ANALYZE books; ANALYZE reviews`);
        const costs = [
            [pattern, 2000, 2100],
            [`{ ${many.join(' ')} }`, 20000, 21000],
            // An equality of the key leaves one row, whatever else is asked of it.
            ['{ stats(where: {id: "5", title: {contains: "x"}}) { count } }', 0, 1000],
            // Joined rows are looked up for each row, or their table is read once.
            ['{ stats(where: {reviews: {some: {stars: {eq: 9}}}}) { count } }', 20000, 30000],
            ['{ stats(where: {not: {reviews: {some: {stars: {eq: 9}}}}}) { count } }', 20000, 30000],
            ['{ stats(where: {id: "5", reviews: {some: {stars: {eq: 9}}}}) { count } }', 0, 1000],
            // Below each of 100 authors, of whom each has so many of the 2,000 books.
            ['{ authors { books(where: {title: {contains: "x"}}) { id } } }', 100000, 220000],
            ['query ($s: String) { stats(where: {title: {contains: $s}}) { count } }', 2000, 2100],
        ];
        for (const [document, more, enough] of costs) {
            if (more > 0) assert.equal(send(document, Math.max(1000, more - 100)), 'filter_cost', document);
            assert.equal(send(document, enough), undefined, document);
        }
        app.psql('DELETE FROM reviews WHERE id > 1000; DELETE FROM books WHERE id > 1000; ANALYZE books; ANALYZE reviews');
    });

    test('a column that a role may not read is compared by others alone', () => {
        app.psql(`REVOKE SELECT ON books FROM linnet_anon; GRANT SELECT (id, title, author_id) ON books TO linnet_anon`);
        const filters = [
            { author: { books: { some: { subtitle: { isNull: true } } } } },
            { not: { subtitle: { eq: 'x' } } },
            { title: { eq: 'Cats' } },
        ];
        const { data, errors } = answer(filters);
        assert.deepEqual(
            errors.map(({ path, extensions }) => [path[0], extensions.code]),
            [['f0', 'UNAUTHENTICATED'], ['f1', 'UNAUTHENTICATED']],
        );
        assert.deepEqual(data.f2, [{ id: '1' }]);
        assert.deepEqual(books(filters, ['--as', '1', '--as-role', 'user', '--roles', 'user:linnet_user']), ['1 2', all, '1']);
        const { lines } = app.check(contract, '--roles', 'user:linnet_user');
        assert.ok(lines.some((line) => /note: .* BookFilter\.subtitle: PostgreSQL refuses it to linnet_anon/.test(line)));
        app.psql('GRANT SELECT ON books TO linnet_anon');
    });
});

suite('linnet check', () => {
    test('blames the condition that PostgreSQL refuses', () => {
        const { lines, status } = app.check(contract.replaceAll('config: "english"', 'config: "klingon"'));
        assert.equal(status, 1);
        assert.ok(
            lines.some((line) => /^10:9: Query.books\(where:\) BookFilter.found: .*"klingon" does not exist/.test(line)),
            lines.join('\n'),
        );
    });
});
