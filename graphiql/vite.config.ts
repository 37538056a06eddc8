// vite.config.ts - how GraphiQL's page is built: hashed names below assets/, relative
// addresses, and nothing that a strict Content-Security-Policy refuses.
//
// SPDX-License-Identifier: MIT

import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { adoptStyles } from './vite/adopt-styles.ts'
import { notices } from './vite/notices.ts'

const folder = import.meta.dirname
const LICENSES = 'licenses.txt'

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [react(), adoptStyles(), notices(LICENSES)],
  worker: { format: 'es' },
  build: {
    outDir: resolve(folder, process.env['OUT'] || '../build/graphiql'),
    emptyOutDir: true,
    // No data: addresses: what the page loads are files of its own host.
    assetsInlineLimit: 0,
    target: 'es2022',
    // Monaco is one large file by nature.
    chunkSizeWarningLimit: 6000,
    modulePreload: { polyfill: false },
    // What is built has packages in it whose licences want to be named wherever it is copied.
    license: { fileName: LICENSES },
    rolldownOptions: {
      // "use no memo" is for a compiler that does not run here.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
  },
})
