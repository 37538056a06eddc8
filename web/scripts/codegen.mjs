// codegen.mjs - write src/gql/: the contract as clients see it, types of every document of the
// site, and the manifest of persisted documents.
//
// The schema is printed by the program that serves it, from the contract beside the site; no
// copy can grow old. A document that the contract does not know fails here, and a component
// that reads what its document does not select fails in `tsc`.
//
// LINNET names the program, if it is not ../build/linnet, and LINNET_CONTRACT another contract.
//
// (GraphQL Code Generator without its command line, which would bring 250 packages.)
//
// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import { addTypenameSelectionDocumentTransform, preset } from '@graphql-codegen/client-preset';
import { Source, buildSchema, parse } from 'graphql';

const here = (path) => new URL(path, import.meta.url).pathname;
const program = process.env.LINNET ?? here('../../build/linnet');
const contract = process.env.LINNET_CONTRACT ?? here('../../sql/schema.graphql');
const sources = here('../src/');
const out = here('../src/gql/');

/** What has not changed keeps its time, so that Vite and tsc do nothing. */
function write(file, text) {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
        writeFileSync(file, text);
    }
}

if (!existsSync(program)) {
    console.error(`${program} is not there: build Linnet first (./up does), or name it in LINNET.`);
    process.exit(1);
}
const schema = execFileSync(program, ['print', 'schema', '--contract', contract], { encoding: 'utf8' });
mkdirSync(out, { recursive: true });
write(`${out}schema.graphql`, schema);

const documents = readdirSync(sources, { recursive: true })
    .filter((name) => name.endsWith('.graphql') && !name.startsWith('gql/'))
    .sort()
    .map((name) => {
        const location = `${sources}${name}`;
        const rawSDL = readFileSync(location, 'utf8');
        return { location, rawSDL, document: parse(new Source(rawSDL, `src/${name}`)) };
    });

const files = await preset.buildGeneratesSection({
    baseOutputDir: out,
    schema: parse(schema),
    schemaAst: buildSchema(schema),
    documents,
    // The text that is hashed is the one that the client would send: graphcache knows an object by
    // `__typename` and `id`.
    documentTransforms: [{ name: 'typename', transformObject: addTypenameSelectionDocumentTransform }],
    presetConfig: { fragmentMasking: false, persistedDocuments: true, skipIndexFile: true },
    config: { scalars: { DateTime: 'string', GenericScalar: 'unknown' }, useTypeImports: true },
    plugins: [],
    pluginMap: {},
});
try {
    // Together: the manifest is what the documents' file has counted up.
    const wanted = files.filter(({ filename }) => !filename.endsWith('/gql.ts'));
    const texts = await Promise.all(wanted.map((file) => codegen(file)));
    wanted.forEach((file, index) => write(file.filename, texts[index]));
} catch (error) {
    console.error(error.message);
    process.exit(1);
}
