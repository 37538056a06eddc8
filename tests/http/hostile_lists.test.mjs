// hostile_lists.test.mjs - what is sent to lists by who means no good: cursors, ids, filters, bounds and
// selections.  Each is answered or refused as the client's fault, by a worker that lives on.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { buildSchema, executeSync, parse } from 'graphql';

import { as, makeUsers } from './lib/accounts.mjs';
import { Application } from './lib/application.mjs';
import { ask, post } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, isSanitized, root, sockets } from './lib/environment.mjs';
import { mock, residentMemory, serve } from './lib/processes.mjs';

// The same for each run: a linear congruential generator.
let state = 11;
const random = (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
};
const one = (list) => list[random(list.length)];

const REFUSALS = new Set(['BAD_USER_INPUT', 'LIMIT_EXCEEDED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST']);

// Nobody but the client is to blame.
function assertDecent({ status, json }, what) {
    assert.ok(status === 200 || status === 400 || status === 413, `${status}: ${what}`);
    for (const error of json.errors ?? [])
        assert.ok(REFUSALS.has(error.extensions.code), `${JSON.stringify(error)}: ${String(what).slice(0, 500)}`);
    return json;
}

const ODD = [
    '', ' ', '\0', 'a\0b', '\ud800', '🏃', "'", '"', '\\', '%', '_', '--', '/*', '$1', '{}', '[]', 'null', 'A'.repeat(60000), '='.repeat(99),
    '\u202e', '-1', '1e999', 'NaN', 'infinity', '9223372036854775808', '0x10', 0, -1, 1.5, 1e300, -1e-300, 2147483648, 1e20, true, false, null, [], {}, [[]],
    [null], { eq: null }, [{}], { a: { b: [] } },
];

// --- cursors ---

suite('cursors', () => {
    const document = 'query ($after: String, $before: String) { relayLinks(first: 2, after: $after, before: $before) { edges { cursor } pageInfo { hasPreviousPage } } }';
    let cursor, page;
    before(async () => {
        cursor = (await ask(document)).relayLinks.edges[1].cursor;
        page = await ask(document, { after: cursor });
    });

    // It is what it was, or none.
    const assertNone = async (text) => {
        const { data, errors } = assertDecent(await post(document, { after: text }), text);
        if (!errors) return assert.deepEqual(data, page, text);
        if (errors[0].extensions.code === 'BAD_REQUEST') return assert.ok(text.includes('\0')); // no JSON of ours
        assert.equal(errors[0].extensions.argument, 'after');
        assert.match(errors[0].message, /^"after" is (no cursor|a cursor of another list or order)\.$/);
    };

    test('that are cut, longer, or have another letter', async () => {
        for (let i = 0; i < cursor.length; i++) {
            await assertNone(cursor.slice(0, i));
            await assertNone(cursor.slice(i + 1));
            await assertNone(cursor.slice(0, i) + one('ABab09-_='.split('')) + cursor.slice(i + 1));
        }
        for (const more of ['A', '=', ' ', '\0', '\n', cursor]) await assertNone(cursor + more);
    });

    test('of other lists and orders', async () => {
        const { relayLinks } = await ask('{ relayLinks(first: 1, orderBy: [{url: ASC}]) { edges { cursor node { votes(first: 1) { edges { cursor } } } } } }');
        await assertNone(relayLinks.edges[0].cursor);
        for (const { cursor: other } of relayLinks.edges[0].node.votes.edges) await assertNone(other);
    });

    test('that are something else', async () => {
        for (const odd of ODD) {
            assertDecent(await post(document, { after: odd }), odd);
            assertDecent(await post(document, { before: odd, after: cursor }), odd);
        }
    });
});

// --- ids ---

