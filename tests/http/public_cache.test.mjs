// public_cache.test.mjs - nginx keeps public answers (docs/caching.md): a hit asks no worker, an old
// answer stands in, and nothing that is somebody's own, or that somebody has bent, is ever kept.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { makeUsers, mintExpired } from './lib/accounts.mjs';
import { Application, open } from './lib/application.mjs';
import { GRAPHQL_TYPE, JSON_TYPE, makeAnswer } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, patience, sockets } from './lib/environment.mjs';
import { startNginx } from './lib/nginx.mjs';
import { serve, sleep, until } from './lib/processes.mjs';
import { proxyTo } from './lib/proxy.mjs';
import { randomDocuments } from './lib/random_documents.mjs';

const canary = `canary-${randomBytes(8).toString('hex')}`;
const application = new Application(
    'linnet_kept',
    `CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);
     INSERT INTO notes SELECT n, 'note ' || n FROM generate_series(1, 50) n;
     CREATE TABLE secrets (id integer PRIMARY KEY, owner text NOT NULL, body text NOT NULL);
     INSERT INTO secrets VALUES (1, 'nobody', '${canary}');
     ${open('notes', 'SELECT, UPDATE')}
     ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
     GRANT SELECT ON secrets TO linnet_anon, linnet_user, linnet_staff;
     CREATE POLICY secrets_read ON secrets USING (current_setting('linnet.user_id', true) IS DISTINCT FROM 'nobody');
     CREATE FUNCTION fails(notes) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 / ($1.id - 1) $$;
     CREATE FUNCTION long() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT repeat('long ', 40000) $$;`,
);
const CONTRACT = `type Query {
    note(id: ID!): Note
    short(id: ID!): Note @cacheControl(maxAge: 1, staleWhileRevalidate: 600)
    brief(id: ID!): Note @cacheControl(maxAge: 1, staleWhileRevalidate: 4)
    strict(id: ID!): Note @cacheControl(maxAge: 1)
    secrets: [Secret!]!
    long: String @function(name: "long") @cacheControl(maxAge: 600)
}
type Note @table(name: "notes") @cacheControl(maxAge: 600) { id: ID! body: String! fails: Int @function(name: "fails") }
type Secret @table(name: "secrets") { id: ID! body: String! }`;

const agent = new http.Agent({ keepAlive: true });
after(() => agent.destroy());

// A server, nginx in front of it, and what is between it and PostgreSQL.
class Site {
    static async start(options, edits = []) {
        const site = new Site();
        site.server = await serve(...options);
        site.nginx = await startNginx({ socket: site.server.socket, edits });
        return site;
    }

    // Asks nginx.  A header that is a list is sent as often.
    send(path, { method = 'GET', headers = {} } = {}) {
        return new Promise((resolve, reject) => {
            const outgoing = http.request({ host: '127.0.0.1', port: this.nginx.port, method, path, headers, agent }, (incoming) => {
                const pieces = [];
                incoming.on('data', (piece) => pieces.push(piece));
                incoming.on('error', reject);
                incoming.on('end', () => resolve(makeAnswer(incoming.statusCode, incoming.headers, Buffer.concat(pieces))));
            });
            outgoing.on('error', reject);
            outgoing.end();
        });
    }

    get(query, headers = {}, method = 'GET', more = {}) {
        const path = `/graphql?${new URLSearchParams({ query, ...more })}`;
        return this.send(path, { method, headers: { accept: JSON_TYPE, ...headers } });
    }

    // How many requests the worker has answered until now, with one that asks for this.  Its log has them
    // in their order.
    async asked(query) {
        const id = (await this.get(query)).headers['x-request-id'];
        await until(() => this.server.log.includes(`"requestId":"${id}"`), 8000 * patience, 'the line in the log');
        return this.server.log.split(`"requestId":"${id}"`)[0].split('"event":"request"').length - 1;
    }

