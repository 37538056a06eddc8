// guesses.test.mjs - those who try passwords: at one account, at many, from one address, all at once.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
    goodPassword,
    makeUsers,
    mint,
    mintExpired,
    signInOver,
    signUp,
    unique,
} from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { quote, rows, Session } from './lib/database.mjs';
import { patience } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());
const forgive = () => session.run('DELETE FROM login_failures');

suite('those who guess', () => {
    let server,
        serial = 0;
    before(async () => {
        // So many that aliases are not refused for their number alone.
        const many = ['--limit-mutation-fields', '20', '--limit-resolver-calls', '20'];
        server = await serve('--workers', '8', ...many);
    });
    after(() => server.stop());
    beforeEach(forgive);

    const from = (address) => (query, variables) =>
        server.post(query, variables, { parameters: { REMOTE_ADDR: address } });
    const account = async () => {
        const username = unique(`guess${serial++}`);
        assert.equal((await signUp(username, goodPassword)).json.errors, undefined);
        return username;
    };
    const attempt = async (username, password, address = '192.0.2.1') => {
        const answer = await signInOver(from(address), username, password);
        if (!answer.json.errors) return 'right';
        const [{ extensions }] = assertErrors(answer);
        return extensions.code === 'RATE_LIMITED' ? extensions.retryAfter : extensions.code;
    };

    // Checks the seconds that an account has to wait after an attempt that fails, by
    // PostgreSQL's clock; then makes them a minute, since what follows takes its time.
    async function assertPause(seconds, fail) {
        const [{ before }] = await session.rows('SELECT clock_timestamp() AS before');
        assert.equal(await fail(), 'UNAUTHENTICATED');
        const [{ is_right: isRight }] = await session.rows(
            `SELECT max(closed_until) - interval '${seconds} s' BETWEEN '${before}' AND clock_timestamp() AS is_right
             FROM login_failures`,
        );
        assert.ok(isRight, `${seconds} s`);
        await session.run(
            `UPDATE login_failures SET closed_until = clock_timestamp() + interval '1 minute'
             WHERE closed_until = (SELECT max(closed_until) FROM login_failures)`,
        );
    }
    // Lets the next failure be followed by a pause that outlives the test.
    const tire = () => session.run('UPDATE login_failures SET failures = 14 WHERE failures < 14');
    const endPauses = () => session.run('UPDATE login_failures SET closed_until = clock_timestamp()');

    test('at one account wait, longer each time, also with the right password', async () => {
        const username = await account();
        for (let i = 0; i < 4; i++)
            assert.equal(await attempt(username, `wrong ${i}`), 'UNAUTHENTICATED');
        await assertPause(1, () => attempt(username, 'wrong 5'));
        const isPause = (result) => assert.ok(result > 50 && result <= 61, String(result));
        isPause(await attempt(username, 'wrong'));
        isPause(await attempt(username, goodPassword)); // whether it is right is not told
        // From elsewhere it is right, which changes nothing here.
        assert.equal(await attempt(username, goodPassword, '192.0.2.200'), 'right');
        isPause(await attempt(username, goodPassword));
        assert.equal(
            await attempt(await account(), goodPassword),
            'right',
            'others are not kept waiting',
        );
        await endPauses();
        await assertPause(2, () => attempt(username, 'wrong'));
        isPause(await attempt(username, 'wrong'));
        await endPauses();
        assert.equal(await attempt(username, goodPassword), 'right');
        // And all is forgotten.
        for (let i = 0; i < 4; i++)
            assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        assert.equal(await attempt(username, goodPassword), 'right');
    });

    test('at a name that nobody has wait just so', async () => {
        const username = unique('nobody');
        for (let i = 0; i < 4; i++)
            assert.equal(await attempt(username, goodPassword), 'UNAUTHENTICATED');
        await assertPause(1, () => attempt(username, goodPassword));
        assert.ok((await attempt(username, goodPassword)) > 50);
    });

    test('in one request gain nothing by aliases', async () => {
        const username = await account();
        assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        await tire();
        const fields = Array.from(
            { length: 20 },
            (_, i) =>
                `a${i}: tokenAuth(username: "${username}", password: "${i < 19 ? `wrong ${i}` : goodPassword}") { token }`,
        );
        const answer = await from('192.0.2.1')(`mutation { ${fields.join(' ')} }`);
        const codes = assertErrors(answer).map((error) => error.extensions.code);
        const tried = codes.filter((code) => code === 'UNAUTHENTICATED').length;
        assert.equal(tried, 1, codes.join());
        assert.equal(answer.json.data?.a19 ?? null, null);
    });

    test('at once gain nothing either', async () => {
        const username = await account();
        assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        await tire();
        // The right one is not among them: with it all is forgotten, and others may follow.
        const results = await Promise.all(
            Array.from({ length: 24 }, (_, i) => attempt(username, `wrong ${i}`)),
        );
        const tried = results.filter((result) => result === 'UNAUTHENTICATED').length;
        assert.equal(tried, 1, results.join());
    });

    test('from one address at many accounts wait', async () => {
        const username = await account();
        assert.equal(await attempt(unique('nobody'), goodPassword, '192.0.2.7'), 'UNAUTHENTICATED');
        await session.run(
            "UPDATE login_failures SET failures = 99 WHERE key = sha256('client 192.0.2.7/32')",
        );
        await assertPause(1, () => attempt(unique('nobody'), goodPassword, '192.0.2.7'));
        assert.ok((await attempt(username, goodPassword, '192.0.2.7')) > 50);
        assert.equal(await attempt(username, goodPassword, '192.0.2.8'), 'right');
    });

    // Guesses at the account until `others` is done; what came of the guesses.
    async function besideGuesser(username, address, others) {
        const results = new Set();
        let isOver = false;
        const guess = async () => {
            while (!isOver) results.add(await attempt(username, 'a wrong password', address));
        };
        const guesser = guess();
        try {
            await others();
        } finally {
            isOver = true;
            await guesser;
        }
        return results;
    }

    test('from elsewhere keep no owner out', async () => {
        const username = await account();
        const results = await besideGuesser(username, '203.0.113.7', async () => {
            for (let i = 0; i < 10; i++) {
                assert.equal(await attempt(username, goodPassword, '198.51.100.1'), 'right');
                assert.equal(await attempt(username, goodPassword, '203.0.113.8'), 'right');
            }
        });
        assert.ok(results.has('UNAUTHENTICATED'));
        assert.ok([...results].some(Number.isInteger), 'while the guesser waits');
        assert.ok(!results.has('right'));
    });

    suite('and the owner, who shows a token', () => {
        let username, user, other;
        const shown = (token) => (query, variables) =>
            server.post(query, variables, {
                parameters: { REMOTE_ADDR: '192.0.2.1', HTTP_AUTHORIZATION: `JWT ${token}` },
            });
        const attemptWith = async (token, password = goodPassword) => {
            const answer = await signInOver(shown(token), username, password);
            return answer.json.errors ? assertErrors(answer)[0].extensions.code : 'right';
        };
        beforeEach(async () => {
            username = await account();
            user = { username, ...(await session.row(`SELECT id FROM users WHERE username = ${quote(username)}`)) };
            [other] = await makeUsers(session, 1);
            // What many guesses from everywhere do.
            assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
            await session.run("UPDATE login_failures SET failures = 100, closed_until = clock_timestamp() + interval '1 hour'");
            assert.ok((await attempt(username, goodPassword, '198.51.100.1')) > 3500);
        });

        test('passes at once, with one that is valid or has expired', async () => {
            for (let i = 0; i < 10; i++) {
                assert.equal(await attemptWith(await mint(user)), 'right');
                assert.equal(await attemptWith(await mintExpired(user)), 'right');
            }
            assert.ok((await attempt(username, goodPassword)) > 3500, 'others do not pass with it');
        });

        test('does not pass with what anybody could show', async () => {
            const now = Math.floor(Date.now() / 1000);
            const login = now - 30 * 86400 - 1;
            for (const token of [
                'not.a.token',
                await mint(other),
                `${(await mint(user)).slice(0, -4)}AAAA`,
                await mint(user, { iss: 'another' }),
                await mint(user, { origIat: login, iat: login, exp: login + 900 }),
            ])
                assert.equal(await attemptWith(token), 'RATE_LIMITED', token);
        });

        test('has five guesses with it', async () => {
            const token = await mintExpired(user);
            for (let i = 0; i < 4; i++)
                assert.equal(await attemptWith(token, 'wrong'), 'UNAUTHENTICATED');
            await session.run('UPDATE login_failures SET failures = 14 WHERE failures = 4');
            assert.equal(await attemptWith(token, 'wrong'), 'UNAUTHENTICATED');
            assert.equal(await attemptWith(token, 'wrong'), 'RATE_LIMITED');
            assert.equal(await attemptWith(token), 'RATE_LIMITED');
        });
    });

    test('have but one network of IPv6', async () => {
        const username = await account();
        assert.equal(
            await attempt(unique('nobody'), goodPassword, '2001:db8::1'),
            'UNAUTHENTICATED',
        );
        await session.run(
            "UPDATE login_failures SET failures = 99 WHERE key = sha256('client 2001:db8::/64')",
        );
        await assertPause(1, () => attempt(unique('nobody'), goodPassword, '2001:db8::abcd:1'));
        assert.ok((await attempt(username, goodPassword, '2001:db8::ffff:2')) > 50);
        assert.equal(await attempt(username, goodPassword, '2001:db8:0:1::1'), 'right');
    });

    test('are remembered, and not by name', async () => {
        const username = unique('typed-a-password-here');
        assert.equal(await attempt(username, 'wrong'), 'UNAUTHENTICATED');
        const known = await rows(
            "SELECT failures, encode(key, 'escape') AS key FROM login_failures",
        );
        assert.deepEqual(
            known.map(({ failures }) => failures),
            [1, 1, 1, 1], // of the account from the address, the network and anywhere; of the address
        );
        assert.ok(known.every(({ key }) => !key.includes(username)));
    });
});

