// acts.test.mjs - posting and voting through nginx: what all servers do (lib/acts.mjs), many at
// once, much at once, and what undoes a write.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { as, asParameters, overNginx } from './lib/accounts.mjs';
import { acts, createLink, freshUrl } from './lib/acts.mjs';
import { assertErrors, GRAPHQL_TYPE, post, request } from './lib/client.mjs';
import { quote } from './lib/database.mjs';
import { patience, url } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';


acts('acts', overNginx);

const createVote = 'mutation ($id: ID!) { createVote(linkId: $id) { link { voteCount } } }';

suite('many at once', () => {
    let t, poster, voters;
    before(async () => {
        t = overNginx();
        [poster] = await t.users(1, { prefix: 'poster' });
        voters = await t.users(100, { prefix: 'crowd' });
    });
    after(() => t.session.close());

    const fresh = async () =>
        (await t.ask(poster, createLink, { url: freshUrl(), description: '' })).createLink.id;
    const count = async (id) =>
        t.session.row(
            `SELECT vote_count, (SELECT count(*) FROM votes WHERE link_id = links.id) AS votes FROM links WHERE id = ${id}`,
        );

    test('100 users vote for one link: all of them count', async () => {
        const id = await fresh();
        const counts = (
            await Promise.all(voters.map((voter) => t.ask(voter, createVote, { id })))
        ).map((data) => data.createVote.link.voteCount);
        // Each sees at least its own vote, and one of them all.
        assert.ok(Math.min(...counts) >= 1);
        assert.equal(Math.max(...counts), 100);
        assert.deepEqual(await count(id), { vote_count: 100, votes: 100 });
        await Promise.all(
            voters
                .slice(0, 60)
                .map((voter) =>
                    t.ask(
                        voter,
                        'mutation ($id: ID!) { deleteVote(linkId: $id) { link { id } } }',
                        { id },
                    ),
                ),
        );
        assert.deepEqual(await count(id), { vote_count: 40, votes: 40 });
    });

    test('100 votes of one user: exactly one', async () => {
        const id = await fresh();
        const answers = await Promise.all(
            Array.from({ length: 100 }, () => post(createVote, { id }, as(voters[0]))),
        );
        assert.equal(answers.filter((answer) => !answer.json.errors).length, 1);
        for (const answer of answers.filter(({ json }) => json.errors)) {
            assert.equal(answer.status, 200);
            assert.equal(assertErrors(answer)[0].extensions.code, 'CONFLICT');
        }
        assert.deepEqual(await count(id), { vote_count: 1, votes: 1 });
    });

    test('a link that is deleted while all vote for it', async () => {
        const id = await fresh();
        const votes = voters.map((voter) => post(createVote, { id }, as(voter)));
        const deletion = t.ask(poster, 'mutation ($id: ID!) { deleteLink(id: $id) { id } }', {
            id,
        });
        for (const answer of await Promise.all(votes))
            for (const error of answer.json.errors ?? [])
                assert.equal(error.extensions.code, 'NOT_FOUND', JSON.stringify(error));
        assert.deepEqual(await deletion, { deleteLink: { id: String(id) } });
        assert.deepEqual(await t.session.rows(`SELECT FROM votes WHERE link_id = ${id}`), []);
    });

    test('a link with 10,000 votes is deleted in time', async () => {
        const id = await fresh();
        await t.session
            .run(`INSERT INTO users (username) SELECT 'many-${id}-' || n FROM generate_series(1, 10000) AS n;
            INSERT INTO votes (user_id, link_id) SELECT id, ${id} FROM users WHERE username LIKE 'many-${id}-%'`);
        try {
            assert.deepEqual(await count(id), { vote_count: 10000, votes: 10000 });
            const started = performance.now();
            assert.deepEqual(
                await t.ask(poster, 'mutation ($id: ID!) { deleteLink(id: $id) { id } }', { id }),
                { deleteLink: { id: String(id) } },
            );
            const took = performance.now() - started;
            assert.ok(took < 2000 * patience, `${took} ms`);
            assert.deepEqual(await t.session.rows(`SELECT FROM votes WHERE link_id = ${id}`), []);
        } finally {
            await t.session.run(`DELETE FROM users WHERE username LIKE 'many-${id}-%'`);
        }
    });

    test('64 post at once: each link once, with its own poster', async () => {
        const urls = voters.slice(0, 64).map(freshUrl);
        const made = await Promise.all(
            urls.map((u, i) =>
                t.ask(
                    voters[i],
                    'mutation ($u: String!) { createLink(url: $u) { id url postedBy { id } link { url postedBy { email } } } }',
                    { u },
                ),
            ),
        );
        for (const [i, { createLink: link }] of made.entries()) {
            assert.equal(link.url, urls[i]);
            assert.deepEqual(link.postedBy, { id: voters[i].id });
            assert.deepEqual(link.link, { url: urls[i], postedBy: { email: voters[i].email } });
        }
        const ids = made.map(({ createLink: link }) => link.id);
        assert.equal(new Set(ids).size, 64);
        assert.equal(
            (
                await t.session.row(
                    `SELECT count(*) FROM links WHERE url IN (${urls.map(quote).join()})`,
                )
            ).count,
            64,
        );
    });
});

