// wire.ts - send a document to the server, and read its answer.
//
// Queries go by GET, mutations by POST, by the id of their document.  A server that does not
// know a document gets its text: it may have no documents at all, or those of a newer or older
// site, while one is being installed.
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
}

export const codes = (answer: Answer<unknown>) => answer.errors?.map((error) => error.extensions?.code) ?? [];

/** In milliseconds: an answer that takes longer is lost.  The server's own bound is 30 s. */
export const PATIENCE = 40_000;

/** The documents that the server has not known, while the page is open. */
const unknown = new Set<object>();

/** codegen writes it beside the document. */
const documentId = (query: object) => (query as { __meta__?: { hash?: string } }).__meta__?.hash ?? '';

async function request<Data, Variables extends AnyVariables>(sent: Sent<Data, Variables>, signal: AbortSignal): Promise<Response> {
    const headers = requestHeaders();
    const held = tokens.get();
    if (held) {
        headers['authorization'] = `JWT ${held.access}`;
    }
    const sendsText = unknown.has(sent.query);
    if (!sent.isMutation && !sendsText) {
        const address = queryAddress(endpoint, documentId(sent.query), sent.variables ?? {});
        const early = globalThis.linnetEarly;
        globalThis.linnetEarly = undefined;
        if (early?.address === address && !held) {
            return early.response;
        }
        return fetch(address, { headers, signal });
    }
    const document = sendsText ? { query: stringifyDocument(sent.query) } : { documentId: documentId(sent.query) };
    return fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ ...document, variables: sent.variables }),
        signal,
    });
}

/** Throws if there is no answer, or none of a GraphQL server. */
export async function send<Data, Variables extends AnyVariables>(
    sent: Sent<Data, Variables>,
    signal: AbortSignal,
): Promise<Answer<Data>> {
    const answer = await read<Data>(await request(sent, signal));
    // (A server without persisted documents misses the text: BAD_REQUEST.)
    const said = codes(answer);
    if (unknown.has(sent.query) || !(said.includes('DOCUMENT_NOT_FOUND') || said.includes('BAD_REQUEST'))) {
        return answer;
    }
    unknown.add(sent.query);
    const answerToText = await read<Data>(await request(sent, signal));
    if (!answerToText.data && codes(answerToText).includes('FORBIDDEN')) {
        // It answers the documents that it knows and nothing else: soon it may know this one.
        unknown.delete(sent.query);
        return answer;
    }
    return answerToText;
}

async function read<Data>(response: Response): Promise<Answer<Data>> {
    try {
        return (await response.json()) as Answer<Data>;
    } catch (error) {
        throw new Error(`The server has answered ${response.status}.`, { cause: error });
    }
}
