// cluster.mjs - further PostgreSQL clusters, copies of the instance's, to be broken as one likes.
//
// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

import { instance } from './processes.mjs';

const running = new Set();
after(async () => {
    for (const cluster of running) await cluster.remove();
});

// Copies the instance's cluster, which is stopped meanwhile, so many times; their names are numbers.
// `megabytes`: on a file system of its own that has so many more than the data needs.
export async function copyClusters(count, { megabytes } = {}) {
    const clusters = [];
    await instance('postgresql_stop');
    try {
        for (let i = 0; i < count; i++) clusters.push(await copy(megabytes));
    } finally {
        await instance('postgresql_start');
    }
    for (const cluster of clusters) running.add(cluster);
    return clusters;
}

async function copy(megabytes) {
    const folder = mkdtempSync(`${tmpdir()}/linnet-cluster.`);
    const data = `${folder}/disk/data`;
    chmodSync(folder, 0o755);
    const as = 'as_user "$CLUSTER_USER"';
    const own = 'if is_root; then chown "$CLUSTER_USER:"';
    await instance(`mkdir "${folder}/disk"; ${own} "${folder}"; fi`);
    if (megabytes)
        await instance(`size=$(($(du -sm "$STATE/postgresql" | cut -f1) + ${megabytes}))
            mount -t tmpfs -o size=\${size}m,mode=755 tmpfs "${folder}/disk"`);
    await instance(`${own} "${folder}/disk"; fi; ${as} cp -a "$STATE/postgresql" "${data}"`);
    writeFileSync(`${folder}/pg_hba.conf`, 'local all all trust\nlocal replication all trust\n');
    writeFileSync(
        `${folder}/postgresql.conf`,
        `data_directory = '${data}'\nhba_file = '${folder}/pg_hba.conf'\nlisten_addresses = ''
        unix_socket_directories = '${folder}'\nmax_connections = 100\nshared_buffers = 16MB
        wal_level = replica\nlog_line_prefix = '%m [%p] '\n`,
    );
    const control = (what) =>
        instance(`${as} "$POSTGRESQL/pg_ctl" --pgdata="${data}" --silent --wait ${what} > /dev/null 2>&1`);
    const cluster = {
        host: folder,
        disk: `${folder}/disk`,
        start: () =>
            control(`--log="${folder}/log" --options="-c config_file='${folder}/postgresql.conf'" start`),
        stop: (mode = 'fast') => control(`--mode=${mode} stop`),
        promote: () => control('promote'),
        // Makes it a standby of the other, before it is started.
        follow: (primary) =>
            instance(`${as} touch "${data}/standby.signal"
                echo "primary_conninfo = 'host=${primary.host} user=postgres'" >> "${folder}/postgresql.conf"`),
        psql: (sql) =>
            execFileSync(
                'psql',
                ['-XqtA', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', 'linnet'],
                { input: sql, encoding: 'utf8' },
            ).trim(),
        async remove() {
            running.delete(cluster);
            await cluster.stop('immediate').catch(() => {});
            if (megabytes) await instance(`umount "${folder}/disk"`);
            rmSync(folder, { recursive: true, force: true });
        },
    };
    return cluster;
}
