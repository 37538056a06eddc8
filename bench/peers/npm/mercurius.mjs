// mercurius.mjs - Mercurius as its manual has it: compiled queries (jit), loaders for the relations,
// named statements, and PROCESSES that share PORT.
//
// It serves the schema that `linnet print schema` prints, as far as the workloads of bench/compare go,
// without tokens.  From the environment too: SCHEMA, a file; PGHOST, PGUSER and PGDATABASE.
//
// SPDX-License-Identifier: MIT
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';

import fastify from 'fastify';
import mercurius from 'mercurius';
import pg from 'pg';

const { env } = process;
const COLUMNS = 'id, url, description, created_at as "createdAt", vote_count as "voteCount", posted_by';

function serve() {
    const pool = new pg.Pool({ max: 4 });
    const query = async (name, text, values) => (await pool.query({ name, text, values })).rows;
    const resolvers = {
        Query: {
            link: async (_, { id }) => (await query('link', `select ${COLUMNS} from links where id = $1`, [id]))[0],
            links(_, { first, orderBy }) {
                if (orderBy && JSON.stringify(orderBy) !== '[{"createdAt":"DESC"}]') throw new Error('That order is not served');
                return query('links', `select ${COLUMNS} from links order by created_at desc, id desc limit $1`, [first]);
            },
        },
        Mutation: {
            createLink: async (_, { url, description }) => (await query('insert',
                `insert into links (url, description, posted_by) values ($1, $2, 1) returning ${COLUMNS}`, [url, description]))[0],
        },
        Link: { createdAt: ({ createdAt }) => createdAt.toISOString() },
    };
    async function users(ids) {
        const rows = await query('users', 'select id, username from users where id = any($1)', [[...new Set(ids)]]);
        const found = new Map(rows.map((row) => [row.id, row]));
        return ids.map((id) => found.get(id));
    }
    const loaders = {
        Link: {
            postedBy: (queries) => users(queries.map(({ obj }) => obj.posted_by)),
            async votes(queries) {
                const lists = new Map(queries.map(({ obj }) => [obj.id, []]));
                const rows = await query('votes',
                    'select id, link_id, user_id from votes where link_id = any($1) order by created_at, id', [[...lists.keys()]]);
                for (const row of rows) lists.get(row.link_id).push(row);
                return queries.map(({ obj }) => lists.get(obj.id));
            },
        },
        Vote: { user: (queries) => users(queries.map(({ obj }) => obj.user_id)) },
    };
    const app = fastify({ logger: false });
    app.register(mercurius, { schema: readFileSync(env.SCHEMA, 'utf8'), resolvers, loaders, jit: 1 });
    app.listen({ port: Number(env.PORT), host: '127.0.0.1', backlog: 4096 });
}

if (cluster.isPrimary) for (let i = 0; i < Number(env.PROCESSES); i++) cluster.fork();
else serve();
