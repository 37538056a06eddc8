// outcome.test.mjs - the connection is lost while a mutation is committed: what is answered is what
// has happened.
//
// A proxy between worker and PostgreSQL loses the connection just then.  Each mutation writes a
// row with a name of its own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';

import { asParameters, goodPassword, overNginx, signUpOver, unique } from './lib/accounts.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { assertErrors, post } from './lib/client.mjs';
import { psql } from './lib/database.mjs';
import { isFull, patience } from './lib/environment.mjs';
import { instance, serve, until } from './lib/processes.mjs';
import { once, proxyTo } from './lib/proxy.mjs';

const times = isFull ? 1000 : 50;

let t, ada, proxy, server;
const connection = () => `host=${proxy.host} dbname=linnet user=linnet_login`;
before(async () => {
    t = overNginx();
    [ada] = await t.users(1, { prefix: 'outcome' });
    proxy = await proxyTo(process.env.PGHOST);
    server = await serve('--workers', '1', '--database', connection());
});
after(async () => {
    t.session.close();
    await server.stop();
});
afterEach(() => {
    proxy.strike = () => null;
    proxy.struck = () => {};
    proxy.isAway = false;
    proxy.cut = null;
});

const send = (query, variables) => server.post(query, variables, { parameters: asParameters(ada) });
const CREATE = 'mutation ($u: String!) { createLink(url: $u) { url postedBy { username } } }';
const newUrl = () => `https://outcome.example/${unique('link')}`;
const countOf = (u) => Number(psql(`SELECT count(*) FROM links WHERE url = '${u}'`));

function assertDone(answer, u) {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json, {
        data: { createLink: { url: u, postedBy: { username: ada.username } } },
    });
}

function assertUnknown(answer) {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.headers['retry-after'], undefined);
    const [{ extensions }] = assertErrors(answer);
    assert.equal(extensions.code, 'OUTCOME_UNKNOWN');
    assert.equal(extensions.retryAfter, undefined);
}

// What came of so many mutations, each struck once at its COMMIT.
async function strikeAll(how, count) {
    const urls = Array.from({ length: count }, newUrl);
    for (const u of urls) {
        const isDone = once(proxy, 'COMMIT', how);
        assertDone(await send(CREATE, { u }), u);
        assert.ok(isDone(), 'COMMIT goes alone');
    }
    const there = psql(`SELECT url FROM links WHERE url LIKE 'https://outcome.example/%'
        AND url IN (${urls.map((u) => `'${u}'`)}) ORDER BY id`);
    assert.deepEqual(there.split('\n'), urls, 'each is there once');
}

// The answer, while PostgreSQL is away for a moment after it has committed.
async function answerWhileAway(ask) {
    once(proxy, 'COMMIT', 'answered');
    proxy.struck = () => {
        proxy.isAway = true;
    };
    const refused = proxy.connections;
    const answer = ask();
    await until(() => proxy.connections >= refused + 3, 5000 * patience, 'it connects anew');
    proxy.isAway = false;
    return answer;
}

// The address of a link that was created like this.
async function createWhileAway(ask) {
    const u = newUrl();
    assertDone(await answerWhileAway(() => ask(CREATE, { u })), u);
    return u;
}

