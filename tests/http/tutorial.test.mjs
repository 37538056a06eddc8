// tutorial.test.mjs - the chapters 2 to 8 of the tutorial whose schema this is (howtographql,
// graphql-python), in order, as a reader types them.
//
// What differs from the tutorial is a decision of the contract: posting and voting need a
// user, passwords have eight characters, and a second vote is an error.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';

import { unique } from './lib/accounts.mjs';
import { assertErrors, JSON_TYPE, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';

const session = new Session();
after(() => session.close());

// GraphiQL and Insomnia: POST to the address with a slash, and whatever the tab says as headers.
let authorization;
async function type(query) {
    const body = JSON.stringify({ query, variables: null, operationName: null });
    return request({
        path: '/graphql/',
        body,
        headers: {
            'content-type': JSON_TYPE,
            'content-length': Buffer.byteLength(body),
            ...(authorization && { AUTHORIZATION: authorization }),
        },
    });
}
async function data(query) {
    const answer = await type(query);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.errors, undefined, answer.text);
    return answer.json.data;
}
async function message(query) {
    const answer = await type(query);
    assert.equal(answer.status, 200, answer.text);
    return assertErrors(answer)[0].message;
}

const username = unique('abc'),
    email = 'abc@example.com',
    password = 'abc@12345';
let token, userId, linkId;

suite('chapter 2: queries', () => {
    test('all links', async () => {
        const { links } = await data(`query {
  links {
    id
    description
    url
  }
}`);
        assert.ok(links.length > 2);
        for (const link of links)
            assert.deepEqual(
                [Object.keys(link), typeof link.id, typeof link.description, typeof link.url],
                [['id', 'description', 'url'], 'string', 'string', 'string'],
            );
    });
    test('with fewer fields', async () =>
        assert.deepEqual(
            Object.keys((await data('query {\n  links {\n    url\n  }\n}')).links[0]),
            ['url'],
        ));
});

suite('chapter 4: authentication', () => {
    test('a user is created', async () => {
        const {
            createUser: { user },
        } = await data(`mutation {
  createUser(
    username: "${username}",
    password: "${password}",
    email: "${email}"
  ) {
    user {
      id
      username
      email
    }
  }
}`);
        assert.deepEqual(user, { id: user.id, username, email });
        userId = user.id;
    });
    test('and is among the users', async () => {
        const { users } = await data('query {\n  users {\n    id\n    username\n    email\n  }\n}');
        assert.ok(users.length > 2);
        assert.ok(users.every((user) => user.email === null));
        const { user } = await data(`query { user(username: "${username}") { id } }`);
        assert.deepEqual(user, { id: userId });
    });
    test('me, before signing in', async () =>
        assert.equal(
            await message('query {\n  me {\n    id\n    username\n  }\n}'),
            'Not logged in!',
        ));
    test('tokenAuth', async () => {
        ({
            tokenAuth: { token },
        } = await data(`mutation {
  tokenAuth(username: "${username}", password: "${password}") {
    token
  }
}`));
        assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    });
    test('tokenAuth with a wrong password', async () =>
        assert.equal(
            await message(
                `mutation { tokenAuth(username: "${username}", password: "another one") { token } }`,
            ),
            'Please enter valid credentials',
        ));
    test('verifyToken', async () => {
        const {
            verifyToken: { payload },
        } = await data(`mutation {
  verifyToken(token: "${token}") {
    payload
  }
}`);
        assert.equal(payload.username, username);
        assert.equal(payload.exp - payload.origIat, 900);
    });
    // As django-graphql-jwt documents them.
    test('refreshToken, of a single token', async () => {
        const { refreshToken } = await data(`mutation {
  refreshToken(token: "${token}") {
    token
    payload
  }
}`);
        assert.equal(refreshToken.payload.username, username);
        assert.equal(refreshToken.payload.exp - refreshToken.payload.origIat >= 900, true);
        token = refreshToken.token;
    });
    test('refreshToken and revokeToken, of long-running refresh tokens', async () => {
        const { tokenAuth } = await data(`mutation {
  tokenAuth(username: "${username}", password: "${password}") {
    token
    payload
    refreshToken
    refreshExpiresIn
  }
}`);
        const { refreshToken } = await data(`mutation {
  refreshToken(refreshToken: "${tokenAuth.refreshToken}") {
    token
    payload
    refreshToken
    refreshExpiresIn
  }
}`);
        assert.notEqual(refreshToken.refreshToken, tokenAuth.refreshToken);
        assert.equal(refreshToken.payload.origIat, tokenAuth.payload.origIat);
        const revoke = `mutation {
  revokeToken(refreshToken: "${refreshToken.refreshToken}") {
    revoked
  }
}`;
        const { revokeToken } = await data(revoke);
        assert.ok(revokeToken.revoked >= tokenAuth.payload.origIat);
        assert.equal(
            await message(
                `mutation { refreshToken(refreshToken: "${refreshToken.refreshToken}") { token } }`,
            ),
            'Invalid refresh token',
        );
        assert.equal(await message('mutation { refreshToken { token } }'), 'Refresh token is required');
    });
    test('me, with the token in the header', async () => {
        authorization = `JWT ${token}`;
        assert.deepEqual(await data('query {\n  me {\n    id\n    username\n  }\n}'), {
            me: { id: userId, username },
        });
    });
});

