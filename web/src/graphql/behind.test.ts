// behind.test.ts - see behind
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { ItemDocument, ViewerDocument } from '../gql/graphql';
import { graphiqlAddress } from './behind';

function paramsOf(address: string) {
    expect(address).toMatch(/^graphql#/);
    return new URLSearchParams(address.slice('graphql#'.length));
}

test('the address has the text of the document and its variables, without what the cache wants', () => {
    const variables = { id: 'TGlua05vZGU6MQ==', first: 50 };
    const params = paramsOf(graphiqlAddress({ query: ItemDocument, variables }));
    expect(params.get('query')).toMatch(/^(# .*\n)+query Item\(/);
    expect(params.get('query')).toContain('fragment LinkRow on LinkNode');
    expect(params.get('query')).not.toContain('__typename');
    expect(JSON.parse(params.get('variables') ?? '')).toEqual(variables);
});

test('there are no variables where there are none, and no document before one was asked for', () => {
    expect(paramsOf(graphiqlAddress({ query: ViewerDocument, variables: {} })).has('variables')).toBe(false);
    expect(graphiqlAddress(null)).toBe('graphql');
});
