// health.test.mjs - /live and /ready, as load balancers ask them: ready, away, degraded.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { request } from './lib/client.mjs';
import './lib/database.mjs';
import { patience, root } from './lib/environment.mjs';
import { childrenOf, instance, launch, readPid, serve, until } from './lib/processes.mjs';
import { untilLogged } from './lib/wait.mjs';

const get = (path, method = 'GET') => request({ method, path });

function assertLive(answer) {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json, { status: 'live' });
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.match(answer.headers['cache-control'], /no-store/);
}

function assertReady(answer, status = 'ready') {
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.status, status);
    assert.match(answer.headers['cache-control'], /no-store/);
}

function assertAway(answer) {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.json.status, 'unavailable');
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.doesNotMatch(
        answer.text,
        /linnet_login|socket|\/run|\/tmp|FATAL/,
        'it says no more than that',
    );
}

suite('through nginx', () => {
    test('all is well', async () => {
        assertLive(await get('/live'));
        assertReady(await get('/ready'));
    });
    test('HEAD will do', async () => {
        for (const path of ['/live', '/ready']) {
            const answer = await get(path, 'HEAD');
            assert.equal(answer.status, 200);
            assert.equal(answer.body.length, 0);
        }
    });
    test('POST will not', async () => {
        for (const path of ['/live', '/ready']) {
            const answer = await request({
                method: 'POST',
                path,
                headers: { 'content-type': 'application/json', 'content-length': 2 },
                body: '{}',
            });
            assert.equal(answer.status, 405, answer.text);
            assert.match(answer.headers.allow, /GET/);
        }
    });
    test('PostgreSQL is away, and comes back', async () => {
        await instance('postgresql_stop');
        try {
            const started = performance.now();
            assertAway(
                await until(
                    async () => {
                        const answer = await get('/ready');
                        return answer.status === 503 && answer;
                    },
                    2000 * patience,
                    'a 503',
                ),
            );
            assert.ok(performance.now() - started < 3000 * patience);
            assertLive(await get('/live'));
        } finally {
            await instance('postgresql_start');
        }
        await until(async () => (await get('/ready')).status === 200, 2000 * patience, 'ready again');
        assertReady(await get('/ready'));
    });
    test('PostgreSQL is silent', async () => {
        const postmaster = readPid('postgresql/postmaster.pid');
        const stopped = childrenOf(postmaster);
        stopped.forEach((pid) => process.kill(pid, 'SIGSTOP'));
        try {
            const started = performance.now();
            assertAway(await get('/ready'));
            assert.ok(
                performance.now() - started < 6000 * patience,
                `${performance.now() - started} ms`,
            );
            assertLive(await get('/live'));
        } finally {
            stopped.forEach((pid) => process.kill(pid, 'SIGCONT'));
        }
        await until(async () => (await get('/ready')).status === 200, 3000 * patience, 'ready again');
    });
});

suite('a server of its own', () => {
    let folder;
    before(() => {
        folder = mkdtempSync(`${tmpdir()}/linnet-health.`);
        cpSync(`${root}/sql/schema.graphql`, `${folder}/schema.graphql`);
    });
    after(() => rmSync(folder, { recursive: true }));
    const ask = (server, path) =>
        server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: path, CONTENT_TYPE: null, CONTENT_LENGTH: null },
        });

    test('a reload that fails leaves it ready, and degraded until one succeeds', async () => {
        const server = await serve('--workers', '2', '--contract', `${folder}/schema.graphql`);
        try {
            assertReady(await ask(server, '/ready'));
            writeFileSync(`${folder}/schema.graphql`, 'type Query {');
            process.kill(server.pid, 'SIGHUP');
            await until(
                async () => (await ask(server, '/ready')).json.status === 'degraded',
                5000 * patience,
                'degraded',
            );
            const degraded = await ask(server, '/ready');
            assertReady(degraded, 'degraded');
            assert.equal((await server.post('{ __typename }')).status, 200);
            cpSync(`${root}/sql/schema.graphql`, `${folder}/schema.graphql`);
            process.kill(server.pid, 'SIGHUP');
            await until(
                async () => (await ask(server, '/ready')).json.status === 'ready',
                5000 * patience,
                'ready',
            );
        } finally {
            await server.stop();
        }
    });

    test('one that cannot reach its database yet is live and not ready', async () => {
        await instance('postgresql_stop');
        let server;
        try {
            server = launch('--workers', '1');
            await untilLogged(() => server.log, /cannot connect/);
            assertLive(await ask(server, '/live'));
            assertAway(await ask(server, '/ready'));
        } finally {
            await instance('postgresql_start');
        }
        await server.isUp;
        assertReady(await ask(server, '/ready'));
        await server.stop();
        await until(
            async () => (await get('/ready')).status === 200,
            3000 * patience,
            'the first server is ready too',
        );
    });
});
