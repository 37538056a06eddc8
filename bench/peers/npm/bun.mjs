// bun.mjs - Bun's own HTTP server and PostgreSQL client, with engine.mjs; PROCESSES of them share PORT.
//
// From the environment too: SCHEMA, a file; PGHOST (a folder), PGUSER and PGDATABASE.
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { SQL } from 'bun';

import { makeEngine } from './engine.mjs';

const { env } = process;

// A text without parameters goes as a tagged template: unsafe() would send it unprepared.
const templates = new Map();
function template(text) {
    if (!templates.has(text)) templates.set(text, Object.defineProperty([text], 'raw', { value: [text] }));
    return templates.get(text);
}

// database(text, parameters) -> rows, as arrays.
function connect() {
    const sql = new SQL({
        adapter: 'postgres', path: `${env.PGHOST}/.s.PGSQL.5432`, username: env.PGUSER, database: env.PGDATABASE,
        max: 1, idleTimeout: 0,
        connection: { plan_cache_mode: 'force_generic_plan', random_page_cost: '1.1', jit: 'off', TimeZone: 'UTC' },
    });
    return (text, parameters) => (parameters.length ? sql.unsafe(text, parameters) : sql(template(text))).values();
}

function serve() {
    const answer = makeEngine(connect(), readFileSync(env.SCHEMA, 'utf8'));
    const init = { headers: { 'Content-Type': 'application/json' } };
    Bun.serve({
        port: Number(env.PORT), hostname: '127.0.0.1', reusePort: true, idleTimeout: 65,
        async fetch(request) {
            if (request.method !== 'POST' || !request.url.endsWith('/graphql')) return new Response('', { status: 404 });
            try {
                return new Response(await answer(await request.text()), init);
            } catch ({ message }) {
                return new Response(JSON.stringify({ errors: [{ message }] }), init);
            }
        },
    });
}

if (env.CHILD) {
    serve();
} else {
    const children = Array.from({ length: Number(env.PROCESSES) }, () =>
        spawn(process.execPath, [process.argv[1]], { env: { ...env, CHILD: '1' }, stdio: 'inherit' }));
    process.on('SIGTERM', () => {
        for (const child of children) child.kill();
        process.exit(0);
    });
}
