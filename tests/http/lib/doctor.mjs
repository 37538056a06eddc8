// doctor.mjs - `linnet doctor` on the instance, with one thing broken: a file, a setting, a web server's
// configuration, or the database.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

import { program, root, sockets, state } from './environment.mjs';

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

export const folder = mkdtempSync(`${tmpdir()}/linnet-doctor.`);
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

// A file of these contents, older than the server, which others may read unless `mode` says otherwise;
// its path.
export function file(text, { name = `file${(count += 1)}`, mode = 0o644 } = {}) {
    const path = `${folder}/${name}`;
    writeFileSync(path, text);
    chmodSync(path, mode);
    utimesSync(path, new Date(Date.now() - 86400000), new Date(Date.now() - 86400000));
    return path;
}

export const socket = `${sockets}/linnet/linnet.sock`;
export const settings = () => readFileSync(`${state}/linnet.conf`, 'utf8');

// The instance's configuration as a file of its own, changed.
export const config = (change, options) =>
    file(change(settings().replace(/^contract = .*/m, () => `contract = ${copy()}\nmigrations = ${root}/sql`)), options);

// nginx's configuration of the instance as `nginx -T` prints it, changed.
export function nginx(change = (text) => text) {
    const files = ['nginx.conf', 'linnet.conf'].map((name) => `${state}/nginx/${name}`);
    const text = files.map((name) => `# configuration file ${name}:\n${readFileSync(name, 'utf8')}\n`).join('');
    return file(change(text));
}

// The same, at a public address with TLS.
export const publicNginx = (change = (text) => text) =>
    nginx((text) => change(text.replace(/listen 127\.0\.0\.1:\d+;/, 'listen 443 ssl; server_name api.example.org;')));

// One of the files of apache/, with its paths, in a main file like Debian's.
export function apache(name, change = (text) => text, { document = '/var/www/html' } = {}) {
    const text = readFileSync(`${root}/apache/linnet-${name}.conf.in`, 'utf8')
        .replaceAll('@SOCKET@', socket)
        .replaceAll('@PROGRAM@', '/srv/www/cgi-bin/graphql.fcgi')
        .replaceAll('@FOLDER@', '/srv/www/cgi-bin');
    const included = file(change(text));
    return file(`ServerRoot "${folder}"\nUser \${APACHE_RUN_USER}\nTimeout 60\n<VirtualHost *:443>\n    DocumentRoot ${document}\n    IncludeOptional ${included}*\n</VirtualHost>\n`);
}

let copied;
const copy = () => (copied ??= file(readFileSync(`${root}/sql/schema.graphql`, 'utf8'), { name: 'schema.graphql' }));

// Runs it; what it found, by checks: { verdict, why, mend } of the worst.
export function doctor(...options) {
    const given = options.includes('--nginx') || options.includes('--apache') ? [] : ['--nginx', `${state}/nginx/nginx.conf`];
    const named = options.includes('--config') ? [] : ['--config', `${state}/linnet.conf`];
    // A copy, since whose the checkout is is nothing that ./up made.
    const contract = options.some((option) => ['--contract', '--config'].includes(option)) ? [] : ['--contract', copy(), '--migrations', `${root}/sql`];
    const { stdout, stderr, status } = spawnSync(program, ['doctor', '--json', ...named, ...given, ...contract, ...options], {
        cwd: folder,
        env: environment,
        encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const report = JSON.parse(stdout);
    assert.equal(status, report.fail > 0 ? 1 : 0, stdout);
    const worst = new Map();
    const order = ['ok', 'skipped', 'warn', 'fail'];
    for (const finding of report.findings) {
        const before = worst.get(finding.check);
        if (!before || order.indexOf(finding.verdict) > order.indexOf(before.verdict)) worst.set(finding.check, finding);
    }
    return worst;
}

// The names of the checks that warn or fail.
export const bad = (found) => [...found.values()].filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
