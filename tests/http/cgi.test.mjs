// cgi.test.mjs - Linnet as a program of a cgi-bin, under a real Apache with mod_cgi, and its
// pool behind mod_proxy_fcgi.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import { goodPassword, signUp, unique } from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import { ada, ask, bin, environment, errorLog, ports, send, session } from './lib/apache.mjs';
import { assertErrors, assertRefused, GRAPHQL_TYPE, JSON_TYPE } from './lib/client.mjs';
import { Jar, plainNames, setCookies } from './lib/cookies.mjs';
import { quote } from './lib/database.mjs';
import { patience, program, state } from './lib/environment.mjs';
import { until } from './lib/processes.mjs';
import { untilLogged } from './lib/wait.mjs';

const script = '/graphql';

// A body whose length the client does not say.
async function answersChunks(port) {
    const chunks = { 'content-type': JSON_TYPE, 'transfer-encoding': 'chunked' };
    const post = (n) =>
        send(script, { port, headers: chunks, body: JSON.stringify({ query: '{ __typename }' }).padEnd(n) });
    for (const n of [0, 100000, 262144])
        assert.deepEqual((await post(n)).json, { data: { __typename: 'Query' } });
    assertRefused(await post(262145), 413, 'LIMIT_EXCEEDED');
}

suite('a program of a cgi-bin', () => {
    test('answers a body that comes in chunks', () => answersChunks(ports.cgi));

    test('answers a query', async () => {
        const answer = await ask(
            script,
            'query ($id: ID!) { link(id: $id) { id url postedBy { username email } votes(first: 1) { id } } }',
            { id: 910011 },
        );
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers['content-type'], `${JSON_TYPE}; charset=utf-8`);
        assert.deepEqual(answer.json.data.link, {
            id: '910011',
            url: 'https://http.example/twice',
            postedBy: { username: 'http.poster', email: null },
            votes: answer.json.data.link.votes,
        });
    });

    test('answers GET', async () => {
        const answer = await send(
            `${script}?${new URLSearchParams({ query: '{ link(id: 910011) { id } }' })}`,
            { method: 'GET' },
        );
        assert.deepEqual(answer.json, { data: { link: { id: '910011' } } });
    });

    test('answers HEAD without a body', async () => {
        const path = `${script}?${new URLSearchParams({ query: '{ link(id: 910011) { id } }' })}`;
        const head = await send(path, { method: 'HEAD' }),
            got = await send(path, { method: 'GET' });
        assert.equal(head.status, 200);
        // Apache may leave the length out.
        assert.ok([undefined, String(got.body.length)].includes(head.headers['content-length']));
        assert.equal(head.headers['content-type'], got.headers['content-type']);
        assert.equal(head.body.length, 0);
    });

    test('takes several lines of Accept as one list', async () => {
        const answer = await ask(script, '{ __typename }', {}, { accept: ['text/html', GRAPHQL_TYPE] });
        assert.equal(answer.headers['content-type'], `${GRAPHQL_TYPE}; charset=utf-8`);
    });

    test('refuses a body that is compressed', async () => {
        const answer = await ask(script, '{ __typename }', {}, { 'content-encoding': 'gzip' });
        assertRefused(answer, 415, 'BAD_REQUEST');
        assert.equal(answer.headers['accept-encoding'], 'identity');
    });

    test('answers a body in full, up to its bound and no further', async () => {
        const body = (n) => Buffer.from(JSON.stringify({ query: '{ __typename }' }).padEnd(n));
        const post = (n) =>
            send(script, {
                body: body(n),
                headers: { 'content-type': JSON_TYPE, 'content-length': n },
            });
        assert.deepEqual((await post(262144)).json, { data: { __typename: 'Query' } });
        assertRefused(await post(262145), 413, 'LIMIT_EXCEEDED');
    });

    test('answers errors with their statuses', async () => {
        assertRefused(await ask(script, '{', {}, { accept: GRAPHQL_TYPE }), 400, 'GRAPHQL_PARSE_FAILED');
        const plain = { 'content-type': 'text/plain', 'content-length': 1 };
        assertRefused(await send(script, { body: 'x', headers: plain }), 415, 'BAD_REQUEST');
        const put = await send(script, {
            method: 'PUT',
            body: '{}',
            headers: { 'content-type': JSON_TYPE, 'content-length': 2 },
        });
        assertRefused(put, 405, 'BAD_REQUEST');
        assert.equal(put.headers.allow, 'GET, HEAD, POST');
    });

    test('answers many at once', async () => {
        const answers = await Promise.all(
            Array.from({ length: 16 }, (_, i) => ask(script, `{ user(id: ${i + 1}) { id } }`)),
        );
        assert.deepEqual(
            answers.map(({ json }) => json.data?.user.id),
            Array.from({ length: 16 }, (_, i) => String(i + 1)),
        );
    });

    test('signs in, and writes', async () => {
        const username = `cgi.${Date.now()}`;
        const answer = await ask(
            script,
            `mutation { createUser(username: "${username}", password: "a long password", email: "cgi@example.com") { user { email } }
            tokenAuth(username: "${username}", password: "a long password") { token } }`,
        );
        assert.equal(answer.json.errors, undefined, answer.text);
        const u = freshUrl();
        const made = await ask(
            script,
            'mutation ($u: String!) { createLink(url: $u) { url postedBy { username } } }',
            { u },
            { authorization: `JWT ${answer.json.data.tokenAuth.token}` },
        );
        assert.deepEqual(made.json, { data: { createLink: { url: u, postedBy: { username } } } });
        assert.equal((await session.rows(`SELECT FROM links WHERE url = ${quote(u)}`)).length, 1);
    });

    test('counts guesses by address', async () => {
        await session.run('DELETE FROM login_failures');
        const answer = await ask(
            script,
            'mutation { tokenAuth(username: "cgi.nobody", password: "a long password") { token } }',
        );
        assert.equal(assertErrors(answer)[0].extensions.code, 'UNAUTHENTICATED');
        const { count } = await session.row(
            "SELECT count(*) FROM login_failures WHERE key = sha256('client 127.0.0.1/32')",
        );
        assert.equal(count, 1);
    });

    test('knows /live and /ready after its name', async () => {
        assert.deepEqual((await send(`${script}/live`, { method: 'GET' })).json, {
            status: 'live',
        });
        assert.deepEqual((await send(`${script}/ready`, { method: 'GET' })).json, {
            status: 'ready',
        });
    });

    test("logs to Apache's log, in lines of JSON", async () => {
        const { headers } = await ask(script, 'query Logged { __typename }');
        const line = await until(
            () =>
                errorLog()
                    .split('\n')
                    .find((text) => text.includes(headers['x-request-id'])),
            2000 * patience,
            'a line',
        );
        assert.match(line, /Logged/);
    });
});

