// documents.mjs - trusted documents, and a server that has them: what the tests of them share.
//
// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before } from 'node:test';

import { asParameters, makeUsers } from './accounts.mjs';
import { JSON_TYPE } from './client.mjs';
import { Session } from './database.mjs';
import { patience, program, state } from './environment.mjs';
import { serve, until } from './processes.mjs';

export const hash = (text, kind = 'sha256') => createHash(kind).update(text).digest('hex');

// The documents, by the names of their operations.
export const texts = {
    Front: 'query Front($first: Int = 2) { links(first: $first) { id url } }',
    One: 'query One($id: ID!) { link(id: $id) { id } }',
    Create: 'mutation Create($url: String!) { createLink(url: $url) { id url } }',
    SignIn: 'mutation SignIn($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token } }',
    Both: 'query A { links(first: 1) { id } } query B { users(first: 1) { id } }',
    Up: '{ users(first: 0) { id } }', // by which a server is found to answer
};
export const idOf = (name) => `sha256:${hash(texts[name])}`;

// A document that is none of them.
export const foreign = '{ links(first: 1) { url } }';

const folder = mkdtempSync(`${tmpdir()}/linnet-documents.`);
chmodSync(folder, 0o755);
export const at = (name) => `${folder}/${name}`;
export const write = (name, content) =>
    writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
export const writeMap = (name, which = Object.keys(texts)) =>
    write(name, Object.fromEntries(which.map((each) => [hash(texts[each]), texts[each]])));

export const production = ['--workers', '1', '--mode', 'production'];

// A server with all of them, in map.json; and people.
export let server, ada, staff;
let session;
before(async () => {
    session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'documents' });
    [staff] = await makeUsers(session, 1, { prefix: 'documents', role: 'staff' });
    writeMap('map.json');
    server = await serve(...production, '--documents', at('map.json'));
});
after(async () => {
    session.close();
    await server.stop();
    rmSync(folder, { recursive: true });
});

// Sends the body, or with GET its members as parameters.
export function send(body, { to = server, method = 'POST', accept = JSON_TYPE, user, parameters = {} } = {}) {
    const common = { HTTP_ACCEPT: accept, ...asParameters(user), ...parameters };
    if (method === 'POST') return to.request({ body: JSON.stringify(body), parameters: common });
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(body))
        if (value !== undefined) query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    return to.request({
        method,
        parameters: { CONTENT_TYPE: null, CONTENT_LENGTH: null, QUERY_STRING: String(query), ...common },
    });
}

// A body as Apollo's clients send it.
export const apollo = (sha256Hash, more = {}) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash } },
    ...more,
});

// The log's lines of an event, once there is one for which `is` holds.
export function logged(to, event, is = () => true) {
    const lines = () =>
        to.log
            .split('\n')
            .filter((line) => line.startsWith('{') && line.endsWith('}'))
            .map((line) => JSON.parse(line))
            .filter((line) => line.event === event && is(line));
    return until(() => lines().length > 0 && lines(), 5000 * patience, `a line of the event ${event}`);
}

// Runs a command of the program; { status, stdout, stderr }.
export const run = (...words) =>
    spawnSync(program, [...words, '--config', `${state}/linnet.conf`], { cwd: state, encoding: 'utf8' });
export const check = (documents, ...options) => run('check', '--offline', '--documents', documents, ...options);
