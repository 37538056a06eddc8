// pages.test.mjs - what browsers get: GraphiQL or a small page at the endpoint, the page that says
// where the API is, the files of a site; and by which names all of it may be asked for.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { GRAPHQL_TYPE, JSON_TYPE, makeAnswer } from './lib/client.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { patience, program, state } from './lib/environment.mjs';
import { hasBrotli, startNginx } from './lib/nginx.mjs';
import { browserAccept, hidden, makeBuild, script } from './lib/pages.mjs';
import { mock, serve, until } from './lib/processes.mjs';

const HTML_TYPE = 'text/html; charset=utf-8';
const site = makeBuild('The site');
const graphiql = makeBuild('GraphiQL');
const page = `${graphiql}/index.html`;
const folder = mkdtempSync(`${tmpdir()}/linnet-pages-test.`);
after(() => rmSync(folder, { recursive: true }));

const printHosts = (...options) =>
    execFileSync(program, ['print', 'hosts', '--config', `${state}/linnet.conf`, ...options], { encoding: 'utf8', env: { PATH: process.env.PATH } }).trim();

// Asks a server on a port of this machine; as a browser does, unless the headers say otherwise.
function get(port, path, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
        const all = Object.entries({ accept: browserAccept, ...headers }).filter(([, value]) => value !== undefined);
        const outgoing = http.request({ host: '127.0.0.1', port, path, method, agent: false, headers: Object.fromEntries(all) }, (incoming) => {
            const pieces = [];
            incoming.on('data', (piece) => pieces.push(piece));
            incoming.on('end', () => resolve(makeAnswer(incoming.statusCode, incoming.headers, Buffer.concat(pieces))));
        });
        outgoing.on('error', reject);
        outgoing.end(body);
    });
}

// What Content-Security-Policy says, as { directive: [sources] }.
const policyOf = (answer) =>
    Object.fromEntries(
        answer.headers['content-security-policy'].split(';').map((directive) => {
            const [name, ...sources] = directive.trim().split(' ');
            return [name, sources];
        }),
    );

function assertPage(answer, status, title) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers['content-type'], HTML_TYPE);
    assert.match(answer.text, new RegExp(`<title>${title}</title>`));
    const policy = policyOf(answer);
    assert.deepEqual(policy['default-src'], ["'none'"]);
    for (const directive of ['base-uri', 'frame-ancestors']) assert.deepEqual(policy[directive], ["'none'"]);
    assert.ok(!policy['script-src'] || policy['script-src'].join() === "'self'");
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['referrer-policy'], 'same-origin');
    assert.match(answer.headers['permissions-policy'], /camera=\(\)/);
    assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(answer.headers['cache-control'], 'no-cache');
}

// A small page of our own: no script, and a policy that allows just its style.
function assertSmallPage(answer, status, title) {
    assertPage(answer, status, title);
    assert.doesNotMatch(answer.text, /<script/);
    const style = /<style>([^]*)<\/style>/.exec(answer.text)[1];
    const hash = createHash('sha256').update(style).digest('base64');
    assert.deepEqual(policyOf(answer)['style-src'], [`'sha256-${hash}'`], 'the hash in src/page/page.c');
    assert.match(answer.headers.vary, /Accept, Origin/);
}

function assertGraphiql(answer, base = 'graphiql') {
    assertPage(answer, 200, 'GraphiQL');
    const addresses = [...answer.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    assert.deepEqual(addresses, ['favicon.svg', 'assets/index-Ab_1-2.js', 'assets/index-Cd34.css'].map((name) => `${base}/${name}`));
    assert.match(answer.text, /No \.\/scripts/);
    assert.match(answer.headers.vary, /Accept, Origin/);
}

const assertRefusal = (answer, status, code) => {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers['content-type'], /^application\/(json|graphql-response\+json)/);
    assert.equal(answer.json.errors[0].extensions.code, code);
};

