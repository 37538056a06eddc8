// connect.test.mjs - the way to PostgreSQL: a name server that does not answer, and certificates
// that are not good.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';
import tls from 'node:tls';

import { plainCgi } from './lib/cgi.mjs';
import { psql } from './lib/database.mjs'; // and the rows that it asks for
import { patience, program, root, rounds, state } from './lib/environment.mjs';
import { launchBy, until } from './lib/processes.mjs';
import { untilLogged } from './lib/wait.mjs';

const query = '{ link(id: 910011) { id } }';
const rightAnswer = '{"data":{"link":{"id":"910011"}}}';

const folder = mkdtempSync(`${tmpdir()}/linnet-connect.`);
chmodSync(folder, 0o755); // workers may run as somebody else
after(() => rmSync(folder, { recursive: true }));

// In the long runs, again and again.
const testOften = (title, run) => Array.from({ length: rounds }, () => test(title, run));

const get = (server, path) =>
    server.request({
        method: 'GET',
        parameters: { SCRIPT_NAME: path, CONTENT_TYPE: null, CONTENT_LENGTH: null },
    });
const isReady = async (server) => (await get(server, '/ready').catch(() => null))?.status === 200;

// A server that need not come up.
function launchAny(...words) {
    const server = launchBy(...words);
    server.isUp.catch(() => {});
    return server;
}

// PostgreSQL on a port of 127.0.0.1; with `certificate`, over TLS.
const proxies = new Set();
after(() => proxies.forEach((proxy) => proxy.stop()));
async function startProxy(certificate) {
    const clients = new Set();
    const forward = (client) => {
        const server = net.connect(`${process.env.PGHOST}/.s.PGSQL.${process.env.PGPORT ?? 5432}`);
        client.pipe(server).pipe(client);
        for (const [one, other] of [[client, server], [server, client]])
            one.on('error', () => other.destroy()).on('close', () => other.destroy());
    };
    const listener = net.createServer((client) => {
        clients.add(client);
        client.on('close', () => clients.delete(client)).on('error', () => {});
        if (!certificate) return forward(client);
        // The client asks first whether there is TLS (PostgreSQL, 55.2.11).
        client.once('data', () => {
            client.pause();
            client.write('S');
            const secure = new tls.TLSSocket(client, { isServer: true, ...certificate });
            secure.on('error', () => client.destroy());
            secure.once('secure', () => forward(secure));
        });
    });
    await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const proxy = {
        port: listener.address().port,
        closeAll: () => clients.forEach((client) => client.destroy()),
        stop() {
            proxy.closeAll();
            listener.close();
            proxies.delete(proxy);
        },
    };
    proxies.add(proxy);
    return proxy;
}

// --- what a session is set up with ---------------------------------------------

