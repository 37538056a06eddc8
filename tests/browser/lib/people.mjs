// people.mjs - accounts and links that tests of the browser begin with, made by the API.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { site } from './browser.mjs';

export const unique = (prefix) => `${prefix}-${randomBytes(5).toString('hex')}`;
export const password = 'correct horse battery staple';

// The data of an answer without errors.
export async function ask(query, variables = {}, { base = site, headers = {} } = {}) {
    const response = await fetch(new URL('graphql', base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
}

// Somebody who has an account: { username, password, headers }, which say who it is to ask().
export async function newAccount({ prefix = 'reader', base = site } = {}) {
    const username = unique(prefix);
    await ask(
        `mutation ($username: String!, $password: String!, $email: String!) {
            createUser(username: $username, password: $password, email: $email) { user { id } } }`,
        { username, password, email: `${username}@example.com` },
        { base },
    );
    const { tokenAuth } = await ask(
        `mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { token } }`,
        { username, password },
        { base },
    );
    return { username, password, headers: { authorization: `JWT ${tokenAuth.token}` } };
}

// A link that the account has posted: { id, url, description }.
export async function newLink(account, { url = `https://example.com/${unique('page')}`, description = unique('A page') } = {}) {
    const { createLink } = await ask(
        `mutation ($url: String!, $description: String!) { createLink(url: $url, description: $description) { link { id url description } } }`,
        { url, description },
        account,
    );
    return createLink.link;
}

export const vote = (account, link) =>
    ask('mutation ($id: ID!) { createVote(linkId: $id) { link { id } } }', { id: link.id }, account);

// The account changes a link of its own.
export const changeLink = (account, id, { description }) =>
    ask('mutation ($id: ID!, $description: String!) { updateLink(id: $id, description: $description) { link { id } } }', { id, description }, account);

// What the database has of a link, or null.
export const linkOf = async (id) =>
    (await ask('query ($id: ID!) { link(id: $id) { id url description voteCount } }', { id })).link;

// The links of that address that the account has posted: [{ id, url }].
export async function linksOf({ username }, url) {
    const document = 'query ($username: String!) { user(username: $username) { linkSet { id url } } }';
    return (await ask(document, { username })).user.linkSet.filter((link) => link.url === url);
}

// Signed in as on the site's own page, which keeps the tokens in cookies.
export async function signIn(person, account) {
    const response = await person.context.request.post(new URL('graphql', person.base).href, {
        headers: { 'linnet-cookies': '1' },
        data: {
            query: 'mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { token } }',
            variables: { username: account.username, password: account.password },
        },
    });
    assert.deepEqual(await response.json(), { data: { tokenAuth: { token: '' } } });
}
