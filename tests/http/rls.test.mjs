// rls.test.mjs - row-level security: one connection that serves alternating users, a server
// with one role, and what a server refuses to start with.  (Who sees what, and who may do
// what, is in lib/acts.mjs, on every path.)
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, suite, test } from 'node:test';

import { as, asParameters, makeUsers, mintExpired, overSocket } from './lib/accounts.mjs';
import { acts, freshUrl } from './lib/acts.mjs';
import { makePeople } from './lib/alternation.mjs';
import { post } from './lib/client.mjs';
import { psql, quote, Session } from './lib/database.mjs';
import { isFull, isSanitized, program, state } from './lib/environment.mjs';
import { fastcgi } from './lib/fastcgi.mjs';
import { ourselves, serve } from './lib/processes.mjs';
import { endIdleBackends } from './lib/wait.mjs';

const ALTERNATIONS = isSanitized && !isFull ? 2000 : 10000;

suite('one connection that serves everybody', () => {
    let server, session, people, locker;
    before(async () => {
        server = await serve('--workers', '1', '--limit-lock-time', '250');
        [session, locker] = [new Session(), new Session()];
        people = await makePeople(server, session);
    });
    after(async () => {
        session.close();
        locker.close();
        await server.stop();
    });

    test(`${ALTERNATIONS} requests of alternating people, with errors between`, () =>
        people.alternate(ALTERNATIONS));

    test('and with timeouts between', () => people.alternateWithTimeouts(locker, 8));

    test('and with a connection lost between', async () => {
        for (let i = 0; i < 4; i++) {
            await endIdleBackends();
            await people.askAll(people.users[i]);
        }
    });

    test('nothing is left on the connection', () => people.assertNothingLeft());
});

// --- one role ----------------------------------------------------------------

const single = 'linnet_single';
const singleConnection = `host=${process.env.PGHOST} dbname=${single} user=linnet_owner options='-c linnet.single_role=on'`;

// Only the workers' user may log in as linnet_login; as the owner, the one who started all may.
const singleRole = [
    '--database',
    singleConnection,
    '--role',
    '',
    '--role-user',
    '',
    '--role-staff',
    '',
    '--user',
    ourselves,
];
let singleServer;
async function makeSingle() {
    if (!singleServer) {
        psql(
            `DROP DATABASE IF EXISTS ${single}; CREATE DATABASE ${single} OWNER linnet_owner`,
            'postgres',
        );
        const environment = Object.fromEntries(
            Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')),
        );
        execFileSync(
            program,
            ['migrate', '--config', `${state}/linnet.conf`, '--database', singleConnection],
            { env: environment, stdio: 'pipe' },
        );
        singleServer = await serve('--workers', '4', ...singleRole);
    }
    return overSocket(singleServer, single);
}
after(async () => {
    await singleServer?.stop();
    psql(`DROP DATABASE IF EXISTS ${single} WITH (FORCE)`, 'postgres');
});

acts('acts, with one role', makeSingle);

suite('one role', () => {
    let t;
    before(async () => {
        t = await makeSingle();
    });
    after(() => t.session.close());

    test('sign up, sign in, me', async () => {
        const data = await t.ask(
            null,
            `mutation { createUser(username: "single", password: "a long password", email: "single@example.com") { user { id email } }
            tokenAuth(username: "single", password: "a long password") { token user { email } } }`,
        );
        assert.equal(data.createUser.user.email, 'single@example.com');
        assert.equal(data.tokenAuth.user.email, 'single@example.com');
        assert.deepEqual(await t.ask(data.tokenAuth.token, '{ me { username email } }'), {
            me: { username: 'single', email: 'single@example.com' },
        });
        assert.deepEqual(await t.ask(null, '{ user(username: "single") { email } }'), {
            user: { email: null },
        });
        assert.equal(
            (
                await t.fail(
                    null,
                    'mutation { tokenAuth(username: "single", password: "another password") { token } }',
                )
            ).code,
            'UNAUTHENTICATED',
        );
        assert.ok((await t.session.row('SELECT count(*) FROM login_failures')).count > 0);
    });

    test('the owner sees nothing but by policies', () => {
        const ask = (sql) => psql(sql, singleConnection);
        assert.equal(ask('SELECT count(*) FROM credentials'), '0');
        assert.equal(ask('SELECT count(*) FROM user_private'), '0');
        assert.equal(ask('SELECT count(*) FROM login_failures'), '0');
        assert.notEqual(ask('SELECT count(*) FROM users'), '0');
        assert.equal(
            ask(
                'WITH changed AS (UPDATE links SET vote_count = 7 RETURNING id) SELECT count(*) FROM changed',
            ),
            '0',
        );
    });

    test('a table without FORCE stops the start', async () => {
        await t.session.run('ALTER TABLE votes NO FORCE ROW LEVEL SECURITY');
        try {
            await refusesToStart([...singleRole], /votes/);
        } finally {
            await t.session.run('ALTER TABLE votes FORCE ROW LEVEL SECURITY');
        }
    });
});

// --- what it does not start with ---------------------------------------------

async function refusesToStart(options, line) {
    let error;
    try {
        await (await serve('--workers', '1', ...options)).stop();
    } catch (caught) {
        error = caught;
    }
    assert.ok(error, 'it starts');
    assert.match(error.message, /ended with 78/);
    const lines = error.message.split('\n').filter((text) => line.test(text));
    assert.ok(lines.length >= 1, `no line says why: ${error.message}`);
}

