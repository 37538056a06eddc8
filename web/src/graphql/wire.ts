// wire.ts - send a document to the server, and read its answer.
//
// Queries go by GET, mutations by POST, by the id of their document.  A server that does not
// know the documents of this site, as `linnet mock` may not, gets their texts from then on.
//
// SPDX-License-Identifier: MIT
import { type AnyVariables, type TypedDocumentNode, stringifyDocument } from '@urql/core';
import { endpoint } from '../router/base';
import { token } from '../session/viewer';
import { tabMemory } from '../ui/storage';
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

/** Whether the server has said that it does not know our documents. */
let sendsText = tabMemory.read('documents') === 'text';

/** codegen writes it beside the document. */
const documentId = (query: object) => (query as { __meta__?: { hash?: string } }).__meta__?.hash ?? '';

async function request<Data, Variables extends AnyVariables>(sent: Sent<Data, Variables>, signal: AbortSignal): Promise<Response> {
    const headers = requestHeaders();
    const held = token.get();
    if (held) {
        headers['authorization'] = `JWT ${held}`;
    }
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
    const response = await request(sent, signal);
    let answer: Answer<Data>;
    try {
        answer = (await response.json()) as Answer<Data>;
    } catch (error) {
        throw new Error(`The server has answered ${response.status}.`, { cause: error });
    }
    // (A server without persisted documents misses the text: BAD_REQUEST.)
    const said = codes(answer);
    if (!sendsText && (said.includes('DOCUMENT_NOT_FOUND') || said.includes('BAD_REQUEST'))) {
        sendsText = true;
        tabMemory.write('documents', 'text');
        return send(sent, signal);
    }
    return answer;
}
