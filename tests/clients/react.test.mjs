// react.test.mjs - the pages of the tutorial's React clients: with Apollo, urql and Relay, in a document of their own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { createElement as h, show } from './lib/browser.mjs';

import { ApolloProvider } from '@apollo/client/react';
import { Suspense } from 'react';
import { RelayEnvironmentProvider } from 'react-relay';
import { Provider } from 'urql';

import { goodPassword, signUp, unique } from '../http/lib/accounts.mjs';
import { makeApollo, versions } from './lib/apollo.mjs';
import { useArtifacts } from './lib/graphql_tag.mjs';
import { allLinks } from './lib/lists.mjs';
import { compile, makeEnvironment } from './lib/relay.mjs';
import { connectUrql } from './lib/urql.mjs';
import { ask, endpoint, signedInAs, targets } from './lib/targets.mjs';
import * as apolloPages from './react/apollo_components.mjs';
import * as urqlPages from './react/urql_components.mjs';

let compiled, RelayList;
before(async () => {
    compiled = compile('relay');
    useArtifacts(compiled.artifact);
    ({ LinkList: RelayList } = await import('./relay/LinkList.js'));
});
after(() => compiled?.remove());

for (const [name, open] of Object.entries(targets)) {
    // The mock writes nothing.
    const isReal = { skip: name === 'mock' };
    const opened = () => {
        const opened = {};
        before(async () => {
            opened.target = await open();
            opened.expected = await allLinks(opened.target);
        });
        after(() => opened.target?.close());
        return opened;
    };
    const ids = (page) => [...page.find('ol').children].map(({ id }) => id);

    suite(`React and Apollo, ${name}`, () => {
        const at = opened();
        const app = (person, ...pages) => h(ApolloProvider, {
            client: makeApollo(versions['Apollo Client 4'], at.target.fetch, endpoint, person ? signedInAs(person) : {}),
        }, ...pages);

        test('the list grows', async () => {
            const page = show(app(null, h(apolloPages.LinkList, { first: 10 })));
            await page.until(() => page.find('#more'), 'the first page');
            assert.deepEqual(ids(page), at.expected.slice(0, 10));
            await page.click('#more');
            await page.until(() => ids(page).length === 20, 'the second page');
            assert.deepEqual(ids(page), at.expected.slice(0, 20));
            assert.equal(page.find('#total').textContent, `20 of ${at.expected.length}`);
            page.close();
        });

        test('a search', async () => {
            const page = show(app(null, h(apolloPages.Search)));
            await page.type('input', 'http');
            await page.click('#search');
            await page.until(() => page.texts('#found a').length > 0, 'what was found');
            for (const text of page.texts('#found a')) assert.match(text, /http/i);
            page.close();
        });

        test('a vote and a new link are shown at once', isReal, async () => {
            const page = show(app(at.target.people[0], h(apolloPages.LinkList, { first: 4 }), h(apolloPages.CreateLink, { first: 4 })));
            await page.until(() => page.find('#more'), 'the list');
            const count = Number(page.texts('b')[0]);
            await page.click('.vote');
            await page.until(() => Number(page.texts('b')[0]) === count + 1, 'one vote more');
            assert.equal(page.find('.vote').disabled, true);
            await page.type('#url', 'https://example.com/react');
            await page.click('#post');
            await page.until(() => page.texts('ol a')[0] === 'https://example.com/react', 'the new link');
            assert.equal(page.find('#total').textContent, `5 of ${at.expected.length + 1}`);
            page.close();
        });
    });

    suite(`React and urql, ${name}`, () => {
        const at = opened();

        test('the list grows', async () => {
            const page = show(h(Provider, { value: connectUrql(at.target.fetch) }, h(urqlPages.LinkList, { first: 10 })));
            await page.until(() => page.find('#more'), 'the first page');
            assert.deepEqual(ids(page), at.expected.slice(0, 10));
            await page.click('#more');
            await page.until(() => ids(page).length === 20, 'the second page');
            assert.deepEqual(ids(page), at.expected.slice(0, 20));
            page.close();
        });

        test('signing in, then voting', isReal, async () => {
            const username = unique('urql');
            await signUp(username, goodPassword);
            let token = null;
            const login = show(h(Provider, { value: connectUrql(at.target.fetch) }, h(urqlPages.Login, { onToken: (text) => { token = text; } })));
            await login.type('#username', username);
            await login.type('#password', 'wrong');
            await login.click('#login');
            await login.until(() => login.find('#who').textContent === 'Please enter valid credentials', 'the refusal');
            await login.type('#password', goodPassword);
            await login.click('#login');
            await login.until(() => login.find('#who').textContent === username, 'the name');
            login.close();
            const client = connectUrql(at.target.fetch, signedInAs({ token }));
            const page = show(h(Provider, { value: client }, h(urqlPages.LinkList, { first: 3 })));
            await page.until(() => page.find('#more'), 'the list');
            const count = Number(page.texts('b')[0]);
            await page.click('.vote');
            await page.until(() => Number(page.texts('b')[0]) === count + 1, 'one vote more');
            page.close();
        });
    });

    suite(`React and Relay, ${name}`, () => {
        const at = opened();
        const app = (person, props) => h(RelayEnvironmentProvider, { environment: makeEnvironment(at.target, person ? signedInAs(person) : {}) },
            h(Suspense, { fallback: 'Loading' }, h(RelayList, props)));

        test('usePaginationFragment: the list grows, and is asked for anew with a search', async () => {
            const page = show(app(null, { count: 10 }));
            await page.until(() => page.find('#more'), 'the first page');
            assert.deepEqual(ids(page), at.expected.slice(0, 10));
            await page.click('#more');
            await page.until(() => ids(page).length === 20, 'the second page');
            assert.deepEqual(ids(page), at.expected.slice(0, 20));
            await page.click('#search');
            await page.until(() => page.find('#total') && !page.find('#total').textContent.endsWith(` of ${at.expected.length}`), 'what was found');
            const { links } = await ask(at.target, '{ links(search: "graphql", first: 10) { url } }');
            assert.deepEqual(page.texts('main > ol > li > a'), links.map(({ url }) => url));
            page.close();
        });

        test('the voters of each link grow on their own', async () => {
            const page = show(app(null, { count: 30 }));
            await page.until(() => page.find('#more'), 'the first page');
            const { relayLinks } = await ask(at.target, '{ relayLinks(first: 30) { edges { node { id votes(first: 4) { edges { node { user { username } } } } } } } }');
            const { node } = relayLinks.edges.find(({ node }) => node.votes.edges.length === 4);
            const li = page.find(`[id="${node.id}"]`);
            assert.equal(li.querySelectorAll('.voter').length, 2);
            await page.click(`[id="${node.id}"] .voters`);
            await page.until(() => li.querySelectorAll('.voter').length === 4, 'two voters more');
            assert.deepEqual(page.texts(`[id="${node.id}"] .voter`), node.votes.edges.map((edge) => edge.node.user.username));
            page.close();
        });

        test('a vote is counted, and a link that is deleted leaves the list', isReal, async () => {
            const person = at.target.people[1];
            await ask(at.target, 'mutation { createLink(url: "https://example.com/react-relay") { id } }', {}, signedInAs(person));
            const page = show(app(person, { count: 3, search: 'react-relay' }));
            await page.until(() => page.find('#more'), 'the list');
            const [id] = ids(page);
            await page.click(`[id="${id}"] .vote`);
            await page.until(() => page.find(`[id="${id}"]`).getAttribute('data-votes') === '1', 'the vote');
            await page.click(`[id="${id}"] .delete`);
            await page.until(() => ids(page).length === 0, 'the list without it');
            page.close();
        });
    });
}
