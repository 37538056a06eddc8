// clients.mjs - the clients under one name: each asks one of documents/account.graphql, and tells {data, errors} as the
// page of docs/clients that is about it says.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { ClientError, GraphQLClient } from 'graphql-request';
import { parse, print } from 'graphql';
import relay from 'relay-runtime';

import { makeApollo, versions } from './apollo.mjs';
import { makeAsk } from './plain.mjs';
import { compile, makeEnvironment } from './relay.mjs';
import { endpoint } from './targets.mjs';
import { connectUrql } from './urql.mjs';

export const documentsFile = path.join(import.meta.dirname, '../documents/account.graphql');

// By name: {node: a document of that operation alone, text}.
export const documents = Object.fromEntries(
    parse(readFileSync(documentsFile, 'utf8'), { noLocation: true }).definitions.map((definition) => {
        const node = { kind: 'Document', definitions: [definition] };
        return [definition.name.value, { node, text: print(node), isMutation: definition.operation === 'mutation' }];
    }),
);

const settle = (promise, errorsOf) => promise.catch((error) => ({ data: null, errors: errorsOf(error) }));

function connectFetch(fetch) {
    const ask = makeAsk(endpoint, fetch);
    return (name, variables) => ask(documents[name].text, variables);
}

function connectGraphqlRequest(fetch) {
    const client = new GraphQLClient(endpoint, { fetch, errorPolicy: 'all' });
    return async (name, variables) => {
        const { data, errors = [] } = await settle(client.rawRequest(documents[name].text, variables), (error) => {
            if (error instanceof ClientError) return error.response.errors;
            throw error;
        });
        return { data, errors };
    };
}

const connectApollo = (version) => (fetch) => {
    const apollo = versions[version];
    const client = makeApollo(apollo, fetch, endpoint);
    return async (name, variables) => {
        const { node, isMutation } = documents[name];
        const options = { variables, errorPolicy: 'all', fetchPolicy: isMutation ? 'no-cache' : 'network-only' };
        const result = await settle(
            isMutation ? client.mutate({ mutation: node, ...options }) : client.query({ query: node, ...options }),
            apollo.graphqlErrorsOf,
        );
        return { data: result.data ?? null, errors: apollo.errorsOf(result) ?? result.errors ?? [] };
    };
};

function connectUrqlClient(fetch) {
    const client = connectUrql(fetch);
    return async (name, variables = {}) => {
        const { node, isMutation } = documents[name];
        const source = isMutation ? client.mutation(node, variables) : client.query(node, variables, { requestPolicy: 'network-only' });
        const { data, error } = await source.toPromise();
        if (error?.networkError) throw error;
        return { data: data ?? null, errors: error?.graphQLErrors ?? [] };
    };
}

let compiled;
const artifact = (name) => (compiled ??= compile('relay')).artifact(name);
process.on('exit', () => compiled?.remove());

function connectRelay(fetch) {
    const environment = makeEnvironment({ fetch });
    const query = (name, variables) => settle(
        relay.fetchQuery(environment, artifact(name), variables, { fetchPolicy: 'network-only' }).toPromise().then((data) => ({ data, errors: [] })),
        relayErrorsOf,
    );
    const mutate = (name, variables) => new Promise((resolve, reject) =>
        relay.commitMutation(environment, {
            mutation: artifact(name),
            variables,
            onCompleted: (data, errors) => resolve({ data, errors: errors ?? [] }),
            onError: (error) => (error.source ? resolve({ data: null, errors: error.source.errors }) : reject(error)),
        }));
    return (name, variables = {}) => (documents[name].isMutation ? mutate : query)(name, variables);
}

const relayErrorsOf = (error) => {
    if (error.source) return error.source.errors;
    throw error;
};

// connect(fetch) gives a function that asks.
export const clients = {
    'fetch': connectFetch,
    'graphql-request': connectGraphqlRequest,
    'Apollo Client 3': connectApollo('Apollo Client 3'),
    'Apollo Client 4': connectApollo('Apollo Client 4'),
    'urql': connectUrqlClient,
    'Relay': connectRelay,
};
