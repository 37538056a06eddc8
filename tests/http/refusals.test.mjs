// refusals.test.mjs - what nginx refuses itself: in JSON, with a code, and readable by the pages
// that may read Linnet's answers; and what its logs say of it, which is never what a client asked.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { makeUsers } from './lib/accounts.mjs';
import { Session } from './lib/database.mjs';
import { isSanitized, patience, program, state } from './lib/environment.mjs';
import { startNginx } from './lib/nginx.mjs';
import { residentMemory, serve, until } from './lib/processes.mjs';

const good = 'https://good.example',
    evil = 'https://evil.example';
const MiB = 1024 * 1024;

const folder = mkdtempSync(`${tmpdir()}/linnet-refusals.`);
after(() => rmSync(folder, { recursive: true }));

const printOrigins = (...options) =>
    execFileSync(program, ['print', 'origins', '--config', `${state}/linnet.conf`, ...options], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
    });

// A request's head; what follows it is the body.
function head(line, origin, ...headers) {
    const all = ['Host: localhost', 'Connection: close', ...(origin ? [`Origin: ${origin}`] : []), ...headers];
    return `${line}\r\n${all.map((one) => `${one}\r\n`).join('')}\r\n`;
}
const secret = 'canary7f3a';
const address = `/graphql?query=%7B__typename%7D&variables=%7B%22a%22%3A%22${secret}%22%7D`;

// What nginx refuses: the status, the code, and the request with an origin.
const refusals = {
    'two Hosts': [400, 'BAD_REQUEST', (origin) => head(`GET ${address} HTTP/1.1`, origin, 'Host: b')],
    'a header that is too long': [400, 'BAD_REQUEST', (origin) => head(`GET ${address} HTTP/1.1`, origin, `X: ${'x'.repeat(40000)}`)],
    'another address': [404, 'NOT_FOUND', (origin) => head(`GET /nowhere?${secret} HTTP/1.1`, origin)],
    TRACE: [405, 'BAD_REQUEST', (origin) => head(`TRACE ${address} HTTP/1.1`, origin)],
    'a body that is too long': [413, 'LIMIT_EXCEEDED', (origin) => head(`POST ${address} HTTP/1.1`, origin, 'Content-Length: 300000')],
    'an address that is too long': [414, 'BAD_REQUEST', (origin) => head(`GET ${address}${'x'.repeat(40000)} HTTP/1.1`, origin)],
    'an unknown transfer coding': [501, 'BAD_REQUEST', (origin) => head(`POST ${address} HTTP/1.1`, origin, 'Transfer-Encoding: x')],
    'an unknown version': [505, 'BAD_REQUEST', (origin) => head(`GET ${address} HTTP/3.0`, origin)],
};

const values = (answer, name) => answer.headers.filter(([one]) => one === name).map(([, value]) => value);

function assertRefusal(answer, status, code) {
    assert.equal(answer.status, status, answer.body);
    assert.match(values(answer, 'content-type')[0], /^application\/json/);
    const [{ message, extensions }, ...others] = JSON.parse(answer.body).errors;
    assert.equal(others.length, 0);
    assert.ok(message);
    assert.equal(extensions.code, code);
    assert.deepEqual(values(answer, 'x-request-id'), [extensions.requestId]);
    assert.ok(!answer.body.includes(secret));
    if (status === 503 || status === 429) {
        assert.deepEqual(values(answer, 'retry-after'), ['1']);
        assert.equal(extensions.retryAfter, 1);
    }
    if (status === 405) assert.deepEqual(values(answer, 'allow'), ['GET, HEAD, POST']);
}

// Pages of the origin may read it, or may not; it says so once.
function assertReadable(answer, origin) {
    assert.deepEqual(values(answer, 'access-control-allow-origin'), origin ? [origin] : []);
    assert.equal(values(answer, 'access-control-expose-headers').length, origin ? 1 : 0);
    assert.ok(values(answer, 'vary').some((value) => /\borigin\b/i.test(value)));
}

// The status of what a worker would answer depends on whether there is one.
async function assertAll(nginx, hasWorker) {
    for (const [what, [status, code, make]] of Object.entries(refusals)) {
        const isWorkers = [404, 413, 501].includes(status);
        for (const origin of [good, evil, undefined]) {
            const answer = await nginx.raw(make(origin));
            if (isWorkers && !hasWorker) assertRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
            else assertRefusal(answer, status, code);
            // Before the headers are read, nobody knows the page.
            if (status === 414) assertReadable(answer, '*');
            else if (status !== 505) assertReadable(answer, origin === good && good);
            assert.ok(origin !== evil || !answer.headers.flat().includes(evil), what);
        }
    }
}