suite('a flood of logins', () => {
    let server;
    before(async () => {
        server = await serve('--workers', '1');
    });
    after(() => server.stop());

    test('is answered 503 in part, and does not stop the others', async () => {
        const username = unique('flood');
        await signUp(username, goodPassword);
        await forgive();
        const logins = Promise.all(
            Array.from({ length: 60 }, () => signInOver(server.post, username, goodPassword)),
        );
        const times = [];
        for (let i = 0; i < 20; i++) {
            const started = performance.now();
            const answer = await server.post('{ link(id: 910011) { id } }');
            assert.equal(answer.text, '{"data":{"link":{"id":"910011"}}}');
            times.push(performance.now() - started);
        }
        const answers = await logins;
        const refused = answers.filter(({ status }) => status === 503);
        for (const answer of answers) {
            if (answer.status === 200 && !answer.json.errors) {
                continue;
            }
            assert.equal(answer.status, 503, answer.text);
            assert.ok(Number(answer.headers['retry-after']) >= 1, JSON.stringify(answer.headers));
            assert.equal(assertErrors(answer)[0].extensions.code, 'SERVICE_UNAVAILABLE');
        }
        assert.ok(refused.length > 0, 'more than the queue holds');
        assert.ok(refused.length < answers.length, 'some got in');
        const slow = times.sort((a, b) => a - b).at(-3);
        assert.ok(slow < 500 * patience, `other requests took up to ${slow} ms`);
    });
});
