// apache_pages.test.mjs - what browsers get from Apache: as from nginx (pages.test.mjs), three ways.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { ask, built, ports, send } from './lib/apache.mjs';
import { browserAccept, hidden, script } from './lib/pages.mjs';

const HTML_TYPE = 'text/html; charset=utf-8';
const see = (way, path, { headers, ...options } = {}) =>
    send(path, { method: 'GET', headers: { accept: browserAccept, ...headers }, port: ports[way], ...options });

function assertPage(answer, status, title) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers['content-type'], HTML_TYPE);
    assert.match(answer.text, new RegExp(`<title>${title}</title>`));
    assert.match(answer.headers['content-security-policy'], /^default-src 'none'; .*frame-ancestors 'none'$/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['referrer-policy'], 'same-origin');
    assert.match(answer.headers['permissions-policy'], /camera/);
    assert.equal(answer.headers['cache-control'], 'no-cache');
}

function assertRefusal(answer, status, code) {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(answer.json.errors[0].extensions.code, code);
}

for (const way of ['cgi', 'proxy', 'fcgid', 'bare'])
    suite(`the pages of Linnet (${way})`, () => {
        // The server of the tests has no GraphiQL; the program has.
        const title = ['cgi', 'fcgid'].includes(way) ? 'GraphiQL' : 'Linnet';
        test('the endpoint', async () => {
            assertPage(await see(way, '/graphql'), 200, title);
            const slash = await see(way, '/graphql/');
            assert.deepEqual([slash.status, slash.headers.location], [302, '../graphql']);
            const head = await see(way, '/graphql', { method: 'HEAD' });
            assert.deepEqual([head.status, head.headers['content-type'], head.body.length], [200, HTML_TYPE, 0]);
            assert.deepEqual((await see(way, '/graphql?query=%7B__typename%7D')).json, { data: { __typename: 'Query' } });
        });
        test('a public answer, and 304 to who has it', async () => {
            const path = '/graphql?query=%7Blink(id:910011)%7Bid%7D%7D';
            const get = (headers, method = 'GET') => see(way, path, { method, headers: { accept: 'application/json', ...headers } });
            const first = await get();
            assert.deepEqual([first.status, first.text], [200, '{"data":{"link":{"id":"910011"}}}']);
            assert.equal(first.headers['cache-control'], 'public, max-age=5, stale-while-revalidate=60, stale-if-error=60');
            for (const name of ['accept', 'authorization', 'linnet-cookies', 'origin']) assert.ok(first.headers.vary.toLowerCase().includes(name));
            const again = await get({ 'if-none-match': first.headers.etag });
            assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, first.headers.etag]);
            const changed = await get({ 'if-none-match': '"other"' });
            assert.deepEqual([changed.status, changed.text], [200, first.text]);
            const head = await get({}, 'HEAD');
            assert.deepEqual([head.status, head.body.length, head.headers.etag], [200, 0, first.headers.etag]);
            const own = await get({ authorization: 'JWT nonsense' });
            assert.deepEqual([own.headers['cache-control'], own.headers.etag], ['private, no-store', undefined]);
        });
        test('what nobody has', async () => {
            for (const path of ['/nowhere', '/nowhere/at/all', '/.env', '/%3Cb%3E', '/assets/', '/graphiql/', '/cgi-bin/'])  {
                const answer = await see(way, path);
                assertPage(answer, 404, 'There is nothing here');
                assert.match(answer.text, /The API is at \/graphql\./);
                assert.doesNotMatch(answer.text, /Apache|<b>/);
                assertRefusal(await see(way, path, { headers: { accept: '*/*' } }), 404, 'NOT_FOUND');
            }
        });
        test('what follows the endpoint', async () => assertPage(await see(way, '/graphql/nowhere'), 404, 'There is nothing here'));
        test(`/ (${way})`, async () => {
            const hasSite = ['proxy', 'fcgid'].includes(way);
            assertPage(await see(way, '/'), 200, hasSite ? 'The site' : 'Linnet');
            if (!hasSite) assert.equal((await see(way, '/', { headers: { accept: '*/*' } })).json.endpoint, '/graphql');
            if (!hasSite) assertRefusal(await see(way, '/', { method: 'POST' }), 404, 'NOT_FOUND');
        });
    });

suite('without a worker', () => {
    test('that is said in JSON', async () => {
        for (const path of ['/', '/graphql']) {
            const answer = await see('away', path, { headers: { origin: 'https://good.example' } });
            assertRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
            assert.equal(answer.headers['access-control-allow-origin'], 'https://good.example');
            assert.equal(answer.headers['retry-after'], '1');
        }
    });
    test("and elsewhere it is Apache's own page", async () => {
        const { status, headers, text } = await see('away', '/nowhere');
        assert.equal(status, 404);
        assert.match(headers['content-type'], /^text\/html/);
        assert.match(text, /^<!DOCTYPE HTML/);
    });
});

