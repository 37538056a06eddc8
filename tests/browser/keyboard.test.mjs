// keyboard.test.mjs - everything without a mouse: sign up, post, vote, search, edit, delete, sign out.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { field, heading, isNobody, isSignedIn, main, row, rows, settles, showsVote } from './lib/look.mjs';
import { linkOf, password, unique } from './lib/people.mjs';

// Presses Tab until the focus is on what has that role and name, as one who sees where it is; fails
// where it is nowhere, or where nothing shows where the focus is.
async function tabTo(page, role, name, key = 'Tab') {
    const target = page.getByRole(role, { name, exact: typeof name === 'string' }).first();
    await target.waitFor();
    for (let count = 0; count < 250; count++) {
        await page.keyboard.press(key);
        if (await target.evaluate((one) => one === document.activeElement)) {
            const { outlineStyle, outlineWidth } = await target.evaluate((one) => {
                const { outlineStyle: style, outlineWidth: width } = getComputedStyle(one);
                return { outlineStyle: style, outlineWidth: width };
            });
            assert.ok(outlineStyle !== 'none' && outlineWidth !== '0px', `nothing shows that the focus is on ${role} "${name}"`);
            return;
        }
    }
    assert.fail(`Tab never comes to ${role} "${name}"`);
}

suite('by the keyboard alone', () => {
    browse('one signs up, posts, votes, searches, edits, deletes and signs out', async ({ page, visit }) => {
        const { keyboard } = page;
        const username = unique('typist');
        await visit();
        await rows(page).nth(29).waitFor();
        await isNobody(page);
        await tabTo(page, 'link', 'log in');
        await keyboard.press('Enter');
        await heading(page, 'Log in').waitFor();
        await tabTo(page, 'link', 'Sign up');
        await keyboard.press('Enter');
        await heading(page, 'Sign up').waitFor();
        await tabTo(page, 'textbox', /^Username/);
        await keyboard.type(username);
        await keyboard.press('Tab');
        await keyboard.type(`${username}@example.com`);
        await keyboard.press('Tab');
        await keyboard.type(password);
        await keyboard.press('Enter');
        await isSignedIn(page, username);
        await heading(page, 'Front page').waitFor();

        const title = unique('Typed');
        await tabTo(page, 'link', 'submit');
        await keyboard.press('Enter');
        await heading(page, 'Submit a link').waitFor();
        await tabTo(page, 'textbox', /^Address/);
        await keyboard.type('https://example.com/typed');
        await keyboard.press('Tab');
        await keyboard.type(title);
        await keyboard.press('Tab');
        await keyboard.press('Enter');
        await heading(page, title).waitFor();
        const id = new URL(page.url()).searchParams.get('id');

        await tabTo(page, 'button', `Vote for ${title}`);
        await keyboard.press('Space');
        await settles(async () => assert.equal((await linkOf(id)).voteCount, 1));

        await tabTo(page, 'link', 'search', 'Shift+Tab');
        await keyboard.press('Enter');
        await heading(page, 'Search').waitFor();
        await tabTo(page, 'searchbox', 'Words in titles and addresses');
        await keyboard.type(title);
        await main(page).getByText('1 link found').waitFor();
        await showsVote(row(page, title), true, 1);
        await tabTo(page, 'button', `Vote for ${title}`);
        await keyboard.press('Enter');
        await settles(async () => assert.equal((await linkOf(id)).voteCount, 0));

        await tabTo(page, 'link', `edit ${title}`);
        await keyboard.press('Enter');
        await heading(page, 'Edit a link').waitFor();
        await tabTo(page, 'textbox', /^Title/);
        await keyboard.press('End');
        await keyboard.type(' again');
        await tabTo(page, 'button', 'Save');
        await keyboard.press('Enter');
        await heading(page, `${title} again`).waitFor();
        assert.equal((await linkOf(id)).description, `${title} again`);

        await tabTo(page, 'link', new RegExp(`^edit`));
        await keyboard.press('Enter');
        await tabTo(page, 'button', 'Delete this link …');
        await keyboard.press('Enter');
        await page.getByRole('dialog').waitFor();
        // It begins with what does no harm; Escape keeps the link.
        await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Keep it'));
        await keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await keyboard.press('Enter');
        await page.getByRole('dialog').waitFor();
        await tabTo(page, 'button', 'Delete');
        await keyboard.press('Enter');
        await heading(page, 'New links').waitFor();
        assert.equal(await linkOf(id), null);

        await tabTo(page, 'button', 'log out', 'Shift+Tab');
        await keyboard.press('Enter');
        await isNobody(page);
    });

    browse('the first Tab skips to the content', async ({ page, visit }) => {
        await visit();
        await rows(page).nth(29).waitFor();
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
        await page.keyboard.press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.getElementById('main').contains(document.activeElement)), true);
    });

    browse('a field is found by its label, and an error is read out with it', async ({ page, visit }) => {
        await visit('login');
        await field(page, 'Username').waitFor();
        await tabTo(page, 'button', 'Log in');
        await page.keyboard.press('Enter');
        await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'username'));
        const described = await page.evaluate(() => {
            const ids = document.activeElement.getAttribute('aria-describedby').split(' ');
            return ids.map((id) => document.getElementById(id).textContent).join(' ');
        });
        assert.match(described, /needed/);
    });
});
