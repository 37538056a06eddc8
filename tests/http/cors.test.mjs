// cors.test.mjs - which pages of other sites may read answers: the origins that are configured,
// letter by letter, and in development those of this machine.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { GRAPHQL_TYPE, JSON_TYPE, post, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { serve } from './lib/processes.mjs';

const corsHeaders = (answer) =>
    Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control')),
    );
const varies = (answer) =>
    (answer.headers.vary ?? '')
        .toLowerCase()
        .split(/\s*,\s*/)
        .includes('origin');

const evil = [
    'null',
    'https://evil.example',
    'https://good.example.evil.example',
    'https://evilgood.example',
    'http://good.example',
    'https://good.example:444',
    'https://good.example/',
    'https://GOOD.example',
    'https://good.example.',
    'https://sub.good.example',
    '*',
    '',
    'https://good.example, https://evil.example',
    'https://good.example https://evil.example',
    'https://good.exampl',
    'file://',
];
const local = [
    'http://localhost',
    'http://localhost:3000',
    'http://localhost:5173',
    'http://127.0.0.1:8080',
];
const almostLocal = [
    'http://localhost.evil.example',
    'http://localhost:3000.evil.example',
    'http://evil-localhost',
    'http://127.0.0.1.evil.example',
    'http://localhost:',
    'http://localhost:80x',
    'http://localhost@evil.example',
    'http://127.0.0.2',
];

suite('in development, through nginx', () => {
    for (const origin of local) {
        test(`${origin} may read`, async () => {
            const answer = await post('{ __typename }', {}, { headers: { origin } });
            assert.equal(answer.status, 200);
            assert.equal(answer.headers['access-control-allow-origin'], origin);
            assert.equal(answer.headers['access-control-allow-credentials'], undefined);
            assert.match(answer.headers['access-control-expose-headers'], /X-Request-Id/i);
            assert.ok(varies(answer), answer.headers.vary);
        });
    }
    for (const origin of [...evil, ...almostLocal, 'https://good.example']) {
        test(`${JSON.stringify(origin)} may not`, async () => {
            const answer = await post('{ __typename }', {}, { headers: { origin } });
            assert.equal(answer.status, 200, "who may read is the browser's to enforce");
            assert.deepEqual(corsHeaders(answer), {});
            assert.ok(varies(answer), 'a cache must keep answers apart');
        });
    }
    test('errors can be read too', async () => {
        for (const [options, status] of [
            [{ accept: GRAPHQL_TYPE }, 400],
            [{ accept: JSON_TYPE }, 200],
        ]) {
            const answer = await post(
                '{ nothing }',
                {},
                { ...options, headers: { origin: local[1] } },
            );
            assert.equal(answer.status, status);
            assert.equal(answer.headers['access-control-allow-origin'], local[1]);
        }
    });
    test('a preflight is answered', async () => {
        const answer = await request({
            method: 'OPTIONS',
            headers: {
                origin: local[1],
                'access-control-request-method': 'POST',
                'access-control-request-headers': 'authorization,content-type',
            },
        });
        assert.equal(answer.status, 204, answer.text);
        assert.equal(answer.body.length, 0);
        assert.equal(answer.headers['access-control-allow-origin'], local[1]);
        assert.match(answer.headers['access-control-allow-methods'], /\bPOST\b/);
        for (const name of ['content-type', 'authorization', 'graphql-require-preflight'])
            assert.match(
                answer.headers['access-control-allow-headers'].toLowerCase(),
                new RegExp(`(^|, *)${name}(,|$)`),
            );
        assert.ok(Number(answer.headers['access-control-max-age']) > 0);
        assert.ok(varies(answer));
    });
    test('a preflight gets what it asks for and the server takes', async () => {
        const ask = async (asked) => {
            const answer = await request({
                method: 'OPTIONS',
                headers: {
                    origin: local[1],
                    'access-control-request-method': 'POST',
                    'access-control-request-headers': asked,
                },
            });
            assert.equal(answer.status, 204);
            assert.match(answer.headers.vary, /access-control-request-headers/i);
            return answer.headers['access-control-allow-headers'].toLowerCase().split(/, */);
        };
        const usual = ['content-type', 'authorization', 'graphql-require-preflight'];
        // What browsers ask for where clients are Apollo's, and where requests are traced.
        const taken = [
            'apollographql-client-name',
            'apollographql-client-version',
            'x-apollo-operation-name',
            'apollo-require-preflight',
            'traceparent',
            'tracestate',
            'baggage',
            'sentry-trace',
            'x-requested-with',
        ];
        assert.deepEqual(await ask('content-type'), usual);
        assert.deepEqual((await ask(taken.join(','))).sort(), [...usual, ...taken].sort());
        assert.deepEqual(await ask('Traceparent, X-Unknown,,cookie, x-linnet-user'), [...usual, 'traceparent']);
        assert.deepEqual(await ask(''), usual);
        assert.deepEqual(await ask('x'.repeat(4000)), usual);
        assert.deepEqual(await ask('*'), usual);
    });
    test('a preflight of another site is not', async () => {
        for (const origin of [...evil.filter(Boolean), ...almostLocal]) {
            const answer = await request({
                method: 'OPTIONS',
                headers: { origin, 'access-control-request-method': 'POST' },
            });
            assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
        }
    });
    test('OPTIONS that is not a preflight is 405', async () => {
        for (const headers of [
            {},
            { origin: local[0] },
            { 'access-control-request-method': 'POST' },
        ])
            assert.equal((await request({ method: 'OPTIONS', headers })).status, 405);
    });
});

