// urql.mjs - urql with graphcache, on the Hacker News contract.
//
// SPDX-License-Identifier: MIT
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import { relayPagination } from '@urql/exchange-graphcache/extras';

import { readSchema } from './schema.mjs';
import { endpoint } from './targets.mjs';

// As docs/clients/urql.md sets it up; `isPersisted`: it asks by ids.
export function connectUrql(fetch, headers = {}, pagination = {}, { isPersisted } = {}) {
    const schema = readSchema();
    const url = endpoint;
    const embedded = () => null;
    const cache = cacheExchange({
        schema,
        keys: {
            PageInfo: embedded,
            LinkNodeConnection: embedded,
            LinkNodeEdge: embedded,
            VoteNodeConnection: embedded,
            VoteNodeEdge: embedded,
        },
        resolvers: { Query: { relayLinks: relayPagination(pagination) }, LinkNode: { votes: relayPagination() } },
        updates: {
            Mutation: {
                deleteLink: (result, args, cache) => cache.invalidate({ __typename: 'LinkNode', id: result.deleteLink.deletedId }),
            },
        },
    });
    const ids = persistedExchange({ enableForMutation: true, preferGetForPersistedQueries: false });
    const exchanges = isPersisted ? [cache, ids, fetchExchange] : [cache, fetchExchange];
    return new Client({ url, fetch, fetchOptions: { headers }, preferGetMethod: false, exchanges });
}
