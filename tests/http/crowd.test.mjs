// crowd.test.mjs - one address that floods the server with sign-ins and sign-ups, and the others,
// none of whom may be refused for it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { goodPassword, signInOver, signUp, signUpOver, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, sleep } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());

// The accounts that one address may create in an hour.
const MOST = 20;

suite('beside one address that floods', () => {
    const flooder = { REMOTE_ADDR: '203.0.113.7' };
    const username = unique('crowd');
    let server;
    before(async () => {
        server = await serve('--workers', '1', '--sign-ups', String(MOST));
        assert.equal((await signUp(username, goodPassword)).json.errors, undefined);
    });
    after(() => server.stop());
    beforeEach(() => session.run('DELETE FROM login_failures'));

    const post = (query, variables, parameters) => server.post(query, variables, { parameters });
    const from = (number) => ({ REMOTE_ADDR: `198.51.100.${number}` });

    // Sends it as somebody who leaves 3 ms later.
    async function leave(send) {
        const connection = new Connection(server.socket);
        send((query, variables) => connection.post(query, variables, flooder));
        await sleep(3);
        connection.close();
    }

    // Repeats what the flood is until the others are done.
    async function besideFlood(clients, flood, others) {
        let isOver = false;
        const repeat = async (client) => {
            while (!isOver) await flood(client);
        };
        const all = Array.from({ length: clients }, (_, client) => repeat(client));
        try {
            await others();
        } finally {
            isOver = true;
            await Promise.all(all);
        }
    }

    async function othersSignIn(count) {
        for (let i = 0; i < count; i++) {
            const answer = await signInOver(
                (query, variables) => post(query, variables, from(i)),
                username,
                goodPassword,
            );
            assert.equal(answer.json.errors, undefined, answer.text);
        }
    }

    test('with logins that it leaves, others sign in', async () => {
        await besideFlood(
            1,
            () => leave((send) => signInOver(send, unique('nobody'), 'a wrong password')),
            () => othersSignIn(20),
        );
        // Whoever leaves breaks nothing that others need.
        assert.doesNotMatch(server.log, /cancelled.*statement|connection lost|cannot connect/);
    });

    test('with logins of 24 clients, others sign in', async () => {
        let refused = 0;
        await besideFlood(
            24,
            async () => {
                const send = (query, variables) => post(query, variables, flooder);
                const answer = await signInOver(send, unique('nobody'), 'a wrong password');
                const [{ extensions }] = assertErrors(answer);
                if (extensions.code === 'SERVICE_UNAVAILABLE') refused++;
                else assert.ok(['UNAUTHENTICATED', 'RATE_LIMITED'].includes(extensions.code));
            },
            () => othersSignIn(20),
        );
        assert.ok(refused > 0, 'the flood is more than its share');
    });

    test('with sign-ups of 24 clients, others sign in', async () => {
        const name = unique('flood');
        let serial = 0;
        await besideFlood(
            24,
            async () => {
                const send = (query, variables) => post(query, variables, flooder);
                await signUpOver(send, `${name}-${serial++}`, goodPassword);
            },
            () => othersSignIn(20),
        );
        const { count } = await session.row(
            `SELECT count(*) FROM users WHERE username LIKE '${name}-%'`,
        );
        assert.ok(count > 0 && count <= MOST, `${count} accounts`);
    });

    test('others sign up when it may not any more', async () => {
        await session.run('DELETE FROM sign_ups');
        const attempt = async (parameters, username = unique('signs-up')) => {
            const send = (query, variables) => post(query, variables, parameters);
            const answer = await signUpOver(send, username, goodPassword);
            return answer.json.errors ? assertErrors(answer)[0].extensions : username;
        };
        let last;
        for (let i = 0; i < MOST; i++) {
            last = await attempt(flooder);
            assert.equal(typeof last, 'string', JSON.stringify(last));
        }
        const refusal = await attempt(flooder);
        assert.equal(refusal.code, 'RATE_LIMITED');
        assert.ok(refusal.retryAfter > 3500 && refusal.retryAfter <= 3600, JSON.stringify(refusal));
        assert.equal(typeof (await attempt(from(1))), 'string');
        // A name that is taken is not counted, and is told before anything is hashed.
        for (let i = 0; i < 2 * MOST; i++)
            assert.equal((await attempt(from(2), last)).code, 'CONFLICT');
        assert.equal(typeof (await attempt(from(2))), 'string');
    });
});
