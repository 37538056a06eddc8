// explanation.ts - `extensions.explain` of an answer: what the operation became (docs/explain.md).
//
// SPDX-License-Identifier: MIT

export interface Statement {
  wave: number
  /** The field that its rows are for. */
  path: string
  sql: string
  /** Null if it has failed. */
  rows: number | null
  milliseconds: number | null
}

export interface Explanation {
  /** Null if the operation was refused before it was planned. */
  plan: string | null
  statements: Statement[]
  /** Milliseconds of each phase, in the order of the phases. */
  times: [phase: string, milliseconds: number][]
}

type Members = Record<string, unknown>

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** Read `extensions.explain`: null where there is none that can be read. */
export function readExplanation(value: unknown): Explanation | null {
  if (!isObject(value)) return null
  const { plan, statements, times } = value
  return {
    plan: typeof plan === 'string' ? plan : null,
    statements: Array.isArray(statements) ? statements.filter(isObject).map(readStatement) : [],
    times: isObject(times) ? Object.entries(times).filter((entry): entry is [string, number] => typeof entry[1] === 'number') : [],
  }
}

function readStatement(value: Members): Statement {
  const { wave, path, sql, rows, milliseconds } = value
  return {
    wave: numberOrNull(wave) ?? 1,
    path: Array.isArray(path) ? path.join('.') : '',
    sql: typeof sql === 'string' ? sql : '',
    rows: numberOrNull(rows),
    milliseconds: numberOrNull(milliseconds),
  }
}

// Strings and quoted names stay as they are.
const CLAUSES = /('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+(?=(?:FROM|WHERE|GROUP BY|ORDER BY|LIMIT|OFFSET|VALUES|RETURNING|ON CONFLICT|(?:LEFT |CROSS |INNER )?JOIN)\b)(?<!\b(?:LEFT|CROSS|INNER|DISTINCT)\s+)/g

/** SQL for people: each clause begins a line. */
export function inLines(sql: string): string {
  return sql.replace(CLAUSES, (_match, quoted: string | undefined) => quoted ?? '\n')
}
