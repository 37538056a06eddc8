// pages.mjs - a site and a GraphiQL as builds leave them, and what a browser asks for.
//
// SPDX-License-Identifier: MIT
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { after } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';

// What Chromium and Firefox send when a person opens an address.
export const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

export const script = `export const long = '${'linnet '.repeat(300)}';\n`;
const style = `body { color: black }\n${'/* linnet */\n'.repeat(120)}`;

const index = (title) => `<!doctype html>
<html lang="en">
  <head>
    <title>${title}</title>
    <link rel="icon" href="./favicon.svg">
    <script type="module" crossorigin src="./assets/index-Ab_1-2.js"></script>
    <link rel="stylesheet" crossorigin href="./assets/index-Cd34.css">
  </head>
  <body><noscript>No ./scripts.</noscript></body>
</html>
`;

// What must never be served: the others are beside them.
export const hidden = [
    'persisted-documents.json',
    '.vite/manifest.json',
    '.env',
    'assets/.secret.js',
    'assets/index-Ab_1-2.js.map',
    'assets/notes.txt',
    'assets/deep/er.js',
    'server.js',
];

// A folder that a build has left; it is removed after the tests of the file.
export function makeBuild(title) {
    const folder = mkdtempSync(`${tmpdir()}/linnet-pages.`);
    after(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    const files = {
        'index.html': index(title),
        'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
        'assets/index-Ab_1-2.js': script,
        'assets/index-Cd34.css': style,
        ...Object.fromEntries(hidden.map((name) => [name, 'hidden'])),
    };
    for (const [name, text] of Object.entries(files)) {
        const path = `${folder}/${name}`;
        mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
        writeFileSync(path, text);
        if (text.length < 1024) continue;
        writeFileSync(`${path}.gz`, gzipSync(text));
        writeFileSync(`${path}.br`, brotliCompressSync(text));
    }
    return folder;
}
