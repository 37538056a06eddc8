// browser.mjs - a real browser, and sites of which it shows pages.
//
// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import http from 'node:http';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

let browser;
after(() => browser?.close());

// A page with cookies of its own.  A certificate may be any.
export async function openPage() {
    browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell' });
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    return { context, page: await context.newPage() };
}

// A line of nginx's configuration: the endpoint's own site has a page, too.
export const pageLocation = [
    'location = /graphql {',
    `location = /page { default_type text/html; return 200 '<!doctype html><title>ours</title>'; }
    location = /graphql {`,
];

// Another site, whose pages are all alike.
export async function serveSite() {
    const site = http.createServer((request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><title>theirs</title>');
    });
    site.listen(0);
    await once(site, 'listening');
    after(() => site.close().closeAllConnections());
    return site.address().port;
}

// Sends an operation from the page: the status and the answer, or the name of the error.
export const sendFrom = (page, url, query, { headers = {}, ...options } = {}) =>
    page.evaluate(
        async ([target, body, init]) => {
            try {
                const answer = await fetch(target, { method: 'POST', body, ...init });
                const text = await answer.text();
                return { status: answer.status, type: answer.type, json: text ? JSON.parse(text) : null };
            } catch (error) {
                return { error: error.name };
            }
        },
        [url, JSON.stringify({ query }), { headers: { 'content-type': 'application/json', ...headers }, ...options }],
    );
