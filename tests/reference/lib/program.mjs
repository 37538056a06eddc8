// program.mjs - which linnet is tested.
//
// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';

// The one that is named, or else that of LINNET_BUILD, or else that of ./check.
export function findProgram(name) {
    const build = process.env.LINNET_BUILD ?? path.join(import.meta.dirname, '../../../build');
    const program = path.resolve(name ?? path.join(build, 'linnet'));
    if (!existsSync(program))
        throw new Error(`there is no ${program}: name one with --program`);
    return program;
}
