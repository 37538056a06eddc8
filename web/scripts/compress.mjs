// compress.mjs - write FILE.gz and FILE.br beside each text of the built site, so that the web
// server need not compress anything.
//
// SPDX-License-Identifier: MIT
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const out = process.env.OUT ?? new URL('../../build/web', import.meta.url).pathname;
// Shorter ones fit one packet as they are.
const LEAST = 1024;

for (const name of readdirSync(out, { recursive: true })) {
    const file = join(out, name);
    if (!/\.(html|js|css|svg|webmanifest)$/.test(name)) {
        continue;
    }
    const text = readFileSync(file);
    if (text.length < LEAST) {
        continue;
    }
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
    const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    };
    writeFileSync(`${file}.br`, brotliCompressSync(text, { params }));
}