suite('a server does not start', () => {
    let session;
    before(() => {
        session = new Session();
    });
    after(() => session.close());
    const host = `host=${process.env.PGHOST} dbname=linnet`;
    // For as long as the test, in the database that others go on using.
    const during = async (change, undo, run) => {
        await session.run(change);
        try {
            await run();
        } finally {
            await session.run(undo);
        }
    };

    test('as a superuser', () =>
        refusesToStart(['--user', ourselves, '--database', `${host} user=postgres`], /superuser/));
    test('as the owner', () =>
        refusesToStart(['--user', ourselves, '--database', `${host} user=linnet_owner`], /owner/));
    test('as one whom no policy binds', () =>
        during('ALTER ROLE linnet_login BYPASSRLS', 'ALTER ROLE linnet_login NOBYPASSRLS', () =>
            refusesToStart([], /BYPASSRLS/),
        ));
    test('as one who may become a superuser', () =>
        during('GRANT postgres TO linnet_login', 'REVOKE postgres FROM linnet_login', () =>
            refusesToStart([], /superuser/),
        ));
    test('as one who may become the owner', () =>
        during('GRANT linnet_owner TO linnet_login', 'REVOKE linnet_owner FROM linnet_login', () =>
            refusesToStart([], /owner/),
        ));
    for (const table of ['users', 'user_private', 'links', 'votes'])
        test(`with the policies of ${table} off`, () =>
            during(
                `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
                `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
                () => refusesToStart([], new RegExp(table)),
            ));
    test('with a new table that requests may read', () =>
        during(
            'CREATE TABLE bare (id int); GRANT SELECT (id) ON bare TO linnet_anon',
            'DROP TABLE bare',
            () => refusesToStart([], /bare/),
        ));
    test('with a view that has the rights of its owner', () =>
        during(
            'CREATE VIEW seen AS SELECT * FROM credentials; GRANT SELECT ON seen TO PUBLIC',
            'DROP VIEW seen',
            () => refusesToStart([], /seen/),
        ));
    test('with a function that has the rights of its owner', () =>
        during(
            'CREATE FUNCTION leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER' +
                ' RETURN (SELECT count(*) FROM credentials); GRANT EXECUTE ON FUNCTION leak() TO PUBLIC',
            'DROP FUNCTION leak()',
            () => refusesToStart([], /leak/),
        ));
    test('but with tables that no request may touch, and without FORCE, it does', () =>
        during(
            'CREATE TABLE bare (id int); ALTER TABLE credentials DISABLE ROW LEVEL SECURITY;' +
                ' ALTER TABLE links NO FORCE ROW LEVEL SECURITY',
            'DROP TABLE bare; ALTER TABLE credentials ENABLE ROW LEVEL SECURITY;' +
                ' ALTER TABLE links FORCE ROW LEVEL SECURITY',
            async () => {
                const server = await serve('--workers', '1');
                assert.deepEqual(await server.stop(), { code: 0, signal: null });
            },
        ));
    test('with an invalid key', async () => {
        for (const file of ['/dev/null', '/nonexistent/key', '/'])
            await assert.rejects(
                serve('--workers', '1', '--key-file', file).then((s) => s.stop()),
                /ended with (66|78)[^]*key/i,
                file,
            );
    });

    test('and with all as it was, it does', async () => {
        const server = await serve('--workers', '1');
        assert.deepEqual(await server.stop(), { code: 0, signal: null });
        assert.equal((await post('{ __typename }')).status, 200);
    });
});

suite('what SQL alone would allow', () => {
    let session, ada, bob;
    before(async () => {
        session = new Session();
        [ada, bob] = await makeUsers(session, 2, { prefix: 'sql' });
    });
    after(() => session.close());

    // Values that would end a statement, a text or a setting, if any were ever put into one.
    test('no value is ever SQL', async () => {
        const hostile = [
            "' OR 1=1--",
            "'; SELECT set_config('linnet.user_id', '1', false); --",
            '$1',
            '\\',
            "E'\\''",
            '%',
            'ʼ',
            '"',
            "';COMMIT;--",
            '${7*7}',
        ];
        for (const text of hostile) {
            const [answer, other] = [
                await post('query ($s: String) { links(search: $s) { id } }', { s: text }, as(ada)),
                await post(
                    'query ($s: String) { user(username: $s) { id } }',
                    { s: text },
                    as(ada),
                ),
            ];
            assert.equal(answer.json.errors, undefined, text);
            assert.deepEqual(other.json, { data: { user: null } });
            const made = await post(
                'mutation ($u: String!, $d: String!) { createLink(url: $u, description: $d) { description postedBy { id } } }',
                { u: freshUrl(), d: text },
                as(ada),
            );
            assert.deepEqual(made.json, {
                data: { createLink: { description: text, postedBy: { id: ada.id } } },
            });
            assert.deepEqual((await post('{ me { id } }', {}, as(bob))).json, {
                data: { me: { id: bob.id } },
            });
        }
        assert.equal(
            (await session.rows(`SELECT FROM users WHERE username = ${quote(ada.username)}`))
                .length,
            1,
        );
    });
});
