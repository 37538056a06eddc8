// pooler.test.mjs - behind PgBouncer, which gives a session to somebody else after each transaction:
// nothing of one request is there for the next, and what cannot work is refused.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, goodPassword, makeUsers, signUpOver, unique } from './lib/accounts.mjs';
import { makePeople } from './lib/alternation.mjs';
import { psql, Session } from './lib/database.mjs';
import { isFull, isSanitized, patience, program, state } from './lib/environment.mjs';
import { fastcgi } from './lib/fastcgi.mjs';
import { keepsPrepared, startPgbouncer } from './lib/pgbouncer.mjs';
import { launch, serve, until } from './lib/processes.mjs';
import { StatementProxy } from './lib/proxy_statements.mjs';
import { untilLogged } from './lib/wait.mjs';

const TURNS = isFull ? 100000 : isSanitized ? 1000 : 4000;
const ALTERNATIONS = isFull ? 20000 : isSanitized ? 500 : 2000;

const READ = '{ link(id: 910011) { id } }';
const RIGHT = '{"data":{"link":{"id":"910011"}}}';

const folder = mkdtempSync(`${tmpdir()}/linnet-pooler.`);
chmodSync(folder, 0o755); // workers may run as somebody else
after(() => rmSync(folder, { recursive: true }));

const kinds = keepsPrepared ? ['off', 'on'] : ['off'];
const behind = (pgbouncer, prepared) => [
    ...['--database', pgbouncer.connection, '--pooler', 'transaction', '--prepared', prepared],
];

// A proxy that counts the gaps in which a client must not leave: PgBouncer before 1.22.1 would give the
// session to another one, which then gets what is still to be answered.
async function proxyBefore(pgbouncer) {
    const proxy = new StatementProxy(`${pgbouncer.folder}/.s.PGSQL.6432`);
    const host = mkdtempSync(`${folder}/proxy.`);
    chmodSync(host, 0o755);
    await proxy.listen(`${host}/.s.PGSQL.6432`);
    chmodSync(`${host}/.s.PGSQL.6432`, 0o777);
    proxy.connection = pgbouncer.connection.replace(pgbouncer.folder, host);
    return proxy;
}

// What a session has that nobody has set anything in: through the pooler, of as many as there are.
const sessionSql = `SELECT session_user, current_user, current_setting('statement_timeout'),
    current_setting('lock_timeout'), current_setting('TimeZone'), current_setting('DateStyle'),
    current_setting('plan_cache_mode'), nullif(current_setting('linnet.user_id', true), ''),
    nullif(current_setting('linnet.role', true), '')`;

