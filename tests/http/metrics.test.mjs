// metrics.test.mjs - /metrics: what workers have counted, also those that are gone.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { goodPassword, signInOver, signUpOver, unique } from './lib/accounts.mjs';
import { assertErrors, request } from './lib/client.mjs';
import { isFull, patience, program, root, state } from './lib/environment.mjs';
import { fallen, readMetrics, scrape, sum } from './lib/metrics.mjs';
import { canConnect, launch, mock, serve, until } from './lib/processes.mjs';

const get = (method = 'GET') => request({ method, path: '/metrics' });

suite('through nginx', () => {
    test('this machine may ask, by GET and HEAD', async () => {
        const answer = await get();
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
        assert.match(answer.headers['cache-control'], /no-store/);
        const { samples, types } = readMetrics(answer.text);
        assert.equal(samples.get('linnet_degraded'), 0);
        assert.ok(samples.get('linnet_generation') >= 1);
        assert.ok(samples.get('linnet_workers') >= 2);
        assert.ok(samples.get('process_open_fds{worker="0"}') > 3);
        assert.ok(samples.get('process_resident_memory_bytes{worker="0"}') > 1e6);
        assert.ok(Math.abs(samples.get('process_start_time_seconds') - Date.now() / 1000) < 86400);
        assert.equal(types.get('linnet_request_seconds'), 'histogram');
        const head = await get('HEAD');
        assert.equal(head.status, 200);
        assert.equal(head.body.length, 0);
    });
    test('POST will not do', async () => {
        const answer = await request({
            method: 'POST',
            path: '/metrics',
            headers: { 'content-type': 'application/json', 'content-length': 2 },
            body: '{}',
        });
        assert.equal(answer.status, 405);
        assert.match(answer.headers.allow, /GET/);
    });
});

