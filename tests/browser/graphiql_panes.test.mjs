// graphiql_panes.test.mjs - GraphiQL's own panes: variables, headers, history, documentation; and what
// axe-core says of it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { violations } from './lib/axe.mjs';
import { browse, sizes } from './lib/browser.mjs';
import { settles } from './lib/look.mjs';
import { linkOf, newAccount, unique } from './lib/people.mjs';

const region = (page, name) => page.getByRole('region', { name, exact: true });
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

suite('panes of GraphiQL', () => {
    let account;
    before(async () => {
        account = await newAccount({ prefix: 'graphiql' });
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
