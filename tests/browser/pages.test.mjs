// pages.test.mjs - pages of a list: in the address bar, and found again by the ways of a browser.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { addresses, heading, link, main, more, read, rows, settles } from './lib/look.mjs';

// Waits for the page of a list whose first line has that rank; the addresses of its links.
async function pageFrom(page, rank) {
    await settles(async () => assert.equal(await rows(page).first().locator('.rank').innerText(), `${rank}.`));
    return addresses(page);
}

suite('pages of a list', () => {
    for (const path of ['', 'newest', 'best'])
        browse(`follow each other without a gap: ${path || 'the front page'}`, async ({ page, visit }) => {
            await visit(path);
            const first = await pageFrom(page, 1);
            await more(page).click();
            const second = await pageFrom(page, 31);
            await more(page).click();
            const third = await pageFrom(page, 61);
            assert.equal(new Set([...first, ...second, ...third]).size, 90);
            await link(page, 'Previous').click();
            assert.deepEqual(await pageFrom(page, 31), second);
            await link(page, 'Previous').click();
            assert.deepEqual(await pageFrom(page, 1), first);
            assert.equal(await link(page, 'Previous').count(), 0);
        });

    browse('keep their place: the address can be opened again, by somebody else', async ({ page, visit }, enter) => {
        await visit('newest');
        await pageFrom(page, 1);
        await more(page).click();
        const second = await pageFrom(page, 31);
        const address = page.url();
        assert.match(address, /\/newest\?after=[^&]+&n=31$/);
        assert.match(await page.title(), /^New links, from 31 /);
        await page.reload();
        assert.deepEqual(await pageFrom(page, 31), second);
        const other = await enter();
        await other.page.goto(address);
        assert.deepEqual(await pageFrom(other.page, 31), second);
    });

    browse('back and forward find the page as it was left, and how far it was read', async (person) => {
        const { page } = person;
        await person.visit();
        const first = await pageFrom(page, 1);
        await more(page).scrollIntoViewIfNeeded();
        const left = await page.evaluate(() => scrollY);
        assert.ok(left > 100);
        await more(page).click();
        const second = await pageFrom(page, 31);
        assert.equal(await page.evaluate(() => scrollY), 0);
        const asked = person.operations().length;

        await page.goBack();
        assert.deepEqual(await pageFrom(page, 1), first);
        await settles(async () => assert.equal(await page.evaluate(() => scrollY), left));
        await page.goForward();
        assert.deepEqual(await pageFrom(page, 31), second);
        await page.goBack();
        await pageFrom(page, 1);
        // From what the browser knows already.
        assert.equal(person.operations().length, asked);

        // And from another page, whose list is gone from the document.
        await rows(page).nth(3).getByRole('link', { name: /^details/ }).click();
        await page.getByRole('heading', { level: 2, name: /votes?$/ }).waitFor();
        await page.goBack();
        assert.deepEqual(await pageFrom(page, 1), first);
    });

    browse('end: the last one has no way on', async ({ page, visit }) => {
        await visit('newest');
        await pageFrom(page, 1);
        const seen = new Set();
        for (let rank = 1; ; rank += 30) {
            const found = await pageFrom(page, rank);
            found.forEach((title) => seen.add(title));
            if ((await more(page).count()) === 0) break;
            await more(page).click();
        }
        assert.ok(seen.size > 300, `${seen.size} links`);
        await link(page, 'Previous').waitFor();
    });

    browse('of voters', async ({ page, visit }) => {
        await visit('best');
        await heading(page, 'Best links').waitFor();
        const { points } = await read(rows(page).first());
        const most = Number.parseInt(points, 10);
        assert.ok(most > 50, `the best link has ${points}`);
        await rows(page).first().getByRole('link', { name: /^details/ }).click();
        await page.getByRole('heading', { level: 2, name: `${most} votes` }).waitFor();
        const voters = () => main(page).getByRole('listitem').allInnerTexts();
        const first = await voters();
        assert.equal(first.length, 50);
        await more(page).click();
        await settles(async () => assert.notDeepEqual(await voters(), first));
        await settles(async () => assert.equal((await voters()).length, Math.min(50, most - 50)));
        assert.match(page.url(), /\/item\?id=\d+&after=/);
        await page.goBack();
        await settles(async () => assert.deepEqual(await voters(), first));
    });
});