suite('Authorization', () => {
    const me = async (path) =>
        (
            await ask(
                path,
                '{ me { id email } links(first: 1) { id } }',
                {},
                { authorization: `JWT ${ada.token}` },
            )
        ).json.data.me;
    const own = () => ({ id: ada.id, email: ada.email });

    test('is hidden by Apache unless it is told', async () =>
        assert.equal(await me('/hidden/graphql.cgi'), null));
    test('by CGIPassAuth, as our file has it', async () =>
        assert.deepEqual(await me(script), own()));
    test('by SetEnvIf', async () => assert.deepEqual(await me('/setenvif/graphql.cgi'), own()));
    test('by SetEnvIf, under its own name', async () =>
        assert.deepEqual(await me('/own/graphql.cgi'), own()));
    test('by RewriteRule, which redirects', async () =>
        assert.deepEqual(await me('/rewritten'), own()));

    // The program itself, as a web server starts it.
    const run = (
        variables,
        input = JSON.stringify({ query: '{ me { id } links(first: 1) { id } }' }),
        ...argv
    ) => {
        const result = spawnSync(`${bin()}/graphql.cgi`, argv, {
            cwd: bin(),
            input,
            encoding: 'utf8',
            env: {
                ...environment,
                GATEWAY_INTERFACE: 'CGI/1.1',
                REQUEST_METHOD: 'POST',
                CONTENT_TYPE: 'application/json',
                CONTENT_LENGTH: String(Buffer.byteLength(input)),
                QUERY_STRING: '',
                SCRIPT_NAME: '/graphql',
                SERVER_PROTOCOL: 'HTTP/1.1',
                REMOTE_ADDR: '192.0.2.1',
                ...variables,
            },
        });
        assert.equal(result.status, 0, result.stderr);
        const [head, body] = result.stdout.split('\r\n\r\n');
        return { head, json: JSON.parse(body) };
    };
    for (const name of [
        'HTTP_AUTHORIZATION',
        'REDIRECT_HTTP_AUTHORIZATION',
        'REDIRECT_REDIRECT_HTTP_AUTHORIZATION',
        'Authorization',
    ])
        test(`is found as ${name}`, () =>
            assert.deepEqual(run({ [name]: `JWT ${ada.token}` }).json.data.me, { id: ada.id }));
    test('twice the same is fine, twice another is not', () => {
        const token = `JWT ${ada.token}`;
        assert.deepEqual(
            run({ HTTP_AUTHORIZATION: token, REDIRECT_HTTP_AUTHORIZATION: token }).json.data.me,
            { id: ada.id },
        );
        const { head, json } = run({ HTTP_AUTHORIZATION: token, Authorization: 'JWT x' });
        assert.match(head, /^Status: 400/m);
        assert.equal(json.errors[0].extensions.code, 'BAD_REQUEST');
    });
    test('HTTP_PROXY is not a setting', () =>
        assert.deepEqual(
            run({
                HTTP_PROXY: 'http://evil.example:1',
                HTTP_LINNET_MODE: 'development',
                HTTP_PGHOST: '/nowhere',
                HTTP_AUTHORIZATION: `JWT ${ada.token}`,
            }).json.data.me,
            { id: ada.id },
        ));
    test('arguments are ignored', () => {
        for (const argv of [
            ['migrate'],
            ['user', 'add', 'x'],
            ['--help'],
            ['print', 'options'],
            ['serve', '--listen', '/tmp/x'],
            ['--config', '/dev/null'],
        ])
            assert.deepEqual(
                run({ HTTP_AUTHORIZATION: `JWT ${ada.token}` }, undefined, ...argv).json.data.me,
                { id: ada.id },
            );
    });
});

