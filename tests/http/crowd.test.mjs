// crowd.test.mjs - one address that floods the server with sign-ins and sign-ups, and the others,
// none of whom may be refused for it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { goodPassword, signInOver, signUp, unique } from './lib/accounts.mjs';
import { assertErrors } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, sleep } from './lib/processes.mjs';

const session = new Session();
after(() => session.close());

suite('beside one address that floods', () => {
    const flooder = { REMOTE_ADDR: '203.0.113.7' };
    const username = unique('crowd');
    let server;
    before(async () => {
        server = await serve('--workers', '1');
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
});
