// cursor_keys.test.mjs - cursors outlive the secret that they were sealed with, for as long as the configuration
// names its file; and what a secret seals, no other opens.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, suite, test } from 'node:test';

import { serve, until } from './lib/processes.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-cursor-keys.`);
after(() => rmSync(directory, { recursive: true }));
const [first, second, third] = ['a', 'b', 'c'].map((letter) => {
    writeFileSync(`${directory}/${letter}`, letter.repeat(32), { mode: 0o600 });
    return `${directory}/${letter}`;
});

const document = 'query ($after: String) { relayLinks(first: 1, after: $after) { edges { cursor node { pk } } pageInfo { hasPreviousPage } } }';
const page = async (server, after) => (await server.post(document, { after })).json;
const cursorOf = async (server) => (await page(server)).data.relayLinks.edges[0].cursor;
const withServer = async (options, run) => {
    const server = await serve('--workers', '1', ...options);
    try {
        return await run(server);
    } finally {
        await server.stop();
    }
};

async function assertOpens(server, cursor) {
    const { data, errors } = await page(server, cursor);
    assert.equal(errors, undefined, JSON.stringify(errors));
    assert.equal(data.relayLinks.pageInfo.hasPreviousPage, true);
}

async function assertRefuses(server, cursor) {
    const { errors } = await page(server, cursor);
    assert.equal(errors?.length, 1);
    assert.equal(errors[0].message, '"after" is no cursor.');
    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
}

suite('the secret of cursors', () => {
    test('changes, and cursors that were sealed before are read as long as its file is named', async () => {
        const old = await withServer(['--cursor-key-file', first], cursorOf);
        await withServer(['--cursor-key-file', second, '--old-cursor-key-files', `${third} ${first}`], async (server) => {
            const made = await cursorOf(server);
            assert.notEqual(made, old);
            await assertOpens(server, made);
            await assertOpens(server, old);
        });
        await withServer(['--cursor-key-file', second], async (server) => {
            await assertRefuses(server, old);
        });
    });

    test('is another one than the constant that stands in for it', async () => {
        const constant = await withServer(['--cursor-key-file', ''], cursorOf);
        await withServer(['--cursor-key-file', first], async (server) => assertRefuses(server, constant));
    });

    test('changes at a reload', async () => {
        const file = `${directory}/current`;
        copyFileSync(first, file);
        await withServer(['--cursor-key-file', file, '--old-cursor-key-files', third], async (server) => {
            const old = await cursorOf(server);
            copyFileSync(second, file);
            process.kill(server.pid, 'SIGHUP');
            await until(async () => (await cursorOf(server)) !== old, 15000, 'cursors of the new secret');
            await until(async () => (await page(server, old)).errors, 15000, 'the old secret is gone');
            await assertRefuses(server, old);
        });
    });

    test('that is old needs a new one', async () => {
        await assert.rejects(serve('--workers', '1', '--cursor-key-file', '', '--old-cursor-key-files', first), /old_cursor_key_files needs a cursor_key_file/);
    });
});
