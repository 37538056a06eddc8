// front.test.mjs - the lists: what each line shows, in which order, by how many requests.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { heading, link, main, read, rows, settles, titles } from './lib/look.mjs';
import { ask } from './lib/people.mjs';

const listOf = async (orderBy) =>
    (
        await ask(
            `query ($orderBy: [LinkOrder!]) { relayLinks(first: 30, orderBy: $orderBy) { edges { node {
                pk url description voteCount createdAt postedBy { username } } } } }`,
            { orderBy },
        )
    ).relayLinks.edges.map(({ node }) => node);
const titleOf = ({ url, description }) => description || url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');

suite('the lists', () => {
    browse('a line has rank, title, domain, points, who and when', async ({ page, visit }) => {
        await visit();
        await rows(page).nth(29).waitFor();
        const expected = await listOf([{ hot: 'DESC' }]);
        assert.equal(expected.length, 30);
        assert.equal(await rows(page).count(), 30);
        for (const index of [0, 1, 7, 29]) {
            const { url, voteCount, postedBy } = expected[index];
            const shown = await read(rows(page).nth(index));
            assert.equal(shown.rank, `${index + 1}.`);
            assert.equal(shown.title, titleOf(expected[index]));
            assert.equal(shown.href, new URL(url).href);
            assert.equal(shown.site, `(${new URL(url).host.replace(/^www\./, '')})`);
            assert.equal(shown.points, `${voteCount} point${voteCount === 1 ? '' : 's'}`);
            assert.equal(shown.who, postedBy?.username ?? null);
            assert.match(shown.time, /^(just now|\d+ (minute|hour|day|month|year)s? ago)$/);
        }
        assert.equal(await page.title(), 'Hacker News');
    });

    for (const [name, path, orderBy, title] of [
        ['Front page', '', [{ hot: 'DESC' }], 'Hacker News'],
        ['New links', 'newest', [{ createdAt: 'DESC' }], 'New links | Hacker News'],
        ['Best links', 'best', [{ voteCount: 'DESC' }], 'Best links | Hacker News'],
    ])
        browse(`${name}: in the order of the API`, async ({ page, visit }) => {
            await visit(path);
            await heading(page, name).waitFor();
            await rows(page).nth(29).waitFor();
            assert.deepEqual(await titles(page), (await listOf(orderBy)).map(titleOf));
            assert.equal(await page.title(), title);
        });

    browse('each list is one request, by the id of its document', async (person) => {
        const { page } = person;
        await person.visit();
        await rows(page).nth(29).waitFor();
        await page.waitForLoadState('networkidle');
        const [first, ...more] = person.operations();
        assert.deepEqual(more, []);
        assert.equal(first.method, 'GET');
        assert.match(first.documentId, /^sha256:[0-9a-f]{64}$/);
        assert.equal(first.query, undefined);

        await link(page, 'new').click();
        await heading(page, 'New links').waitFor();
        await settles(async () => assert.deepEqual(await titles(page), (await listOf([{ createdAt: 'DESC' }])).map(titleOf)));
        assert.deepEqual(person.operations().map(({ method }) => method), ['GET', 'GET']);
    });

    browse('the bar leads everywhere without loading a page, and says where one is', async (person) => {
        const { page } = person;
        await person.visit();
        await rows(page).first().waitFor();
        for (const [name, title] of [
            ['new', 'New links'],
            ['best', 'Best links'],
            ['search', 'Search'],
            ['submit', 'Submit a link'],
            ['log in', 'Log in'],
            ['Hacker News', 'Front page'],
        ]) {
            await link(page, name).click();
            await heading(page, title).waitFor();
            // So that it is read out.
            await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1'));
            const current = page.getByRole('banner').locator('[aria-current=page]');
            assert.deepEqual(await current.allInnerTexts(), name === 'log in' ? [] : [name]);
        }
        assert.equal(person.requests.filter((one) => one.resourceType() === 'document').length, 1);
    });

    browse('the way to a page of somebody else gives it no rights', async ({ page, visit }) => {
        await visit();
        await rows(page).first().waitFor();
        const rel = await rows(page).locator('.title').evaluateAll((all) => [...new Set(all.map((one) => one.rel))]);
        assert.deepEqual(rel, ['noopener ugc nofollow']);
    });

    browse('without scripts a line says what to do', { javaScriptEnabled: false }, async ({ page, visit }) => {
        await visit();
        assert.match(await page.locator('body').innerText(), /allow JavaScript/i);
    });

    browse('an address of nothing says so', async ({ page, visit }) => {
        await visit('item?id=999999999');
        await heading(page, 'No such item').waitFor();
        await visit('item?id=what');
        await heading(page, 'No such item').waitFor();
        await visit('user?id=nobody-has-this-name');
        await heading(page, 'No such user').waitFor();
        await visit('newest?after=made-up');
        await main(page).getByRole('alert').filter({ hasText: 'There is no such page of this list.' }).waitFor();
        await link(page, 'To its first page').click();
        await rows(page).nth(29).waitFor();
    });

    browse('after a newer site was installed, a page whose file is gone is loaded anew', async (person) => {
        const { page, context } = person;
        person.expects(/404/);
        await person.visit();
        await rows(page).first().waitFor();
        // As an old page finds it: its files are gone, and the document names others.
        await context.route('**/assets/search-*.js', (route) => route.fulfill({ status: 404 }));
        await context.route(person.base, async (route) => {
            const response = await route.fetch();
            const newer = (await response.text()).replaceAll('assets/index-', 'assets/index-newer-');
            await context.unroute('**/assets/search-*.js');
            await route.fulfill({ response, body: newer });
        });
        await link(page, 'search').click();
        await heading(page, 'Search').waitFor();
        assert.equal(person.requests.filter((one) => one.resourceType() === 'document').length, 2);
    });

    browse('a page whose file does not come, though nothing is newer, can be tried again', async (person) => {
        const { page, context } = person;
        person.expects(/ERR_FAILED/);
        await person.visit();
        await rows(page).first().waitFor();
        await context.route('**/assets/search-*.js', (route) => route.abort());
        await link(page, 'search').click();
        await heading(page, 'This page cannot be loaded').waitFor();
        await context.unroute('**/assets/search-*.js');
        await page.getByRole('button', { name: 'Reload' }).click();
        await heading(page, 'Search').waitFor();
    });

    browse('a list that cannot be read is said to be so, and comes when the network is back', async (person) => {
        const { page, context } = person;
        person.expects(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
        await context.route('**/graphql?**', (route) => route.abort());
        await person.visit();
        await main(page).getByText('The server cannot be reached.').waitFor();
        await context.unroute('**/graphql?**');
        await page.getByRole('button', { name: 'Try again' }).click();
        await rows(page).nth(29).waitFor();
    });
});