// The server by FastCGI, as if nginx had passed on a browser's GET.
const ask = (server, parameters = {}, method = 'GET') =>
    server.request({ body: '', parameters: { REQUEST_METHOD: method, SCRIPT_NAME: '/graphql', HTTP_ACCEPT: browserAccept, ...parameters } });

suite('behind nginx', () => {
    let server, nginx;
    before(async () => {
        server = await serve('--workers', '1', '--graphiql-page', page, '--hosts', 'linnet.test [fd00::1]');
        nginx = await startNginx({ socket: server.socket, site, graphiql, hosts: printHosts('--hosts', 'linnet.test [fd00::1]') });
    });
    after(async () => {
        await nginx.stop();
        await server.stop();
    });
    const see = (path, options) => get(nginx.port, path, options);

    suite('the endpoint', () => {
        test('is GraphiQL for a browser', async () => {
            const answer = await see('/graphql');
            assertGraphiql(answer);
            assert.deepEqual(policyOf(answer)['worker-src'], ["'self'"]);
            assert.deepEqual(policyOf(answer)['connect-src'], ["'self'"]);
            assert.deepEqual(policyOf(answer)['style-src'], ["'self'"]);
        });

        test('and its HEAD', async () => {
            const answer = await see('/graphql', { method: 'HEAD' });
            assert.equal(answer.status, 200);
            assert.equal(answer.headers['content-type'], HTML_TYPE);
            assert.ok(answer.headers['content-security-policy']);
            assert.equal(answer.body.length, 0);
        });

        test('also when a page of another site leads there, which cannot read it', async () => {
            const headers = { 'sec-fetch-site': 'cross-site', referer: 'https://other.example/' };
            assertGraphiql(await see('/graphql?utm_source=other', { headers }));
            const answer = await see('/graphql', { headers: { ...headers, origin: 'https://other.example' } });
            assert.equal(answer.headers['access-control-allow-origin'], undefined);
        });

        for (const accept of ['*/*', JSON_TYPE, GRAPHQL_TYPE, `text/html, ${JSON_TYPE}`, `text/html;q=0.9, ${GRAPHQL_TYPE}`, 'text/html;q=0, */*', undefined])
            test(`is the API for ${accept}`, async () => assertRefusal(await see('/graphql', { headers: { accept } }), 400, 'BAD_REQUEST'));

        for (const accept of ['text/html', 'text/*', 'TEXT/HTML;charset=utf-8', `text/html, ${JSON_TYPE};q=0.9`, 'text/html, */*', 'image/png, text/html;q=0.1'])
            test(`is a page for ${accept}`, async () => assertGraphiql(await see('/graphql', { headers: { accept } })));

        for (const query of ['query=%7B__typename%7D', 'variables=%7B%7D&query=%7B__typename%7D'])
            test(`executes an operation in the address: ?${query}`, async () => {
                const answer = await see(`/graphql?${query}`);
                assert.deepEqual(answer.json, { data: { __typename: 'Query' } });
                assertRefusal(await see(`/graphql?${query}`, { headers: { accept: 'text/html' } }), 406, 'BAD_REQUEST');
                assertRefusal(await see(`/graphql?${query}`, { headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'FORBIDDEN');
            });

        test('has what is broken in the address refused', async () => assertRefusal(await see('/graphql?query=%zz'), 400, 'BAD_REQUEST'));
        for (const query of ['query=', 'x=y', '&&'])
            test(`is a page where the address has no operation: ?${query}`, async () => assertGraphiql(await see(`/graphql?${query}`)));

        test('with a slash leads to itself without, so that relative addresses work', async () => {
            for (const method of ['GET', 'HEAD']) {
                const answer = await see('/graphql/?a=b', { method });
                assert.equal(answer.status, 302);
                assert.equal(answer.headers.location, '../graphql');
            }
            const body = JSON.stringify({ query: '{ __typename }' });
            const answer = await see('/graphql/', { method: 'POST', body, headers: { 'content-type': JSON_TYPE, 'content-length': body.length } });
            assert.deepEqual(answer.json, { data: { __typename: 'Query' } });
        });
    });

    suite('what nobody has', () => {
        test('is a page for a browser', async () => {
            for (const path of ['/nowhere', '/graphql/nowhere', '/item/7', '/.env', '/assets/', '/graphiql/', '/graphiql']) {
                const answer = await see(path);
                assertSmallPage(answer, 404, 'There is nothing here');
                assert.match(answer.text, /The API is at \/graphql\./);
                assert.doesNotMatch(answer.text, /nginx/);
            }
        });
        test('is JSON for others', async () => {
            assertRefusal(await see('/nowhere', { headers: { accept: '*/*' } }), 404, 'NOT_FOUND');
            assertRefusal(await see('/favicon.png', { headers: { accept: 'image/avif,image/webp,*/*;q=0.8' } }), 404, 'NOT_FOUND');
            assertRefusal(await see('/nowhere', { method: 'POST' }), 404, 'NOT_FOUND');
        });
        test('says nothing of what was asked', async () => {
            for (const path of ['/%3Cscript%3Ealert(1)%3C/script%3E', '/"onload="x', "/'--><b>", '/graphql%22%3E%3Cb%3E/'])
                assert.doesNotMatch((await see(path)).text, /alert|onload|<b>|%3C/i);
        });
    });

    suite('the site', () => {
        test('has its page at each of its addresses', async () => {
            const names = ['', 'newest', 'best', 'search?q=linnet', 'submit', 'login', 'signup', 'item?id=7', 'edit?id=7', 'user?id=ada', 'sessions', '?after=x'];
            for (const name of names) {
                const answer = await see(`/${name}`);
                assertPage(answer, 200, 'The site');
                const policy = policyOf(answer);
                for (const directive of ['script-src', 'style-src', 'connect-src', 'form-action']) assert.deepEqual(policy[directive], ["'self'"]);
            }
            for (const name of ['newest/', 'newestx', 'xnewest', 'item/', 'index.html', 'Newest'])
                assert.equal((await see(`/${name}`)).status, 404, name);
        });

        test('is asked for again each time, and sent when it has changed', async () => {
            const { headers } = await see('/');
            const again = await see('/', { headers: { 'if-none-match': headers.etag } });
            assert.equal(again.status, 304);
            assert.equal(again.body.length, 0);
            assert.equal(again.headers['cache-control'], 'no-cache');
        });

        for (const [what, base] of [
            ['the site', ''],
            ['GraphiQL', '/graphiql'],
        ]) {
            test(`has files that keep for ever (${what})`, async () => {
                for (const [name, type] of [
                    ['index-Ab_1-2.js', 'text/javascript; charset=utf-8'],
                    ['index-Cd34.css', 'text/css; charset=utf-8'],
                ]) {
                    const answer = await see(`${base}/assets/${name}`);
                    assert.equal(answer.status, 200);
                    assert.equal(answer.headers['content-type'], type);
                    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
                    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
                    assert.equal(answer.headers['content-encoding'], undefined);
                    assert.equal(answer.headers['access-control-allow-origin'], undefined);
                }
                // GraphiQL's icon is among its assets.
                if (!base) assert.equal((await see('/favicon.svg')).headers['content-type'].split(';')[0], 'image/svg+xml');
            });

            test(`sends what was compressed when it was built (${what})`, async () => {
                const path = `${base}/assets/index-Ab_1-2.js`;
                const zipped = await see(path, { headers: { 'accept-encoding': 'gzip' } });
                assert.equal(zipped.headers['content-encoding'], 'gzip');
                assert.equal(zipped.headers.vary, 'Accept-Encoding');
                assert.deepEqual(zipped.body, readFileSync(`${base ? graphiql : site}/assets/index-Ab_1-2.js.gz`));
                assert.equal(gunzipSync(zipped.body).toString(), script);
                const best = await see(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
                assert.equal(best.headers['content-encoding'], hasBrotli ? 'br' : 'gzip');
                if (hasBrotli) assert.equal(brotliDecompressSync(best.body).toString(), script);
            });

            test(`has nothing else (${what})`, async () => {
                const compressed = ['assets/index-Ab_1-2.js.gz', 'assets/index-Ab_1-2.js.br', 'index.html.gz'];
                const around = ['assets/../persisted-documents.json', 'assets/%2e%2e/.env', 'assets//../.env', 'assets/..%2f.env', 'assets/index-Ab_1-2.js/'];
                for (const name of [...hidden, ...compressed, ...around, 'index.html', 'assets']) {
                    const answer = await see(`${base}/${name}`);
                    assert.ok([404, 400].includes(answer.status), `${name}: ${answer.status}`);
                    assert.doesNotMatch(answer.text, /hidden/);
                }
            });
        }

        test('is for reading', async () => {
            for (const path of ['/', '/newest', '/assets/index-Ab_1-2.js']) {
                const answer = await see(path, { method: 'POST' });
                assertRefusal(answer, 405, 'BAD_REQUEST');
                assert.equal(answer.headers.allow, 'GET, HEAD');
                assert.equal(answer.json.errors[0].message, 'Only GET and HEAD are supported here.');
            }
        });

        test('changes nothing of the API', async () => {
            const answer = await see('/graphql?query=%7B__typename%7D', { headers: { accept: JSON_TYPE } });
            assert.equal(answer.headers['content-security-policy'], undefined);
            assert.equal(answer.headers['cache-control'], 'private, no-store');
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
            assert.ok(answer.headers['x-request-id']);
        });
    });

    suite('the names that it is called by, in development', () => {
        const called = (host, path, options = {}) => see(path, { ...options, headers: { ...options.headers, host } });
        const paths = ['/graphql?query=%7B__typename%7D', '/graphql', '/', '/assets/index-Ab_1-2.js', '/nowhere'];
        test('are those of this machine, and what `hosts` adds', async () => {
            for (const name of ['localhost', '127.0.0.1', '[::1]', 'linnet.test', 'LINNET.TEST', 'LocalHost', '[fd00::1]'])
                for (const host of [name, `${name}:${nginx.port}`, `${name}:1`])
                    for (const path of paths) assert.equal((await called(host, path)).status, path === '/nowhere' ? 404 : 200, `${host} ${path}`);
        });
        test('are no others', async () => {
            for (const host of ['evil.example', `evil.example:${nginx.port}`, 'localhost.evil.example', '127.0.0.1.evil.example', 'xlinnet.test', '127.0.0.2', '0.0.0.0', '[::2]', 'linnet', 'test'])
                for (const path of paths) {
                    const answer = await called(host, path, { headers: { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' } });
                    assertRefusal(answer, 421, 'BAD_REQUEST');
                    assert.match(answer.json.errors[0].message, /"hosts"/);
                    assert.equal(answer.headers['x-request-id'], answer.json.errors[0].extensions.requestId);
                    assert.ok(!answer.text.includes('evil'));
                }
        });
        test('nor by the address of the request itself, nor in what is none: nginx has no page of its own', async () => {
            for (const [line, header] of [['GET http://evil.example/'], ['TRACE /'], ['GET /', 'Content-Length: none'], ['GET /', `A: ${'b'.repeat(40000)}`], ['POST /', 'Transfer-Encoding: none']]) {
                const host = line.includes('evil') ? 'localhost' : 'evil.example';
                const { status, body } = await nginx.raw(`${line} HTTP/1.1\r\nHost: ${host}\r\n${header ?? 'A: b'}\r\nConnection: close\r\n\r\n`);
                assert.equal(status, 421, line);
                assert.equal(JSON.parse(body).errors[0].extensions.code, 'BAD_REQUEST');
            }
        });
        test('who names none is no browser', async () => {
            const answer = await nginx.raw('GET /graphql?query=%7B__typename%7D HTTP/1.0\r\n\r\n');
            assert.equal(answer.status, 200);
        });
    });
});

suite('behind nginx, where nothing was built', () => {
    let server, nginx;
    before(async () => {
        server = await serve('--workers', '1');
        nginx = await startNginx({ socket: server.socket });
    });
    after(async () => {
        await nginx.stop();
        await server.stop();
    });

    test('`/` says what this is', async () => {
        const answer = await get(nginx.port, '/');
        assertSmallPage(answer, 200, 'Linnet');
        assert.match(answer.text, /<a href="graphql"><code>\/graphql<\/code>/);
        assert.match(answer.text, /GraphiQL.*has not been built/);
        const head = await get(nginx.port, '/', { method: 'HEAD' });
        assert.deepEqual([head.status, head.headers['content-type'], head.body.length], [200, HTML_TYPE, 0]);
        const json = await get(nginx.port, '/', { headers: { accept: '*/*' } });
        assert.equal(json.status, 200);
        assert.equal(json.headers['content-type'], `${JSON_TYPE}; charset=utf-8`);
        assert.equal(json.json.endpoint, '/graphql');
        assert.equal(json.headers['cache-control'], 'private, no-store');
    });
    test('and takes no operation', async () => {
        assertRefusal(await get(nginx.port, '/', { method: 'POST', body: '{"query":"{ __typename }"}', headers: { 'content-type': JSON_TYPE } }), 404, 'NOT_FOUND');
        assertSmallPage(await get(nginx.port, '/?query=%7B__typename%7D'), 200, 'Linnet');
    });
    test('the endpoint says what it is, too', async () => {
        const answer = await get(nginx.port, '/graphql');
        assertSmallPage(answer, 200, 'Linnet');
        assert.match(answer.text, /This address is its API/);
    });
    test('there are no files', async () => {
        for (const path of ['/newest', '/assets/index-Ab_1-2.js', '/graphiql/assets/index-Ab_1-2.js'])
            assertSmallPage(await get(nginx.port, path), 404, 'There is nothing here');
    });
    test('a site that was removed leaves the page that says where the API is', async () => {
        const other = await startNginx({ socket: server.socket, site: `${folder}/removed`, graphiql: `${folder}/removed` });
        assertSmallPage(await get(other.port, '/'), 200, 'Linnet');
        for (const path of ['/newest', '/newest?query=%7B__typename%7D', '/assets/index-Ab_1-2.js', '/graphiql/assets/index-Ab_1-2.js', '/favicon.svg'])
            assertSmallPage(await get(other.port, path), 404, 'There is nothing here');
        await other.stop();
    });
    test('without a worker it is refused as always', async () => {
        const other = await startNginx({ socket: `${folder}/nobody` });
        for (const path of ['/', '/nowhere', '/graphql']) assertRefusal(await get(other.port, path), 503, 'SERVICE_UNAVAILABLE');
        await other.stop();
    });
});

suite('GraphiQL', () => {
    const started = async (options, run) => {
        const server = await serve('--workers', '1', ...options);
        await run(server);
        await server.stop();
    };
    const production = ['--mode', 'production'];

    test('is off in production, unless it is switched on', async () => {
        await started([...production, '--graphiql-page', page], async (server) => {
            const answer = await ask(server);
            assertSmallPage(answer, 200, 'Linnet');
            assert.doesNotMatch(answer.text, /GraphiQL|development|schema\.graphql/);
        });
        await started([...production, '--graphiql', 'on', '--graphiql-page', page], async (server) => assertGraphiql(await ask(server)));
    });
    test('can be off in development', () =>
        started(['--graphiql', 'off', '--graphiql-page', page], async (server) => {
            const answer = await ask(server);
            assertSmallPage(answer, 200, 'Linnet');
            assert.doesNotMatch(answer.text, /GraphiQL/);
        }));
    test('has its files elsewhere', async () => {
        for (const url of ['/static/graphiql', '/static/graphiql/'])
            await started(['--graphiql-page', page, '--graphiql-url', url], async (server) => assertGraphiql(await ask(server), '/static/graphiql'));
        for (const url of ['static', 'https://cdn.example/', '/a"b', '/<x>', '/a b', '//evil.example\\'])
            await assert.rejects(started(['--graphiql-page', page, '--graphiql-url', url], () => {}), /graphiql_url must be a path/);
    });
    test('has them beside the endpoint that browsers know, where paths are rewritten', async () => {
        for (const [path, base] of [
            ['/api/v1/graphql', '/api/v1/graphiql'],
            ['/api/', '/graphiql'],
        ])
            await started(['--graphiql-page', page, '--cookie-path', path], async (server) => {
                assertGraphiql(await ask(server), base);
                assertGraphiql(await ask(server, { REQUEST_URI: '/graphql/' }), base);
            });
    });
    test('is another one after a reload, and none when its page is gone or too long', async () => {
        const own = `${folder}/own.html`;
        const write = (title) => writeFileSync(own, `<title>${title}</title><script src="./assets/x.js"></script>`);
        write('First');
        await started(['--graphiql-page', own], async (server) => {
            const becomes = async (title) => {
                process.kill(server.pid, 'SIGHUP');
                await until(async () => (await ask(server)).text.includes(`<title>${title}</title>`), 10000 * patience, title);
            };
            assertPage(await ask(server), 200, 'First');
            write('Second');
            assertPage(await ask(server), 200, 'First');
            await becomes('Second');
            writeFileSync(own, ' '.repeat(65537));
            await becomes('Linnet');
            assert.match(server.log, /limit_graphiql_page/);
            rmSync(own);
            await becomes('Linnet');
            await until(() => /there is no GraphiQL: .*own\.html: No such file/.test(server.log), 5000 * patience, 'the reason in the log');
            execFileSync('mkfifo', [own]); // which nobody writes to
            await becomes('Linnet');
            await until(() => /there is no GraphiQL: .*own\.html: is not a file/.test(server.log), 5000 * patience, 'the reason in the log');
            rmSync(own);
            write('Third');
            await becomes('Third');
        });
    });
    test('of mock', async () => {
        const server = await mock('--workers', '1', '--graphiql-page', page);
        assertGraphiql(await ask(server));
        assertSmallPage(await ask(server, { SCRIPT_NAME: '/', LINNET_REFUSAL: '200' }), 200, 'Linnet');
        await server.stop();
    });
});

suite('whatever the web server', () => {
    let server;
    before(async () => {
        server = await serve('--workers', '1', '--graphiql-page', page);
    });
    after(() => server.stop());

    test('what follows the endpoint is not there', async () => {
        for (const path of ['/nowhere', '/live/x', '/graphql/x', '//', '/<b>']) {
            const answer = await ask(server, { SCRIPT_NAME: '/cgi-bin/graphql.cgi', PATH_INFO: path });
            assertSmallPage(answer, 404, 'There is nothing here');
            assert.match(answer.text, /The API is at \/cgi-bin\/graphql\.cgi\./);
            const posted = await server.request({
                body: '{"query":"{ __typename }"}',
                parameters: { SCRIPT_NAME: '/cgi-bin/graphql.cgi', PATH_INFO: path, HTTP_ACCEPT: JSON_TYPE },
            });
            assertRefusal(posted, 404, 'NOT_FOUND');
        }
    });
    test('a server that has one name for all has it in PATH_INFO', async () => {
        assertGraphiql(await ask(server, { SCRIPT_NAME: '', PATH_INFO: '/api/graphql' }));
        const slash = await ask(server, { SCRIPT_NAME: '', PATH_INFO: '/api/graphql/' });
        assert.deepEqual([slash.status, slash.headers.location], [302, '../graphql']);
    });
    test('a slash is found where there is one', async () => {
        for (const [parameters, location] of [
            [{ SCRIPT_NAME: '/graphql/' }, '../graphql'],
            [{ PATH_INFO: '/' }, '../graphql'],
            [{ SCRIPT_NAME: '/cgi-bin/graphql.cgi', PATH_INFO: '/' }, '../graphql.cgi'],
            [{ REQUEST_URI: '/news/graphql/?a/' }, '../graphql'],
            [{ REQUEST_URI: '//evil.example/' }, '../graphql'],
            [{ REQUEST_URI: '/graphql?x=/' }, undefined],
            [{ SCRIPT_NAME: '/' }, undefined],
        ]) {
            const answer = await ask(server, parameters);
            assert.equal(answer.headers.location, location, JSON.stringify(parameters));
            assert.equal(answer.status, location ? 302 : 200);
        }
    });
    test('an address that is none is shown as nothing', async () => {
        for (const name of ['/<script>', '/"x', '/a b', '/é', 'x'])
            for (const parameters of [{ SCRIPT_NAME: name, PATH_INFO: '/x' }, { SCRIPT_NAME: name }]) {
                const answer = await ask(server, parameters);
                assert.ok(!answer.text.includes(name) || name === 'x', name);
                assert.ok(answer.status === 404 ? answer.text.includes('The API is at /graphql.') : answer.status === 200);
            }
    });
    test('by a name that leads here, and is not ours, nothing is answered', async () => {
        const refused = await ask(server, { HTTP_HOST: 'evil.example', HTTP_X_FORWARDED_HOST: 'localhost' });
        assertSmallPage(refused, 421, 'Not by this name');
        for (const parameters of [{ SCRIPT_NAME: '/', LINNET_REFUSAL: '200' }, { LINNET_REFUSAL: '404' }, { PATH_INFO: '/x' }, { SCRIPT_NAME: '/.well-known/jwks.json' }])
            assert.equal((await ask(server, { HTTP_HOST: 'evil.example', ...parameters })).status, 421);
        // Those who ask for health use an address.
        for (const path of ['/live', '/ready']) assert.equal((await ask(server, { HTTP_HOST: '10.1.2.3:8080', SCRIPT_NAME: path })).status, 200);
        const named = await serve('--workers', '1', '--mode', 'production');
        assertSmallPage(await ask(named, { HTTP_HOST: 'any.example' }), 200, 'Linnet');
        await named.stop();
    });
    test('a setting `hosts` is names without ports', async () => {
        for (const hosts of ['linnet.test:8080', '*.test', 'Linnet.test', 'http://linnet.test', '[::1', '[]', '[g::1]', 'a/b', 'a;b', 'a$b'])
            await assert.rejects(serve('--hosts', hosts), /hosts must be names/, hosts);
        assert.equal(printHosts('--mode', 'production', '--hosts', 'linnet.test'), '');
        assert.equal(printHosts('--hosts', 'linnet.test [fe80::1]'), '"" localhost 127.0.0.1 [::1] linnet.test [fe80::1]');
    });
});

suite('plain CGI', () => {
    const cgi = async (environment) =>
        (await plainCgi('', undefined, { environment: { REQUEST_METHOD: 'GET', HTTP_ACCEPT: browserAccept, LINNET_GRAPHIQL_PAGE: page, ...environment } })).answer;
    test('has the same pages', async () => {
        assertGraphiql(await cgi({}));
        assertSmallPage(await cgi({ PATH_INFO: '/nowhere' }), 404, 'There is nothing here');
        assertSmallPage(await cgi({ LINNET_REFUSAL: '200' }), 200, 'Linnet');
        assertSmallPage(await cgi({ HTTP_HOST: 'evil.example' }), 421, 'Not by this name');
        assert.equal((await cgi({ PATH_INFO: '/' })).headers.location, '../graphql');
        assertRefusal(await cgi({ PATH_INFO: '/nowhere', HTTP_ACCEPT: '*/*' }), 404, 'NOT_FOUND');
    });
});
