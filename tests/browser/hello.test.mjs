// hello.test.mjs - without a site: a page that says what this is, and where the API is.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { violations } from './lib/axe.mjs';
import { browse, site, sizes } from './lib/browser.mjs';
import { settles } from './lib/look.mjs';
import { startUp } from './lib/servers.mjs';

suite('without a site', () => {
    let base;
    before(async () => {
        base = await startUp(['--mock', '--no-web']);
    });

    for (const colorScheme of ['light', 'dark'])
        for (const [size, viewport] of Object.entries(sizes))
            browse(`/ says what this is (${colorScheme}, ${size})`, { colorScheme, viewport }, async ({ page }) => {
                const response = await page.goto(base);
                assert.equal(response.status(), 200);
                assert.match(await page.locator('body').innerText(), /Linnet/);
                await page.getByRole('link', { name: /graphql/ }).first().waitFor();
                assert.deepEqual(await violations(page), []);
                const width = await page.evaluate(() => document.documentElement.scrollWidth);
                assert.ok(width <= viewport.width, `it is ${width} px wide`);
            });

    browse('its way to the endpoint leads to a page too', async ({ page }) => {
        await page.goto(base);
        await page.getByRole('link', { name: /graphql/ }).first().click();
        await settles(() => assert.equal(page.url(), `${base}graphql`));
        assert.match(await page.locator('body').innerText(), /Linnet/);
    });

    for (const [what, where] of [
        ['without a site', () => base],
        ['beside the site', () => site],
    ])
        browse(`an unknown address is answered by Linnet, not by nginx, ${what}`, async (person) => {
            const { page, context } = person;
            person.expects(/404/);
            for (const path of ['nothing', 'a/b/c', 'index.php', '%3Cscript%3Ealert(1)%3C/script%3E']) {
                const response = await page.goto(new URL(path, where()).href);
                assert.equal(response.status(), 404, path);
                const text = await page.locator('body').innerText();
                assert.match(text, /The API is at \S*\/graphql/, path);
                assert.doesNotMatch(await page.content(), /<script>alert|nginx/i, path);
            }
            const json = await context.request.get(new URL('nothing', where()).href, { headers: { accept: 'application/json' } });
            assert.equal(json.status(), 404);
            assert.equal((await json.json()).errors[0].extensions.code, 'NOT_FOUND');
        });
});
