// doctor.test.mjs - `linnet doctor`: nothing is wrong with what ./up makes, and in each installation of
// which one thing is broken, that is what is found.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { isSanitized, patience, program, root, sockets, state } from './lib/environment.mjs';
import { apache, bad, config, doctor, file, folder, nginx, publicNginx, socket } from './lib/doctor.mjs';
import { keepsPrepared, startPgbouncer } from './lib/pgbouncer.mjs';
import { childrenOf, serve, until } from './lib/processes.mjs';

const isRoot = process.getuid() === 0;
const database = (more) => `host=${sockets}/postgresql ${more}`;
const nowhere = ['--database', `host=${folder}/nowhere`];
const spare = `doctor_${process.pid}`;

// Tests turn it off, since they cut no machine's power.
before(() => psql('ALTER SYSTEM RESET fsync; SELECT pg_reload_conf()'));
after(() => psql('ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()'));

// A case: the check that finds it, how bad it is and what it says; the options that break it, or what
// makes them and what puts all back.  `others`: what is wrong besides, since it depends on it.
// `alone`: PostgreSQL is left out, which saves most of the time.
function broken(check, verdict, why, { options = [], others = [], make, undo, skip, alone } = {}) {
    test(`${check}: ${why.source}`, { skip: skip ?? false }, async () => {
        const made = (await make?.()) ?? [];
        let found;
        try {
            found = doctor(...options, ...(alone ? nowhere : []), ...(typeof made === 'string' ? ['--config', made] : made));
            if (alone) found.delete('database-login');
        } finally {
            await undo?.();
        }
        const finding = found.get(check);
        assert.equal(finding.verdict, verdict, JSON.stringify(finding));
        assert.match(finding.why, why);
        assert.deepEqual(bad(found).map((one) => one.check).filter((name) => !others.includes(name)), [check]);
    });
}

const lonely = (check, verdict, why, more) => broken(check, verdict, why, { alone: true, ...more });

// By statements of a superuser in the application's database.
const bySql = (check, verdict, why, sql, undo, more = {}) =>
    broken(check, verdict, why, { ...more, make: () => void psql(sql), undo: () => psql(undo) });

test('what ./up makes is good', () => {
    const found = doctor();
    assert.deepEqual(bad(found), []);
    assert.ok(found.size > 50, `${found.size} checks`);
});

test('so is the same behind TLS at a public address, in production', () => {
    assert.deepEqual(bad(doctor('--mode', 'production', '--nginx', publicNginx())), []);
});

for (const name of ['proxy', 'fcgid', 'cgi'])
    test(`so is Apache's configuration: ${name}`, () => {
        assert.deepEqual(bad(doctor('--apache', apache(name))), []);
    });

