// urql.test.mjs - urql with graphcache: pages that the cache joins, mutations that it shows, errors.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { gql } from '@urql/core';

import { allLinks, globalId } from './lib/lists.mjs';
import { ask, recorded, signedInAs, targets } from './lib/targets.mjs';
import { connectUrql } from './lib/urql.mjs';

const PAGE = gql`
    query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: [LinkOrder!]) {
        relayLinks(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
            edges { cursor node { id url } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    }`;
const LINK = gql`query ($pk: ID!, $id: ID!) { link(id: $pk) { id voteCount } relayLink(id: $id) { id voteCount } }`;

const idsOf = (connection) => connection.edges.map(({ node }) => node.id);

async function get(client, query, variables, context) {
    const { data, error } = await client.query(query, variables, context).toPromise();
    assert.equal(error, undefined, error?.message);
    return data;
}

for (const [name, open] of Object.entries(targets))
    suite(`urql with graphcache, ${name}`, () => {
        let target, expected;
        before(async () => {
            target = await open();
            expected = await allLinks(target);
        });
        after(() => target?.close());

        test('relayPagination joins the pages forward', async () => {
            const client = connectUrql(target.fetch);
            let { relayLinks } = await get(client, PAGE, { first: 70 });
            // Once more behind the end: a page without rows.
            for (let isOver = false; !isOver;) {
                isOver = !relayLinks.pageInfo.hasNextPage;
                ({ relayLinks } = await get(client, PAGE, { first: 70, after: relayLinks.pageInfo.endCursor }));
            }
            assert.deepEqual(idsOf(relayLinks), expected);
            assert.equal(relayLinks.pageInfo.hasNextPage, false);
        });

        test('relayPagination joins the pages backward', async () => {
            const client = connectUrql(target.fetch, {}, { mergeMode: 'inwards' });
            let { relayLinks } = await get(client, PAGE, { last: 70 });
            while (relayLinks.pageInfo.hasPreviousPage)
                ({ relayLinks } = await get(client, PAGE, { last: 70, before: relayLinks.pageInfo.startCursor }));
            assert.deepEqual(idsOf(relayLinks), expected);
        });

        test('a page that was read comes from the cache', async () => {
            const { fetch, calls } = recorded(target.fetch);
            const client = connectUrql(fetch);
            const page = await get(client, PAGE, { first: 10 });
            assert.deepEqual(await get(client, PAGE, { first: 10 }), page);
            await get(client, PAGE, { first: 10, orderBy: [{ url: 'DESC' }] });
            assert.equal(calls.length, 2);
            assert.match(calls[0].type, /^application\/graphql-response\+json/);
        });

        // The mock writes nothing.
        test('a mutation changes what other queries show', { skip: name === 'mock' }, async () => {
            const client = connectUrql(target.fetch, signedInAs(target.people[0]));
            const { links } = await ask(target, '{ links(first: 1) { id voteCount } }');
            const [{ id: pk, voteCount }] = links;
            const variables = { pk, id: globalId('LinkNode', pk) };
            await get(client, LINK, variables);
            const { error } = await client.mutation(
                gql`mutation ($pk: ID!) { createVote(linkId: $pk) { link { id voteCount } linkNode { id voteCount } } }`, { pk }).toPromise();
            assert.equal(error, undefined, error?.message);
            const shown = client.readQuery(LINK, variables).data;
            assert.equal(shown.link.voteCount, voteCount + 1);
            assert.equal(shown.relayLink.voteCount, voteCount + 1);
        });

        test('a link that is deleted leaves the list', { skip: name === 'mock' }, async () => {
            const client = connectUrql(target.fetch, signedInAs(target.people[1]));
            const made = await client.mutation(gql`mutation { createLink(url: "https://example.com/urql") { linkNode { id pk } } }`, {}).toPromise();
            const { id, pk } = made.data.createLink.linkNode;
            assert.ok(idsOf((await get(client, PAGE, { first: 30 })).relayLinks).includes(id));
            const gone = await client.mutation(gql`mutation ($pk: ID!) { deleteLink(id: $pk) { deletedId } }`, { pk }).toPromise();
            assert.equal(gone.data.deleteLink.deletedId, id);
            assert.ok(!idsOf((await get(client, PAGE, { first: 30 })).relayLinks).includes(id));
        });

        test('an error of a field leaves the others; its code is there', async () => {
            const { data, error } = await connectUrql(target.fetch).query(gql`{ me { id } links(first: 1) { id } }`, {}).toPromise();
            assert.equal(error.graphQLErrors[0].message, 'Not logged in!');
            assert.equal(error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED');
            assert.equal(data.me, null);
            assert.equal(data.links.length, 1);
        });
    });
