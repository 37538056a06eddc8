// contract_fields.test.mjs - every type, every scalar field, rows by their keys, and the
// tutorial's queries: what the server says is what psql says.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ask, askPartly, post } from './lib/client.mjs';
import { list, one, quote, row } from './lib/database.mjs';
import {
    linkColumns,
    linkFields,
    newest,
    same,
    userColumns,
    userFields,
    voteColumns,
    voteFields,
} from './lib/expect.mjs';

const newestLinks = `${newest('links')} LIMIT 100`;

suite('scalar fields', () => {
    test('of users, by id', () =>
        same(
            `{ users { ${userFields} } }`,
            {},
            `${list(`SELECT ${userColumns()} FROM users ORDER BY users.id LIMIT 100`)} AS users`,
        ));

    test('of links, newest first', () =>
        same(
            `{ links { ${linkFields} } }`,
            {},
            `${list(`SELECT ${linkColumns()} FROM links ${newestLinks}`)} AS links`,
        ));

    test('of allLinks, which is the same list', () =>
        same(
            `{ allLinks { ${linkFields} } }`,
            {},
            `${list(`SELECT ${linkColumns()} FROM links ${newestLinks}`)} AS "allLinks"`,
        ));

    test('of votes, newest first', () =>
        same(
            `{ votes { ${voteFields} } }`,
            {},
            `${list(`SELECT ${voteColumns()} FROM votes ${newest('votes')} LIMIT 100`)} AS votes`,
        ));

    test('odd characters, empty and longest texts, times cut to milliseconds', async () => {
        for (let id = 910001; id <= 910010; id++)
            await same(
                `query ($id: ID!) { link(id: $id) { ${linkFields} } }`,
                { id },
                `${one(`SELECT ${linkColumns()} FROM links WHERE id = ${id}`)} AS link`,
            );
        for (const id of [900001, 900002, 900003, 900004, 2147483647])
            await same(
                `query ($id: ID!) { user(id: $id) { ${userFields} } }`,
                { id },
                `${one(`SELECT ${userColumns()} FROM users WHERE id = ${id}`)} AS user`,
            );
    });

    test('the time has three digits, whatever the column holds', async () => {
        const data = await ask(
            `{ a: link(id: 910006) { createdAt } b: link(id: 910009) { createdAt }
               c: link(id: 2147483647) { createdAt } }`,
        );
        assert.equal(data.a.createdAt, '2025-06-02T12:34:56.123Z');
        assert.equal(data.b.createdAt, '0001-01-01T00:00:00.000Z');
        assert.equal(data.c.createdAt, '1969-12-31T23:59:59.999Z');
    });

    test('email and lastLogin are null, although there are some', async () => {
        const { count } = await row(
            'SELECT count(*) FROM user_private WHERE last_login IS NOT NULL',
        );
        assert.ok(count > 0);
        const { users, user } = await ask(
            '{ users { email lastLogin } user(id: 900001) { email lastLogin } }',
        );
        assert.ok(users.every((u) => u.email === null && u.lastLogin === null));
        assert.deepEqual(user, { email: null, lastLogin: null });
    });

    test('members come in the order of the selection', async () => {
        const answer = await post(
            '{ link(id: 910011) { voteCount url z: id postedBy { username id } description id } }',
        );
        assert.equal(
            answer.text,
            '{"data":{"link":{"voteCount":1,"url":"https://http.example/twice","z":"910011",' +
                '"postedBy":{"username":"http.poster","id":"900001"},"description":"tie",' +
                '"id":"910011"}}}',
        );
    });
});

