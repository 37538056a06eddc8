// explanation.test.mjs - what the pane makes of `extensions.explain`, whatever it is.
//
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLines, readExplanation } from '../src/explain/explanation.ts'

test('an explanation is read', () => {
  assert.deepEqual(
    readExplanation({
      plan: '-> Select',
      statements: [
        { wave: 1, path: ['links', 'votes'], sql: 'SELECT 1', rows: 2, milliseconds: 0.41 },
        { wave: 2, path: ['links'], sql: 'SELECT 2', rows: null, milliseconds: null },
      ],
      times: { parse: 0.1, write: 2 },
    }),
    {
      plan: '-> Select',
      statements: [
        { wave: 1, path: 'links.votes', sql: 'SELECT 1', rows: 2, milliseconds: 0.41 },
        { wave: 2, path: 'links', sql: 'SELECT 2', rows: null, milliseconds: null },
      ],
      times: [['parse', 0.1], ['write', 2]],
    },
  )
})

test('one that is too long, absent, or of another server is none, or has less', () => {
  for (const value of [null, undefined, 'text', 7, []]) assert.equal(readExplanation(value), null)
  assert.deepEqual(readExplanation({ plan: null, statements: 'no', times: { a: 'b' } }), { plan: null, statements: [], times: [] })
  assert.deepEqual(readExplanation({ statements: [null, {}] }).statements, [{ wave: 1, path: '', sql: '', rows: null, milliseconds: null }])
})

test('SQL is shown with a line for each clause, and nothing else is changed', () => {
  const sql = `SELECT a, 'x FROM  y' FROM (SELECT "b  WHERE c" FROM t LEFT JOIN u ON v WHERE a IS DISTINCT FROM $1) AS s ORDER BY a LIMIT 3`
  const lines = inLines(sql)
  assert.equal(lines, `SELECT a, 'x FROM  y'
FROM (SELECT "b  WHERE c"
FROM t
LEFT JOIN u ON v
WHERE a IS DISTINCT FROM $1) AS s
ORDER BY a
LIMIT 3`)
  assert.equal(lines.replaceAll('\n', ' '), sql)
})
