// poolers.mjs - what PgBouncer in between costs PostgreSQL, for each request: bench/poolers runs it.
//
// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';

import { asParameters, makeUsers } from '../tests/http/lib/accounts.mjs';
import { Session } from '../tests/http/lib/database.mjs';
import { state } from '../tests/http/lib/environment.mjs';
import { keepsPrepared, startPgbouncer, version } from '../tests/http/lib/pgbouncer.mjs';
import { serve, workersTime } from '../tests/http/lib/processes.mjs';

const REQUESTS = Number(process.argv[2] ?? 4000),
    CLIENTS = 16,
    ROUNDS = 3;
const postmaster = readFileSync(`${state}/postgresql/postmaster.pid`, 'utf8').split('\n')[0];

// Microseconds of CPU that the sessions have used, by process.
function sessions() {
    const times = new Map();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
        try {
            const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1];
            if (parent === postmaster && /linnet_login/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')))
                times.set(pid, Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000);
        } catch {
            // It has ended.
        }
    return times;
}

const session = new Session();
const users = await makeUsers(session, 8, { prefix: 'bench' });
const staff = await makeUsers(session, 8, { prefix: 'bench-staff', role: 'staff' });
const people = users.flatMap((user, i) => [user, staff[i]]);
const links = (await session.rows('SELECT id FROM links WHERE id < 900000 ORDER BY id LIMIT 50')).map(({ id }) => id);
const byKey = 'query ($id: ID!) { link(id: $id) { id url description } }';
const workloads = {
    'a link by its key, nobody': { query: byKey, who: () => null },
    'a link by its key, users and staff in turn': { query: byKey, who: (i) => people[i % people.length] },
    'ten links with who posted them and their votes, in turn': {
        query: '{ links(first: 10) { id url postedBy { username } votes(first: 5) { id } } }',
        who: (i) => people[i % people.length],
    },
    'createLink, users and staff in turn': {
        query: 'mutation { createLink(url: "https://bench.example/") { id } }',
        who: (i) => people[i % people.length],
    },
};

async function run(server, { query, who }, count) {
    let next = 0;
    const client = async () => {
        for (let i = next++; i < count; i = next++) {
            const { text } = await server.post(query, { id: links[i % links.length] }, { parameters: asParameters(who(i)) });
            if (!text.startsWith('{"data":')) throw new Error(text);
        }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
}

// The median of microseconds of PostgreSQL's and of Linnet's CPU for a request.
async function measure(options) {
    const server = await serve('--workers', '2', '--log', 'warning', ...options);
    const row = {};
    for (const [name, workload] of Object.entries(workloads)) {
        await run(server, workload, REQUESTS / 4);
        const rounds = [];
        for (let round = 0; round < ROUNDS; round++) {
            const before = sessions(),
                own = workersTime(server.pid);
            await run(server, workload, REQUESTS);
            let used = 0;
            for (const [pid, time] of sessions()) used += time - (before.get(pid) ?? 0);
            rounds.push([used / REQUESTS, ((workersTime(server.pid) - own) * 1000) / REQUESTS]);
        }
        row[name] = rounds.sort(([a], [b]) => a - b)[ROUNDS >> 1];
    }
    await server.stop();
    return row;
}

const pgbouncer = await startPgbouncer({ size: 4 });
const behind = ['--database', pgbouncer.connection, '--pooler', 'transaction', '--prepared'];
const rows = {
    'no pooler': await measure([]),
    'no pooler, connections not shared': await measure(['--limit-shared-requests', '1']),
    'no pooler, prepared = off': await measure(['--limit-shared-requests', '1', '--prepared', 'off']),
    ...(keepsPrepared ? { [`PgBouncer ${version.join('.')}, prepared = on`]: await measure([...behind, 'on']) } : {}),
    [`PgBouncer ${version.join('.')}, prepared = off`]: await measure([...behind, 'off']),
};
await pgbouncer.stop();
session.close();
for (const name of Object.keys(workloads)) {
    console.log(name);
    for (const [how, row] of Object.entries(rows))
        console.log(
            `    ${how.padEnd(40)} PostgreSQL ${row[name][0].toFixed(0)} us (${(row[name][0] / rows['no pooler, connections not shared'][name][0]).toFixed(2)}), Linnet ${row[name][1].toFixed(0)} us`,
        );
}
process.exit(0);