suite('the settings of a session', { skip: psql('SHOW server_version_num') < 140000 }, () => {
    const log = () => readFileSync(`${state}/log/postgresql.log`, 'utf8');
    before(() => psql("ALTER ROLE linnet_login SET log_statement = 'all'"));
    after(() => psql('ALTER ROLE linnet_login RESET log_statement'));

    // What PostgreSQL was sent while plain CGI answered.
    async function logOf(host) {
        const seen = log().length;
        const { answer } = await plainCgi(query, {}, {
            environment: { LINNET_DATABASE: `${host} dbname=linnet user=linnet_login` },
        });
        assert.equal(answer.text, rightAnswer);
        await untilLogged(log, /FROM "links"/, seen);
        return log().slice(seen);
    }

    test('are commands, without a query, where nothing stands between', async () => {
        const text = await logOf(`host=${process.env.PGHOST}`);
        assert.match(text, /SET statement_timeout = .*; SET TimeZone = 'UTC'; .*; SET role = 'linnet_anon'/);
        assert.doesNotMatch(text, /pg_backend_pid|set_config\('role'/);
    });

    test('are a query that asks whose session it is, elsewhere', async () => {
        const proxy = await startProxy();
        assert.match(await logOf(`host=127.0.0.1 port=${proxy.port}`), /pg_backend_pid\(\).*set_config\('role'/);
        proxy.stop();
    });

    test('that are refused keep it from being used', async () => {
        const { answer, log: said } = await plainCgi(query, {}, {
            environment: { LINNET_DATABASE: `host=${process.env.PGHOST} dbname=linnet user=linnet_login`, LINNET_ROLE: 'pg_signal_backend' },
        });
        assert.equal(answer.status, 503, answer.text);
        assert.match(said, /cannot connect: ERROR: +permission denied to set role/);
    });
});

// --- F33: a name server ------------------------------------------------------

suite('a name server that does not answer', () => {
    const hang = `${folder}/hang`,
        library = `${folder}/names.so`;
    before(() => execFileSync('cc', ['-shared', '-fPIC', '-D_GNU_SOURCE', '-o', library, `${root}/tests/http/lib/names.c`]));

    const launch = (proxy) =>
        launchAny(
            ['env', `LD_PRELOAD=${library}`, `NAMES_HANG=${hang}`, `ASAN_OPTIONS=verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ''}`, program],
            '--workers',
            '1',
            '--connect-time',
            '1000',
            '--database',
            `host=database.test port=${proxy.port} dbname=linnet user=linnet_login`,
        );

    // Asks for /live until the promise is settled; how often it was answered.
    async function countLive(server, promise) {
        let count = 0,
            isOver = false;
        promise.finally(() => (isOver = true));
        while (!isOver) {
            assert.equal((await get(server, '/live')).status, 200);
            count++;
        }
        return count;
    }

    testOften('at the start: others are answered, and it serves once the server does', async () => {
        const proxy = await startProxy();
        writeFileSync(hang, '');
        const server = launch(proxy);
        await untilLogged(() => server.log, /cannot connect: no answer in time/);
        const ready = get(server, '/ready');
        assert.ok((await countLive(server, ready)) > 0);
        assert.equal((await ready).status, 503);
        rmSync(hang);
        await server.isUp;
        assert.equal((await server.post(query)).text, rightAnswer);
        await server.stop();
        proxy.stop();
    });

    testOften('when connections are lost: who needs one is told in time, others are answered', async () => {
        const proxy = await startProxy();
        const server = launch(proxy);
        await server.isUp;
        assert.equal((await server.post(query)).text, rightAnswer);
        writeFileSync(hang, '');
        proxy.closeAll();
        const refused = server.post(query);
        // Many more than fit if the worker waited for the name server.
        assert.ok((await countLive(server, refused)) > 20);
        const answer = await refused;
        assert.equal(answer.status, 503, answer.text);
        assert.equal(answer.json.errors[0].extensions.code, 'SERVICE_UNAVAILABLE');
        assert.equal((await server.post('{ __typename }')).text, '{"data":{"__typename":"Query"}}');
        rmSync(hang);
        const isBack = async () => (await server.post(query)).text === rightAnswer;
        await until(isBack, 5000 * patience, 'it serves again');
        await server.stop();
        proxy.stop();
    });

    testOften('the server can be stopped meanwhile', async () => {
        const proxy = await startProxy();
        writeFileSync(hang, '');
        const server = launch(proxy);
        await untilLogged(() => server.log, /cannot connect/);
        assert.deepEqual(await server.stop(), { code: 0, signal: null });
        assert.doesNotMatch(server.log, /worker died|does not respond/);
        rmSync(hang);
        proxy.stop();
    });
});

// --- F34: certificates -------------------------------------------------------

suite('sslmode=verify-full', () => {
    const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
    const makeKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const makeAuthority = (name) =>
        openssl('req', '-x509', ...makeKey, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2', '-subj', `/CN=${name}`);
    // A certificate for a host, by an authority, that is good for so many days.
    function makeCertificate(name, { host = 'database.test', authority = 'authority', days = '2' } = {}) {
        writeFileSync(`${folder}/names`, `subjectAltName=DNS:${host}`);
        openssl('req', ...makeKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`);
        openssl(
            ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`],
            ...['-CAcreateserial', '-days', days, '-out', `${name}.pem`, '-extfile', 'names'],
        );
        return { key: readFileSync(`${folder}/${name}.key`), cert: readFileSync(`${folder}/${name}.pem`) };
    }
    before(() => {
        makeAuthority('authority');
        makeAuthority('stranger');
        chmodSync(`${folder}/authority.pem`, 0o644);
    });

    const launch = (proxy) =>
        launchAny(
            [program],
            '--workers',
            '1',
            '--database',
            `host=database.test hostaddr=127.0.0.1 port=${proxy.port} dbname=linnet user=linnet_login sslmode=verify-full sslrootcert=${folder}/authority.pem`,
        );

    testOften('a good certificate is served from', async () => {
        const proxy = await startProxy(makeCertificate('good'));
        const server = launch(proxy);
        await server.isUp;
        assert.equal((await server.post(query)).text, rightAnswer);
        assert.ok(await isReady(server));
        await server.stop();
        proxy.stop();
    });

    const faults = {
        'one that has expired': [{ days: '-1' }, /certificate verify failed/],
        'one of another host': [{ host: 'other.test' }, /certificate for \\"other\.test\\" does not match host name \\"database\.test\\"/],
        'one of a stranger': [{ authority: 'stranger' }, /certificate verify failed/],
    };
    for (const [what, [options, reason]] of Object.entries(faults))
        testOften(`${what} is refused, and the log says why`, async () => {
            const proxy = await startProxy(makeCertificate('bad', options));
            const server = launch(proxy);
            await untilLogged(() => server.log, reason);
            const answer = await get(server, '/ready');
            assert.equal(answer.status, 503);
            assert.doesNotMatch(answer.text, /certificate|database\.test/);
            assert.equal((await get(server, '/live')).status, 200);
            assert.equal((await server.post(query)).status, 503);
            await server.stop();
            proxy.stop();
        });

    testOften('a server without TLS is refused', async () => {
        const proxy = await startProxy();
        const server = launch(proxy);
        await untilLogged(() => server.log, /server does not support SSL/);
        assert.equal((await get(server, '/ready')).status, 503);
        await server.stop();
        proxy.stop();
    });
});
