// http_headers.test.mjs - GraphQL over HTTP through nginx: the headers of a response, the id of
// a request in both logs, compression, and what nginx itself refuses.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { ask, GRAPHQL_TYPE, post, postBody, rawHttp } from './lib/client.mjs';
import './lib/database.mjs'; // the rows that it asks for
import { url } from './lib/environment.mjs';
import { logLines, until } from './lib/processes.mjs';

const small = JSON.stringify({ query: '{ link(id: 910011) { id } }' });
const smallAnswer = '{"data":{"link":{"id":"910011"}}}';

suite('headers of a response', () => {
    test('length, no cache, no sniffing, no version', async () => {
        const { headers } = await postBody(small);
        assert.equal(headers['content-length'], String(smallAnswer.length));
        assert.match(headers['cache-control'], /no-store/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers.server, 'nginx');
    });

    test('Server-Timing has the phases', async () => {
        const timing = (await postBody(small)).headers['server-timing'];
        const names = timing.split(', ').map((entry) => /^([a-z]+);dur=\d+\.\d+$/.exec(entry)[1]);
        assert.deepEqual(
            names.filter((name) => name !== 'auth'),
            ['read', 'parse', 'validate', 'plan', 'queue', 'execute', 'write'],
        );
    });

    test('compressed when it is long and the client can', async () => {
        const query = JSON.stringify({ query: '{ links { id url description } }' });
        const plain = await postBody(query);
        assert.equal(plain.headers['content-encoding'], undefined);
        const packed = await postBody(query, { 'accept-encoding': 'gzip' });
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.match(packed.headers.vary, /accept-encoding/i);
        assert.ok(packed.body.length < plain.body.length / 2);
        assert.deepEqual(gunzipSync(packed.body), plain.body);
        const graphql = await postBody(query, { 'accept-encoding': 'gzip', accept: GRAPHQL_TYPE });
        assert.equal(graphql.headers['content-encoding'], 'gzip');
        const short = await postBody(small, { 'accept-encoding': 'gzip' });
        assert.equal(short.headers['content-encoding'], undefined);
    });
});

suite('the id of a request', () => {
    test('is another each time', async () => {
        const ids = await Promise.all(
            Array.from({ length: 20 }, async () => (await postBody(small)).headers['x-request-id']),
        );
        assert.equal(new Set(ids).size, 20);
    });

    test('is in header, errors and both logs', async () => {
        const answers = [
            await post('{ nothing }'),
            await post('{ me { id } }'),
            await postBody('{'),
            await postBody(small),
        ];
        for (const answer of answers) {
            const id = answer.headers['x-request-id'];
            for (const error of answer.json.errors ?? [])
                assert.equal(error.extensions.requestId, id);
            const line = await until(
                () => logLines().find((l) => l.requestId === id),
                2000,
                'the line in our log',
            );
            assert.equal(line.status, answer.status);
            assert.equal(line.errors, answer.json.errors?.length ?? 0);
            assert.equal(line.bytes, answer.body.length);
            for (const phase of ['read', 'parse', 'validate', 'plan', 'execute', 'write', 'total'])
                assert.equal(typeof line[phase], 'number', phase);
            await until(
                () => logLines('access.log').find((l) => l.request === id),
                4000,
                "the line in nginx's log",
            );
        }
    });

    test('is not what a client says it is', async () => {
        const ours = 'deadbeefdeadbeefdeadbeefdeadbeef';
        assert.notEqual(
            (await postBody(small, { 'x-request-id': ours, 'request-id': ours })).headers[
                'x-request-id'
            ],
            ours,
        );
    });

    test('the log has names and no values', async () => {
        const secret = 'correct horse battery staple';
        const answer = await post(
            'query Spy($s: String) { links(search: $s) { id } a: link(id: "eyJhbGciOiJ") { id } }',
            { s: secret },
        );
        const line = await until(
            () => logLines().find((l) => l.requestId === answer.headers['x-request-id']),
            2000,
            'the line',
        );
        assert.equal(line.operation, 'Spy');
        assert.ok(!JSON.stringify(logLines()).includes(secret));
        assert.ok(!JSON.stringify(logLines()).includes('eyJhbGciOiJ'));
    });

    test('an operation with a long name makes a short line', async () => {
        const name = 'N'.repeat(5000);
        await ask(`query ${name} { __typename }`);
        const line = await until(
            () => logLines().find((l) => l.operation?.startsWith('NNNN')),
            2000,
            'the line',
        );
        assert.ok(line.operation.length <= 260);
    });
});

suite('what is not HTTP is refused by nginx, in JSON', () => {
    const head = (line, ...headers) => `${line}\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`;
    const requests = {
        'two Hosts': head('POST /graphql HTTP/1.1', 'Host: localhost', 'Host: b', 'Content-Length: 0'),
        'two lengths':
            head('POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Length: 2', 'Content-Length: 3') +
            '{}',
        'a length and chunks':
            head(
                'POST /graphql HTTP/1.1',
                'Host: localhost',
                'Content-Length: 2',
                'Transfer-Encoding: chunked',
            ) + '0\r\n\r\n',
        'a space before the colon': head(
            'POST /graphql HTTP/1.1',
            'Host: localhost',
            'X : y',
            'Content-Length: 0',
        ),
        'U+0000 in a header': head(
            'POST /graphql HTTP/1.1',
            'Host: localhost',
            'X-A: a\0b',
            'Content-Length: 0',
        ),
        'a length that is not a number':
            head('POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Length: 10abc') + '0123456789',
        'a negative length': head('POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Length: -1'),
        'a header of 40 kB': head(
            'POST /graphql HTTP/1.1',
            'Host: localhost',
            `X-A: ${'a'.repeat(40000)}`,
            'Content-Length: 0',
        ),
    };
    for (const [what, text] of Object.entries(requests)) {
        test(what, async () => {
            const answer = await rawHttp(text);
            assert.match(answer, /^HTTP\/1\.1 400 /);
            const error = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).errors[0];
            assert.equal(error.extensions.code, 'BAD_REQUEST');
            assert.match(answer, new RegExp(`X-Request-Id: ${error.extensions.requestId}`, 'i'));
        });
    }

    test('an address of 40 kB is 414', async () => {
        const answer = await rawHttp(
            head(
                `GET /graphql?query=${'a'.repeat(40000)} HTTP/1.1`,
                'Host: localhost',
                'Connection: close',
            ),
        );
        assert.match(answer, /^HTTP\/1\.1 414 /);
        assert.equal(
            JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).errors[0].extensions.code,
            'BAD_REQUEST',
        );
    });

    test('a body in chunks is as good as one with a length', async () => {
        const answer = await rawHttp(
            head(
                'POST /graphql HTTP/1.1',
                'Host: localhost',
                'Connection: close',
                'Content-Type: application/json',
                'Transfer-Encoding: chunked',
            ) +
                `5\r\n${small.slice(0, 5)}\r\n${(small.length - 5).toString(16)}\r\n${small.slice(5)}\r\n0\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1\.1 200 /);
        assert.ok(answer.endsWith(smallAnswer));
    });

    test('HTTP/1.0 is answered', async () => {
        const answer = await rawHttp(
            head(
                'POST /graphql HTTP/1.0',
                'Content-Type: application/json',
                `Content-Length: ${small.length}`,
            ) + small,
        );
        assert.match(answer, /^HTTP\/1\.[01] 200 /);
    });
});
