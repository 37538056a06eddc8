// documents.test.mjs - trusted documents, those that the operator has named, asked for by id.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { unique } from './lib/accounts.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { assertRefused, GRAPHQL_TYPE, JSON_TYPE } from './lib/client.mjs';
import { ada, apollo, at, foreign, hash, idOf, logged, production, run, send, server, texts, write } from './lib/documents.mjs';
import { mock, serve } from './lib/processes.mjs';

suite('a document by its id', () => {
    const forms = {
        'documentId with its prefix': { documentId: idOf('Front') },
        'the id of the manifest': { documentId: hash(texts.Front) },
        "the extension of Apollo's clients": apollo(hash(texts.Front)),
        'an id and the text': { documentId: idOf('Front'), query: texts.Front },
        'a hash and the text, as registers it with Apollo': apollo(hash(texts.Front), { query: texts.Front }),
        'an id that is empty and the text': { documentId: '', query: texts.Front },
    };
    for (const [title, body] of Object.entries(forms))
        for (const method of ['POST', 'GET'])
            test(`${title}, by ${method}`, async () => {
                const variables = { first: 1 };
                const [answer, same] = [
                    await send({ ...body, variables }, { method }),
                    await send({ query: texts.Front, variables }),
                ];
                assert.equal(answer.status, 200, answer.text);
                assert.deepEqual(answer.json, same.json);
                assert.equal(answer.json.data.links.length, 1);
                // By GET it is a public one (docs/caching.md).
                const isPublic = answer.headers['cache-control'] !== 'private, no-store';
                assert.equal(isPublic, method === 'GET', answer.headers['cache-control']);
            });

    test('HEAD is as GET without a body', async () => {
        const head = await send({ documentId: idOf('Front') }, { method: 'HEAD' });
        assert.equal(head.status, 200);
        assert.equal(head.body.length, 0);
    });

    test('takes variables, and refuses those that do not fit', async () => {
        const good = await send({ documentId: idOf('One'), variables: { id: 910011 } });
        assert.deepEqual(good.json, { data: { link: { id: '910011' } } });
        const bad = await send({ documentId: idOf('One') }, { accept: GRAPHQL_TYPE });
        assertRefused(bad, 400, 'BAD_USER_INPUT');
    });

    test('one of several operations by its name', async () => {
        const answer = await send({ documentId: idOf('Both'), operationName: 'B' });
        assert.deepEqual(Object.keys(answer.json.data), ['users']);
        const unnamed = await send({ documentId: idOf('Both') }, { accept: GRAPHQL_TYPE });
        assertRefused(unnamed, 400, 'OPERATION_RESOLUTION_FAILURE');
    });

    test('a mutation by POST, and 405 by GET', async () => {
        const url = `https://documents.example/${unique('made')}`;
        const made = await send({ documentId: idOf('Create'), variables: { url } }, { user: ada });
        assert.equal(made.json.data.createLink.url, url, made.text);
        const got = await send({ documentId: idOf('Create'), variables: { url } }, { user: ada, method: 'GET' });
        assertRefused(got, 405, 'BAD_REQUEST');
        assert.equal(got.headers.allow, 'POST');
    });

    test('a page of another site cannot send a GET', async () => {
        const answer = await send(
            { documentId: idOf('Front') },
            { method: 'GET', parameters: { HTTP_SEC_FETCH_SITE: 'cross-site', HTTP_ORIGIN: 'https://evil.example' } },
        );
        assertRefused(answer, 403, 'FORBIDDEN');
    });

    test('the line of the log has its id, and no text', async () => {
        await send({ documentId: idOf('One'), variables: { id: 910011 } });
        const lines = await logged(server, 'request', (line) => line.operation === 'One');
        assert.ok(lines.every((line) => line.document === hash(texts.One)));
        assert.doesNotMatch(server.log, /query One/);
    });
});

