// http.test.mjs - GraphQL over HTTP through nginx: methods, media types, statuses, addresses.
// The audits have the rest.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import {
    assertRefused,
    GRAPHQL_TYPE,
    JSON_TYPE,
    postBody,
    rawHttp,
    refused,
    request,
} from './lib/client.mjs';
import './lib/database.mjs';
import { url } from './lib/environment.mjs';

const small = JSON.stringify({ query: '{ link(id: 910011) { id } }' });
const smallAnswer = '{"data":{"link":{"id":"910011"}}}';
const get = (parameters, headers) =>
    request({ method: 'GET', path: `${url.pathname}?${new URLSearchParams(parameters)}`, headers });

suite('methods', () => {
    test('GET asks queries', async () => {
        const answer = await get({ query: '{ link(id: 910011) { id } }' });
        assert.equal(answer.status, 200);
        assert.equal(answer.text, smallAnswer);
    });

    test('GET with variables and a name, + and %', async () => {
        const query =
            'query A($id: ID!) { link(id: $id) { id } } ' +
            'query B($s: String) { links(search: $s) { id } }';
        const a = await get({ query, operationName: 'A', variables: '{"id":910011}' });
        assert.equal(a.text, smallAnswer);
        const b = await get({ query, operationName: 'B', variables: '{"s":"100%"}' });
        assert.equal(b.text, '{"data":{"links":[{"id":"910001"}]}}');
    });

    test('GET: an empty parameter is as if absent, an unknown one too', async () => {
        const answer = await get({
            query: '{ link(id: 910011) { id } }',
            operationName: '',
            variables: '',
            extensions: '',
            _: '1',
        });
        assert.equal(answer.text, smallAnswer);
    });

    test('GET that is not a request', async () => {
        for (const parameters of [
            {},
            { query: '' },
            { variables: '{}' },
            { query: '{__typename}', variables: '[]' },
            { query: '{__typename}', variables: '{' },
            { query: '{__typename}', extensions: '1' },
        ])
            assertRefused(await get(parameters, { accept: GRAPHQL_TYPE }), 400, 'BAD_REQUEST');
        for (const raw of [
            'query=%7B__typename%7D&query=%7B__typename%7D',
            'query=%7B__typename%7',
            'query=%ff',
            'query=%7B__typename%7D%00',
            'query=%zz',
        ])
            assertRefused(
                await request({ method: 'GET', path: `${url.pathname}?${raw}` }),
                400,
                'BAD_REQUEST',
            );
    });

    test('GET never writes', async () => {
        const answer = await get(
            { query: 'mutation { deleteVote(linkId: 1) { link { id } } }' },
            { accept: GRAPHQL_TYPE },
        );
        assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
    });

    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
        test(`${method} is 405, with Allow`, async () => {
            // Without a length, Node would send a DELETE's body as if it were the next request.
            const body = method === 'OPTIONS' ? '' : small;
            const answer = await request({
                method,
                headers: { 'content-type': JSON_TYPE, 'content-length': body.length },
                body,
            });
            assertRefused(answer, 405, 'BAD_REQUEST');
            assert.equal(answer.headers.allow, 'GET, HEAD, POST');
        });
    }

    test('HEAD is answered as GET, without a body', async () => {
        const ask = (method, raw, headers = {}) =>
            request({ method, path: `${url.pathname}?${raw}`, headers });
        const parameters = (query) => new URLSearchParams({ query }).toString();
        const cases = [
            [200, parameters('{ link(id: 910011) { id } }')],
            [200, parameters('{ links { id url description } }')],
            [200, parameters('{ nothing }')],
            [400, parameters('{ nothing }'), { accept: GRAPHQL_TYPE }],
            [400, ''],
            [403, parameters('{ __typename }'), { 'sec-fetch-site': 'cross-site' }],
            [405, parameters('mutation { deleteVote(linkId: 1) { link { id } } }')],
            [406, parameters('{ __typename }'), { accept: 'text/html' }],
        ];
        for (const [status, raw, headers] of cases) {
            const got = await ask('GET', raw, headers),
                head = await ask('HEAD', raw, headers);
            assert.equal(got.status, status, got.text);
            assert.equal(head.status, status, raw);
            assert.equal(head.body.length, 0);
            for (const name of ['content-type', 'content-length', 'allow', 'cache-control', 'vary'])
                assert.equal(head.headers[name], got.headers[name], `${raw}: ${name}`);
            assert.equal(head.headers['content-length'], String(got.body.length));
        }
    });

    test('TRACE is refused, in JSON', async () => {
        const answer = await rawHttp(
            'TRACE /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
        );
        assert.match(answer, /^HTTP\/1\.1 405 /);
        assert.match(answer, /content-type: application\/json/i);
    });
});

