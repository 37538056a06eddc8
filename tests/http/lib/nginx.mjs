// nginx.mjs - an nginx of one's own, with the shipped configuration: in front of a socket that a
// test chooses, with origins that it chooses, and with lines that it changes.
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

import { patience, root } from './environment.mjs';
import { childrenOf, until } from './processes.mjs';

const program = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find(existsSync) ?? 'nginx';
const brotli = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';
export const hasBrotli = existsSync(brotli);
const running = new Set();
after(() => Promise.all([...running].map((server) => server.stop())));

function freePort() {
    return new Promise((resolve) => {
        const probe = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

// The file with its words filled in, without the parts that have none, and with other edits.
function fill(name, words, edits) {
    let text = readFileSync(`${root}/nginx/${name}.in`, 'utf8')
        .replace(/^ *# begin (\w+)[^]*?# end \1\n/gm, (part, word) => (words.parts.includes(word) ? part : ''))
        .replace(/@([A-Z]+)@/g, (whole, word) => words[word] ?? whole);
    for (const [from, to] of edits) {
        if (typeof from === 'string' && !text.includes(from)) throw new Error(`${name} has no "${from}"`);
        text = text.replace(from, to);
    }
    return text;
}

// A certificate for localhost that nobody has signed, and its key, in the folder.
function makeCertificate(folder) {
    const [key, certificate] = [`${folder}/tls.key`, `${folder}/tls.pem`];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:*.localhost'];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    return `ssl_certificate ${certificate}; ssl_certificate_key ${key};`;
}

// `origins`: lines of `linnet print origins`.  `edits`: [from, to] in linnet.conf.  `isSecure`: it
// speaks https, with a certificate of its own.  `site`, `graphiql`: folders that were built.  `hosts`:
// what `linnet print hosts` says.
export async function startNginx({ socket, origins = '', edits = [], isSecure = false, site = '', graphiql = '', hosts = '' }) {
    const folder = mkdtempSync(`${tmpdir()}/linnet-nginx.`);
    const port = await freePort();
    const words = {
        STATE: folder,
        USER: process.getuid() === 0 ? 'user root;' : '',
        LISTEN: `127.0.0.1:${port}${isSecure ? ' ssl' : ''}`,
        SOCKET: socket,
        LOG: `${folder}/log/access.log`,
        CACHE: `${folder}/nginx/cache`,
        ORIGINS: origins,
        SITE: site,
        GRAPHIQL: graphiql,
        BROTLI: hasBrotli ? brotli : '',
        parts: [
            site ? 'site' : 'root',
            ...(graphiql ? ['graphiql'] : []),
            ...(hosts ? ['hosts'] : []),
            ...(hasBrotli ? ['brotli'] : []),
        ],
    };
    const names = `server_name ${hosts || '_'};`;
    const pages = [['server_name _;', names], ...(hasBrotli ? [[/# brotli_static on/g, 'brotli_static on']] : [])];
    const tls = isSecure ? [[names, `${names} ${makeCertificate(folder)}`]] : [];
    mkdirSync(`${folder}/nginx`);
    mkdirSync(`${folder}/log`);
    // All that it has to say, so that a test sees what it should not say.
    const main = [['log/nginx.log warn', 'log/nginx.log info']];
    writeFileSync(`${folder}/nginx/nginx.conf`, fill('nginx.conf', words, main));
    writeFileSync(`${folder}/nginx/linnet.conf`, fill('linnet.conf', words, [...pages, ...tls, ...edits]));
    const child = spawn(
        program,
        ['-p', `${folder}/nginx/`, '-e', `${folder}/log/nginx.log`, '-c', `${folder}/nginx/nginx.conf`, '-g', 'daemon off;'],
        { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const exited = new Promise((resolve) => child.on('exit', resolve));
    const server = {
        port,
        folder,
        workers: () => childrenOf(child.pid),
        errorLog: () => readFileSync(`${folder}/log/nginx.log`, 'utf8'),
        accessLog: () =>
            readFileSync(`${folder}/log/access.log`, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
        async stop() {
            child.kill('SIGTERM');
            await exited;
            running.delete(server);
            rmSync(folder, { recursive: true, force: true });
        },
        // Writes bytes as they are, and reads an answer, or until nginx closes.
        raw: (text) => exchange(port, text),
    };
    running.add(server);
    await until(() => existsSync(`${folder}/nginx/nginx.pid`), 5000 * patience, 'nginx runs');
    return server;
}

function exchange(port, text) {
    return new Promise((resolve, reject) => {
        const pieces = [];
        const socket = net.connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')));
        socket.setTimeout(20000, () => socket.destroy(new Error('nginx keeps the connection open')));
        socket.on('data', (piece) => {
            pieces.push(piece);
            // After a refusal nginx still reads what it has not read of the request.
            if (isComplete(parse(pieces))) socket.destroy();
        });
        socket.on('error', (error) => (pieces.length > 0 ? resolve(parse(pieces)) : reject(error)));
        socket.on('close', () => resolve(parse(pieces)));
    });
}

function isComplete({ headers, body }) {
    const length = headers.find(([name]) => name === 'content-length');
    return length !== undefined && body.length >= Number(length[1]);
}

// The status, the headers as [name, value] in lower case, and the body.
function parse(pieces) {
    const text = Buffer.concat(pieces).toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    const [line, ...lines] = text.slice(0, end).split('\r\n');
    const headers = lines.map((one) => {
        const colon = one.indexOf(':');
        return [one.slice(0, colon).toLowerCase(), one.slice(colon + 1).trim()];
    });
    return { status: Number(line.split(' ')[1]), headers, body: text.slice(end + 4) };
}
