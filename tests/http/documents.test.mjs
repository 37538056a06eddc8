// documents.test.mjs - trusted documents: those that the operator has named, asked for by id, and what
// becomes of others.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { assertRefused, GRAPHQL_TYPE, JSON_TYPE } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { patience, program, state } from './lib/environment.mjs';
import { launch, mock, serve, until } from './lib/processes.mjs';

const hash = (text, kind = 'sha256') => createHash(kind).update(text).digest('hex');

// The documents, by the names of their operations.
const texts = {
    Front: 'query Front($first: Int = 2) { links(first: $first) { id url } }',
    One: 'query One($id: ID!) { link(id: $id) { id } }',
    Create: 'mutation Create($url: String!) { createLink(url: $url) { id url } }',
    SignIn: 'mutation SignIn($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token } }',
    Both: 'query A { links(first: 1) { id } } query B { users(first: 1) { id } }',
    Up: '{ users(first: 0) { id } }', // by which a server is found to answer
};
const names = Object.keys(texts);
const idOf = (name) => `sha256:${hash(texts[name])}`;
const foreign = '{ links(first: 1) { url } }';

let folder, session, ada, staff, server;
const at = (name) => `${folder}/${name}`;
const write = (name, content) =>
    writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
const writeMap = (name, which = names) => write(name, Object.fromEntries(which.map((n) => [hash(texts[n]), texts[n]])));

const production = ['--workers', '1', '--mode', 'production'];

before(async () => {
    session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'documents' });
    [staff] = await makeUsers(session, 1, { prefix: 'documents', role: 'staff' });
    folder = mkdtempSync(`${tmpdir()}/linnet-documents.`);
    chmodSync(folder, 0o755);
    writeMap('map.json');
    server = await serve(...production, '--documents', at('map.json'));
});
after(async () => {
    session.close();
    await server.stop();
    rmSync(folder, { recursive: true });
});

// Sends the body, or with GET its members as parameters.
function send(body, { to = server, method = 'POST', accept = JSON_TYPE, user, parameters = {} } = {}) {
    const common = { HTTP_ACCEPT: accept, ...asParameters(user), ...parameters };
    if (method === 'POST') return to.request({ body: JSON.stringify(body), parameters: common });
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(body))
        if (value !== undefined) query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    return to.request({
        method,
        parameters: { CONTENT_TYPE: null, CONTENT_LENGTH: null, QUERY_STRING: String(query), ...common },
    });
}
const apollo = (sha256Hash, more = {}) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash } },
    ...more,
});

// The log's lines of an event, once there is one for which `is` holds.
async function logged(to, event, is) {
    const lines = () =>
        to.log
            .split('\n')
            .filter((line) => line.startsWith('{') && line.endsWith('}'))
            .map((line) => JSON.parse(line))
            .filter((line) => line.event === event && is(line));
    return until(() => lines().length > 0 && lines(), 5000 * patience, `a line of the event ${event}`);
}

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
                assert.equal(answer.headers['cache-control'], 'no-store');
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
                assert.equal(error.message, 'There is no document of this id.');
                assert.equal(answer.json.errors.length, 1);
                assert.equal(answer.headers['cache-control'], 'no-store');
            }
            assertRefused(await send({ documentId: id }, { method }), 200, 'DOCUMENT_NOT_FOUND');
        });

        test(`is the words and the status that Apollo's clients wait for, by ${method}`, async () => {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                const answer = await send(apollo('0'.repeat(64)), { accept, method });
                const error = assertRefused(answer, 200, 'PERSISTED_QUERY_NOT_FOUND');
                assert.equal(error.message, 'PersistedQueryNotFound');
                assert.equal(answer.headers['cache-control'], 'no-store');
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

// Runs a command of the program; { status, stdout, stderr }.
const run = (...arguments_) =>
    spawnSync(program, [...arguments_, '--config', `${state}/linnet.conf`], { cwd: state, encoding: 'utf8' });
const check = (documents, ...options) => run('check', '--offline', '--documents', documents, ...options);

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
            'stolen.json one.json': /one\.json: document x: the SHA-256 of the document is the id of another one/,
            'utf8.json': 'utf8.json:1:7: The text is not valid UTF-8.',
            nothing: 'nothing: the folder has no file that ends in .graphql.',
            'pipe.json': 'pipe.json: is not a file.',
            'absent.json': 'absent.json: No such file or directory',
        };
        for (const [files, message] of Object.entries(cases)) {
            const { status, stdout } = check(files.split(' ').map(at).join(' '));
            assert.equal(status, 1, `${files}: ${stdout}`);
            const line = stdout.split('\n')[0];
            if (typeof message === 'string') assert.equal(line, `${folder}/${message}`);
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
                    assert.equal(error.message, 'This server answers only documents that it knows, and this is none of them.');
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
        assert.equal((await logged(own, 'request', (line) => line.document === 'any')).length, 1);
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
        await logged(server, 'request', (line) => line.document === null);
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
        const broken = await get({ documentId: idOf('One') }, { LINNET_DOCUMENTS: at('not.json') });
        assertRefused(broken.answer, 503, 'SERVICE_UNAVAILABLE');
        assert.match(broken.log, /not\.json:3:1: Expected a name/);
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
        assert.match(unknown.stderr, /there is no document of the id none in `documents`/);
        for (const misused of [['query'], ['query', at('foreign.graphql'), '--document', 'x'], ['print', 'options', '--document', 'x'],
            ['print', 'sql', at('foreign.graphql'), '--document', 'x']])
            assert.equal(run(...misused).status, 64, misused.join(' '));
    });
});
