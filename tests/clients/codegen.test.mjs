// codegen.test.mjs - GraphQL Code Generator: the types that it makes of the printed schema, compiled by TypeScript.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { codegen } from '@graphql-codegen/core';
import * as documentNodes from '@graphql-codegen/typed-document-node';
import * as types from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import typescript from 'typescript';

import { printSchema } from './lib/schema.mjs';

const here = import.meta.dirname;

const make = (pluginMap) => codegen({
    filename: 'made.ts',
    schema: parse(printSchema()),
    documents: [{ location: 'documents.graphql', document: parse(readFileSync(`${here}/codegen/documents.graphql`, 'utf8')) }],
    config: { scalars: { DateTime: 'string', GenericScalar: 'unknown' }, enumsAsTypes: true },
    plugins: Object.keys(pluginMap).map((name) => ({ [name]: {} })),
    pluginMap,
});

test('an application compiles against the types, and its mistakes do not', async () => {
    // Within the folder, so that the packages are found.
    const directory = mkdtempSync(path.join(here, 'codegen/made.'));
    try {
        writeFileSync(`${directory}/types.ts`, await make({ types }));
        writeFileSync(`${directory}/made.ts`, await make({ operations, documentNodes }));
        cpSync(`${here}/codegen/application.ts`, `${directory}/application.ts`);
        const program = typescript.createProgram([`${directory}/application.ts`, `${directory}/types.ts`], {
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            target: typescript.ScriptTarget.ES2022,
            module: typescript.ModuleKind.ESNext,
            moduleResolution: typescript.ModuleResolutionKind.Bundler,
            types: [],
        });
        const faults = typescript.getPreEmitDiagnostics(program).map(({ file, start, messageText }) =>
            `${path.basename(file?.fileName ?? '')}:${file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0} ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`);
        assert.deepEqual(faults, []);
    } finally {
        rmSync(directory, { recursive: true });
    }
});
