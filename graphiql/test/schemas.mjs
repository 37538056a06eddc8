// schemas.mjs - the contracts that the tests of examples and of signing in read: as the page
// knows them, by introspection.
//
// SPDX-License-Identifier: MIT

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildClientSchema, buildSchema, introspectionFromSchema } from 'graphql'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = process.env.LINNET ?? `${root}build/linnet`

export const introspected = (text) => buildClientSchema(introspectionFromSchema(buildSchema(text), { oneOf: true }))

/** A contract in its public form. */
export const contract = (path, ...options) =>
  introspected(execFileSync(program, ['print', 'schema', '--contract', root + path, ...options], { encoding: 'utf8' }))

export const nasty = introspected(readFileSync(new URL('nasty.graphql', import.meta.url), 'utf8'))
