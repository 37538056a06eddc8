// plain.test.mjs - fetch() without a client: it asks, walks pages, and says what was wrong.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { allLinks } from './lib/lists.mjs';
import { makeAsk, walk } from './lib/plain.mjs';
import { endpoint, targets } from './lib/targets.mjs';

for (const [name, open] of Object.entries(targets))
    suite(`fetch, ${name}`, () => {
        let target, ask;
        before(async () => {
            target = await open();
            ask = makeAsk(endpoint, target.fetch);
        });
        after(() => target?.close());

        test('walks a connection', async () => {
            const ids = [];
            const LINKS = `query ($after: String) {
                relayLinks(first: 100, after: $after) { edges { node { id url } } pageInfo { hasNextPage endCursor } }
            }`;
            for await (const { id } of walk(ask, LINKS, {}, ({ relayLinks }) => relayLinks)) ids.push(id);
            assert.deepEqual(ids, await allLinks(target));
        });

        test('a walk ends with the errors that a page has', async () => {
            const wrong = walk(ask, '{ relayLinks(first: 100, after: "x") { edges { node { id } } } }', {}, ({ relayLinks }) => relayLinks);
            const error = await wrong.next().then(() => null, (error) => error);
            assert.equal(error.errors[0].extensions.code, 'BAD_USER_INPUT');
        });

        test('gives data and errors side by side', async () => {
            const { data, errors } = await ask('{ me { id } links(first: 1) { id } }');
            assert.equal(data.links.length, 1);
            assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
            const refused = await ask('{ cheese }');
            assert.equal(refused.data, null);
            assert.equal(refused.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        });

        test('throws what is no answer', async () => {
            const page = async () => new Response('<p>Bad gateway</p>', { status: 502, headers: { 'content-type': 'text/html' } });
            await assert.rejects(makeAsk('http://proxy.example/', page)('{ __typename }'), /proxy\.example\/: 502/);
        });
    });
