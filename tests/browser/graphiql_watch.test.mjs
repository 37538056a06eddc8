// graphiql_watch.test.mjs - in development GraphiQL shows what does not fit, until it is mended.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite } from 'node:test';

import { browse } from './lib/browser.mjs';
import { startUp } from './lib/servers.mjs';

const contract = (type) => `type Query { thing: Thing }\ntype Thing { id: ID! word: ${type} }\n`;

let folder, base;
const save = (text) => writeFileSync(`${folder}/schema.graphql`, text);

before(async () => {
    folder = mkdtempSync(`${tmpdir()}/linnet-graphiql-watch.`);
    chmodSync(folder, 0o755);
    save(contract('String'));
    base = await startUp(['--mock'], { LINNET_CONTRACT: `${folder}/schema.graphql` });
});
after(() => rmSync(folder, { recursive: true }));

suite('GraphiQL', () => {
    browse('shows a contract that does not fit, with its place, until it is mended', async (person) => {
        const { page } = person;
        const warning = page.getByRole('alert', { name: 'Warning' });
        await page.goto(new URL('graphql', base).href);
        await page.getByRole('button', { name: /Execute query/ }).waitFor();
        assert.equal(await warning.count(), 0);
        save(contract('Strin'));
        // Whoever comes back from the editor sees it, as soon as the server has.
        while ((await warning.count()) === 0) {
            await page.evaluate(() => dispatchEvent(new Event('focus')));
            await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
        }
        const text = await warning.textContent();
        assert.match(text, /^The last change was not loaded; the version before it is still served\.\n.*schema\.graphql:2:28: .*Strin/);
        save(contract('Int'));
        await warning.waitFor({ state: 'detached' });
    });
});
