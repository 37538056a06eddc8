// servers.mjs - servers of their own for tests of the browser: without a site, with made-up values,
// under a prefix, over https.
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

import { program, root } from '../../http/lib/environment.mjs';

export const freePort = () =>
    new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });

// Also what a hook has started ends with the file.
const ends = [];
after(() => ends.forEach((end) => end()));

// An ./up of one's own, with those options and settings; the address of its folder.
export async function startUp(options, settings = {}) {
    const folder = mkdtempSync(`${tmpdir()}/linnet-browser.`);
    const port = await freePort();
    // Without what the tests' own server was started with.
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
    const env = { ...inherited, ...settings };
    ends.push(() => {
        spawnSync(`${root}/down`, ['--purge', '--state', `${folder}/state`], { env });
        rmSync(folder, { recursive: true, force: true });
    });
    execFileSync(
        `${root}/up`,
        ['--detach', '--port', String(port), '--state', `${folder}/state`, '--program', program, ...options],
        { env, stdio: 'pipe' },
    );
    return `http://127.0.0.1:${port}/`;
}

// A proxy that has the server under a prefix, as one with several applications does.
export async function startProxy(target, prefix) {
    const proxy = http.createServer((request, response) => {
        if (!request.url.startsWith(prefix)) {
            response.writeHead(404, { 'content-type': 'text/plain' }).end('another application');
            return;
        }
        const { method, headers } = request;
        const path = request.url.slice(prefix.length - 1);
        const passed = http.request(target, { method, path, headers }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        passed.on('error', () => response.destroy());
        request.pipe(passed);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    ends.push(() => proxy.close().closeAllConnections());
    return `http://127.0.0.1:${proxy.address().port}${prefix}`;
}
