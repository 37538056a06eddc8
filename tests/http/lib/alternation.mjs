// alternation.mjs - people who ask in turn over few connections: each must get what is his, whatever
// has been asked before.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

import { asParameters, makeUsers, mintExpired } from './accounts.mjs';
import { fastcgi } from './fastcgi.mjs';

// Five users, two of the staff, and nobody; `server` is one of serve(), with limit_lock_time 250.
export async function makePeople(server, session) {
    const users = await makeUsers(session, 5, { prefix: 'turn' });
    users.push(...(await makeUsers(session, 2, { prefix: 'turn-staff', role: 'staff' })));
    const expired = await mintExpired(users[0]);
    // User i has voted for link i alone.
    const links = (
        await session.rows(`SELECT id::text FROM links WHERE id < 910000 ORDER BY id LIMIT ${users.length}`)
    ).map(({ id }) => id);
    for (const [i, user] of users.entries())
        await session.run(`INSERT INTO votes (user_id, link_id) VALUES (${user.id}, ${links[i]})`);

    const send = (user, query, variables) => server.post(query, variables, { parameters: asParameters(user) });

    // What each kind of request must get; `user` null is nobody.
    const me = (user) => ({ id: user.id, email: user.email });
    const kinds = [
        async (user) => {
            const { json } = await send(user, '{ me { id email } }');
            if (user) assert.deepEqual(json, { data: { me: me(user) } });
            else
                assert.deepEqual(
                    [json.data, json.errors[0].extensions.code],
                    [{ me: null }, 'UNAUTHENTICATED'],
                );
        },
        async (user) => {
            const query = `{ ${users.map(({ id }, i) => `u${i}: user(id: ${id}) { id email }`).join(' ')} }`;
            const { json } = await send(user, query);
            assert.deepEqual(
                Object.values(json.data),
                users.map((other) => (other === user ? me(other) : { id: other.id, email: null })),
            );
        },
        async (user) => {
            const query = `{ ${links.map((id, i) => `l${i}: link(id: ${id}) { viewerHasVoted }`).join(' ')} }`;
            const { json } = await send(user, query);
            assert.deepEqual(
                Object.values(json.data).map((link) => link.viewerHasVoted),
                users.map((other) => other === user),
            );
        },
    ];
    // What comes between, and changes nothing for who asks next.
    const disturbances = [
        (user) => send(user, 'mutation { createVote(linkId: 2147483646) { link { id } } }'),
        (user) => send(user, '{ nothing }'),
        async (user) => {
            const { json } = await send(user, 'mutation { createLink(url: "https://turn.example/") { id postedBy { email } } }');
            if (user) assert.deepEqual(json.data.createLink.postedBy, { email: user.email });
            else assert.equal(json.errors[0].extensions.code, 'UNAUTHENTICATED');
        },
        (user) => send(user, 'mutation { updateLink(id: 910011, description: "mine") { link { id } } }'),
        (user) => send(user, `mutation { createLink(url: "${'x'.repeat(5000)}") { id } }`),
        () => send(expired, '{ me { id } links(first: 1) { id } }'),
        () => send('a.b.c', '{ me { id } }'),
        (user) => send(user, '{ user { id } links(first: 101) { id } }'),
        // The client goes away in the middle.
        (user) =>
            fastcgi(server.socket, {
                body: JSON.stringify({ query: '{ links { id postedBy { email votes: voteSet { id } } } }' }),
                parameters: asParameters(user),
                timeout: 1,
            }).catch(() => {}),
    ];

    return {
        users,
        links,
        send,

        // So many requests, in so many lanes, with errors between.
        async alternate(total, lanes = 4) {
            const everybody = [...users, null];
            const lane = async (number, count) => {
                for (let i = 0; i < count; i++) {
                    const user = everybody[(i * 5 + number * 3) % everybody.length];
                    // Steps without a factor in common with the number of people: everybody gets every kind.
                    await kinds[i % 9 ? 0 : 1 + (((i / 9) | 0) % 2)](user);
                    if (i % 21 === number) await disturbances[((i / 21) | 0) % disturbances.length](user);
                }
            };
            await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number, total / lanes)));
        },

        // Asks everything, once as this user, and once as nobody.
        async askAll(user) {
            for (const kind of kinds) {
                await kind(user);
                await kind(null);
            }
        },

        // The same with statements between that wait for a lock, which `locker`, a session, has.
        async alternateWithTimeouts(locker, count) {
            for (let i = 0; i < count; i++) {
                await locker.run('BEGIN; LOCK TABLE votes IN ACCESS EXCLUSIVE MODE');
                const slow = await send(
                    users[i % users.length],
                    i % 2
                        ? `mutation { createVote(linkId: ${links[0]}) { user { email } } }`
                        : '{ me { email voteSet { id } } }',
                ).finally(() => locker.run('ROLLBACK'));
                assert.equal(slow.json.errors[0].extensions.code, 'TIMEOUT', slow.text);
                await this.askAll(users[(i + 1) % users.length]);
            }
        },

        async assertNothingLeft() {
            const answer = await send(
                null,
                '{ users(first: 100) { id email lastLogin } links(first: 100) { viewerHasVoted } }',
            );
            assert.equal(answer.json.errors, undefined);
            assert.ok(answer.json.data.users.every((user) => user.email === null && user.lastLogin === null));
            assert.ok(answer.json.data.links.every((link) => link.viewerHasVoted === false));
        },
    };
}