suite('a document that is not known', () => {
    const id = `sha256:${'0'.repeat(64)}`;

    for (const method of ['POST', 'GET']) {
        test(`is one error, by ${method}`, async () => {
            for (const unknown of [id, '0'.repeat(64), 'nothing', 'sha256:', `SHA256:${hash(texts.Front)}`,
                `sha256:${hash(texts.Front).toUpperCase()}`, 'x'.repeat(5000), 'é\n"', 'Front']) {
                const answer = await send({ documentId: unknown }, { accept: GRAPHQL_TYPE, method });
                const error = assertRefused(answer, 400, 'DOCUMENT_NOT_FOUND');
                assert.equal(error.message, 'There is no document with this id.');
                assert.equal(answer.json.errors.length, 1);
                assert.equal(answer.headers['cache-control'], 'private, no-store');
            }
            assertRefused(await send({ documentId: id }, { method }), 200, 'DOCUMENT_NOT_FOUND');
        });

        test(`is the words and the status that Apollo's clients wait for, by ${method}`, async () => {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                const answer = await send(apollo('0'.repeat(64)), { accept, method });
                const error = assertRefused(answer, 200, 'PERSISTED_QUERY_NOT_FOUND');
                assert.equal(error.message, 'PersistedQueryNotFound');
                assert.equal(answer.headers['cache-control'], 'private, no-store');
            }
        });
    }

    test('is run, and not stored, when its text comes with it', async () => {
        for (const body of [{ documentId: `sha256:${hash(foreign)}` }, { documentId: 'nothing' }, apollo(hash(foreign))]) {
            const answer = await send({ ...body, query: foreign });
            assert.equal(answer.json.data.links.length, 1, answer.text);
        }
        assertRefused(await send(apollo(hash(foreign))), 200, 'PERSISTED_QUERY_NOT_FOUND');
    });

    test('is refused when the text is another one', async () => {
        for (const body of [{ documentId: id }, { documentId: idOf('Front') }, apollo(hash(texts.Front))]) {
            const answer = await send({ ...body, query: foreign }, { accept: GRAPHQL_TYPE });
            assertRefused(answer, 400, 'BAD_REQUEST');
        }
    });

    test('of an id that is none', async () => {
        for (const documentId of [1, true, {}, [idOf('Front')]])
            assertRefused(await send({ documentId }, { accept: GRAPHQL_TYPE }), 400, 'BAD_REQUEST');
        for (const persistedQuery of [null, 'x', {}, { version: 1 }, { version: 2, sha256Hash: hash(texts.Front) },
            { version: '1', sha256Hash: hash(texts.Front) }, { version: 1, sha256Hash: 7 }]) {
            const answer = await send({ extensions: { persistedQuery } }, { accept: GRAPHQL_TYPE });
            assertRefused(answer, 400, 'BAD_REQUEST');
            // With a text, an extension that nobody knows changes nothing.
            const run = await send({ query: foreign, extensions: { persistedQuery } });
            assert.equal(run.status, 200, run.text);
        }
        const twice = await server.request({
            method: 'GET',
            parameters: { CONTENT_TYPE: null, CONTENT_LENGTH: null, QUERY_STRING: 'documentId=a&documentId=b' },
        });
        assertRefused(twice, 400, 'BAD_REQUEST');
    });

    test('where there are none, Apollo\'s clients are told to stop asking', async () => {
        const own = await serve(...production);
        const answer = await send(apollo(hash(texts.Front)), { to: own });
        const error = assertRefused(answer, 200, 'PERSISTED_QUERY_NOT_SUPPORTED');
        assert.equal(error.message, 'PersistedQueryNotSupported');
        assertRefused(await send({ documentId: idOf('Front') }, { to: own }), 200, 'DOCUMENT_NOT_FOUND');
        await own.stop();
    });
});

suite('trusted documents elsewhere', () => {
    test('mock', async () => {
        const own = await mock('--workers', '1', '--documents', at('map.json'), '--documents-only', 'on');
        const answer = await send({ documentId: idOf('One'), variables: { id: 7 } }, { to: own });
        assert.equal(answer.json.data.link.id, '7', answer.text);
        assertRefused(await send({ documentId: 'none' }, { to: own }), 200, 'DOCUMENT_NOT_FOUND');
        assertRefused(await send({ query: foreign }, { to: own }), 403, 'FORBIDDEN');
        const parameters = { HTTP_LINNET_DOCUMENT: 'any' };
        assert.ok((await send({ query: foreign }, { to: own, parameters })).json.data);
        await own.stop();
    });

    test('plain CGI', async () => {
        const environment = { LINNET_DOCUMENTS: at('map.json'), LINNET_DOCUMENTS_ONLY: 'on', LINNET_MODE: 'production' };
        const get = (parameters, more) =>
            plainCgi('', {}, {
                environment: { ...environment, REQUEST_METHOD: 'GET', CONTENT_LENGTH: '', CONTENT_TYPE: '',
                    QUERY_STRING: String(new URLSearchParams(parameters)), ...more },
            });
        const { answer, log } = await get({ documentId: idOf('One'), variables: '{"id":910011}' });
        assert.deepEqual(answer.json, { data: { link: { id: '910011' } } }, log);
        assertRefused((await get({ documentId: 'none' })).answer, 200, 'DOCUMENT_NOT_FOUND');
        assertRefused((await get({ query: foreign })).answer, 403, 'FORBIDDEN');
        write('not.json', '{,');
        const broken = await get({ documentId: idOf('One') }, { LINNET_DOCUMENTS: at('not.json') });
        assertRefused(broken.answer, 503, 'SERVICE_UNAVAILABLE');
        assert.match(broken.log, /not\.json:1:2: Expected a name/);
    });

    test('linnet query and linnet print', () => {
        const documents = ['--documents', at('map.json'), '--documents-only', 'on'];
        const variables = ['--variables', '{"id":910011}'];
        const asked = run('query', '--document', idOf('One'), ...variables, ...documents);
        assert.deepEqual(JSON.parse(asked.stdout), { data: { link: { id: '910011' } } }, asked.stderr);
        // The command line is the operator's.
        write('foreign.graphql', foreign);
        assert.ok(JSON.parse(run('query', at('foreign.graphql'), ...documents).stdout).data);
        assert.match(run('print', 'sql', '--document', idOf('One'), ...variables, ...documents).stdout, /^SELECT/m);
        assert.match(run('print', 'plan', '--document', hash(texts.Front), ...documents).stdout, /links/);
        assert.equal(run('print', 'document', '--document', hash(texts.Up), ...documents).stdout, '{\n  users(first: 0) {\n    id\n  }\n}\n');
        const unknown = run('query', '--document', 'none', ...documents);
        assert.equal(unknown.status, 66);
        assert.match(unknown.stderr, /there is no document with the id none in `documents`/);
        for (const misused of [['query'], ['query', at('foreign.graphql'), '--document', 'x'], ['print', 'options', '--document', 'x'],
            ['print', 'sql', at('foreign.graphql'), '--document', 'x']])
            assert.equal(run(...misused).status, 64, misused.join(' '));
    });
});