suite('the type of a request', () => {
    const good = [
        'application/json',
        'application/json; charset=utf-8',
        'application/json;charset=UTF-8',
        'Application/JSON',
        'application/json; charset="utf-8"',
        'application/json ; charset=utf-8',
        'application/json;',
        'application/json; profile=x',
    ];
    for (const type of good)
        test(`may be ${type}`, async () =>
            assert.equal((await postBody(small, { 'content-type': type })).text, smallAnswer));

    const bad = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/graphql',
        'application/jsonx',
        'application/json; charset=latin1',
        'application/json; charset=utf-16',
        'application/json; charset=utf-7',
        'application/json, text/plain',
        'text/plain; application/json',
        'json',
        ';',
        'application/graphql-response+json',
        '*/*',
    ];
    for (const type of bad)
        test(`is not ${type}`, async () =>
            assertRefused(await postBody(small, { 'content-type': type }), 415, 'BAD_REQUEST'));

    test('is needed', async () => {
        assertRefused(
            await request({ headers: { 'content-length': small.length }, body: small }),
            415,
            'BAD_REQUEST',
        );
    });

    test('is not compressed', async () => {
        const bodies = {
            gzip: gzipSync(small),
            'x-gzip': gzipSync(small),
            deflate: deflateSync(small),
            br: brotliCompressSync(small),
            'identity, gzip': gzipSync(small),
            zstd: Buffer.from(small),
            gzi: Buffer.from(small),
        };
        for (const [coding, body] of Object.entries(bodies)) {
            const answer = await postBody(body, { 'content-encoding': coding });
            assertRefused(answer, 415, 'BAD_REQUEST');
            assert.equal(answer.headers['accept-encoding'], 'identity');
            assert.match(answer.json.errors[0].message, /compressed/);
        }
        for (const coding of ['identity', 'Identity', '', 'identity, identity'])
            assert.equal((await postBody(small, { 'content-encoding': coding })).text, smallAnswer);
        const type = await postBody(small, { 'content-type': 'text/plain' });
        assert.equal(type.headers['accept-encoding'], undefined, 'another reason');
    });

    test('comes once', async () => {
        const answer = await rawHttp(
            `POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n` +
                `Content-Type: text/plain\r\nContent-Length: ${small.length}\r\n\r\n${small}`,
        );
        assert.match(answer, /^HTTP\/1\.1 (400|415) /);
    });
});

suite('the type of a response', () => {
    const types = [
        [undefined, JSON_TYPE],
        ['*/*', JSON_TYPE],
        ['application/*', JSON_TYPE],
        [JSON_TYPE, JSON_TYPE],
        [GRAPHQL_TYPE, GRAPHQL_TYPE],
        [`${GRAPHQL_TYPE}, ${JSON_TYPE}`, GRAPHQL_TYPE],
        [`${JSON_TYPE}, ${GRAPHQL_TYPE}`, GRAPHQL_TYPE],
        [`${GRAPHQL_TYPE};q=0.5, ${JSON_TYPE}`, JSON_TYPE],
        [`${JSON_TYPE};q=0.5, ${GRAPHQL_TYPE};q=0.6`, GRAPHQL_TYPE],
        [`${GRAPHQL_TYPE};q=0, */*`, JSON_TYPE],
        [`text/html, ${JSON_TYPE}`, JSON_TYPE],
        ['Application/GraphQL-Response+JSON', GRAPHQL_TYPE],
        [`${GRAPHQL_TYPE}; charset=utf-8`, GRAPHQL_TYPE],
        ['', JSON_TYPE],
        // Apollo Client 3 and 4, urql, Relay's usual
        [`${GRAPHQL_TYPE},${JSON_TYPE};q=0.9`, GRAPHQL_TYPE],
        [
            `${GRAPHQL_TYPE}, application/graphql+json, ${JSON_TYPE}, text/event-stream, multipart/mixed`,
            GRAPHQL_TYPE,
        ],
        ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    ];
    for (const [accept, type] of types) {
        test(`for Accept: ${accept}`, async () => {
            const answer = await postBody(small, accept === undefined ? {} : { accept });
            assert.equal(answer.status, 200);
            assert.equal(answer.headers['content-type'], `${type}; charset=utf-8`);
            assert.equal(answer.text, smallAnswer);
        });
    }

    test('for several lines of Accept, which are one list', async () => {
        const ask = (...lines) =>
            rawHttp(
                `POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.map((line) => `Accept: ${line}\r\n`).join('')}` +
                    `Content-Type: application/json\r\nContent-Length: ${small.length}\r\n\r\n${small}`,
            );
        for (const [type, ...lines] of [
            [GRAPHQL_TYPE, 'text/html', GRAPHQL_TYPE],
            [GRAPHQL_TYPE, JSON_TYPE, GRAPHQL_TYPE],
            [JSON_TYPE, `${GRAPHQL_TYPE};q=0.5`, JSON_TYPE],
            [JSON_TYPE, 'text/html', 'image/png', `${GRAPHQL_TYPE};q=0.1, ${JSON_TYPE};q=0.2`],
            [JSON_TYPE, '', JSON_TYPE],
        ]) {
            const answer = await ask(...lines);
            assert.match(answer, /^HTTP\/1\.1 200 /, lines.join(' | '));
            assert.match(answer, new RegExp(`content-type: ${type.replace('+', '\\+')};`, 'i'));
        }
        assert.match(await ask('text/html', 'image/png'), /^HTTP\/1\.1 406 /);
    });

    test('that a client does not take', async () => {
        for (const accept of [
            'text/html',
            'image/*',
            `${JSON_TYPE};q=0`,
            '*/*;q=0',
            'text/event-stream',
        ])
            assertRefused(await postBody(small, { accept }), 406, 'BAD_REQUEST');
    });
});