suite('another application of the host', () => {
    test('keeps its own pages of errors', async () => {
        const { status, headers, text } = await see('cgi', '/other/nowhere', { headers: { origin: 'https://good.example' } });
        assert.equal(status, 404);
        assert.match(text, /Another application/);
        assert.match(headers['content-type'], /^text\/html/);
        assert.equal(headers['access-control-allow-origin'], undefined);
    });
});

for (const way of ['proxy', 'fcgid'])
    suite(`the files that were built (${way})`, () => {
        test("the site's page at each of its addresses", async () => {
            for (const name of ['', 'newest', 'best', 'search?q=linnet', 'submit', 'login', 'signup', 'item?id=7', 'edit?id=7', 'user?id=ada', 'sessions'])
                assertPage(await see(way, `/${name}`), 200, 'The site');
            for (const name of ['newest/', 'newestx', 'item/', 'index.html']) assert.equal((await see(way, `/${name}`)).status, 404, name);
            const { headers } = await see(way, '/');
            assert.equal((await see(way, '/', { headers: { 'if-none-match': headers.etag } })).status, 304);
        });
        for (const [base, folder] of [
            ['', built.SITE],
            ['/graphiql', built.GRAPHIQL],
        ]) {
            test(`files that keep for ever, compressed or not (${base}/assets)`, async () => {
                const path = `${base}/assets/index-Ab_1-2.js`;
                for (const [accepted, coding, decode] of [
                    [undefined, undefined, (bytes) => bytes],
                    ['gzip', 'gzip', gunzipSync],
                    ['gzip, deflate, br', 'br', brotliDecompressSync],
                ]) {
                    const answer = await see(way, path, { headers: accepted ? { 'accept-encoding': accepted } : {} });
                    assert.equal(answer.status, 200);
                    assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
                    assert.equal(answer.headers['content-encoding'], coding);
                    assert.equal(answer.headers['content-language'], undefined);
                    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
                    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
                    assert.match(answer.headers.vary, /accept-encoding/i);
                    assert.equal(decode(answer.body).toString(), script);
                    if (coding) assert.deepEqual(answer.body, readFileSync(`${folder}/assets/index-Ab_1-2.js.${coding === 'br' ? 'br' : 'gz'}`));
                }
                assert.equal((await see(way, `${base}/assets/index-Cd34.css`)).headers['content-type'], 'text/css; charset=utf-8');
            });
            test(`and nothing else (${base}/)`, async () => {
                const compressed = ['assets/index-Ab_1-2.js.gz', 'assets/index-Ab_1-2.js.br', 'index.html.gz'];
                const around = ['assets/../persisted-documents.json', 'assets/%2e%2e/.env', 'assets//../.env', 'assets/..%2f.env', 'assets/index-Ab_1-2.js/'];
                for (const name of [...hidden, ...compressed, ...around, 'index.html', 'assets']) {
                    const answer = await see(way, `${base}/${name}`);
                    assert.ok([404, 400].includes(answer.status), `${name}: ${answer.status}`);
                    assert.doesNotMatch(answer.text, /hidden|Apache/);
                }
            });
        }
        test('have conditions that are refused, without a page of its own', async () => {
            const path = '/assets/index-Ab_1-2.js';
            const { status, body } = await see(way, path, { headers: { 'if-match': '"another"' } });
            assert.deepEqual([status, body.length], [412, 0]);
            assertRefusal(await see(way, path, { headers: { range: 'bytes=99999999-' } }), 416, 'BAD_REQUEST');
        });
        test('are for reading', async () => {
            for (const path of ['/newest', '/assets/index-Ab_1-2.js']) assertPage(await see(way, path, { method: 'POST' }), 404, 'There is nothing here');
        });
    });

suite('a folder of a shared host, with a .htaccess', () => {
    test('has the site, and the API beside it', async () => {
        for (const name of ['', 'newest', 'item?id=7']) {
            const answer = await see('cgi', `/news/${name}`);
            assert.equal(answer.status, 200);
            assert.match(answer.text, /<title>The site</);
        }
        assert.equal((await see('cgi', '/news/assets/index-Ab_1-2.js')).body.toString(), script);
        const answer = await ask('/news/graphql', '{ __typename }');
        assert.deepEqual(answer.json, { data: { __typename: 'Query' } });
        for (const name of ['persisted-documents.json', 'nowhere']) assertPage(await see('cgi', `/news/${name}`), 404, 'There is nothing here');
    });
});
