// schema.mjs - write src/gql/schema.graphql: the contract as clients see it, printed by the
// program that serves it.
//
// So the site is always typed from the contract beside it, and no copy can grow old.  The
// variable LINNET names the program, if it is not ../build/linnet.
//
// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const here = (path) => new URL(path, import.meta.url).pathname;
const program = process.env.LINNET ?? here('../../build/linnet');
const contract = process.env.LINNET_CONTRACT ?? here('../../sql/schema.graphql');
const file = here('../src/gql/schema.graphql');

if (!existsSync(program)) {
    console.error(`${program} is not there: build Linnet first (./up does), or name it in LINNET.`);
    process.exit(1);
}
const schema = execFileSync(program, ['print', 'schema', '--contract', contract], { encoding: 'utf8' });
mkdirSync(here('../src/gql'), { recursive: true });
if (!existsSync(file) || readFileSync(file, 'utf8') !== schema) {
    writeFileSync(file, schema);
}