suite('what undoes a write', () => {
    let t, ada, server;
    before(async () => {
        t = overNginx();
        [ada] = await t.users(1, { prefix: 'undo' });
        server = await serve('--workers', '1', '--limit-lock-time', '200');
    });
    after(async () => {
        t.session.close();
        await server.stop();
    });
    const exists = async (u) =>
        (await t.session.rows(`SELECT FROM links WHERE url = ${quote(u)}`)).length;
    const send = (query, variables) =>
        server.post(query, variables, { parameters: asParameters(ada) });

    test('a payload that cannot be read back', async () => {
        const u = freshUrl();
        // Reading the e-mail waits for the lock, longer than it may.
        await t.session.run('BEGIN; LOCK TABLE user_private IN ACCESS EXCLUSIVE MODE');
        try {
            const answer = await send(
                'mutation ($u: String!) { createLink(url: $u) { id postedBy { email } } }',
                { u },
            );
            assert.equal(answer.status, 200, answer.text);
            assert.equal(answer.json.data.createLink, null);
            assert.equal(assertErrors(answer)[0].extensions.code, 'TIMEOUT');
        } finally {
            await t.session.run('ROLLBACK');
        }
        assert.equal(await exists(u), 0);
    });

    test('and only that: the fields before and after stand', async () => {
        const u = [freshUrl(), freshUrl(), freshUrl()];
        await t.session.run('BEGIN; LOCK TABLE user_private IN ACCESS EXCLUSIVE MODE');
        try {
            const answer = await send(
                `mutation ($a: String!, $b: String!, $c: String!) { a: createLink(url: $a) { url }
                b: createLink(url: $b) { postedBy { email } } c: createLink(url: $c) { url } }`,
                { a: u[0], b: u[1], c: u[2] },
            );
            assert.deepEqual(answer.json.data, { a: { url: u[0] }, b: null, c: { url: u[2] } });
        } finally {
            await t.session.run('ROLLBACK');
        }
        assert.deepEqual([await exists(u[0]), await exists(u[1]), await exists(u[2])], [1, 0, 1]);
    });

    test('the worker serves on', async () => {
        assert.deepEqual((await send('{ me { id } }')).json, { data: { me: { id: ada.id } } });
    });
});

suite('what never writes', () => {
    let t, ada;
    before(async () => {
        t = overNginx();
        [ada] = await t.users(1, { prefix: 'never' });
    });
    after(() => t.session.close());
    const mutation = (u) => `mutation { createLink(url: "${u}") { id } }`;
    const exists = async (u) =>
        (await t.session.rows(`SELECT FROM links WHERE url = ${quote(u)}`)).length;

    test('GET', async () => {
        const u = freshUrl();
        const answer = await request({
            method: 'GET',
            path: `${url.pathname}?${new URLSearchParams({ query: mutation(u) })}`,
            headers: {
                accept: GRAPHQL_TYPE,
                authorization: `JWT ${ada.token}`,
                'sec-fetch-site': 'same-origin',
            },
        });
        assert.equal(answer.status, 405, answer.text);
        assert.equal(answer.headers.allow, 'POST');
        assert.equal(await exists(u), 0);
    });

    test('an operation that is not the one that is named', async () => {
        const u = freshUrl();
        const answer = await post(
            `query Q { __typename } mutation M { createLink(url: "${u}") { id } }`,
            {},
            { operationName: 'Q', ...as(ada) },
        );
        assert.deepEqual(answer.json, { data: { __typename: 'Query' } });
        assert.equal(await exists(u), 0);
    });

    test('a document that is wrong further below', async () => {
        const u = freshUrl();
        const answer = await post(
            `mutation { createLink(url: "${u}") { id nothing } }`,
            {},
            as(ada),
        );
        assert.equal(answer.json.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        assert.equal(await exists(u), 0);
    });

    test('a variable of the wrong type', async () => {
        const before = (await t.session.row('SELECT count(*) FROM links')).count;
        for (const value of [null, 1, true, ['x'], { a: 1 }]) {
            const answer = await post(createLink, { url: value, description: '' }, as(ada));
            assert.equal(assertErrors(answer)[0].extensions.code, 'BAD_USER_INPUT', answer.text);
        }
        assert.equal((await t.session.row('SELECT count(*) FROM links')).count, before);
    });
});
