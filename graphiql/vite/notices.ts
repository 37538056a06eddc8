// notices.ts - at the end of licenses.txt, what Monaco says of the programs within it.
//
// Vite lists the packages of the bundle (build.license); Monaco has others' code in its own package.
//
// SPDX-License-Identifier: MIT

import { appendFile, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

export function notices(file: string): Plugin {
  let folder = ''
  let root = ''
  return {
    name: 'notices',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
      root = config.root
    },
    async writeBundle() {
      const text = await readFile(resolve(root, 'node_modules/monaco-editor/ThirdPartyNotices.txt'), 'utf8')
      await appendFile(resolve(root, folder, file), `\n---\n\n## Within monaco-editor\n\n${text.replaceAll('\r\n', '\n')}`)
    },
  }
}
