// ask.ts - asking the server to explain, and what it said last.
//
// SPDX-License-Identifier: MIT

import type { ExecutionResult } from 'graphql'
import { Value } from '../value.ts'
import { readExplanation, type Explanation } from './explanation.ts'

export const EXPLAIN_HEADER = 'Linnet-Explain'

export interface Asked {
  /** The operation's name, or nothing. */
  operation: string
  /** Null: the server did not explain. */
  explanation: Explanation | null
}

/** Whether operations are sent with the header. */
export const isAsking = new Value(true)

/** About the operation that ran last with the header; null before the first. */
export const lastAsked = new Value<Asked | null>(null)

/**
 * Take the explanation out of an answer, so that the answer is what other clients see.
 * A server that answers without one does not explain (production): it is not asked again.
 */
export function takeExplanation(operation: string, answer: ExecutionResult): ExecutionResult {
  const { extensions, ...others } = answer
  const { explain, ...otherExtensions } = extensions ?? {}
  lastAsked.set({ operation, explanation: readExplanation(explain) })
  if (explain === undefined && answer.data) isAsking.set(false)
  return Object.keys(otherExtensions).length > 0 ? { ...others, extensions: otherExtensions } : others
}
