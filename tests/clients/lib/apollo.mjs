// apollo.mjs - Apollo Client 3 and 4 under one set of names: what differs between the two.
//
// SPDX-License-Identifier: MIT
import { createRequire } from 'node:module';

import * as client4 from '@apollo/client';
import * as errors4 from '@apollo/client/errors';
import * as persisted4 from '@apollo/client/link/persisted-queries';
import * as utilities4 from '@apollo/client/utilities';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';

const require = createRequire(import.meta.url);
const client3 = require('apollo-client-3/core');
const persisted3 = require('apollo-client-3/link/persisted-queries');
const utilities3 = require('apollo-client-3/utilities');

export const versions = {
    'Apollo Client 3': {
        ...client3,
        relayStylePagination: utilities3.relayStylePagination,
        makePersistedLink: persisted3.createPersistedQueryLink,
        errorsOf: (result) => result.errors,
        // Of an error that was thrown.
        graphqlErrorsOf: (error) => error.graphQLErrors,
        statusOf: (error) => error.networkError?.statusCode,
    },
    'Apollo Client 4': {
        ...client4,
        relayStylePagination: utilities4.relayStylePagination,
        makePersistedLink: (options) => new persisted4.PersistedQueryLink(options),
        errorsOf: (result) => result.error?.errors,
        graphqlErrorsOf: (error) => (errors4.CombinedGraphQLErrors.is(error) ? error.errors : []),
        statusOf: (error) => error.statusCode,
    },
};

// A client as docs/clients/apollo.md sets it up; with a manifest it asks by ids.
export function makeApollo(apollo, fetch, uri, headers = {}, { manifest } = {}) {
    const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, makePersistedLink, relayStylePagination } = apollo;
    const cache = new InMemoryCache({
        typePolicies: {
            Query: { fields: { relayLinks: relayStylePagination(['search', 'url', 'description', 'orderBy']) } },
            LinkNode: { fields: { votes: relayStylePagination() } },
        },
    });
    const http = new HttpLink({ uri, fetch, headers });
    if (!manifest) return new ApolloClient({ link: http, cache });
    const ids = makePersistedLink({
        ...generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest }),
        disable: ({ meta }) => meta.persistedQueryNotSupported,
    });
    return new ApolloClient({ link: ApolloLink.from([ids, http]), cache });
}
