// nodes.test.mjs - objects by their global ids, and mutations for clients whose caches know objects so, on
// the public contract.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { freshUrl } from './lib/acts.mjs';
import { overNginx } from './lib/accounts.mjs';
import { ask, askPartly } from './lib/client.mjs';
import { rows } from './lib/database.mjs';
import { serve } from './lib/processes.mjs';
import { tap } from './lib/tap.mjs';

// As graphql-relay and Graphene make them.
const toGlobalId = (type, key) => Buffer.from(`${type}:${key}`).toString('base64');
const linkId = (key) => toGlobalId('LinkNode', key);

const nodeFields = '__typename id ... on LinkNode { pk url voteCount } ... on VoteNode { pk link { pk url } user { username } }';
const nodesDocument = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${nodeFields} } }`;

// A generator of numbers below `n`, the same each time.
function makeRandom(seed) {
    let state = seed;
    return (n) => {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        return (state >> 8) % n;
    };
}

suite('node and nodes', () => {
    let links, votes;
    before(async () => {
        links = await rows('SELECT id::text, url, vote_count FROM links ORDER BY id');
        votes = await rows(`SELECT v.id::text, l.id::text AS link, l.url, u.username
            FROM votes v JOIN links l ON l.id = v.link_id JOIN users u ON u.id = v.user_id ORDER BY v.id`);
    });

    const link = ({ id, url, vote_count: voteCount }) => ({ __typename: 'LinkNode', id: linkId(id), pk: id, url, voteCount: Number(voteCount) });
    const vote = ({ id, link: pk, url, username }) => ({
        __typename: 'VoteNode', id: toGlobalId('VoteNode', id), pk: id, link: { pk, url }, user: { username },
    });

    // An id, and what is there.
    const makers = [
        (random) => links[random(links.length)],
        (random) => votes[random(votes.length)],
        () => null,
    ];
    const wrong = ['', 'x', '7', 'LinkNode:7', linkId('0'), linkId('-1'), linkId('07'), linkId('7.0'), linkId('x'), linkId(''),
        linkId('2147483648'), linkId('[7]'), linkId('7\0'), linkId('7 '), toGlobalId('Link', 7), toGlobalId('User', 1),
        toGlobalId('linkNode', 7), toGlobalId('__Type', 7), linkId(7).replace(/=+$/, ''), `${linkId(7)}=`, ` ${linkId(7)}`,
        `${linkId(7)}\n`, linkId('7🏃'), '🏃', "'; DROP TABLE links; --", 'A'.repeat(60000), '='.repeat(400)];
    const choose = (random) => {
        const kind = random(3), row = makers[kind](random);
        return kind === 0 ? [linkId(row.id), link(row)] : kind === 1 ? [toGlobalId('VoteNode', row.id), vote(row)] : [wrong[random(wrong.length)], null];
    };

    test('a list is what each of its ids is alone, in their order', async () => {
        const random = makeRandom(7);
        for (let round = 0; round < 40; round++) {
            const chosen = Array.from({ length: random(30) }, () => choose(random));
            if (chosen.length > 3) chosen.push(chosen[1], chosen[1]);
            const { nodes } = await ask(nodesDocument, { ids: chosen.map(([id]) => id).map((id) => id.slice(0, 2000)) });
            assert.deepEqual(nodes, chosen.map(([, object]) => object));
            for (const [id, object] of chosen.slice(0, 3)) {
                const { node } = await ask(`query ($id: ID!) { node(id: $id) { ${nodeFields} } }`, { id });
                assert.deepEqual(node, object);
            }
        }
    });

    test('what is no id is null, and no error', async () => {
        for (const id of wrong) {
            const data = await ask('query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } relayLink(id: $id) { id } }', { id });
            assert.deepEqual(data, { node: null, nodes: [null], relayLink: null }, id.slice(0, 50));
        }
    });

    test('an id with one character changed is another id, or none', async () => {
        const random = makeRandom(11);
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \n"\\';
        for (let round = 0; round < 30; round++) {
            const ids = Array.from({ length: 100 }, () => {
                const id = [...linkId(links[random(links.length)].id)];
                id[random(id.length)] = letters[random(letters.length)];
                return id.join('');
            });
            const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
            nodes.forEach((node, i) => assert.ok(node === null || node.id === ids[i]));
        }
    });

    test('a hundred ids and no more', async () => {
        const ids = Array.from({ length: 101 }, (_, i) => linkId(i));
        assert.equal((await ask(nodesDocument, { ids: ids.slice(1) })).nodes.length, 100);
        const { data, errors } = await askPartly(nodesDocument, { ids });
        assert.equal(data, null);
        assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
        assert.equal(errors[0].extensions.argument, 'ids');
    });

    test('what is below an object counts for each id', async () => {
        const ids = Array.from({ length: 100 }, (_, i) => linkId(i + 1));
        const document = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on LinkNode {
            postedBy { linkSet(first: 100) { votes(first: 100) { id } } } } } }`;
        const { errors } = await askPartly(document, { ids });
        assert.equal(errors[0].extensions.limit, 'nodes');
        assert.ok((await ask(document, { ids: ids.slice(0, 3) })).nodes);
    });

    test('ids that pages show find their objects', async () => {
        const { relayLinks } = await ask('{ relayLinks(first: 20) { edges { node { id url votes(first: 2) { edges { node { id } } } } } } }');
        for (const { node: { id, url, votes: { edges } } } of relayLinks.edges) {
            assert.deepEqual((await ask('query ($id: ID!) { relayLink(id: $id) { id url } }', { id })).relayLink, { id, url });
            const ids = edges.map(({ node }) => node.id);
            const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on VoteNode { link { id } } } }', { ids });
            assert.deepEqual(nodes, ids.map((voteId) => ({ id: voteId, link: { id } })));
        }
    });
});

