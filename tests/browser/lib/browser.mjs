// browser.mjs - people who look at the site in headless Chromium.
//
// browse() is a test in which somebody does: a browser context of their own, so cookies, cache and
// pages of nobody else.  Whatever the page complains of fails the test, unless it was expected: an
// error in its console (a violation of its Content-Security-Policy is one), an exception that nobody
// caught, a request to another machine.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';

import { chromium } from 'playwright-core';

import { isFull, url } from '../../http/lib/environment.mjs';

// Where the site is: the folder of the endpoint.
export const site = new URL('.', url).href;

const program = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync);
const launching = {
    executablePath: program,
    args: [
        // No name is looked up: nothing but this machine can be reached.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
        '--disable-background-networking',
        '--disable-component-update',
    ],
};

let browser;
after(() => browser?.close());

// One for each file of tests.
export const launch = async () => (browser ??= await chromium.launch(launching));

// The widths that pages are looked at.
export const sizes = { narrow: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } };

// The colours and widths that all pages are looked at: each colour and each width, and in the long runs
// each with each.
export const looks = ['light', 'dark'].flatMap((colorScheme, i) =>
    Object.entries(sizes)
        .filter((size, j) => isFull || i === j)
        .map(([size, viewport]) => ({ name: `${colorScheme}, ${size}`, colorScheme, viewport })),
);

// A person with a browser context of their own.  `options` are playwright's of a context; `base` is
// another site than that of the tests' server.
export class Person {
    static async enter({ base = site, ...more } = {}) {
        const person = new Person();
        person.base = base;
        person.context = await (await launch()).newContext({
            viewport: sizes.wide,
            // Nobody waits for a picture to come to rest.
            reducedMotion: 'reduce',
            ...more,
        });
        person.context.setDefaultTimeout(60000);
        person.trouble = [];
        person.expected = [];
        person.requests = [];
        person.context.on('request', (request) => {
            person.requests.push(request);
            const { hostname, protocol } = new URL(request.url());
            if (/^https?:$/.test(protocol) && !/^(localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/.test(hostname))
                person.trouble.push(`a request to another machine: ${request.url()}`);
        });
        person.context.on('console', (message) => {
            if (message.type() === 'error') person.trouble.push(`${message.text()} (${message.location().url})`);
        });
        person.context.on('weberror', ({ error }) => person.trouble.push(`${error().stack}`));
        person.page = await person.context.newPage();
        return person;
    }

    // Another tab of the same browser, which becomes `page`.
    async openTab() {
        this.page = await this.context.newPage();
        return this.page;
    }

    // The page at that address below the site.
    visit = (path = '') => this.page.goto(new URL(path, this.base).href);

    // From now on the page may complain like this.
    expects(pattern) {
        this.expected.push(pattern);
    }

    // The GraphQL requests so far: [{ method, documentId, query, variables, request }].
    operations() {
        return this.requests
            .filter((request) => new URL(request.url()).pathname.endsWith('/graphql') && request.resourceType() !== 'document')
            .map((request) => ({ request, method: request.method(), ...operationOf(request) }));
    }

    // Answers of ours to requests that are still on their way come to nothing, and to no error.
    async close() {
        const routed = [this.context, ...this.context.pages()];
        await Promise.allSettled(routed.map((one) => one.unrouteAll({ behavior: 'ignoreErrors' })));
        await this.context.close();
    }

    // Closes all of it; what the pages complained of is an error.
    async leave() {
        await this.close();
        const bad = this.trouble.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
        assert.deepEqual(bad, [], 'what the page complained of');
    }
}

function operationOf(request) {
    if (request.method() === 'POST') return JSON.parse(request.postData() || '{}');
    const parameters = Object.fromEntries(new URL(request.url()).searchParams);
    return { ...parameters, variables: JSON.parse(parameters.variables || '{}') };
}

// A test of what somebody sees: `body` gets the person, and enter() for more people.
export function browse(title, ...rest) {
    const body = rest.pop();
    const { skip, ...options } = rest.pop() ?? {};
    test(title, { skip }, async (context) => {
        const people = [];
        const enter = async (more = {}) => {
            const person = await Person.enter({ ...options, ...more });
            people.push(person);
            return person;
        };
        try {
            await body(await enter(), enter, context);
        } catch (error) {
            // What the page said first often says why.
            const said = people.flatMap(({ trouble }) => trouble);
            if (said.length > 0) error.message += `\n(the page complained: ${said.join('\n')})`;
            await Promise.allSettled(people.map((person) => person.close()));
            throw error;
        }
        const left = await Promise.allSettled(people.map((person) => person.leave()));
        const first = left.find(({ status }) => status === 'rejected');
        if (first) throw first.reason;
    });
}
