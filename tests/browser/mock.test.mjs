// mock.test.mjs - the same site on values that are made up (linnet mock), without a change.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, suite } from 'node:test';

import { root } from '../http/lib/environment.mjs';
import { browse } from './lib/browser.mjs';
import { heading, link, main, rows, titles } from './lib/look.mjs';
import { startUp } from './lib/servers.mjs';

suite('on made-up values', () => {
    let base;
    before(async () => {
        base = await startUp(['--mock']);
    });

    browse('the lists, a link and a user are shown', async ({ page }) => {
        await page.goto(base);
        await rows(page).first().waitFor();
        assert.ok((await titles(page)).length > 1);
        for (const [tab, name] of [
            ['new', 'New links'],
            ['best', 'Best links'],
        ]) {
            await link(page, tab).click();
            await heading(page, name).waitFor();
            await rows(page).first().waitFor();
        }
        await rows(page).first().getByRole('link', { name: /^details/ }).click();
        await page.getByRole('heading', { level: 2, name: /votes?$/ }).waitFor();
        await page.goBack();
        await rows(page).first().locator('.meta a').first().click();
        await main(page).getByText('Joined').waitFor();
    });

    browse('search finds what is made up', async ({ page }) => {
        await page.goto(`${base}search?q=a`);
        await main(page).getByText(/links? found/).waitFor();
        await rows(page).first().waitFor();
    });

    browse('GraphiQL is there', async ({ page }) => {
        await page.goto(`${base}graphql`);
        await page.getByRole('button', { name: /execute/i }).waitFor();
    });

    browse('it is the same site', async ({ context }) => {
        const answer = await context.request.get(base, { headers: { accept: 'text/html' } });
        assert.equal(await answer.text(), readFileSync(`${root}/build/web/index.html`, 'utf8'));
    });
});
