// clients.mjs - the clients under one name: each asks a document of tests/clients/documents by its name, and tells {data, errors} as the
// page of docs/clients that is about it says.
//
// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ClientError, GraphQLClient } from 'graphql-request';
import { parse, print } from 'graphql';
import relay from 'relay-runtime';

import { makeApollo, versions } from './apollo.mjs';
import { makeAsk } from './plain.mjs';
import { compile, makeEnvironment } from './relay.mjs';
import { endpoint } from './targets.mjs';
import { connectUrql } from './urql.mjs';

const folder = path.join(import.meta.dirname, '../documents');

// By name: {node, text, isMutation}.
export const documents = Object.fromEntries(
    readdirSync(folder).map((file) => {
        const node = parse(readFileSync(`${folder}/${file}`, 'utf8'), { noLocation: true });
        const [{ name, operation }] = node.definitions;
        return [name.value, { node, text: print(node), isMutation: operation === 'mutation' }];
    }),
);

const settle = (promise, errorsOf) => promise.catch((error) => ({ data: null, errors: errorsOf(error) }));

// `options.find(name)` is a document that GraphQL Code Generator has made, as a text.
const textOf = (name, { find }) => (find ? String(find(name)) : documents[name].text);

function connectFetch(fetch, options = {}) {
    const ask = makeAsk(endpoint, fetch);
    return (name, variables) => ask(textOf(name, options), variables);
}

function connectGraphqlRequest(fetch, options = {}) {
    const client = new GraphQLClient(endpoint, { fetch, errorPolicy: 'all' });
    return async (name, variables) => {
        const { data, errors = [] } = await settle(client.rawRequest(textOf(name, options), variables), (error) => {
            if (error instanceof ClientError) return error.response.errors;
            throw error;
        });
        return { data, errors };
    };
}

const connectApollo = (version) => (fetch, { manifest } = {}) => {
    const apollo = versions[version];
    const client = makeApollo(apollo, fetch, endpoint, {}, { manifest });
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

function connectUrqlClient(fetch, { isPersisted } = {}) {
    const client = connectUrql(fetch, {}, {}, { isPersisted });
    return async (name, variables = {}) => {
        const { node, isMutation } = documents[name];
        const source = isMutation ? client.mutation(node, variables) : client.query(node, variables, { requestPolicy: 'network-only' });
        const { data, error } = await source.toPromise();
        if (error?.networkError) throw error;
        return { data: data ?? null, errors: error?.graphQLErrors ?? [] };
    };
}

let compiled;
const textArtifact = (name) => (compiled ??= compile('relay')).artifact(name);
process.on('exit', () => compiled?.remove());

function connectRelay(fetch, { artifact = textArtifact } = {}) {
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

// connect(fetch, options) gives a function that asks; the options are for documents that are asked for by ids.
export const clients = {
    'fetch': connectFetch,
    'graphql-request': connectGraphqlRequest,
    'Apollo Client 3': connectApollo('Apollo Client 3'),
    'Apollo Client 4': connectApollo('Apollo Client 4'),
    'urql': connectUrqlClient,
    'Relay': connectRelay,
};
