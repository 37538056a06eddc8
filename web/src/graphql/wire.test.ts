// wire.test.ts - see wire
//
// SPDX-License-Identifier: MIT
import { beforeEach, expect, test, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('isSecureContext', true);

/** A server: the requests, and what it answers to each in turn. */
let requests: { method: string; by: 'id' | 'text' }[];
let keys: (string | undefined)[];
let answers: object[];
interface Asked {
    method?: string;
    body?: string;
    headers?: Record<string, string>;
}
vi.stubGlobal('fetch', async (address: string, { method = 'GET', body = '{}', headers = {} }: Asked) => {
    const isById = address.includes('documentId=') || 'documentId' in (JSON.parse(body) as object);
    requests.push({ method, by: isById ? 'id' : 'text' });
    keys.push(headers['idempotency-key']);
    return { status: 200, json: async () => answers.shift() };
});
const { send } = await import('./wire');
const { LinksDocument, ViewerDocument } = await import('../gql/graphql');

const { signal } = new AbortController();
const refused = (code: string) => ({ errors: [{ message: code, extensions: { code } }] });
const ask = (query: typeof ViewerDocument = ViewerDocument) => send({ query, variables: {}, isMutation: false }, signal);

beforeEach(() => {
    requests = [];
    keys = [];
});

test('where only other documents are answered, the server is asked by the id again', async () => {
    answers = [refused('DOCUMENT_NOT_FOUND'), refused('FORBIDDEN'), { data: { me: null } }];
    expect(await ask()).toEqual(refused('DOCUMENT_NOT_FOUND'));
    expect(await ask()).toEqual({ data: { me: null } });
    expect(requests.map(({ by }) => by)).toEqual(['id', 'text', 'id']);
});

test('a document that the server does not know is sent as text from then on, and others by their ids', async () => {
    answers = [refused('DOCUMENT_NOT_FOUND'), { data: { me: null } }, { data: { me: null } }, { data: {} }];
    expect(await ask()).toEqual({ data: { me: null } });
    await ask();
    await send({ query: LinksDocument, variables: {}, isMutation: false }, signal);
    expect(requests).toEqual([
        { method: 'GET', by: 'id' },
        { method: 'POST', by: 'text' },
        { method: 'POST', by: 'text' },
        { method: 'GET', by: 'id' },
    ]);
});

test('a mutation has its key each time, and others have none', async () => {
    const { CreateLinkDocument } = await import('../gql/graphql');
    answers = [refused('DOCUMENT_NOT_FOUND'), { data: {} }, { data: {} }];
    const variables = { url: 'https://example.com/', description: '' };
    await send({ query: CreateLinkDocument, variables, isMutation: true, idempotencyKey: 'k' }, signal);
    await send({ query: CreateLinkDocument, variables, isMutation: true }, signal);
    expect(keys).toEqual(['k', 'k', undefined]);
});
