// graphiql.test.mjs - GraphiQL at the endpoint: it runs operations, signs in, explains, completes,
// keeps no secrets, and says what is wrong.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse, site, sizes } from './lib/browser.mjs';
import { link } from './lib/look.mjs';
import { linkOf, newAccount, newLink, unique } from './lib/people.mjs';
import { startProxy, startUp } from './lib/servers.mjs';

// The text of an editor: only the lines that are in view are in the page.
const textOf = (page, editor) =>
    page.evaluate(
        (name) => globalThis.__MONACO?.editor.getModels().find((model) => model.uri.path.endsWith(name))?.getValue() ?? '',
        { operation: 'operation.graphql', variables: 'variables.json', headers: 'request-headers.json', answer: 'response.json' }[editor],
    );

async function until(page, editor, pattern) {
    const deadline = Date.now() + 60000;
    let text;
    do {
        text = await textOf(page, editor);
        if (pattern.test(text)) return text;
        await page.evaluate(() => new Promise(requestAnimationFrame));
    } while (Date.now() < deadline);
    assert.match(text, pattern, `what the editor has of the ${editor}`);
    return text;
}

async function open(person, base = site) {
    await person.page.goto(new URL('graphql', base).href);
    await until(person.page, 'operation', /^# Ctrl-Enter runs this/);
}

// Replaces what stands there.  A text that begins with a bracket gets its end by the editor itself.
async function write(page, editor, text) {
    await page.locator(`.graphiql-${{ operation: 'query-editor', variables: 'editor-tool', headers: 'editor-tool' }[editor]} .monaco-editor:visible`).first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
    assert.equal(await until(page, editor, /./), text);
}

// The answer to what stands in the editor, as JSON.
async function run(page) {
    await page.evaluate(() => globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.endsWith('response.json')).setValue(''));
    await page.getByRole('button', { name: /Execute query/ }).click();
    return JSON.parse(await until(page, 'answer', /^\{[\s\S]*\}$/));
}

const show = (page, pane) => page.getByRole('button', { name: `Show ${pane}` }).click();

