// csrf.test.mjs - what a page of another site can make its visitor's browser send: none of it
// is executed.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { mint, makeUsers } from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import { assertRefused, GRAPHQL_TYPE, JSON_TYPE, request } from './lib/client.mjs';
import { quote, rows, Session } from './lib/database.mjs';
import { url } from './lib/environment.mjs';

const session = new Session();
after(() => session.close());

suite('POST', () => {
    let token;
    before(async () => {
        token = await mint((await makeUsers(session, 1))[0]);
    });

    // What forms, beacons and no-cors fetches may send without a preflight.
    const simple = [
        undefined,
        'text/plain',
        'text/plain; application/json',
        'text/plain;charset=UTF-8',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded; application/json',
        '',
    ];
    for (const type of simple) {
        test(`with ${type} is refused, and does nothing`, async () => {
            const u = freshUrl();
            const query = `mutation { createLink(url: "${u}") { id } }`;
            for (const body of [
                JSON.stringify({ query }),
                new URLSearchParams({ query }).toString(),
                `--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n${query}\r\n--x--\r\n`,
                `{"query":${JSON.stringify(query)},"x":"="}`,
            ]) {
                const answer = await request({
                    body,
                    headers: {
                        ...(type !== undefined && { 'content-type': type }),
                        'content-length': Buffer.byteLength(body),
                        origin: 'https://evil.example',
                        'sec-fetch-site': 'cross-site',
                        'sec-fetch-mode': 'no-cors',
                        authorization: `JWT ${token}`,
                    },
                });
                assertRefused(answer, 415, 'BAD_REQUEST');
            }
            assert.deepEqual(await rows(`SELECT FROM links WHERE url = ${quote(u)}`), []);
        });
    }

    test('in the query string is not an operation', async () => {
        const u = freshUrl();
        const answer = await request({
            path: `${url.pathname}?${new URLSearchParams({ query: `mutation { createLink(url: "${u}") { id } }` })}`,
            body: '',
            headers: {
                'content-length': 0,
                'content-type': JSON_TYPE,
                authorization: `JWT ${token}`,
            },
        });
        assertRefused(answer, 400, 'BAD_REQUEST');
        assert.deepEqual(await rows(`SELECT FROM links WHERE url = ${quote(u)}`), []);
    });
});

// (An answer that is public may be there already, for whoever asks: docs/caching.md.  This one is not.)
suite('GET', () => {
    const get = (headers, query = '{ link(id: 910011) { id viewerHasVoted } }') =>
        request({
            method: 'GET',
            path: `${url.pathname}?${new URLSearchParams({ query })}`,
            headers,
        });

    const allowed = {
        'by no browser': {},
        'by a person, who typed it': { 'sec-fetch-site': 'none' },
        'by our own page': { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' },
        'with the header that needs a preflight': {
            'sec-fetch-site': 'cross-site',
            origin: 'https://evil.example',
            'graphql-require-preflight': '1',
        },
        'by a page of a site that is allowed': {
            'sec-fetch-site': 'same-site',
            origin: 'http://localhost:3000',
        },
    };
    for (const [who, headers] of Object.entries(allowed)) {
        test(`${who} is answered`, async () => {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
                const answer = await get({ accept, ...headers });
                assert.equal(answer.status, 200, answer.text);
                assert.deepEqual(answer.json, { data: { link: { id: '910011', viewerHasVoted: false } } });
            }
        });
    }

    const refused = {
        'an image of another site': {
            'sec-fetch-site': 'cross-site',
            'sec-fetch-mode': 'no-cors',
            'sec-fetch-dest': 'image',
        },
        'a script of another site': {
            'sec-fetch-site': 'cross-site',
            'sec-fetch-dest': 'script',
            referer: 'https://evil.example/',
        },
        'a page of a neighbour': {
            'sec-fetch-site': 'same-site',
            origin: 'https://neighbour.example',
        },
        'a fetch of another site': {
            'sec-fetch-site': 'cross-site',
            origin: 'https://evil.example',
        },
        'an unknown relation': { 'sec-fetch-site': 'friends' },
        'an empty relation': { 'sec-fetch-site': '' },
        'a browser from before Sec-Fetch-Site': { referer: 'https://evil.example/page' },
        'a fetch of such a browser': { origin: 'https://evil.example' },
        'a page without an origin': { origin: 'null' },
        'a type that makes a preflight look needless': {
            'sec-fetch-site': 'cross-site',
            'content-type': 'application/json',
        },
        'a form': {
            'sec-fetch-site': 'cross-site',
            'sec-fetch-mode': 'navigate',
            'content-type': 'application/x-www-form-urlencoded',
        },
    };
    for (const [who, headers] of Object.entries(refused)) {
        test(`by ${who} is refused`, async () => {
            for (const accept of [JSON_TYPE, GRAPHQL_TYPE])
                assertRefused(await get({ accept, ...headers }), 403, 'FORBIDDEN');
        });
    }

    test('is refused before the document is looked at', async () => {
        for (const query of [
            '{',
            '{ nothing }',
            '{ me { id } }',
            'mutation { deleteLink(id: 910011) { id } }',
        ])
            assertRefused(await get({ 'sec-fetch-site': 'cross-site' }, query), 403, 'FORBIDDEN');
    });
});