suite('cookies', () => {
    for (const way of ['cgi', 'proxy', 'fcgid'])
        test(`go through Apache (${way})`, async () => {
            const jar = new Jar();
            const send = (query) =>
                ask(script, query, {}, { 'linnet-cookies': '1', cookie: jar.header }, ports[way]);
            const username = unique('cgi');
            await signUp(username, goodPassword);
            const document = `mutation { tokenAuth(username: "${username}", password: "${goodPassword}") { token user { id } } }`;
            const answer = jar.take(await send(document));
            assert.equal(answer.json.data?.tokenAuth.token, '', answer.text);
            assert.equal(setCookies(answer)[plainNames.token].path, '/graphql');
            assert.deepEqual((await send('{ me { id } }')).json.data.me, answer.json.data.tokenAuth.user);
            jar.take(await send('mutation { deleteTokenCookie { deleted } deleteRefreshTokenCookie { deleted } }'));
            assert.equal(jar.header, '');
        });
});

suite('a query string that looks like a command line', () => {
    const lines = `user+add+x print+bindings --help print+options serve migrate check+--write -h
        --config+/dev/null query+schema.graphql`;
    for (const words of lines.split(/\s+/)) {
        test(`?${words} does nothing`, async () => {
            const counts = () =>
                session.row(
                    'SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM linnet_migrations) AS migrations',
                );
            const before = [await counts(), readdirSync(bin())];
            const got = await send(`${script}?${words}`, { method: 'GET' });
            assertRefused(got, 400, 'BAD_REQUEST');
            const answered = await ask(`${script}?${words}`, '{ __typename }');
            assert.deepEqual(answered.json, { data: { __typename: 'Query' } });
            assert.deepEqual([await counts(), readdirSync(bin())], before);
        });
    }
});