suite('refusals, where a worker is there', () => {
    let server, nginx;
    before(async () => {
        server = await serve('--workers', '1', '--mode', 'production', '--origins', `${good} http://[::1]:3000`);
        nginx = await startNginx({
            socket: server.socket,
            origins: printOrigins('--mode', 'production', '--origins', good),
        });
    });
    after(() => server.stop());

    test('can be read by the pages that may', () => assertAll(nginx, true));

    test('those of a worker need no origins in the configuration of nginx', async () => {
        const other = await startNginx({ socket: server.socket });
        for (const what of ['another address', 'a body that is too long', 'an unknown transfer coding']) {
            const [status, code, make] = refusals[what];
            const answer = await other.raw(make(good));
            assertRefusal(answer, status, code);
            assertReadable(answer, good);
        }
        await other.stop();
    });

    test('the bound of a body is what the worker has', async () => {
        const answer = await nginx.raw(refusals['a body that is too long'][2](good));
        const { limit, maximum } = JSON.parse(answer.body).errors[0].extensions;
        assert.deepEqual([limit, maximum], ['body', 262144]);
    });

    test('a worker answers whether a page may send its request', async () => {
        const answer = await nginx.raw(
            head('OPTIONS /graphql HTTP/1.1', good, 'Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: traceparent,x-unknown'),
        );
        assert.equal(answer.status, 204);
        assert.deepEqual(values(answer, 'access-control-allow-origin'), [good]);
        assert.equal(values(answer, 'access-control-allow-methods').length, 1);
        assert.match(values(answer, 'access-control-allow-headers').join(), /Traceparent$/);
        assert.deepEqual(values(answer, 'access-control-expose-headers'), []);
    });

    test('a client cannot make one up', async () => {
        const answer = await nginx.raw(head('GET /graphql?query=%7B__typename%7D HTTP/1.1', good, 'Linnet-Refusal: 404', 'LINNET_REFUSAL: 404'));
        assert.equal(answer.status, 200, answer.body);
        assertReadable(answer, good);
    });

    // Clients that have begun a request, and do not go on.
    function hold(port, count, ...headers) {
        return Array.from({ length: count }, () => {
            const socket = net.connect(port, '127.0.0.1');
            socket.on('error', () => {});
            socket.write(head('POST /graphql HTTP/1.1', good, 'Content-Type: application/json', 'Content-Length: 100', ...headers));
            return socket;
        });
    }

    test('429: more connections of one client than it may have', async () => {
        const held = hold(nginx.port, 138);
        const ask = (origin) => nginx.raw(head(`GET ${address} HTTP/1.1`, origin));
        let refused = 0;
        held.forEach((socket) => socket.once('data', () => refused++));
        await until(() => refused === 10, 5000 * patience, 'ten are refused, and the others wait');
        for (const origin of [good, evil]) {
            const answer = await ask(origin);
            assertRefusal(answer, 429, 'RATE_LIMITED');
            assertReadable(answer, origin === good && good);
        }
        await assertAsked(nginx);
        held.forEach((socket) => socket.destroy());
        await until(async () => (await ask(good)).status === 200, 5000 * patience, 'no refusal');
    });

    test('a client that has a network of IPv6 is one client', async () => {
        const behind = await startNginx({
            socket: server.socket,
            edits: [
                ['server_name _;', 'server_name _; set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;'],
                ['limit_conn linnet_clients 128', 'limit_conn linnet_clients 3'],
            ],
        });
        const ask = async (from) => (await behind.raw(head(`GET ${address} HTTP/1.1`, good, `X-Real-IP: ${from}`))).status;
        const within = ['::1', '::2', ':ffff::1', ':3:4:5:6', ':a::b', ':c:0:0:d', '::e:f'];
        const held = within.flatMap((rest) => hold(behind.port, 1, `X-Real-IP: 2001:db8:1:2${rest}`));
        let refused = 0;
        held.forEach((socket) => socket.once('data', () => refused++));
        await until(() => refused === 4, 5000 * patience, 'four are refused, and three wait');
        assert.equal(await ask('2001:db8:1:2:8::9'), 429);
        for (const from of ['2001:db8:1:3::1', '2001:db8::1', '192.0.2.1', '::ffff:192.0.2.2', '::1'])
            assert.equal(await ask(from), 200, from);
        held.forEach((socket) => socket.destroy());
        await behind.stop();
    });
});

