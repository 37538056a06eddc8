// guesses_work.test.mjs - a login at a name that nobody has is the same work as one at a name that
// somebody has.  Hashes are counted in tests/unit/test_account.c, and statements here; times are
// compared with --full.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { goodPassword, makeUsers, signInOver, signUp, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { quote, Session } from './lib/database.mjs';
import { isFull, sockets } from './lib/environment.mjs';
import { sameDistribution } from './lib/kolmogorov.mjs';
import { serve } from './lib/processes.mjs';
import { StatementProxy } from './lib/proxy_statements.mjs';

const session = new Session();
const directory = mkdtempSync(`${tmpdir()}/linnet-guesses.`);
const proxy = new StatementProxy(`${sockets}/postgresql/.s.PGSQL.5432`);
let server;
before(async () => {
    await proxy.listen(`${directory}/.s.PGSQL.5432`);
    chmodSync(directory, 0o755); // workers run as somebody else
    chmodSync(`${directory}/.s.PGSQL.5432`, 0o666);
    server = await serve('--workers', '1', '--database', `host=${directory} dbname=linnet user=linnet_login`);
    // What a connection asks when it is made.
    await attempt(unique('nobody'), '192.0.2.1');
});
after(async () => {
    proxy.close();
    await server?.stop();
    session.close();
    rmSync(directory, { recursive: true });
});

// The code of the answer to a wrong password.
async function attempt(username, address) {
    const send = (query, variables) => server.post(query, variables, { parameters: { REMOTE_ADDR: address } });
    const answer = await signInOver(send, username, 'a wrong password');
    return assertErrors(answer)[0].extensions.code;
}

// Users who have the password of one that has signed up.
async function makeAccounts(count, more = {}) {
    const model = unique('work');
    await signUp(model, goodPassword);
    const users = await makeUsers(session, count, { prefix: 'work' });
    await session.run(`INSERT INTO credentials (user_id, password_hash, is_disabled)
        SELECT users.id, hash.password_hash, ${more.isDisabled ?? false} FROM users,
            (SELECT password_hash FROM credentials JOIN users ON users.id = user_id WHERE username = ${quote(model)}) AS hash
        WHERE users.id IN (${users.map((user) => user.id).join()})`);
    return users.map(({ username }) => username);
}

suite('a login that fails', () => {
    const kinds = {
        'at a name that nobody has': async () => unique('nobody'),
        'at a user without a password': async () => (await makeUsers(session, 1, { prefix: 'work' }))[0].username,
        'at an account that is disabled': async () => (await makeAccounts(1, { isDisabled: true }))[0],
    };
    const asked = async (username, address) => {
        proxy.statements.length = 0;
        assert.equal(await attempt(username, address), 'UNAUTHENTICATED');
        return [...proxy.statements];
    };
    let expected;
    before(async () => {
        expected = await asked((await makeAccounts(1))[0], '192.0.2.10');
        assert.ok(expected.some((text) => text.includes('account_find')), expected.join());
        assert.ok(expected.some((text) => text.includes('account_failed')), expected.join());
    });
    for (const [i, [kind, make]] of Object.entries(kinds).entries())
        test(`${kind} asks PostgreSQL the same as one at an account`, async () =>
            assert.deepEqual(await asked(await make(), `192.0.2.${20 + i}`), expected));
});

suite('times of logins', { skip: !isFull && 'with --full' }, () => {
    const count = 2000;
    const address = (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

    // Milliseconds of logins, of the two kinds in turn, each from an address of its own.
    async function measure(known, round) {
        const times = { known: [], unknown: [] };
        for (let i = 0; i < count; i++) {
            if (i % 200 === 0) await session.run('DELETE FROM login_failures');
            const pair = [['known', known[i]], ['unknown', unique('work')]];
            for (const [j, [kind, username]] of (i % 2 ? pair.reverse() : pair).entries()) {
                const started = performance.now();
                assert.equal(await attempt(username, address((round * count + i) * 2 + j)), 'UNAUTHENTICATED');
                times[kind].push(performance.now() - started);
            }
        }
        return times;
    }
    const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

    test('are of one distribution, whether there is such an account or not', async (t) => {
        const known = await makeAccounts(count);
        let best = 0;
        for (let round = 0; round < 3 && best <= 0.01; round++) {
            const times = await measure(known, round);
            const p = sameDistribution(times.known, times.unknown);
            const difference = Math.abs(median(times.known) - median(times.unknown));
            t.diagnostic(`p ${p.toFixed(3)}, medians ${difference.toFixed(3)} ms apart`);
            best = Math.max(best, p);
        }
        assert.ok(best > 0.01, `p ${best}`);
    });

    test('which the test would notice otherwise', () => {
        const one = Array.from({ length: count }, (_, i) => (i * 0.618034) % 1);
        assert.ok(sameDistribution(one, one.map((value) => value * 0.999)) > 0.5);
        assert.ok(sameDistribution(one, one.map((value) => value + 0.08)) < 0.01);
    });
});

suite('ten thousand guesses at one account', { skip: !isFull && 'with --full' }, () => {
    // The codes of 10,000 answers, 16 at a time, and how often each came.
    async function guess(username, address) {
        const codes = {};
        let next = 0;
        const one = async () => {
            while (next < 10000) {
                const code = await attempt(username, address(next++));
                codes[code] = (codes[code] ?? 0) + 1;
            }
        };
        await session.run('DELETE FROM login_failures');
        await Promise.all(Array.from({ length: 8 }, one));
        return codes;
    }

    for (const [where, most, address] of [
        ['1,000 networks', 100, (i) => `10.${i % 4}.${(i >> 2) % 250}.1`],
        ['250 addresses of one network', 20, (i) => `10.0.0.${i % 250}`],
    ])
        test(`from ${where}: ${most} are checked`, async (t) => {
            const [username] = await makeAccounts(1);
            const codes = await guess(username, address);
            t.diagnostic(JSON.stringify(codes));
            assert.deepEqual(codes, { UNAUTHENTICATED: most, RATE_LIMITED: 10000 - most });
        });
});
