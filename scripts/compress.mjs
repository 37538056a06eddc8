// compress.mjs - beside each text of over 1 kB in a folder of built pages, the same as .gz and .br, so
// that web servers send files as they are (gzip_static, brotli_static).
//
//     node compress.mjs FOLDER      OUT, where it is set, is the folder instead
//
// SPDX-License-Identifier: MIT
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const texts = new Set(['.css', '.html', '.js', '.svg', '.ttf', '.webmanifest']);
// Shorter ones fit one packet as they are.
const least = 1024;

async function compress(file) {
    const text = await readFile(file);
    if (text.length < least) return;
    const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    };
    await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION }));
    await writeFile(`${file}.br`, await promisify(brotliCompress)(text, { params }));
}

const folder = process.env.OUT || process.argv[2];
const names = await readdir(folder, { recursive: true });
// At once: zlib has threads of its own.
await Promise.all(names.filter((name) => texts.has(extname(name))).map((name) => compress(join(folder, name))));
