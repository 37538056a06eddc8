// connections.test.mjs - pages of rows on the public contract: relayLinks, and the votes of a LinkNode.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { as, makeUsers } from './lib/accounts.mjs';
import { ask, askPartly, refused } from './lib/client.mjs';
import { rows, Session } from './lib/database.mjs';

const newest = 'ORDER BY created_at DESC, id DESC';
const ids = async (query) => (await rows(query)).map(({ id }) => String(id));
const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const page = async (inside, variables, before = '') =>
    (await ask(`${before} { relayLinks${inside} { ${pageInfo} edges { cursor node { pk } } } }`, variables)).relayLinks;
const keysOf = (connection) => connection.edges.map(({ node }) => node.pk);

// The only error of a document whose answer has no data.
async function errorOf(document, variables) {
    const { data, errors } = await askPartly(document, variables);
    assert.equal(data, null);
    assert.equal(errors.length, 1);
    return errors[0];
}

suite('relayLinks', () => {
    test('goes through all links, forwards and backwards, and back to the same cursors', async () => {
        const all = await ids(`SELECT id FROM links ${newest}`);
        const seen = [], cursors = [];
        for (let after = null, more = true; more;) {
            const { edges, pageInfo: info } = await page('(first: 50, after: $c)', { c: after }, 'query ($c: String)');
            assert.equal(info.hasPreviousPage, after !== null);
            seen.push(...edges.map(({ node }) => node.pk));
            cursors.push(...edges.map(({ cursor }) => cursor));
            assert.equal(info.endCursor, cursors.at(-1));
            more = info.hasNextPage;
            after = info.endCursor;
        }
        assert.deepEqual(seen, all);
        const back = [];
        for (let before = null, more = true; more;) {
            const { edges, pageInfo: info } = await page('(last: 70, before: $c)', { c: before }, 'query ($c: String)');
            assert.equal(info.hasNextPage, before !== null);
            back.unshift(...edges.map(({ cursor }) => cursor));
            assert.equal(info.startCursor, back[0]);
            more = info.hasPreviousPage;
            before = info.startCursor;
        }
        assert.deepEqual(back, cursors);
        assert.equal(new Set(cursors).size, cursors.length);
    });

    test('keeps its place on a page without rows', async () => {
        const last = (await page('(last: 1)')).edges[0].cursor;
        const behind = await page(`(first: 3, after: "${last}")`);
        assert.deepEqual(behind, {
            pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: last },
            edges: [],
        });
        const none = await page(`(last: 0, before: "${last}")`);
        assert.deepEqual(none.pageInfo, { hasNextPage: true, hasPreviousPage: true, startCursor: last, endCursor: null });
    });

    test('takes a cursor of its own order alone', async () => {
        const { edges } = await page('(first: 3)');
        const { relayLinks } = await ask('{ relayLinks(first: 1, orderBy: [{url: DESC}]) { edges { cursor node { pk url } } } }');
        const [{ cursor }] = relayLinks.edges;
        // The place in the one order is none in the other.
        const error = await errorOf(`{ relayLinks(first: 2, after: "${cursor}") { edges { cursor } } }`);
        assert.equal(error.message, '"after" is a cursor of another list or order.');
        assert.deepEqual(error.path, ['relayLinks']);
        assert.deepEqual([error.extensions.code, error.extensions.argument], ['BAD_USER_INPUT', 'after']);
        assert.deepEqual(keysOf(await page(`(first: 2, after: "${edges[0].cursor}")`)), edges.slice(1).map(({ node }) => node.pk));
    });

    test('counts all that match, whatever the page', async () => {
        const { relayLinks, all } = await ask(
            '{ relayLinks(search: "rust", first: 1) { totalCount } all: relayLinks { totalCount nodes: edges { cursor } } }',
        );
        const [{ found, total }] = await rows(
            `SELECT count(*) FILTER (WHERE url ILIKE '%rust%' OR description ILIKE '%rust%') AS found, count(*) AS total FROM links`,
        );
        assert.equal(relayLinks.totalCount, Number(found));
        assert.equal(all.totalCount, Number(total));
        assert.equal(all.nodes.length, 100);
    });

    test('filters and orders its rows', async () => {
        const { relayLinks } = await ask(
            '{ relayLinks(search: "a", orderBy: [{voteCount: DESC}, {url: ASC}], first: 30) { edges { node { pk } } } }',
        );
        const expected = await ids(
            `SELECT id FROM links WHERE url ILIKE '%a%' OR description ILIKE '%a%' ORDER BY vote_count DESC, url, id LIMIT 30`,
        );
        assert.deepEqual(relayLinks.edges.map(({ node }) => node.pk), expected);
    });
});