suite('statements', () => {
    let counter, server;
    before(async () => {
        counter = await tap();
        // As when nothing is known of what it costs.
        server = await serve('--workers', '1', '--limit-shared-requests', '0', '--database', counter.database);
        await server.post('{ user(id: 1) { lastName } }');
    });

    async function runs(query, variables) {
        counter.forget();
        const { json } = await server.post(query, variables);
        assert.equal(json.errors, undefined, JSON.stringify(json));
        return counter.runs();
    }
    const document = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${nodeFields} } }`;

    test('one is sent for each type that an id has, and one alone without BEGIN', async () => {
        assert.equal(await runs(document, { ids: ['x', toGlobalId('Link', 7)] }), 0);
        assert.equal(await runs(document, { ids: [linkId(7), linkId(8), 'x'] }), 1);
        assert.equal(await runs(document, { ids: [linkId(7), toGlobalId('VoteNode', 1)] }), 4);
        assert.equal(await runs('query ($id: ID!) { node(id: $id) { id } }', { id: linkId(7) }), 1);
    });

    test('the plan and its statements are the same for all ids', async () => {
        await runs(document, { ids: [linkId(1), toGlobalId('VoteNode', 1)] });
        counter.forget();
        for (let i = 2; i < 20; i++) await server.post(document, { ids: [linkId(i), toGlobalId('VoteNode', i), `${i}`] });
        assert.deepEqual(counter.prepared(), []);
    });
});

test('a list of ids counts for limit_statements by the types that they have', async () => {
    const server = await serve('--workers', '1', '--limit-statements', '1');
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const [one, other] = [linkId(7), toGlobalId('VoteNode', 1)];
    for (const id of [one, other]) {
        assert.deepEqual((await server.post(document, { ids: [id, id] })).json.data.nodes, [{ id }, { id }]);
        assert.deepEqual((await server.post('query ($id: ID!) { node(id: $id) { id } }', { id })).json.data.node, { id });
    }
    const { data, errors } = (await server.post(document, { ids: [one, other] })).json;
    assert.deepEqual([data, errors[0].path, errors[0].extensions.limit], [null, ['nodes'], 'statements']);
});

suite('mutations', () => {
    let t, ada, bob;
    before(async () => {
        t = overNginx();
        [ada, bob] = await t.users(2, { prefix: 'nodes' });
    });
    after(() => t.session.close());

    const create = `mutation ($input: RelayCreateLinkInput!) { relayCreateLink(input: $input) {
        clientMutationId link { __typename id pk url description postedBy { username } voteCount viewerHasVoted votes { totalCount } } } }`;

    test('relayCreateLink makes a link, and shows its clientMutationId again', async () => {
        const url = freshUrl();
        for (const [clientMutationId, shown] of [['a"\\\n🏃', 'a"\\\n🏃'], ['', ''], [null, null], [undefined, null]]) {
            const input = { url: `${url}/${shown === null}${clientMutationId === undefined}${shown?.length}`, description: 'd', clientMutationId };
            const { relayCreateLink } = await t.ask(ada, create, { input });
            assert.equal(relayCreateLink.clientMutationId, shown);
            const { link } = relayCreateLink;
            assert.deepEqual(link, {
                __typename: 'LinkNode', id: linkId(link.pk), pk: link.pk, url: input.url, description: 'd',
                postedBy: { username: ada.username }, voteCount: 0, viewerHasVoted: false, votes: { totalCount: 0 },
            });
            assert.deepEqual((await ask('query ($id: ID!) { node(id: $id) { ... on LinkNode { url } } }', { id: link.id })).node, { url: input.url });
        }
    });

    test('in a literal, of which a variable is absent or a default holds', async () => {
        const url = freshUrl();
        const { a, b } = await t.ask(
            ada,
            `mutation ($url: String!, $d: String! = "from a variable", $c: String) {
                a: relayCreateLink(input: {url: $url, clientMutationId: $c}) { clientMutationId link { description } }
                b: relayCreateLink(input: {url: "${url}/b", description: $d, clientMutationId: "b"}) { clientMutationId link { description } } }`,
            { url },
        );
        assert.deepEqual(a, { clientMutationId: null, link: { description: '' } });
        assert.deepEqual(b, { clientMutationId: 'b', link: { description: 'from a variable' } });
    });

    test('one document serves inputs of all shapes', async () => {
        for (const [input, description] of [[{}, ''], [{ description: 'x' }, 'x'], [{ clientMutationId: 'c' }, ''], [{}, '']]) {
            const { relayCreateLink } = await t.ask(ada, create, { input: { url: freshUrl(), ...input } });
            assert.equal(relayCreateLink.link.description, description);
            assert.equal(relayCreateLink.clientMutationId, input.clientMutationId ?? null);
        }
    });

    test('errors name the field of the input, and nobody posts without signing in', async () => {
        const { code, extensions, data } = await t.fail(ada, create, { input: { url: 'no address' } });
        assert.deepEqual([code, extensions.argument, data.relayCreateLink], ['BAD_USER_INPUT', 'input.url', null]);
        const anonymous = await t.fail(null, create, { input: { url: freshUrl() } });
        assert.deepEqual([anonymous.code, anonymous.message], ['UNAUTHENTICATED', 'Not logged in!']);
    });

    test('the row of a payload is the same in both worlds, and its id is gone with it', async () => {
        const made = (await t.ask(ada, `mutation { createLink(url: "${freshUrl()}") { link { id } linkNode { id pk url } } }`)).createLink;
        const id = made.link.id;
        assert.deepEqual([made.linkNode.id, made.linkNode.pk], [linkId(id), id]);
        const vote = (await t.ask(bob, 'mutation ($id: ID!) { createVote(linkId: $id) { linkNode { id voteCount viewerHasVoted votes { edges { node { id user { username } } } } } } }', { id })).createVote.linkNode;
        assert.deepEqual([vote.id, vote.voteCount, vote.viewerHasVoted, vote.votes.edges[0].node.user.username], [linkId(id), 1, true, bob.username]);
        const changed = await t.ask(ada, 'mutation ($id: ID!) { updateLink(id: $id, description: "new") { linkNode { id description } } }', { id });
        assert.deepEqual(changed.updateLink.linkNode, { id: linkId(id), description: 'new' });
        const taken = await t.ask(bob, 'mutation ($id: ID!) { deleteVote(linkId: $id) { linkNode { id voteCount } } }', { id });
        assert.deepEqual(taken.deleteVote.linkNode, { id: linkId(id), voteCount: 0 });
        const { deleteLink } = await t.ask(ada, 'mutation ($id: ID!) { deleteLink(id: $id) { id deletedId } }', { id });
        assert.deepEqual(deleteLink, { id, deletedId: linkId(id) });
        assert.deepEqual(await ask('query ($id: ID!) { node(id: $id) { id } }', { id: linkId(id) }), { node: null });
    });
});
