// targets.mjs - who the clients ask: linnet mock, and the real server. Both serve the Hacker News contract.
//
// Every client here takes a function like fetch(), which is what a target is made of.
//
// SPDX-License-Identifier: MIT
import path from 'node:path';

import { makeUsers } from '../../http/lib/accounts.mjs';
import { Session } from '../../http/lib/database.mjs';
import { root, url } from '../../http/lib/environment.mjs';
import { mock, serve } from '../../http/lib/processes.mjs';

export const endpoint = url.href;
export const contract = path.join(root, 'sql/schema.graphql');

// fetch() for a server without nginx: the request goes to its socket.
export const fetchBy = (server) => async (target, { method = 'GET', headers, body } = {}) => {
    const sent = new Headers(headers);
    const parameters = { REQUEST_METHOD: method, QUERY_STRING: new URL(target).search.slice(1), CONTENT_TYPE: sent.get('content-type') };
    for (const name of ['accept', 'authorization'])
        if (sent.has(name)) parameters[`HTTP_${name.toUpperCase()}`] = sent.get(name);
    const answer = await server.request({ parameters, body });
    const { status, ...rest } = answer.headers;
    return new Response(answer.body, { status: answer.status, headers: rest });
};

// What a client has sent and got, as `calls`: {headers, body, type, status, json}.
export function recorded(fetch) {
    const calls = [];
    const record = async (target, options) => {
        const response = await fetch(target, options);
        const copy = response.clone();
        calls.push({
            headers: new Headers(options.headers),
            body: options.body && JSON.parse(options.body),
            type: response.headers.get('content-type'),
            status: response.status,
            json: await copy.json(),
        });
        return response;
    };
    return { fetch: record, calls };
}

async function openMock() {
    const server = await mock('--workers', '1', '--contract', contract, '--mode', 'development');
    return { name: 'mock', isMock: true, fetch: fetchBy(server), people: [{ token: 'x' }, { token: 'x' }], close: () => server.stop() };
}

async function openReal() {
    const session = new Session();
    const people = await makeUsers(session, 2, { prefix: 'clients' });
    return { name: 'server', isMock: false, fetch, people, session, close: () => session.close() };
}

export const targets = { mock: openMock, server: openReal };

// A server of another contract, on the tests' database or on none.
export async function openContract(file, { isMock, options = [] } = {}) {
    const server = await (isMock ? mock : serve)('--workers', '1', '--contract', file, '--mode', 'development', ...options);
    return { fetch: fetchBy(server), close: () => server.stop() };
}

// Asks a target without any client: what the clients' answers are held against.
export async function ask(target, query, variables, headers = {}) {
    const response = await target.fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
}

export const signedInAs = (person) => ({ authorization: `JWT ${person.token}` });
