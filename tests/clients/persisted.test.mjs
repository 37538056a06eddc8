// persisted.test.mjs - documents that each client asks for by their ids: from the manifest that its tool writes to a
// server that answers nothing else; and where no server knows them, by their texts.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';

import { makeUsers } from '../http/lib/accounts.mjs';
import { Session as Database } from '../http/lib/database.mjs';
import { mock, serve } from '../http/lib/processes.mjs';
import { clients } from './lib/clients.mjs';
import { makeApolloManifest, makeCodegenDocuments, makeUrqlManifest } from './lib/manifests.mjs';
import { persisted } from './lib/persisted.mjs';
import { compile } from './lib/relay.mjs';
import { contract, endpoint, fetchBy, recorded, signedInAs } from './lib/targets.mjs';

// What a client's tool has made, and how the client is connected then.
const tools = {
    'fetch': async () => byHash(await makeCodegenDocuments({ documentMode: 'string' }), clients.fetch),
    'graphql-request': async () => byHash(await makeCodegenDocuments({ documentMode: 'string' }), clients['graphql-request']),
    'Apollo Client 3': () => forApollo('Apollo Client 3'),
    'Apollo Client 4': () => forApollo('Apollo Client 4'),
    'urql': () => ({ ...makeUrqlManifest(), connect: (fetch) => clients.urql(fetch, { isPersisted: true }) }),
    'Relay': () => {
        const made = compile('relay', { isPersisted: true });
        assert.equal(made.status, 0, made.output);
        return { ...made, connect: (fetch) => clients.Relay(fetch, made), hasTexts: false };
    },
};
const byHash = (made, connect) => ({ ...made, connect: (fetch) => connect(persisted(fetch, made.all), made) });
const forApollo = (version) => {
    const made = makeApolloManifest();
    return { ...made, connect: (fetch) => clients[version](fetch, made) };
};

// A manifest of something else: of what serve() and mock() ask to know that there is an answer.
function makeOther() {
    const directory = mkdtempSync(path.join(tmpdir(), 'linnet-manifest.'));
    const file = `${directory}/other.json`;
    writeFileSync(file, JSON.stringify({ other: '{ users(first: 0) { id } }' }));
    return { file, remove: () => rmSync(directory, { recursive: true }) };
}

const hasText = ({ body }) => body.query !== undefined;
const hasId = ({ body }) => Boolean(body.documentId ?? body.extensions?.persistedQuery?.sha256Hash);

let database, person;
before(async () => {
    database = new Database();
    [person] = await makeUsers(database, 1, { prefix: 'persisted' });
});
after(() => database?.close());

const servers = {
    'server': (...options) => serve('--workers', '1', '--contract', contract, '--mode', 'production', ...options),
    'mock': (...options) => mock('--workers', '1', '--contract', contract, '--mode', 'production', ...options),
};

for (const [client, open] of Object.entries(tools))
    suite(client, () => {
        let made;
        before(async () => (made = await open()));
        after(() => made?.remove());

        const connected = (server) => {
            const { fetch, calls } = recorded(fetchBy(server));
            const signed = (url, options) => {
                const headers = new Headers(options.headers);
                headers.set('authorization', signedInAs(person).authorization);
                return fetch(url, { ...options, headers });
            };
            return { run: made.connect(signed), calls };
        };

        for (const [name, start] of Object.entries(servers))
            test(`a ${name} that answers these documents alone answers them`, async () => {
                const other = makeOther();
                const server = await start('--documents', `${made.file} ${other.file}`, '--documents-only', 'on');
                const { run, calls } = connected(server);
                const { data, errors } = await run('AccountFrontQuery');
                assert.deepEqual(errors, []);
                assert.equal(data.links.length, 2);
                const url = 'https://persisted.example/';
                const posted = await run('AccountPostMutation', { url });
                assert.deepEqual(posted.errors, []);
                assert.equal(posted.data.createLink.linkNode.url, url);
                const refused = await fetchBy(server)(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ links { id } }"}' });
                assert.equal((await refused.json()).errors.length, 1);
                other.remove();
                assert.ok(calls.length === 2 && calls.every((call) => hasId(call) && !hasText(call)), JSON.stringify(calls.map(({ body }) => body)));
                await server.stop();
            });

        test('where nobody knows the ids, the texts are sent', async (t) => {
            if (made.hasTexts === false) return t.skip('Relay has no texts then');
            const server = await mock('--workers', '1', '--contract', contract);
            const { run, calls } = connected(server);
            for (let i = 0; i < 2; i++) {
                const { data, errors } = await run('AccountFrontQuery');
                assert.deepEqual(errors, []);
                assert.equal(data.links.length, 2);
            }
            // Once in vain, then no more.
            assert.deepEqual(calls.map(hasText), [false, true, true]);
            await server.stop();
        });

        test('where the server knows other documents, too', async (t) => {
            if (made.hasTexts === false) return t.skip('Relay has no texts then');
            const other = makeOther();
            const server = await mock('--workers', '1', '--contract', contract, '--documents', other.file);
            const { run } = connected(server);
            const { data, errors } = await run('AccountFrontQuery');
            assert.deepEqual(errors, []);
            assert.equal(data.links.length, 2);
            other.remove();
            await server.stop();
        });
    });
