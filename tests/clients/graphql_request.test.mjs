// graphql_request.test.mjs - graphql-request: documents, variables, headers, errors.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { ClientError, GraphQLClient, gql } from 'graphql-request';

import { allLinks } from './lib/lists.mjs';
import { endpoint, signedInAs, targets } from './lib/targets.mjs';

for (const [name, open] of Object.entries(targets))
    suite(`graphql-request, ${name}`, () => {
        let target;
        before(async () => {
            target = await open();
        });
        after(() => target?.close());
        const connect = (options) => new GraphQLClient(endpoint, { fetch: target.fetch, ...options });

        test('walks a connection', async () => {
            const PAGE = gql`
                query ($after: String) { relayLinks(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`;
            const ids = [];
            for (let after = null, hasNextPage = true; hasNextPage;) {
                const { relayLinks } = await connect().request(PAGE, { after });
                ids.push(...relayLinks.edges.map(({ node }) => node.id));
                ({ hasNextPage, endCursor: after } = relayLinks.pageInfo);
            }
            assert.deepEqual(ids, await allLinks(target));
        });

        test('is signed in by a header', async () => {
            const { me } = await connect({ headers: signedInAs(target.people[0]) }).request('{ me { id username } }');
            assert.ok(me.username);
        });

        test('throws what the server says', async () => {
            const error = await connect().request('{ me { id } links(first: 1) { id } }').then(() => null, (error) => error);
            assert.ok(error instanceof ClientError);
            assert.equal(error.response.status, 200);
            assert.equal(error.response.errors[0].extensions.code, 'UNAUTHENTICATED');
            assert.equal(error.response.data.links.length, 1);
            const refused = await connect().request('{ links { cheese } }').then(() => null, (error) => error);
            assert.equal(refused.response.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        });

        test('takes the data beside errors where it is told to', async () => {
            const { data, errors } = await connect({ errorPolicy: 'all' }).rawRequest('{ me { id } links(first: 1) { id } }');
            assert.equal(errors.length, 1);
            assert.equal(data.links.length, 1);
        });
    });
