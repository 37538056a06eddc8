// apache_bodies.test.mjs - a body that is too long is refused in JSON, however long it is, by each of
// the ways in which Apache runs Linnet.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import net from 'node:net';
import { suite, test } from 'node:test';

import { ports } from './lib/apache.mjs';
import { JSON_TYPE } from './lib/client.mjs';

// Sends a body of zeros, and reads the answer meanwhile, as curl does: whoever answers early need not
// read all of it.  A client that has sent on after that may find the connection reset, and has the
// answer before.
function post(port, length, isChunked) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1');
        const piece = Buffer.alloc(65536, '0');
        let text = '', left = length;
        const end = () => {
            socket.destroy();
            const [head, body] = text.split('\r\n\r\n');
            const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
            resolve({ status, type: /^content-type: (.*)$/im.exec(head)?.[1], body });
        };
        const size = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
        socket.write(`POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\n${size}\r\n\r\n`);
        const more = () => {
            while (left > 0 && !text) {
                const part = piece.subarray(0, Math.min(left, piece.length));
                left -= part.length;
                const chunk = isChunked ? Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]) : part;
                if (!socket.write(chunk)) return socket.once('drain', more);
            }
            if (isChunked && left === 0 && !text) socket.write('0\r\n\r\n');
        };
        socket.on('connect', more);
        socket.on('data', (data) => { text += data; });
        socket.on('error', (error) => (text ? end() : reject(error)));
        socket.on('end', end);
        socket.setTimeout(30000, () => reject(new Error('no answer')));
    });
}

for (const way of ['cgi', 'proxy', 'fcgid'])
    suite(`a body that is too long (${way})`, () => {
        for (const length of [262145, 400000, 524289, 1048577, 5000000, 50000000])
            for (const isChunked of [false, true])
                test(`of ${length} bytes${isChunked ? ', in chunks' : ''}`, async () => {
                    const { status, type, body } = await post(ports[way], length, isChunked);
                    assert.equal(status, 413, body);
                    assert.match(type, /^application\/json/);
                    const { code } = JSON.parse(/\{.*\}/s.exec(body)[0]).errors[0].extensions;
                    assert.equal(code, 'LIMIT_EXCEEDED', body);
                });
    });