suite('the snapshot', () => {
    // What PostgreSQL is asked by a request.
    async function statements(run) {
        const log = `${state}/log/postgresql.log`;
        await session.run("ALTER ROLE linnet_login SET log_statement = 'all'");
        try {
            const before = readFileSync(log, 'utf8').length;
            await run();
            // What is written after it shows that all of it has been written.
            const mark = unique('mark');
            await session.run(`SET log_statement = 'all'; SELECT '${mark}'; RESET log_statement`);
            await untilLogged(() => readFileSync(log, 'utf8'), new RegExp(mark), before);
            return readFileSync(log, 'utf8').slice(before);
        } finally {
            await session.run('ALTER ROLE linnet_login RESET log_statement');
        }
    }
    const request = async () => {
        const answer = await ask(script, '{ link(id: 910011) { id } }');
        assert.deepEqual(answer.json, { data: { link: { id: '910011' } } }, answer.text);
    };

    test('spares reading the catalog', async () => {
        const asked = await statements(request);
        assert.match(asked, /links/);
        assert.doesNotMatch(asked, /pg_attribute|pg_constraint|pg_proc/);
    });

    test('is not believed for another contract, nor when it is broken', async () => {
        const files = readdirSync(bin()).filter(
            (name) => !['graphql.cgi', 'schema.graphql', 'linnet.conf', 'key'].includes(name),
        );
        assert.equal(files.length, 1, files.join());
        const snapshot = `${bin()}/${files[0]}`,
            good = readFileSync(snapshot),
            contract = readFileSync(`${bin()}/schema.graphql`, 'utf8');
        try {
            writeFileSync(
                `${bin()}/schema.graphql`,
                contract.replace(
                    'type Link @table(name: "links") {',
                    '$& headline: String! @column(name: "description")',
                ),
            );
            const answer = await ask(script, '{ link(id: 910011) { headline } }');
            assert.deepEqual(answer.json, { data: { link: { headline: 'tie' } } }, answer.text);
            writeFileSync(`${bin()}/schema.graphql`, contract);
            for (const bad of [
                Buffer.alloc(0),
                good.subarray(0, (good.length / 2) | 0),
                good.subarray(0, good.lastIndexOf('\n', good.length / 2) + 1),
                Buffer.from('{}'),
                Buffer.concat([good, good]),
                Buffer.alloc(5000, 'x'),
            ]) {
                writeFileSync(snapshot, bad);
                await request();
            }
            rmSync(snapshot);
            assert.match(await statements(request), /pg_attribute|pg_class/);
        } finally {
            writeFileSync(`${bin()}/schema.graphql`, contract);
            writeFileSync(snapshot, good);
        }
        await request();
    });

    test('PostgreSQL away is an honest 503', async () => {
        const conf = `${bin()}/linnet.conf`,
            before = readFileSync(conf, 'utf8');
        try {
            writeFileSync(conf, before.replace(/host=\S+/, 'host=/nonexistent'));
            const answer = await ask(script, '{ link(id: 910011) { id } }', {}, { accept: GRAPHQL_TYPE });
            assertRefused(answer, 503, 'SERVICE_UNAVAILABLE');
            assert.ok(Number(answer.headers['retry-after']) >= 1);
        } finally {
            writeFileSync(conf, before);
        }
    });

    test('a contract that is broken, or settings that are, tell nothing to clients', async () => {
        for (const [file, text] of [
            ['schema.graphql', 'type Query {'],
            ['linnet.conf', 'no_such_option = 1\n'],
            ['key', 'short'],
        ]) {
            const path = `${bin()}/${file}`,
                before = readFileSync(path);
            try {
                writeFileSync(path, text);
                const answer = await ask(script, '{ link(id: 910011) { id } }');
                assert.ok(answer.status >= 500, `${file}: ${answer.status} ${answer.text}`);
                assert.doesNotMatch(answer.text, /no_such_option|schema\.graphql|linnet-apache/);
            } finally {
                writeFileSync(path, before);
            }
        }
        await request();
    });
});

