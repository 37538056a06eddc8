// links.test.mjs - one posts a link, changes it and deletes it; what is wrong stands at its field, and
// nothing that was typed is lost.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { button, errorAt, field, heading, link, main, row, rows, settles, showsError } from './lib/look.mjs';
import { changeLink, linkOf, linksOf, newAccount, newLink, signIn, unique } from './lib/people.mjs';

const url = () => `https://example.com/${unique('posted')}`;

suite('links', () => {
    let author;
    before(async () => {
        author = await newAccount({ prefix: 'author' });
    });

    browse('one is posted, and is on top of the new ones', async (person) => {
        const { page } = person;
        await signIn(person, author);
        await person.visit();
        await link(page, 'submit').click();
        const [address, title] = [url(), unique('Posted')];
        await field(page, 'Address').fill(address);
        await field(page, 'Title').fill(title);
        await button(page, 'Submit').click();
        await heading(page, title).waitFor();
        assert.match(page.url(), /\/item\?id=\d+$/);
        await page.getByRole('status').filter({ hasText: 'Your link is posted.' }).waitFor();
        const id = new URL(page.url()).searchParams.get('id');
        assert.deepEqual(await linkOf(id), { id, url: address, description: title, voteCount: 0 });
        await link(page, 'new').click();
        await settles(async () => assert.equal(await rows(page).first().locator('.title').innerText(), title));
        // What was sent is not there again.
        await link(page, 'submit').click();
        assert.equal(await field(page, 'Address').inputValue(), '');
    });

    browse('without a title it is called by its address', async (person) => {
        const { page } = person;
        await signIn(person, author);
        await person.visit('submit');
        const address = url();
        await field(page, 'Address').fill(address);
        await button(page, 'Submit').click();
        await heading(page, address.replace('https://', '')).waitFor();
    });

    browse('what is wrong stands at its field, which has the focus', async (person) => {
        const { page } = person;
        await signIn(person, author);
        await person.visit('submit');
        await button(page, 'Submit').click();
        await showsError(field(page, 'Address'), /needed/);
        await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'url'));
        for (const wrong of ['javascript:alert(1)', 'nowhere', 'ftp://example.com/']) {
            await field(page, 'Address').fill(wrong);
            await button(page, 'Submit').click();
            await showsError(field(page, 'Address'), /http/);
        }
        // Also what the server would not even read (limit_json_string).
        await field(page, 'Address').fill(`${url()}/${'a'.repeat(2048)}`);
        await field(page, 'Title').fill('x'.repeat(100_000));
        await button(page, 'Submit').click();
        await showsError(field(page, 'Title'), /at most 2,000/);
        await showsError(field(page, 'Address'), /at most 2,048/);
        // What the server alone knows: its bound in bytes.
        await field(page, 'Address').fill(`${url()}/${'\u00e9'.repeat(1400)}`);
        await field(page, 'Title').fill('');
        await button(page, 'Submit').click();
        await showsError(field(page, 'Address'), /longer than 2,048/);
        await field(page, 'Address').fill(url());
        await field(page, 'Title').fill('x'.repeat(2001));
        await button(page, 'Submit').click();
        await showsError(field(page, 'Title'), /2,000/);
        assert.equal(await errorAt(field(page, 'Address')), null);
        assert.equal((await field(page, 'Title').inputValue()).length, 2001);
    });

    browse('when the network fails the text stays, over a reload too, and can be sent', async (person) => {
        const { page, context } = person;
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await signIn(person, author);
        await person.visit('submit');
        const [address, title] = [url(), unique('Kept')];
        await field(page, 'Address').fill(address);
        await field(page, 'Title').fill(title);
        await context.setOffline(true);
        await button(page, 'Submit').click();
        await page.getByRole('alert').filter({ hasText: 'What you have typed is kept' }).waitFor();
        await context.setOffline(false);
        await page.reload();
        assert.equal(await field(page, 'Address').inputValue(), address);
        assert.equal(await field(page, 'Title').inputValue(), title);
        await button(page, 'Submit').click();
        await heading(page, title).waitFor();
    });

    // The server does what it was sent; what it answers does not arrive.
    async function loseAnswer(person, pressed = button(person.page, 'Submit'), said = 'What you have typed is kept') {
        const { page, context } = person;
        person.expects(/ERR_FAILED/);
        await context.route('**/graphql', async (route) => {
            await route.fetch();
            return route.abort();
        });
        await pressed.click();
        await page.getByRole('alert').filter({ hasText: said }).waitFor();
        await context.unroute('**/graphql');
    }

    browse('a link whose answer was lost is posted once, also after a reload', async (person) => {
        const { page } = person;
        await signIn(person, author);
        for (const again of [() => {}, () => page.reload()]) {
            await person.visit('submit');
            const [address, title] = [url(), unique('Once')];
            await field(page, 'Address').fill(address);
            await field(page, 'Title').fill(title);
            await loseAnswer(person);
            assert.equal((await linksOf(author, address)).length, 1);
            await again();
            await button(page, 'Submit').click();
            await heading(page, title).waitFor();
            const id = new URL(page.url()).searchParams.get('id');
            assert.deepEqual(await linksOf(author, address), [{ id, url: address }]);
        }
    });

    browse('what was changed after the answer was lost is another link, and so is the same posted anew', async (person) => {
        const { page } = person;
        await signIn(person, author);
        const [address, title] = [url(), unique('Twice')];
        const fill = async (text) => {
            await person.visit('submit');
            await field(page, 'Address').fill(address);
            await field(page, 'Title').fill(text);
        };
        await fill(title);
        await loseAnswer(person);
        for (const text of [`${title} changed`, title, title]) {
            await fill(text);
            await button(page, 'Submit').click();
            await heading(page, text).waitFor();
        }
        assert.equal((await linksOf(author, address)).length, 4);
    });

    browse('markup in a title is text', async (person) => {
        const { page } = person;
        const title = `<img src=x onerror=alert(1)> & <b>${unique('bold')}</b>`;
        const posted = await newLink(author, { description: title });
        await person.visit('newest');
        assert.equal(await row(page, title).locator('.title').innerText(), title);
        await person.visit(`item?id=${posted.id}`);
        await heading(page, title).waitFor();
    });

    browse('a long title is cut in lists, and one that nobody sees is none', async ({ page, visit }) => {
        const text = 'x'.repeat(2000);
        const long = await newLink(author, { description: text });
        const unseen = await newLink(author, { description: '\u200b\u202e' });
        await visit('newest');
        await rows(page).first().waitFor();
        assert.equal(await rows(page).nth(0).locator('.title').innerText(), unseen.url.replace('https://', ''));
        assert.equal(await rows(page).nth(1).locator('.title').innerText(), `${text.slice(0, 250)}…`);
        await visit(`item?id=${long.id}`);
        await heading(page, text).waitFor();
        assert.equal(await main(page).locator('a.title').innerText(), text);
    });

    browse('one changes one’s own', async (person) => {
        const { page } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        await person.visit('newest');
        await row(page, posted.description).getByRole('link', { name: `edit ${posted.description}` }).click();
        await heading(page, 'Edit a link').waitFor();
        await settles(async () => assert.equal(await field(page, 'Title').inputValue(), posted.description));
        const title = unique('Changed');
        await field(page, 'Title').fill(title);
        await button(page, 'Save').click();
        await heading(page, title).waitFor();
        assert.equal((await linkOf(posted.id)).description, title);
        await link(page, 'new').click();
        await row(page, title).waitFor();
        assert.equal(await row(page, posted.description).count(), 0);
    });

    browse('a change whose answer was lost is done once: what came after it stays', async (person) => {
        const { page } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        for (const again of [() => {}, () => page.reload()]) {
            await person.visit(`edit?id=${posted.id}`);
            const [title, later] = [unique('Changed'), unique('Later')];
            await field(page, 'Title').fill(title);
            await loseAnswer(person, button(page, 'Save'));
            assert.equal((await linkOf(posted.id)).description, title);
            await changeLink(author, posted.id, { description: later });
            await again();
            await button(page, 'Save').click();
            await page.getByRole('status').filter({ hasText: 'Your link is changed.' }).waitFor();
            assert.equal((await linkOf(posted.id)).description, later);
        }
    });

    browse('where the server cannot say what came of it, it is asked again', async (person) => {
        const { page, context } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        await person.visit(`edit?id=${posted.id}`);
        const title = unique('Unknown');
        await field(page, 'Title').fill(title);
        await context.route('**/graphql', async (route) => {
            await route.fetch();
            const errors = [{ message: 'The outcome is unknown.', path: ['updateLink'], extensions: { code: 'OUTCOME_UNKNOWN' } }];
            return route.fulfill({ contentType: 'application/graphql-response+json', json: { errors, data: { updateLink: null } } });
        });
        await button(page, 'Save').click();
        await page.getByRole('alert').filter({ hasText: 'it will not be done twice' }).waitFor();
        await context.unroute('**/graphql');
        await button(page, 'Save').click();
        await heading(page, title).waitFor();
    });

    browse('a change is not kept when it is cancelled', async (person) => {
        const { page } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        await person.visit(`edit?id=${posted.id}`);
        await field(page, 'Title').fill('Not so');
        await link(page, 'Cancel').click();
        await heading(page, posted.description).waitFor();
        await person.visit(`edit?id=${posted.id}`);
        await settles(async () => assert.equal(await field(page, 'Title').inputValue(), posted.description));
    });

    browse('one deletes one’s own, when it was meant', async (person) => {
        const { page } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        await person.visit(`edit?id=${posted.id}`);
        const open = page.getByRole('button', { name: 'Delete this link …' });
        const dialog = page.getByRole('dialog', { name: 'Delete this link?' });
        await open.click();
        await dialog.waitFor();
        await dialog.getByRole('button', { name: 'Keep it' }).click();
        await dialog.waitFor({ state: 'hidden' });
        // (The focus is where it was.)
        await settles(async () => assert.ok(await open.evaluate((one) => one === document.activeElement)));
        assert.notEqual(await linkOf(posted.id), null);
        await open.click();
        await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
        await heading(page, 'New links').waitFor();
        await rows(page).first().waitFor();
        assert.equal(await row(page, posted.description).count(), 0);
        assert.equal(await linkOf(posted.id), null);
        await person.visit(`item?id=${posted.id}`);
        await heading(page, 'No such item').waitFor();
    });

    browse('a deletion whose answer was lost is done when it is asked for again', async (person) => {
        const { page } = person;
        const posted = await newLink(author);
        await signIn(person, author);
        await person.visit(`edit?id=${posted.id}`);
        await page.getByRole('button', { name: 'Delete this link …' }).click();
        const dialog = page.getByRole('dialog', { name: 'Delete this link?' });
        const remove = dialog.getByRole('button', { name: 'Delete', exact: true });
        await loseAnswer(person, remove, 'The server cannot be reached.');
        assert.equal(await linkOf(posted.id), null);
        await remove.click();
        await heading(page, 'New links').waitFor();
    });

    browse('nobody changes those of others', async (person, enter) => {
        const posted = await newLink(author);
        const { page } = person;
        await signIn(person, await newAccount());
        await person.visit('newest');
        await row(page, posted.description).waitFor();
        assert.equal(await row(page, posted.description).getByRole('link', { name: /^edit/ }).count(), 0);
        await person.visit(`edit?id=${posted.id}`);
        await main(page).getByText('Only the user who posted this link may change it.').waitFor();
        const nobody = await enter();
        await nobody.visit(`edit?id=${posted.id}`);
        await main(nobody.page).getByRole('link', { name: 'Log in' }).waitFor();
    });
});
