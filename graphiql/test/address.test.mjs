// address.test.mjs - an operation that comes with the address.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenOperation } from '../src/address.ts'

const fragment = (params) => `#${new URLSearchParams(params)}`

test('a document comes in the usual form, with its variables', () => {
  const given = givenOperation(fragment({ query: 'query A($n: Int) { links(first: $n) { url } }', variables: '{"n": 3}' }))
  assert.deepEqual(given, { query: 'query A($n: Int) {\n  links(first: $n) {\n    url\n  }\n}', variables: '{"n": 3}' })
})

test('the comments that it begins with stay', () => {
  assert.deepEqual(givenOperation(fragment({ query: '# one\n# two\n{ links { url } }' })), { query: '# one\n# two\n{\n  links {\n    url\n  }\n}' })
})

test('what has other comments stays, and so does what is no document', () => {
  for (const query of ['{ links { # why\n url } }', '{ links {'])
    assert.deepEqual(givenOperation(fragment({ query })), { query })
})

test('an address without a document gives none', () => {
  for (const none of ['', '#', '#query=', '#query=+', '#variables=%7B%7D', '#something'])
    assert.equal(givenOperation(none), null)
})