suite('what is counted', () => {
    const name = unique('metrics'), WORKERS = isFull ? 8 : 2;
    let server, folder;
    before(async () => {
        folder = mkdtempSync(`${tmpdir()}/linnet-metrics.`);
        writeFileSync(
            `${folder}/documents.json`,
            JSON.stringify({ 'one"1"': 'query One { users(first: 1) { id } }', two: 'query Two { users(first: 2) { id } }' }),
        );
        server = await serve('--workers', String(WORKERS), '--documents', `${folder}/documents.json`);
        await until(() => server.workers().length === WORKERS, 5000 * patience, 'all workers');
        assert.ok((await signUpOver(server.post, name, goodPassword)).json.data.createUser);
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });

    // What the function adds to a series, or to those of a family that match.
    async function growth(work, ...queries) {
        const first = await scrape(server);
        await work();
        const then = await scrape(server);
        assert.deepEqual(fallen(first, then), []);
        return queries.map(([name, pattern]) => sum(then, name, pattern) - sum(first, name, pattern));
    }
    const send = (query, variables) => server.post(query, variables);

    test('requests, by operation and code, whichever worker answered', async () => {
        const work = async () => {
            for (let i = 0; i < 10; i++) await send('{ users(first: 1) { id } }');
            await Promise.all(Array.from({ length: 10 }, () => send('{ users(first: 1) { id } }')));
            await send('{ users(first: 1) { id ');
            await send('{ nothing }');
            await send('mutation { tokenAuth(username: "nobody", password: "wrong-1") { token } }');
            await server.request({ method: 'GET', parameters: { SCRIPT_NAME: '/live', CONTENT_TYPE: null, CONTENT_LENGTH: null } });
        };
        assert.deepEqual(
            await growth(
                work,
                ['linnet_requests_total'],
                ['linnet_requests_total', /operation="query",code="OK"/],
                ['linnet_requests_total', /operation="none",code="GRAPHQL_PARSE_FAILED"/],
                ['linnet_requests_total', /operation="none",code="GRAPHQL_VALIDATION_FAILED"/],
                ['linnet_requests_total', /operation="mutation",code="UNAUTHENTICATED"/],
                ['linnet_request_seconds_count', /operation="query",code="OK"/],
                ['linnet_documents_total', /refused/],
                ['linnet_logins_total', /result="refused"/],
                ['linnet_passwords_total', /result="wrong"/],
            ),
            [23, 20, 1, 1, 1, 20, 2, 1, 1],
        );
    });
    test('a login that succeeds', async () => {
        const login = async () => assert.ok((await signInOver(send, name, goodPassword)).json.data.tokenAuth);
        assert.deepEqual(
            await growth(login, ['linnet_logins_total', /result="ok"/], ['linnet_passwords_total', /result="right"/]),
            [1, 1],
        );
    });
    test('statements, rows, waits and times', async () => {
        const [statements, rows, waits, seconds, phase] = await growth(
            () => send('{ users(first: 3) { id } }'),
            ['linnet_db_statements_total', /result="ok"/],
            ['linnet_db_rows_total'],
            ['linnet_db_wait_seconds_count'],
            ['linnet_request_seconds_sum'],
            ['linnet_phase_seconds_total', /phase="execute"/],
        );
        assert.ok(statements >= 1 && statements <= 3, statements);
        assert.ok(rows >= 3 && rows <= 5, rows);
        assert.equal(waits, 1);
        assert.ok(phase > 0 && phase < seconds && seconds < 60, `${phase} of ${seconds}`);
    });
    test('errors of PostgreSQL by their class', async () => {
        // A function of the database raises its own SQLSTATE, of no class of PostgreSQL's.
        const again = async () => assertErrors(await signUpOver(send, name, goodPassword));
        const [errors, failed] = await growth(
            again,
            ['linnet_db_errors_total', /class="other"/],
            ['linnet_db_statements_total', /failed/],
        );
        assert.deepEqual([errors, failed], [1, 1]);
    });
    test('documents by their ids, of those that the operator has named', async () => {
        const byId = (documentId) =>
            server.request({
                body: JSON.stringify({ documentId }),
                parameters: { HTTP_ACCEPT: 'application/json' },
            });
        const work = async () => {
            assert.equal((await byId('two')).status, 200);
            assert.equal((await byId('two')).status, 200);
            await byId('three');
        };
        assert.deepEqual(
            await growth(
                work,
                ['linnet_document_requests_total', /id="two"/],
                ['linnet_document_requests_total'],
            ),
            [2, 2],
        );
        const { samples } = await scrape(server);
        assert.equal(samples.get('linnet_document_requests_total{id="one\\"1\\""}'), 0);
        assert.ok(samples.get('linnet_document_seconds_total{id="two"}') > 0);
    });
    test('nothing that a client has chosen is a label', async () => {
        await server.post('query CanaryName { users(first: 1) { canaryAlias: id } }', {}, {
            operationName: 'CanaryName',
            parameters: { HTTP_USER_AGENT: 'canary-agent', REQUEST_ID: 'cafe0123cafe0123' },
        });
        await server.request({ body: JSON.stringify({ documentId: 'canary-id' }) });
        const answer = await server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: '/metrics', QUERY_STRING: 'canary=1', CONTENT_TYPE: null, CONTENT_LENGTH: null },
        });
        assert.doesNotMatch(answer.text, /canary|cafe0123/i);
    });
    test('what follows the name of the endpoint is no way to it', async () => {
        const answer = await server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: '/graphql', PATH_INFO: '/metrics', CONTENT_TYPE: null, CONTENT_LENGTH: null },
        });
        assert.equal(answer.status, 404);
    });
    test('counters go on over workers that are killed and over reloads', async () => {
        const [rounds, reloads] = isFull ? [25, 20] : [4, 3];
        const kills = WORKERS / 2; // at once: each is replaced after a pause that grows
        let last = await scrape(server);
        const generation = last.samples.get('linnet_generation');
        const look = async () => {
            const now = await scrape(server);
            assert.deepEqual(fallen(last, now), []);
            last = now;
            return now;
        };
        const restarts = sum(last, 'linnet_worker_restarts_total', /signal/);
        let sent = 0;
        const first = sum(last, 'linnet_requests_total', /operation="query"/);
        for (let i = 0; i < rounds; i++) {
            for (let j = 0; j < 3; j++, sent++) assert.equal((await send('{ users(first: 1) { id } }')).status, 200);
            const struck = server.workers().slice(0, kills);
            struck.forEach((pid) => process.kill(pid, 'SIGKILL'));
            await until(
                () => server.workers().length === WORKERS && !server.workers().some((pid) => struck.includes(pid)),
                15000 * patience,
                'other workers',
            );
            await until(async () => (await look()).samples.get('linnet_workers') === WORKERS, 5000 * patience, 'all workers');
        }
        for (let i = 1; i <= reloads; i++) {
            process.kill(server.pid, 'SIGHUP');
            await until(async () => {
                const { samples } = await look();
                return samples.get('linnet_generation') === generation + i && samples.get('linnet_workers') === WORKERS;
            }, 20000 * patience, 'another generation');
            assert.equal((await send('{ users(first: 1) { id } }')).status, 200);
            sent++;
        }
        const now = await look();
        assert.equal(sum(now, 'linnet_requests_total', /operation="query"/) - first, sent);
        assert.equal(sum(now, 'linnet_worker_restarts_total', /signal/) - restarts, kills * rounds);
        assert.ok(sum(now, 'linnet_reloads_total', /ok/) >= reloads);
    });
});

