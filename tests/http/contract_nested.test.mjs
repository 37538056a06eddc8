// contract_nested.test.mjs - every way from one type to another, and what a selection may be
// made of: aliases, fragments, conditions.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ask } from './lib/client.mjs';
import { list, one, time } from './lib/database.mjs';
import {
    newest,
    oldest,
    same,
    userColumns,
    userFields,
    voteColumns,
    voteFields,
} from './lib/expect.mjs';

suite('from one type to another', () => {
    test('to one: who posted a link, or null', () => {
        const poster = `SELECT ${userColumns('u')} FROM users u WHERE u.id = l.posted_by`;
        return same(
            `{ links(search: "zebra") { id postedBy { ${userFields} } } }`,
            {},
            `${list(`SELECT l.id::text, ${one(poster)} AS "postedBy" FROM links l
                     WHERE l.url ILIKE '%zebra%' OR l.description ILIKE '%zebra%'
                     ${newest('l')} LIMIT 100`)} AS links`,
        );
    });

    test('to one and on: votes, their users and links, and who posted these', () => {
        const user = 'SELECT u.id::text, u.username FROM users u WHERE u.id = v.user_id';
        const poster = 'SELECT u.username FROM users u WHERE u.id = l.posted_by';
        const link = `SELECT l.id::text, l.url, ${one(poster)} AS "postedBy"
                      FROM links l WHERE l.id = v.link_id`;
        return same(
            `{ votes(first: 50) {
                 id user { id username } link { id url postedBy { username } } } }`,
            {},
            `${list(`SELECT v.id::text, ${one(user)} AS user, ${one(link)} AS link
                     FROM votes v ${newest('v')} LIMIT 50`)} AS votes`,
        );
    });

    test('to many: votes of links, oldest first', () => {
        const votes = `SELECT ${voteColumns('v')}, json_build_object('username', u.username) AS user
                       FROM votes v JOIN users u ON u.id = v.user_id
                       WHERE v.link_id = l.id ${oldest('v')} LIMIT 100`;
        return same(
            `{ links(first: 30) { id votes { ${voteFields} user { username } } } }`,
            {},
            `${list(`SELECT l.id::text, ${list(votes)} AS votes
                     FROM links l ${newest('l')} LIMIT 30`)} AS links`,
        );
    });

    test('to many: linkSet and voteSet, newest first', () => {
        const links = `SELECT l.id::text, ${time('l.created_at')} AS "createdAt"
                       FROM links l WHERE l.posted_by = u.id ${newest('l')} LIMIT 100`;
        const votes = `SELECT v.id::text, json_build_object('id', v.link_id::text) AS link
                       FROM votes v WHERE v.user_id = u.id ${newest('v')} LIMIT 100`;
        return same(
            `{ users { id linkSet { id createdAt } voteSet { id link { id } } } }`,
            {},
            `${list(`SELECT u.id::text, ${list(links)} AS "linkSet", ${list(votes)} AS "voteSet"
                     FROM users u ORDER BY u.id LIMIT 100`)} AS users`,
        );
    });

    test('a limit for each parent', () => {
        const votes = `SELECT v.id::text FROM votes v
                       WHERE v.link_id = l.id ${oldest('v')} LIMIT 3 OFFSET 2`;
        return same(
            `{ links(first: 40, orderBy: {voteCount: DESC}) { id votes(first: 3, skip: 2) { id } } }`,
            {},
            `${list(`SELECT l.id::text, ${list(votes)} AS votes
                     FROM links l ORDER BY l.vote_count DESC, l.id DESC LIMIT 40`)} AS links`,
        );
    });

    test('more rows than a page have a hundred', async () => {
        const { link } = await ask('{ link(id: 910020) { voteCount votes { id } } }');
        assert.equal(link.voteCount, 105);
        assert.equal(link.votes.length, 100);
    });

    test('parents that have none have an empty list', async () => {
        const some = await ask(`{ user(id: 900002) { linkSet { id votes { id } } voteSet { id } }
                                  link(id: 910020) { id } }`);
        assert.deepEqual(some, { user: { linkSet: [], voteSet: [] }, link: { id: '910020' } });
        const none = await ask(`{ link(id: 0) { votes { user { id } } }
                                  users(first: 0) { linkSet { id } } }`);
        assert.deepEqual(none, { link: null, users: [] });
    });

    test('six levels, each with a limit', () => {
        // From the innermost out.
        const posted = `SELECT q.id::text, q.url FROM links q
                        WHERE q.posted_by = p.id ${newest('q')} LIMIT 1`;
        const poster = `SELECT p.id::text, ${list(posted)} AS "linkSet"
                        FROM users p WHERE p.id = k.posted_by`;
        const votedFor = `SELECT k.id::text, ${one(poster)} AS "postedBy"
                          FROM links k WHERE k.id = x.link_id`;
        const voteSet = `SELECT x.id::text, ${one(votedFor)} AS link FROM votes x
                         WHERE x.user_id = w.id ${newest('x')} LIMIT 2 OFFSET 1`;
        const voter = `SELECT w.username, ${list(voteSet)} AS "voteSet"
                       FROM users w WHERE w.id = v.user_id`;
        const votes = `SELECT v.id::text, ${one(voter)} AS user FROM votes v
                       WHERE v.link_id = l.id ${oldest('v')} LIMIT 2`;
        const links = `SELECT l.id::text, ${list(votes)} AS votes FROM links l
                       WHERE l.posted_by = u.id ${newest('l')} LIMIT 3`;
        return same(
            `{ users(first: 5) { username
                 linkSet(first: 3) { id
                   votes(first: 2) { id
                     user { username
                       voteSet(first: 2, skip: 1) { id
                         link { id
                           postedBy { id
                             linkSet(first: 1) { id url } } } } } } } } }`,
            {},
            `${list(`SELECT u.username, ${list(links)} AS "linkSet"
                     FROM users u ORDER BY u.id LIMIT 5`)} AS users`,
        );
    });
});

