// axe.test.mjs - every page, dark and light, narrow and wide: axe-core finds no violation, and nothing
// is wider than the window.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { violations } from './lib/axe.mjs';
import { browse, looks, sizes } from './lib/browser.mjs';
import { button, heading, isNobody, isSignedIn, main, rows, settles, showsError, field } from './lib/look.mjs';
import { newAccount, newLink, signIn, vote } from './lib/people.mjs';

suite('no page has a violation', () => {
    let account, own;
    before(async () => {
        account = await newAccount();
        own = await newLink(account, { url: `https://example.com/${'long-'.repeat(40)}`, description: `A${'very'.repeat(30)}long word` });
        await vote(account, own);
    });

    // [what, the address, how one knows that it is all there, whether nobody sees something else]
    const pages = () => [
        ['the front page', '', (page) => rows(page).nth(29).waitFor(), true],
        ['new links', 'newest', (page) => rows(page).nth(29).waitFor()],
        ['an empty search', 'search', (page) => heading(page, 'Search').waitFor()],
        ['results', 'search?q=a', (page) => rows(page).nth(29).waitFor()],
        ['no results', 'search?q=qqqqqqqq', (page) => main(page).getByText('0 links found').waitFor()],
        ['submit', 'submit', (page) => field(page, 'Address').waitFor()],
        ['log in', 'login', (page) => field(page, 'Username').waitFor(), true],
        ['sign up', 'signup', (page) => field(page, 'Username').waitFor(), true],
        ['a link', `item?id=${own.id}`, (page) => rows(page).first().waitFor()],
        ['edit', `edit?id=${own.id}`, (page) => field(page, 'Address').waitFor()],
        ['a user', `user?id=${account.username}`, (page) => rows(page).first().waitFor()],
        ['sessions', 'sessions', (page) => rows(page).first().waitFor()],
        ['no such item', 'item?id=999999999', (page) => heading(page, 'No such item').waitFor()],
    ];
    const logInFirst = (page) => main(page).getByRole('link', { name: 'Log in' }).waitFor();
    const pagesOfNobody = () => [
        ...pages().filter(([, , , isDifferent]) => isDifferent),
        ...['submit', `edit?id=${own.id}`, 'sessions'].map((path) => [`${path} of nobody`, path, logInFirst]),
    ];

    async function visitAll(person, all, isThereToo) {
        const { page } = person;
        const { width } = page.viewportSize();
        const found = [];
        for (const [what, path, isThere] of all) {
            await person.visit(path);
            await Promise.all([isThere(page), isThereToo(page)]);
            found.push(...(await violations(page)).map((text) => `${what}: ${text}`));
            const shown = await page.evaluate(() => document.documentElement.scrollWidth);
            if (shown > width) found.push(`${what} is ${shown} px wide`);
        }
        assert.deepEqual(found, []);
    }

    for (const { name, ...look } of looks) {
        browse(name, look, (person) => visitAll(person, pagesOfNobody(), isNobody));
        browse(`${name}, signed in`, look, async (person) => {
            await signIn(person, account);
            await visitAll(person, pages(), (page) => isSignedIn(page, account.username));
        });
    }

    for (const colorScheme of ['light', 'dark'])
        browse(`errors and questions, ${colorScheme}`, { colorScheme, viewport: sizes.narrow }, async (person) => {
            const { page, context } = person;
            person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
            await signIn(person, account);
            await person.visit('submit');
            await field(page, 'Address').waitFor();
            await button(page, 'Submit').click();
            await showsError(field(page, 'Address'), /needed/);
            assert.deepEqual(await violations(page), [], 'an error at a field');
            await person.visit(`edit?id=${own.id}`);
            await page.getByRole('button', { name: 'Delete this link …' }).click();
            await page.getByRole('dialog').waitFor();
            assert.deepEqual(await violations(page), [], 'a question');
            await page.keyboard.press('Escape');
            await context.setOffline(true);
            await button(page, 'Save').click();
            await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
            assert.deepEqual(await violations(page), [], 'the network fails');
            await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert'));
        });
});
