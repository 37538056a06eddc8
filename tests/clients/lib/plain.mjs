// plain.mjs - fetch(), and no client.
//
// SPDX-License-Identifier: MIT

// A function that asks: {data, errors} as the server says it. What is no answer of GraphQL's is thrown.
export const makeAsk = (url, fetch = globalThis.fetch) => async (query, variables, operationName) => {
    const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query, variables, operationName }),
    });
    if (!/^application\/(graphql-response\+)?json\b/.test(response.headers.get('content-type')))
        throw new Error(`${url}: ${response.status}`);
    const { data = null, errors = [] } = await response.json();
    return { data, errors };
};

// All nodes of a connection, page by page: `connect` finds it in the data.
export async function* walk(ask, query, variables, connect) {
    for (let after = null, hasNextPage = true; hasNextPage;) {
        const { data, errors } = await ask(query, { ...variables, after });
        if (errors.length > 0) throw new AggregateError(errors, errors[0].message);
        const { edges, pageInfo } = connect(data);
        yield* edges.map(({ node }) => node);
        ({ hasNextPage, endCursor: after } = pageInfo);
    }
}
