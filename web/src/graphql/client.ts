// client.ts - the GraphQL client: urql with its normalised cache, and our transport.
//
// SPDX-License-Identifier: MIT
import { Client } from '@urql/core';
import { type Cache, cacheExchange } from '@urql/exchange-graphcache';
import { endpoint } from '../router/base';
import { createStore } from '../ui/store';
import { transportExchange } from './transport';

// These have no id, and are kept within the object that shows them.
const embedded = () => null;

/** After a vote the list of those who voted is another one. */
function forgetVoters(payload: unknown, cache: Cache): void {
    const id = (payload as { linkNode?: { id?: string } | null } | null)?.linkNode?.id;
    const link = id ? { __typename: 'LinkNode', id } : null;
    for (const field of link ? cache.inspectFields(link) : []) {
        if (field.fieldName === 'votes') {
            cache.invalidate(link, field.fieldName, field.arguments);
        }
    }
}

function createClient(): Client {
    return new Client({
        url: endpoint,
        exchanges: [
            cacheExchange({
                keys: {
                    PageInfo: embedded,
                    LinkNodeConnection: embedded,
                    LinkNodeEdge: embedded,
                    VoteNodeConnection: embedded,
                    VoteNodeEdge: embedded,
                },
                updates: {
                    Mutation: {
                        createVote: (result, _variables, cache) => forgetVoters(result['createVote'], cache),
                        deleteVote: (result, _variables, cache) => forgetVoters(result['deleteVote'], cache),
                        // Lists that show it ask again.
                        deleteLink(result, _variables, cache) {
                            const { deletedId, id } = (result.deleteLink ?? {}) as { deletedId?: string; id?: string };
                            if (deletedId && id) {
                                cache.invalidate({ __typename: 'LinkNode', id: deletedId });
                                cache.invalidate({ __typename: 'Link', id });
                            }
                        },
                        revokeSession(result, _variables, cache) {
                            const { id } = (result.revokeSession ?? {}) as { id?: string };
                            if (id) {
                                cache.invalidate({ __typename: 'Session', id });
                            }
                        },
                    },
                },
            }),
            transportExchange,
        ],
    });
}

/** A new one for each viewer: what one has seen, another does not. */
export const client = createStore(createClient());

export function resetClient(): void {
    client.set(createClient());
}
