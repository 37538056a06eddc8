// pages_refused.test.mjs - what is refused of the files that browsers load, and a page of GraphiQL
// that is no file.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { patience } from './lib/environment.mjs';
import { startNginx } from './lib/nginx.mjs';
import { browserAccept, makeBuild } from './lib/pages.mjs';
import { serve, until } from './lib/processes.mjs';

const site = makeBuild('The site');
const graphiql = makeBuild('GraphiQL');

suite('a file, behind nginx', () => {
    let server, nginx;
    before(async () => {
        server = await serve('--workers', '1');
        nginx = await startNginx({ socket: server.socket, site, graphiql });
    });
    after(async () => {
        await nginx.stop();
        await server.stop();
    });

    const page = '/newest', script = '/assets/index-Ab_1-2.js';
    const longAgo = 'Sat, 01 Jan 2000 00:00:00 GMT';
    for (const [path, what, line, status, message, allow] of [
        [page, 'is not written to', 'POST', 405, 'Only GET and HEAD are supported here.', 'GET, HEAD'],
        [script, 'is not written to', 'POST', 405, 'Only GET and HEAD are supported here.', 'GET, HEAD'],
        ['/graphql', 'is none where the API is', 'TRACE', 405, 'Only GET, HEAD and POST are supported.', 'GET, HEAD, POST'],
        [page, 'is another one than was meant', 'If-Match: "another"', 412, 'The file is not as the request demands.'],
        [script, 'is another one than was meant', 'If-Match: "another"', 412, 'The file is not as the request demands.'],
        [script, 'has changed', `If-Unmodified-Since: ${longAgo}`, 412, 'The file is not as the request demands.'],
        [`/graphiql${script}`, 'is shorter', 'Range: bytes=99999999-', 416, 'There is no such range.'],
    ])
        test(`${what}: ${path}, ${line}`, async () => {
            const isMethod = /^[A-Z]+$/.test(line);
            const lines = [`${isMethod ? line : 'GET'} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'];
            const answer = await nginx.raw([...lines, isMethod ? 'Content-Length: 0' : line, '', ''].join('\r\n'));
            const headers = Object.fromEntries(answer.headers);
            assert.equal(answer.status, status, answer.body);
            assert.match(headers['content-type'], /^application\/json/);
            const [error] = JSON.parse(answer.body).errors;
            assert.deepEqual([error.message, error.extensions.code], [message, 'BAD_REQUEST']);
            assert.equal(headers['x-request-id'], error.extensions.requestId);
            assert.equal(headers.allow, allow);
        });
});

test('a page of GraphiQL that is a named pipe holds nobody', async () => {
    const folder = mkdtempSync(`${tmpdir()}/linnet-pages-refused.`);
    const page = `${folder}/index.html`;
    writeFileSync(page, '<title>First</title>');
    const server = await serve('--workers', '1', '--graphiql-page', page);
    const title = async () => {
        const { text } = await server.request({ body: '', parameters: { REQUEST_METHOD: 'GET', SCRIPT_NAME: '/graphql', HTTP_ACCEPT: browserAccept } });
        return /<title>(.*)<\/title>/.exec(text)[1];
    };
    assert.equal(await title(), 'First');
    rmSync(page);
    execFileSync('mkfifo', [page]); // which nobody writes to
    process.kill(server.pid, 'SIGHUP');
    await until(async () => (await title()) === 'Linnet', 10000 * patience, 'GraphiQL is not there');
    assert.match(server.log, /there is no GraphiQL: .*index\.html: is not a file\./);
    await server.stop();
    rmSync(folder, { recursive: true });
});