// Before a page's request its browser asks whether it may be sent: it may, so that the page sees
// that it is refused.
async function assertAsked(nginx) {
    const ask = (...headers) => nginx.raw(head('OPTIONS /graphql HTTP/1.1', ...headers));
    const asked = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: content-type,authorization'];
    const yes = await ask(good, ...asked);
    assert.equal(yes.status, 204, yes.body);
    assert.equal(yes.body, '');
    assert.deepEqual(values(yes, 'access-control-allow-origin'), [good]);
    assert.deepEqual(values(yes, 'access-control-allow-headers'), ['content-type,authorization']);
    assert.match(values(yes, 'access-control-allow-methods')[0], /POST/);
    for (const headers of [[evil, ...asked], [good], [undefined, ...asked]]) {
        const no = await ask(...headers);
        assert.ok([429, 503].includes(no.status), String(no.status));
        assert.deepEqual(values(no, 'access-control-allow-headers'), []);
        assert.deepEqual(values(no, 'access-control-allow-methods'), []);
    }
}

suite('where no worker is there', () => {
    let nginx;
    before(async () => {
        nginx = await startNginx({
            socket: `${folder}/nobody`,
            origins: printOrigins('--mode', 'production', '--origins', good),
        });
    });

    test('refusals can be read by the pages that may', () => assertAll(nginx, false));

    test('a page may send its request, and sees that it is refused', () => assertAsked(nginx));

    test('503: nobody answers', async () => {
        for (const origin of [good, evil, undefined])
            for (const line of [`GET ${address} HTTP/1.1`, `POST ${address} HTTP/1.1`]) {
                const answer = await nginx.raw(head(line, origin));
                assertRefusal(answer, 503, 'SERVICE_UNAVAILABLE');
                assertReadable(answer, origin === good && good);
            }
    });
});

suite('the origins that nginx gets', () => {
    test('are those of the configuration, letter by letter', async () => {
        const nginx = await startNginx({
            socket: `${folder}/nobody`,
            origins: printOrigins('--mode', 'development', '--origins', 'https://a.b-c.example http://[::1]:3000'),
        });
        const readable = async (origin) =>
            values(await nginx.raw(head('GET /graphql HTTP/1.1', origin)), 'access-control-allow-origin').length > 0;
        for (const origin of ['https://a.b-c.example', 'http://[::1]:3000', 'http://localhost', 'http://localhost:5173', 'http://127.0.0.1:80'])
            assert.ok(await readable(origin), origin);
        for (const origin of [
            'https://axb-c.example',
            'https://A.b-c.example',
            'https://a.b-c.example.evil.example',
            'https://a.b-c.example:443',
            'xhttps://a.b-c.example',
            'http://[::1]:30000',
            'http://localhost:',
            'http://localhost:80x',
            'http://127.0.0.1.evil.example',
            'http://127x0.0.1',
            'null',
            '*',
        ])
            assert.ok(!(await readable(origin)), origin);
        await nginx.stop();
    });

    test('are written by ./up', async () => {
        const answer = await fetch(`${new URL('/nowhere', process.env.LINNET_URL)}`, { headers: { origin: 'http://localhost:3000' } });
        assert.equal(answer.status, 404);
        assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:3000');
    });
});

// --- the logs ----------------------------------------------------------------

// An upstream that does with each connection what `serve` says.
async function upstream(name, serveConnection) {
    const path = `${folder}/${name}`;
    const connections = new Set();
    const server = net.createServer((socket) => {
        connections.add(socket);
        socket.on('error', () => {});
        serveConnection(socket);
    });
    await new Promise((resolve) => server.listen(path, resolve));
    return {
        path,
        stop() {
            connections.forEach((socket) => socket.destroy());
            server.close();
        },
    };
}

// A FastCGI response, in records.
function response(text) {
    const bytes = Buffer.from(text, 'latin1');
    const record = (type, content) => [
        Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]),
        content,
    ];
    const records = [];
    for (let at = 0; at < bytes.length; at += 65528) records.push(...record(6, bytes.subarray(at, at + 65528)));
    records.push(...record(6, Buffer.alloc(0)), ...record(3, Buffer.alloc(8)));
    return Buffer.concat(records);
}