suite('what is no page', () => {
    const refusals = [
        ['first: 1, last: 1', 'last', 'Arguments "first" and "last" must not both be given.'],
        ['first: -1', 'first', null],
        ['first: 101', 'first', null],
        ['last: -1', 'last', null],
        ['last: 101', 'last', null],
        ['after: ""', 'after', '"after" is no cursor.'],
        ['after: "!"', 'after', '"after" is no cursor.'],
        ['last: 1, before: "AAAA"', 'before', '"before" is no cursor.'],
        ['first: 1, before: "YXJyYXljb25uZWN0aW9uOjA="', 'before', '"before" is no cursor.'],
    ];
    const shown = ['__typename', 'totalCount', 'pageInfo { hasNextPage }', 'pageInfo { hasPreviousPage }', 'edges { node { url } }'];

    for (const [inside, argument, message] of refusals)
        test(`(${inside}) is an error of the field, whatever is selected`, async () => {
            for (const selected of shown) {
                const error = await errorOf(`{ relayLinks(${inside}) { ${selected} } }`);
                assert.deepEqual(error.path, ['relayLinks'], selected);
                assert.deepEqual([error.extensions.code, error.extensions.argument], ['BAD_USER_INPUT', argument], selected);
                if (message)
                    assert.equal(error.message, message);
            }
        });

    test('null is as if absent', async () => {
        assert.deepEqual(await page('(first: null, last: 2, after: null, before: null)'), await page('(last: 2)'));
        assert.deepEqual(
            keysOf(await page('(first: $n, last: $n, after: $c, before: $c)', { n: null, c: null }, 'query ($n: Int, $c: String)')),
            await ids(`SELECT id FROM links ${newest} LIMIT 100`),
        );
    });

    test('a cursor of one field is none of another', async () => {
        const { relayLinks } = await ask('{ relayLinks(first: 20) { edges { cursor node { votes(first: 1) { edges { cursor } } } } } }');
        const { cursor } = relayLinks.edges.flatMap(({ node }) => node.votes.edges)[0];
        const error = await errorOf(`{ relayLinks(after: "${cursor}") { totalCount } }`);
        assert.equal(error.message, '"after" is a cursor of another list or order.');
    });
});

suite('votes of links', () => {
    test('are a page for each link, with its own neighbours and number', async () => {
        const { relayLinks } = await ask(
            `{ relayLinks(first: 40) { edges { node { pk votes(first: 2) { totalCount ${pageInfo} edges { cursor node { pk } } } } } } }`,
        );
        for (const { node } of relayLinks.edges) {
            const all = await ids(`SELECT id FROM votes WHERE link_id = ${node.pk} ORDER BY created_at, id`);
            assert.deepEqual(keysOf(node.votes), all.slice(0, 2));
            assert.equal(node.votes.totalCount, all.length);
            assert.equal(node.votes.pageInfo.hasNextPage, all.length > 2);
            assert.equal(node.votes.pageInfo.hasPreviousPage, false);
            assert.equal(node.votes.pageInfo.endCursor, node.votes.edges.at(-1)?.cursor ?? null);
        }
    });

    test('go on from one place in the list of each link', async () => {
        const document = (inside) =>
            `query ${inside.includes('$c') ? '($c: String)' : ''} { relayLinks(first: 30) { edges { node { pk votes${inside} { ${pageInfo} edges { cursor node { pk } } } } } } }`;
        const first = (await ask(document('(first: 3)'))).relayLinks.edges;
        const from = first.flatMap(({ node }) => node.votes.edges)[7];
        const [{ at }] = await rows(`SELECT created_at::text AS at FROM votes WHERE id = ${from.node.pk}`);
        for (const [inside, compare, order, isForward] of [
            ['(first: 2, after: $c)', '>', '', true],
            ['(last: 2, before: $c)', '<', 'DESC', false],
        ]) {
            const { edges } = (await ask(document(inside), { c: from.cursor })).relayLinks;
            for (const { node } of edges) {
                const where = (sign) =>
                    `FROM votes WHERE link_id = ${node.pk} AND (created_at, id) ${sign} ('${at}', ${from.node.pk})`;
                const behind = await ids(`SELECT id ${where(compare)} ORDER BY created_at ${order}, id ${order} LIMIT 3`);
                const [{ n }] = await rows(`SELECT count(*) AS n ${where(compare === '>' ? '<=' : '>=')}`);
                const shown = behind.slice(0, 2);
                assert.deepEqual(keysOf(node.votes), isForward ? shown : shown.reverse());
                const { hasNextPage, hasPreviousPage } = node.votes.pageInfo;
                assert.deepEqual(isForward ? [hasNextPage, hasPreviousPage] : [hasPreviousPage, hasNextPage], [behind.length > 2, Number(n) > 0]);
            }
        }
    });

    test('rows asked for are counted with `first` of each level', async () => {
        const document =
            '{ relayLinks(first: 100) { edges { node { votes(first: 100) { edges { node { link { votes(first: 100) { totalCount edges { cursor } } } } } } } } } }';
        const error = await refused(document, {}, { status: 200, accept: 'application/json', code: 'LIMIT_EXCEEDED' });
        assert.equal(error.extensions.limit, 'nodes');
    });
});

suite('pages of what a mutation has written', () => {
    test('are read after it', async () => {
        const session = new Session();
        const [user] = await makeUsers(session, 1, { prefix: 'pages' });
        session.close();
        const created = await ask(
            'mutation { createLink(url: "https://example.com/pages") { linkNode { pk votes(first: 1) { totalCount pageInfo { hasNextPage endCursor } edges { cursor } } } } }',
            undefined,
            as(user),
        );
        const { pk, votes } = created.createLink.linkNode;
        assert.deepEqual(votes, { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, edges: [] });
        const voted = await ask(
            `mutation { createVote(linkId: ${pk}) { linkNode { votes(last: 1) { totalCount edges { node { user { username } } } } } } }`,
            undefined,
            as(user),
        );
        assert.deepEqual(voted.createVote.linkNode.votes, {
            totalCount: 1,
            edges: [{ node: { user: { username: user.username } } }],
        });
    });
});
