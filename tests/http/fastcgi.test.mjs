// fastcgi.test.mjs - what a web server less strict than nginx could send: the worker judges
// it for itself, and survives it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, suite, test } from 'node:test';

import { assertRefused } from './lib/client.mjs';
import './lib/database.mjs'; // the rows that it asks for
import { patience } from './lib/environment.mjs';
import { encode, exchange, record } from './lib/fastcgi.mjs';
import { serve } from './lib/processes.mjs';

const body = JSON.stringify({ query: '{ link(id: 910011) { id } }' });
const answer = '{"data":{"link":{"id":"910011"}}}';

let server;
before(async () => {
    server = await serve('--workers', '1', '--mode', 'production', '--peer-time', '300');
});
after(() => server.stop());

const send = (parameters, options) => server.request({ body, parameters, ...options });

async function assertServes() {
    assert.equal((await send({})).text, answer);
}

suite('the length of a body', () => {
    for (const length of [
        '-1',
        '99999999999',
        '10abc',
        '0x10',
        '1e3',
        ' 1',
        '1 ',
        '+1',
        '1.0',
        '18446744073709551617',
        String(body.length - 1),
        String(body.length + 1),
    ]) {
        test(`${JSON.stringify(length)}`, async () => {
            const got = await send({ CONTENT_LENGTH: length });
            assertRefused(got, length === '99999999999' ? 413 : 400);
            await assertServes();
        });
    }
    test('as it is', assertServes);
    // As web servers pass on what comes in chunks.
    for (const length of ['', null])
        test(`${JSON.stringify(length)}: it ends where the stream does`, async () => {
            assert.equal((await send({ CONTENT_LENGTH: length })).text, answer);
            const long = Buffer.from(body.padEnd(262145));
            assertRefused(await server.request({ body: long, parameters: { CONTENT_LENGTH: length } }), 413);
            const longer = Buffer.from(body.padEnd(20000000));
            assertRefused(await server.request({ body: longer, parameters: { CONTENT_LENGTH: length } }), 413);
        });
});

suite('variables', () => {
    test('twice the same', async () => {
        for (const pair of [
            ['CONTENT_TYPE', 'text/plain'],
            ['CONTENT_LENGTH', '1'],
            ['REQUEST_METHOD', 'GET'],
            ['QUERY_STRING', 'query=x'],
        ])
            assertRefused(
                await send({ QUERY_STRING: 'a=b' }, { more: [pair] }),
                400,
                'BAD_REQUEST',
            );
    });
    test('an invalid id is not taken over', async () => {
        for (const id of [
            'x',
            'a\r\nSet-Cookie: b',
            'g'.repeat(32),
            'a'.repeat(65),
            '../../../../../../etc/passwd',
            '0123456789abcde',
        ])
            assert.match(
                (await send({ REQUEST_ID: id })).headers['x-request-id'],
                /^[0-9a-f]{16}$/,
            );
        assert.equal(
            (await send({ REQUEST_ID: '0123456789abcdef' })).headers['x-request-id'],
            '0123456789abcdef',
        );
    });
    test('no method', async () =>
        assertRefused(await send({ REQUEST_METHOD: null }), 405, 'BAD_REQUEST'));
    test('thousands of them', async () => {
        const more = Array.from({ length: 5000 }, (_, i) => [`HTTP_X_${i}`, 'x'.repeat(10)]);
        assert.equal((await send({}, { more })).text, answer);
    });
    test('a query string of 200 kB', async () => {
        const got = await send({
            REQUEST_METHOD: 'GET',
            QUERY_STRING: `query=${encodeURIComponent('{__typename}')}&x=${'a'.repeat(200000)}`,
        });
        assert.equal(got.status, 200);
        assertRefused(
            await send({ REQUEST_METHOD: 'GET', QUERY_STRING: 'query=%7B'.padEnd(200000, 'a') }),
            200,
            'LIMIT_EXCEEDED',
        );
    });
});

suite('records', () => {
    const whole = encode(
        Object.entries({
            REQUEST_METHOD: 'POST',
            CONTENT_TYPE: 'application/json',
            CONTENT_LENGTH: String(body.length),
        }),
        Buffer.from(body),
    );

    test('a request in single bytes would do', async () => {
        assert.equal((await exchange(server.socket, whole)).text, answer);
    });
    test('half a request is given up, and the next is served', async () => {
        for (const n of [1, 7, 8, 15, 16, 20, 60, whole.length - 9, whole.length - 1]) {
            const started = performance.now();
            const got = await exchange(server.socket, whole.subarray(0, n), 10000 * patience).catch(
                () => null,
            );
            assert.ok(performance.now() - started < 4000 * patience, `${n} bytes`);
            if (got) assert.ok(got.status >= 400, `${n} bytes`);
            await assertServes();
        }
    });
    // As a web server keeps one, until it has a request for it.
    test('a connection on which nothing comes stays, and holds nobody up', async () => {
        const idle = net.connect(server.socket);
        let isClosed = false;
        idle.on('close', () => (isClosed = true));
        // Others that have begun a request are given up meanwhile, each after peer_time.
        for (let i = 0; i < 3; i++) {
            await exchange(server.socket, whole.subarray(0, 20), 10000 * patience);
            await assertServes();
        }
        assert.ok(!isClosed);
        idle.destroy();
    });
    test('junk is given up', async () => {
        const junk = [
            Buffer.alloc(64, 0xff),
            Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
            Buffer.alloc(8),
            record(5),
            record(4),
            record(2),
            record(11),
            Buffer.concat([record(1, Buffer.from([0, 2, 0, 0, 0, 0, 0, 0])), record(4)]),
            record(1, Buffer.from([0, 9, 0, 0, 0, 0, 0, 0])),
        ];
        for (const bytes of junk) {
            const got = await exchange(server.socket, bytes, 10000 * patience).catch(() => null);
            assert.ok(got === null || got.status >= 400, String(got?.status));
            await assertServes();
        }
    });
    test('the worker is the one that was there', () =>
        assert.doesNotMatch(server.log, /worker died/));
});

suite('production', () => {
    test('has no Server-Timing', async () =>
        assert.equal((await send({})).headers['server-timing'], undefined));
    test('suggests nothing', async () => {
        const got = await server.post('{ linkz { id } }');
        assert.equal(got.json.errors[0].message, 'Cannot query field "linkz" on type "Query".');
        const argument = await server.post('{ links(frist: 1) { id } }');
        assert.doesNotMatch(argument.text, /mean/);
    });
});
