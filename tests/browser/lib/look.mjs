// look.mjs - what somebody finds on a page of the site, by the roles and names that it has for
// everybody, whatever they read it with.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { patience } from '../../http/lib/environment.mjs';

// Waits until `check` no longer throws; at last its error is the test's.  What it returned.
export async function settles(check, seconds = 20 * patience) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > end) throw error;
            await pause(50);
        }
    }
}

export const main = (page) => page.getByRole('main');
export const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
export const link = (page, name) => page.getByRole('link', { name, exact: true });
export const more = (page) => page.getByRole('link', { name: /^More / });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const field = (page, label) => page.getByRole('textbox', { name: label });
// (A password has no role.)
export const secret = (page, label) => page.getByLabel(label, { exact: true });

// --- lists -------------------------------------------------------------------

export const rows = (page) => main(page).getByRole('listitem');
export const row = (page, title) => rows(page).filter({ has: page.getByRole('link', { name: title, exact: true }) });
export const voteButton = (within, title = '') => within.getByRole('button', { name: `Vote for ${title}`.trimEnd(), exact: title !== '' });
export const titles = (page) => rows(page).locator('.title').allInnerTexts();
// Those of the links' own pages: two links may have one title.
export const addresses = (page) => rows(page).locator('.meta a[href*="item?id="]').evaluateAll((all) => all.map((one) => one.href));

// What a row shows: { rank, title, href, site, points, who, time }.
export async function read(line) {
    const text = async (selector) => ((await line.locator(selector).count()) ? (await line.locator(selector).first().innerText()).trim() : null);
    return {
        rank: await text('.rank'),
        title: await text('.title'),
        href: await line.locator('.title').getAttribute('href'),
        site: await text('.site'),
        points: await text('.points'),
        who: await text('.meta bdi'),
        time: await text('time'),
    };
}

export async function isVoted(line) {
    return (await voteButton(line).getAttribute('aria-pressed')) === 'true';
}

export const pointsOf = async (line) => Number.parseInt(await line.getByText(/^\d+ points?$/).innerText(), 10);

// Waits until the row says so.
export const showsVote = (line, hasVoted, points) =>
    settles(async () => assert.deepEqual([await isVoted(line), await pointsOf(line)], [hasVoted, points]));

// --- forms -------------------------------------------------------------------

// What stands at a field as its error, or null.
export async function errorAt(control) {
    if ((await control.getAttribute('aria-invalid')) !== 'true') return null;
    const [id] = (await control.getAttribute('aria-describedby')).split(' ');
    return control.page().locator(`[id="${id}"]`).innerText();
}

export const showsError = (control, pattern) => settles(async () => assert.match((await errorAt(control)) ?? '', pattern));

// --- who is there --------------------------------------------------------------

export const account = (page) => page.getByRole('banner');

export const isSignedIn = (page, username) => account(page).getByRole('link', { name: username, exact: true }).waitFor();
export const isNobody = (page) => account(page).getByRole('link', { name: 'log in', exact: true }).waitFor();

export async function signInByForm(page, { username, password }) {
    await field(page, 'Username').fill(username);
    await secret(page, 'Password').fill(password);
    await button(page, 'Log in').click();
}
