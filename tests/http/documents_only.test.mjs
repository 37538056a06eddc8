// documents_only.test.mjs - what becomes of documents that are not trusted.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { unique } from './lib/accounts.mjs';
import { assertRefused, GRAPHQL_TYPE, JSON_TYPE } from './lib/client.mjs';
import { ada, apollo, at, check, foreign, hash, idOf, logged, production, run, send, server, staff, texts, write, writeMap } from './lib/documents.mjs';
import { patience } from './lib/environment.mjs';
import { launch, serve, until } from './lib/processes.mjs';

suite('documents_only', () => {
    const options = (mode) => [...production, '--documents', at('map.json'), '--documents-only', mode];

    test('on answers trusted documents, by id and by text, and refuses others', async () => {
        const own = await serve(...options('on'));
        assert.ok((await send({ documentId: idOf('Front') }, { to: own })).json.data);
        assert.ok((await send({ query: texts.Front }, { to: own })).json.data);
        for (const body of [
            { query: foreign },
            { query: `${texts.Front} ` },
            { query: '{ __schema { types { name } } }' },
            { query: '{ __typename }' },
            { query: 'nothing of GraphQL' },
            { query: foreign, documentId: `sha256:${hash(foreign)}` },
            apollo(hash(foreign), { query: foreign }),
        ])
            for (const user of [undefined, ada, staff])
                for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                    const answer = await send(body, { to: own, user, accept });
                    const error = assertRefused(answer, 403, 'FORBIDDEN');
                    assert.equal(error.message, 'This server answers only documents that it knows, and it does not know this one.');
                }
        const lines = await logged(own, 'document', (line) => line.document === hash(foreign));
        assert.equal(lines[0].operation, null);
        await own.stop();
    });

    test('staff may ask for any document with a header, and nobody else', async () => {
        const own = await serve(...options('on'));
        const parameters = { HTTP_LINNET_DOCUMENT: 'any' };
        const answer = await send({ query: foreign }, { to: own, user: staff, parameters });
        assert.equal(answer.status, 200, answer.text);
        for (const user of [undefined, ada, 'nonsense'])
            assertRefused(await send({ query: foreign }, { to: own, user, parameters }), 403, 'FORBIDDEN');
        for (const value of ['', 'ANY', 'anything', 'any, any'])
            assertRefused(await send({ query: foreign }, { to: own, user: staff, parameters: { HTTP_LINNET_DOCUMENT: value } }),
                403, 'FORBIDDEN');
        assert.equal((await logged(own, 'request', (line) => line.document === 'any text')).length, 1);
        await own.stop();
    });

    test('in development the header is enough, for tools such as GraphiQL', async () => {
        const own = await serve('--workers', '1', '--mode', 'development', '--documents', at('map.json'), '--documents-only', 'on');
        const parameters = { HTTP_LINNET_DOCUMENT: 'any' };
        assert.ok((await send({ query: '{ __schema { queryType { name } } }' }, { to: own, parameters })).json.data);
        assertRefused(await send({ query: foreign }, { to: own }), 403, 'FORBIDDEN');
        await own.stop();
    });

    test('log answers all, and writes a line for each of another document; check --log says what on would refuse', async () => {
        const own = await serve(...options('log'));
        const secret = `secret${unique('x')}`;
        const named = `query Named { links(search: "${secret}", first: 1) { id } }`;
        for (const body of [{ query: named }, { query: named }, { query: foreign }, { documentId: idOf('Front') }, { query: texts.Front }])
            assert.ok((await send(body, { to: own })).json.data);
        assert.ok((await send({ query: foreign }, { to: own, user: staff, parameters: { HTTP_LINNET_DOCUMENT: 'any' } })).json.data);
        assertRefused(await send({ query: '{ broken' }, { to: own }), 200, 'GRAPHQL_PARSE_FAILED');
        assertRefused(await send({ documentId: 'none' }, { to: own }), 200, 'DOCUMENT_NOT_FOUND');
        const lines = await until(async () => {
            const all = await logged(own, 'document', () => true);
            return all.length === 4 && all;
        }, 5000 * patience, 'four lines');
        await logged(own, 'request', (line) => line.code === 'DOCUMENT_NOT_FOUND');
        assert.deepEqual(
            lines.map((line) => [line.document, line.operation]),
            [[hash(named), 'Named'], [hash(named), 'Named'], [hash(foreign), null], [hash('{ broken'), null]],
        );
        assert.doesNotMatch(own.log, new RegExp(secret));

        write('linnet.log', `not a line of JSON\n${own.log}{"event":"document"}\n[]\n`);
        const said = run('check', '--log', at('linnet.log'), '--documents', at('map.json'));
        assert.equal(said.status, 1, said.stderr);
        const out = said.stdout.trim().split('\n');
        assert.match(out[0], new RegExp(`^2 times, last 2\\S+Z: Named \\(sha256:${hash(named)}\\)$`));
        assert.equal(out.length, 4, said.stdout);
        assert.match(out[3], /linnet\.log: documents_only = on would have refused 4 of \d+ requests$/);

        // Once they are among the documents, it would not.
        write('more.json', { a: named, b: foreign, c: '{ broken' });
        const mended = run('check', '--log', at('linnet.log'), '--documents', `${at('map.json')} ${at('more.json')}`);
        assert.match(mended.stdout, /would have refused 0 of \d+ requests$/m);
        assert.equal(mended.status, 0, mended.stdout);
        await own.stop();
    });

    test('check --log says so when the log has nothing to say', async () => {
        await send({ query: foreign });
        await logged(server, 'request', (line) => line.document === 'a text');
        write('off.log', server.log);
        const off = run('check', '--log', at('off.log'), '--documents', at('map.json'));
        assert.match(off.stdout, /does not say which documents \d+ of \d+ requests asked for: the setting `documents_only` was off/);
        assert.equal(off.status, 1);
        write('empty.log', '');
        assert.match(run('check', '--log', at('empty.log')).stdout, /has no requests: the setting `log` must be info/);
        assert.equal(run('check', '--log', at('no such file')).status, 66);
    });

    test('check warns of a gate that nobody can sign in through', () => {
        writeMap('closed.json', ['Front']);
        const closed = check(at('closed.json'), '--documents-only', 'on', '--strict');
        assert.match(closed.stdout, /^documents: note: none of them asks for tokenAuth: with documents_only = on nobody could sign in$/m);
        assert.equal(closed.status, 1);
        assert.doesNotMatch(check(at('map.json'), '--documents-only', 'on').stdout, /tokenAuth/);
        assert.doesNotMatch(check(at('closed.json')).stdout, /tokenAuth/);
    });

    test('on needs documents', async () => {
        const own = launch(...production, '--documents-only', 'on');
        own.isUp.catch(() => {});
        assert.equal((await own.exited).code, 78);
        assert.match(own.log, /documents_only: `on` needs documents, or nothing is answered/);
        await own.stop();
    });
});