    // The files of the cache, as text.
    files() {
        const folder = `${this.nginx.folder}/nginx/cache`;
        return readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => readFileSync(`${entry.parentPath ?? entry.path}/${entry.name}`, 'latin1'));
    }

    async stop() {
        await this.nginx.stop();
        await this.server.stop();
    }
}

suite('nginx', () => {
    let site, proxy, count = 0;
    // A query that nobody has asked before.
    const fresh = (field = 'note', body = '{ id body }') => `{ ${field}(id: 2) ${body} } # ${count++}`;
    const answer = '{"data":{"note":{"id":"2","body":"note 2"}}}';
    before(async () => {
        writeFileSync(`${application.directory}/schema.graphql`, CONTRACT);
        proxy = await proxyTo(`${sockets}/postgresql`);
        site = await Site.start([
            ...['--workers', '1', '--mode', 'production', '--contract', `${application.directory}/schema.graphql`],
            ...['--database', `host=${proxy.host} dbname=${application.database} user=linnet_login`],
        ]);
    });
    after(async () => {
        await site.stop();
        await proxy.close();
    });

    test('asks no worker for what it has', async () => {
        const query = fresh();
        const first = await site.get(query);
        assert.equal(first.headers['x-cache'], 'MISS', first.text);
        const asked = await site.asked(fresh());
        const ids = new Set([first.headers['x-request-id']]);
        for (let i = 0; i < 50; i++) {
            const hit = await site.get(query);
            assert.equal(hit.headers['x-cache'], 'HIT');
            assert.equal(hit.text, answer);
            ids.add(hit.headers['x-request-id']);
            for (const name of ['etag', 'cache-control', 'content-type', 'vary', 'x-content-type-options'])
                assert.equal(hit.headers[name], first.headers[name], name);
        }
        assert.equal(ids.size, 51, 'each request has an id of its own');
        assert.equal(await site.asked(fresh()), asked + 1);
        const lines = await until(
            () => {
                const found = site.nginx.accessLog().filter((line) => ids.has(line.request));
                return found.length === 51 && found;
            },
            8000 * patience,
            'the lines in its log',
        );
        assert.equal(lines.filter(({ server }) => server === '').length, 50, 'hits have no upstream');
    });

    test('compresses what it has, and answers 304 itself', async () => {
        const query = `{ long } # ${count++}`;
        await site.get(query);
        const [plain, packed] = [await site.get(query), await site.get(query, { 'accept-encoding': 'gzip' })];
        assert.deepEqual([plain.headers['x-cache'], packed.headers['x-cache']], ['HIT', 'HIT']);
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.deepEqual(gunzipSync(packed.body), plain.body);
        assert.equal(packed.headers.etag, plain.headers.etag);
        const known = await site.get(query, { 'if-none-match': plain.headers.etag });
        assert.equal(known.status, 304);
        assert.equal(known.headers['x-cache'], 'HIT');
        assert.equal(known.body.length, 0);
    });

    test('asks once for what is old, whoever many want it', async () => {
        const query = fresh('short');
        for (let round = 0; round < 3; round++) {
            await site.get(query);
            await sleep(2100);
            const asked = await site.asked(fresh());
            const started = Date.now();
            const answers = await Promise.all(Array.from({ length: 64 }, () => site.get(query)));
            await until(async () => (await site.get(query)).headers['x-cache'] === 'HIT', 8000 * patience, 'a new one');
            const times = (await site.asked(fresh())) - asked - 1;
            const spent = Date.now() - started;
            for (const { status, text } of answers) assert.deepEqual([status, text], [200, answer.replace('note', 'short')]);
            const states = answers.map(({ headers }) => headers['x-cache']);
            assert.ok(states.every((state) => ['STALE', 'UPDATING', 'HIT'].includes(state)), states.join());
            // Once a second, should it take so long.
            assert.ok(times >= 1 && times <= 1 + Math.floor(spent / 1000), `${times} in ${spent} ms`);
        }
    });

    test('asks whether it is the same with the ETag, and takes what is new', async () => {
        const query = fresh('short');
        const first = await site.get(query);
        await sleep(2100);
        await site.get(query); // an old one; it is asked for
        const again = await until(
            async () => {
                const hit = await site.get(query);
                return hit.headers['x-cache'] === 'HIT' && hit;
            },
            8000 * patience,
            'it is known to be the same',
        );
        assert.equal(again.headers.etag, first.headers.etag);
        await until(() => /"status":304/.test(site.server.log), 8000 * patience, 'the line in the log');
        application.psql("UPDATE notes SET body = 'new' WHERE id = 2");
        try {
            await until(async () => (await site.get(query)).text.includes('"new"'), 8000 * patience, 'the new one');
        } finally {
            application.psql("UPDATE notes SET body = 'note 2' WHERE id = 2");
        }
    });

    test('shows what it has while PostgreSQL is away, for as long as the contract says', async () => {
        const queries = { short: fresh('short'), brief: fresh('brief'), strict: fresh('strict') };
        for (const query of Object.values(queries)) await site.get(query);
        await sleep(1100);
        proxy.isAway = true;
        proxy.cutAll();
        try {
            await until(async () => (await site.get(queries.strict)).status === 503, 20000 * patience, 'it is away');
            const since = Date.now();
            for (let i = 0; i < 20; i++) {
                const old = await site.get(queries.short);
                assert.equal(old.status, 200, old.text);
                assert.equal(old.text, answer.replace('note', 'short'));
            }
            assert.equal((await site.get(fresh('short'))).status, 503);
            await until(async () => (await site.get(queries.brief)).status === 503, 20000 * patience, 'too old');
            assert.ok(Date.now() - since < 20000 * patience);
            assert.equal((await site.get(queries.short)).status, 200);
        } finally {
            proxy.isAway = false;
        }
        await until(async () => (await site.get(queries.strict)).status === 200, 20000 * patience, 'it is back');
        await until(async () => (await site.get(queries.short)).headers['x-cache'] === 'HIT', 20000 * patience, 'a new one');
    });

    // --- what somebody might have bent ---

    // What is sent first, and must not be what others get.
    const bent = {
        'the other media type': { headers: { accept: GRAPHQL_TYPE } },
        'two Accepts': { headers: { accept: [JSON_TYPE, GRAPHQL_TYPE] } },
        'two Accepts, the other way round': { headers: { accept: [GRAPHQL_TYPE, JSON_TYPE] } },
        'an Accept that means the other one': { headers: { accept: `application/json;q=0.1, ${GRAPHQL_TYPE}` } },
        'an Accept that gives the one it names no weight': { headers: { accept: `${GRAPHQL_TYPE},${GRAPHQL_TYPE};q=0, ${JSON_TYPE}` } },
        'an Accept that Linnet refuses': { headers: { accept: 'text/plain' } },
        'no Accept': { headers: { accept: [] } },
        HEAD: { method: 'HEAD' },
        'a Range': { headers: { range: 'bytes=0-3' } },
        'conditions': { headers: { 'if-none-match': '*', 'if-modified-since': 'Mon, 01 Jan 2035 00:00:00 GMT' } },
        'an Origin': { headers: { origin: 'http://localhost:3000' } },
        'an Origin that may not read': { headers: { origin: 'https://evil.example' } },
        'an empty Origin': { headers: { origin: '' } },
        'another site': { headers: { 'sec-fetch-site': 'cross-site' } },
        'a page of another site': { headers: { referer: 'https://evil.example/' } },
        'a token that is none': { headers: { authorization: 'JWT nonsense' } },
        'the Authorization "0"': { headers: { authorization: '0' } },
        'an Authorization that is empty, and one that is not': { headers: { authorization: ['', 'JWT nonsense'] } },
        'our cookie': { headers: { cookie: 'linnet-token=x' } },
        'the cookie header': { headers: { 'linnet-cookies': '1' } },
        'an empty cookie header': { headers: { 'linnet-cookies': '' } },
        'headers of development': { headers: { 'linnet-explain': '1', 'linnet-document': 'any' } },
        'a key': { headers: { 'idempotency-key': 'x' } },
        'a name in X-Forwarded-Host': { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } },
        'a type of its body': { headers: { 'content-type': 'text/plain', 'content-length': '0' } },
        'an encoding': { headers: { 'accept-encoding': 'gzip, br' } },
    };
    for (const [what, options] of Object.entries(bent))
        test(`${what}: nobody else gets an answer that is bent by it`, async () => {
            const query = fresh();
            for (let i = 0; i < 2; i++) await site.get(query, { accept: JSON_TYPE, ...options.headers }, options.method);
            const next = await site.get(query);
            assert.equal(next.status, 200);
            assert.equal(next.text, answer);
            assert.equal(next.headers['content-type'], 'application/json; charset=utf-8');
            assert.equal(next.headers['content-length'], String(answer.length));
            for (const name of ['access-control-allow-origin', 'set-cookie', 'content-range', 'server-timing'])
                assert.equal(next.headers[name], undefined, name);
            const graphql = await site.get(query, { accept: GRAPHQL_TYPE });
            assert.equal(graphql.headers['content-type'], 'application/graphql-response+json; charset=utf-8');
            assert.equal((await site.get(query)).headers['x-cache'], 'HIT');
        });

    test('what comes with cookies of other programs is kept', async () => {
        const query = fresh();
        await site.get(query, { cookie: 'session=7; theme=dark' });
        assert.equal((await site.get(query, { cookie: 'session=8' })).headers['x-cache'], 'HIT');
    });

    test('what clients send is one of two types', async () => {
        const query = fresh();
        await Promise.all([site.get(query), site.get(query, { accept: GRAPHQL_TYPE })]);
        const accepts = {
            'application/json': JSON_TYPE,
            '*/*': JSON_TYPE,
            'application/json, text/plain, */*': JSON_TYPE, // axios
            'application/graphql-response+json,application/json;q=0.9': GRAPHQL_TYPE, // Apollo Client
            'application/graphql-response+json, application/json': GRAPHQL_TYPE, // graphql-request
            'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8': null,
            // urql takes streams
            'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed': null,
        };
        for (const [accept, type] of Object.entries(accepts)) {
            const got = await site.get(query, { accept });
            assert.equal(got.headers['x-cache'], type ? 'HIT' : 'BYPASS', accept);
            assert.equal(got.text, answer);
            if (type) assert.equal(got.headers['content-type'], `${type}; charset=utf-8`);
        }
    });

    test('other parameters, in another order or twice, are other answers', async () => {
        const query = 'query A($id: ID!) { note(id: $id) { id } }';
        const ask = (id, more) => site.get(query, {}, 'GET', { variables: JSON.stringify({ id }), ...more });
        for (let i = 0; i < 2; i++)
            for (const id of [1, 2, 3, '1|json', '2?query={note(id:1){id}}'])
                assert.equal((await ask(id)).json.data.note?.id ?? null, /^\d$/.test(id) ? String(id) : null, id);
        const path = (text) => `/graphql?${text}`;
        const [one, two] = [encodeURIComponent('{note(id:1){id}}'), encodeURIComponent('{note(id:2){id}}')];
        const twice = await site.send(path(`query=${one}&query=${two}`), { headers: { accept: JSON_TYPE } });
        const single = await site.send(path(`query=${two}`), { headers: { accept: JSON_TYPE } });
        assert.deepEqual(single.json, { data: { note: { id: '2' } } });
        assert.notEqual(twice.headers['x-cache'], 'HIT');
        // A name of another host has answers of its own.
        const headers = { accept: JSON_TYPE, host: 'evil.example' };
        assert.equal((await site.send(path(`query=${two}`), { headers })).headers['x-cache'], 'MISS');
    });

    test('errors are not kept, whole or in part, nor what is not public', async () => {
        for (const query of [
            `{ note(id: 1) { id fails } } # ${count++}`,
            `{ note(id: 1) { nothing } } # ${count++}`,
            `{ note( # ${count++}`,
            `mutation { note } # ${count++}`,
            `{ secrets { id body } } # ${count++}`,
            `{ __schema { queryType { name } } } # ${count++}`,
        ])
            for (let i = 0; i < 3; i++) {
                const got = await site.get(query);
                assert.notEqual(got.headers['x-cache'], 'HIT', query);
                assert.equal(got.headers['cache-control'], 'private, no-store');
            }
        const files = site.files();
        assert.ok(files.length > 20 && files.some((file) => file.includes(answer)));
        assert.ok(!files.some((file) => file.includes(canary) || file.includes('"errors"')));
    });

    test('POST has nothing to do with it', async () => {
        const body = JSON.stringify({ query: fresh() });
        for (let i = 0; i < 2; i++) {
            const got = await new Promise((resolve, reject) => {
                const headers = { 'content-type': JSON_TYPE, 'content-length': body.length, accept: JSON_TYPE };
                http.request({ host: '127.0.0.1', port: site.nginx.port, method: 'POST', path: '/graphql', headers }, resolve)
                    .on('error', reject)
                    .end(body);
            });
            got.resume();
            assert.equal(got.statusCode, 200);
            assert.equal(got.headers['x-cache'], undefined);
        }
    });
});

