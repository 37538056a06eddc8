// operation.test.mjs - which operation of a document is asked for.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutOldName } from '../src/operation.ts'

test('a name that the document has stays', () => {
  const operation = { query: 'query A { a } query B { b }', operationName: 'B', variables: { n: 1 } }
  assert.deepEqual(withoutOldName(operation), operation)
})

test('a name of the text before goes', () => {
  assert.deepEqual(withoutOldName({ query: '{ a }', operationName: 'Old', variables: { n: 1 } }), { query: '{ a }', variables: { n: 1 } })
  assert.deepEqual(withoutOldName({ query: 'query New { a }', operationName: 'Old' }), { query: 'query New { a }' })
  // It is the server that says that one of the two must be named.
  assert.deepEqual(withoutOldName({ query: 'query A { a } query B { b }', operationName: 'Old' }), { query: 'query A { a } query B { b }' })
})

test('a fragment of that name is no operation', () => {
  assert.deepEqual(withoutOldName({ query: 'query A { ...B } fragment B on T { b }', operationName: 'B' }), { query: 'query A { ...B } fragment B on T { b }' })
})

test('what is no document is sent as it is', () => {
  const operation = { query: 'query A {', operationName: 'Old' }
  assert.deepEqual(withoutOldName(operation), operation)
  assert.deepEqual(withoutOldName({ query: '{ a }' }), { query: '{ a }' })
})