test('it is answered without PostgreSQL', async () => {
    const server = launch('--workers', '2', '--database', 'host=/nowhere');
    server.isUp.catch(() => {}); // no query is answered
    try {
        await until(() => canConnect(server.socket), 15000 * patience, 'a socket');
        const metrics = await until(async () => {
            const now = await scrape(server);
            return sum(now, 'linnet_db_connects_total', /failed/) > 0 && now;
        }, 15000 * patience, 'an attempt that has failed');
        assert.equal(sum(metrics, 'linnet_db_connections'), 0);
        assert.equal(sum(metrics, 'linnet_db_connects_total', /ok/), 0);
    } finally {
        await server.stop();
    }
});

// What Prometheus itself thinks of it, its advice on names included.
test('promtool finds no fault', { skip: !isFull }, async () => {
    const { text } = await get();
    const judged = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    assert.equal(judged.status, 0, judged.stdout + judged.stderr);
    assert.equal(judged.stdout + judged.stderr, '');
});

test('the alerts are rules', { skip: !isFull }, () => {
    const judged = spawnSync('promtool', ['check', 'rules', `${root}/monitoring/alerts.yml`], { encoding: 'utf8' });
    assert.equal(judged.status, 0, judged.stdout + judged.stderr);
});

suite('what is made of it', () => {
    let samples, families;
    before(async () => {
        ({ samples } = readMetrics((await get()).text));
        families = new Set([...samples.keys()].map((series) => series.replace(/\{.*/, '')));
        // These appear with the first trusted document.
        families.add('linnet_document_requests_total').add('linnet_document_seconds_total');
    });
    const read = (file) => readFileSync(`${root}/${file}`, 'utf8');

    // The metrics that a text names, and the labels that it selects by.
    function assertKnown(text) {
        const names = text.match(/\b(linnet|process)_[a-z_]+/g) ?? [];
        for (const name of names) assert.ok(families.has(name), name);
        return names.length;
    }
    test('each metric of the dashboard is there', () => {
        const dashboard = JSON.parse(read('monitoring/dashboard.json'));
        assert.ok(dashboard.panels.length > 10);
        assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
        for (const { title, targets } of dashboard.panels)
            for (const { expr } of targets) assert.ok(assertKnown(expr) > 0, title);
    });
    test('each metric of the alerts is there', () => {
        const expressions = read('monitoring/alerts.yml').split(/^ {6}- alert: /m).slice(1);
        assert.ok(expressions.length >= 10);
        for (const alert of expressions.slice(1)) assert.ok(assertKnown(alert.split('labels:')[0]) > 0, alert);
    });
    test('the manual has each alert', () => {
        const manual = read('docs/monitoring.md');
        for (const [, name] of read('monitoring/alerts.yml').matchAll(/- alert: (\w+)/g)) assert.ok(manual.includes(`\`${name}\``), name);
    });
    test('the manual has each metric, and no other', () => {
        const table = read('docs/monitoring.md').split('\n').filter((line) => /^\| `(linnet|process)_/.test(line)).join('\n');
        const told = new Set(table.match(/`(linnet|process)_[a-z_]+`/g).map((name) => name.slice(1, -1)));
        const there = new Set([...families].map((name) => name.replace(/_seconds_(bucket|sum|count)$/, '_seconds')));
        assert.deepEqual([...told].sort(), [...there].sort());
    });
});

suite('linnet status', () => {
    const status = (...words) => spawnSync(program, ['status', '--config', `${state}/linnet.conf`, ...words], { encoding: 'utf8' });

    test('says the same to people and to programs', async () => {
        const server = await serve('--workers', '2');
        await until(() => server.workers().length === 2, 5000 * patience, 'all workers');
        await server.post('{ nothing }');
        const counted = await scrape(server);
        const { status: code, stdout, stderr } = status('--listen', server.socket, '--json');
        assert.equal(code, 0, stderr);
        const told = JSON.parse(stdout);
        assert.equal(told.requests, sum(counted, 'linnet_requests_total'));
        assert.equal(told.good, sum(counted, 'linnet_requests_total', /code="OK"/));
        assert.equal(told.errors.GRAPHQL_VALIDATION_FAILED, 1);
        assert.deepEqual([told.workers, told.generation, told.degraded], [2, 1, false]);
        assert.equal(told.statements, sum(counted, 'linnet_db_statements_total'));
        assert.ok(told.uptime >= 0 && told.uptime < 3600, told.uptime);
        assert.match(told.version, /^[0-9]+\.[0-9]+/);
        const people = status('--listen', server.socket);
        assert.equal(people.status, 0, people.stderr);
        assert.match(people.stdout, new RegExp(`^requests +${told.requests}, ${told.good} good`, 'm'));
        assert.match(people.stdout, /^errors +[0-9]+ \(.*1 GRAPHQL_VALIDATION_FAILED.*\)$/m);
        assert.match(people.stdout, /^workers +2 \(0 replaced\)$/m);
        await server.stop();
    });
    test('ends with 69 where nobody answers', () => {
        const { status: code, stderr } = status('--listen', '/nowhere/socket');
        assert.equal(code, 69);
        assert.match(stderr, /^linnet: no answer at \/nowhere\/socket: No such file or directory$/m);
    });
    test('does not wait for ever', async () => {
        const folder = mkdtempSync(`${tmpdir()}/linnet-status.`);
        const silent = createServer(() => {}).listen(`${folder}/s`);
        await once(silent, 'listening');
        const child = spawn(program, ['status', '--listen', `${folder}/s`], { stdio: ['ignore', 'ignore', 'pipe'] });
        const [[code], text] = await Promise.all([once(child, 'exit'), child.stderr.toArray()]);
        silent.close();
        rmSync(folder, { recursive: true });
        assert.equal(code, 69);
        assert.match(Buffer.concat(text).toString(), /does not answer in time/);
    });
    test('needs a socket', () => {
        const { status: code, stderr } = spawnSync(program, ['status', '--config', '/dev/null'], { encoding: 'utf8' });
        assert.equal(code, 64, stderr);
        assert.match(stderr, /listen/);
    });
});

test('linnet mock counts, too', async () => {
    const server = await mock('--workers', '1');
    try {
        assert.ok(sum(await scrape(server), 'linnet_requests_total', /operation="query",code="OK"/) >= 1);
    } finally {
        await server.stop();
    }
});
