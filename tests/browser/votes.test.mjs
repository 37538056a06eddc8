// votes.test.mjs - a vote is seen at once, put right when the server refuses it, and tried again when
// the network loses it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { button, heading, isNobody, isSignedIn, link, main, row, rows, settles, showsVote, signInByForm, voteButton } from './lib/look.mjs';
import { ask, linkOf, newAccount, newLink, signIn, vote } from './lib/people.mjs';

suite('votes', () => {
    let author, reader;
    before(async () => {
        author = await newAccount({ prefix: 'author' });
        reader = await newAccount({ prefix: 'reader' });
    });
    // Each test has a link of its own, on top of the new ones.
    const fresh = () => newLink(author);

    const isMutation = (request) => request.method() === 'POST' && request.url().endsWith('/graphql');

    browse('one votes, takes it back, and the server has it', async (person) => {
        const target = await fresh();
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(person.page, target.description);
        await showsVote(line, false, 0);
        await voteButton(line, target.description).click();
        await showsVote(line, true, 1);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await person.page.reload();
        await showsVote(line, true, 1);
        await voteButton(line).click();
        await showsVote(line, false, 0);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 0));
    });

    browse('it is shown before the server has answered', async (person) => {
        const target = await fresh();
        const { page, context } = person;
        await signIn(person, reader);
        let release;
        const held = new Promise((resolve) => (release = resolve));
        await context.route('**/graphql', async (route) => {
            await held;
            await route.continue();
        });
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        const asked = page.waitForRequest(isMutation);
        await voteButton(line).click();
        await showsVote(line, true, 1);
        await asked;
        assert.equal((await linkOf(target.id)).voteCount, 0);
        // Another wish waits for the answer to the first, and is then sent.
        await voteButton(line).click();
        await showsVote(line, false, 0);
        const answered = page.waitForResponse((response) => isMutation(response.request()) && response.request().postData().includes('documentId'));
        release();
        await answered;
        await settles(async () => assert.equal(person.operations().filter(({ method }) => method === 'POST').length, 2));
        await page.waitForLoadState('networkidle');
        await showsVote(line, false, 0);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 0));
    });

    browse('what the server refuses is put right, and said at the link', async (person) => {
        const target = await fresh();
        const { page } = person;
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        await ask('mutation ($id: ID!) { deleteLink(id: $id) { id } }', { id: target.id }, author);
        await voteButton(line).click();
        await line.getByRole('alert').filter({ hasText: 'Invalid Link!' }).waitFor();
        await showsVote(line, false, 0);
    });

    browse('what was voted for in another place is no error', async (person) => {
        const target = await fresh();
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(person.page, target.description);
        await line.waitFor();
        await vote(reader, target);
        await voteButton(line).click();
        await showsVote(line, true, 1);
        assert.equal(await line.getByRole('alert').count(), 0);
    });

    browse('a vote that the network loses is tried again when it is back', async (person) => {
        const target = await fresh();
        const { page, context } = person;
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        await context.setOffline(true);
        await voteButton(line).click();
        await showsVote(line, true, 1);
        await line.getByText('Your vote has not reached the server yet; it is tried again.').waitFor();
        assert.equal((await linkOf(target.id)).voteCount, 0);
        await context.setOffline(false);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await settles(async () => assert.equal(await line.getByText('has not reached').count(), 0));
        await showsVote(line, true, 1);
    });

    browse('also by the page after a reload', async (person) => {
        const target = await fresh();
        const { page, context } = person;
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        await context.route('**/graphql', (route) => route.abort());
        await voteButton(line).click();
        await line.getByText('has not reached the server yet').waitFor();
        await context.unroute('**/graphql');
        await page.reload();
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await showsVote(line, true, 1);
    });

    browse('a vote whose answer was lost is counted once', async (person) => {
        const target = await fresh();
        const { page, context } = person;
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        let isFirst = true;
        await context.route('**/graphql', async (route) => {
            if (!isFirst) return route.continue();
            isFirst = false;
            // The server has done it; its answer does not arrive.
            await route.fetch();
            return route.abort();
        });
        await voteButton(line).click();
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await settles(async () => assert.ok(person.operations().filter(({ method }) => method === 'POST').length >= 2));
        await settles(async () => assert.equal(await line.getByText('has not reached').count(), 0));
        await showsVote(line, true, 1);
        assert.equal(await line.getByRole('alert').count(), 0);
        assert.equal((await linkOf(target.id)).voteCount, 1);
    });

    browse('two browsers: the other one sees it after a reload', async (person, enter) => {
        const target = await fresh();
        const second = await newAccount({ prefix: 'second' });
        const other = await enter();
        await signIn(person, reader);
        await signIn(other, second);
        await Promise.all([person.visit('newest'), other.visit('newest')]);
        const [mine, theirs] = [person, other].map(({ page }) => row(page, target.description));
        await Promise.all([showsVote(mine, false, 0), showsVote(theirs, false, 0)]);
        await voteButton(mine).click();
        await showsVote(mine, true, 1);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await other.page.reload();
        await showsVote(theirs, false, 1);
        // Both at once.
        await Promise.all([voteButton(theirs).click(), voteButton(mine).click()]);
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
        await Promise.all([person.page.reload(), other.page.reload()]);
        await Promise.all([showsVote(mine, false, 1), showsVote(theirs, true, 1)]);
    });

    browse('nobody votes: one is asked to log in, and comes to the link', async ({ page, visit }) => {
        const target = await fresh();
        await visit('newest');
        await isNobody(page);
        await voteButton(row(page, target.description)).click();
        await heading(page, 'Log in').waitFor();
        await main(page).getByText('Log in to vote.').waitFor();
        await signInByForm(page, reader);
        await heading(page, target.description).waitFor();
        await voteButton(main(page), target.description).click();
        await settles(async () => assert.equal((await linkOf(target.id)).voteCount, 1));
    });

    browse('votes of one who has gone are not sent for the next', async (person) => {
        const target = await fresh();
        const { page, context } = person;
        const sent = () => person.operations().filter(({ method, request }) => method === 'POST' && request.frame().page() === page).length;
        const second = await newAccount({ prefix: 'second' });
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await signIn(person, reader);
        await person.visit('newest');
        const line = row(page, target.description);
        await line.waitFor();
        await page.route('**/graphql', (route) => route.abort());
        await voteButton(line).click();
        await line.getByText('has not reached the server yet').waitFor();
        // Somebody else signs in, in another tab.
        await context.clearCookies();
        await person.openTab();
        await person.visit('login');
        await signInByForm(person.page, second);
        await isSignedIn(person.page, second.username);
        await isSignedIn(page, second.username);
        await showsVote(line, false, 0);
        // From here on it would arrive, also when the network is said to be back.
        await page.unroute('**/graphql');
        const before = sent();
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await page.getByRole('button', { name: 'log out' }).waitFor();
        await page.waitForLoadState('networkidle');
        assert.equal(sent(), before);
        assert.equal((await linkOf(target.id)).voteCount, 0);
    });

    browse('the page of the link has the voters', async (person) => {
        const target = await fresh();
        const { page } = person;
        await vote(author, target);
        await signIn(person, reader);
        await person.visit(`item?id=${target.id}`);
        await page.getByRole('heading', { level: 2, name: '1 vote', exact: true }).waitFor();
        assert.match(await rows(page).first().innerText(), new RegExp(`^${author.username} `));
        await link(page, author.username).first().click();
        await heading(page, author.username).waitFor();
        await button(page, 'log out').waitFor();
    });
});
