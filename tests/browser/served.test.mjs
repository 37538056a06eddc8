// served.test.mjs - how the site's files are served: small, compressed, kept for good where their
// names change, and with headers that leave a foreign script nothing to do.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { before, suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { browse, site } from './lib/browser.mjs';
import { rows } from './lib/look.mjs';

// { status, headers, body } as they come over the wire.
const get = (path, headers = {}, method = 'GET') =>
    new Promise((resolve, reject) => {
        http.request(new URL(path, site), { method, headers }, (response) => {
            const pieces = [];
            response.on('data', (piece) => pieces.push(piece));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
        })
            .on('error', reject)
            .end();
    });

const html = { accept: 'text/html' };
const pages = ['', 'newest', 'best', 'search', 'submit', 'login', 'signup', 'item', 'edit', 'user', 'sessions'];
// Debian's nginx has it in a package of its own.
const hasBrotli = ['/usr/share/nginx/modules-available', '/etc/nginx/modules-enabled', '/usr/lib/nginx/modules'].some(
    (folder) => existsSync(folder) && execFileSync('ls', [folder], { encoding: 'utf8' }).includes('brotli_static'),
);

suite('the site is served', () => {
    let assets, index;
    before(async () => {
        index = (await get('', html)).body.toString();
        assets = [...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
        assert.ok(assets.some((path) => path.endsWith('.js')) && assets.some((path) => path.endsWith('.css')), index);
    });

    test('all of its pages are the one document, which is asked for anew', async () => {
        for (const path of pages) {
            const { status, headers, body } = await get(`${path}?id=7`, html);
            assert.equal(status, 200, path);
            assert.equal(body.toString(), index, path);
            assert.equal(headers['content-type'], 'text/html; charset=utf-8', path);
            assert.match(headers['cache-control'], /^no-cache/, path);
            const again = await get(path, { ...html, 'if-none-match': headers.etag });
            assert.equal(again.status, 304, path);
        }
    });

    test('with headers that leave a foreign script nothing to do', async () => {
        for (const path of ['', 'item?id=7', ...assets]) {
            const { headers } = await get(path, html);
            assert.equal(headers['x-content-type-options'], 'nosniff', path);
            assert.ok(!/\d/.test(headers.server ?? ''), headers.server);
        }
        const { headers } = await get('', html);
        const policy = Object.fromEntries(headers['content-security-policy'].split(/; ?/).map((rule) => rule.split(/ (.*)/)));
        assert.equal(policy['default-src'], "'none'");
        assert.equal(policy['script-src'], "'self'");
        assert.equal(policy['style-src'], "'self'");
        assert.equal(policy['connect-src'], "'self'");
        assert.equal(policy['frame-ancestors'], "'none'");
        assert.equal(policy['base-uri'], "'none'");
        assert.equal(policy['form-action'], "'self'");
        assert.match(headers['permissions-policy'], /geolocation=\(\)/);
        assert.ok(headers['referrer-policy']);
    });

    test('files whose names change with what is in them are kept for good', async () => {
        for (const path of assets) {
            assert.match(path, /-[\w-]{8}\.(js|css|svg)$/);
            const { status, headers } = await get(path);
            assert.equal(status, 200);
            assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
        }
    });

    test('compressed as well as can be, in advance', async () => {
        for (const path of assets) {
            const plain = await get(path);
            if (plain.body.length < 1024) continue;
            const zipped = await get(path, { 'accept-encoding': 'gzip' });
            assert.equal(zipped.headers['content-encoding'], 'gzip', path);
            assert.match(zipped.headers.vary, /accept-encoding/i);
            assert.deepEqual(gunzipSync(zipped.body), plain.body);
            // nginx's own, of level 1, would be longer.
            assert.ok(zipped.headers['content-length'] > 0, 'it was there already');
            if (!hasBrotli) continue;
            const better = await get(path, { 'accept-encoding': 'gzip, br' });
            assert.equal(better.headers['content-encoding'], 'br', path);
            assert.deepEqual(brotliDecompressSync(better.body), plain.body);
        }
    });

    test('the licences of the packages in it stand beside it', async () => {
        for (const [path, names] of [
            ['licenses.txt', ['preact', '@urql/core', '@urql/exchange-graphcache', 'wonka']],
            ['graphiql/licenses.txt', ['graphiql', 'react', 'monaco-editor', 'react-aria']],
        ]) {
            const { status, headers, body } = await get(path);
            assert.equal(status, 200, path);
            assert.equal(headers['content-type'], 'text/plain; charset=utf-8', path);
            for (const name of names) assert.ok(body.includes(`\n## ${name} - `), `${path}: ${name}`);
        }
        const { body } = await get('graphiql/licenses.txt');
        assert.ok(body.includes('\n## Within monaco-editor\n'));
    });

    test('what is not for readers is not there', async () => {
        for (const path of [
            'persisted-documents.json',
            '.stamp',
            'assets/',
            'assets/nothing.js',
            'index.html.gz',
            'assets/../persisted-documents.json',
            ...assets.filter((one) => one.endsWith('.js')).map((one) => `${one}.map`),
        ])
            assert.equal((await get(path)).status, 404, path);
    });

    test('HEAD is like GET without a body, and nothing can be written', async () => {
        const { status, headers, body } = await get('', html, 'HEAD');
        assert.deepEqual([status, body.length], [200, 0]);
        assert.equal(headers['content-type'], 'text/html; charset=utf-8');
        for (const method of ['PUT', 'DELETE']) assert.equal((await get('', {}, method)).status, 405, method);
    });

    browse('the front page is small: its scripts have less than 60 kB, and it is one GraphQL request', async (person) => {
        const { page } = person;
        const scripts = [];
        page.on('response', (response) => {
            if (response.request().resourceType() === 'script') scripts.push(response.url());
        });
        await person.visit();
        await rows(page).nth(29).waitFor();
        await page.waitForLoadState('networkidle');
        let bytes = 0;
        for (const one of scripts) bytes += (await get(one, { 'accept-encoding': 'gzip' })).body.length;
        assert.ok(bytes > 1000 && bytes < 60_000, `${bytes} bytes`);
        assert.equal(person.operations().length, 1);
    });

    browse('the largest element of a list is the title of a link, and nothing moves', async ({ page, visit }) => {
        await page.addInitScript(() => {
            window.seen = { largest: null, shift: 0 };
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.seen.largest = entry.element?.className ?? null;
            }).observe({ type: 'largest-contentful-paint', buffered: true });
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.seen.shift += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
        });
        // (Other tests post links with short titles, which are on top of the other lists.)
        await visit('best');
        await rows(page).nth(29).waitFor();
        await page.waitForLoadState('networkidle');
        await page.waitForFunction(() => window.seen.largest !== null);
        const { largest, shift } = await page.evaluate(() => window.seen);
        assert.match(largest, /\btitle\b/);
        assert.ok(shift < 0.05, `layout shifts of ${shift}`);
    });
});
