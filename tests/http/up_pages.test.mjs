// up_pages.test.mjs - ./up and what it builds for browsers: once, whole or not at all, and never in
// the way of the API.  With packages made up here, in a copy of what ./up needs.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { isSanitized, program, root } from './lib/environment.mjs';

const freePort = () =>
    new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });

suite('./up and its pages', { skip: isSanitized && 'what it tests is not in the program' }, () => {
    let tree, port;
    // Without what the tests' own server was started with.
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
    const state = () => `${tree}/state`;

    // A package whose build is a script: `lines` of sh, with $OUT.
    function writePackage(name, ...lines) {
        mkdirSync(`${tree}/${name}`, { recursive: true });
        const description = { name, version: '1.0.0' };
        writeFileSync(`${tree}/${name}/build.sh`, ['set -e', 'echo once >> "$0.built"', ...lines].join('\n'));
        writeFileSync(`${tree}/${name}/.gitignore`, '*.built\n');
        writeFileSync(`${tree}/${name}/package.json`, JSON.stringify({ ...description, scripts: { build: 'sh ./build.sh' } }));
        writeFileSync(
            `${tree}/${name}/package-lock.json`,
            JSON.stringify({ ...description, lockfileVersion: 3, requires: true, packages: { '': description } }),
        );
    }
    const page = (text) => [`mkdir -p "$OUT/assets"; echo '${text}' > "$OUT/index.html"`];
    const timesBuilt = (name) => readFileSync(`${tree}/${name}/build.sh.built`, 'utf8').split('\n').length - 1;

    function up(options = [], more = {}) {
        const { status, stdout, stderr } = spawnSync(
            `${tree}/up`,
            ['--detach', '--mock', '--port', String(port), '--state', state(), '--program', program, ...options],
            { env: { ...environment, ...more }, encoding: 'utf8' },
        );
        return { status, said: stdout + stderr };
    }
    const ask = async () =>
        (await fetch(`http://127.0.0.1:${port}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', connection: 'close' },
            body: '{"query":"{ __typename }"}',
        })).json();
    const isUp = async () => assert.deepEqual(await ask(), { data: { __typename: 'Query' } });
    const placed = (name) => readFileSync(`${state()}/pages/${name}/index.html`, 'utf8').trim();

    before(async () => {
        tree = mkdtempSync(`${tmpdir()}/linnet-up.`);
        for (const name of ['up', 'down', 'scripts', 'sql', 'nginx']) cpSync(`${root}/${name}`, `${tree}/${name}`, { recursive: true });
        mkdirSync(`${tree}/build`);
        symlinkSync(program, `${tree}/build/linnet`);
        port = await freePort();
        writePackage('web', ...page('the first site'));
        writePackage('graphiql', ...page('the first GraphiQL'));
    });
    after(() => {
        spawnSync(`${tree}/down`, ['--purge', '--state', state()], { env: environment });
        rmSync(tree, { recursive: true });
    });

    test('with --no-web nothing is built', async () => {
        const { status, said } = up(['--no-web']);
        assert.equal(status, 0, said);
        assert.deepEqual(readdirSync(`${tree}/build`), ['linnet']);
        assert.doesNotMatch(said, /the site|GraphiQL/);
        await isUp();
    });

    test('the site and GraphiQL are built, and their addresses shown', async () => {
        const { status, said } = up();
        assert.equal(status, 0, said);
        assert.equal(placed('web'), 'the first site');
        assert.equal(placed('graphiql'), 'the first GraphiQL');
        assert.match(said, new RegExp(`the site: +http://127.0.0.1:${port}/\n`));
        assert.match(said, new RegExp(`GraphiQL.*: +http://127.0.0.1:${port}/graphql\n`));
        await isUp();
    });

    test('once, as long as nothing changes', () => {
        assert.equal(up().status, 0);
        assert.deepEqual([timesBuilt('web'), timesBuilt('graphiql')], [1, 1]);
    });

    test('again when a file has changed, and that one alone', () => {
        writeFileSync(`${tree}/web/new.txt`, 'new');
        assert.equal(up().status, 0);
        assert.deepEqual([timesBuilt('web'), timesBuilt('graphiql')], [2, 1]);
    });

    test('again when the contract has changed', () => {
        const file = `${tree}/sql/schema.graphql`;
        writeFileSync(file, `${readFileSync(file, 'utf8')}\n# changed\n`);
        assert.equal(up().status, 0);
        assert.equal(timesBuilt('web'), 3);
    });

    test('a build that fails half way leaves what was there, says where its output is, and the API answers', async () => {
        writePackage('web', ...page('half of it'), 'echo "a type is wrong" >&2', 'exit 1');
        const { status, said } = up();
        assert.equal(status, 0, said);
        assert.match(said, /a type is wrong/);
        assert.match(said, /build\/log\/web\.log/);
        assert.match(said, /the site as it was built before is served.*--no-web/);
        assert.equal(placed('web'), 'the first site');
        await isUp();
    });

    test('what could never be built is not there, and the API answers', async () => {
        rmSync(`${tree}/build/web`, { recursive: true });
        const { status, said } = up();
        assert.equal(status, 0, said);
        assert.match(said, /the site is not there, and the API goes on without.*--no-web/);
        assert.doesNotMatch(said, /the site: /);
        assert.match(said, /GraphiQL, in a browser/);
        await isUp();
    });

    test('packages that cannot be had are said to be missing', async () => {
        writePackage('web', ...page('never'));
        const lock = JSON.parse(readFileSync(`${tree}/web/package-lock.json`, 'utf8'));
        const dependencies = { nowhere: '1.0.0' };
        lock.packages[''] = { ...lock.packages[''], dependencies };
        lock.packages['node_modules/nowhere'] = { version: '1.0.0', resolved: 'http://127.0.0.1:9/nowhere.tgz', integrity: 'sha512-AAAA' };
        writeFileSync(`${tree}/web/package-lock.json`, JSON.stringify(lock));
        const description = JSON.parse(readFileSync(`${tree}/web/package.json`, 'utf8'));
        writeFileSync(`${tree}/web/package.json`, JSON.stringify({ ...description, dependencies }));
        const { status, said } = up([], { npm_config_fetch_retries: '0' });
        assert.equal(status, 0, said);
        assert.match(said, /ECONNREFUSED/);
        assert.match(said, /npm does not reach its registry: .*npm ping/);
        assert.match(said, /the site is not there/);
        await isUp();
    });

    test('where npm may not write into its cache, it gets one in the build', () => {
        writePackage('web', ...page('without a home'));
        const { status, said } = up([], { npm_config_cache: '/dev/null/npm' });
        assert.equal(status, 0, said);
        assert.equal(placed('web'), 'without a home');
        assert.ok(existsSync(`${tree}/build/npm`));
        rmSync(`${tree}/build/web`, { recursive: true });
    });

    test('a contract of somebody else has no site', () => {
        const contract = `${tree}/own.graphql`;
        writeFileSync(contract, 'type Query { hello: String }');
        writePackage('web', ...page('a site'));
        const { status, said } = up([], { LINNET_CONTRACT: contract });
        assert.equal(status, 0, said);
        assert.ok(!existsSync(`${tree}/build/web`));
        assert.doesNotMatch(said, /the site: /);
        assert.match(said, /GraphiQL, in a browser/);
    });

    test('a host is answered as browsers send it, in lower case', async () => {
        const { status, said } = up(['--no-web', '--host', 'News.Test']);
        assert.equal(status, 0, said);
        const statusOf = (host) =>
            new Promise((resolve, reject) => {
                const headers = { host, connection: 'close' };
                http.get({ host: '127.0.0.1', port, path: '/graphql?query=%7B__typename%7D', headers }, (answer) =>
                    resolve(answer.resume().statusCode)).on('error', reject);
            });
        assert.deepEqual([await statusOf('news.test'), await statusOf('other.test')], [200, 421]);
    });

    test('a host with a port, or none, is refused', () => {
        for (const name of ['news.test:80', 'http://news.test', '', 'a b']) {
            const { status, said } = up(['--host', name]);
            assert.equal(status, 1);
            assert.match(said, /--host: a name without port/);
        }
    });
});
