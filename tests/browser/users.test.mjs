// users.test.mjs - the page of a user.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { heading, link, main, more, rows, settles, titles } from './lib/look.mjs';
import { ask, newAccount, newLink, signIn } from './lib/people.mjs';

suite('the page of a user', () => {
    browse('has the name, when they joined, and their links, newest first', async ({ page, visit }) => {
        const { user } = await ask('{ user(username: "ada") { firstName lastName linkSet(first: 30) { description url } } }');
        assert.ok(user.linkSet.length > 1);
        await visit('user?id=ada');
        await heading(page, 'ada').waitFor();
        await main(page).getByText(`${user.firstName} ${user.lastName}`).waitFor();
        await settles(async () => assert.deepEqual(await titles(page), user.linkSet.map(({ description }) => description)));
        assert.equal(await page.title(), 'ada | Hacker News');
    });

    browse('has pages, which the address keeps', async ({ page, visit }) => {
        const account = await newAccount({ prefix: 'busy' });
        const posted = [];
        for (let count = 0; count < 32; count++) posted.unshift((await newLink(account)).description);
        await visit(`user?id=${account.username}`);
        await settles(async () => assert.deepEqual(await titles(page), posted.slice(0, 30)));
        await more(page).click();
        await settles(async () => assert.deepEqual(await titles(page), posted.slice(30)));
        assert.equal(await rows(page).first().locator('.rank').innerText(), '31.');
        await page.reload();
        await settles(async () => assert.deepEqual(await titles(page), posted.slice(30)));
        await page.goBack();
        await settles(async () => assert.deepEqual(await titles(page), posted.slice(0, 30)));
    });

    browse('shows the e-mail address to its owner alone', async (person, enter) => {
        const account = await newAccount();
        await signIn(person, account);
        await person.visit(`user?id=${account.username}`);
        await main(person.page).getByText(`${account.username}@example.com`).waitFor();
        const other = await enter();
        await signIn(other, await newAccount());
        await other.visit(`user?id=${account.username}`);
        await heading(other.page, account.username).waitFor();
        await main(other.page).getByText('Joined').waitFor();
        assert.doesNotMatch(await main(other.page).innerText(), /@example\.com/);
        assert.equal(await link(other.page, 'Sessions and password').count(), 0);
    });
});