suite('the logs of nginx', () => {
    // What fails, how, and what the access log has of it.
    const failures = {
        'does not answer': [(socket) => socket.resume(), 503, '504'],
        'closes at once': [(socket) => socket.destroy(), 503, '502'],
        'answers junk': [(socket) => socket.end('junk, and no record of FastCGI'), 503, '502'],
        'sends headers that are too long': [(socket) => socket.write(response(`X: ${'x'.repeat(30000)}\r\n\r\n`)), 503, '502'],
        'breaks off': [
            (socket) => socket.end(response(`Status: 200 OK\r\nContent-Length: 500000\r\n\r\n${'x'.repeat(100000)}`)),
            200,
            '200',
        ],
    };

    async function assertSilent(nginx, count) {
        await until(() => nginx.accessLog().length >= count, 5000 * patience, 'the access log');
        assert.doesNotMatch(nginx.errorLog(), new RegExp(secret));
        assert.ok(!JSON.stringify(nginx.accessLog()).includes(secret));
        assert.doesNotMatch(nginx.errorLog(), /request: /);
    }
    const edits = [['fastcgi_read_timeout 30s', 'fastcgi_read_timeout 300ms']];

    for (const [what, [act, status, upstreamStatus]] of Object.entries(failures)) {
        test(`a worker that ${what}: why is seen, and not what was asked`, async () => {
            const worker = await upstream('failing', (socket) => socket.once('data', () => act(socket)));
            const nginx = await startNginx({ socket: worker.path, edits });
            for (const line of [`GET ${address} HTTP/1.1`, `POST ${address} HTTP/1.1`])
                assert.equal((await nginx.raw(head(line, good))).status, status);
            await assertSilent(nginx, 2);
            for (const entry of nginx.accessLog()) {
                assert.equal(entry.path, '/graphql');
                assert.equal(entry.upstream.split(', ')[0], `unix:${worker.path}`);
                assert.equal(entry.upstreamStatus.split(', ')[0], upstreamStatus);
                assert.match(entry.connect, /^[0-9.]+/);
            }
            await nginx.stop();
            worker.stop();
        });
    }

    test('nobody there, and all that nginx refuses', async () => {
        const nginx = await startNginx({ socket: `${folder}/nobody` });
        let count = 0;
        for (const [, , make] of [...Object.values(refusals), [0, 0, () => head(`GET ${address} HTTP/1.1`)]]) {
            await nginx.raw(make(good));
            count++;
        }
        await assertSilent(nginx, count);
        const asked = nginx.accessLog().filter(({ status }) => status === 503);
        assert.ok(asked.length > 0);
        for (const { upstreamStatus, connect } of asked) assert.deepEqual([upstreamStatus, connect], ['502', '-']);
        await nginx.stop();
    });
});

// --- clients that do not read ------------------------------------------------

const session = new Session();
after(() => session.close());

test('clients that do not read cost a bounded sum, and who reads gets all of a long answer', async () => {
    const clients = 30;
    const [author] = await makeUsers(session, 1, { prefix: 'long' });
    await session.run(`INSERT INTO links (url, description, posted_by)
        SELECT 'https://long.example/' || n, repeat('🏃', 2000), ${author.id} FROM generate_series(1, 100) AS n`);
    // On a busy machine all of this takes longer than requests may, and than such clients may stay.
    const server = await serve('--workers', '1', '--request-time', '600000', '--limit-database-time', '600000');
    const [worker] = server.workers();
    const nginx = await startNginx({ socket: server.socket, edits: [['send_timeout 10s', 'send_timeout 600s']] });
    const body = JSON.stringify({
        query: `{ user(id: ${author.id}) { ${Array.from({ length: 9 }, (_, i) => `a${i}: linkSet(first: 100) { description }`).join(' ')} } }`,
    });
    const bytes = head('POST /graphql HTTP/1.1', good, 'Content-Type: application/json', `Content-Length: ${body.length}`) + body;
    const whole = await nginx.raw(bytes);
    assert.equal(whole.status, 200);
    assert.ok(whole.body.length > 7e6, `${whole.body.length} bytes`);
    const before = residentMemory(worker);

    const deaf = Array.from({ length: clients }, () => {
        const socket = net.connect({ port: nginx.port, host: '127.0.0.1' });
        socket.on('error', () => {});
        socket.pause();
        socket.write(bytes);
        return socket;
    });
    const answered = () => server.log.split('\n').filter((line) => /"event":"request".*"status":200/.test(line)).length;
    await until(() => answered() >= clients + 1, 10000 * patience, 'they are all answered');
    // The sizes of the files that nginx has open and nobody else can see.
    const files = () =>
        nginx.workers().flatMap((pid) =>
            readdirSync(`/proc/${pid}/fd`)
                .map((name) => `/proc/${pid}/fd/${name}`)
                .filter((path) => /nginx\/fastcgi\//.test(readlinkSync(path)))
                .map((path) => statSync(path).size),
        );
    await until(() => files().some((size) => size > MiB / 2), 10000 * patience, 'files');
    for (const size of files()) assert.ok(size <= MiB + 64 * 1024, `a file of ${size} bytes`);
    // Memory for a response under way, and for those that are kept (limit_output).
    const grown = residentMemory(worker) - before;
    if (!isSanitized) assert.ok(grown < 96 * 1024, `the worker has ${grown} kB more`);
    assert.equal((await nginx.raw(bytes)).body, whole.body, 'who reads is not disturbed');
    assert.deepEqual(server.workers(), [worker]);
    deaf.forEach((socket) => socket.destroy());
    await nginx.stop();
    await server.stop();
});