suite('a mutation whose connection is lost', () => {
    test('after PostgreSQL has committed, is answered as if nothing had happened', () =>
        strikeAll('answered', times));

    test('while PostgreSQL commits, likewise, or it is done once more', () =>
        strikeAll('sent', times));

    test('before COMMIT reaches PostgreSQL, is done once more', () => strikeAll('before', times));

    test('before its row has come, is done once more', async () => {
        const u = newUrl();
        let struck = 0;
        proxy.strike = (statements) =>
            statements.some((text) => /create_link/.test(text)) && struck++ === 0 ? 'answered' : null;
        assertDone(await send(CREATE, { u }), u);
        assert.equal(countOf(u), 1);
        assert.equal(struck, 2);
    });

    test('each time before COMMIT reaches PostgreSQL, is not done, and may be tried again', async () => {
        const u = newUrl();
        proxy.strike = (statements) => (statements[0] === 'COMMIT' ? 'before' : null);
        const answer = await send(CREATE, { u });
        assert.equal(answer.status, 503, answer.text);
        assert.ok(answer.headers['retry-after'] >= 1);
        assert.equal(assertErrors(answer)[0].extensions.code, 'SERVICE_UNAVAILABLE');
        assert.equal(countOf(u), 0);
    });

    test('among others: each field is a transaction of its own', async () => {
        const urls = [newUrl(), newUrl(), newUrl()];
        let commits = 0;
        proxy.strike = (statements) =>
            statements[0] === 'COMMIT' && commits++ === 1 ? 'answered' : null;
        const [a, b, c] = urls.map((u) => JSON.stringify(u));
        const answer = await send(`mutation { a: createLink(url: ${a}) { url }
            b: createLink(url: ${b}) { url } c: createLink(url: ${c}) { url } }`);
        assert.deepEqual(answer.json, {
            data: { a: { url: urls[0] }, b: { url: urls[1] }, c: { url: urls[2] } },
        });
        urls.forEach((u) => assert.equal(countOf(u), 1));
    });

    test('while PostgreSQL is away for a moment, is asked about when it is back', async () => {
        assert.equal(countOf(await createWhileAway(send)), 1);
    });

    test('which stays away, is unknown when its time is over', async () => {
        const own = await serve(
            ...['--workers', '1', '--database', connection(), '--request-time', `${Math.ceil(1000 * patience)}`],
        );
        const u = newUrl(),
            after = newUrl();
        once(proxy, 'COMMIT', 'answered');
        proxy.struck = () => {
            proxy.isAway = true;
        };
        const document = 'mutation ($u: String!, $v: String!) { a: createLink(url: $u) { url } b: createLink(url: $v) { url } }';
        assertUnknown(
            await own.post(document, { u, v: after }, { parameters: asParameters(ada) }),
        );
        proxy.isAway = false;
        assert.deepEqual([countOf(u), countOf(after)], [1, 0]);
        await own.stop();
    });

    test('is unknown where the database does not say which one it is', async () => {
        psql('REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
        const own = await serve('--workers', '1', '--database', connection());
        try {
            const u = newUrl();
            once(proxy, 'COMMIT', 'answered');
            assertUnknown(await own.post(CREATE, { u }, { parameters: asParameters(ada) }));
            assert.equal(countOf(u), 1);
        } finally {
            psql('GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC');
            await own.stop();
        }
    });
});

// One connection is lost, wherever that is; nobody notices.
suite('a connection that is cut after n bytes', () => {
    const step = isFull ? 1 : 409;
    for (const side of ['worker', 'PostgreSQL'])
        test(`from ${side}`, async () => {
            for (let n = 1; n <= 4096; n += step) {
                proxy.cut = { side, left: n };
                const u = newUrl();
                assertDone(await send(CREATE, { u }), u);
                assert.equal(countOf(u), 1);
                const answer = await send('{ me { username } links(first: 3) { id votes { id } } }');
                assert.equal(answer.status, 200, answer.text);
                assert.deepEqual(answer.json.errors, undefined, `${n}: ${answer.text}`);
                assert.equal(answer.json.data.me.username, ada.username);
            }
            proxy.cut = null;
        });
});

suite('createUser', () => {
    const create = (username) => signUpOver((...arguments_) => server.post(...arguments_), username, goodPassword);
    for (const how of ['answered', 'sent', 'before'])
        test(`loses its connection at COMMIT: ${how}`, async () => {
            for (let i = 0; i < (isFull ? 20 : 3); i++) {
                const username = unique('outcome');
                const isDone = once(proxy, 'COMMIT', how);
                const answer = await create(username);
                assert.equal(answer.json.data?.createUser?.user.username, username, answer.text);
                assert.ok(isDone());
                assert.equal(psql(`SELECT count(*) FROM users WHERE username = '${username}'`), '1');
            }
        });

    test('loses it again and again while the new user is read: nobody says to try again', async () => {
        const username = unique('outcome');
        proxy.strike = (statements) =>
            statements.some((text) => /FROM public\.users|FROM "users"|FROM users /.test(text)) ? 'answered' : null;
        const answer = await create(username);
        assertUnknown(answer);
        assert.equal(psql(`SELECT count(*) FROM users WHERE username = '${username}'`), '1');
    });
});

suite('plain CGI', () => {
    const cgi = (query, variables) =>
        plainCgi(query, variables, {
            environment: { LINNET_DATABASE: connection(), ...asParameters(ada) },
        }).then(({ answer }) => answer);

    for (const how of ['answered', 'sent', 'before'])
        test(`loses its connection at COMMIT: ${how}`, async () => {
            const u = newUrl();
            const isDone = once(proxy, 'COMMIT', how);
            assertDone(await cgi(CREATE, { u }), u);
            assert.ok(isDone());
            assert.equal(countOf(u), 1);
        });

    test('asks again while PostgreSQL is away for a moment', async () => {
        await createWhileAway(cgi);
    });

    test('asks again about a new user', async () => {
        const username = unique('outcome');
        const answer = await answerWhileAway(() => signUpOver(cgi, username, goodPassword));
        assert.equal(answer.json.data?.createUser?.user.username, username, answer.text);
    });

    test('asks the database which one it is for a mutation alone', async () => {
        let asked;
        proxy.strike = (statements) => {
            asked += statements.filter((text) => /pg_control_system/.test(text)).length;
            return null;
        };
        const count = async (query, variables) => {
            asked = 0;
            assert.equal((await cgi(query, variables)).status, 200);
            return asked;
        };
        assert.equal(await count('{ me { username } }'), 0);
        assert.equal(await count(CREATE, { u: newUrl() }), 1);
    });
});

suite('PostgreSQL crashes', () => {
    beforeEach(() => t.session.close());
    after(() => {
        t = overNginx();
    });

    // Commits so many transactions, so that numbers that the crash has lost are given again.
    const giveNumbers = (count) =>
        psql(`DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`);

    for (const isLost of [false, true])
        test(`after COMMIT, which is ${isLost ? 'lost' : 'kept'}: it is not said to be done`, async () => {
            if (isLost) psql("ALTER ROLE linnet_login SET synchronous_commit = off; ALTER SYSTEM SET wal_writer_delay = '10s'; SELECT pg_reload_conf()");
            const own = await serve('--workers', '1', '--database', connection(), '--request-time', '60000');
            try {
                for (let i = 0; i < (isFull ? 20 : 1); i++) {
                    const u = newUrl();
                    once(proxy, 'COMMIT', 'answered');
                    const struck = new Promise((resolve) => {
                        proxy.struck = () => {
                            proxy.isAway = true;
                            resolve();
                        };
                    });
                    const asked = own.post(CREATE, { u }, { parameters: asParameters(ada) });
                    await struck;
                    await instance('postgresql_control --mode=immediate stop');
                    await instance('postgresql_start');
                    giveNumbers(100);
                    proxy.isAway = false;
                    assertUnknown(await asked);
                    assert.equal(countOf(u), isLost ? 0 : 1);
                }
            } finally {
                if (isLost) psql('ALTER ROLE linnet_login RESET synchronous_commit; ALTER SYSTEM RESET wal_writer_delay; SELECT pg_reload_conf()');
                await own.stop();
            }
        });

    test('in order, after COMMIT: it is known to be done', async () => {
        const u = newUrl();
        once(proxy, 'COMMIT', 'answered');
        const struck = new Promise((resolve) => {
            proxy.struck = () => {
                proxy.isAway = true;
                resolve();
            };
        });
        const own = await serve('--workers', '1', '--database', connection(), '--request-time', '60000');
        const asked = own.post(CREATE, { u }, { parameters: asParameters(ada) });
        await struck;
        await instance('postgresql_control --mode=fast stop');
        await instance('postgresql_start');
        proxy.isAway = false;
        assertDone(await asked, u);
        assert.equal(countOf(u), 1);
        await own.stop();
        await until(
            async () => (await post('{ link(id: 910011) { id } }')).status === 200,
            5000 * patience,
            'the first server is back',
        );
    });
});
