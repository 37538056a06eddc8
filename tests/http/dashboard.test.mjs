// dashboard.test.mjs - a real Prometheus asks a server that has work, and answers what each panel of
// monitoring/dashboard.json asks, and each alert.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { goodPassword, signInOver, unique } from './lib/accounts.mjs';
import { isFull, patience, root } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';

const read = (file) => readFileSync(`${root}/monitoring/${file}`, 'utf8');
const documents = { one: 'query One { users(first: 1) { id } }' };

// What a panel shows only where it is so: an error of PostgreSQL comes with the first of its class.
const mayBeEmpty = new Set(['sum by (class) (rate(linnet_db_errors_total{instance=~"$instance"}[$__rate_interval]))']);

function freePort() {
    return new Promise((resolve) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

suite('Prometheus', { skip: !isFull }, () => {
    let folder, server, door, prometheus, origin, output = '';

    async function get(path, parameters = {}) {
        const answer = await fetch(`${origin}${path}?${new URLSearchParams(parameters)}`);
        return { status: answer.status, json: await answer.json() };
    }
    async function query(expression) {
        const { status, json } = await get('/api/v1/query', { query: expression });
        assert.equal(status, 200, `${expression}: ${json.error}`);
        return json.data.result;
    }
    // What Grafana puts in.
    const filled = (expression) => expression.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');
    const work = async () => {
        await server.post('{ users(first: 2) { id } }');
        await server.post('{ nothing }');
        await server.request({ body: JSON.stringify({ documentId: 'one' }) });
        await signInOver(server.post, unique('nobody'), goodPassword);
    };

    before(async () => {
        folder = mkdtempSync(`${tmpdir()}/linnet-prometheus.`);
        writeFileSync(`${folder}/documents.json`, JSON.stringify(documents));
        server = await serve('--workers', '2', '--documents', `${folder}/documents.json`);
        await work();
        // Prometheus speaks HTTP.
        door = createServer(async (_, answer) => {
            const parameters = { SCRIPT_NAME: '/metrics', CONTENT_TYPE: null, CONTENT_LENGTH: null };
            const { status, headers, body } = await server.request({ method: 'GET', parameters });
            answer.writeHead(status, { 'content-type': headers['content-type'] }).end(body);
        }).listen(0, '127.0.0.1');
        await once(door, 'listening');
        const port = await freePort();
        origin = `http://127.0.0.1:${port}`;
        writeFileSync(`${folder}/alerts.yml`, read('alerts.yml'));
        writeFileSync(
            `${folder}/prometheus.yml`,
            `global: { scrape_interval: 500ms, evaluation_interval: 500ms }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: linnet
    static_configs: [{ targets: ["127.0.0.1:${door.address().port}"] }]
`,
        );
        prometheus = spawn(
            'prometheus',
            [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`],
            { stdio: ['ignore', 'ignore', 'pipe'] },
        );
        prometheus.stderr.on('data', (piece) => { output += piece; });
        await until(
            async () => {
                assert.equal(prometheus.exitCode, null, output);
                await work();
                return (await query('min(count_over_time(linnet_requests_total[1m])) >= 4').catch(() => [])).length > 0;
            },
            30000 * patience, 'four scrapes',
        );
    });
    after(async () => {
        if (prometheus?.exitCode === null) {
            prometheus.kill('SIGTERM');
            await once(prometheus, 'exit');
        }
        door?.closeAllConnections();
        door?.close();
        await server?.stop();
        rmSync(folder, { recursive: true });
    });

    test('answers each panel', async () => {
        const dashboard = JSON.parse(read('dashboard.json'));
        for (const { title, targets } of dashboard.panels)
            for (const { expr } of targets) {
                const series = await query(filled(expr));
                assert.ok(series.length > 0 || mayBeEmpty.has(expr), `${title}: ${expr}`);
                // Where there was work, a panel shows a number.
                if (!mayBeEmpty.has(expr)) assert.ok(series.some(({ value }) => value[1] !== 'NaN'), `${title}: ${expr}`);
            }
    });
    test('knows the servers that a reader may choose', async () => {
        const { json } = await get('/api/v1/label/instance/values', { 'match[]': 'linnet_build_info' });
        assert.deepEqual(json.data, [`127.0.0.1:${door.address().port}`]);
    });
    test('refuses what it does not understand, and has nothing of a metric that is not there', async () => {
        assert.equal((await get('/api/v1/query', { query: 'sum by (' })).status, 400);
        assert.deepEqual(await query('linnet_nothing'), []);
    });
    test('has evaluated each alert', async () => {
        const count = read('alerts.yml').match(/- alert: /g).length;
        const rules = await until(
            async () => {
                const { json } = await get('/api/v1/rules');
                const all = json.data.groups.flatMap(({ rules }) => rules);
                return all.length === count && all.every(({ health }) => health !== 'unknown') && all;
            },
            15000 * patience, 'all alerts',
        );
        for (const { name, health, lastError } of rules) assert.equal(health, 'ok', `${name}: ${lastError}`);
        // The target is up, and so is nothing of these.
        assert.deepEqual(rules.filter(({ name, state }) => /Down|Degraded/.test(name) && state !== 'inactive'), []);
    });
});
