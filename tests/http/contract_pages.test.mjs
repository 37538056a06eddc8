// contract_pages.test.mjs - lists: first and skip and their bounds, orders and their ties,
// search; as literals and as variables.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ask, askPartly, post, refused } from './lib/client.mjs';
import { quote, rows } from './lib/database.mjs';
import { assertSame } from './lib/expect.mjs';

// Every list of the contract: where it stands in a document, and what it is in SQL.
const lists = [
    { name: 'users', from: 'users ORDER BY users.id' },
    { name: 'links', from: 'links ORDER BY links.created_at DESC, links.id DESC' },
    { name: 'allLinks', from: 'links ORDER BY links.created_at DESC, links.id DESC' },
    { name: 'votes', from: 'votes ORDER BY votes.created_at DESC, votes.id DESC' },
    {
        name: 'linkSet',
        parent: ['user', 900001],
        from: 'links WHERE posted_by = 900001 ORDER BY links.created_at DESC, links.id DESC',
    },
    {
        name: 'voteSet',
        parent: ['user', 900001],
        from: 'votes WHERE user_id = 900001 ORDER BY votes.created_at DESC, votes.id DESC',
    },
    {
        name: 'votes',
        parent: ['link', 910020],
        from: 'votes WHERE link_id = 910020 ORDER BY votes.created_at, votes.id',
    },
];

const title = ({ name, parent }) => (parent ? `${parent[0]}.${name}` : name);
const path = ({ name, parent }) => (parent ? [parent[0], name] : [name]);

// A document that asks for the list's ids, with what comes in parentheses.
function documentOf({ name, parent }, inside, before = '') {
    const field = `${name}${inside ? `(${inside})` : ''} { id }`;
    return `${before} { ${parent ? `${parent[0]}(id: ${parent[1]}) { ${field} }` : field} }`;
}

function idsOf({ name, parent }, data) {
    return (parent ? data[parent[0]] : data)[name].map((item) => item.id);
}

const sqlIds = async (query) => (await rows(query)).map((r) => r.id);

// Ways to say first and skip in a document: a value, null, nothing.
const values = [
    [undefined, undefined],
    [null, null],
    [0, undefined],
    [1, undefined],
    [99, undefined],
    [100, undefined],
    [3, 0],
    [3, 1],
    [3, 2],
    [100, 3],
    [undefined, 5],
    [null, 5],
    [5, null],
    [7, 90],
    [10, 10000],
    [0, 10000],
];
const variables = 'query ($first: Int, $skip: Int)';

for (const list of lists) {
    suite(`pages of ${title(list)}`, () => {
        test('first and skip', async () => {
            for (const [first, skip] of values) {
                const expected = await sqlIds(
                    `SELECT id::text AS id FROM ${list.from}
                     LIMIT ${first ?? 100} OFFSET ${skip ?? 0}`,
                );
                const said = { first, skip };
                const inside = Object.keys(said).filter((name) => said[name] !== undefined);
                const literal = inside.map((name) => `${name}: ${said[name]}`).join(', ');
                const what = `(${literal})`;

                assertSame(idsOf(list, await ask(documentOf(list, literal))), expected, what);
                const document = documentOf(list, 'first: $first, skip: $skip', variables);
                assertSame(
                    idsOf(list, await ask(document, said)),
                    expected,
                    `${what} by variables`,
                );
            }
        });

        test('a default of a variable', async () => {
            const document = documentOf(list, 'first: $n', 'query ($n: Int = 2)');
            assert.equal(idsOf(list, await ask(document)).length, 2);
            assert.equal(idsOf(list, await ask(document, { n: 1 })).length, 1);
            const usual = idsOf(list, await ask(documentOf(list, '')));
            assertSame(idsOf(list, await ask(document, { n: null })), usual);
        });

        const bad = [
            ['first', -1],
            ['first', 101],
            ['first', 2147483647],
            ['first', -2147483648],
            ['skip', -1],
            ['skip', 10001],
            ['skip', 2147483647],
        ];
        for (const [argument, value] of bad) {
            test(`${argument}: ${value} is an error of the field`, async () => {
                const asked = [
                    await askPartly(documentOf(list, `${argument}: ${value}`)),
                    await askPartly(documentOf(list, `${argument}: $v`, 'query ($v: Int)'), {
                        v: value,
                    }),
                    await askPartly(
                        documentOf(list, `${argument}: $v`, `query ($v: Int = ${value})`),
                    ),
                ];
                for (const { data, errors } of asked) {
                    assert.deepEqual(data, list.parent ? { [list.parent[0]]: null } : null);
                    assert.equal(errors.length, 1);
                    assert.deepEqual(errors[0].path, path(list));
                    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
                    assert.equal(errors[0].extensions.argument, argument);
                    assert.equal(errors[0].locations.length, 1);
                }
            });
        }

        test('what is not an Int is refused before', async () => {
            for (const value of [
                '2147483648',
                '-2147483649',
                '1.5',
                '1e2',
                '"1"',
                'true',
                '[1]',
                '{a: 1}',
                'ONE',
                '10'.repeat(200),
            ])
                await refused(
                    documentOf(list, `first: ${value}`),
                    {},
                    { code: 'GRAPHQL_VALIDATION_FAILED' },
                );
            for (const v of [2147483648, -2147483649, 1.5, 1e30, '1', true, [1], { a: 1 }])
                await refused(
                    documentOf(list, 'first: $v', 'query ($v: Int)'),
                    { v },
                    { code: 'BAD_USER_INPUT' },
                );
        });
    });
}

