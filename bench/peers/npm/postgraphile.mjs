// postgraphile.mjs - PostGraphile 5, whose schema is what it makes of the tables: the preset Amber with
// plain lists added, and PROCESSES that share PORT.
//
// Linnet's functions are left out: one has the name of a mutation that PostGraphile makes of a table.
// From the environment too: PGHOST, PGUSER and PGDATABASE.
//
// SPDX-License-Identifier: MIT
import cluster from 'node:cluster';
import { createServer } from 'node:http';

import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const { env } = process;

async function serve() {
    const preset = {
        extends: [PostGraphileAmberPreset],
        disablePlugins: ['PgCustomTypeFieldPlugin'],
        pgServices: [makePgService({
            poolConfig: { host: env.PGHOST, user: env.PGUSER, database: env.PGDATABASE, max: 4 },
            schemas: ['public'],
        })],
        schema: { pgSimpleCollections: 'both', defaultBehavior: '+list +connection' },
        grafserv: { graphiql: false, watch: false },
        grafast: { explain: false },
    };
    const server = createServer();
    await postgraphile(preset).createServ(grafserv).addTo(server);
    server.listen({ port: Number(env.PORT), host: '127.0.0.1', backlog: 4096 });
}

if (cluster.isPrimary) for (let i = 0; i < Number(env.PROCESSES); i++) cluster.fork();
else await serve();
