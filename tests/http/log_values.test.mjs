// log_values.test.mjs - no log has a value that a client sent, or that a row has: Linnet's, nginx's, and
// PostgreSQL's as ./up sets it up.  ./check looks for some values in the logs of each of its servers, too.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, appendFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { as, goodPassword, makeUsers, mintExpired, signIn, signUp, unique } from './lib/accounts.mjs';
import { JSON_TYPE, post, postBody, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { patience, root, state } from './lib/environment.mjs';
import { logLines, until } from './lib/processes.mjs';

const look = (folder, ...values) => {
    const { status, stdout, stderr } = spawnSync(`${root}/tests/http/log-values`, [folder, ...values], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return { status, found: stdout };
};

suite('what is sent and what rows have', () => {
    // One mark in all that is made up here, and others that the server has made.
    const mark = unique('canary7f3a'), secrets = [mark];
    let session, ada;
    before(async () => {
        session = new Session();
        [ada] = await makeUsers(session, 1, { prefix: mark });
    });
    after(() => session.close());

    async function sendAll() {
        const password = `${mark} password`, name = `${mark}-name`;
        const link = 'mutation ($url: String!, $text: String!) { createLink(url: $url, description: $text) { id } }';
        const answers = [
            // Accounts: good, there already, wrong, too long.
            await signUp(name, password, `${mark}@example.com`),
            await signUp(name, password, `${mark}@example.com`),
            await signUp(`${mark}-other`, password, `${mark}@example.com`),
            await signUp(`${mark}-short`, 'a', `${mark}`),
            await signIn(name, `${password} wrong`),
            await signIn(`${mark}-nobody`, password),
            await signIn(name, 'x'.repeat(5000) + mark),
            await signIn(name, password),
        ];
        const { token, refreshToken } = answers.at(-1).json.data.tokenAuth;
        secrets.push(token, refreshToken);
        const expired = await mintExpired(ada);
        secrets.push(ada.token, expired);
        answers.push(
            // Tokens: good, ended, broken; in headers, cookies and variables.
            await post('{ me { username } }', {}, as(ada)),
            await post('{ me { username } }', {}, as(expired)),
            await post('{ me { username } }', {}, as(`${ada.token}x`)),
            await post('{ me { username } }', {}, as(mark)),
            await post('{ me { username } }', {}, { headers: { authorization: `${mark} ${mark}` } }),
            await post('{ me { username } }', {}, { headers: { cookie: `linnet-token=${ada.token}; other=${mark}` } }),
            await post('mutation ($t: String!) { verifyToken(token: $t) { payload } }', { t: ada.token }),
            await post('mutation ($t: String!) { verifyToken(token: $t) { payload } }', { t: mark }),
            await post('mutation ($t: String!) { refreshToken(refreshToken: $t) { token } }', { t: mark }),
            await post('mutation ($t: String!) { revokeToken(refreshToken: $t) { revoked } }', { t: refreshToken }),
            // Writes: good, refused by the function, of a type that does not fit, what PostgreSQL cannot keep.
            await post(link, { url: `https://${mark}.example/`, text: mark }, as(ada)),
            await post(link, { url: mark, text: mark }, as(ada)),
            await post(link, { url: `https://${mark}.example/`, text: `${mark}\u0000` }, as(ada)),
            await post(link, { url: `https://${mark}.example/${'x'.repeat(20000)}`, text: mark }, as(ada)),
            await post(link, { url: `https://${mark}.example/` }, as(ada)),
            await post(link, { url: { [mark]: mark }, text: [mark] }, as(ada)),
            await post('mutation { createVote(linkId: "999999999") { link { id } } }', {}, as(ada)),
            await post(`mutation { updateLink(id: "${mark}", url: "https://${mark}.example/") { link { id } } }`, {}, as(ada)),
            // Literals, names and documents that are refused.
            await post(`{ links(search: "${mark}") { url description } }`),
            await post('query ($s: String!) { links(search: $s) { url description } }', { s: mark }),
            await post('query ($s: Int!) { links(first: $s) { url } }', { s: mark }),
            await post(`{ ${mark.replaceAll('-', '_')} }`),
            await post(`{ links(first: "${mark}") { url } }`),
            await post(`{ links(search: "${mark}`),
            await post(`{ user(username: "${mark}") { id } node(id: "${mark}") { id } }`),
            await post('{ __typename }', {}, { operationName: mark }),
            await post(`{ relayLinks(first: 1, after: "${mark}") { edges { cursor } } }`),
            // Bodies, addresses and headers.
            await postBody(`{"query": "${mark}`),
            await postBody(mark, { 'content-type': `text/${mark}` }),
            await postBody(JSON.stringify({ query: '{ __typename }', documentId: mark, extensions: { [mark]: mark } })),
            await request({ method: 'GET', path: `/graphql?query=${encodeURIComponent(`{ links(search: "${mark}") { url } }`)}&variables=${mark}` }),
            await request({ method: 'GET', path: `/graphql?${mark}=${mark}` }),
            await post('{ __typename }', {}, { headers: { 'x-request-id': `${mark}!`, 'user-agent': mark, referer: `https://${mark}.example/`, origin: `https://${mark}.example` } }),
            await post('{ __typename }', {}, { headers: { 'idempotency-key': mark, accept: `${JSON_TYPE}; ${mark}=1`, traceparent: mark } }),
        );
        // Cursors: what a client gets, and sends.
        const page = await post('{ relayLinks(first: 2) { edges { cursor } } }');
        const [{ cursor }] = page.json.data.relayLinks.edges;
        secrets.push(cursor);
        answers.push(await post('query ($c: String) { relayLinks(first: 2, after: $c) { edges { cursor } } }', { c: cursor }));
        return answers.concat(page);
    }

    test('stand in no log', async () => {
        const lines = logLines().length;
        const size = statSync(`${state}/log/access.log`).size;
        const answers = await sendAll();
        // It was sent, and came back where it had to.
        assert.ok(answers.filter(({ text }) => text.includes(mark)).length > 5);
        assert.ok(new Set(answers.map(({ status }) => status)).size > 1);
        await until(
            () => logLines().slice(lines).filter(({ event }) => event === 'request').length >= answers.length - 2,
            5000 * patience, 'their lines',
        );
        await until(() => statSync(`${state}/log/access.log`).size > size + 100 * answers.length, 5000 * patience, "nginx's lines");
        assert.deepEqual(look(`${state}/log`, ...secrets), { status: 0, found: '' });
    });
});

suite('a value in a log is found', () => {
    let folder;
    before(() => {
        folder = mkdtempSync(`${tmpdir()}/linnet-log-values.`);
    });
    after(() => rmSync(folder, { recursive: true }));
    const copy = () => ['linnet', 'access', 'postgresql'].forEach((name) => copyFileSync(`${state}/log/${name}.log`, `${folder}/${name}.log`));
    const ours = '2026-01-01 00:00:00.000 UTC [1] linnet_login@linnet ', theirs = ours.replace('linnet_login', 'postgres');

    for (const [what, file, line] of [
        ['a password', 'linnet', `{"message":"no user has ${goodPassword}"}`],
        ['a mark', 'access', '{"path":"/graphql?query=canary7f3a"}'],
        ['a token', 'linnet', '{"message":"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"}'],
        ['a value that is named', 'linnet', '{"message":"a cursor: Zm9vYmFy"}'],
        ["a key of a row, in PostgreSQL's", 'postgresql', `${ours}DETAIL:  Key (url)=(canary7f3a) already exists.`],
        ['a line that goes on', 'postgresql', `${ours}STATEMENT:  SELECT\n\t'canary7f3a'`],
    ])
        test(what, () => {
            copy();
            assert.equal(look(folder, 'Zm9vYmFy').status, 0);
            appendFileSync(`${folder}/${file}.log`, `${line}\n`);
            const { status, found } = look(folder, 'Zm9vYmFy');
            assert.equal(status, 1);
            assert.match(found, new RegExp(`^${file}\\.log: \\d+:.*\n$`));
        });
    test("not what a test's own statement has", () => {
        copy();
        appendFileSync(`${folder}/postgresql.log`, `${theirs}STATEMENT:  SELECT\n\t'canary7f3a'\n`);
        assert.deepEqual(look(folder), { status: 0, found: '' });
    });
    test('a log that is not there has not been looked at', () => {
        copy();
        rmSync(`${folder}/access.log`);
        assert.equal(look(folder).status, 2);
    });
});
