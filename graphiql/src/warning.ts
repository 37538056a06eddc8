// warning.ts - what the server warns of with each answer, in development: the last change does not fit.
//
// SPDX-License-Identifier: MIT

import type { ExecutionResult } from 'graphql'
import { Value } from './value.ts'

/** The text of the last answer's `extensions.warning`; null: it had none. */
export const warning = new Value<string | null>(null)

/** Take it from an answer, which stays as it is. */
export function takeWarning(answer: ExecutionResult): ExecutionResult {
  const text = answer.extensions?.['warning']
  warning.set(typeof text === 'string' ? text : null)
  return answer
}
