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

// A client as docs/clients.md sets it up. A Link, a User and their kin are told apart by type and id, which is what
// Apollo does unless told otherwise.
export function makeApollo(apollo, fetch, uri, headers = {}) {
    return new apollo.ApolloClient({
        link: new apollo.HttpLink({ uri, fetch, headers }),
        cache: new apollo.InMemoryCache({
            typePolicies: {
                Query: { fields: { relayLinks: apollo.relayStylePagination(['search', 'url', 'description', 'orderBy']) } },
                LinkNode: { fields: { votes: apollo.relayStylePagination() } },
            },
        }),
    });
}
