// address.ts - what all requests have in common, also the early one: how a query is asked for by the
// id of its document, and how long its answer may take.
//
// early.ts and wire.ts must make the same address, letter by letter.
//
// SPDX-License-Identifier: MIT

/** In milliseconds: an answer that takes longer is lost.  The server's own bound is 30 s. */
export const PATIENCE = 40_000;

export function queryAddress(endpoint: string, documentId: string, variables: object): string {
    return `${endpoint}?${new URLSearchParams({ documentId, variables: JSON.stringify(variables) })}`;
}

/**
 * Headers of all requests.  Tokens are cookies, which count over https and on the same machine.
 * Elsewhere browsers do not say whose page asks (Sec-Fetch-Site), and a GET is answered only with a
 * header that pages of other sites cannot send.
 */
export function requestHeaders(): Record<string, string> {
    return {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(isSecureContext ? { 'linnet-cookies': '1' } : { 'graphql-require-preflight': '1' }),
    };
}
