// csrf.test.mjs - somebody is signed in on the site, and looks at a page of another origin: whatever
// that one sends, it does nothing in their name and learns nothing of them.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite } from 'node:test';

import { serveSite } from '../http/lib/browser.mjs';
import { browse, site } from './lib/browser.mjs';
import { isSignedIn } from './lib/look.mjs';
import { ask, linkOf, newAccount, newLink, signIn } from './lib/people.mjs';

const endpoint = new URL('graphql', site).href;
const { port } = new URL(site);

// Each is run on the page of the attacker, with the endpoint, what to do as a mutation, and the same
// as a body of JSON.  What it returns is what the attacker has learned.
const variants = {
    'a form with JSON as text/plain': ({ url, body }) => {
        const form = document.body.appendChild(document.createElement('form'));
        Object.assign(form, { action: url, method: 'post', enctype: 'text/plain', target: 'frame' });
        form.appendChild(Object.assign(document.createElement('input'), { name: `${body.slice(0, -1)},"x":"`, value: '"}' }));
        form.submit();
    },
    'a form of the usual type': ({ url, query }) => {
        const form = document.body.appendChild(document.createElement('form'));
        Object.assign(form, { action: url, method: 'post', target: 'frame' });
        form.appendChild(Object.assign(document.createElement('input'), { name: 'query', value: query }));
        form.submit();
    },
    'a form in several parts': ({ url, query }) => {
        const form = document.body.appendChild(document.createElement('form'));
        Object.assign(form, { action: url, method: 'post', enctype: 'multipart/form-data', target: 'frame' });
        form.appendChild(Object.assign(document.createElement('input'), { name: 'operations', value: JSON.stringify({ query }) }));
        form.submit();
    },
    'fetch without CORS': async ({ url, body }) => {
        const options = { method: 'POST', body, mode: 'no-cors', credentials: 'include', headers: { 'content-type': 'text/plain' } };
        return (await fetch(url, options)).text();
    },
    'fetch of a type that is none': async ({ url, body }) => {
        const options = { method: 'POST', body: new Blob([body]), mode: 'no-cors', credentials: 'include' };
        return (await fetch(url, options)).text();
    },
    'fetch with the header of cookies': async ({ url, body }) => {
        const headers = { 'content-type': 'application/json', 'linnet-cookies': '1' };
        return (await fetch(url, { method: 'POST', body, credentials: 'include', headers })).text();
    },
    'a picture, a script and a frame': async ({ url, query }) => {
        const address = `${url}?query=${encodeURIComponent(query)}`;
        const loaded = ['img', 'script', 'iframe'].map(
            (name) =>
                new Promise((resolve) => {
                    const element = document.createElement(name);
                    element.onload = element.onerror = resolve;
                    element.src = address;
                    document.body.append(element);
                }),
        );
        await Promise.all(loaded);
    },
    'a beacon': ({ url, body }) => {
        navigator.sendBeacon(url, body);
    },
};

suite('a page of another origin', () => {
    let reader, author;
    before(async () => {
        reader = await newAccount({ prefix: 'victim' });
        author = await newAccount();
    });

    // 127.0.0.1 and localhost are different sites; another port is another origin of the same site.
    for (const [who, host] of [
        ['of another site', 'localhost'],
        ['of a neighbour', '127.0.0.1'],
    ])
        for (const [what, attack] of Object.entries(variants))
            browse(`${who}: ${what}`, async (person) => {
                const target = await newLink(author);
                await signIn(person, reader);
                await person.visit();
                await isSignedIn(person.page, reader.username);
                const query = `mutation { createVote(linkId: ${target.id}) { link { id } } }`;

                // What a browser refuses to do it says in the console, as it should.
                person.expects(/./);
                const theirs = await person.openTab();
                await theirs.goto(`http://${host}:${await serveSite()}/`);
                await theirs.evaluate(() => {
                    document.body.append(Object.assign(document.createElement('iframe'), { name: 'frame' }));
                });
                const learned = await theirs
                    .evaluate(attack, { url: endpoint, query, body: JSON.stringify({ query }) })
                    .catch((error) => error.message);
                await theirs.waitForLoadState('networkidle');
                assert.ok(learned === undefined || learned === '' || /Failed to fetch/.test(learned), learned);
                assert.equal((await linkOf(target.id)).voteCount, 0);
                // From the site's own page the same does it.
                const { createVote } = await person.context.pages()[0].evaluate(
                    async ([url, body]) => {
                        const headers = { 'content-type': 'application/json', 'linnet-cookies': '1' };
                        return (await (await fetch(url, { method: 'POST', body, headers })).json()).data;
                    },
                    [endpoint, JSON.stringify({ query })],
                );
                assert.deepEqual(createVote, { link: { id: target.id } });
                assert.equal((await linkOf(target.id)).voteCount, 1);
            });

    browse('cannot show the site in a frame', async (person) => {
        person.expects(/frame-ancestors|X-Frame-Options/i);
        await signIn(person, reader);
        await person.page.goto(`http://localhost:${await serveSite()}/`);
        await person.page.evaluate(
            (url) =>
                new Promise((resolve) => {
                    const frame = document.body.appendChild(document.createElement('iframe'));
                    frame.onload = resolve;
                    frame.src = url;
                }),
            site,
        );
        const shown = await person.page.frames()[1].evaluate(() => document.body?.innerText ?? '').catch(() => '');
        assert.doesNotMatch(shown, /Hacker News/);
    });

    browse('whose name is led to this machine gets nothing', async (person) => {
        // DNS rebinding: the name is the attacker's, the machine is this one.
        person.expects(/421/);
        const response = await person.page.goto(`http://attacker.localhost:${port}/`);
        assert.equal(response.status(), 421);
        // Also from its own page, which is of the same origin.
        const asked = await person.page.evaluate(async () => {
            const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' };
            return (await fetch('/graphql', options)).status;
        });
        assert.equal(asked, 421);
        assert.deepEqual(await ask('{ __typename }'), { __typename: 'Query' });
    });
});
