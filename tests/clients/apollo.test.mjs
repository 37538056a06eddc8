// apollo.test.mjs - Apollo Client 3 and 4: pages that the cache joins, mutations that the cache shows, errors.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { gql } from '@apollo/client';

import { makeApollo, versions } from './lib/apollo.mjs';
import { ask, endpoint, recorded, signedInAs, targets } from './lib/targets.mjs';
import { allLinks } from './lib/lists.mjs';

const PAGE = gql`
    query Page($first: Int, $after: String, $last: Int, $before: String, $search: String, $orderBy: [LinkOrder!]) {
        relayLinks(first: $first, after: $after, last: $last, before: $before, search: $search, orderBy: $orderBy) {
            edges { cursor node { id url } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            totalCount
        }
    }`;

for (const [version, apollo] of Object.entries(versions))
    for (const [name, open] of Object.entries(targets))
        suite(`${version}, ${name}`, () => {
            let target, expected;
            before(async () => {
                target = await open();
                expected = await allLinks(target);
            });
            after(() => target?.close());
            const connect = (headers) => makeApollo(apollo, target.fetch, endpoint, headers);

            // What a component shows that reads this query and asks for more.
            const watch = (client, variables) => {
                const query = client.watchQuery({ query: PAGE, variables });
                const subscription = query.subscribe(() => {});
                return { query, shown: () => client.readQuery({ query: PAGE, variables }).relayLinks, stop: () => subscription.unsubscribe() };
            };
            const idsOf = (connection) => connection.edges.map(({ node }) => node.id);

            test('relayStylePagination joins all pages, and keeps its place where nothing follows', async () => {
                const client = connect();
                await client.query({ query: PAGE, variables: { first: 50 } });
                const { query, shown, stop } = watch(client, { first: 50 });
                while (shown().pageInfo.hasNextPage)
                    await query.fetchMore({ variables: { first: 50, after: shown().pageInfo.endCursor } });
                assert.deepEqual(idsOf(shown()), expected);
                assert.equal(shown().totalCount, expected.length);
                const { endCursor } = shown().pageInfo;
                // The list may have grown: a poller asks again behind its end.
                await query.fetchMore({ variables: { first: 50, after: endCursor } });
                assert.deepEqual(idsOf(shown()), expected);
                assert.equal(shown().pageInfo.endCursor, endCursor);
                stop();
            });

            test('relayStylePagination walks back', async () => {
                const client = connect();
                await client.query({ query: PAGE, variables: { last: 60 } });
                const { query, shown, stop } = watch(client, { last: 60 });
                while (shown().pageInfo.hasPreviousPage)
                    await query.fetchMore({ variables: { last: 60, before: shown().pageInfo.startCursor } });
                assert.deepEqual(idsOf(shown()), expected);
                const { startCursor } = shown().pageInfo;
                await query.fetchMore({ variables: { last: 60, before: startCursor } });
                assert.deepEqual(idsOf(shown()), expected);
                assert.equal(shown().pageInfo.startCursor, startCursor);
                stop();
            });

            test('lists of another order are kept apart by keyArgs', async () => {
                const client = connect();
                const orderBy = [{ url: 'ASC' }];
                await client.query({ query: PAGE, variables: { first: 7 } });
                await client.query({ query: PAGE, variables: { first: 7, orderBy } });
                assert.deepEqual(idsOf(client.readQuery({ query: PAGE, variables: {} }).relayLinks), expected.slice(0, 7));
                const sorted = client.readQuery({ query: PAGE, variables: { orderBy } }).relayLinks;
                const { relayLinks } = await ask(target, '{ relayLinks(first: 7, orderBy: [{url: ASC}]) { edges { node { id } } } }');
                assert.deepEqual(idsOf(sorted), idsOf(relayLinks));
            });

            test('a cursor of another order is an error', async () => {
                const client = connect();
                const { data } = await client.query({ query: PAGE, variables: { first: 7 } });
                const variables = { first: 7, orderBy: [{ url: 'ASC' }], after: data.relayLinks.pageInfo.endCursor };
                const error = await client.query({ query: PAGE, variables }).then(() => null, (error) => error);
                assert.equal(apollo.graphqlErrorsOf(error)[0].extensions.code, 'BAD_USER_INPUT');
                assert.equal(apollo.graphqlErrorsOf(error)[0].extensions.argument, 'after');
            });

            test('a nested connection has pages of its own below each object', async () => {
                const client = connect();
                const VOTES = gql`
                    query Votes($id: ID!, $first: Int, $after: String) {
                        relayLink(id: $id) { id voteCount votes(first: $first, after: $after) {
                            edges { cursor node { id user { id username } } } pageInfo { hasNextPage endCursor } totalCount } } }`;
                const { relayLinks } = await ask(target, '{ relayLinks(first: 1, orderBy: [{voteCount: DESC}]) { edges { node { id voteCount } } } }');
                const { id, voteCount } = relayLinks.edges[0].node;
                await client.query({ query: VOTES, variables: { id, first: 3 } });
                const query = client.watchQuery({ query: VOTES, variables: { id, first: 3 } });
                const subscription = query.subscribe(() => {});
                const shown = () => client.readQuery({ query: VOTES, variables: { id, first: 3 } }).relayLink.votes;
                for (let pages = 1; pages < 4 && shown().pageInfo.hasNextPage; pages++)
                    await query.fetchMore({ variables: { id, first: 3, after: shown().pageInfo.endCursor } });
                assert.equal(shown().totalCount, voteCount);
                assert.equal(shown().edges.length, Math.min(12, voteCount));
                assert.equal(new Set(idsOf(shown())).size, shown().edges.length);
                subscription.unsubscribe();
            });

            // The mock writes nothing.
            test('a mutation changes what other queries show', { skip: name === 'mock' }, async () => {
                const client = connect(signedInAs(target.people[0]));
                const LINK = gql`query ($id: ID!, $pk: ID!) { relayLink(id: $id) { id pk voteCount viewerHasVoted } link(id: $pk) { id voteCount viewerHasVoted } }`;
                const VOTE = gql`
                    mutation ($pk: ID!) { createVote(linkId: $pk) { link { id voteCount viewerHasVoted } linkNode { id voteCount viewerHasVoted } } }`;
                const { relayLinks } = await ask(target, '{ relayLinks(first: 1, search: "http") { edges { node { id pk } } } }');
                const variables = relayLinks.edges[0].node;
                const first = (await client.query({ query: LINK, variables })).data;
                const { data } = await client.mutate({ mutation: VOTE, variables });
                assert.equal(data.createVote.linkNode.id, variables.id);
                const shown = client.readQuery({ query: LINK, variables });
                assert.deepEqual(shown.link, { ...first.link, voteCount: first.link.voteCount + 1, viewerHasVoted: true });
                assert.deepEqual(shown.relayLink, { ...first.relayLink, voteCount: first.link.voteCount + 1, viewerHasVoted: true });
            });

            test('a link that is posted and deleted enters and leaves the cache', async () => {
                const client = connect(signedInAs(target.people[1]));
                await client.query({ query: PAGE, variables: { first: 5 } });
                const CREATE = gql`
                    mutation ($input: RelayCreateLinkInput!) { relayCreateLink(input: $input) { link { id pk url } clientMutationId } }`;
                const { data } = await client.mutate({
                    mutation: CREATE,
                    variables: { input: { url: 'https://example.com/apollo', clientMutationId: 'a1' } },
                });
                assert.equal(data.relayCreateLink.clientMutationId, 'a1');
                const { id, pk, url } = data.relayCreateLink.link;
                assert.equal(url, 'https://example.com/apollo');
                assert.ok(client.cache.extract()[`LinkNode:${id}`]);
                const DELETE = gql`mutation ($pk: ID!) { deleteLink(id: $pk) { id deletedId } }`;
                await client.mutate({
                    mutation: DELETE,
                    variables: { pk },
                    update: (cache, { data: { deleteLink } }) => {
                        cache.evict({ id: cache.identify({ __typename: 'LinkNode', id: deleteLink.deletedId }) });
                    },
                });
                assert.equal(client.cache.extract()[`LinkNode:${id}`], undefined);
            });

            suite('errors', () => {
                const MINE = gql`query Mine { me { id username } links(first: 1) { id url } }`;

                test('none: the query fails with all errors', async () => {
                    const error = await connect().query({ query: MINE }).then(() => null, (error) => error);
                    const [{ message, path, extensions }] = apollo.graphqlErrorsOf(error);
                    assert.deepEqual([message, path, extensions.code], ['Not logged in!', ['me'], 'UNAUTHENTICATED']);
                });

                test('all: the other fields are there, beside the errors', async () => {
                    const result = await connect().query({ query: MINE, errorPolicy: 'all' });
                    assert.equal(result.data.me, null);
                    assert.equal(result.data.links.length, 1);
                    assert.equal(apollo.errorsOf(result)[0].extensions.code, 'UNAUTHENTICATED');
                });

                test('ignore: the other fields are there', async () => {
                    const result = await connect().query({ query: MINE, errorPolicy: 'ignore' });
                    assert.equal(result.data.links.length, 1);
                    assert.equal(apollo.errorsOf(result), undefined);
                });

                test('an invalid document is refused with errors that the client reads', async () => {
                    const { fetch, calls } = recorded(target.fetch);
                    const error = await makeApollo(apollo, fetch, endpoint)
                        .query({ query: gql`{ links { cheese } }` })
                        .then(() => null, (error) => error);
                    assert.match(calls[0].headers.get('accept'), /application\/graphql-response\+json|\*\/\*/);
                    if (calls[0].headers.get('accept').includes('graphql-response')) {
                        assert.match(calls[0].type, /^application\/graphql-response\+json/);
                        assert.equal(calls[0].status, 400);
                    }
                    const errors = apollo.graphqlErrorsOf(error).length > 0 ? apollo.graphqlErrorsOf(error) : calls[0].json.errors;
                    assert.equal(errors[0].message, 'Cannot query field "cheese" on type "Link".');
                });
            });
        });
