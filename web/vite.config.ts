// vite.config.ts - how the site is built: `npm run build` writes to ../build/web, or to OUT.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { type Plugin, defineConfig } from 'vite';

const MANIFEST = 'src/gql/persisted-documents.json';
const manifest = readFileSync(new URL(MANIFEST, import.meta.url), 'utf8');

/** The id of the document Links, which early.ts asks for. */
function linksDocument(): string {
    const documents = Object.entries(JSON.parse(manifest) as Record<string, string>);
    const links = documents.filter(([, text]) => text.includes('query Links('));
    if (links.length !== 1 || !links[0]) {
        throw new Error(`${MANIFEST} has ${links.length} documents with the name Links`);
    }
    return links[0][0];
}

/** Load early.ts beside the site's script, not after it; write the manifest for the server. */
function early(): Plugin {
    return {
        name: 'linnet-early',
        transformIndexHtml: {
            order: 'post',
            handler(_html, { bundle }) {
                // (Where sources are served there is no bundle, and no hurry.)
                const chunk = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.name === 'early');
                const attrs = chunk && { type: 'module', src: `./${chunk.fileName}` };
                return attrs ? [{ tag: 'script', attrs, injectTo: 'head-prepend' }] : [];
            },
        },
        generateBundle() {
            this.emitFile({ type: 'asset', fileName: 'persisted-documents.json', source: manifest });
        },
    };
}

export default defineConfig({
    // Any path prefix will do.
    base: './',
    plugins: [early()],
    define: { __LINKS_DOCUMENT__: JSON.stringify(linksDocument()) },
    build: {
        outDir: process.env['OUT'] ?? '../build/web',
        emptyOutDir: true,
        target: 'es2022',
        // No data: addresses of files, and no script within the page: the page's policy forbids it.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // What is built has packages in it whose licences want to be named wherever it is copied.
        license: { fileName: 'licenses.txt' },
        rollupOptions: {
            input: { index: 'index.html', early: 'src/early.ts' },
            // What changes seldom has a file of its own, which browsers keep.
            output: { codeSplitting: { groups: [{ name: 'packages', test: /node_modules/ }] } },
        },
    },
    server: { proxy: { '/graphql': process.env['LINNET_URL'] ?? 'http://127.0.0.1:8080' } },
});
