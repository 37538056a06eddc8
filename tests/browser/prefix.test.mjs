// prefix.test.mjs - the site under a path prefix, behind a proxy with several applications; and over
// https.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { button, field, heading, isNobody, isSignedIn, link, more, rows, secret, settles, showsVote, voteButton } from './lib/look.mjs';
import { password, unique } from './lib/people.mjs';
import { startProxy, startUp } from './lib/servers.mjs';

suite('under /news/', () => {
    let base;
    before(async () => {
        const target = await startUp([], { LINNET_COOKIE_PATH: '/news/graphql' });
        base = await startProxy(target, '/news/');
    });

    browse('one signs up, posts, votes, goes back and forth, and out', async ({ page, context }) => {
        const username = unique('prefixed');
        await page.goto(base);
        await rows(page).nth(29).waitFor();
        await more(page).click();
        await settles(async () => assert.equal(await rows(page).first().locator('.rank').innerText(), '31.'));
        await page.goBack();
        await page.goto(`${base}signup`);
        await field(page, 'Username').fill(username);
        await field(page, 'E-mail address').fill(`${username}@example.com`);
        await secret(page, 'Password').fill(password);
        await button(page, 'Sign up').click();
        await isSignedIn(page, username);
        assert.equal(page.url(), base);
        assert.deepEqual([...new Set((await context.cookies()).map(({ path }) => path))], ['/news/graphql']);

        await link(page, 'submit').click();
        const title = unique('Prefixed');
        await field(page, 'Address').fill('https://example.com/prefixed');
        await field(page, 'Title').fill(title);
        await button(page, 'Submit').click();
        await heading(page, title).waitFor();
        assert.match(page.url(), /\/news\/item\?id=\d+$/);
        const line = page.locator('.row');
        await voteButton(line, title).click();
        await showsVote(line, true, 1);
        await page.reload();
        await showsVote(line, true, 1);
        await button(page, 'log out').click();
        await isNobody(page);
        assert.deepEqual(await context.cookies(), []);
    });

    browse('GraphiQL runs a query', async ({ page }) => {
        await page.goto(`${base}graphql`);
        const editor = page.getByRole('region', { name: 'Operation Editor' });
        await settles(async () => assert.match(await editor.innerText(), /links/));
        await page.getByRole('button', { name: /^Execute query/ }).click();
        await settles(async () => assert.match(await page.getByRole('region', { name: 'Result Window' }).innerText(), /"data"/));
    });
});
