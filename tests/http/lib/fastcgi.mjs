// fastcgi.mjs - speaks FastCGI itself, to say what nginx would not (FastCGI 1.0, 3 to 5).
//
// SPDX-License-Identifier: MIT
import net from 'node:net';

import { makeAnswer } from './client.mjs';

const BEGIN_REQUEST = 1,
    END_REQUEST = 3,
    PARAMS = 4,
    STDIN = 5,
    STDOUT = 6;
const RESPONDER = 1,
    KEEP_CONNECTION = 1;

export function record(type, content = Buffer.alloc(0)) {
    const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
    return Buffer.concat([head, content]);
}

function length(n) {
    return n < 128
        ? Buffer.from([n])
        : Buffer.from([(n >>> 24) | 128, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
}

function pair([name, value]) {
    const n = Buffer.from(name),
        v = Buffer.from(value);
    return Buffer.concat([length(n.length), length(v.length), n, v]);
}

// A stream in records, and the empty one that ends it.
function stream(type, content) {
    const records = [];
    for (let i = 0; i < content.length; i += 65535)
        records.push(record(type, content.subarray(i, i + 65535)));
    return Buffer.concat([...records, record(type)]);
}

export function encode(parameters, body, isKept = false) {
    return Buffer.concat([
        record(BEGIN_REQUEST, Buffer.from([0, RESPONDER, isKept ? KEEP_CONNECTION : 0, 0, 0, 0, 0, 0])),
        stream(PARAMS, Buffer.concat(parameters.map(pair))),
        stream(STDIN, body),
    ]);
}

function decode(bytes) {
    const out = [];
    let isComplete = false;
    for (let i = 0; i + 8 <= bytes.length;) {
        const type = bytes[i + 1],
            content = bytes.readUInt16BE(i + 4);
        if (type === STDOUT) out.push(bytes.subarray(i + 8, i + 8 + content));
        isComplete ||= type === END_REQUEST;
        i += 8 + content + bytes[i + 6];
    }
    return isComplete ? Buffer.concat(out) : null;
}

// A CGI response (RFC 3875, 6).
function parse(bytes) {
    const end = bytes.indexOf('\r\n\r\n');
    const headers = {};
    for (const line of bytes.subarray(0, end).toString('latin1').split('\r\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).toLowerCase(),
            value = line.slice(colon + 1).trim();
        // As node's own client has it.
        headers[name] = name === 'set-cookie' ? [...(headers[name] ?? []), value] : value;
    }
    return makeAnswer(
        Number.parseInt(headers.status ?? '200', 10),
        headers,
        bytes.subarray(end + 4),
    );
}

// The bytes of a request. `parameters` override the usual ones, null leaves one out; `more` are
// added at the end, even twice.
function encodeRequest({ method = 'POST', parameters = {}, more = [], body = '', isKept = false }) {
    const bytes = Buffer.from(body);
    const all = {
        GATEWAY_INTERFACE: 'CGI/1.1',
        REQUEST_METHOD: method,
        QUERY_STRING: '',
        CONTENT_TYPE: 'application/json',
        CONTENT_LENGTH: String(bytes.length),
        SCRIPT_NAME: '/graphql',
        SERVER_PROTOCOL: 'HTTP/1.1',
        ...parameters,
    };
    const pairs = Object.entries(all).filter(([, value]) => value !== null);
    return encode([...pairs, ...more], bytes, isKept);
}

// Sends a request to the socket; null when the connection ends without an answer.
export function fastcgi(socket, { timeout = 30000, ...request } = {}) {
    return exchange(socket, encodeRequest(request), timeout);
}

// A connection that is kept, for one request after the other.
export class Connection {
    #pieces = [];
    #waiting = null;
    isClosed = false;

    constructor(path) {
        this.socket = net.connect(path);
        this.socket.on('data', (piece) => {
            this.#pieces.push(piece);
            const response = decode(Buffer.concat(this.#pieces));
            if (response) this.#settle(parse(response));
        });
        this.socket.on('error', () => {});
        this.socket.on('close', () => {
            this.isClosed = true;
            this.#settle(null);
        });
    }

    #settle(answer) {
        this.#pieces = [];
        this.#waiting?.(answer);
        this.#waiting = null;
    }

    // The answer; null when the connection ends without one.
    request(request) {
        const answer = new Promise((resolve) => {
            this.#waiting = resolve;
        });
        this.socket.write(encodeRequest({ ...request, isKept: true }));
        return answer;
    }

    post(query, variables, parameters) {
        return this.request({ body: JSON.stringify({ query, variables }), parameters });
    }

    close() {
        this.socket.destroy();
    }
}

// Writes bytes to the socket and reads until it is closed.
export function exchange(path, bytes, timeout = 30000) {
    return new Promise((resolve, reject) => {
        const pieces = [];
        const socket = net.connect(path, () => socket.write(bytes));
        socket.setTimeout(timeout, () => socket.destroy(new Error(`no answer in ${timeout} ms`)));
        socket.on('data', (piece) => pieces.push(piece));
        socket.on('error', (error) =>
            error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(null) : reject(error),
        );
        socket.on('close', () => {
            const response = decode(Buffer.concat(pieces));
            resolve(response && parse(response));
        });
    });
}