// In the form, which is shown.
async function signIn(page, { username, password }) {
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('region', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' }).click();
}

suite('GraphiQL', () => {
    // nginx takes several slashes for one; a browser takes a path that begins with two for a host.
    browse('asks its own host, also below an address with two slashes', async ({ page }) => {
        await page.goto(`${site}/graphql`);
        await until(page, 'operation', /^# Ctrl-Enter runs this/);
        await write(page, 'operation', 'query Asked { __typename }');
        assert.deepEqual(await run(page), { data: { __typename: 'Query' } });
    });

    browse('is what a browser finds at the endpoint; the first visit has a query that runs', async (person) => {
        const { page } = person;
        await open(person);
        assert.match(await page.title(), /GraphiQL/);
        await page.keyboard.press('Escape');
        await page.locator('.graphiql-query-editor .monaco-editor').first().click();
        await page.keyboard.press('Control+Enter');
        const { data } = JSON.parse(await until(page, 'answer', /\}$/));
        assert.equal(data.links.length, 3);
        assert.ok(data.links[0].url);
    });

    browse('has an operation for each field, and opens it in a tab', async (person) => {
        const { page } = person;
        await open(person);
        await show(page, 'Examples');
        const pane = page.getByRole('region', { name: 'Examples' });
        await pane.getByLabel('Find an example').fill('relay');
        assert.equal(await pane.getByRole('listitem').count(), 3);
        await pane.getByRole('button', { name: 'relayLinks' }).click();
        await until(page, 'operation', /^query RelayLinks/);
        assert.equal((await run(page)).data.relayLinks.edges.length, 3);
        assert.equal(await page.getByRole('tab').count(), 2);
    });

    browse('shows the query behind a page of the site, whose foot leads there; a reload keeps what was typed over it', async (person) => {
        const { page } = person;
        const { id, description } = await newLink(await newAccount());
        await person.visit(`item?id=${id}`);
        await link(page, description).waitFor();
        await link(page, 'The GraphQL query behind this page').click();
        const query = await until(page, 'operation', /fragment LinkRow/);
        assert.match(query, /^# What this page has asked for\.\n(# .*\n)+query Item\(/);
        assert.doesNotMatch(query, /__typename/);
        assert.equal(JSON.parse(await until(page, 'variables', /\}$/)).first, 50);
        assert.equal(new URL(page.url()).hash, '');
        const { data, errors } = await run(page);
        assert.equal(data.relayLink.pk, id);
        assert.deepEqual(errors.map(({ path }) => path), [['me']]);

        await write(page, 'operation', 'query Mine { links(first: 1) { url } }');
        await page.waitForFunction(() => /query Mine/.test(localStorage['/graphql graphiql:tabState']));
        await page.reload();
        await until(page, 'operation', /^query Mine/);
    });

    browse('signs in: the header is in the tab, and a mutation knows who sends it', async (person) => {
        const { page } = person;
        const account = await newAccount();
        await open(person);
        await show(page, 'Sign in');
        await signIn(page, { ...account, password: 'wrong' });
        await page.getByRole('alert').getByText('Please enter valid credentials').waitFor();
        await signIn(page, account);
        await page.getByText(`Signed in as ${account.username}`).waitFor();
        assert.match(await until(page, 'headers', /Authorization/), /"Authorization": "JWT [\w.-]+"/);

        await show(page, 'Examples');
        await page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: /^createLink/ }).click();
        await until(page, 'operation', /^mutation CreateLink/);
        await until(page, 'headers', /Authorization/);
        const { data } = await run(page);
        assert.equal(data.createLink.postedBy.username, account.username);
        assert.equal((await linkOf(data.createLink.id)).url, 'https://example.org/');

        // What was run before is asked again by the same user.
        await show(page, 'History');
        await page.getByRole('region', { name: 'History' }).getByRole('listitem').first().getByRole('button').first().click();
        await until(page, 'headers', /Authorization/);

        await show(page, 'Sign in');
        await page.getByRole('button', { name: 'Sign out' }).click();
        await until(page, 'headers', /^$/);
        await page.getByRole('tab').first().getByRole('button').first().click();
        await until(page, 'headers', /^$/);
        assert.equal((await run(page)).data.links.length, 3);
    });

    browse('asks as nobody in a tab whose header was taken out', async (person) => {
        const { page } = person;
        const account = await newAccount();
        await open(person);
        await show(page, 'Sign in');
        await signIn(page, account);
        await until(page, 'headers', /Authorization/);
        await page.getByRole('button', { name: 'Headers', exact: true }).click();
        await write(page, 'headers', ' ');
        await page.getByRole('button', { name: 'New tab' }).click();
        await until(page, 'headers', /Authorization/);
        await page.getByRole('tab').first().getByRole('button').first().click();
        await until(page, 'operation', /query Links/);
        await write(page, 'operation', 'query { me { username } }');
        assert.equal((await run(page)).errors[0].extensions.code, 'UNAUTHENTICATED');
        await page.getByRole('tab').nth(1).getByRole('button').first().click();
        await until(page, 'headers', /Authorization/);
        await write(page, 'operation', 'query { me { username } }');
        assert.equal((await run(page)).data.me.username, account.username);
    });

    browse('keeps neither passwords nor tokens where other pages find them', async (person) => {
        const { page } = person;
        const account = await newAccount();
        await open(person);
        await show(page, 'Sign in');
        await signIn(page, account);
        await until(page, 'headers', /Authorization/);
        const secret = unique('secret');
        await write(page, 'operation', `mutation { tokenAuth(username: "nobody", password: "${secret}") { token } }`);
        await write(page, 'variables', `\n{ "password": "${secret}" }`);
        assert.equal((await run(page)).errors[0].extensions.code, 'UNAUTHENTICATED');
        await page.waitForFunction(() => /tokenAuth/.test(localStorage['/graphql graphiql:tabState']) && /tokenAuth/.test(localStorage['/graphql graphiql:queries']));
        const kept = await page.evaluate(() => JSON.stringify(localStorage));
        assert.doesNotMatch(kept, new RegExp(`${secret}|JWT|eyJ`));
        // The tab of the browser is another matter: a reload signs nobody out.
        await page.reload();
        await until(page, 'headers', /JWT/);
        await until(page, 'operation', /password: ""/);
    });

    browse('shows what a query becomes, and the answer as other clients see it', async (person) => {
        const { page } = person;
        await open(person);
        assert.equal('extensions' in (await run(page)), false);
        await page.getByRole('paragraph').getByRole('button', { name: 'Explain' }).click();
        const pane = page.getByRole('region', { name: 'Explain' });
        await pane.getByText('Links: 2 statements').waitFor();
        assert.match(await pane.getByLabel('SQL for links', { exact: true }).innerText(), /^SELECT [\s\S]*\nFROM "links"/);
        assert.match(await pane.getByLabel('Plan', { exact: true }).innerText(), /^-> Select links/);
        await pane.getByText('wave 1, 3 rows').waitFor();
        for (const phase of ['parse', 'validate', 'plan', 'execute']) await pane.getByRole('rowheader', { name: phase, exact: true }).waitFor();

        await pane.getByRole('checkbox').uncheck();
        await run(page);
        const sent = person.operations().map(({ request }) => request.headers()['linnet-explain']);
        assert.deepEqual(sent.slice(-2), ['1', undefined]);
    });

    browse('shows errors beside the text, and as the server tells them', async (person) => {
        const { page } = person;
        person.expects(/400/);
        await open(person);
        await write(page, 'operation', 'query { links { nothing } }');
        await page.waitForFunction(() => globalThis.__MONACO.editor.getModelMarkers({}).some(({ message }) => /Cannot query field "nothing"/.test(message)));
        const { errors } = await run(page);
        assert.match(errors[0].message, /Cannot query field "nothing"/);
    });

    browse('completes a field and tells what it is', async (person) => {
        const { page } = person;
        await open(person);
        await write(page, 'operation', 'query');
        await page.keyboard.type(' { relayLi');
        await page.locator('.suggest-widget.visible').getByText('relayLinks', { exact: true }).waitFor();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await until(page, 'operation', /^query \{ relayLinks/);
        await show(page, 'Documentation Explorer');
        await page.getByRole('link', { name: 'Query', exact: true }).click();
        await page.getByText('Newest first unless').waitFor();
    });

    browse('says why there is no schema, and tries again', async (person) => {
        const { page } = person;
        person.expects(/401|ERR_FAILED/);
        let refuse = (route) => route.abort();
        await page.route('**/graphql', (route) => (route.request().method() === 'POST' ? refuse(route) : route.continue()));
        await page.goto(new URL('graphql', site).href);
        const alert = page.getByRole('alert').filter({ hasText: 'The schema could not be read.' });
        await alert.getByText(/No answer from .*graphql\. Does the server run\?/).waitFor();
        refuse = (route) => route.fulfill({ status: 401, contentType: 'text/html', body: '<b>who?</b>' });
        await alert.getByRole('button', { name: 'Try again' }).click();
        await alert.getByText('401 Unauthorized. <b>who?</b>').waitFor();
        refuse = (route) => route.continue();
        await alert.getByRole('button', { name: 'Try again' }).click();
        await until(page, 'operation', /^# Ctrl-Enter/);
        await alert.waitFor({ state: 'detached' });
    });

    browse('fits a narrow screen', { viewport: sizes.narrow, colorScheme: 'dark' }, async (person) => {
        const { page } = person;
        await open(person);
        assert.equal((await run(page)).data.links.length, 3);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= sizes.narrow.width);
        await show(page, 'Sign in');
        await page.getByLabel('Username').fill('somebody');
    });
});

suite('GraphiQL elsewhere', () => {
    browse('under a prefix', async (person) => {
        const base = await startProxy(site, '/some/where/');
        await open(person, base);
        assert.equal((await run(person.page)).data.links.length, 3);
        assert.ok(await person.page.evaluate(() => localStorage['/some/where/graphql graphiql:tabState']));
    });

    browse('for made-up values', async (person) => {
        await open(person, await startUp(['--mock']));
        assert.equal((await run(person.page)).data.links.length, 3);
        await show(person.page, 'Explain');
        await person.page.getByText('None was sent to PostgreSQL.').waitFor();
    });
});
