// pictures.mjs - every page as a picture, in the directory PICTURES (tests/browser/pictures).
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite } from 'node:test';

import { browse, sizes } from './browser.mjs';
import { button, field, heading, main, rows, settles, showsError, voteButton } from './look.mjs';
import { newAccount, newLink, password, signIn, vote } from './people.mjs';

const { PICTURES: directory } = process.env;

async function makeReader(username) {
    const account = await newAccount({ prefix: username });
    const own = await newLink(account, { url: 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html', description: 'Row security policies' });
    await vote(account, own);
    return { account, own };
}

suite('pictures', () => {
    for (const colorScheme of ['light', 'dark'])
        for (const viewport of Object.values(sizes))
            browse(`${viewport.width}, ${colorScheme}`, { colorScheme, viewport }, async (person) => {
                const { page } = person;
                const { account, own } = await makeReader('reader');
                const take = (name) => page.screenshot({ path: `${directory}/${name}-${viewport.width}-${colorScheme}.png` });

                await person.visit('login');
                await field(page, 'Username').waitFor();
                await take('login');
                await person.visit('signup');
                await field(page, 'Username').fill(account.username);
                await page.getByLabel('Password').fill(password);
                await button(page, 'Sign up').click();
                await showsError(field(page, 'E-mail address'), /needed/);
                await take('signup');

                await signIn(person, account);
                await person.visit();
                // (The first one may be the reader's own.)
                for (const index of [5, 6, 8]) await voteButton(rows(page).nth(index)).click();
                await page.waitForLoadState('networkidle');
                await page.mouse.move(0, 0);
                await page.evaluate(() => document.activeElement.blur());
                await take('front');
                for (const [name, path, isThere] of [
                    ['newest', 'newest', () => rows(page).nth(29).waitFor()],
                    ['search', 'search?q=postgres', () => main(page).getByText(/links? found/).waitFor()],
                    ['submit', 'submit', () => field(page, 'Address').waitFor()],
                    ['item', `item?id=${own.id}`, () => rows(page).first().waitFor()],
                    ['user', `user?id=${account.username}`, () => rows(page).first().waitFor()],
                    ['sessions', 'sessions', () => rows(page).first().waitFor()],
                    ['nothing', 'item?id=999999999', () => heading(page, 'No such item').waitFor()],
                ]) {
                    await person.visit(path);
                    await isThere();
                    await take(name);
                }
                await person.visit(`edit?id=${own.id}`);
                await page.getByRole('button', { name: 'Delete this link …' }).click();
                await page.getByRole('dialog').waitFor();
                await take('delete');

                await person.visit('graphql');
                const editor = page.getByRole('region', { name: 'Operation Editor' });
                await settles(async () => assert.match(await editor.innerText(), /links/));
                await page.getByRole('button', { name: /^Execute query/ }).click();
                const answer = page.getByRole('region', { name: 'Result Window' });
                await settles(async () => assert.match(await answer.innerText(), /"data"/));
                await take('graphiql');
                await page.getByRole('button', { name: 'Explain', exact: true }).click();
                await page.getByRole('region', { name: 'Explain', exact: true }).waitFor();
                await take('explain');

                person.expects(/404/);
                await person.visit('nothing/here');
                await take('hello');
            });

    // docs/pictures: small ones, on the data that ./up loads.
    browse('for the README', { viewport: { width: 960, height: 430 } }, async (person, enter) => {
        const account = await newAccount({ prefix: 'ada' });
        await signIn(person, account);
        await person.visit();
        for (const index of [1, 3]) await voteButton(rows(person.page).nth(index)).click();
        await person.page.waitForLoadState('networkidle');
        await person.page.mouse.move(0, 0);
        await person.page.evaluate(() => document.activeElement.blur());
        await person.page.screenshot({ path: `${directory}/front.png` });

        const narrow = await enter({ viewport: { width: 360, height: 430 }, colorScheme: 'dark', isMobile: true });
        await narrow.visit('search?q=postgres');
        await main(narrow.page).getByText(/links? found/).waitFor();
        await narrow.page.screenshot({ path: `${directory}/search-narrow.png` });
    });
});
