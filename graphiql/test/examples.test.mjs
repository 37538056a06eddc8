// examples.test.mjs - every example is a valid operation of its contract with values for all of
// its variables, and there is one for each root field.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getOperationAST, getVariableValues, parse, validate } from 'graphql'
import { exampleOperations, firstExample } from '../src/examples/examples.ts'
import { contract, introspected, nasty } from './schemas.mjs'

/** What is wrong with an example, for people; nothing if nothing is. */
function faults(schema, example) {
  const document = parse(example.document)
  const errors = validate(schema, document)
  if (errors.length > 0) return errors.map(String)
  const definitions = getOperationAST(document).variableDefinitions ?? []
  const values = getVariableValues(schema, definitions, JSON.parse(example.variables || '{}'))
  return values.errors ? values.errors.map(String) : []
}

function checkAll(schema) {
  const examples = exampleOperations(schema)
  const roots = [schema.getQueryType(), schema.getMutationType()].filter(Boolean)
  const fields = roots.flatMap((type) => Object.values(type.getFields())).filter((field) => field.deprecationReason == null)
  assert.deepEqual(examples.map((example) => example.field), fields.map((field) => field.name))
  for (const example of examples) {
    assert.deepEqual(faults(schema, example), [], example.document + example.variables)
  }
  return Object.fromEntries(examples.map((example) => [example.field, example]))
}

test('the example application: each root field once, all valid', () => {
  const schema = contract('sql/schema.graphql')
  const { links, relayLinks, user, node, createLink, tokenAuth } = checkAll(schema)
  assert.equal(links.document, `query Links {
  links(first: 3) {
    id
    url
    description
    createdAt
    voteCount
    viewerHasVoted
    postedBy {
      id
      username
      firstName
    }
    votes(first: 2) {
      id
      createdAt
    }
  }
}
`)
  assert.match(relayLinks.document, /relayLinks\(first: 3\) {\n    totalCount\n    edges {\n      node {\n        id\n/)
  assert.match(relayLinks.document, /pageInfo {\n      hasNextPage/)
  assert.equal(user.variables, '{\n  "id": "1"\n}')
  assert.equal(atob(JSON.parse(node.variables).id), 'LinkNode:1')
  assert.equal(createLink.kind, 'mutation')
  assert.equal(createLink.description, 'Needs a signed-in user.')
  assert.deepEqual(JSON.parse(tokenAuth.variables), { username: 'ada', password: 'correct horse battery staple' })
})

test('the first visit shows a list that needs no arguments', () => {
  assert.equal(firstExample(contract('sql/schema.graphql')).field, 'links')
  assert.equal(firstExample(nasty).field, 'things')
  assert.equal(firstExample(introspected('type Query { a(b: Int!): Int c: Int }')).field, 'c')
  assert.equal(firstExample(introspected('type Query { a(b: Int!): Int }')).field, 'a')
})

test('the shop: every kind of argument and type', () => {
  checkAll(contract('tests/shop/schema.graphql'))
})

test('a contract of oddities', () => {
  const { search, deep, matrix, painted, pages, morePages, empty, onlyArguments, one, one2, endless, things } = checkAll(nasty)
  assert.deepEqual(JSON.parse(search.variables), { by: { range: { from: 1, to: 1 } } })
  assert.deepEqual(JSON.parse(deep.variables), { filter: { must: { range: { from: 1, to: 1 } }, texts: ['GraphQL'] } })
  assert.deepEqual(JSON.parse(matrix.variables), { cells: [[1]], of: ['RED'] })
  assert.deepEqual(JSON.parse(painted.variables), { colour: 'RED' })
  assert.deepEqual(JSON.parse(pages.variables), { first: 3 })
  assert.doesNotMatch(morePages.document, /first/)
  assert.match(empty.document, /empty {\n    empty {\n      __typename/)
  assert.match(onlyArguments.document, /onlyArguments {\n    __typename/)
  assert.equal(atob(JSON.parse(one.variables).id), 'Book:1')
  assert.equal(one2.variables, '')
  assert.deepEqual(JSON.parse(endless.variables), { value: { again: [] } })
  // `name` and `size` have different types in a book, a person and a wave: the first has them.
  assert.match(things.document, /\.\.\. on Book {\n      id\n      name\n      size\n    }\n    \.\.\. on Person {\n      id\n    }\n    \.\.\. on Wave {\n      size\n      height/)
  assert.equal(search.description, 'Takes one of three.')
})

test('what is deprecated has no example', () => {
  assert.deepEqual(exampleOperations(nasty).filter((example) => example.field === 'old'), [])
})