suite('the status', () => {
    // [what, body, code, status for application/json, status for the other]
    const two = 'query A { __typename } query B { __typename }';
    const requests = [
        ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED', 200, 400],
        ['an empty document', { query: '' }, 'GRAPHQL_PARSE_FAILED', 200, 400],
        ['a validation error', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED', 200, 400],
        [
            'a type system definition',
            { query: '{ __typename } type A { b: Int }' },
            'GRAPHQL_VALIDATION_FAILED',
            200,
            400,
        ],
        [
            'a missing variable',
            { query: 'query ($id: ID!) { link(id: $id) { id } }' },
            'BAD_USER_INPUT',
            200,
            400,
        ],
        [
            'a wrong variable',
            { query: 'query ($n: Int) { links(first: $n) { id } }', variables: { n: 'x' } },
            'BAD_USER_INPUT',
            200,
            400,
        ],
        ['no name for one of two', { query: two }, 'OPERATION_RESOLUTION_FAILURE', 200, 400],
        [
            'a name that is not there',
            { query: two, operationName: 'C' },
            'OPERATION_RESOLUTION_FAILURE',
            200,
            400,
        ],
        [
            'a name for another',
            { query: '{ __typename }', operationName: 'A' },
            'OPERATION_RESOLUTION_FAILURE',
            200,
            400,
        ],
        [
            'too many aliases',
            { query: `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }` },
            'LIMIT_EXCEEDED',
            200,
            400,
        ],
        ['no query', {}, 'BAD_REQUEST', 400, 400],
        ['a query that is not a string', { query: 1 }, 'BAD_REQUEST', 400, 400],
        [
            'variables that are not an object',
            { query: '{ __typename }', variables: 'x' },
            'BAD_REQUEST',
            400,
            400,
        ],
        [
            'a document that is not a query',
            { query: 'fragment F on Query { __typename }' },
            undefined,
            200,
            400,
        ],
    ];
    for (const [what, body, code, json, graphql] of requests) {
        test(`of ${what}`, async () => {
            assertRefused(await postBody(JSON.stringify(body), { accept: JSON_TYPE }), json, code);
            assertRefused(
                await postBody(JSON.stringify(body), { accept: GRAPHQL_TYPE }),
                graphql,
                code,
            );
        });
    }

    test('an error in the document says where', async () => {
        const error = await refused('{\n  links {\n    é: id\n  }\n}');
        assert.deepEqual(error.locations, [{ line: 3, column: 5 }]);
        const other = await refused('{ links(search: "🏃") { idd } }');
        assert.deepEqual(other.locations, [{ line: 1, column: 25 }]);
    });

    test('an empty operationName is as if absent, by GET and by POST', async () => {
        const query = 'query A { __typename }';
        for (const answer of [
            await get({ query, operationName: '' }),
            await postBody(JSON.stringify({ query, operationName: '' })),
        ])
            assert.equal(answer.text, '{"data":{"__typename":"Query"}}');
        const several = await postBody(JSON.stringify({ query: two, operationName: '' }));
        assertRefused(several, 200, 'OPERATION_RESOLUTION_FAILURE');
    });

    test('unknown members are ignored, and null is as if absent', async () => {
        const body = {
            query: '{ __typename }',
            variables: null,
            operationName: null,
            extensions: null,
            doc_id: 7,
            id: [{}],
        };
        assert.equal(
            (await postBody(JSON.stringify(body))).text,
            '{"data":{"__typename":"Query"}}',
        );
        assert.equal(
            (await postBody(JSON.stringify({ ...body, extensions: { a: { b: [1] } } }))).status,
            200,
        );
    });
});

suite('where it is', () => {
    test('/graphql and /graphql/, without a redirect', async () => {
        for (const path of ['/graphql', '/graphql/', '/graphql?', '/graphql/?x=1']) {
            const answer = await request({
                path,
                headers: { 'content-type': JSON_TYPE, 'content-length': small.length },
                body: small,
            });
            assert.equal(answer.status, 200, path);
            assert.equal(answer.text, smallAnswer, path);
        }
        const byGet = await request({
            method: 'GET',
            path: `/graphql/?query=${encodeURIComponent('{ link(id: 910011) { id } }')}`,
        });
        assert.equal(byGet.text, smallAnswer);
    });

    test('nowhere else', async () => {
        for (const path of [
            '/graphql/x',
            '/graphqlx',
            '/GraphQL',
            '/.linnet/bad_request',
            '/index.html',
            '/../etc/passwd',
            '/graphql%00',
        ])
            assert.match(
                await rawHttp(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
                /^HTTP\/1\.1 40[04] [^]*"errors":\[\{"message"/,
                path,
            );
    });
});