// The shipped application, asked by everybody for what is theirs: none of that is in a file.
suite('what is somebody’s own', () => {
    const documents = isFull ? 2000 : 120;
    let site, session, users;
    before(async () => {
        session = new Session();
        users = [
            ...(await makeUsers(session, 2, { prefix: canary })),
            ...(await makeUsers(session, 2, { prefix: `${canary}-staff`, role: 'staff' })),
        ];
        for (const user of users)
            await session.run(`UPDATE user_private SET email = '${user.id}-mail-${canary}' WHERE user_id = ${user.id}`);
        site = await Site.start(['--workers', '1'], [['limit_conn linnet_clients 128', 'limit_conn linnet_clients 1024']]);
    });
    after(async () => {
        await site.stop();
        await session.run(`DELETE FROM users WHERE id IN (${users.map(({ id }) => id).join()})`).catch(() => {});
    });

    test(`is never kept: ${documents} documents, three roles, two viewers of each`, async () => {
        const next = randomDocuments(23);
        const own = ['email', 'lastLogin', 'email lastLogin'];
        const tokens = [...users.map(({ token }) => token), mintExpired(users[0])];
        const headersOf = async (token) => ({ authorization: `JWT ${await token}` });
        let mails = 0;
        for (let i = 0; i < documents; i++) {
            const { query, variables } = next();
            // Whose rows are shown is asked of all users and of the one who asks.
            const mine = users.map(({ id }, n) => `u${n}: user(id: ${id}) { id ${own[i % 3]} linkSet(first: 1) { viewerHasVoted } }`).join(' ');
            const texts = [query, `{ me { id ${own[i % 3]} } } # ${i}`, `{ ${mine} me { email } } # ${i}`, `{ ${mine} } # ${i}`];
            const text = texts[i % 4];
            const more = i % 4 || !variables ? {} : { variables: JSON.stringify(variables) };
            if (text.length + JSON.stringify(more).length > 3000) continue;
            for (const headers of [...(await Promise.all(tokens.map(headersOf))), {}, { cookie: `linnet-token=${users[0].token}`, 'linnet-cookies': '1' }, {}]) {
                const got = await site.get(text, headers, 'GET', more);
                mails += got.text.includes(`-mail-${canary}`);
                if (Object.keys(headers).length > 0) assert.notEqual(got.headers['x-cache'], 'HIT');
                else assert.ok(!got.text.includes(`-mail-${canary}`), text);
            }
        }
        // Something was to be found, and something is kept.
        const files = site.files();
        assert.ok(mails > documents / 2, `${mails}`);
        assert.ok(files.length > 5, `${files.length} files`);
        const secrets = [`-mail-${canary}`, ...users.map(({ token }) => token), 'Set-Cookie', '"me"', '"errors"', 'Authorization:'];
        for (const file of files) for (const secret of secrets) assert.ok(!file.includes(secret), secret);
    });
});
