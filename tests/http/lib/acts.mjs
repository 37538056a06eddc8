// acts.mjs - what every server must do with the contract's mutations, however it is deployed:
// with roles or with one alone, through nginx or not.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { mint, unique } from './accounts.mjs';
import {
    createLink,
    createVote,
    deleteLink,
    deleteVote,
    freshUrl,
    updateLink,
} from './acts_documents.mjs';
import { actsTogether } from './acts_together.mjs';
import { quote } from './database.mjs';

export { createLink, freshUrl };

// Ids that no link has: keys, and texts that cannot be one.
const freeIds = ['2147483646', '0', '-1'];
const badIds = [
    '2147483648',
    '99999999999999999999',
    '1.5',
    'x',
    '',
    ' 1',
    '1e0',
    '0x1',
];

// Each id, with the code and the message of a mutation that gets it.
const noIds = [
    ...freeIds.map((id) => [id, 'NOT_FOUND', 'Invalid Link!']),
    ...badIds.map((id) => [id, 'BAD_USER_INPUT', undefined]),
];

// `make()` gives a target (accounts.mjs).
export function acts(name, make) {
    suite(name, () => {
        let t, ada, bob, staff;
        before(async () => {
            t = await make();
            [ada, bob] = await t.users(2, { prefix: 'acts' });
            [staff] = await t.users(1, { prefix: 'acts-staff', role: 'staff' });
        });
        after(() => t.session.close());

        const post = async (user = ada) => {
            const {
                createLink: { id },
            } = await t.ask(user, createLink, { url: freshUrl(), description: 'a page' });
            return id;
        };
        const linkRow = async (id) =>
            (await t.session.rows(`SELECT * FROM links WHERE id = ${id}`))[0];
        const refused = async (user, query, variables, code, message) => {
            const error = await t.fail(user, query, variables);
            assert.equal(error.code, code, error.message);
            if (message) assert.equal(error.message, message);
            const [field] = Object.keys(error.data);
            assert.deepEqual(error.data, { [field]: null });
            assert.deepEqual(error.path, [field]);
            return error;
        };

        // --- createLink ---

        test('createLink shows what it wrote, by columns and read again', async () => {
            const url = freshUrl();
            const { createLink: made } = await t.ask(
                ada,
                `mutation ($u: String!) { createLink(url: $u, description: "Lots of Code!") {
                id url description postedBy { id username email }
                link { id url description createdAt voteCount viewerHasVoted votes { id }
                       postedBy { id email linkSet(first: 1) { id } } } } }`,
                { u: url },
            );
            assert.equal(typeof made.id, 'number');
            const row = await linkRow(made.id);
            assert.deepEqual(
                [row.url, row.description, String(row.posted_by)],
                [url, 'Lots of Code!', ada.id],
            );
            const poster = { id: ada.id, email: ada.email };
            assert.deepEqual(made, {
                id: made.id,
                url,
                description: 'Lots of Code!',
                postedBy: { ...poster, username: ada.username },
                link: {
                    id: String(made.id),
                    url,
                    description: 'Lots of Code!',
                    createdAt: made.link.createdAt,
                    voteCount: 0,
                    viewerHasVoted: false,
                    votes: [],
                    postedBy: { ...poster, linkSet: [{ id: String(made.id) }] },
                },
            });
            assert.ok(
                Math.abs(Date.parse(made.link.createdAt) - Date.now()) < 60000,
                made.link.createdAt,
            );
        });

        test('createLink without a description: an empty one', async () => {
            const { createLink: made } = await t.ask(
                ada,
                'mutation ($u: String!) { createLink(url: $u) { description link { description } } }',
                { u: freshUrl() },
            );
            assert.deepEqual(made, { description: '', link: { description: '' } });
        });

        test('createLink takes what a description may be', async () => {
            for (const description of [
                'x'.repeat(2000),
                '🏃'.repeat(2000),
                '\'"; DROP TABLE links; -- $1 %s \\',
                'a\nb\tc\u0001',
                '{"a":1}',
            ]) {
                const url = freshUrl();
                const { createLink: made } = await t.ask(
                    ada,
                    'mutation ($u: String!, $d: String!) { createLink(url: $u, description: $d) { description link { description } } }',
                    { u: url, d: description },
                );
                assert.deepEqual(made, { description, link: { description } });
            }
        });

        test('createLink refuses invalid urls, and long ones', async () => {
            const bad = [
                '',
                'x',
                'example.com',
                'javascript:alert(1)',
                'JAVASCRIPT:alert(1)',
                'data:text/html,x',
                'ftp://a.example/',
                'http:',
                'http://',
                'https:///x',
                'http:// a.example',
                ' http://a.example',
                'http://a.example/ b',
                'http://a.example/\nb',
                'http://a.example/\u0001',
                `http://a.example/${'x'.repeat(2048 - 16)}`,
            ];
            assert.equal(bad.at(-1).length, 2049);
            const before = await t.session.row('SELECT count(*) FROM links');
            for (const url of bad) {
                const error = await refused(
                    ada,
                    createLink,
                    { url, description: '' },
                    'BAD_USER_INPUT',
                );
                assert.equal(error.extensions.argument, 'url', url.slice(0, 50));
            }
            assert.deepEqual(await t.session.row('SELECT count(*) FROM links'), before);
            const longest = `http://a.example/${'x'.repeat(2048 - 17)}`;
            assert.equal(longest.length, 2048);
            await t.ask(ada, createLink, { url: longest, description: '' });
            await t.ask(ada, createLink, { url: 'HTTPS://A.example', description: '' });
        });

        test('createLink refuses long descriptions', async () => {
            const error = await refused(
                ada,
                createLink,
                { url: freshUrl(), description: 'é'.repeat(2001) },
                'BAD_USER_INPUT',
            );
            assert.equal(error.extensions.argument, 'description');
        });

        test('createLink is for users', async () => {
            await refused(
                null,
                createLink,
                { url: freshUrl(), description: '' },
                'UNAUTHENTICATED',
                'Not logged in!',
            );
        });

        // --- updateLink ---

        test('updateLink changes what is given, and nothing else', async () => {
            const id = String(await post());
            const { url } = await linkRow(id);
            assert.deepEqual(await t.ask(ada, updateLink, { id, d: 'new' }), {
                updateLink: { link: { id, url, description: 'new' } },
            });
            assert.deepEqual(await t.ask(ada, updateLink, { id, u: null, d: null }), {
                updateLink: { link: { id, url, description: 'new' } },
            });
            assert.deepEqual(await t.ask(ada, updateLink, { id }), {
                updateLink: { link: { id, url, description: 'new' } },
            });
            assert.deepEqual(await t.ask(ada, updateLink, { id, u: `${url}/2`, d: '' }), {
                updateLink: { link: { id, url: `${url}/2`, description: '' } },
            });
            const row = await linkRow(id);
            assert.deepEqual(
                [row.url, row.description, String(row.posted_by)],
                [`${url}/2`, '', ada.id],
            );
        });

        test('updateLink takes an id as a number', async () => {
            const id = await post();
            const data = await t.ask(
                ada,
                `mutation { updateLink(id: ${id}, description: "by number") { link { description } } }`,
            );
            assert.deepEqual(data, { updateLink: { link: { description: 'by number' } } });
        });

        test('updateLink refuses what createLink refuses', async () => {
            const id = String(await post());
            const before = await linkRow(id);
            assert.equal(
                (await refused(ada, updateLink, { id, u: 'javascript:1' }, 'BAD_USER_INPUT'))
                    .extensions.argument,
                'url',
            );
            assert.equal(
                (await refused(ada, updateLink, { id, d: 'x'.repeat(2001) }, 'BAD_USER_INPUT'))
                    .extensions.argument,
                'description',
            );
            assert.deepEqual(await linkRow(id), before);
        });

        test('updateLink is for the one who posted it, and not for staff either', async () => {
            const id = String(await post());
            const before = await linkRow(id);
            await refused(bob, updateLink, { id, d: 'mine' }, 'FORBIDDEN');
            await refused(staff, updateLink, { id, d: 'mine' }, 'FORBIDDEN');
            await refused(null, updateLink, { id, d: 'mine' }, 'UNAUTHENTICATED', 'Not logged in!');
            assert.deepEqual(await linkRow(id), before);
        });

        test('updateLink of no link', async () => {
            for (const [id, code, message] of noIds)
                await refused(ada, updateLink, { id, d: 'x' }, code, message);
        });

        // --- deleteLink ---

        test('deleteLink takes the votes with it, and is done once', async () => {
            const id = String(await post());
            await t.ask(bob, 'mutation ($id: ID!) { createVote(linkId: $id) { link { id } } }', {
                id,
            });
            assert.deepEqual(await t.ask(ada, deleteLink, { id }), { deleteLink: { id } });
            assert.equal(await linkRow(id), undefined);
            assert.deepEqual(await t.session.rows(`SELECT * FROM votes WHERE link_id = ${id}`), []);
            assert.deepEqual(
                await t.ask(ada, 'query ($id: ID!) { link(id: $id) { id } }', { id }),
                { link: null },
            );
            await refused(ada, deleteLink, { id }, 'NOT_FOUND', 'Invalid Link!');
        });

        test('deleteLink is for the one who posted it, and for staff', async () => {
            const id = String(await post());
            await refused(bob, deleteLink, { id }, 'FORBIDDEN');
            await refused(null, deleteLink, { id }, 'UNAUTHENTICATED', 'Not logged in!');
            assert.ok(await linkRow(id));
            assert.deepEqual(await t.ask(staff, deleteLink, { id }), { deleteLink: { id } });
            assert.equal(await linkRow(id), undefined);
        });

        test("a link of nobody is nobody's, but the staff's to delete", async () => {
            const { id } = await t.session.row(
                `SELECT id::text FROM links WHERE url = ${quote((await linkRow(await post())).url)}`,
            );
            await t.session.run(`UPDATE links SET posted_by = NULL WHERE id = ${id}`);
            await refused(ada, deleteLink, { id }, 'FORBIDDEN');
            await refused(ada, updateLink, { id, d: 'x' }, 'FORBIDDEN');
            assert.deepEqual(await t.ask(staff, deleteLink, { id }), { deleteLink: { id } });
        });

        test('deleteLink of no link', async () => {
            for (const [id, code, message] of noIds)
                await refused(ada, deleteLink, { id }, code, message);
        });

        // --- votes ---

        const assertCount = async (id, count) => {
            const row = await t.session
                .row(`SELECT vote_count, (SELECT count(*) FROM votes WHERE link_id = links.id) AS votes,
                abs(hot - (log(greatest(vote_count, 1)) + extract(epoch FROM created_at) / 45000)) < 1e-9 AS is_hot FROM links WHERE id = ${id}`);
            assert.deepEqual(row, { vote_count: count, votes: count, is_hot: true });
        };

        test('votes of others count, at once and for good', async () => {
            const id = String(await post());
            assert.deepEqual(await t.ask(bob, createVote, { id }), {
                createVote: {
                    user: {
                        id: bob.id,
                        username: bob.username,
                        email: bob.email,
                        voteSet: [{ link: { id } }],
                    },
                    link: {
                        id,
                        voteCount: 1,
                        viewerHasVoted: true,
                        votes: [{ user: { id: bob.id } }],
                    },
                },
            });
            await assertCount(id, 1);
            assert.deepEqual(await t.ask(ada, createVote, { id }), {
                createVote: {
                    user: {
                        id: ada.id,
                        username: ada.username,
                        email: ada.email,
                        voteSet: [{ link: { id } }],
                    },
                    link: {
                        id,
                        voteCount: 2,
                        viewerHasVoted: true,
                        votes: [{ user: { id: bob.id } }, { user: { id: ada.id } }],
                    },
                },
            });
            await assertCount(id, 2);
            assert.deepEqual(await t.ask(bob, deleteVote, { id }), {
                deleteVote: {
                    link: {
                        id,
                        voteCount: 1,
                        viewerHasVoted: false,
                        votes: [{ user: { id: ada.id } }],
                    },
                },
            });
            await assertCount(id, 1);
            await t.ask(ada, deleteVote, { id });
            await assertCount(id, 0);
        });

        test('ten votes are hotter than one', async () => {
            const [id, other] = [await post(), await post()];
            const hot = async () =>
                (await t.ask(null, '{ links(first: 20, orderBy: {hot: DESC}) { id } }')).links
                    .map((link) => Number(link.id))
                    .filter((n) => n === id || n === other);
            const voters = await t.users(10, { prefix: 'voter' });
            await t.session.run(
                `UPDATE links SET created_at = '9990-01-01Z' WHERE id = ${id}; UPDATE links SET created_at = '9990-01-01 12:00Z' WHERE id = ${other}`,
            );
            try {
                assert.deepEqual(await hot(), [other, id]);
                for (const voter of voters) await t.ask(voter, createVote, { id });
                assert.deepEqual(await hot(), [id, other]);
                await assertCount(id, 10);
            } finally {
                await t.session.run(`DELETE FROM links WHERE id IN (${id}, ${other})`);
            }
        });

        test('a second vote is a conflict, and changes nothing', async () => {
            const id = String(await post());
            await t.ask(bob, createVote, { id });
            await refused(bob, createVote, { id }, 'CONFLICT');
            await assertCount(id, 1);
        });

        test('no vote to take back is a conflict', async () => {
            const id = String(await post());
            await t.ask(ada, createVote, { id });
            await refused(bob, deleteVote, { id }, 'CONFLICT');
            await assertCount(id, 1);
        });

        test('votes need a user, and a link', async () => {
            const id = String(await post());
            await refused(
                null,
                createVote,
                { id },
                'UNAUTHENTICATED',
                'You must be logged in to vote!',
            );
            await refused(
                null,
                deleteVote,
                { id },
                'UNAUTHENTICATED',
                'You must be logged in to vote!',
            );
            for (const [none, code, message] of noIds) {
                await refused(bob, createVote, { id: none }, code, message);
                await refused(bob, deleteVote, { id: none }, code, message);
            }
            await assertCount(id, 0);
        });

        test('staff vote in their own name', async () => {
            const id = String(await post());
            const {
                createVote: { user },
            } = await t.ask(staff, createVote, { id });
            assert.equal(user.id, staff.id);
            await assertCount(id, 1);
        });

        actsTogether({
            get t() {
                return t;
            },
            get people() {
                return { ada, bob, staff };
            },
            post,
            linkRow,
            refused,
            assertCount,
        });
    });
}
