// compress.ts - beside each text file of over 1 kB, the same as .gz and .br, for web servers
// that send files as they are (gzip_static, brotli_static).
//
// SPDX-License-Identifier: MIT

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = new Set(['.css', '.html', '.js', '.json', '.svg', '.ttf'])
const SMALLEST = 1024

export function compress(): Plugin {
  let folder = ''
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    // At once: zlib has threads of its own.
    async writeBundle() {
      const names = await readdir(folder, { recursive: true, encoding: 'utf8' })
      await Promise.all(names.filter((name) => TEXT.has(extname(name))).map((name) => compressFile(join(folder, name))))
    },
  }
}

async function compressFile(path: string): Promise<void> {
  const text = await readFile(path)
  if (text.length < SMALLEST) return
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  await writeFile(`${path}.gz`, await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION }))
  await writeFile(`${path}.br`, await promisify(brotliCompress)(text, { params: quality }))
}
