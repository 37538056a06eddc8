// graphiql.test.mjs - GraphiQL, as one who has never seen GraphQL finds it at the endpoint.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { violations } from './lib/axe.mjs';
import { browse, sizes } from './lib/browser.mjs';
import { secret, settles } from './lib/look.mjs';
import { linkOf, newAccount, unique } from './lib/people.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
const pane = (page, name) => page.getByRole('region', { name, exact: true });
const open = (page, name) => page.getByRole('button', { name: `Show ${name}` }).click();

// GraphiQL with the schema of the server.
async function openGraphiql({ page, visit }) {
    const response = await visit('graphql');
    assert.equal(response.status(), 200);
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
    // The first operation is made from the schema.
    await settles(async () => assert.match(await region(page, 'Operation Editor').innerText(), /links/));
}

async function write(page, name, text) {
    await region(page, name).getByRole('code').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
}

const run = (page) => page.getByRole('button', { name: /^Execute query/ }).click();
// (An editor shows its spaces as ones that do not break.)
const answer = async (page) => (await region(page, 'Result Window').innerText()).replace(/\s+/g, ' ');
const answers = (page, pattern) => settles(async () => assert.match(await answer(page), pattern));

suite('GraphiQL', () => {
    let account;
    before(async () => {
        account = await newAccount({ prefix: 'graphiql' });
    });

    browse('shows a query at once, which can be run', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await run(page);
        await answers(page, /"data": \{ "links": \[ \{ "id": "\d+"/);
        assert.match(await page.title(), /^GraphiQL/);
    });

    browse('runs what one has written, with variables', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await write(page, 'Operation Editor', 'query ($name: String!) { user(username: $name) { firstName lastName } }');
        await write(page, 'Variables', '{ "name": "ada" }');
        await run(page);
        await answers(page, /"user": \{ "firstName": "Ada", "lastName": "Nakamura" \}/);
    });

    browse('runs a mutation with a header', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        const description = unique('Posted by GraphiQL');
        await write(page, 'Operation Editor', `mutation { createLink(url: "https://example.com/", description: "${description}") { id } }`);
        await run(page);
        await answers(page, /"code": "UNAUTHENTICATED"/);
        await page.getByRole('button', { name: 'Headers', exact: true }).click();
        await write(page, 'Headers', JSON.stringify({ Authorization: account.headers.authorization }));
        await run(page);
        await answers(page, /"createLink": \{ "id": \d+ \}/);
        const [, id] = /"id": (\d+)/.exec(await answer(page));
        assert.equal((await linkOf(id)).description, description);
    });

    browse('shows an error, with its place', async (person) => {
        const { page } = person;
        // (The browser says so in its console, too.)
        person.expects(/status of 400/);
        await openGraphiql(person);
        await write(page, 'Operation Editor', '{ links { nothing } }');
        await run(page);
        await answers(page, /Cannot query field .*nothing.* on type .*Link/);
        await answers(page, /"line": 1, "column": 11/);
        // It is marked in the text, too, by what the browser knows of the schema.
        await page.locator('.squiggly-error').first().waitFor();
    });

    browse('completes a field', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await write(page, 'Operation Editor', '{ links(first: 1) {  } }');
        for (let count = 0; count < 4; count++) await page.keyboard.press('ArrowLeft');
        await page.keyboard.type('vote');
        await page.keyboard.press('Control+Space');
        const option = page.getByRole('option', { name: /^voteCount/ });
        await option.waitFor();
        await option.click();
        await settles(async () =>
            assert.match((await region(page, 'Operation Editor').innerText()).replace(/\s+/g, ' '), /\{ links\(first: 1\) \{ ?voteCount/),
        );
        await run(page);
        await answers(page, /"voteCount": \d+/);
    });

    browse('signs in, and the token is in the headers until one signs out', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await open(page, 'Sign in');
        const form = pane(page, 'Sign in');
        await form.getByLabel('Username').fill(account.username);
        await secret(form, 'Password').fill('wrong horse');
        await form.getByRole('button', { name: 'Sign in' }).click();
        await form.getByRole('alert').filter({ hasText: 'valid credentials' }).waitFor();
        await secret(form, 'Password').fill(account.password);
        await form.getByRole('button', { name: 'Sign in' }).click();
        await form.getByRole('status').filter({ hasText: `Signed in as ${account.username}` }).waitFor();
        await write(page, 'Operation Editor', '{ me { username } }');
        await run(page);
        await answers(page, new RegExp(`"me": \\{ "username": "${account.username}" \\}`));
        assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /eyJ/);
        await form.getByRole('button', { name: 'Sign out' }).click();
        await run(page);
        await answers(page, /Not logged in!/);
    });

    browse('has an example of each field, which can be run', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await open(page, 'Examples');
        const examples = pane(page, 'Examples');
        for (const field of ['relayLinks', 'users', 'createLink', 'tokenAuth']) await examples.getByText(field, { exact: true }).waitFor();
        await examples.getByRole('searchbox', { name: 'Find an example' }).fill('relayLinks');
        await examples.getByRole('button', { name: /^relayLinks/ }).click();
        await settles(async () => assert.match(await region(page, 'Operation Editor').innerText(), /relayLinks/));
        await run(page);
        await answers(page, /"relayLinks": \{/);
        assert.doesNotMatch(await answer(page), /"errors"/);
    });

    browse('shows what a query becomes', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await write(page, 'Operation Editor', 'query Two { links(first: 2) { votes(first: 1) { id } } }');
        await run(page);
        await page.getByText(/^Two: 2 statements/).waitFor();
        await page.getByRole('button', { name: 'Explain', exact: true }).click();
        const explain = pane(page, 'Explain');
        assert.match(await explain.getByLabel('Plan', { exact: true }).innerText(), /-> Select links/);
        assert.match(await explain.getByLabel('SQL for links', { exact: true }).innerText(), /SELECT/);
        assert.match(await explain.getByLabel('SQL for links.votes', { exact: true }).innerText(), /SELECT/);
        await explain.getByText(/wave 1, 2 rows/).waitFor();
    });

    browse('keeps what was written over a reload', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await write(page, 'Operation Editor', 'query Kept { users(first: 1) { id } }');
        await run(page);
        await answers(page, /"users"/);
        await page.reload();
        await settles(async () => assert.match(await region(page, 'Operation Editor').innerText(), /Kept/));
        await open(page, 'History');
        await page.getByText('Kept').first().waitFor();
    });

    browse('explains the schema', async (person) => {
        const { page } = person;
        await openGraphiql(person);
        await open(page, 'Documentation Explorer');
        await page.getByRole('link', { name: 'Query' }).or(page.getByText('Query', { exact: true })).first().click();
        await page.getByText('relayLinks').first().waitFor();
    });

    for (const colorScheme of ['light', 'dark'])
        for (const [size, viewport] of Object.entries(sizes))
            browse(`has no violation (${colorScheme}, ${size})`, { colorScheme, viewport }, async (person) => {
                const { page } = person;
                await openGraphiql(person);
                await run(page);
                await answers(page, /"data"/);
                // What is Monaco's and GraphiQL's own is not ours to mend: the colours of code, and tabs
                // with a button in them.
                const options = { exclude: [['.monaco-editor']], rules: { 'nested-interactive': { enabled: false } } };
                assert.deepEqual(await violations(page, options), []);
            });
});