suite('in production', () => {
    let server, session;
    before(async () => {
        server = await serve(
            '--workers',
            '1',
            '--mode',
            'production',
            '--origins',
            'https://good.example http://good.example:8080',
        );
        session = new Session();
    });
    after(async () => {
        session.close();
        await server.stop();
    });
    const send = (origin) =>
        server.request({ body: '{"query":"{ __typename }"}', parameters: { HTTP_ORIGIN: origin } });

    test('the origins that are configured may read', async () => {
        for (const origin of ['https://good.example', 'http://good.example:8080'])
            assert.equal((await send(origin)).headers['access-control-allow-origin'], origin);
    });
    test('others may not, nor those of this machine', async () => {
        for (const origin of [...evil, ...local, ...almostLocal]) {
            const answer = await send(origin);
            assert.deepEqual(corsHeaders(answer), {}, origin);
            assert.ok(varies(answer));
        }
    });
    test('without any configured, nobody may', async () => {
        const plain = await serve('--workers', '1', '--mode', 'production', '--origins', '');
        const answer = await plain.request({
            body: '{"query":"{ __typename }"}',
            parameters: { HTTP_ORIGIN: 'https://good.example' },
        });
        assert.deepEqual(corsHeaders(answer), {});
        await plain.stop();
    });
    test('a preflight asks no database', async () => {
        const preflight = () =>
            server.request({
                method: 'OPTIONS',
                parameters: {
                    HTTP_ORIGIN: 'https://good.example',
                    HTTP_ACCESS_CONTROL_REQUEST_METHOD: 'POST',
                    CONTENT_LENGTH: null,
                    CONTENT_TYPE: null,
                },
            });
        await session.run('BEGIN; LOCK TABLE users, links IN ACCESS EXCLUSIVE MODE');
        try {
            const before = await session.row(
                "SELECT sum(xact_commit + xact_rollback)::int AS n FROM pg_stat_database WHERE datname = 'linnet'",
            );
            for (let i = 0; i < 50; i++) {
                const answer = await preflight();
                assert.equal(answer.status, 204);
                assert.equal(answer.headers['access-control-allow-origin'], 'https://good.example');
            }
            const queries = await session.rows(
                "SELECT query FROM pg_stat_activity WHERE usename = 'linnet_login' AND query_start > now()",
            );
            assert.deepEqual(queries, [], `after ${before.n} transactions`);
        } finally {
            await session.run('ROLLBACK');
        }
    });
    test('a bad origin stops the start', async () => {
        for (const origins of [
            'good.example',
            'https://good.example/',
            '*',
            'https://good.example/path',
            'null',
            'https://',
        ])
            await assert.rejects(
                serve('--workers', '1', '--origins', origins).then((s) => s.stop()),
                /ended with (64|78)[^]*origins/,
                origins,
            );
    });
});
