// search.test.mjs - search as one types.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { heading, link, main, more, rows, settles, titles } from './lib/look.mjs';
import { ask, newAccount, newLink, unique } from './lib/people.mjs';

const box = (page) => page.getByRole('searchbox', { name: 'Words in titles and addresses' });

const long = 'x'.repeat(7500);

suite('search', () => {
    let word, first, second;
    before(async () => {
        const account = await newAccount();
        word = unique('Needle');
        first = await newLink(account, { description: `The first ${word}` });
        second = await newLink(account, { url: `https://example.com/${word}`, description: 'By its address' });
    });

    browse('finds titles and addresses, whatever the case, and says how many', async ({ page, visit }) => {
        await visit();
        await link(page, 'search').click();
        await heading(page, 'Search').waitFor();
        await box(page).pressSequentially(word.toLowerCase());
        await main(page).getByText('2 links found').waitFor();
        assert.deepEqual(await titles(page), [second.description, first.description]);
        await settles(async () => assert.equal(await page.getByRole('status').filter({ hasText: '2 links found' }).count(), 1));
        assert.equal(await page.title(), `Search for ${word.toLowerCase()} | Hacker News`);
    });

    browse('the address follows what is typed, can be opened, and is found again', async ({ page, visit }) => {
        await visit('search');
        await box(page).fill(word);
        await rows(page).nth(1).waitFor();
        const address = page.url();
        assert.ok(address.endsWith(`/search?q=${word}`), address);
        await rows(page).first().getByRole('link', { name: /^details/ }).click();
        await page.getByRole('heading', { level: 2, name: '0 votes' }).waitFor();
        await page.goBack();
        await rows(page).nth(1).waitFor();
        assert.equal(await box(page).inputValue(), word);
        await visit('');
        await page.goto(address);
        await rows(page).nth(1).waitFor();
        assert.equal(await box(page).inputValue(), word);
    });

    browse('an earlier answer that comes late is not shown', async ({ page, context, visit }) => {
        // The answer to the first search is held until the second one is there.
        let release;
        const held = new Promise((resolve) => (release = resolve));
        await context.route('**/graphql?**', async (route) => {
            const { search } = JSON.parse(new URL(route.request().url()).searchParams.get('variables') || '{}');
            if (search === 'post') await held;
            await route.continue().catch(() => undefined);
        });
        await visit('search');
        const asked = page.waitForRequest((request) => request.url().includes(encodeURIComponent('"post"')));
        await box(page).fill('post');
        await asked;
        await box(page).fill(word);
        await main(page).getByText('2 links found').waitFor();
        release();
        await page.waitForLoadState('networkidle');
        assert.deepEqual(await titles(page), [second.description, first.description]);
        assert.ok(page.url().endsWith(word));
    });

    browse('the number that is read out is that of the search beside it', async ({ page, visit }) => {
        await visit('search');
        await box(page).fill('post');
        await main(page).getByText(/^\d+ links found$/).waitFor();
        await page.evaluate(() => {
            globalThis.said = [];
            const region = document.querySelector('[aria-live=polite]');
            new MutationObserver(() => globalThis.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
        });
        await box(page).fill(word);
        await main(page).getByText('2 links found').waitFor();
        const said = () => page.evaluate(() => globalThis.said);
        await settles(async () => assert.ok((await said()).length > 0));
        assert.deepEqual(await said(), [`2 links found for ${word}`]);
    });

    browse('what has no results says so; signs of patterns mean themselves', async ({ page, visit }) => {
        await visit('search?q=%25_nothing_%25');
        await main(page).getByText('0 links found').waitFor();
        assert.equal(await rows(page).count(), 0);
    });

    browse('results have pages', async ({ page, visit }) => {
        const { relayLinks } = await ask('{ relayLinks(search: "http", first: 1) { totalCount } }');
        await visit('search?q=http');
        await main(page).getByText(`${relayLinks.totalCount} links found`).waitFor();
        const before = await titles(page);
        await more(page).click();
        await settles(async () => assert.equal(await rows(page).first().locator('.rank').innerText(), '31.'));
        assert.notDeepEqual(await titles(page), before);
        assert.match(page.url(), /\/search\?q=http&after=/);
    });

    browse('the links of one page never bear the ranks of another', async ({ page, context, visit }) => {
        await visit('search?q=http');
        await more(page).waitFor();
        const before = await titles(page);
        // The second page is held until the first has been looked at.
        let release;
        const held = new Promise((resolve) => (release = resolve));
        await context.route('**/graphql?**', async (route) => {
            await held;
            await route.continue().catch(() => undefined);
        });
        const asked = page.waitForRequest((request) => request.url().includes('/graphql?'));
        await more(page).click();
        await asked;
        const list = async () => [await rows(page).first().locator('.rank').innerText(), await titles(page)];
        assert.match(page.url(), /after=.*n=31/);
        assert.deepEqual(await list(), ['1.', before]);
        release();
        await settles(async () => assert.equal((await list())[0], '31.'));
        for (const title of await titles(page)) assert.ok(!before.includes(title), title);
    });

    // A link to such an address, which anybody can post, must leave the site as it was.
    browse('an address that the server refuses changes nothing of what comes after it', async (person) => {
        const { page } = person;
        person.expects(/status of 4\d\d/);
        for (const path of ['search?q=%00', `search?q=${long}`, 'user?id=%00', '?after=%00']) {
            await person.visit(path);
            await settles(async () => assert.ok((await page.getByRole('alert').allInnerTexts()).join('') !== '', path));
            const before = person.operations().length;
            await link(page, 'Hacker News').click();
            await rows(page).first().waitFor();
            await link(page, 'new').click();
            await rows(page).first().waitFor();
            for (const { documentId, query } of person.operations().slice(before)) assert.ok(documentId && !query, path);
        }
    });
});
