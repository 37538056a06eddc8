// sign-in.test.mjs - which mutation signs in, and what the header editor holds then.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, validate } from 'graphql'
import { findSignIn } from '../src/sign-in/find.ts'
import { authorizationOf, withAuthorization } from '../src/sign-in/headers.ts'
import { contract, introspected, nasty } from './schemas.mjs'

function check(schema, field, username) {
  const found = findSignIn(schema)
  assert.equal(found?.field, field)
  assert.equal(found.username, username)
  assert.deepEqual(validate(schema, parse(found.document)), [], found.document)
}

const mutations = (fields, more = '') =>
  introspected(`type Query { a: Int } type Mutation { ${fields} } type Token { token: String } ${more}`)

test('the mutation that signs in is known by its shape', () => {
  check(contract('sql/schema.graphql'), 'tokenAuth', 'username')
  check(mutations('change(oldPassword: String!, newPassword: String!): Token login(email: String!, password: String!, remember: Boolean): Token'), 'login', 'email')
  check(mutations('enter(input: Enter!): In', 'input Enter { userPassword: String! name: String! note: String } type In { ok: Boolean jwt: String! }'), 'enter', 'name')
})

test('and no other is', () => {
  assert.equal(findSignIn(nasty), null)
  const others = [
    'signUp(username: String!, password: String!, email: String!): Token',
    'login(username: String!, password: String!): Boolean',
    'login(username: String!, password: Int!): Token',
    'login(username: String, password: String): Token',
    'login(username: [String!]!, password: String!): Token',
    'refresh(token: String!): Token',
    'login(username: String!, password: String!): In',
  ]
  for (const field of others)
    assert.equal(findSignIn(mutations(field, 'type In { token(of: Int!): String tokens: [String] }')), null, field)
})

test('the header editor keeps its other headers', () => {
  assert.equal(withAuthorization('', 'JWT a'), '{\n  "Authorization": "JWT a"\n}')
  assert.equal(withAuthorization('{"authorization": "old", "X-A": "1"}', 'JWT a'), '{\n  "X-A": "1",\n  "Authorization": "JWT a"\n}')
  assert.equal(withAuthorization('{"Authorization": "JWT a"}', null), '')
  assert.equal(withAuthorization('{"Authorization": "JWT a", "X-A": "1"}', null), '{\n  "X-A": "1"\n}')
  assert.equal(withAuthorization('{"X-A": ', 'JWT a'), '{"X-A": ')
  assert.equal(authorizationOf('{"authorization": "JWT a"}'), 'JWT a')
  assert.equal(authorizationOf('{"a": "b"}'), null)
  assert.equal(authorizationOf('{'), null)
  assert.equal(authorizationOf('[]'), null)
})
