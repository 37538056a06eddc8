// documents_files.test.mjs - the files of trusted documents: their forms, what is wrong with them, reloads.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import { assertRefused, GRAPHQL_TYPE } from './lib/client.mjs';
import { ada, apollo, at, check, hash, idOf, production, send, staff, texts, write, writeMap } from './lib/documents.mjs';
import { patience, root } from './lib/environment.mjs';
import { launch, serve, until } from './lib/processes.mjs';

suite('files', () => {
    test('of every form are taken, several at once', async () => {
        mkdirSync(at('folder'));
        write('folder/front.graphql', texts.Front);
        write('folder/both.graphql', `${texts.Both}\n`);
        write('folder/README.md', 'not a document');
        write('folder/.hidden.graphql', '{');
        write('relay.json', { [hash(texts.One, 'md5')]: texts.One });
        write('prefixed.json', { [idOf('Up')]: texts.Up });
        write('apollo.json', {
            format: 'apollo-persisted-query-manifest',
            version: 1,
            operations: [
                { id: 'custom-1', name: 'One', type: 'query', body: texts.One },
                { id: hash(texts.Create), name: 'Create', type: 'mutation', body: texts.Create },
            ],
        });
        const paths = ['folder', 'relay.json', 'prefixed.json', 'apollo.json', 'folder/front.graphql'].map(at);
        const own = await serve(...production, '--documents', paths.join(' '));
        const one = { id: 910011 };
        for (const [documentId, variables, field] of [
            ['Front', {}, 'links'], // the name of the only operation
            [hash(texts.Front), {}, 'links'],
            [idOf('Front'), {}, 'links'],
            [hash(texts.One, 'md5'), one, 'link'],
            [idOf('One'), one, 'link'],
            ['custom-1', one, 'link'],
            [idOf('Up'), {}, 'users'],
            [hash(texts.Up), {}, 'users'],
        ]) {
            const answer = await send({ documentId, variables }, { to: own });
            assert.deepEqual(Object.keys(answer.json.data ?? {}), [field], `${documentId}: ${answer.text}`);
        }
        // The ids of Apollo's manifests come through its door, too.
        assert.ok((await send(apollo('custom-1', { variables: one }), { to: own })).json.data.link);
        // The hash is of the whole file, its last line end included; two operations have no name in common.
        const both = { operationName: 'A' };
        assertRefused(await send({ documentId: idOf('Both'), ...both }, { to: own }), 200, 'DOCUMENT_NOT_FOUND');
        assert.ok((await send({ documentId: hash(`${texts.Both}\n`), ...both }, { to: own })).json.data.links);
        assertRefused(await send({ documentId: 'A' }, { to: own }), 200, 'DOCUMENT_NOT_FOUND');
        await own.stop();

        const { status, stdout } = check(paths.join(' '));
        assert.match(stdout, /^documents: all 5 fit the contract$/m);
        assert.equal(status, 0, stdout);
    });

    test('that do not fit are named, with line and column: check fails, serve does not start', async () => {
        mkdirSync(at('misfits'));
        write('misfits/bad.graphql', 'query Bad {\n  links { id nothing }\n}');
        write('broken.graphql', 'query Broken {\n  links {');
        write('map-misfit.json', { first: texts.Front, second: '{\n  links { nothing }\n}' });
        write('deep.json', { deep: `{ ${'links { postedBy { '.repeat(20)} id ${'} } '.repeat(20)} }` });
        write('not.json', '{\n  "id": "{ a }",\n}');
        write('twice.json', '{"id": "{ links { id } }", "id": "{ links { url } }"}');
        write('kind.json', { id: 7 });
        write('list.json', [texts.Front]);
        write('empty-text.json', { id: '' });
        write('empty-id.json', { '': texts.Front });
        write('space.json', { 'an id': texts.Front });
        write('long.json', { ['x'.repeat(257)]: texts.Front });
        write('wrong.json', { [`sha256:${'0'.repeat(64)}`]: texts.Front });
        write('version.json', { format: 'apollo-persisted-query-manifest', version: 2, operations: [] });
        write('operations.json', { format: 'apollo-persisted-query-manifest', version: 1 });
        write('body.json', { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'x' }] });
        write('other.json', { first: texts.One });
        write('stolen.json', { [hash(texts.One)]: texts.Front });
        write('one.json', { x: texts.One });
        writeFileSync(at('utf8.json'), Buffer.from([0x7b, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]));
        mkdirSync(at('nothing'));
        execFileSync('mkfifo', [at('pipe.json')]);
        const cases = {
            misfits: 'misfits/bad.graphql:2:14: Cannot query field "nothing" on type "Link".',
            'broken.graphql': 'broken.graphql:2:10: Syntax Error: Expected Name, found <EOF>.',
            'map-misfit.json': 'map-misfit.json: document second:2:11: Cannot query field "nothing" on type "Link".',
            'deep.json': 'deep.json: document deep:1:1: The operation has more than 24 levels of fields.',
            'not.json': 'not.json:3:1: Expected a name.',
            'twice.json': 'twice.json:1:1: An object has two members of the same name.',
            'kind.json': 'kind.json: must be an object whose members are documents by their ids, or an Apollo manifest.',
            'list.json': 'list.json: must be a JSON object.',
            'empty-text.json': 'empty-text.json: document id: the document is empty.',
            'empty-id.json': /empty-id\.json: document : an id must be 1 to 256 printable characters/,
            'space.json': /space\.json: document an id: an id must be 1 to 256 printable characters/,
            'long.json': /long\.json: document x{256}: an id must be 1 to 256 printable characters/,
            'wrong.json': /wrong\.json: document sha256:0{64}: the id is not the SHA-256 of the document/,
            'version.json': 'version.json: the version of an Apollo manifest must be 1.',
            'operations.json': 'operations.json: an Apollo manifest must have a list "operations".',
            'body.json': 'body.json: each of "operations" must have the strings "id" and "body".',
            'map-misfit.json other.json': 'other.json: document first: another document has this id.',
            'one.json stolen.json': /stolen\.json: document [0-9a-f]{64}: another document has this id/,
            'stolen.json one.json': /one\.json: document x: the SHA-256 of the document is the id of another document/,
            'utf8.json': 'utf8.json:1:7: The text is not valid UTF-8.',
            nothing: 'nothing: the folder has no file that ends in .graphql.',
            'pipe.json': 'pipe.json: is not a file.',
            'absent.json': 'absent.json: No such file or directory',
        };
        for (const [files, message] of Object.entries(cases)) {
            const { status, stdout } = check(files.split(' ').map(at).join(' '));
            assert.equal(status, 1, `${files}: ${stdout}`);
            const line = stdout.split('\n')[0];
            if (typeof message === 'string') assert.equal(line, at(message));
            else assert.match(line, message);
        }
        const bound = (...options) => check(at('map.json'), ...options).stdout.split('\n')[0];
        assert.match(bound('--limit-documents', '3'), /there are more documents than limit_documents allows/);
        assert.match(bound('--limit-documents-bytes', '1024', '--documents', `${at('map.json')} ${at('map.json')}`),
            /longer than limit_documents_bytes/);
        assert.match(bound('--limit-document', '64'), /the document is longer than limit_document/);

        for (const files of ['misfits', 'not.json', 'map-misfit.json']) {
            const own = launch(...production, '--documents', at(files));
            own.isUp.catch(() => {});
            assert.equal((await own.exited).code, 78, own.log);
            assert.match(own.log, /Cannot query field|Expected a name/);
            await own.stop();
        }
    });

    test('may be for some roles, and must be for one', async () => {
        const original = readFileSync(`${root}/sql/schema.graphql`, 'utf8');
        const contract = original
            .replace(/^ {2}firstName: String!?/m, '$& @auth(roles: ["staff"])')
            .replace(/^ {2}lastName: String!?/m, '$& @auth(roles: ["user"])');
        assert.equal(contract.match(/@auth/g)?.length, 2);
        write('divided.graphql.sdl', contract);
        const divided = ['--contract', at('divided.graphql.sdl')];
        const mine = '{ users(first: 1) { id firstName } }';
        write('staff.json', { staff: mine, up: texts.Up });
        const own = await serve(...production, ...divided, '--documents', at('staff.json'));
        for (const user of [staff, undefined, staff, ada]) {
            const answer = await send({ documentId: 'staff' }, { to: own, user, accept: GRAPHQL_TYPE });
            if (user === staff) assert.ok(answer.json.data?.users[0].id, answer.text);
            else assertRefused(answer, 400, 'GRAPHQL_VALIDATION_FAILED');
        }
        await own.stop();

        write('nobody.json', { nobody: '{ users(first: 1) { firstName lastName } }' });
        const { status, stdout } = check(at('nobody.json'), ...divided);
        assert.equal(status, 1);
        assert.match(stdout, /nobody\.json: document nobody: There is no role for which the whole document is valid\./);
    });

    test('are read again at a reload; what does not fit changes nothing', async () => {
        writeMap('reload.json', ['Front', 'Up']);
        const own = await serve(...production, '--documents', at('reload.json'));
        const reload = () => process.kill(own.pid, 'SIGHUP');
        const knows = async (name) => !(await send({ documentId: idOf(name), variables: { id: 1 } }, { to: own })).json.errors;
        assert.deepEqual([await knows('Front'), await knows('One')], [true, false]);

        writeMap('reload.json', ['One', 'Up']);
        reload();
        await until(() => knows('One'), 10000 * patience, 'the new document');
        assert.equal(await knows('Front'), false);

        const failures = () => own.log.match(/the reload failed/g)?.length ?? 0;
        for (const [content, words] of [
            ['{', /reload\.json:1:2: Expected a name/],
            [{ x: '{ nothing }' }, /reload\.json: document x:1:3: Cannot query field/],
        ]) {
            const before = failures();
            write('reload.json', content);
            reload();
            await until(() => failures() > before, 10000 * patience, 'the reload failed');
            assert.match(own.log, words);
            assert.equal(await knows('One'), true);
        }
        await own.stop();
    });
});