test('a list for a refused parent is not asked', async () => {
    assert.deepEqual(
        await ask(
            '{ users(first: 0) { linkSet(first: 101) { id } } link(id: 0) { votes(skip: -1) { id } } }',
        ),
        { users: [], link: null },
    );
});

suite('orders', () => {
    const columns = {
        hot: 'hot',
        createdAt: 'created_at',
        voteCount: 'vote_count',
        url: 'url',
        description: 'description',
    };
    const all = `query ($orderBy: [LinkOrder!], $n: Int, $skip: Int) {
        links(orderBy: $orderBy, first: $n, skip: $skip) { id } }`;
    const graphql = (orders) =>
        `[${orders.map((o) => `{${Object.entries(o).map(([k, v]) => `${k}: ${v}`)}}`)}]`;

    // The id breaks ties in the direction of the last order.
    function sqlOrder(orders) {
        const terms = orders
            .flatMap((o) => Object.entries(o))
            .map(([name, direction]) => `links.${columns[name]} ${direction}`);
        const direction = Object.values(orders.at(-1))[0];
        return [...terms, `links.id ${direction}`].join(', ');
    }

    async function check(orders) {
        for (const skip of [0, 100, 200, 300]) {
            const expected = await sqlIds(
                `SELECT id::text AS id FROM links ORDER BY ${sqlOrder(orders)}
                 LIMIT 100 OFFSET ${skip}`,
            );
            assert.ok(expected.length > 0);
            const what = `${graphql(orders)} from ${skip}`;
            const literal = await ask(
                `{ links(orderBy: ${graphql(orders)}, skip: ${skip}) { id } }`,
            );
            assertSame(
                literal.links.map((l) => l.id),
                expected,
                what,
            );
            const byVariable = await ask(all, { orderBy: orders, skip });
            assertSame(
                byVariable.links.map((l) => l.id),
                expected,
                `${what} by variables`,
            );
        }
    }

    for (const name of Object.keys(columns))
        for (const direction of ['ASC', 'DESC'])
            test(`${name} ${direction}`, () => check([{ [name]: direction }]));

    test('one after the other; the id in the direction of the last', async () => {
        await check([{ voteCount: 'DESC' }, { url: 'ASC' }]);
        await check([{ voteCount: 'ASC' }, { description: 'DESC' }]);
        await check([{ url: 'ASC' }, { description: 'ASC' }, { createdAt: 'DESC' }]);
        await check([
            { createdAt: 'DESC' },
            { hot: 'DESC' },
            { voteCount: 'ASC' },
            { url: 'DESC' },
            { description: 'ASC' },
        ]);
    });

    test('an order that is said twice counts once, the first time', async () => {
        const expected = await sqlIds(
            'SELECT id::text AS id FROM links ORDER BY links.url, links.id DESC LIMIT 100',
        );
        const { links } = await ask('{ links(orderBy: [{url: ASC}, {url: DESC}]) { id } }');
        const ids = links.map((l) => l.id);
        // The last term says how the id breaks ties, whether it sorts or not.
        assertSame(ids, expected);
    });

    test('one order needs no list', async () => {
        const list = await ask('{ links(orderBy: [{voteCount: DESC}]) { id } }');
        assertSame(await ask('{ links(orderBy: {voteCount: DESC}) { id } }'), list);
        assertSame(await ask(all, { orderBy: { voteCount: 'DESC' } }), list);
    });

    test('null and none are as if absent', async () => {
        const usual = await ask('{ links { id } }');
        assertSame(await ask('{ links(orderBy: null) { id } }'), usual);
        assertSame(await ask('{ links(orderBy: []) { id } }'), usual);
        assertSame(await ask(all, {}), usual);
        assertSame(await ask(all, { orderBy: null }), usual);
        assertSame(await ask(all, { orderBy: [] }), usual);
    });

    test('a variable within an order', async () => {
        const document =
            'query ($d: SortDirection!) { links(orderBy: [{voteCount: DESC}, {url: $d}]) { id } }';
        for (const d of ['ASC', 'DESC', 'ASC'])
            assertSame(
                await ask(document, { d }),
                await ask(`{ links(orderBy: [{voteCount: DESC}, {url: ${d}}]) { id } }`),
                d,
            );
    });

    test('exactly one field, an enum, no null: literals', async () => {
        const bad = [
            '{}',
            '{url: ASC, hot: DESC}',
            '{url: null}',
            '{url: "ASC"}',
            '{url: asc}',
            '{url: 1}',
            '{id: ASC}',
            '[null]',
            '[[{url: ASC}]]',
            '"url"',
            'url',
            '{url: {url: ASC}}',
            '"id; drop"',
            '[{url: ASC}, {}]',
            '{url: ASC, url: DESC}',
        ];
        for (const order of bad)
            await refused(
                `{ links(orderBy: ${order}) { id } }`,
                {},
                { code: 'GRAPHQL_VALIDATION_FAILED' },
            );
    });

    test('a variable must not be nullable', async () => {
        const document = (type) =>
            `query ($d: ${type}) { links(first: 1, orderBy: {url: $d}) { id } }`;
        for (const variables of [{}, { d: null }, { d: 'DESC' }])
            await refused(document('SortDirection'), variables, {
                code: 'GRAPHQL_VALIDATION_FAILED',
            });
        assert.deepEqual(
            await ask(document('SortDirection!'), { d: 'DESC' }),
            await ask('{ links(first: 1, orderBy: {url: DESC}) { id } }'),
        );
    });

    test('exactly one field, an enum, no null: variables', async () => {
        const bad = [
            {},
            { url: 'ASC', hot: 'DESC' },
            { url: null },
            { url: 'ASC', hot: null },
            { url: 'asc' },
            { url: 1 },
            { url: true },
            { id: 'ASC' },
            [null],
            [[{ url: 'ASC' }]],
            'url',
            { url: { url: 'ASC' } },
            'id; drop',
            [{ url: 'ASC' }, {}],
            7,
            true,
        ];
        for (const orderBy of bad) await refused(all, { orderBy }, { code: 'BAD_USER_INPUT' });
    });
});

