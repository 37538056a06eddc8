// accounts.test.mjs - signing up, in and out, sessions and passwords, in cookies that no script reads.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import {
    account,
    button,
    errorAt,
    field,
    heading,
    isNobody,
    isSignedIn,
    link,
    main,
    rows,
    secret,
    settles,
    showsError,
    signInByForm,
} from './lib/look.mjs';
import { ask, newAccount, password, signIn, unique } from './lib/people.mjs';

async function signUpByForm(page, { username, email, password: chosen }) {
    await field(page, 'Username').fill(username);
    await field(page, 'E-mail address').fill(email);
    await secret(page, 'Password').fill(chosen);
    await button(page, 'Sign up').click();
}

suite('an account', () => {
    let reader;
    before(async () => {
        reader = await newAccount();
    });

    browse('somebody signs up, is signed in, stays so after a reload, and signs out', async ({ page, context, visit }) => {
        const username = unique('newcomer');
        await visit();
        await link(page, 'log in').click();
        await link(page, 'Sign up').click();
        await heading(page, 'Sign up').waitFor();
        await signUpByForm(page, { username, email: `${username}@example.com`, password });
        await isSignedIn(page, username);
        await heading(page, 'Front page').waitFor();
        await page.reload();
        await rows(page).first().waitFor();
        await isSignedIn(page, username);
        await button(page, 'log out').click();
        await isNobody(page);
        assert.deepEqual(await context.cookies(), []);
        await page.reload();
        await isNobody(page);
        const { user } = await ask('query ($username: String!) { user(username: $username) { username } }', { username });
        assert.deepEqual(user, { username });
    });

    browse('no script finds a token, wherever it looks', async ({ page, context, visit }) => {
        await visit('login');
        await signInByForm(page, reader);
        await isSignedIn(page, reader.username);
        const held = await page.evaluate(() => [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]);
        assert.equal(held[0], '');
        const cookies = await context.cookies();
        assert.ok(cookies.length >= 1);
        for (const { name, value, httpOnly, sameSite } of cookies) {
            assert.ok(httpOnly && sameSite === 'Strict', name);
            for (const text of held) assert.ok(!text.includes(value), `${name} is in ${text}`);
        }
        for (const text of held) assert.doesNotMatch(text, /eyJ|correct horse/);
    });

    browse('what the sign-up refuses stands at its field, and what was typed stays', async ({ page, visit }) => {
        await visit('signup');
        await button(page, 'Sign up').click();
        await showsError(field(page, 'Username'), /needed/);
        await showsError(field(page, 'E-mail address'), /needed/);
        await showsError(secret(page, 'Password'), /needed/);
        await settles(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'username'));

        const username = unique('newcomer');
        await signUpByForm(page, { username: reader.username, email: `${username}@example.com`, password });
        await showsError(field(page, 'Username'), /already exists/);
        await signUpByForm(page, { username: 'not a name', email: `${username}@example.com`, password });
        await showsError(field(page, 'Username'), /./);
        await signUpByForm(page, { username, email: 'nowhere', password });
        await showsError(field(page, 'E-mail address'), /./);
        assert.equal(await errorAt(field(page, 'Username')), null);
        await signUpByForm(page, { username, email: `${username}@example.com`, password: 'password' });
        await showsError(secret(page, 'Password'), /common/);
        assert.equal(await field(page, 'Username').inputValue(), username);

        await signUpByForm(page, { username, email: `${username}@example.com`, password });
        await isSignedIn(page, username);
    });

    browse('a wrong password is refused in words, and the name stays', async ({ page, visit }) => {
        await visit('login');
        await signInByForm(page, { ...reader, password: 'wrong horse' });
        await page.getByRole('alert').filter({ hasText: 'Please enter valid credentials' }).waitFor();
        assert.equal(await field(page, 'Username').inputValue(), reader.username);
        await signInByForm(page, reader);
        await isSignedIn(page, reader.username);
    });

    browse('a reload keeps what was typed, and never a password', async ({ page, visit }) => {
        await visit('signup');
        await field(page, 'Username').fill('halfway');
        await field(page, 'E-mail address').fill('halfway@example.com');
        await secret(page, 'Password').fill(password);
        await page.reload();
        assert.equal(await field(page, 'Username').inputValue(), 'halfway');
        assert.equal(await field(page, 'E-mail address').inputValue(), 'halfway@example.com');
        assert.equal(await secret(page, 'Password').inputValue(), '');
    });

    browse('who has to log in first comes back to where they were', async ({ page, visit }) => {
        await visit('submit');
        await main(page).getByRole('link', { name: 'Log in' }).click();
        await signInByForm(page, reader);
        await heading(page, 'Submit a link').waitFor();
        await field(page, 'Address').waitFor();
    });

    browse('nobody is sent to another site after signing in', async ({ page, visit, base }) => {
        for (const next of ['https://example.com/', '//example.com/', 'javascript:alert(1)', '/\\example.com']) {
            await visit(`login?next=${encodeURIComponent(next)}`);
            await signInByForm(page, reader);
            await heading(page, 'Front page').waitFor();
            assert.equal(page.url(), base);
            await button(page, 'log out').click();
            await isNobody(page);
        }
    });

    // nginx takes several slashes for one; a browser takes a path that begins with two for a host.
    browse('whoever signs in below an address with two slashes does so here', async (person) => {
        await person.page.goto(`${person.base}/login?next=newest`);
        await signInByForm(person.page, reader);
        await heading(person.page, 'New links').waitFor();
        await rows(person.page).first().waitFor();
        await isSignedIn(person.page, reader.username);
        assert.equal(person.page.url(), new URL('newest', person.base).href);
        await person.page.reload();
        await isSignedIn(person.page, reader.username);
    });

    browse('other tabs learn of it', async (person) => {
        const first = person.page;
        await person.visit();
        await isNobody(first);
        const second = await person.openTab();
        await person.visit('login');
        await signInByForm(second, reader);
        await isSignedIn(second, reader.username);
        await isSignedIn(first, reader.username);
        await button(first, 'log out').click();
        await isNobody(second);
    });

    browse('who is next in the same tab finds nothing that was typed before', async (person) => {
        const { page } = person;
        const next = await newAccount({ prefix: 'next' });
        const secrets = () => page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
        const typed = async () => {
            await person.visit('submit');
            await field(page, 'Address').fill('https://example.com/private');
            await settles(async () => assert.match(await secrets(), /private/));
        };
        const findsNothing = async () => {
            await person.visit('login');
            await signInByForm(page, next);
            await isSignedIn(page, next.username);
            await link(page, 'submit').click();
            assert.equal(await field(page, 'Address').inputValue(), '');
            assert.doesNotMatch(await secrets(), /private/);
        };

        // They log out.
        await signIn(person, reader);
        await typed();
        await button(page, 'log out').click();
        await isNobody(page);
        assert.doesNotMatch(await secrets(), /private/);
        await findsNothing();

        // Their session is over, and somebody else is there.
        await signIn(person, reader);
        await typed();
        await person.context.clearCookies();
        await findsNothing();
        // Whoever comes back themselves finds it.
        await typed();
        await person.context.clearCookies();
        await person.visit('login');
        await signInByForm(page, next);
        await isSignedIn(page, next.username);
        await link(page, 'submit').click();
        assert.equal(await field(page, 'Address').inputValue(), 'https://example.com/private');

        // In another tab they become somebody else, while the form is open.
        const other = await person.openTab();
        await person.visit('login');
        await signInByForm(other, reader);
        await isSignedIn(page, reader.username);
        assert.equal(await field(page, 'Address').inputValue(), '');
        assert.doesNotMatch(await secrets(), /private/);
    });

    browse('a page that a step back shows again is not of who was there before', async (person) => {
        const { page } = person;
        // As where a browser keeps messages from pages that it has put aside.
        await person.context.addInitScript(() => delete globalThis.BroadcastChannel);
        await signIn(person, reader);
        await person.visit(`user?id=${reader.username}`);
        await main(page).getByText(`${reader.username}@example.com`).waitFor();
        const shownAgain = () => page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));

        // Nobody has come or gone: it is as it was, and nothing is asked.
        const asked = person.operations().length;
        await shownAgain();
        await main(page).getByText(`${reader.username}@example.com`).waitFor();
        assert.equal(person.operations().length, asked);

        const other = await person.openTab();
        await person.visit('submit');
        await button(other, 'log out').click();
        await isNobody(other);
        await isSignedIn(page, reader.username);
        await shownAgain();
        assert.doesNotMatch(await page.locator('body').innerText(), /@example\.com/);
        await isNobody(page);
    });

    browse('a token that has ended is renewed unseen, once for all requests', async (person) => {
        const { page, context } = person;
        await signIn(person, reader);
        // What the server answers when it has ended, until the page has renewed it.
        let isRenewed = false;
        const renewals = [];
        await context.route('**/graphql**', async (route) => {
            const request = route.request();
            const isMutation = request.method() === 'POST';
            if (isMutation) {
                const response = await route.fetch();
                renewals.push(await response.json());
                isRenewed = true;
                return route.fulfill({ response });
            }
            if (isRenewed) return route.continue();
            const error = { message: 'Signature has expired', path: ['me'], extensions: { code: 'TOKEN_EXPIRED' } };
            const response = await route.fetch();
            const answer = await response.json();
            return route.fulfill({ response, json: { data: { ...answer.data, me: null }, errors: [error] } });
        });
        await person.visit();
        await isSignedIn(page, reader.username);
        await rows(page).nth(29).waitFor();
        assert.equal(renewals.length, 1, JSON.stringify(renewals));
        assert.equal(renewals[0].data.refreshToken.token, '');
    });

    browse('the sessions of an account, one of which is ended by another', async (person, enter) => {
        const { username } = reader;
        const fresh = await newAccount({ prefix: 'sessions' });
        const { page } = person;
        await signIn(person, fresh);
        const other = await enter({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
        await signIn(other, fresh);
        await other.visit();
        await isSignedIn(other.page, fresh.username);

        await person.visit(`user?id=${fresh.username}`);
        await link(page, 'Sessions and password').click();
        await heading(page, 'Sessions').waitFor();
        // That of the API, and one for each browser.
        await settles(async () => assert.equal(await main(page).getByRole('listitem').count(), 3));
        const theirs = main(page).getByRole('listitem').filter({ hasText: 'Firefox' });
        await theirs.getByRole('button', { name: /^End/ }).click();
        await settles(async () => assert.equal(await main(page).getByRole('listitem').count(), 2));
        // It can still read, but no longer write.
        await other.visit('submit');
        await field(other.page, 'Address').fill('https://example.com/too-late');
        await button(other.page, 'Submit').click();
        await settles(async () => assert.match(await main(other.page).innerText(), /session has ended/i));
        await isSignedIn(page, fresh.username);
        assert.notEqual(username, fresh.username);
    });

    browse('the password is changed, and the old one no longer counts', async (person) => {
        const { page } = person;
        const fresh = await newAccount({ prefix: 'changer' });
        await signIn(person, fresh);
        await person.visit('sessions');
        await secret(page, 'Password now').fill('wrong horse');
        await secret(page, 'New password').fill('another good passphrase');
        await button(page, 'Change it').click();
        await settles(async () => assert.match(await main(page).innerText(), /valid credentials/));
        await secret(page, 'Password now').fill(fresh.password);
        await button(page, 'Change it').click();
        await page.getByText('Your password is changed.').waitFor();
        await account(page).getByRole('button', { name: 'log out' }).click();
        await isNobody(page);
        await person.visit('login');
        await signInByForm(page, fresh);
        await page.getByRole('alert').filter({ hasText: 'valid credentials' }).waitFor();
        await signInByForm(page, { ...fresh, password: 'another good passphrase' });
        await isSignedIn(page, fresh.username);
    });

    browse('a network that fails keeps the form, which can be sent again', async (person) => {
        const { page, context } = person;
        person.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
        await person.visit('login');
        await field(page, 'Username').waitFor();
        await context.setOffline(true);
        await signInByForm(page, reader);
        await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
        assert.equal(await field(page, 'Username').inputValue(), reader.username);
        await context.setOffline(false);
        await button(page, 'Log in').click();
        await isSignedIn(page, reader.username);
    });
});
