// apache.mjs - a real Apache for the tests of a file: Linnet as a program of its cgi-bin, and its
// pool behind mod_proxy_fcgi and mod_fcgid.  Importing it starts it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
    chmodSync,
    chownSync,
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';

import { keyFile, makeUsers } from './accounts.mjs';
import { JSON_TYPE, makeAnswer } from './client.mjs';
import { Session } from './database.mjs';
import { patience, program, root, sockets } from './environment.mjs';
import { makeBuild } from './pages.mjs';
import { until } from './processes.mjs';

const isRoot = process.getuid() === 0;
const apache = ['/usr/sbin/apache2', '/usr/sbin/httpd'].find(existsSync) ?? 'apache2';
const modules = [
    '/usr/lib/apache2/modules',
    '/usr/lib64/httpd/modules',
    '/usr/lib/httpd/modules',
].find(existsSync);
export const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)),
);

let folder, server;
// What a test asks about and as: a psql, and a user.
export let session, ada;
export const ports = {};
export const bin = () => `${folder}/cgi-bin`;

function freePort() {
    return new Promise((resolve) => {
        const probe = net.createServer().listen(0, '127.0.0.1', () => {
            const { port: free } = probe.address();
            probe.close(() => resolve(free));
        });
    });
}

// Apache's files as they are installed, with paths filled in.
function shipped(name, others = {}) {
    const paths = {
        PROGRAM: `${bin()}/graphql.cgi`,
        FOLDER: bin(),
        CONFIG: `${bin()}/linnet.conf`,
        SOCKET: `${sockets}/linnet/linnet.sock`,
        SITE: `${folder}/no-site`,
        GRAPHIQL: `${folder}/no-graphiql`,
        ...others,
    };
    return readFileSync(`${root}/apache/${name}.conf.in`, 'utf8').replace(
        /@([A-Z]+)@/g,
        (whole, word) => paths[word] ?? whole,
    );
}

// What was built for browsers is there at two of the hosts, and not at the others.
export const built = { SITE: makeBuild('The site'), GRAPHIQL: makeBuild('GraphiQL') };

// A host for each of them; beside the first, the program under each of the other ways in which
// Apache can be told to pass Authorization on.
const configuration = () => `
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
LogLevel warn
ServerName localhost
DocumentRoot ${folder}/pages
${isRoot ? 'User nobody\nGroup www-data' : ''}
${[
    'mpm_prefork',
    'alias',
    'authz_core',
    'authz_host',
    'cgi',
    'env',
    'fcgid',
    'headers',
    'mime',
    'proxy',
    'proxy_fcgi',
    'reqtimeout',
    'rewrite',
    'setenvif',
]
    .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
    .join('\n')}
StartServers 4
TypesConfig ${existsSync('/etc/mime.types') ? '/etc/mime.types' : '/dev/null'}
SetEnvIf Origin "^https://good\\.example$" LINNET_ORIGIN=$0
FcgidIPCDir ${folder}/fcgid
FcgidProcessTableFile ${folder}/fcgid/table
${Object.values(ports)
    .map((port) => `Listen 127.0.0.1:${port}`)
    .join('\n')}
<VirtualHost 127.0.0.1:${ports.cgi}>
    ${shipped('linnet-pages')}
    ${shipped('linnet-cgi')}
    ScriptAlias /hidden/ ${bin()}/
    ScriptAlias /setenvif/ ${bin()}/
    ScriptAlias /own/ ${bin()}/
    <Location /setenvif/>
        SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1
    </Location>
    <Location /own/>
        SetEnvIf Authorization "(.*)" Authorization=$1
    </Location>
    <Directory ${folder}/pages/news>
        AllowOverride All
        Require all granted
    </Directory>
    <Directory ${folder}/pages/other>
        Require all granted
    </Directory>
    <Location /other/>
        ErrorDocument 404 /other/404.html
    </Location>
    <Directory ${folder}/pages>
        RewriteEngine On
        RewriteRule ^rewritten$ /hidden/graphql.cgi [E=HTTP_AUTHORIZATION:%{HTTP:Authorization},L]
    </Directory>
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.proxy}>
    ${shipped('linnet-pages', built)}
    ${shipped('linnet-proxy', built)}
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.away}>
    ${shipped('linnet-pages')}
    ${shipped('linnet-proxy', { SOCKET: `${folder}/nobody` })}
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.bare}>
    ${shipped('linnet-pages')}
    ${shipped('linnet-proxy')}
</VirtualHost>
<VirtualHost 127.0.0.1:${ports.fcgid}>
    ${shipped('linnet-pages', built)}
    ${shipped('linnet-fcgid', built)}
</VirtualHost>
`;