suite('selections', () => {
    test('aliases of one field with different arguments, side by side and nested', () => {
        const vote = (skip) => `SELECT v.id::text FROM votes v
                                WHERE v.link_id = l.id ${oldest('v')} LIMIT 1 OFFSET ${skip}`;
        const a = `SELECT l.id::text, ${list(vote(0))} AS x, ${list(vote(1))} AS y
                   FROM links l ${newest('l')} LIMIT 2`;
        const b = `SELECT l.id::text AS key FROM links l ${newest('l')} LIMIT 2 OFFSET 2`;
        const v = `SELECT v.id::text AS v FROM votes v
                   WHERE v.link_id = 910020 ${oldest('v')} LIMIT 2`;
        return same(
            `{ a: links(first: 2) { id
                 x: votes(first: 1) { id } y: votes(first: 1, skip: 1) { id } }
               b: links(first: 2, skip: 2) { key: id }
               link(id: 910020) { v: votes(first: 2) { v: id } } }`,
            {},
            `${list(a)} AS a, ${list(b)} AS b, ${one(`SELECT ${list(v)} AS v`)} AS link`,
        );
    });

    test('one response name, selected in pieces', async () => {
        const pieces = await ask(`
            { link(id: 910011) { postedBy { id } }
              ...Rest
              ... on Query { link(id: 910011) { postedBy { username } url } } }
            fragment Rest on Query { link(id: 910011) { ...Deeper id } }
            fragment Deeper on Link {
              postedBy { firstName ... { lastName } }
              votes(first: 1) { id }
              votes(first: 1) { user { id } } }`);
        const whole = await ask(`{ link(id: 910011) {
            postedBy { id firstName lastName username }
            votes(first: 1) { id user { id } } id url } }`);
        assert.deepEqual(pieces, whole);
    });

    test('__typename everywhere', async () => {
        const data = await ask(`{ __typename
            links(first: 1, search: "zebra") { __typename kind: __typename postedBy { __typename }
              votes(first: 1) { __typename user { __typename } link { __typename } } } }`);
        assert.equal(data.__typename, 'Query');
        assert.deepEqual(data.links[0], {
            __typename: 'Link',
            kind: 'Link',
            postedBy: null,
            votes: [
                {
                    __typename: 'Vote',
                    user: { __typename: 'User' },
                    link: { __typename: 'Link' },
                },
            ],
        });
    });

    test('__typename alone counts the rows', async () => {
        const { links } = await ask('{ links(first: 7) { __typename } }');
        assert.deepEqual(links, Array(7).fill({ __typename: 'Link' }));
    });

    test('@skip and @include, literal and variable, on fields and fragments', async () => {
        const document = `query ($yes: Boolean!, $no: Boolean!) {
            link(id: 910011) {
              id @skip(if: $yes) url @include(if: $no)
              voteCount @skip(if: $no) @include(if: $yes)
              description @skip(if: $no) @include(if: $no)
              postedBy @include(if: $yes) { username @skip(if: true) id }
              ... on Link @include(if: $no) { createdAt }
              ...V @skip(if: $yes)
              ... @include(if: $yes) { viewerHasVoted }
            } }
            fragment V on Link { votes { id } }`;
        assert.deepEqual(await ask(document, { yes: true, no: false }), {
            link: { voteCount: 1, postedBy: { id: '900001' }, viewerHasVoted: false },
        });
        const other = await ask(document, { yes: false, no: true });
        assert.deepEqual(Object.keys(other.link), ['id', 'url', 'createdAt', 'votes']);
    });

    test('all of a selection left out is an empty object', async () => {
        const answers = {
            '{ link(id: 910011) { id @skip(if: true) } }': { link: {} },
            '{ links(first: 2) { id @skip(if: true) } }': { links: [{}, {}] },
            '{ link(id: 910011) @skip(if: true) { id } }': {},
        };
        for (const [document, data] of Object.entries(answers))
            assert.deepEqual(await ask(document), data);
    });

    test('the operation that is named', async () => {
        const document =
            'query A { link(id: 910011) { id } } query B { user(username: "ada") { username } }';
        const a = await ask(document, {}, { operationName: 'A' });
        assert.deepEqual(a, { link: { id: '910011' } });
        const b = await ask(document, {}, { operationName: 'B' });
        assert.deepEqual(b, { user: { username: 'ada' } });
    });
});
