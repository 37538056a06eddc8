// apollo.mjs - Apollo Client 3 and 4 under one set of names: what differs between the two.
//
// SPDX-License-Identifier: MIT
import { createRequire } from 'node:module';

import * as client4 from '@apollo/client';
import * as errors4 from '@apollo/client/errors';
import * as utilities4 from '@apollo/client/utilities';

const require = createRequire(import.meta.url);
const client3 = require('apollo-client-3/core');
const utilities3 = require('apollo-client-3/utilities');

export const versions = {
    'Apollo Client 3': {
        ...client3,
        relayStylePagination: utilities3.relayStylePagination,
        errorsOf: (result) => result.errors,
        // Of an error that was thrown.
        graphqlErrorsOf: (error) => error.graphQLErrors,
        statusOf: (error) => error.networkError?.statusCode,
    },
    'Apollo Client 4': {
        ...client4,
        relayStylePagination: utilities4.relayStylePagination,
        errorsOf: (result) => result.error?.errors,
        graphqlErrorsOf: (error) => (errors4.CombinedGraphQLErrors.is(error) ? error.errors : []),
        statusOf: (error) => error.statusCode,
    },
};

// A client as docs/clients.md sets it up.
export function makeApollo(apollo, fetch, uri, headers = {}) {
    const { ApolloClient, HttpLink, InMemoryCache, relayStylePagination } = apollo;
    const cache = new InMemoryCache({
        typePolicies: {
            Query: { fields: { relayLinks: relayStylePagination(['search', 'url', 'description', 'orderBy']) } },
            LinkNode: { fields: { votes: relayStylePagination() } },
        },
    });
    return new ApolloClient({ link: new HttpLink({ uri, fetch, headers }), cache });
}