suite('search', () => {
    const document = 'query ($search: String) { links(search: $search) { id } }';

    // A substring of url or description, whatever the case of letters.
    const sql = (search) => `SELECT id::text AS id FROM links
        WHERE strpos(lower(url), lower(${quote(search)})) > 0
           OR strpos(lower(description), lower(${quote(search)})) > 0
        ORDER BY links.created_at DESC, links.id DESC LIMIT 100`;

    const searches = [
        '',
        'zebra',
        'ZEBRA',
        'zEbRa CROSSING',
        '%',
        '_',
        '\\',
        '%%',
        '_e_',
        '100%',
        'snake_case',
        'e_case',
        'C:\\t',
        '\\\\',
        '\\%',
        '\\_',
        'straße',
        'ärger',
        'ÄRGER',
        "'",
        "zebra's",
        '"; DROP TABLE users; --',
        '$1',
        '%s',
        ' ',
        '.',
        '*',
        '(',
        '[a-z]',
        '^',
        '漢字',
        '🏃',
        '\u2028',
        '\u0001',
        '\u007f',
        '\t',
        '\n',
        '</script>',
        '\uFEFF',
        '\u{10FFFF}',
        'nothing has this',
        'd'.repeat(100),
        '%'.repeat(100),
        '_'.repeat(100),
        '\\'.repeat(100),
        '🏃'.repeat(100),
        'İ',
        'ς',
        'git',
        'HTTP',
        'postgresql',
        'a',
        'ad',
    ];
    for (const search of searches) {
        test(`for ${JSON.stringify(search).slice(0, 40)}`, async () => {
            const expected = await sqlIds(sql(search));
            const byVariable = await ask(document, { search });
            assertSame(
                byVariable.links.map((l) => l.id),
                expected,
                'by variable',
            );
            const literal = await ask(
                `{ links(search: ${JSON.stringify(search).replaceAll('\\u007f', '\u007f')}) { id } }`,
            );
            assertSame(
                literal.links.map((l) => l.id),
                expected,
                'literal',
            );
        });
    }

    test('finds what it should', async () => {
        const ids = async (search) => (await ask(document, { search })).links.map((l) => l.id);
        assert.deepEqual(await ids('100%'), ['910001']);
        assert.deepEqual(await ids('zebra'), [
            '910006',
            '910005',
            '910004',
            '910003',
            '910002',
            '910001',
        ]);
        assert.deepEqual(await ids('C:\\temp'), ['910003']);
        assert.deepEqual(await ids('zebra snake_'), ['910002']);
    });

    test('for a longer text is refused, before any SQL', async () => {
        for (const search of ['x'.repeat(101), '%'.repeat(20000), '🏃'.repeat(101)]) {
            const literal = `{ links(search: ${JSON.stringify(search)}) { id } }`;
            for (const [text, variables] of [[document, { search }], [literal, {}]]) {
                const { json } = await post(text, variables);
                const [{ path, extensions }] = json.errors;
                assert.equal(json.errors.length, 1);
                assert.deepEqual(path, ['links']);
                assert.deepEqual([extensions.code, extensions.argument], ['BAD_USER_INPUT', 'search']);
            }
        }
    });

    test('null, absent and empty are all', async () => {
        const usual = await ask('{ links { id } }');
        for (const variables of [{}, { search: null }, { search: '' }])
            assertSame(await ask(document, variables), usual);
        assertSame(await ask('{ links(search: null) { id } }'), usual);
        assertSame(await ask('{ links(search: "") { id } }'), usual);
        assertSame(await ask('{ links(search: """""") { id } }'), usual);
    });

    test('with a page and an order', async () => {
        const expected =
            await sqlIds(`SELECT id::text AS id FROM links
            WHERE url ILIKE '%http.example%' OR description ILIKE '%http.example%'
            ORDER BY links.description DESC, links.id DESC LIMIT 4 OFFSET 3`);
        const { links } = await ask(
            '{ links(search: "http.EXAMPLE", orderBy: {description: DESC}, first: 4, skip: 3) { id } }',
        );
        assertSame(
            links.map((l) => l.id),
            expected,
        );
    });

    test('two searches in one document', async () => {
        const data = await ask(
            'query ($a: String, $b: String) { a: links(search: $a) { id } b: links(search: $b) { id } }',
            { a: '100%', b: 'C:\\t' },
        );
        assert.deepEqual(data, { a: [{ id: '910001' }], b: [{ id: '910003' }] });
    });

    test('no text has U+0000', async () => {
        assert.deepEqual(await ask('{ links(search: "\\u0000") { id } }'), { links: [] });
        assert.deepEqual(await ask('{ links(search: "zebra\\u0000") { id } }'), { links: [] });
        assert.deepEqual(
            await ask('{ user(username: "ada\\u0000") { id } link(id: "910001\\u0000") { id } }'),
            { user: null, link: null },
        );
    });

    test('what is not a String is refused', async () => {
        await refused('{ links(search: 1) { id } }', {}, { code: 'GRAPHQL_VALIDATION_FAILED' });
        await refused('{ links(search: ["a"]) { id } }', {}, { code: 'GRAPHQL_VALIDATION_FAILED' });
        for (const search of [1, true, ['a'], {}])
            await refused(document, { search }, { code: 'BAD_USER_INPUT' });
    });
});
