// browser.test.mjs - cookie mode in a real browser: what a page's script can read, and what the pages
// of others can have sent.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { goodPassword, signUp, unique } from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import { openPage, pageLocation, sendFrom, serveSite } from './lib/browser.mjs';
import { plainNames, secureNames } from './lib/cookies.mjs';
import { quote, Session } from './lib/database.mjs';
import { isSanitized, sockets } from './lib/environment.mjs';
import { startNginx } from './lib/nginx.mjs';

const session = new Session();
after(() => session.close());

const me = '{ me { username } }';
const headers = { 'linnet-cookies': '1' };

suite('a browser', { skip: isSanitized && 'what it tests is not in the program' }, () => {
    let username, signIn;
    before(async () => {
        username = unique('browser');
        await signUp(username, goodPassword);
        signIn = `mutation { tokenAuth(username: "${username}", password: "${goodPassword}") { token refreshToken } }`;
    });

    // Our own page at that address, signed in.
    async function enter(origin) {
        const { context, page } = await openPage();
        await page.goto(`${origin}/page`);
        const answer = await sendFrom(page, '/graphql', signIn, { headers });
        assert.deepEqual(answer.json, { data: { tokenAuth: { token: '', refreshToken: '' } } });
        return { context, page };
    }

    for (const [scheme, isSecure, names] of [
        ['http', false, plainNames],
        ['https', true, secureNames],
    ])
        suite(`over ${scheme}`, () => {
            let nginx, origin, context, page;
            before(async () => {
                nginx = await startNginx({
                    socket: `${sockets}/linnet/linnet.sock`,
                    edits: [pageLocation],
                    isSecure,
                });
                origin = `${scheme}://localhost:${nginx.port}`;
                ({ context, page } = await enter(origin));
            });
            after(() => nginx.stop());

            const seen = async (options = { headers }) => (await sendFrom(page, '/graphql', me, options)).json.data.me;

            test('keeps the cookies, under their names', async () => {
                const cookies = (await context.cookies(`${origin}/graphql`)).toSorted((a, b) => (a.name < b.name ? 1 : -1));
                assert.deepEqual(cookies.map(({ name }) => name), [names.token, names.refresh]);
                for (const cookie of cookies) {
                    const { path, httpOnly, sameSite, secure } = cookie;
                    assert.deepEqual([path, httpOnly, sameSite, secure], ['/graphql', true, 'Strict', isSecure]);
                }
            });

            test('shows no cookie to a script, wherever it looks', async () => {
                assert.equal(await page.evaluate(() => document.cookie), '');
                await page.goto(`${origin}/graphql?query=${encodeURIComponent('{ __typename }')}`);
                assert.equal(await page.evaluate(() => document.cookie), '');
                await page.goto(`${origin}/page`);
                const { json } = await sendFrom(page, '/graphql', 'mutation { refreshToken { token refreshToken } }', { headers });
                assert.deepEqual(json, { data: { refreshToken: { token: '', refreshToken: null } } });
            });

            test('is signed in beside the header alone', async () => {
                assert.deepEqual(await seen(), { username });
                assert.equal(await seen({}), null);
                assert.equal(await seen({ headers, credentials: 'omit' }), null);
            });

            test('sends no cookie that a script has put in its place', async () => {
                await page.evaluate(([name]) => {
                    document.cookie = `${name}=mine; path=/graphql; secure`;
                }, [names.token]);
                assert.deepEqual(await seen(), { username });
                // Beside it, it is noticed.
                await page.evaluate(([name, more]) => {
                    document.cookie = `${name}=mine; path=/${more}`;
                }, [names.token, isSecure ? '; secure' : '']);
                assert.equal((await sendFrom(page, '/graphql', me, { headers })).status, 400);
                await context.clearCookies({ name: names.token, path: '/' });
                assert.deepEqual(await seen(), { username });
            });

            test('forgets the cookies when they are deleted', async () => {
                const { json } = await sendFrom(
                    page,
                    '/graphql',
                    'mutation { deleteRefreshTokenCookie { deleted } deleteTokenCookie { deleted } }',
                    { headers },
                );
                assert.deepEqual(json.data, { deleteRefreshTokenCookie: { deleted: true }, deleteTokenCookie: { deleted: true } });
                assert.deepEqual(await context.cookies(), []);
                assert.equal(await seen(), null);
            });
        });

    // 127.0.0.1 is another site than localhost; another port is the same site, and another origin.
    for (const [who, host] of [
        ['another site', '127.0.0.1'],
        ['a neighbour', 'localhost'],
    ])
        suite(`on a page of ${who}`, () => {
            let nginx, target, page;
            before(async () => {
                // Where pages of this machine may send requests, as in development.
                nginx = await startNginx({ socket: `${sockets}/linnet/linnet.sock`, edits: [pageLocation] });
                const origin = `http://localhost:${nginx.port}`;
                target = `${origin}/graphql`;
                const own = await enter(origin);
                page = await own.context.newPage();
                await page.goto(`http://${host}:${await serveSite()}/`);
                assert.deepEqual((await sendFrom(own.page, '/graphql', me, { headers })).json.data.me, { username });
            });
            after(() => nginx.stop());

            for (const credentials of ['include', 'same-origin'])
                test(`fetch with the header fails (${credentials})`, async () =>
                    assert.deepEqual(await sendFrom(page, target, me, { headers, credentials }), { error: 'TypeError' }));

            test('fetch with credentials fails', async () =>
                assert.deepEqual(await sendFrom(page, target, me, { credentials: 'include' }), { error: 'TypeError' }));

            test('fetch without them is nobody', async () =>
                assert.equal((await sendFrom(page, target, me)).json.data.me, null));

            test('what needs no preflight does nothing, and shows nothing', async () => {
                const u = freshUrl();
                const mutation = `mutation { createLink(url: "${u}") { id } }`;
                for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
                    const plain = { mode: 'no-cors', credentials: 'include', headers: { 'content-type': type } };
                    assert.equal((await sendFrom(page, target, mutation, plain)).json, null);
                }
                await page.evaluate(
                    async ([url, body]) => {
                        navigator.sendBeacon(url, body);
                        const image = new Image();
                        const isOver = new Promise((resolve) => (image.onerror = image.onload = resolve));
                        image.src = `${url}?query=${encodeURIComponent('{ me { username } }')}`;
                        await isOver;
                    },
                    [target, JSON.stringify({ query: mutation })],
                );
                // Last a form, which leaves the page.
                const [answer] = await Promise.all([
                    page.waitForNavigation(),
                    page.evaluate(
                        ([action, name]) => {
                            const form = document.body.appendChild(document.createElement('form'));
                            Object.assign(form, { action, method: 'post', enctype: 'text/plain' });
                            form.appendChild(Object.assign(document.createElement('input'), { name, value: '"}' }));
                            form.submit();
                        },
                        [target, `${JSON.stringify({ query: mutation }).slice(0, -1)},"x":"`],
                    ),
                ]);
                assert.equal(answer.status(), 415);
                assert.deepEqual(await session.rows(`SELECT FROM links WHERE url = ${quote(u)}`), []);
            });

            test('a link to the endpoint shows nothing of the user', async () => {
                await page.goto(`http://${host}:${await serveSite()}/`);
                const [answer] = await Promise.all([
                    page.waitForNavigation(),
                    page.evaluate(([url]) => {
                        location.href = url;
                    }, [`${target}?query=${encodeURIComponent(me)}`]),
                ]);
                assert.ok(!(await answer.text()).includes(username));
            });
        });
});