before(async () => {
    session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'cgi' });
    folder = mkdtempSync(`${tmpdir()}/linnet-apache.`);
    for (const path of [folder, bin(), `${folder}/pages`, `${folder}/fcgid`]) {
        mkdirSync(path, { recursive: true });
        chmodSync(path, 0o755);
    }
    // What a user of a shared host uploads: the site, as docs/deployment-shared.md says; program, settings,
    // contract, key.
    cpSync(built.SITE, `${folder}/pages/news`, { recursive: true });
    writeFileSync(
        `${folder}/pages/news/.htaccess`,
        /^    RewriteEngine On\n(?:    .*\n)+/m
            .exec(readFileSync(`${root}/docs/deployment-shared.md`, 'utf8'))[0]
            .replace('/cgi-bin/graphql.cgi', '/hidden/graphql.cgi'),
    );
    // And what else the host may have.
    mkdirSync(`${folder}/pages/other`);
    writeFileSync(`${folder}/pages/other/404.html`, '<title>Another application</title>');
    copyFileSync(program, `${bin()}/graphql.cgi`);
    chmodSync(`${bin()}/graphql.cgi`, 0o755);
    copyFileSync(`${root}/sql/schema.graphql`, `${bin()}/schema.graphql`);
    copyFileSync(keyFile, `${bin()}/key`);
    chmodSync(`${bin()}/key`, 0o600);
    writeFileSync(
        `${bin()}/linnet.conf`,
        `database = host=${process.env.PGHOST} dbname=linnet user=linnet_login
contract = schema.graphql
key_file = key
mode = production
graphiql = on
graphiql_page = ${built.GRAPHIQL}/index.html
`,
    );
    if (isRoot) {
        const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
        chownSync(`${bin()}/key`, nobody, -1);
        chownSync(`${folder}/fcgid`, nobody, -1);
    }
    execFileSync(program, ['check', '--write', '--config', `${bin()}/linnet.conf`], {
        env: environment,
        stdio: 'pipe',
    });
    for (const name of ['cgi', 'proxy', 'away', 'bare', 'fcgid']) ports[name] = await freePort();
    writeFileSync(`${folder}/apache.conf`, configuration());
    // In a process group of its own, for Apache ends all of its group when it ends.
    server = spawn(apache, ['-f', `${folder}/apache.conf`, '-DFOREGROUND'], {
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: environment,
    });
    process.on('exit', () => server.kill());
    await until(
        async () => {
            assert.equal(server.exitCode, null, 'Apache does not start');
            return (await ask('/graphql', '{ __typename }').catch(() => null))?.status === 200;
        },
        10000 * patience,
        `Apache answers: ${existsSync(`${folder}/error.log`) ? readFileSync(`${folder}/error.log`, 'utf8') : ''}`,
    );
});
after(async () => {
    session.close();
    const exited = new Promise((resolve) => server.on('exit', resolve));
    server.kill('SIGTERM');
    await exited;
    assert.doesNotMatch(
        readFileSync(`${folder}/error.log`, 'utf8'),
        /ERROR: [A-Za-z]*Sanitizer|runtime error:/,
    );
    rmSync(folder, { recursive: true });
});

export function send(path, { method = 'POST', headers = {}, body, port = ports.cgi } = {}) {
    return new Promise((resolve, reject) => {
        const outgoing = http.request(
            { host: '127.0.0.1', port, method, path, headers, agent: false, timeout: 20000 },
            (incoming) => {
                const pieces = [];
                incoming.on('data', (piece) => pieces.push(piece));
                incoming.on('end', () =>
                    resolve(
                        makeAnswer(incoming.statusCode, incoming.headers, Buffer.concat(pieces)),
                    ),
                );
            },
        );
        outgoing.on('error', reject);
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
        outgoing.end(body);
    });
}

export function ask(path, query, variables, headers = {}, port = ports.cgi) {
    const body = Buffer.from(JSON.stringify({ query, variables }));
    return send(path, {
        port,
        body,
        headers: { 'content-type': JSON_TYPE, 'content-length': body.length, ...headers },
    });
}

// Apache's log, with that of Linnet as a program in it.
export const errorLog = () => readFileSync(`${folder}/error.log`, 'utf8');
