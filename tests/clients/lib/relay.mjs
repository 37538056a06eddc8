// relay.mjs - Relay: its compiler on the printed schema, and environments that ask a target.
//
// A component's document stands where the component is, in a folder of sources. The compiler writes what becomes of it
// into files; `artifact(name)` reads one, as Relay's plugin for a bundler would.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import relay from 'relay-runtime';

import { printSchema } from './schema.mjs';
import { contract, endpoint } from './targets.mjs';

const compiler = path.join(import.meta.dirname, '../node_modules/.bin/relay-compiler');

// What the compiler says of the sources in a folder of tests/clients, or of {name: text}.
// With `isPersisted` it also writes the manifest, `file`, and an artifact has an id in place of the text.
export function compile(sources, { schema = contract, isPersisted = false } = {}) {
    const directory = mkdtempSync(path.join(tmpdir(), 'linnet-relay.'));
    mkdirSync(`${directory}/src`);
    mkdirSync(`${directory}/made`);
    if (typeof sources === 'string') cpSync(path.join(import.meta.dirname, '..', sources), `${directory}/src`, { recursive: true });
    else for (const [name, text] of Object.entries(sources)) writeFileSync(`${directory}/src/${name}`, text);
    writeFileSync(`${directory}/schema.graphql`, printSchema(schema));
    writeFileSync(`${directory}/relay.config.json`, JSON.stringify({
        src: './src', schema: './schema.graphql', language: 'javascript', artifactDirectory: './made', eagerEsModules: false,
        ...(isPersisted && { persistConfig: { file: './persisted.json', algorithm: 'SHA256' } }),
    }));
    if (isPersisted) writeFileSync(`${directory}/persisted.json`, '{}');
    const { status, stdout, stderr, error } = spawnSync(compiler, ['--noWatchman'], { cwd: directory, encoding: 'utf8' });
    assert.ifError(error);
    const require = createRequire(`${directory}/made/`);
    return {
        status,
        output: stdout + stderr,
        file: `${directory}/persisted.json`,
        artifact: (name) => require(`./${name}.graphql.js`),
        remove: () => rmSync(directory, { recursive: true }),
    };
}

// As docs/clients/relay.md sets it up.
export function makeEnvironment({ fetch }, headers = {}) {
    const url = endpoint;
    const { Environment, Network, RecordSource, Store } = relay;
    const network = Network.create(async ({ id, text, name }, variables) => {
        const document = id ? { documentId: id } : { query: text };
        const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
            body: JSON.stringify({ ...document, variables, operationName: name }),
        });
        return response.json();
    });
    // User 1, Link 1 and Vote 1 are three objects; what has a global id is known by that alone.
    const keyed = new Set(['User', 'Link', 'Vote', 'Session']);
    const getDataID = ({ id }, type) => (keyed.has(type) && id ? `${type}:${id}` : id);
    return new Environment({ network, store: new Store(new RecordSource()), getDataID });
}
