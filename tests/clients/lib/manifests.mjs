// manifests.mjs - what clients' tools make of documents when an application is built: for each operation an id, the
// text, and a file that tells the server both.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { codegen } from '@graphql-codegen/core';
import { addTypenameSelectionDocumentTransform, preset } from '@graphql-codegen/client-preset';
import { formatDocument, stringifyDocument } from '@urql/core';
import { parse } from 'graphql';
import typescript from 'typescript';

import { printSchema } from './schema.mjs';

const here = path.join(import.meta.dirname, '..');
const folder = path.join(here, 'documents');

function readDocuments() {
    return readdirSync(folder).map((name) => {
        const location = path.join(folder, name), rawSDL = readFileSync(location, 'utf8');
        return { location, rawSDL, document: parse(rawSDL) };
    });
}

// GraphQL Code Generator's client preset: documents that know their hash, as a module, and the manifest's file.
// `documentMode` is `string`, for fetch() and graphql-request, or `documentNode`, for the others.
export async function makeCodegenDocuments({ documentMode = 'documentNode' } = {}) {
    const directory = mkdtempSync(path.join(here, 'codegen/made.')); // so that its packages are found
    const sections = await preset.buildGeneratesSection({
        baseOutputDir: `${directory}/`,
        schema: parse(printSchema()),
        documents: readDocuments(),
        config: { documentMode, scalars: { DateTime: 'string', GenericScalar: 'unknown' }, enumsAsTypes: true },
        presetConfig: { persistedDocuments: true, fragmentMasking: false },
        documentTransforms: [{ name: 'addTypename', transformObject: addTypenameSelectionDocumentTransform, config: {} }],
        plugins: [],
        pluginMap: {},
        pluginContext: {},
    });
    for (const section of sections) writeFileSync(section.filename, await codegen(section));
    const text = readFileSync(`${directory}/graphql.ts`, 'utf8');
    const { outputText } = typescript.transpileModule(text, {
        compilerOptions: { target: typescript.ScriptTarget.ES2022, module: typescript.ModuleKind.ESNext },
    });
    writeFileSync(`${directory}/graphql.mjs`, outputText);
    const made = await import(pathToFileURL(`${directory}/graphql.mjs`).href);
    return {
        file: `${directory}/persisted-documents.json`,
        all: Object.entries(made).filter(([name]) => /\wDocument$/.test(name)).map(([, document]) => document),
        // AccountMeQueryDocument is the document of AccountMeQuery.
        find: (name) => made[`${name}Document`],
        remove: () => rmSync(directory, { recursive: true }),
    };
}

// Apollo's: @apollo/generate-persisted-query-manifest.
export function makeApolloManifest() {
    const directory = mkdtempSync(path.join(tmpdir(), 'linnet-manifest.'));
    const file = `${directory}/persisted-query-manifest.json`;
    writeFileSync(`${directory}/config.json`, JSON.stringify({ documents: [`${folder}/*.graphql`], output: file }));
    const command = path.join(here, 'node_modules/.bin/generate-persisted-query-manifest');
    const said = execFileSync(command, ['--config', `${directory}/config.json`], { cwd: here, encoding: 'utf8' });
    assert.match(said, /with 4 operations/);
    return { file, manifest: JSON.parse(readFileSync(file, 'utf8')), remove: () => rmSync(directory, { recursive: true }) };
}

// urql's: of the texts that it sends, which have `__typename` in each selection.
export function makeUrqlManifest() {
    const directory = mkdtempSync(path.join(tmpdir(), 'linnet-manifest.'));
    const file = `${directory}/persisted-documents.json`;
    const texts = readDocuments().map(({ document }) => stringifyDocument(formatDocument(document)));
    const manifest = Object.fromEntries(texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]));
    writeFileSync(file, JSON.stringify(manifest));
    return { file, remove: () => rmSync(directory, { recursive: true }) };
}
