// codegen.ts - types of every document of the site, and the manifest of persisted documents.
//
// The schema is what the contract shows to clients; a document that it does not know fails here,
// and a component that reads what a document does not select fails in `tsc`.
//
// SPDX-License-Identifier: MIT
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const config: CodegenConfig = {
    schema: 'src/gql/schema.graphql',
    documents: 'src/**/*.graphql',
    ignoreNoDocuments: false,
    generates: {
        'src/gql/': {
            preset: 'client',
            presetConfig: {
                fragmentMasking: false,
                // The text that is hashed is what the client would send: graphcache knows objects
                // by `__typename` and `id`.
                persistedDocuments: { mode: 'embedHashInDocument', hashPropertyName: 'hash', hashAlgorithm: 'sha256' },
            },
            documentTransforms: [addTypenameSelectionDocumentTransform],
            config: {
                scalars: { DateTime: 'string', GenericScalar: 'unknown' },
                enumsAsTypes: true,
                useTypeImports: true,
            },
        },
    },
};

export default config;
