// persisted.mjs - documents asked for by their ids, for any client that takes a function like fetch().
//
// SPDX-License-Identifier: MIT

// `documents` are those that GraphQL Code Generator has made as texts. Each goes as its id; where the server does not
// know it, or has no documents, the text goes after all, then and from now on.
export function persisted(fetch, documents) {
    const ids = new Map(documents.map((document) => [String(document), document.__meta__.hash]));
    let isKnown = true;
    return async (url, options) => {
        const { query, ...rest } = options.body ? JSON.parse(options.body) : {};
        const documentId = ids.get(query);
        if (!documentId || !isKnown) return fetch(url, options);
        const response = await fetch(url, { ...options, body: JSON.stringify({ ...rest, documentId }) });
        const { errors = [] } = await response.clone().json().catch(() => ({}));
        isKnown = !errors.some(({ extensions }) => extensions?.code === 'DOCUMENT_NOT_FOUND');
        return isKnown ? response : fetch(url, options);
    };
}
