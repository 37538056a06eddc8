// urql.mjs - urql with graphcache, on the Hacker News contract.
//
// SPDX-License-Identifier: MIT
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

import { readSchema } from './schema.mjs';
import { endpoint } from './targets.mjs';

// As docs/clients.md sets it up. With the schema graphcache knows which fields may be null, and which types are Nodes.
const keyless = Object.fromEntries(
    ['CreateLink', 'CreateVote', 'DeleteLink', 'RelayCreateLinkPayload', 'LinkNodeConnection', 'LinkNodeEdge', 'VoteNodeConnection', 'VoteNodeEdge', 'PageInfo']
        .map((name) => [name, () => null]));
export function connectUrql(fetch, headers = {}, options = {}) {
    return new Client({
        url: endpoint,
        fetch,
        fetchOptions: { headers },
        preferGetMethod: false,
        exchanges: [
            cacheExchange({
                schema: readSchema(),
                keys: keyless,
                resolvers: { Query: { relayLinks: relayPagination(options) } },
                updates: {
                    Mutation: {
                        deleteLink: ({ deleteLink }, args, cache) => cache.invalidate({ __typename: 'LinkNode', id: deleteLink.deletedId }),
                    },
                },
            }),
            fetchExchange,
        ],
    });
}
