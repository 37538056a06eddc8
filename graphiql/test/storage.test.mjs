// storage.test.mjs - what is kept in localStorage: apart for each endpoint, and without secrets.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointStorage, keepable } from '../src/storage.ts'

/** A Storage with own enumerable keys, as the browser's is. */
function store(items = {}) {
  return Object.create(
    {
      getItem(key) { return Object.hasOwn(this, key) ? this[key] : null },
      setItem(key, text) { this[key] = String(text) },
      removeItem(key) { delete this[key] },
    },
    Object.getOwnPropertyDescriptors(items),
  )
}

test('two endpoints of one origin do not meet', () => {
  const all = store({ other: 'page' })
  const [one, two] = [endpointStorage(all, '/graphql'), endpointStorage(all, '/api/graphql')]
  one.setItem('graphiql:theme', 'dark')
  two.setItem('graphiql:theme', 'light')
  assert.equal(one.getItem('graphiql:theme'), 'dark')
  assert.equal(one.length, 1)
  assert.equal(one.key(0), 'graphiql:theme')
  one.clear()
  assert.equal(one.getItem('graphiql:theme'), null)
  assert.equal(two.getItem('graphiql:theme'), 'light')
  assert.equal(all.getItem('other'), 'page')
})

test('neither headers nor passwords are kept', () => {
  const tab = {
    query: 'mutation { tokenAuth(username: "ada", password: "s3\\"cret") { token } }',
    variables: '{"newPassword": "s3cret", "refreshToken":"s3cret", "note": "kept"}',
    headers: '{"Authorization": "JWT s3cret"}',
  }
  for (const kept of [
    keepable(JSON.stringify({ tabs: [tab], activeTabIndex: 0 })),
    keepable(JSON.stringify({ queries: [tab] })),
    keepable(JSON.stringify({ favorites: [{ ...tab, label: 'password: "s3cret"' }] })),
    keepable('mutation { a(password: \"\"\"s3\ncret\"\"\", b: 1) }'),
    keepable(tab.query),
    keepable(tab.variables),
  ])
    assert.doesNotMatch(kept, /s3/)
  const { tabs } = JSON.parse(keepable(JSON.stringify({ tabs: [tab], activeTabIndex: 2 })))
  assert.equal(tabs[0].query, 'mutation { tokenAuth(username: "ada", password: "") { token } }')
  assert.equal(tabs[0].variables, '{"newPassword": "", "refreshToken":"", "note": "kept"}')
  assert.equal(tabs[0].headers, null)
})

test('what is no secret is kept as it is', () => {
  for (const text of ['dark', '0.5', '{ links { id } }', '{"url": "https://example.org/"}', 'query Q($password: String!) { a }'])
    assert.equal(keepable(text), text)
})
