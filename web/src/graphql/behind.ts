// behind.ts - the query behind the page: what somebody who is curious finds in GraphiQL.
//
// SPDX-License-Identifier: MIT
import { type AnyVariables, type DocumentInput, stringifyDocument } from '@urql/core';
import { createStore } from '../ui/store';

interface Behind {
    query: DocumentInput;
    variables: AnyVariables;
}

/** Of the page that is shown; null as long as it has asked for nothing. */
export const behind = createStore<Behind | null>(null);

/** For those who see GraphQL for the first time. */
function hints(query: string): string {
    const lines = ['What this page has asked for.', 'The round button runs it;', '"Explain" then shows the SQL.'];
    if (/\bme\b/.test(query)) {
        lines.push('"me" is who signs in at the left;', 'for nobody, null and an error.');
    }
    return lines.map((line) => `# ${line}\n`).join('');
}

/**
 * GraphiQL at the endpoint with this query (graphiql/src/address.ts).  In the fragment, which is
 * sent to nobody.  What the cache wants to know beside it is left out.
 */
export function graphiqlAddress(now: Behind | null): string {
    if (!now) {
        return 'graphql';
    }
    const query = stringifyDocument(now.query).replace(/\s__typename\b/g, '');
    const variables = JSON.stringify(now.variables ?? {}, null, 2);
    return `graphql#${new URLSearchParams({ query: `${hints(query)}${query}`, ...(variables !== '{}' && { variables }) })}`;
}