suite('ids', () => {
    test('that are something else', async () => {
        const forms = [(text) => text, (text) => Buffer.from(`LinkNode:${text}`).toString('base64'), (text) => Buffer.from(String(text)).toString('base64')];
        for (const odd of ODD)
            for (const form of typeof odd === 'string' ? forms : forms.slice(0, 1)) {
                assertDecent(await post('query ($id: ID!) { node(id: $id) { id } relayLink(id: $id) { id } link(id: $id) { id } }', { id: form(odd) }), odd);
                assertDecent(await post('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [form(odd), 'TGlua05vZGU6MQ=='] }), odd);
            }
    });
});

// --- bounds ---

suite('bounds', () => {
    test('of pages are those of the manual', async () => {
        const bounds = { first: 100, last: 100, skip: 10000 };
        for (const name of Object.keys(bounds))
            for (const number of [-2147483648, -1, 0, 1, bounds[name], bounds[name] + 1, 2147483647]) {
                const field = name === 'skip' ? 'links(skip: $n) { id }' : `relayLinks(${name}: $n) { edges { cursor } pageInfo { hasNextPage } }`;
                const { errors } = assertDecent(await post(`query ($n: Int) { ${field} }`, { n: number }), `${name} ${number}`);
                assert.equal(errors?.[0].extensions.argument, number >= 0 && number <= bounds[name] ? undefined : name, `${name}: ${number}`);
            }
        for (const number of [2147483648, 1.5, '1', null, [], true])
            assertDecent(await post('query ($n: Int) { relayLinks(first: $n) { totalCount } links(skip: $n) { id } }', { n: number }), number);
    });
});

// --- selections: each is what the reference implementation takes out of the whole page ---

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const VOTES = `votes(first: 2) { __typename ${PAGE_INFO} totalCount edges { __typename cursor node { __typename id pk user { __typename id username } link { __typename id url } } } }`;
const LINK = `__typename id pk url postedBy { __typename id username } ${VOTES}`;
const leaves = (names) => Object.fromEntries(names.split(' ').map((name) => [name, null]));
const selectable = {
    Query: { relayLinks: 'LinkNodeConnection', node: 'Node', nodes: 'Node' },
    LinkNodeConnection: { ...leaves('__typename totalCount'), pageInfo: 'PageInfo', edges: 'LinkNodeEdge' },
    LinkNodeEdge: { ...leaves('__typename cursor'), node: 'LinkNode' },
    Node: leaves('__typename id'),
    LinkNode: { ...leaves('__typename id pk url'), postedBy: 'User', votes: 'VoteNodeConnection' },
    VoteNodeConnection: { ...leaves('__typename totalCount'), pageInfo: 'PageInfo', edges: 'VoteNodeEdge' },
    VoteNodeEdge: { ...leaves('__typename cursor'), node: 'VoteNode' },
    VoteNode: { ...leaves('__typename id pk'), user: 'User', link: 'Short' },
    Short: leaves('__typename id url'),
    User: leaves('__typename id username'),
    PageInfo: leaves('hasNextPage hasPreviousPage startCursor endCursor'),
};

suite('selections', () => {
    let whole, given;
    before(async () => {
        const { relayLinks } = await ask('{ relayLinks(first: 3, orderBy: [{voteCount: DESC}]) { edges { cursor node { id votes(first: 1) { edges { node { id } } } } } } }');
        given = {
            'Query.relayLinks': `(first: 2, orderBy: [{voteCount: DESC}], after: "${relayLinks.edges[0].cursor}")`,
            'Query.node': `(id: "${relayLinks.edges[0].node.id}")`,
            'Query.nodes': `(ids: ["${relayLinks.edges[0].node.votes.edges[0].node.id}", "x", "${relayLinks.edges[1].node.id}"])`,
            'LinkNode.votes': '(first: 2)',
        };
        const node = `{ ... on LinkNode { ${LINK} } ... on VoteNode { __typename id pk user { __typename id username } link { __typename id url } } }`;
        whole = await ask(`{ relayLinks${given['Query.relayLinks']} { __typename ${PAGE_INFO} totalCount edges { __typename cursor node { ${LINK} } } } node${given['Query.node']} ${node} nodes${given['Query.nodes']} ${node} }`);
    });

    const directive = () => (random(4) ? '' : ` @${one(['skip', 'include'])}(if: ${one(['$yes', '$no', 'true', 'false'])})`);

    function selection(type, depth) {
        const items = Array.from({ length: 1 + random(4) }, () => item(type, depth));
        return `{ ${items.join(' ')} }`;
    }

    function item(type, depth) {
        const onType = type === 'Short' ? 'LinkNode' : type;
        if (type === 'Node' && random(2)) {
            const other = one(['LinkNode', 'VoteNode']);
            return `... on ${other}${directive()} ${selection(other, depth)}`;
        }
        if (depth > 0 && random(5) === 0) return `...${random(2) ? ` on ${onType}` : ''}${directive()} ${selection(type, depth - 1)}`;
        const name = one(Object.keys(selectable[type]));
        const below = selectable[type][name];
        const alias = random(5) ? '' : `${name}${random(2)}: `;
        return `${alias}${name}${given[`${type}.${name}`] ?? ''}${directive()}${below ? ` ${selection(below, depth)}` : ''}`;
    }

    const schema = buildSchema(readFileSync(`${root}/tests/http/lib/public_contract.graphql`, 'utf8'));
    test('random ones, with aliases, fragments and conditions, show what the whole page has', async () => {
        const count = isFull ? 20000 : isSanitized ? 500 : 1000;
        let refused = 0;
        for (let i = 0; i < count; i++) {
            const body = selection('Query', 3);
            const used = ['yes', 'no'].filter((name) => body.includes(`$${name}`));
            const document = `query${used.length ? `(${used.map((name) => `$${name}: Boolean!`).join(' ')})` : ''} ${body}`;
            const variables = Object.fromEntries(used.map((name) => [name, !!random(2)]));
            const expected = executeSync({ schema, document: parse(document), rootValue: whole, variableValues: variables });
            assert.equal(expected.errors, undefined, document);
            const { json } = await post(document, variables);
            if (json.errors?.[0].extensions.code === 'LIMIT_EXCEEDED') {
                refused++;
                continue;
            }
            assert.equal(json.errors, undefined, `${JSON.stringify(json.errors)} ${document}`);
            assert.equal(JSON.stringify(json.data), JSON.stringify(expected.data), `${document} ${JSON.stringify(variables)}`);
        }
        assert.ok(refused < count / 4, `${refused} of ${count}`);
    });
});

// --- mutations with input objects ---

suite('mutations with an input', () => {
    test('take what is no input as the client\'s fault', async () => {
        const session = new Session();
        const [user] = await makeUsers(session, 1, { prefix: 'hostile' });
        const document = 'mutation ($input: RelayCreateLinkInput!) { relayCreateLink(input: $input) { clientMutationId link { id url description } } }';
        try {
            for (const odd of ODD) {
                for (const input of [odd, { url: odd }, { url: 'https://example.org/', description: odd }, { url: 'https://example.org/', clientMutationId: odd }, { url: 'https://example.org/', more: odd }]) {
                    const { data, errors } = assertDecent(await post(document, { input }, as(user)), JSON.stringify(input));
                    assert.ok(errors || data.relayCreateLink, JSON.stringify(input));
                    if (!errors && typeof odd === 'string' && input.clientMutationId !== undefined)
                        assert.equal(data.relayCreateLink.clientMutationId, odd.isWellFormed() ? odd : data.relayCreateLink.clientMutationId);
                }
                const answer = await post('mutation ($id: ID!) { deleteLink(id: $id) { id } createVote(linkId: $id) { link { id } } }', { id: odd }, as(user));
                const ours = new Set(['NOT_FOUND', 'FORBIDDEN', ...REFUSALS]);
                for (const { extensions } of answer.json.errors) assert.ok(ours.has(extensions.code), `${extensions.code}: ${odd}`);
            }
        } finally {
            session.close();
        }
    });
});

// --- filters, on the database of tests/corpus/filters ---

const folder = `${root}/tests/corpus/filters`;
const app = new Application(
    'hostile_lists',
    readFileSync(`${folder}/database.sql`, 'utf8')
        .split('\n')
        .filter((line) => !/^(\\|DROP DATABASE|CREATE DATABASE|SET ROLE)/.test(line))
        .join('\n'),
);
const sdl = readFileSync(`${folder}/schema.graphql`, 'utf8');
const inputs = buildSchema(sdl, { assumeValidSDL: true }).getTypeMap();

suite('filters', () => {
    let server;
    const start = (...options) => {
        const contract = `${app.directory}/contract.graphql`;
        writeFileSync(contract, sdl);
        return serve('--workers', '1', '--contract', contract, '--database', `host=${sockets}/postgresql dbname=${app.database} user=linnet_login`, ...options);
    };
    before(async () => {
        server = await start();
    });
    after(() => server.stop());

    const document = 'query ($where: BookFilter) { books(where: $where) { id } page(where: $where, first: 1) { totalCount edges { node { id } } } stats(where: $where) { count } }';
    const named = (type) => type.toString().replace(/[[\]!]/g, '');
    const good = { String: ['a', 'cat'], Int: [1, -1], Float: [0.5, 2], ID: ['1', '2'], Boolean: [true, false], Cover: ['HARD'], Decimal: ['1', '20.5'], BigInt: ['1'], JSON: [{ a: 1 }, 'a'],
        DateTime: ['2026-01-01T10:00:00.123Z'], DateTimeMicros: ['2026-01-01T10:00:00.123456Z'] };

    // A filter of the type; what leaves it makes is `leaf(type)`.
    function filter(type, depth, leaf, width = 2) {
        const fields = Object.values(inputs[type].getFields());
        const result = {};
        for (let i = 0; i < width; i++) {
            const field = one(fields), below = named(field.type), isList = field.type.toString().startsWith('[');
            const isLeaf = !inputs[below]?.getFields;
            if (!isLeaf && depth === 0) continue;
            const make = () => (isLeaf ? leaf(below) : filter(below, depth - 1, leaf, 1 + random(2)));
            result[field.name] = isList ? Array.from({ length: random(3) }, make) : make();
        }
        return result;
    }

    test('of odd values', async () => {
        const count = isFull ? 100000 : isSanitized ? 1000 : 1500;
        let answered = 0;
        for (let i = 0; i < count; i++) {
            const where = filter('BookFilter', 4, (type) => (random(8) ? one(good[type]) : one(ODD)));
            answered += !assertDecent(await server.post(document, { where }), JSON.stringify(where)).errors;
        }
        assert.ok(answered > count / 4 && answered < count, `${answered} of ${count}`);
    });

    test('get the same refusals where values are made up', async () => {
        const made = await mock('--workers', '1', '--contract', `${app.directory}/contract.graphql`);
        const refusals = ({ errors }) => errors?.map(({ message, path, extensions: { code, argument, limit } }) => ({ message, path, code, argument, limit }));
        for (let i = 0; i < (isFull ? 20000 : 400); i++) {
            const where = filter('BookFilter', 4, (type) => (random(8) ? one(good[type]) : one(ODD)));
            const [here, there] = [await made.post(document, { where }), await server.post(document, { where })];
            assert.deepEqual(refusals(assertDecent(here, JSON.stringify(where))), refusals(assertDecent(there)), JSON.stringify(where));
        }
        await made.stop();
    });

    // Every place of the value.
    function* places(value, path = []) {
        for (const [name, member] of Object.entries(value ?? {})) {
            yield [...path, name];
            if (typeof member === 'object') yield* places(member, [...path, name]);
        }
    }
    const put = (value, [name, ...rest], inside) =>
        Object.assign(Array.isArray(value) ? [...value] : { ...value }, { [name]: rest.length ? put(value[name], rest, inside) : inside });
    const written = (path) => path.map((name, i) => (/^\d+$/.test(name) ? `[${name}]` : i ? `.${name}` : name)).join('');
    const isJson = (path) => path.includes('extra') && path.length > path.indexOf('extra') + 2;

    test('null anywhere is an error there, and never all rows', async () => {
        let count = 0;
        for (let i = 0; i < 150; i++) {
            const where = filter('BookFilter', 3, (type) => one(good[type]));
            const { errors: others } = assertDecent(await server.post(document, { where }), where);
            for (const path of places(where)) {
                if (others || isJson(path) || (path.at(-2) === 'eq' && /^\d+$/.test(path.at(-1)))) continue; // which may be null
                const { data, errors } = assertDecent(await server.post(document, { where: put(where, path, null) }), `${written(path)} ${JSON.stringify(where)}`);
                assert.ok(errors?.length, `${written(path)} ${JSON.stringify(where)}`);
                assert.ok(!data?.books && !data?.stats);
                count++;
            }
        }
        assert.ok(count > 200, `${count} places`);
    });

    test('a variable that was not given is as if its member were not written', async () => {
        const literal = (value) =>
            Array.isArray(value) ? `[${value.map(literal).join(' ')}]`
            : value?.variable ? value.variable
            : value === 'HARD' ? 'HARD'
            : value && typeof value === 'object' ? `{${Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`).join(' ')}}`
            : JSON.stringify(value);
        const typeAt = (path) => path.reduce((type, name) => (/^\d+$/.test(name) ? type : inputs[named(type)].getFields()[name].type), 'BookFilter').toString();
        for (let i = 0; i < 150; i++) {
            const where = filter('BookFilter', 3, (type) => one(good[type]));
            const within = [...places(where)].filter((path) => !isJson(path) && !/^\d+$/.test(path.at(-1)) && !path.some((name) => name === 'extra'));
            if (!within.length) continue;
            const path = one(within);
            const without = put(where, path, undefined);
            const left = JSON.parse(JSON.stringify(without));
            const asked = `query ($absent: ${typeAt(path)}) { books(where: ${literal(put(where, path, { variable: '$absent' }))}) { id } }`;
            const given = assertDecent(await server.post(asked), asked);
            const plain = assertDecent(await server.post(`{ books(where: ${literal(left)}) { id } }`), left);
            assert.deepEqual(given.data, plain.data, asked);
        }
    });

    const limitOf = async (where) => assertDecent(await server.post('query ($where: BookFilter) { books(where: $where) { id } }', { where }), JSON.stringify(where).slice(0, 300)).errors?.map(({ extensions: { limit, code } }) => limit ?? code)[0];
    const nest = (depth, open, inner) => (depth ? open(nest(depth - 1, open, inner)) : inner);

    test('deep and wide ones meet the limits', async () => {
        const leaf = { id: 1 };
        for (const depth of [5, 6, 7, 60, 1000]) {
            for (const open of [(f) => ({ not: f }), (f) => ({ and: [f] }), (f) => ({ or: [f] }), (f) => ({ prequel: f })]) {
                const limit = await limitOf(nest(depth, open, leaf));
                if (depth > 6) assert.ok(['filter_depth', 'json_depth', 'filter_relations', 'BAD_REQUEST'].includes(limit), `${depth}: ${limit}`);
            }
        }
        assert.equal(await limitOf({ or: Array(40).fill(leaf) }), undefined);
        assert.equal(await limitOf({ or: Array(41).fill(leaf) }), 'filter_conditions');
        assert.match(await limitOf({ and: Array(20000).fill({}) }), /^(filter_conditions|json_values)$/);
        assert.match(await limitOf({ or: Array(5000).fill({ not: {} }) }), /^(filter_conditions|json_values)$/);
        assert.equal(await limitOf({ title: { in: Array(500).fill('a') } }), undefined);
        assert.equal(await limitOf({ title: { in: Array.from({ length: 500 }, (_, i) => `${i}`) } }), undefined);
        assert.equal(await limitOf({ title: { in: Array(501).fill('a') } }), 'filter_values');
        assert.equal(await limitOf({ title: { contains: 'a'.repeat(101) } }), 'search');
    });

    test('of ever other shapes do not fill the memory', async () => {
        const small = await start('--limit-cache-bytes', `${2 << 20}`);
        const [worker] = small.workers();
        const samples = [];
        for (let i = 0; i < (isFull ? 8000 : 3000); i++) {
            const where = filter('BookFilter', 4, (type) => one(good[type]), 3);
            assertDecent(await small.post(document, { where }), JSON.stringify(where));
            if (i % 500 === 499) samples.push(residentMemory(worker));
        }
        const half = samples[samples.length / 2 - 1], all = samples.at(-1);
        assert.deepEqual(small.workers(), [worker]);
        assert.ok(all - half < (isSanitized ? 64 : isFull ? 8 : 6) * 1024, samples.join(' '));
        await small.stop();
    });
});