suite('a row by its key', () => {
    test('link', () =>
        same(
            'query ($id: ID!) { link(id: $id) { id url } }',
            { id: '2147483647' },
            `${one('SELECT id::text, url FROM links WHERE id = 2147483647')} AS link`,
        ));

    test('an id may be written as a number too', async () => {
        assert.deepEqual(await ask('{ link(id: 910001) { id } }'), { link: { id: '910001' } });
        assert.deepEqual(await ask('query ($id: ID!) { link(id: $id) { id } }', { id: 910001 }), {
            link: { id: '910001' },
        });
    });

    const strangers = [
        '0',
        '-1',
        '314159265',
        '2147483648',
        '-2147483648',
        '-2147483649',
        '9223372036854775807',
        '9223372036854775808',
        '99999999999999999999999999',
        '',
        'abc',
        '1e3',
        '0x1',
        '1.0',
        '1;',
        "1'",
        '1 OR 1=1',
        'NaN',
        'null',
        '１',
        '1\n2',
        'TGluazox',
        '9'.repeat(5000),
    ];
    const show = (id) => JSON.stringify(id).slice(0, 40);
    for (const id of strangers) {
        test(`what cannot be a key is as one that no row has: ${show(id)}`, async () => {
            const document = 'query ($id: ID!) { link(id: $id) { id } user(id: $id) { id } }';
            assert.deepEqual(await ask(document, { id }), { link: null, user: null });
            const literal = JSON.stringify(id);
            assert.deepEqual(await ask(`{ link(id: ${literal}) { id } }`), { link: null });
        });
    }
    test('a number that cannot be a key, as a literal and in JSON', async () => {
        assert.deepEqual(await ask('{ link(id: 99999999999999999999999999) { id } }'), {
            link: null,
        });
        assert.deepEqual(await ask('{ link(id: -5) { id } }'), { link: null });
        assert.deepEqual(await ask('query ($id: ID!) { link(id: $id) { id } }', { id: -5 }), {
            link: null,
        });
    });

    test('user by id or by username', async () => {
        await same(
            '{ user(id: "900003") { id username } }',
            {},
            `${one('SELECT id::text, username FROM users WHERE id = 900003')} AS user`,
        );
        for (const username of ['ada', 'http.zoë@+-_', 'http.poster'])
            await same(
                'query ($name: String) { user(username: $name) { id username } }',
                { name: username },
                `${one(`SELECT id::text, username FROM users
                        WHERE username = ${quote(username)}`)} AS user`,
            );
    });

    test('a username is compared as it is written', async () => {
        for (const username of ['ADA', 'ada ', ' ada', 'ad%', 'ad_', '', "ada'--", 'nobody'])
            assert.deepEqual(
                await ask('query ($name: String) { user(username: $name) { id } }', {
                    name: username,
                }),
                { user: null },
                username,
            );
    });

    test('exactly one of id and username', async () => {
        const refused = [
            '{ user { id } }',
            '{ user(id: null) { id } }',
            '{ user(id: null, username: null) { id } }',
            '{ user(id: 1, username: "ada") { id } }',
            '{ user(id: "x", username: "") { id } }',
        ];
        for (const document of refused) {
            const { data, errors } = await askPartly(document);
            assert.deepEqual(data, { user: null }, document);
            assert.equal(errors.length, 1);
            assert.deepEqual(errors[0].path, ['user']);
            assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
        }
    });

    test('exactly one, by variables: null is as if absent', async () => {
        const document =
            'query ($id: ID, $name: String) { user(id: $id, username: $name) { username } }';
        const ada = { user: { username: 'ada' } };
        const { id } = await row(`SELECT id FROM users WHERE username = 'ada'`);
        assert.deepEqual(await ask(document, { name: 'ada' }), ada);
        assert.deepEqual(await ask(document, { id: null, name: 'ada' }), ada);
        assert.deepEqual(await ask(document, { id, name: null }), ada);
        for (const variables of [{}, { id: null }, { id, name: 'ada' }, { id: null, name: null }]) {
            const { data, errors } = await askPartly(document, variables);
            assert.deepEqual(data, { user: null });
            assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
        }
    });
});

suite('the queries of the tutorial', () => {
    const documents = {
        '2, queries': [
            'query {\n  links {\n    id\n    description\n    url\n  }\n}',
            (data) => {
                assert.equal(data.links.length, 100);
                assert.deepEqual(Object.keys(data.links[0]), ['id', 'description', 'url']);
            },
        ],
        '4, users': [
            'query {\n  users {\n    id\n    username\n    email\n  }\n}',
            (data) => {
                assert.equal(data.users[0].username, 'ada');
            },
        ],
        '5, votes': [
            `query {
  votes {
    id
    user {
      id
      username
    }
    link {
      id
      url
    }
  }
}`,
            (data) => {
                assert.ok(data.votes.every((vote) => vote.user.username && vote.link.url));
            },
        ],
        '5, links with votes': [
            `query {
  links {
    id
    url
    votes {
      id
      user {
        id
        username
      }
    }
  }
}`,
            (data) => {
                assert.ok(
                    data.links.some((link) => link.votes.length > 0 && link.votes[0].user.username),
                );
            },
        ],
        '7, search': [
            'query {\n  links(search: "jonatas") {\n    id\n    url\n    description\n  }\n}',
            (data) => {
                assert.deepEqual(data, { links: [] });
            },
        ],
        '8, pages': [
            'query {\n  links(first: 2, skip: 1) {\n    id\n    url\n    description\n  }\n}',
            (data) => {
                assert.equal(data.links.length, 2);
            },
        ],
        introduction: [
            'query { allLinks { url } }',
            (data) => {
                assert.equal(data.allLinks.length, 100);
            },
        ],
    };
    for (const [chapter, [document, check]] of Object.entries(documents)) {
        test(`chapter ${chapter}`, async () => check(await ask(document)));
    }

    test('chapter 4, me without a token', async () => {
        const { data, errors } = await askPartly('query {\n  me {\n    id\n    username\n  }\n}');
        assert.deepEqual(data, { me: null });
        assert.equal(errors[0].message, 'Not logged in!');
    });

    test('chapter 6, an unknown field', async () => {
        const answer = await post('query {\n  links {\n    id\n    url\n    cheese\n  }\n}');
        assert.equal(answer.status, 200);
        const [error] = answer.json.errors;
        assert.match(error.message, /^Cannot query field "cheese" on type "Link"\./);
        assert.deepEqual(error.locations, [{ line: 5, column: 5 }]);
        assert.equal(error.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        const unknown = await post('{ links { unknown } }');
        assert.equal(
            unknown.json.errors[0].message,
            'Cannot query field "unknown" on type "Link".',
        );
    });
});
