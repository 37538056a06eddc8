// environment.mjs - where the server under test is: what server.sh says.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

function required(name) {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set: run tests/http/run, or ./check http`);
    return value;
}

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const url = new URL(required('LINNET_URL'));
export const state = required('LINNET_STATE');
export const program = required('LINNET_PROGRAM');
export const sockets = dirname(required('PGHOST'));

// With sanitizers the same work takes longer, and freed memory is kept.
export const isSanitized = readFileSync(program).includes('__asan_init');

// The long runs too: ./check --full.
export const isFull = process.env.CHECK_FULL === 'yes';

// How often a fault is repeated: a race may be won once.
export const rounds = isFull ? 20 : 1;

// How many times longer than on an idle machine something may take.
export const patience = (isSanitized ? 5 : 1) * Math.max(2, loadavg()[0] / availableParallelism());