for (const [name, title] of [
    ['proxy', 'the pool behind mod_proxy_fcgi'],
    ['fcgid', 'processes that mod_fcgid starts'],
]) {
    suite(title, () => {
        const port = () => ports[name];
        test('answers, and knows who asks', async () => {
            const answer = await ask(
                '/graphql',
                '{ me { id email } }',
                {},
                { authorization: `Bearer ${ada.token}` },
                port(),
            );
            assert.deepEqual(answer.json, { data: { me: { id: ada.id, email: ada.email } } }, answer.text);
        });
        test('a body at the bound, and above it', async () => {
            const body = (n) => Buffer.from(JSON.stringify({ query: '{ __typename }' }).padEnd(n));
            const post = (n) =>
                send('/graphql', {
                    port: port(),
                    body: body(n),
                    headers: { 'content-type': JSON_TYPE, 'content-length': n },
                });
            assert.deepEqual((await post(262144)).json, { data: { __typename: 'Query' } });
            assertRefused(await post(262145), 413, 'LIMIT_EXCEEDED');
        });
        test('a body that comes in chunks', () => answersChunks(port()));
        test('64 at once', async () => {
            const answers = await Promise.all(
                Array.from({ length: 64 }, (_, i) =>
                    ask('/graphql', `{ user(id: ${i + 1}) { id } }`, {}, {}, port()),
                ),
            );
            assert.deepEqual(
                answers.map(({ json }) => json.data?.user.id),
                Array.from({ length: 64 }, (_, i) => String(i + 1)),
            );
        });
        test('GET, a query string of words, and health', async () => {
            const get = (path) => send(path, { port: port(), method: 'GET' });
            assert.deepEqual(
                (
                    await get(`/graphql?${new URLSearchParams({ query: '{ link(id: 910011) { id } }' })}`)
                ).json,
                { data: { link: { id: '910011' } } },
            );
            assertRefused(await get('/graphql?user+add+x'), 400, 'BAD_REQUEST');
            const prefix = name === 'fcgid' ? '/graphql' : '';
            assert.deepEqual((await get(`${prefix}/live`)).json, { status: 'live' });
            assert.deepEqual((await get(`${prefix}/ready`)).json, { status: 'ready' });
        });
    });
}

suite('what Apache answers itself', () => {
    const good = 'https://good.example',
        evil = 'https://evil.example';
    const tooLong = 1048577;
    const answers = {
        'no worker': [503, 'SERVICE_UNAVAILABLE', (headers) => ask('/graphql', '{ __typename }', {}, headers, ports.away)],
        'a body that is too long': [
            413,
            'LIMIT_EXCEEDED',
            (headers) => send(script, { body: 'x'.repeat(tooLong), headers: { 'content-type': JSON_TYPE, 'content-length': tooLong, ...headers } }),
        ],
    };
    for (const [what, [status, code, act]] of Object.entries(answers))
        test(`${what}: in JSON, and readable by the pages that may`, async () => {
            for (const origin of [good, evil]) {
                const answer = await act({ origin });
                assert.equal(answer.status, status);
                assert.equal(answer.headers['content-type'], 'application/json');
                assert.equal(answer.json.errors[0].extensions.code, code);
                assert.equal(answer.headers['access-control-allow-origin'], origin === good ? good : undefined);
                assert.match(answer.headers.vary, /origin/i);
                assert.equal(answer.headers['retry-after'], status === 503 ? '1' : undefined);
            }
        });

    test("leaves Linnet's own answers as they are", async () => {
        for (const port of [ports.cgi, ports.proxy, ports.fcgid]) {
            const answer = await ask('/graphql', '{ nothing }', {}, { origin: good, accept: GRAPHQL_TYPE }, port);
            assertRefused(answer, 400, 'GRAPHQL_VALIDATION_FAILED');
            assert.equal(answer.headers['content-type'], `${GRAPHQL_TYPE}; charset=utf-8`);
        }
        // Only where Linnet is in development, pages of this machine may read; each says so once.
        const readable = await ask('/graphql', '{ nothing }', {}, { origin: 'http://localhost:3000' }, ports.proxy);
        assert.equal(readable.headers['access-control-allow-origin'], 'http://localhost:3000');
    });
});

suite('what lies beside the program', () => {
    for (const file of ['linnet.conf', 'key', 'schema.graphql', 'schema.catalog', 'linnet.conf~', '.linnet.conf.swp', 'key.old'])
        test(`${file} is served to nobody`, async () => {
            writeFileSync(`${bin()}/${file}`, '', { flag: 'a', mode: 0o755 });
            const answer = await send(`/hidden/${file}`, { method: 'GET' });
            assert.equal(answer.status, 404); // ErrorDocument 403
        });
});
