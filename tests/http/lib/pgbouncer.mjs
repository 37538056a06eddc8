// pgbouncer.mjs - PgBouncer in front of a PostgreSQL, as Debian has it, or the program that LINNET_PGBOUNCER names.
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { after } from 'node:test';

import { patience } from './environment.mjs';
import { until } from './processes.mjs';

const program = process.env.LINNET_PGBOUNCER || '/usr/sbin/pgbouncer';

// [1, 18]: those before 1.21 cannot keep prepared statements.
export const version = /^PgBouncer (\d+)\.(\d+)/
    .exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))
    .slice(1)
    .map(Number);
export const keepsPrepared = version[0] > 1 || version[1] >= 21;

const running = new Set();
after(() => Promise.all([...running].map((one) => one.stop())));

// It is not started as root.
const isRoot = userInfo().uid === 0;
const idOf = (what) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));

// Starts one: `size` connections to the database of that name, at `host`; `settings` are lines of its
// file.  What connects to it is `connection`.
export async function startPgbouncer({
    host = process.env.PGHOST,
    database = 'linnet',
    size = 2,
    mode = 'transaction',
    settings = [],
} = {}) {
    const folder = mkdtempSync(`${tmpdir()}/linnet-pgbouncer.`);
    const write = (name, text) => writeFileSync(`${folder}/${name}`, text);
    chmodSync(folder, 0o755);
    if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'));
    write('users', '"linnet_login" ""\n"linnet_owner" ""\n"postgres" ""\n');
    const configure = (server = host) =>
        write(
            'pgbouncer.ini',
            `[databases]
            ${database} = host=${server} port=${process.env.PGPORT ?? 5432} dbname=${database}
            [pgbouncer]
            listen_addr =
            listen_port = 6432
            unix_socket_dir = ${folder}
            auth_type = trust
            auth_file = ${folder}/users
            admin_users = postgres
            pool_mode = ${mode}
            default_pool_size = ${size}
            max_client_conn = 200
            server_reset_query_always = 0
            server_login_retry = 0.2
            logfile = ${folder}/log
            ${keepsPrepared ? 'max_prepared_statements = 100' : ''}
            ${settings.join('\n')}`.replace(/^ +/gm, ''),
        );
    configure();
    const child = spawn(program, [...(isRoot ? ['-u', 'postgres'] : []), '--quiet', `${folder}/pgbouncer.ini`], {
        stdio: ['ignore', 'inherit', 'inherit'],
    });
    const exited = new Promise((resolve) => child.on('exit', resolve));
    const pgbouncer = {
        folder,
        connection: `host=${folder} port=6432 dbname=${database} user=linnet_login`,
        get log() {
            return readFileSync(`${folder}/log`, 'utf8');
        },
        // Runs a command of its console.
        console: (command) =>
            execFileSync(
                'psql',
                ['-XqtA', '-h', folder, '-p', '6432', '-U', 'postgres', '-d', 'pgbouncer', '-c', command],
                { encoding: 'utf8' },
            ).trim(),
        // Lets it connect to another PostgreSQL.
        move(server) {
            configure(server);
            pgbouncer.console('RELOAD');
            pgbouncer.console('RECONNECT');
        },
        async stop() {
            running.delete(pgbouncer);
            child.kill('SIGTERM');
            const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
            await exited;
            clearTimeout(timer);
            rmSync(folder, { recursive: true, force: true });
        },
    };
    running.add(pgbouncer);
    await until(
        () => child.exitCode !== null || existsSync(`${folder}/.s.PGSQL.6432`),
        10000 * patience,
        'PgBouncer listens',
    );
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
    return pgbouncer;
}