test('people are told the group, the sentence and what mends it, and how many there are', () => {
    const { stdout, status } = spawnSync(program, ['doctor', '--config', `${state}/linnet.conf`, '--nginx', nginx((text) => text.replace('server_tokens off;', ''))], {
        cwd: folder,
        env: { PATH: process.env.PATH },
        encoding: 'utf8',
    });
    assert.match(stdout, /^web\n {2}warn {4}nginx-version: .*\n {10}in nginx's server block: server_tokens off;\n\n0 fail, 1 warn, \d+ ok, \d+ skipped \(--verbose says why\)\n$/);
    assert.equal(status, 0);
});

suite('files', () => {
    const broken = lonely;
    const jwks = (keys) => file(JSON.stringify({ keys }));
    const key = { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: 'a', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    const issuer = (path) =>
        config((text) => `${text}[issuer other]\nissuer = https://other.example\naudience = news\nalgorithms = EdDSA\njwks = ${path}\n`);

    broken('config-writable', 'fail', /everybody may change .*config-writable/, { make: () => config((text) => text, { name: 'config-writable', mode: 0o666 }) });
    broken('config-writable', 'fail', /the user .* may change/, {
        skip: !isRoot,
        make: () => {
            const path = config((text) => text);
            execFileSync('chown', ['daemon', path]);
            return path;
        },
    });
    broken('config-password', 'fail', /everybody on this machine may read it/, {
        alone: false,
        make: () => config((text) => text.replace('user=linnet_login', 'user=linnet_login password=secret')),
    });
    broken('key-file', 'fail', /Everybody on this machine may read/, { make: () => ['--key_file', file(readFileSync(`${state}/key`))] });
    broken('key-file', 'fail', /must have at least 32 bytes|too short|32/, { make: () => ['--key_file', file('short\n', { mode: 0o600 })] });
    broken('key-file', 'fail', /No such file/, { make: () => ['--key_file', `${folder}/nowhere`] });
    broken('cursor-key-file', 'fail', /cursors need a secret/, {
        make: () => {
            execFileSync(program, ['key', 'new', 'EdDSA', '--out', `${folder}/pair`], { stdio: 'pipe', env: {} });
            return ['--cursor_key_file', `${folder}/pair`];
        },
    });
    broken('issuer-keys', 'fail', /has no key for/, { make: () => issuer(jwks([])) });
    broken('issuer-keys', 'fail', /No such file/, { make: () => issuer(`${folder}/nowhere`) });
    broken('issuer-keys', 'warn', /has not changed for 9 days/, {
        make: () => {
            const path = jwks([key]);
            utimesSync(path, Date.now() / 1000 - 9 * 86400 - 60, Date.now() / 1000 - 9 * 86400 - 60);
            return issuer(path);
        },
    });
});

suite('settings', () => {
    const broken = lonely;
    broken('development-mode', 'fail', /listens at 443/, { make: () => ['--nginx', publicNginx()] });
    broken('introspection', 'warn', /everybody may ask/, { options: ['--mode', 'production', '--introspection', 'on'] });
    broken('graphiql', 'warn', /get a page/, { options: ['--mode', 'production', '--graphiql', 'on'] });
});

suite('server', () => {
    const broken = lonely;
    const elsewhere = (path) => ['--listen', path, '--nginx', nginx((text) => text.replace(`unix:${socket}`, `unix:${path}`))];

    broken('workers-user', 'fail', /There is no user "nosuchuser"/, { options: ['--user', 'nosuchuser'] });
    broken('workers-user', 'fail', /the workers are root, too/, { skip: !isRoot, options: ['--user', ''] });
    broken('socket', 'fail', /The server does not run: there is no/, { make: () => elsewhere(`${folder}/none`) });
    broken('socket', 'fail', /nobody listens at .* which an earlier server left/, {
        make: async () => {
            const server = createServer();
            await new Promise((resolve) => server.listen(`${folder}/listening`, resolve));
            renameSync(`${folder}/listening`, `${folder}/left`); /* or it would be removed */
            await new Promise((resolve) => server.close(resolve));
            chmodSync(`${folder}/left`, 0o660);
            if (isRoot) execFileSync('chgrp', ['www-data', `${folder}/left`]);
            return elsewhere(`${folder}/left`);
        },
    });
    broken('socket', 'fail', /is there, but is no socket/, { others: ['socket-group'], make: () => elsewhere(file('text', { mode: 0o600 })) });
    broken('socket-folder', 'fail', /No such file/, { others: ['socket'], make: () => elsewhere(`${folder}/none/s`) });
    broken('socket-group', 'fail', /There is no group "nosuchgroup"/, { options: ['--socket_group', 'nosuchgroup'] });
    broken('socket-group', 'fail', /runs as daemon, who may not open/, { skip: !isRoot, make: () => ['--nginx', nginx((text) => text.replace('user www-data;', 'user daemon;'))] });
    broken('socket-mode', 'fail', /claim any client address/, { make: () => chmodSync(socket, 0o666), undo: () => chmodSync(socket, 0o660) });
    broken('memory', 'warn', /may take \d+ MiB/, { options: ['--workers', '500'] });

    broken('ready', 'fail', /does not say whether it is ready/, {
        make: async () => {
            const server = createServer((client) => client.end());
            after(() => server.close());
            await new Promise((resolve) => server.listen(`${folder}/silent`, resolve));
            chmodSync(`${folder}/silent`, 0o660);
            if (isRoot) execFileSync('chgrp', ['www-data', `${folder}/silent`]);
            return elsewhere(`${folder}/silent`);
        },
    });
    broken('ready', 'fail', /not ready \(status 503\)/, {
        make: () => void psql("ALTER ROLE linnet_login NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'linnet_login'"),
        undo: async () => {
            psql('ALTER ROLE linnet_login LOGIN');
            await until(() => doctor(...nowhere).get('ready').verdict === 'ok', 20000 * patience, 'it is ready again');
        },
    });
    test('ready: degraded', async () => {
        const contract = file(readFileSync(`${root}/sql/schema.graphql`, 'utf8'));
        const server = await serve('--contract', contract, '--workers', '1');
        writeFileSync(contract, 'type Query {');
        process.kill(server.pid, 'SIGHUP');
        let finding;
        await until(() => (finding = doctor(...nowhere, ...elsewhere(server.socket)).get('ready')).verdict === 'warn', 20000 * patience, 'a reload that fails');
        assert.match(finding.why, /The last reload failed/);
        await server.stop();
    });

    test('log-disk', { skip: spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', folder]).status !== 0 }, () => {
        mkdirSync(`${folder}/disk`);
        const command = `mount -t tmpfs -o size=1m none ${folder}/disk && : > ${folder}/disk/log && exec "$@"`;
        const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', command, 'sh', program, 'doctor', ...nowhere, '--config', `${state}/linnet.conf`, '--log_file', `${folder}/disk/log`], { env: {}, encoding: 'utf8' });
        assert.match(stdout, /warn {4}log-disk: Only [01] MiB are free where the log is written \(.*\/disk\/log\)/);
    });

    // One that was started with little, and of which program and contract have changed since.
    test('program, reload, descriptors, core-dumps', async () => {
        const copy = `${folder}/linnet`, contract = file(readFileSync(`${root}/sql/schema.graphql`, 'utf8')), path = `${folder}/own`;
        copyFileSync(program, copy);
        chmodSync(copy, 0o755);
        const server = spawn('sh', ['-c', 'ulimit -n 200; ulimit -S -c 1000; exec "$@"', 'sh', copy, 'mock', '--contract', contract, '--listen', path], {
            env: { PATH: process.env.PATH },
            stdio: 'ignore',
        });
        try {
            await until(() => childrenOf(server.pid).length > 0 && spawnSync('test', ['-S', path]).status === 0, 30000, 'a server of its own');
            rmSync(copy);
            utimesSync(contract, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
            const found = doctor('--contract', contract, '--migrations', `${root}/sql`, '--user', '', ...elsewhere(path));
            // (A sanitizer forbids the last.)
            const all = [['program', /has been replaced/], ['reload', /has changed since/], ['descriptors', /may open 200 files/], ['core-dumps', /memory is written/]];
            for (const [name, why] of isSanitized ? all.slice(0, -1) : all) {
                assert.equal(found.get(name).verdict, 'warn', JSON.stringify(found.get(name)));
                assert.match(found.get(name).why, why);
            }
        } finally {
            server.kill();
        }
    });
});

suite('nginx', () => {
    const broken = lonely;
    const change = (check, verdict, why, from, to, others) =>
        broken(check, verdict, why, {
            others,
            make: () => ['--nginx', nginx((text) => {
                const changed = text.replace(from, to);
                assert.notEqual(changed, text);
                return changed;
            })],
        });
    const changePublic = (check, verdict, why, ...replaced) =>
        broken(check, verdict, why, { options: ['--mode', 'production'], make: () => ['--nginx', publicNginx((text) => text.replace(...replaced))] });
    const server = 'server_tokens off;';

    change('web-server', 'warn', /leads to/, `unix:${socket}`, 'unix:/run/other.sock');
    broken('web-server', 'warn', /a block that does not end/, { make: () => ['--nginx', file('http { server {')] });
    change('nginx-default', 'fail', /go to the server at/, /server \{\n {4}(listen [^;]*);/, 'server { $1 default_server; root /var/www/html; }\nserver {\n    $1;');
    change('nginx-parameters', 'fail', /REMOTE_ADDR .*counted for all clients together/, /fastcgi_param REMOTE_ADDR .*/, '');
    changePublic('nginx-parameters', 'fail', /HTTPS .*no cookie is set/, /fastcgi_param HTTPS .*/, '');
    change('nginx-body', 'warn', /refuses requests that Linnet would take/, 'client_max_body_size 256k', 'client_max_body_size 64k');
    change('nginx-body', 'warn', /is any number of bytes/, 'client_max_body_size 256k', 'client_max_body_size 0');
    change('nginx-time', 'fail', /is 5000 ms, but request_time is 8000 ms/, 'fastcgi_read_timeout 30s', 'fastcgi_read_timeout 5s');
    change('nginx-connections', 'warn', /worker_connections is 100/, 'worker_connections 1024', 'worker_connections 100');
    change('nginx-intercept', 'warn', /nginx's pages/, 'fastcgi_intercept_errors off', 'fastcgi_intercept_errors on');
    change('nginx-again', 'fail', /done twice/, 'fastcgi_next_upstream error;', 'fastcgi_next_upstream error timeout non_idempotent;');
    change('nginx-buffering', 'warn', /slow client/, 'fastcgi_request_buffering on', 'fastcgi_request_buffering off');
    change('nginx-version', 'warn', /which version of nginx/, server, '');
    changePublic('nginx-health', 'warn', /Everybody may ask for \/ready/, /(location = \/ready \{[^}]*)deny all;/, '$1');
    change('nginx-address', 'fail', /can claim any address/, server, `${server} set_real_ip_from 0.0.0.0/0;`);
    changePublic('nginx-tls', 'fail', /without TLS/, 'listen 443 ssl', 'listen 80');
    changePublic('nginx-certificate', 'fail', /No such file/, server, `${server} ssl_certificate /nowhere.pem;`);
    change('nginx-log', 'warn', /query strings/, /access_log .*;/, 'access_log /var/log/nginx/access.log;');
    change('nginx-cache', 'fail', /ignores Cache-Control/, 'fastcgi_ignore_headers Vary;', 'fastcgi_ignore_headers Vary Cache-Control;');
    change('nginx-cache', 'fail', /without fastcgi_cache_bypass: signed-in users/, /fastcgi_cache_bypass .*;/, '');
    broken('nginx-origins', 'warn', /does not know the origin https:\/\/a\.example/, { options: ['--origins', 'https://a.example'] });

    change('nginx-tls', 'fail', /listens at 80/, /\nserver \{/, `\nserver { listen 80; server_name b.example.org; server_tokens off; set $x 1; access_log off; client_max_body_size 256k;
        location / { ${['REQUEST_METHOD', 'QUERY_STRING', 'CONTENT_TYPE', 'CONTENT_LENGTH', 'REMOTE_ADDR'].map((name) => `fastcgi_param ${name} x;`).join(' ')} fastcgi_pass linnet; } }\nserver {`, ['development-mode']);

    // As `apt-get install nginx` makes it.
    test("Debian's own files, with and without its site", { skip: !existsSync('/etc/nginx/sites-available/default') }, () => {
        const own = readFileSync(publicNginx(), 'utf8').split(/^# configuration file .*$/m)[2];
        const make = (linnet, ...sites) => {
            const main = readFileSync('/etc/nginx/nginx.conf', 'utf8')
                .replace('/etc/nginx/conf.d/*.conf', file(linnet))
                .replace('include /etc/nginx/sites-enabled/*;', sites.map((site) => `include ${site};`).join(' '));
            return doctor('--mode', 'production', '--nginx', file(main));
        };
        const site = '/etc/nginx/sites-available/default';
        assert.deepEqual(bad(make(own)), []);
        assert.deepEqual(bad(make(own, site)), []);
        const nameless = make(own.replace('listen 443 ssl; server_name api.example.org;', 'listen 80; listen [::]:80; server_name _;'), site);
        assert.deepEqual(bad(nameless).map((one) => one.check), ['nginx-default', 'nginx-tls']);
    });

    test('files are read with what they include', () => {
        file('fastcgi_pass linnet;', { name: 'pass.inc' });
        const main = file(`events { }\nhttp {\n  upstream linnet { server "unix:${socket}"; }\n  server { listen 127.0.0.1:80; location / { include pass.*; } }\n}\n`);
        const found = doctor('--nginx', main);
        assert.equal(found.get('web-server').verdict, 'ok');
        assert.match(found.get('nginx-parameters').why, /REQUEST_METHOD/);
    });

    for (const [days, verdict, why] of [[2, 'warn', /expires within 21 days/], [30, 'ok', null], [-1, 'fail', /has expired/]])
        test(`nginx-certificate, database-certificate: ${days} days left`, () => {
            const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
            openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=a');
            const sign = (...validity) => openssl('x509', '-req', '-in', 'own.csr', '-signkey', 'own.key', '-out', 'own.pem', ...validity);
            try {
                sign('-days', `${days}`);
            } catch { // OpenSSL from 3.4 on makes none that ends before it starts
                sign('-not_before', '20200101000000Z', '-not_after', '20200102000000Z');
            }
            const names = `ssl_certificate ${folder}/own.pem; ssl_certificate_key ${folder}/own.key;`;
            const found = doctor('--nginx', nginx((text) => text.replace(server, `${server} ${names}`)), '--database', database(`dbname=linnet user=linnet_login sslrootcert=${folder}/own.pem`));
            for (const name of ['nginx-certificate', 'database-certificate']) {
                assert.equal(found.get(name).verdict, verdict, JSON.stringify(found.get(name)));
                if (why) assert.match(found.get(name).why, why);
            }
        });
});

suite('Apache', () => {
    const broken = lonely;
    const change = (check, verdict, why, name, ...replaced) => broken(check, verdict, why, { make: () => ['--apache', apache(name, (text) => text.replace(...replaced))] });

    change('apache-authorization', 'fail', /nobody is ever signed in/, 'proxy', 'CGIPassAuth On', '');
    change('apache-authorization', 'fail', /nobody is ever signed in/, 'cgi', 'CGIPassAuth On', '');
    change('apache-authorization', 'fail', /nobody is ever signed in/, 'fcgid', 'FcgidPassHeader Authorization', '');
    change('apache-body', 'fail', /131072 bytes: Apache answers a longer body with an error 500/, 'fcgid', /FcgidMaxRequestLen \d+/, '');
    change('apache-body', 'warn', /LimitRequestBody .* is 1000 bytes/, 'cgi', /LimitRequestBody \d+/, 'LimitRequestBody 1000');
    change('apache-time', 'fail', /after 5000 ms/, 'proxy', 'ProxySet timeout=30', 'ProxySet timeout=5');
    broken('apache-files', 'fail', /whoever asks gets linnet.conf/, {
        make: () => ['--apache', apache('cgi', (text) => text.replace(/<DirectoryMatch[^]*<\/DirectoryMatch>/, ''), { document: '/srv/www' })],
    });
    test('not what counts for other programs', () => {
        const others = `<Proxy "unix:/run/other.sock|fcgi://other/">\nProxySet timeout=1\n</Proxy>\n<Location "/other">\nLimitRequestBody 10\n</Location>\n`;
        for (const name of ['proxy', 'cgi']) assert.deepEqual(bad(doctor(...nowhere, '--apache', apache(name, (text) => others + text + others))).map((one) => one.check), ['database-login']);
    });
    test('apache-files: not where these files are denied', () => {
        assert.deepEqual(bad(doctor('--apache', apache('cgi', (text) => text, { document: '/srv/www' }))), []);
    });
});

suite('database', () => {
    const byOther = (more) => ['--database', database(more)];

    broken('database-login', 'fail', /database "nosuch" does not exist/, { options: byOther('dbname=nosuch user=linnet_login') });
    broken('database-login', 'fail', /authentication failed|no pg_hba.conf entry/, { options: byOther('dbname=linnet user=nosuch') });
    broken('database-login', 'fail', /cannot be used/, { options: ['--database', `host=${folder} dbname=linnet`] });
    broken('database-workers', 'fail', /run as the user daemon, who cannot log in/, { skip: !isRoot, options: ['--user', 'daemon'] });
    broken('connections', 'warn', /2 workers with 61 connections each need 244/, { options: ['--workers', '2', '--connections', '60'] });
    bySql('connections', 'warn', /CONNECTION LIMIT of the login role allows 10/, 'ALTER ROLE linnet_login CONNECTION LIMIT 10', 'ALTER ROLE linnet_login CONNECTION LIMIT -1');
    bySql('database-durability', 'fail', /fsync is off/, 'ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf(); SELECT pg_sleep(0.2)', 'ALTER SYSTEM RESET fsync; SELECT pg_reload_conf(); SELECT pg_sleep(0.2)');
    bySql('database-durability', 'warn', /synchronous_commit is off/, 'ALTER DATABASE linnet SET synchronous_commit = off', 'ALTER DATABASE linnet RESET synchronous_commit');
    bySql('extensions', 'warn', /plpgsql has version 0\.9/, "UPDATE pg_extension SET extversion = '0.9' WHERE extname = 'plpgsql'", "UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'plpgsql'");
    bySql(
        'invalid-indexes', 'warn', /doctor_table_pkey is not valid/,
        "CREATE TABLE doctor_table (id int PRIMARY KEY); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'doctor_table_pkey'::regclass",
        'DROP TABLE doctor_table',
    );
    bySql(
        'statistics', 'warn', /doctor_table has never been analysed/,
        "CREATE TABLE doctor_table (t text) WITH (autovacuum_enabled = off); INSERT INTO doctor_table SELECT repeat('x', 1000) FROM generate_series(1, 9000)",
        'DROP TABLE doctor_table',
    );
    broken('migrations', 'fail', /1 of 1 files .* first 999_new\.sql/, {
        make: () => {
            mkdirSync(`${folder}/sql`, { recursive: true });
            writeFileSync(`${folder}/sql/999_new.sql`, 'SELECT 1;');
            return ['--migrations', `${folder}/sql`];
        },
    });

    broken('pooler', 'warn', /No pooler is found/, { options: ['--pooler', 'transaction'] });
    suite('behind a pooler', () => {
        let pooler;
        before(async () => (pooler = await startPgbouncer()));
        after(() => pooler.stop());
        broken('pooler', 'fail', /stands between/, { make: () => ['--database', pooler.connection] });
        test('that is known', () => {
            assert.deepEqual(bad(doctor('--database', pooler.connection, '--pooler', 'transaction', '--prepared', keepsPrepared ? 'on' : 'off')), []);
        });
    });

    // What the file says and no reload has read yet.
    const hba = `${state}/pg_hba.conf`;
    const kept = readFileSync(hba, 'utf8');
    const readable = (verb, to) => psql(`${verb} SELECT ON pg_hba_file_rules ${to} linnet_login; ${verb} EXECUTE ON FUNCTION pg_hba_file_rules() ${to} linnet_login`);
    for (const [line, verdict, why] of [
        ['host all all 0.0.0.0/0 trust', 'fail', /at 0\.0\.0\.0 log in without a password/],
        ['local all all trust', 'warn', /everybody on this machine log in without/],
        ['local all all nosuch', 'fail', /is not understood/],
    ])
        broken('pg-hba', verdict, why, {
            make: () => {
                readable('GRANT', 'TO');
                appendFileSync(hba, `${line}\n`);
            },
            undo: () => {
                readable('REVOKE', 'FROM');
                writeFileSync(hba, kept);
            },
        });

    // PostgreSQL elsewhere, at another time, in another state: functions that stand before its own.
    suite('elsewhere', () => {
        before(() => {
            psql(`CREATE SCHEMA doctor_fake; GRANT USAGE ON SCHEMA doctor_fake TO PUBLIC;
                CREATE FUNCTION doctor_fake.inet_server_addr() RETURNS inet LANGUAGE sql AS $$ SELECT inet '192.0.2.1' $$;
                CREATE FUNCTION doctor_fake.inet_client_addr() RETURNS inet LANGUAGE sql AS $$ SELECT inet '192.0.2.2' $$;
                CREATE FUNCTION doctor_fake.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() + '90 s' $$;
                CREATE FUNCTION doctor_fake.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
                CREATE SCHEMA doctor_tls; GRANT USAGE ON SCHEMA doctor_tls TO PUBLIC;
                CREATE VIEW doctor_tls.pg_stat_ssl AS SELECT pg_backend_pid() AS pid, true AS ssl; GRANT SELECT ON doctor_tls.pg_stat_ssl TO PUBLIC`);
        });
        after(() => psql('DROP SCHEMA doctor_fake, doctor_tls CASCADE'));
        const found = (path, more = '') => doctor('--database', database(`dbname=linnet user=linnet_login ${more} options='-c search_path=public,${path},pg_catalog'`));

        test('database-tls, database-clock, database-standby', () => {
            const all = found('doctor_fake');
            for (const [name, why] of [['database-tls', /is not encrypted/], ['database-clock', /differ by \d+ s/], ['database-standby', /leads to a standby/]]) {
                assert.equal(all.get(name).verdict, 'fail', JSON.stringify(all.get(name)));
                assert.match(all.get(name).why, why);
            }
        });

        test('database-tls: sslmode', () => {
            const { verdict, why } = found('doctor_tls,doctor_fake').get('database-tls');
            assert.equal(verdict, 'warn');
            assert.match(why, /sslmode is prefer/);
            assert.equal(found('doctor_tls,doctor_fake', `sslmode=verify-full sslrootcert=${folder}/own.pem`).get('database-tls').verdict, 'ok');
        });
    });

    // Databases that are empty have much else that is wrong.
    suite('of another kind', () => {
        after(() => psql(`DROP DATABASE IF EXISTS ${spare}`, 'postgres'));
        const found = (sql) => {
            psql(`DROP DATABASE IF EXISTS ${spare}`, 'postgres');
            for (const one of sql) psql(one, 'postgres');
            return doctor(...byOther(`dbname=${spare} user=linnet_login`));
        };

        test('database-encoding', () => {
            const { verdict, why } = found([`CREATE DATABASE ${spare} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'`]).get('database-encoding');
            assert.equal(verdict, 'fail');
            assert.match(why, /is LATIN1/);
        });

        test('database-collation, database-age', () => {
            const all = found([
                `CREATE DATABASE ${spare} TEMPLATE template0 ENCODING UTF8 LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en'`,
                `UPDATE pg_database SET datcollversion = '1', datfrozenxid = (4294967296 + txid_current() % 4294967296 - 1200000000)::text::xid WHERE datname = '${spare}'`,
            ]);
            assert.equal(all.get('database-collation').verdict, 'fail');
            assert.match(all.get('database-collation').why, /version 1 of the locale/);
            assert.equal(all.get('database-age').verdict, 'fail');
            assert.match(all.get('database-age').why, /1200 million transactions old/);
        });
    });
});

suite('roles', () => {
    const without = ['contract-fit', 'row-level-security', 'contract', 'indexes', 'migrations', 'snapshot'];
    broken('role-switch', 'fail', /There is no role "?nosuch/, { options: ['--role_staff', 'nosuch'], others: without });
    bySql('role-switch', 'fail', /may not take on/, 'CREATE ROLE doctor_role NOLOGIN', 'DROP ROLE doctor_role', { options: ['--role_staff', 'doctor_role'], others: without });
    // From 16 on each membership says so for itself.
    const inherit =
        psql('SHOW server_version_num') < 160000
            ? ['ALTER ROLE linnet_login INHERIT', 'ALTER ROLE linnet_login NOINHERIT']
            : ['TRUE', 'FALSE'].map((whether) => `GRANT linnet_user TO linnet_login WITH INHERIT ${whether}`);
    bySql('role-inherit', 'warn', /also without taking it on/, ...inherit);
    bySql('role-powers', 'fail', /has CREATEDB/, 'ALTER ROLE linnet_login CREATEDB', 'ALTER ROLE linnet_login NOCREATEDB');
    bySql('role-powers', 'fail', /has REPLICATION/, 'ALTER ROLE linnet_login REPLICATION', 'ALTER ROLE linnet_login NOREPLICATION');
    bySql('role-create', 'fail', /may create functions in the schema public/, 'GRANT CREATE ON SCHEMA public TO PUBLIC', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    bySql('role-settings', 'fail', /default_transaction_read_only is on/, 'ALTER ROLE linnet_login SET default_transaction_read_only = on', 'ALTER ROLE linnet_login RESET default_transaction_read_only');
    bySql('role-settings', 'warn', /idle_session_timeout is 60000 ms/, "ALTER ROLE linnet_login SET idle_session_timeout = '60s'", 'ALTER ROLE linnet_login RESET idle_session_timeout');
    bySql(
        'row-level-security', 'fail', /doctor_table/,
        'CREATE TABLE doctor_table (id int PRIMARY KEY); GRANT SELECT ON doctor_table TO linnet_anon',
        'DROP TABLE doctor_table',
    );
});

suite('contract', () => {
    const sdl = readFileSync(`${root}/sql/schema.graphql`, 'utf8');
    const contract = (text, name) => ['--contract', file(text, { name }), '--migrations', `${root}/sql`];
    const table = `CREATE TABLE doctor_table (id int PRIMARY KEY, owner text, at timestamptz); ALTER TABLE doctor_table ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON doctor_table USING (owner = current_setting('linnet.user', true)); GRANT SELECT ON doctor_table TO linnet_anon, linnet_user, linnet_staff;`;

    broken('contract', 'fail', /:1:\d+: /, { make: () => contract('type Query {') });
    broken('contract', 'fail', /cannot be read/, { options: ['--contract', `${folder}/nowhere.graphql`, '--migrations', `${root}/sql`] });
    broken('contract-fit', 'fail', /nosuch/, { make: () => contract(`${sdl}\nextend type Query { nosuch: [Nosuch!]! } type Nosuch @table(name: "nosuch") { id: ID! }`) });
    broken('documents', 'fail', /nosuch/, { make: () => ['--documents', file('query A { nosuch }', { name: 'documents.graphql' })] });
    broken('indexes', 'warn', /no index/, {
        make: () => {
            psql(table);
            return contract(`${sdl}\nextend type Query { things(orderBy: ThingSort): [Thing!]! } type Thing @table(name: "doctor_table") { id: ID! } enum ThingSort { AT @order(by: "at") }`);
        },
        undo: () => psql('DROP TABLE doctor_table'),
    });
    bySql('policy-indexes', 'warn', /The policy own on doctor_table compares the column owner/, `${table} UPDATE pg_class SET reltuples = 20000 WHERE relname = 'doctor_table'`, 'DROP TABLE doctor_table');
    test('policy-indexes: not where an index begins with the column', () => {
        psql(`${table} CREATE INDEX ON doctor_table (owner, at); UPDATE pg_class SET reltuples = 20000 WHERE relname = 'doctor_table'`);
        try {
            assert.equal(doctor().get('policy-indexes').verdict, 'ok');
        } finally {
            psql('DROP TABLE doctor_table');
        }
    });

    test('snapshot: of another contract, or of another time', () => {
        const options = contract(sdl, 'kept.graphql');
        const write = spawnSync(program, ['check', '--write', '--offline', '--config', `${state}/linnet.conf`, ...options], { env: {}, encoding: 'utf8' });
        assert.equal(write.status, 0, write.stdout + write.stderr);
        assert.equal(doctor(...options).get('snapshot').verdict, 'ok');
        psql(table);
        try {
            assert.match(doctor(...options).get('snapshot').why, /is not what the database has now/);
        } finally {
            psql('DROP TABLE doctor_table');
        }
        appendFileSync(`${folder}/kept.graphql`, '# another\n');
        assert.match(doctor(...options).get('snapshot').why, /is not of this contract/);
    });
});