for (const prepared of kinds)
    suite(`a pool of two sessions, with prepared = ${prepared}`, () => {
        let pgbouncer, server, session, locker, people, fresh;
        before(async () => {
            [session, locker] = [new Session(), new Session()];
            fresh = psql(sessionSql, `host=${process.env.PGHOST} dbname=linnet user=linnet_login`);
            pgbouncer = await startPgbouncer({ size: 2 });
            server = await serve('--workers', '2', '--limit-lock-time', '250', ...behind(pgbouncer, prepared));
            people = await makePeople(server, session);
        });
        after(async () => {
            await server.stop();
            await pgbouncer.stop();
        });

        test(`${ALTERNATIONS} requests of alternating people, with errors and leaving clients between`, () =>
            people.alternate(ALTERNATIONS, 10));

        test('and with timeouts between', () => people.alternateWithTimeouts(locker, 4));

        test('nothing is left in the sessions', async () => {
            await people.assertNothingLeft();
            const clients = [new Session(pgbouncer.connection), new Session(pgbouncer.connection)];
            for (const client of clients) await client.run('BEGIN'); // each has one of the two
            const pids = await Promise.all(clients.map((client) => client.run('SELECT pg_backend_pid()')));
            assert.notEqual(pids[0], pids[1]);
            for (const client of clients) {
                assert.equal((await client.run(sessionSql)).trim(), fresh);
                const names = await client.run('SELECT count(*), coalesce(min(name), $$$$) FROM pg_prepared_statements');
                if (prepared === 'off') assert.equal(names.trim(), '0|');
                else assert.match(names, /^[1-9]\d*\|PGBOUNCER_/);
                client.close();
            }
        });

        test('no flush is under way behind one that ends a transaction', async () => {
            const proxy = await proxyBefore(pgbouncer);
            const direct = await serve(
                ...['--workers', '1', '--connections', '2', '--slow-statement', '1', '--limit-lock-time', '250'],
                ...behind(proxy, prepared),
            );
            const others = await makePeople(direct, session);
            await others.alternate(400, 1);
            await others.alternateWithTimeouts(locker, 2);
            const username = unique('gaps');
            const signUp = () => signUpOver((...arguments_) => direct.post(...arguments_), username, goodPassword);
            assert.equal((await signUp()).json.data?.createUser?.user.username, username);
            await direct.stop();
            assert.equal(proxy.gaps, 0);
            proxy.close();
        });

        test('accounts, which C functions make', async () => {
            const username = unique('pooler');
            const create = () => signUpOver((...arguments_) => server.post(...arguments_), username, goodPassword);
            assert.equal((await create()).json.data?.createUser?.user.username, username);
            assert.equal((await create()).json.data.createUser, null);
        });

        test('what a client has left is cancelled', async () => {
            const waits = "usename = 'linnet_login' AND wait_event_type = 'Lock'";
            const count = async () => (await session.rows(`SELECT FROM pg_stat_activity WHERE ${waits}`)).length;
            const patient = await serve('--workers', '1', '--limit-lock-time', '20000', ...behind(pgbouncer, prepared));
            await locker.run('BEGIN; LOCK TABLE votes IN ACCESS EXCLUSIVE MODE');
            const leaving = fastcgi(patient.socket, {
                body: JSON.stringify({ query: '{ votes { id } }' }),
                timeout: 1000,
            }).catch(() => {});
            await until(async () => (await count()) === 1, 5000 * patience, 'it waits');
            await leaving;
            await until(async () => (await count()) === 0, 5000 * patience, 'it was cancelled');
            await locker.run('ROLLBACK');
            assert.equal((await patient.post(READ)).text, RIGHT);
            await patient.stop();
        });

        test('more clients than sessions, whose transactions have several waves', async () => {
            const query = '{ links(first: 20) { id postedBy { id linkSet(first: 2) { id votes(first: 2) { id } } } } }';
            const right = (await server.post(query)).text;
            assert.match(right, /^\{"data":/);
            const answers = await Promise.all(Array.from({ length: 64 }, () => server.post(query)));
            for (const { text } of answers) assert.equal(text, right);
        });

        test('PgBouncer is restarted, and PostgreSQL behind it ends its sessions', async () => {
            const clients = [new Session(pgbouncer.connection), new Session(pgbouncer.connection)];
            for (const client of clients) await client.run('BEGIN');
            const pids = await Promise.all(clients.map((client) => client.run('SELECT pg_backend_pid()')));
            for (const client of clients) await client.run('COMMIT').then(() => client.close());
            await session.run(pids.map((pid) => `SELECT pg_terminate_backend(${pid})`).join(';'));
            for (let i = 0; i < 20; i++) assert.equal((await server.post(READ)).text, RIGHT);
            pgbouncer.console('KILL linnet'); // which ends our connections, too
            pgbouncer.console('RESUME linnet');
            await until(
                async () => (await server.post(READ)).text === RIGHT,
                5000 * patience,
                'it serves again',
            );
        });
    });

// --- four roles ---------------------------------------------------------------

const database = `pooler_${process.pid}`;
const schema = `
    CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        owner_id bigint NOT NULL DEFAULT nullif(current_setting('linnet.user_id', true), '')::bigint,
        body text NOT NULL CHECK (body <> 'wrong'));
    CREATE INDEX ON notes (owner_id, id);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes USING (owner_id = nullif(current_setting('linnet.user_id', true), '')::bigint);
    CREATE POLICY canary ON notes FOR SELECT TO linnet_login USING (true);
    GRANT SELECT, INSERT (body) ON notes TO linnet_user, linnet_staff, linnet_editor;
    GRANT SELECT ON notes TO linnet_login, linnet_anon;
    INSERT INTO notes (owner_id, body) VALUES (0, 'canary');
    CREATE FUNCTION who_asks() RETURNS text LANGUAGE sql STABLE RETURN concat_ws(' ', current_user,
        coalesce(nullif(current_setting('linnet.user_id', true), ''), 'nobody'),
        nullif(current_setting('linnet.role', true), ''), current_setting('statement_timeout'),
        current_setting('TimeZone'), current_setting('DateStyle'), current_setting('jit'));
    CREATE FUNCTION fails(code text) RETURNS text LANGUAGE plpgsql STABLE AS $$
        BEGIN RAISE EXCEPTION 'no' USING ERRCODE = code; END $$;`;
const contract = `
    type Query { who: String! @function(name: "who_asks") fails(code: String!): String @function(name: "fails") notes(first: Int = 100): [Note!]! }
    type Note @table(name: "notes") { id: ID! ownerId: String! body: String! }
    input NoteInput @table(name: "notes") { body: String! }
    type NotePayload { note: Note }
    type Mutation { addNote(input: NoteInput!): NotePayload @insert(table: "notes") @signedIn }`;

suite(`${TURNS} turns of four roles and their users over two sessions`, () => {
    let pgbouncer, session, people;
    before(async () => {
        psql(`CREATE ROLE linnet_editor NOLOGIN; GRANT linnet_editor TO linnet_login; CREATE DATABASE ${database}`);
        psql(schema, database);
        writeFileSync(`${folder}/schema.graphql`, contract);
        session = new Session();
        const users = await makeUsers(session, 3, { prefix: 'pool' });
        const staff = await makeUsers(session, 2, { prefix: 'pool-staff', role: 'staff' });
        const editors = await makeUsers(session, 2, { prefix: 'pool-editor', role: 'editor' });
        const name = (list, role) => list.map((user) => ({ user, who: `linnet_${role} ${user.id} ${role}` }));
        people = [
            { who: 'linnet_anon nobody' },
            ...name(users, 'user'),
            ...name(staff, 'staff'),
            ...name(editors, 'editor'),
        ].map((person) => ({ ...person, who: `${person.who} 5s UTC ISO, YMD off` }));
        pgbouncer = await startPgbouncer({ database });
    });
    after(async () => {
        await pgbouncer.stop();
        psql(`DROP DATABASE ${database} WITH (FORCE); DROP ROLE linnet_editor`);
    });

    for (const prepared of kinds)
        test(`with prepared = ${prepared}`, async () => {
            const server = await serve(
                ...['--workers', '2', '--limit-database-time', '5000', '--contract', `${folder}/schema.graphql`],
                ...['--roles', 'user staff editor:linnet_editor', '--user-key', 'bigint'],
                ...behind(pgbouncer, prepared),
            );
            let written = 0;
            const requests = [
                async (send, { who }) => assert.deepEqual((await send('{ who }')).json, { data: { who } }),
                async (send, { who, user }) => {
                    const { data } = (await send('{ a: who notes { ownerId body } b: who }')).json;
                    assert.deepEqual([data.a, data.b], [who, who]);
                    assert.ok(data.notes.every(({ ownerId }) => user && ownerId === user.id));
                },
                async (send, { who }) => assert.deepEqual((await send('{ who }')).json, { data: { who } }),
                async (send, { user }, i) => {
                    const body = i % 3 === 0 ? 'wrong' : `note ${i}`;
                    const { json } = await send(
                        'mutation ($b: String!) { addNote(input: { body: $b }) { note { ownerId body } } }',
                        { b: body },
                    );
                    if (!user) assert.equal(json.errors[0].extensions.code, 'UNAUTHENTICATED');
                    else if (body === 'wrong') assert.equal(json.errors[0].extensions.code, 'BAD_USER_INPUT');
                    else assert.deepEqual(json.data.addNote.note, { ownerId: user.id, body });
                    written += user && body !== 'wrong' ? 1 : 0;
                },
                async (send) => {
                    const { json } = await send('{ fails(code: "22012") }');
                    assert.equal(json.data.fails, null);
                },
            ];
            const before = Number(psql('SELECT count(*) FROM notes', database));
            const lane = async (number, count) => {
                for (let i = 0; i < count; i++) {
                    const person = people[(i * 3 + number * 5) % people.length];
                    const send = (query, variables) =>
                        server.post(query, variables, { parameters: asParameters(person.user) });
                    await requests[((i / people.length) | 0) % requests.length](send, person, i);
                }
            };
            await Promise.all(Array.from({ length: 10 }, (_, number) => lane(number, TURNS / 10)));
            assert.equal(Number(psql('SELECT count(*) FROM notes', database)), before + written);
            assert.ok(written > 0);
            assert.equal(server.log.match(/"level":"error".*/g)?.find((line) => !/22012|23514/.test(line)), undefined);
            await server.stop();
        });
});

// --- what cannot work ---------------------------------------------------------

suite('what a pooler cannot do is refused, and said', () => {
    let pgbouncer;
    const untilRefused = async (message, ...options) => {
        const server = launch('--workers', '1', ...options);
        server.isUp.catch(() => {});
        await untilLogged(() => server.log, message);
        const answer = await server.post(READ);
        assert.equal(answer.status, 503, answer.text);
        await server.stop();
    };
    before(async () => {
        pgbouncer = await startPgbouncer();
    });
    after(() => pgbouncer.stop());

    test('pooler = none: a session that may be given to others, in which nothing is set', async () => {
        await untilRefused(
            /a connection pooler stands in front of PostgreSQL.*set `pooler`/,
            ...['--database', pgbouncer.connection],
        );
        const fresh = psql(sessionSql, `host=${process.env.PGHOST} dbname=linnet user=linnet_login`);
        assert.equal(psql(sessionSql, pgbouncer.connection), fresh);
    });

    test('prepared = on: statements that another session does not have', async () => {
        const without = await startPgbouncer({ settings: keepsPrepared ? ['max_prepared_statements = 0'] : [] });
        await untilRefused(/the connection pooler does not keep prepared statements: set `prepared = off`/, ...behind(without, 'on'));
        await without.stop();
    });

    test('pooler = session, of sessions that others had', async () => {
        const single = await startPgbouncer({ size: 1 });
        const options = ['--workers', '1', '--database', single.connection, '--pooler', 'session'];
        const first = await serve(...options); // nobody had it
        await untilRefused(/gives sessions to others as they are: set `pooler = transaction`/, ...options);
        await first.stop();
        await single.stop();
    });

    test('pooler = session, of sessions that are cleared before others have them', async () => {
        const own = await startPgbouncer({ mode: 'session', size: 20, settings: ['server_reset_query = DISCARD ALL'] });
        for (let i = 0; i < 2; i++) {
            const server = await serve('--workers', '1', '--database', own.connection, '--pooler', 'session');
            assert.equal((await server.post(READ)).text, RIGHT);
            await server.stop();
        }
        await own.stop();
    });

    test('pooler = session: no flush is under way behind one that ends a transaction', async () => {
        const own = await startPgbouncer({ mode: 'session', size: 20, settings: ['server_reset_query = DISCARD ALL'] });
        const proxy = await proxyBefore(own);
        const server = await serve(
            ...['--workers', '1', '--connections', '2', '--slow-statement', '1'],
            ...['--database', proxy.connection, '--pooler', 'session'],
        );
        await server.post('{ links(first: 100) { id postedBy { id linkSet { id votes { id } } } } }');
        const sent = (text) => proxy.statements.includes(text);
        await until(() => sent('DEALLOCATE linnet_slow'), 5000 * patience, 'a slow statement is explained');
        await until(() => /"event":"plan"/.test(server.log), 5000 * patience, 'and its plan logged');
        // More statements than a connection keeps.
        const orders = (names) => (names.length ? names.flatMap((one) => orders(names.filter((name) => name !== one)).map((rest) => `${one} ${rest}`)) : ['']);
        for (const fields of orders(['id', 'url', 'description', 'createdAt', 'voteCount', 'viewerHasVoted']).slice(0, 600))
            assert.equal((await server.post(`{ links(first: 1) { ${fields} } }`)).status, 200);
        await server.stop();
        assert.ok(new Set(proxy.statements).size > 500);
        assert.doesNotMatch(server.log, /cannot be explained/);
        assert.equal(proxy.gaps, 0);
        proxy.close();
        await own.stop();
    });

    test('linnet migrate, which locks in its session; linnet check and query work', () => {
        const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));
        const linnet = (...words) =>
            spawnSync(
                program,
                [...words, '--config', `${state}/linnet.conf`, ...behind(pgbouncer, 'off')],
                { encoding: 'utf8', env: environment, cwd: state, input: READ },
            );
        const { status, stderr } = linnet('migrate');
        assert.equal(status, 69, stderr);
        assert.match(stderr, /a connection pooler stands in front of PostgreSQL.*let `database` name PostgreSQL itself/);
        const check = linnet('check');
        assert.equal(check.status, 0, check.stdout + check.stderr);
        const query = linnet('query', '-');
        assert.deepEqual(JSON.parse(query.stdout), JSON.parse(RIGHT), query.stderr);
    });

    test('a server without a pooler may have the settings of one', async () => {
        for (const prepared of ['on', 'off']) {
            const server = await serve('--workers', '1', '--pooler', 'transaction', '--prepared', prepared);
            assert.equal((await server.post(READ)).text, RIGHT);
            await server.stop();
        }
    });
});