suite('chapter 3: mutations', () => {
    test('a link is created', async () => {
        const { createLink } = await data(`mutation {
  createLink(
    url: "http://github.com",
    description: "Lots of Code!"
  ) {
    id
    url
    description
  }
}`);
        assert.deepEqual(createLink, {
            id: createLink.id,
            url: 'http://github.com',
            description: 'Lots of Code!',
        });
        assert.equal(typeof createLink.id, 'number');
    });
    test('and is among the links', async () => {
        const { links } = await data(
            'query {\n  links {\n    id\n    description\n    url\n  }\n}',
        );
        assert.deepEqual(
            links.find((link) => link.url === 'http://github.com').description,
            'Lots of Code!',
        );
    });
});

suite('chapter 5: links and voting', () => {
    test('a link has who posted it', async () => {
        const { createLink } = await data(`mutation {
  createLink(url: "https://example.com/tutorial", description: "posted by me") {
    id
    url
    description
    postedBy {
      id
      username
      email
    }
  }
}`);
        assert.deepEqual(createLink.postedBy, { id: userId, username, email });
        linkId = createLink.id;
    });
    test('a vote', async () => {
        const { createVote } = await data(`mutation {
  createVote(linkId: ${linkId}) {
    user {
      id
      username
      email
    }
    link {
      id
      description
      url
    }
  }
}`);
        assert.deepEqual(createVote, {
            user: { id: userId, username, email },
            link: {
                id: String(linkId),
                description: 'posted by me',
                url: 'https://example.com/tutorial',
            },
        });
    });
    test('all votes', async () => {
        const { votes } = await data(
            'query {\n  votes {\n    id\n    user {\n      id\n      username\n    }\n    link {\n      id\n      url\n    }\n  }\n}',
        );
        assert.deepEqual(votes[0], {
            id: votes[0].id,
            user: { id: userId, username },
            link: { id: String(linkId), url: 'https://example.com/tutorial' },
        });
    });
    test('all links with their votes', async () => {
        const { links } = await data(
            'query {\n  links {\n    id\n    votes {\n      id\n      user {\n        id\n        username\n      }\n    }\n  }\n}',
        );
        const mine = links.find((link) => link.id === String(linkId));
        assert.deepEqual(
            mine.votes.map((vote) => vote.user),
            [{ id: userId, username }],
        );
    });
    test('without the header nobody votes', async () => {
        const before = authorization;
        authorization = undefined;
        assert.equal(
            await message(`mutation { createVote(linkId: ${linkId}) { user { id } } }`),
            'You must be logged in to vote!',
        );
        authorization = before;
    });
});

suite('chapter 6: error handling', () => {
    test('an unknown field', async () => {
        const answer = await type('query {\n  links {\n    id\n    cheese\n  }\n}');
        assert.equal(answer.status, 200);
        const [error] = assertErrors(answer);
        assert.equal(error.message, 'Cannot query field "cheese" on type "Link".');
        assert.deepEqual(error.locations, [{ line: 4, column: 5 }]);
        assert.ok(!('data' in answer.json));
    });
    test('a vote for an unknown link', async () => {
        const answer = await type(
            'mutation {\n  createVote(linkId: 2147483646) {\n    user {\n      id\n    }\n    link {\n      id\n    }\n  }\n}',
        );
        assert.deepEqual(answer.json.data, { createVote: null });
        const [error] = assertErrors(answer);
        assert.deepEqual(
            [error.message, error.path, error.locations],
            ['Invalid Link!', ['createVote'], [{ line: 2, column: 3 }]],
        );
    });
});

suite('chapter 7: filtering', () => {
    test('a search', async () => {
        const { links } = await data(
            'query {\n  links(search: "EXAMPLE.com/tutorial") {\n    id\n    url\n    description\n  }\n}',
        );
        assert.ok(links.some((link) => link.id === String(linkId)));
        assert.ok(
            links.every((link) => /example\.com\/tutorial/i.test(link.url + link.description)),
        );
    });
    test('an empty search is none', async () =>
        assert.deepEqual(
            await data('query { links(search: "") { id } }'),
            await data('query { links { id } }'),
        ));
});

suite('chapter 8: pagination', () => {
    test('first and skip', async () => {
        const { links } = await data('query { links { id } }');
        const page = (first, skip) =>
            data(`query {\n  links(first: ${first}, skip: ${skip}) {\n    id\n  }\n}`);
        assert.deepEqual(await page(1, 0), { links: links.slice(0, 1) });
        assert.deepEqual(await page(3, 1), { links: links.slice(1, 4) });
        assert.deepEqual(await page(2, 50), { links: links.slice(50, 52) });
    });
    test('with a search', async () => {
        const { links } = await data('query { links(search: "http") { id } }');
        assert.deepEqual(
            await data('query {\n  links(search: "http", first: 2, skip: 3) {\n    id\n  }\n}'),
            { links: links.slice(3, 5) },
        );
    });
});
