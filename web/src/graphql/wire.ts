// wire.ts - send a document to the server, and read its answer.
//
// Queries go by GET, mutations and what is too long by POST, by the id of their document.  A server
// that does not know a document gets its text: it may have no documents at all, or those of a newer
// or older site, while one is being installed.
//
// SPDX-License-Identifier: MIT
import { type AnyVariables, type TypedDocumentNode, stringifyDocument } from '@urql/core';
import { endpoint } from '../router/base';
import { tokens } from '../session/viewer';
import { queryAddress, requestHeaders } from './address';

export interface AnswerError {
    message: string;
    path?: (string | number)[];
    extensions?: { code?: string };
}
export interface Answer<Data = Record<string, unknown>> {
    data?: Data | null;
    errors?: AnswerError[];
}
export interface Sent<Data, Variables extends AnyVariables> {
    query: TypedDocumentNode<Data, Variables>;
    variables: Variables;
    isMutation: boolean;
    /** With it the mutation may be sent again, and is done once. */
    idempotencyKey?: string | undefined;
}

export const codes = (answer: Answer<unknown>) => answer.errors?.map((error) => error.extensions?.code) ?? [];

/** The documents that the server has not known, while the page is open. */
const unknown = new Set<object>();

/** codegen writes it beside the document. */
const documentId = (query: object) => (query as { __meta__?: { hash?: string } }).__meta__?.hash ?? '';

/** Web servers take 8 KiB with all around it. */
const LONGEST_ADDRESS = 4096;

async function request<Data, Variables extends AnyVariables>(
    sent: Sent<Data, Variables>,
    signal: AbortSignal,
    byText: boolean,
): Promise<Response> {
    const headers = requestHeaders();
    const held = tokens.get();
    if (held) {
        headers['authorization'] = `JWT ${held.access}`;
    }
    if (sent.idempotencyKey) {
        headers['idempotency-key'] = sent.idempotencyKey;
    }
    const address = queryAddress(endpoint, documentId(sent.query), sent.variables ?? {});
    if (!sent.isMutation && !byText && address.length <= LONGEST_ADDRESS) {
        const early = globalThis.linnetEarly;
        globalThis.linnetEarly = undefined;
        if (early?.address === address && !held) {
            return early.response;
        }
        return fetch(address, { headers, signal });
    }
    const document = byText ? { query: stringifyDocument(sent.query) } : { documentId: documentId(sent.query) };
    return fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ ...document, variables: sent.variables }),
        signal,
    });
}

async function exchange<Data, Variables extends AnyVariables>(
    sent: Sent<Data, Variables>,
    signal: AbortSignal,
    byText: boolean,
): Promise<Answer<Data>> {
    const response = await request(sent, signal, byText);
    try {
        return (await response.json()) as Answer<Data>;
    } catch (error) {
        throw new Error(`The server has answered ${response.status}.`, { cause: error });
    }
}

/** Throws if there is no answer, or none of a GraphQL server. */
export async function send<Data, Variables extends AnyVariables>(
    sent: Sent<Data, Variables>,
    signal: AbortSignal,
): Promise<Answer<Data>> {
    const byText = unknown.has(sent.query);
    const answer = await exchange(sent, signal, byText);
    const says = (one: Answer<Data>, ...some: string[]) => codes(one).some((code) => code && some.includes(code));
    // (A server without persisted documents misses the text: BAD_REQUEST.)
    if (byText || !says(answer, 'DOCUMENT_NOT_FOUND', 'BAD_REQUEST')) {
        return answer;
    }
    const other = await exchange(sent, signal, true);
    // Where texts are forbidden, ids are all that works: soon the server may know this one.
    if (!other.data && says(other, 'FORBIDDEN')) {
        return answer;
    }
    // Where the text is refused as well, it was not for the id: an address such as `?q=%00`, say.
    if (!says(other, 'BAD_REQUEST')) {
        unknown.add(sent.query);
    }
    return other;
}
