// client.mjs - asks the server: HTTP as it is, and GraphQL on top of it.
//
// Not fetch(), which adds headers of its own and hides connections.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';

import { url } from './environment.mjs';

export const JSON_TYPE = 'application/json';
export const GRAPHQL_TYPE = 'application/graphql-response+json';

const agent = new http.Agent({ keepAlive: true });
// nginx closes a connection that was idle for a minute, which a test that was busy so long has not seen.
const longestIdle = 20000;
let lastUse = 0;
function keptAgent() {
    const now = performance.now();
    if (now - lastUse > longestIdle)
        for (const socket of Object.values(agent.freeSockets).flat()) socket.destroy();
    lastUse = now;
    return agent;
}

// Sends a request; the answer's body as a Buffer, and as `json` where it is JSON.  With the header
// `connection: close` on a connection of its own: one that was kept may be closed under it.
export function request({
    method = 'POST',
    path = url.pathname,
    headers = {},
    body,
    timeout = 30000,
} = {}) {
    return new Promise((resolve, reject) => {
        const outgoing = http.request(
            {
                ...{ host: url.hostname, port: url.port, method, path, headers, timeout },
                agent: headers.connection === 'close' ? false : keptAgent(),
            },
            (incoming) => {
                const pieces = [];
                incoming.on('data', (piece) => pieces.push(piece));
                incoming.on('error', reject);
                incoming.on('end', () =>
                    resolve(
                        makeAnswer(incoming.statusCode, incoming.headers, Buffer.concat(pieces)),
                    ),
                );
            },
        );
        outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${timeout} ms`)));
        outgoing.on('error', reject);
        outgoing.end(body);
    });
}

export function makeAnswer(status, headers, body) {
    return {
        status,
        headers,
        body,
        get text() {
            return body.toString('utf8');
        },
        get json() {
            return JSON.parse(body.toString('utf8'));
        },
    };
}

// POSTs a body as it is, with application/json unless the headers say otherwise.
export function postBody(body, headers = {}) {
    const bytes = Buffer.from(body);
    return request({
        headers: { 'content-type': JSON_TYPE, 'content-length': bytes.length, ...headers },
        body: bytes,
    });
}

export function post(query, variables, { operationName, accept, headers } = {}) {
    const body = JSON.stringify({ query, variables, operationName });
    return postBody(body, accept ? { accept, ...headers } : headers);
}

// Asks what must succeed; its data.
export async function ask(query, variables, options) {
    const answer = await post(query, variables, options);
    assert.equal(answer.status, 200, answer.text);
    const json = answer.json;
    assert.deepEqual(Object.keys(json), ['data'], answer.text.slice(0, 2000));
    return json.data;
}

// Asks what must fail in fields; {data, errors} without what changes from request to request.
export async function askPartly(query, variables, options) {
    const answer = await post(query, variables, options);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(Object.keys(answer.json), ['errors', 'data'], answer.text.slice(0, 2000));
    assertErrors(answer);
    return answer.json;
}

// Sends a request that must be refused as a whole; its first error.
export async function refused(
    query,
    variables,
    { status = 400, code, accept = GRAPHQL_TYPE, ...options } = {},
) {
    const answer = await post(query, variables, { accept, ...options });
    return assertRefused(answer, status, code);
}

const CODES = new Set([
    'BAD_REQUEST',
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'OPERATION_RESOLUTION_FAILURE',
    'BAD_USER_INPUT',
    'LIMIT_EXCEEDED',
    'UNAUTHENTICATED',
    'TOKEN_EXPIRED',
    'TOKEN_INVALID',
    'FORBIDDEN',
    'NOT_FOUND',
    'CONFLICT',
    'RATE_LIMITED',
    'TIMEOUT',
    'OUTCOME_UNKNOWN',
    'SCHEMA_RELOADING',
    'SERVICE_UNAVAILABLE',
    'DOCUMENT_NOT_FOUND',
    'PERSISTED_QUERY_NOT_FOUND',
    'PERSISTED_QUERY_NOT_SUPPORTED',
    'INTERNAL_SERVER_ERROR',
]);

// What holds for every error in every answer (specification, 7.1.2; the table of codes).
export function assertErrors(answer) {
    const { errors } = answer.json;
    assert.ok(Array.isArray(errors) && errors.length > 0, answer.text);
    for (const error of errors) {
        assert.equal(typeof error.message, 'string');
        assert.notEqual(error.message, '');
        assert.ok(
            CODES.has(error.extensions.code),
            `a code that nobody knows: ${error.extensions.code}`,
        );
        assert.match(error.extensions.requestId, /^[0-9a-fA-F-]{16,64}$/);
        if (answer.headers['x-request-id'])
            assert.equal(error.extensions.requestId, answer.headers['x-request-id']);
        if (error.locations) {
            assert.ok(error.locations.length > 0);
            for (const place of error.locations)
                assert.ok(place.line >= 1 && place.column >= 1, JSON.stringify(place));
        }
        if (error.path)
            assert.ok(
                error.path.every((step) => typeof step === 'string' || Number.isInteger(step)),
            );
        // A client never sees SQL, a table's name or a file's path.
        assert.doesNotMatch(
            error.message,
            /SELECT |FROM |relation|column |libpq|FATAL|\/[a-z]+\/|\.[ch]:/,
        );
    }
    return errors;
}

export function assertRefused(answer, status, code) {
    assert.equal(answer.status, status, answer.text.slice(0, 2000));
    assert.deepEqual(Object.keys(answer.json), ['errors'], answer.text.slice(0, 2000));
    const errors = assertErrors(answer);
    if (code) assert.equal(errors[0].extensions.code, code, answer.text.slice(0, 2000));
    return errors[0];
}

// Writes bytes to nginx as they are, and reads until it closes.
export function rawHttp(text, { timeout = 15000 } = {}) {
    return new Promise((resolve, reject) => {
        const pieces = [];
        const socket = net.connect(Number(url.port), url.hostname, () =>
            socket.write(Buffer.from(text, 'latin1')),
        );
        socket.setTimeout(timeout, () =>
            socket.destroy(new Error('nginx keeps the connection open')),
        );
        socket.on('data', (piece) => pieces.push(piece));
        socket.on('error', reject);
        socket.on('close', () => resolve(Buffer.concat(pieces).toString('latin1')));
    });
}
