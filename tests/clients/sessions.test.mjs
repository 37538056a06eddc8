// sessions.test.mjs - signed in by cookies and by tokens, with each client: what has ended is renewed, once, and what
// was asked is asked again; errors reach the form.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { goodPassword, mintExpired, signUp, unique } from '../http/lib/accounts.mjs';
import { plainNames } from '../http/lib/cookies.mjs';
import { clients } from './lib/clients.mjs';
import { sortErrors } from './lib/form_errors.mjs';
import { withCookies } from './lib/jar.mjs';
import { persisted } from './lib/persisted.mjs';
import { makeAsk } from './lib/plain.mjs';
import { Session } from './lib/session.mjs';
import { ask, endpoint, recorded, targets } from './lib/targets.mjs';

// What the session has sent by itself, and what the client has sent.
const isOwn = ({ body }) => /tokenAuth|refreshToken|revokeToken|Cookie/.test(body.query ?? '');

let target, person;
before(async () => {
    target = await targets.server();
    const username = unique('session');
    const { json } = await signUp(username, goodPassword);
    person = json.data.createUser.user;
});
after(() => target?.close());

// A session, its calls, and how its token ends.
const kinds = {
    cookies: () => {
        const { fetch, jar } = withCookies(target.fetch);
        const { fetch: send, calls } = recorded(fetch);
        const session = new Session(endpoint, { fetch: send });
        const end = async () => jar.cookies.set(plainNames.token, await mintExpired(person));
        return { session, calls, end, isEmpty: () => jar.cookies.size === 0 };
    },
    tokens: () => {
        const { fetch: send, calls } = recorded(target.fetch);
        const store = new Map();
        const session = new Session(endpoint, { fetch: send, useCookies: false, store });
        const end = async () => store.set('token', await mintExpired(person));
        return { session, calls, end, isEmpty: () => store.size === 0 };
    },
};

for (const [kind, open] of Object.entries(kinds))
    for (const [client, connect] of Object.entries(clients))
        suite(`${client}, signed in by ${kind}`, () => {
            let at, run;
            before(async () => {
                at = open();
                run = connect(at.session.fetch);
                assert.deepEqual(await at.session.signIn(person.username, goodPassword), []);
            });

            test('knows who asks', async () => {
                const { data, errors } = await run('AccountMeQuery');
                assert.deepEqual(errors, []);
                assert.equal(data.me.username, person.username);
            });

            test('a token that has ended is renewed once, and all that asked are answered', async () => {
                await at.end();
                at.calls.length = 0;
                const answers = await Promise.all(['AccountMeQuery', 'AccountFrontQuery', 'AccountMeQuery'].map((name) => run(name)));
                for (const { data, errors } of answers) {
                    assert.deepEqual(errors, []);
                    assert.equal(data.me.id, person.id);
                }
                assert.equal(at.calls.filter(isOwn).length, 1);
            });

            test('a mutation is sent again, and done once', async () => {
                await at.end();
                const url = `https://session.example/${unique('link')}`;
                const { data, errors } = await run('AccountPostMutation', { url });
                assert.deepEqual(errors, []);
                assert.equal(data.createLink.linkNode.url, url);
                const { relayLinks } = await ask(target, 'query ($url: String!) { relayLinks(url: $url) { totalCount } }', { url });
                assert.equal(relayLinks.totalCount, 1);
            });

            test('is signed out where the session is over', async () => {
                await at.session.signOut();
                assert.ok(at.isEmpty());
                const { data, errors } = await run('AccountMeQuery');
                assert.equal(data?.me ?? null, null);
                if (client !== 'Relay') assert.ok(sortErrors(errors).isSignedOut);
                assert.equal(await at.session.renew(), false);
            });
        });

// As GraphQL Code Generator makes them.
const makeDocument = () => Object.assign(new String('{ __typename }'), { __meta__: { hash: 'sha256:0' } });

suite('a session', () => {
    const signedIn = async (open) => {
        const at = open();
        await at.session.signIn(person.username, goodPassword);
        at.calls.length = 0;
        return at;
    };
    const connect = clients.fetch;

    for (const [kind, open] of Object.entries(kinds))
        test(`${kind}: renews a token that is about to end before it asks`, async () => {
            const at = await signedIn(open);
            const run = connect(at.session.fetch);
            assert.ok(at.session.expires < Infinity);
            at.session.expires = Date.now() + 1000;
            const answers = await Promise.all([run('AccountMeQuery'), run('AccountMeQuery')]);
            for (const { data } of answers) assert.equal(data.me.id, person.id);
            assert.deepEqual(at.calls.map(isOwn), [true, false, false]);
            assert.ok(at.session.expires - Date.now() > 60000);
        });

    test('is kept while the server is away', async () => {
        let isAway = false;
        const fetch = async (url, options) =>
            isAway ? new Response('{"errors":[{"message":"Away."}]}', { status: 503 }) : target.fetch(url, options);
        const store = new Map();
        const session = new Session(endpoint, { fetch, useCookies: false, store });
        assert.deepEqual(await session.signIn(person.username, goodPassword), []);
        isAway = true;
        assert.equal(await session.renew(), false);
        isAway = false;
        assert.equal(await session.renew(), true);
        assert.equal((await connect(session.fetch)('AccountMeQuery')).data.me.id, person.id);
    });

    test('a mutation of which something was done is not sent again', async () => {
        const at = await signedIn(kinds.tokens);
        await at.end();
        const username = unique('session');
        const { data, errors } = await makeAsk(endpoint, at.session.fetch)(
            `mutation ($username: String!) {
                createUser(username: $username, password: "${goodPassword}", email: "a@example.com") { user { username } }
                createLink(url: "https://session.example/") { id }
            }`,
            { username },
        );
        assert.deepEqual(data, { createUser: { user: { username } }, createLink: null });
        assert.deepEqual(errors.map(({ extensions }) => extensions.code), ['TOKEN_EXPIRED']);
        assert.deepEqual(at.calls.map(isOwn), [false]);
    });

    test('a wrong password is an error that the form shows', async () => {
        const { session } = kinds.cookies();
        const errors = await session.signIn(person.username, 'wrong horse');
        assert.deepEqual(sortErrors(errors).message, 'Please enter valid credentials');
    });

    test('what is no answer signs nobody in', async () => {
        const fetch = async () => new Response('<p>Bad gateway</p>', { status: 502 });
        const session = new Session(endpoint, { fetch });
        assert.match((await session.signIn(person.username, goodPassword))[0].message, /no answer \(502\)/);
        assert.equal((await persisted(session.fetch, [makeDocument()])(endpoint, { method: 'POST', body: JSON.stringify({ query: String(makeDocument()) }) })).status, 502);
    });

    test('a page that is loaded anew finds the user by the cookie', async () => {
        const { fetch } = withCookies(target.fetch);
        await new Session(endpoint, { fetch }).signIn(person.username, goodPassword);
        const loaded = new Session(endpoint, { fetch });
        assert.equal(await loaded.renew(), true);
        assert.equal((await connect(loaded.fetch)('AccountMeQuery')).data.me.id, person.id);
    });

    test('mock signs in by tokens', async () => {
        const mock = await targets.mock();
        const session = new Session(endpoint, { fetch: mock.fetch, useCookies: false });
        assert.deepEqual(await session.signIn('anybody', goodPassword), []);
        const { data, errors } = await connect(session.fetch)('AccountMeQuery');
        assert.deepEqual(errors, []);
        assert.ok(data.me.username);
        await mock.close();
    });
});
