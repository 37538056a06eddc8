// acts_together.mjs - what the contract's mutations do together, in one request and for who asks.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mint } from './accounts.mjs';
import {
    createLink,
    createVote,
    deleteLink,
    deleteVote,
    freshUrl,
    updateLink,
} from './acts_documents.mjs';
import { quote } from './database.mjs';

// In the suite of acts(), which makes target and people before the first test: `c` has them.
export function actsTogether(c) {
    // --- several at once ---

    test('fields of one request run one after the other, and see each other', async () => {
        const { t, post } = c;
        const { bob } = c.people;
        const id = await post();
        assert.deepEqual(
            await t.ask(
                bob,
                `mutation { a: createVote(linkId: ${id}) { link { voteCount viewerHasVoted } }
            b: deleteVote(linkId: ${id}) { link { voteCount viewerHasVoted } }
            c: createVote(linkId: ${id}) { link { voteCount viewerHasVoted } } }`,
            ),
            {
                a: { link: { voteCount: 1, viewerHasVoted: true } },
                b: { link: { voteCount: 0, viewerHasVoted: false } },
                c: { link: { voteCount: 1, viewerHasVoted: true } },
            },
        );
    });

    test('an error in the middle undoes its own field, and the others go on', async () => {
        const { t, linkRow } = c;
        const { ada } = c.people;
        const urls = [freshUrl(), freshUrl()];
        const { data, code, path } = await t.fail(
            ada,
            `mutation ($a: String!, $c: String!) { a: createLink(url: $a) { id }
            b: createVote(linkId: 2147483646) { link { id } } c: createLink(url: $c) { id link { url } } }`,
            { a: urls[0], c: urls[1] },
        );
        assert.equal(code, 'NOT_FOUND');
        assert.deepEqual(path, ['b']);
        assert.equal(data.b, null);
        assert.equal(data.c.link.url, urls[1]);
        assert.ok(data.a.id < data.c.id);
        for (const [i, id] of [data.a.id, data.c.id].entries())
            assert.equal((await linkRow(id)).url, urls[i]);
    });

    test('a null that propagates does not undo what was done', async () => {
        const { t, linkRow } = c;
        const { ada } = c.people;
        const url = freshUrl();
        const { data, path, code } = await t.fail(
            ada,
            'mutation ($u: String!) { createLink(url: $u) { id link { votes(first: 101) { id } } } }',
            { u: url },
        );
        assert.equal(code, 'BAD_USER_INPUT');
        assert.deepEqual(path, ['createLink', 'link', 'votes']);
        assert.equal(data.createLink.link, null);
        assert.equal((await linkRow(data.createLink.id)).url, url);
    });

    test('aliases, fragments, __typename and skipped fields', async () => {
        const { t } = c;
        const { ada } = c.people;
        const url = freshUrl();
        const data = await t.ask(
            ada,
            `mutation ($u: String!, $no: Boolean!) { __typename ...F skipped: createLink(url: $u) @skip(if: true) { id } }
            fragment F on Mutation { made: createLink(url: $u) { __typename url @include(if: $no) again: url link { __typename address: url } } }`,
            { u: url, no: false },
        );
        assert.deepEqual(data, {
            __typename: 'Mutation',
            made: {
                __typename: 'CreateLink',
                again: url,
                link: { __typename: 'Link', address: url },
            },
        });
        assert.equal(
            (await t.session.rows(`SELECT FROM links WHERE url = ${quote(url)}`)).length,
            1,
        );
    });

    // --- who may act ---

    test('a user who is gone may not act', async () => {
        const { t, post, refused, assertCount } = c;
        const [gone] = await t.users(1, { prefix: 'gone' });
        const id = String(await post());
        await t.session.run(`DELETE FROM users WHERE id = ${gone.id}`);
        await refused(
            gone,
            createLink,
            { url: freshUrl(), description: '' },
            'UNAUTHENTICATED',
            'Not logged in!',
        );
        await refused(gone, createVote, { id }, 'UNAUTHENTICATED');
        await refused(gone, deleteVote, { id }, 'UNAUTHENTICATED');
        await refused(gone, deleteLink, { id }, 'UNAUTHENTICATED');
        await refused(gone, updateLink, { id, d: 'x' }, 'UNAUTHENTICATED');
        await assertCount(id, 0);
    });

    test('a user who is disabled may not act', async () => {
        const { t, refused } = c;
        const [shut] = await t.users(1, { prefix: 'shut' });
        await t.session.run(
            `INSERT INTO credentials (user_id, password_hash, is_disabled) VALUES (${shut.id}, '$argon2id$', true)`,
        );
        await refused(shut, createLink, { url: freshUrl(), description: '' }, 'FORBIDDEN');
    });

    test('a token names the user by key, and the name in it does not count', async () => {
        const { t } = c;
        const { ada, bob } = c.people;
        const token = await mint({ id: ada.id, username: bob.username });
        assert.deepEqual(await t.ask(token, '{ me { id username email } }'), {
            me: { id: ada.id, username: ada.username, email: ada.email },
        });
    });

    // --- whose e-mail ---

    test("e-mail and last login are one's own alone, on every path", async () => {
        const { t, post } = c;
        const { ada, bob, staff } = c.people;
        const id = String(await post());
        for (const voter of [ada, bob]) await t.ask(voter, createVote, { id });
        await t.session.run(
            `UPDATE user_private SET last_login = '2026-01-02 03:04:05Z' WHERE user_id IN (${ada.id}, ${bob.id})`,
        );
        const u = '{ id email lastLogin }';
        const document = `query ($id: ID!, $a: ID!, $b: ID!, $n: String) {
            users(first: 2) ${u} ua: user(id: $a) { id email lastLogin linkSet(first: 3) { postedBy ${u} votes { user ${u} } } voteSet { user ${u} } }
            ub: user(id: $b) { id email lastLogin voteSet(first: 3) { user ${u} link { postedBy ${u} } } } un: user(username: $n) ${u}
            link(id: $id) { postedBy ${u} votes { user { id email lastLogin voteSet(first: 2) { link { postedBy ${u} } } } } }
            links(first: 5) { postedBy ${u} } votes(first: 5) { user ${u} link { postedBy ${u} } } }`;
        for (const viewer of [ada, bob, staff, null]) {
            const data = await t.ask(viewer, document, {
                id,
                a: ada.id,
                b: bob.id,
                n: ada.username,
            });
            const seen = { own: 0, others: 0 };
            walk(data, (object) => {
                if (!('email' in object)) return;
                const owner = [ada, bob].find((user) => user.id === object.id);
                const mine = viewer && object.id === viewer.id;
                seen[mine ? 'own' : 'others']++;
                assert.equal(object.email, mine ? viewer.email : null);
                assert.equal(
                    object.lastLogin,
                    owner && mine ? '2026-01-02T03:04:05.000Z' : null,
                );
            });
            assert.ok(seen.others > 5);
            if (viewer === ada || viewer === bob) assert.ok(seen.own > 5, JSON.stringify(seen));
        }
    });

    test("viewerHasVoted is the viewer's own", async () => {
        const { t, post } = c;
        const { ada, bob, staff } = c.people;
        const ids = [String(await post()), String(await post())];
        await t.ask(ada, createVote, { id: ids[0] });
        await t.ask(bob, createVote, { id: ids[1] });
        for (const [viewer, wanted] of [
            [ada, [true, false]],
            [bob, [false, true]],
            [staff, [false, false]],
            [null, [false, false]],
        ]) {
            const data = await t.ask(
                viewer,
                'query ($a: ID!, $b: ID!) { a: link(id: $a) { viewerHasVoted } b: link(id: $b) { viewerHasVoted } links(first: 5) { id viewerHasVoted } }',
                { a: ids[0], b: ids[1] },
            );
            assert.deepEqual([data.a.viewerHasVoted, data.b.viewerHasVoted], wanted);
            assert.deepEqual(
                ids.map((id) => data.links.find((link) => link.id === id).viewerHasVoted),
                wanted,
            );
        }
    });

    test('me is who asks', async () => {
        const { t } = c;
        const { ada, bob, staff } = c.people;
        for (const user of [ada, bob, staff])
            assert.deepEqual(await t.ask(user, '{ me { id username email } }'), {
                me: { id: user.id, username: user.username, email: user.email },
            });
        const { data, code, message, path } = await t.fail(
            null,
            '{ me { id } links(first: 1) { url } }',
        );
        assert.deepEqual(
            [code, message, path, data.me, data.links.length],
            ['UNAUTHENTICATED', 'Not logged in!', ['me'], null, 1],
        );
    });
}

// Visits every object of a response.
function walk(value, visit) {
    if (value === null || typeof value !== 'object') return;
    if (!Array.isArray(value)) visit(value);
    for (const member of Object.values(value)) walk(member, visit);
}
