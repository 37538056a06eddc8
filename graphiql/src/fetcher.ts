// fetcher.ts - how GraphiQL sends an operation to the endpoint (GraphQL over HTTP: POST, JSON).
//
// SPDX-License-Identifier: MIT

import type { ExecutionResult } from 'graphql'
import { withoutOldName } from './operation.ts'
import type { Operation } from './operation.ts'
import { takeWarning } from './warning.ts'

/**
 * The page's own address is the endpoint, under whatever prefix it is.  Web servers take several slashes for
 * one; to a browser a path that begins with two is the name of a host.
 */
export const endpoint = location.pathname.replace(/\/{2,}/g, '/')

const MAX_SHOWN = 300

/** Send an operation. An answer that is not GraphQL's, or none, is an Error with what to look at. */
export async function send(operation: Operation, headers: Record<string, string>): Promise<ExecutionResult> {
  const response = await post(operation, headers)
  const text = await response.text()
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer))
      return takeWarning(answer as ExecutionResult)
  } catch {
    // Below.
  }
  const excerpt = text.trim().slice(0, MAX_SHOWN)
  throw failure(`The answer to POST ${endpoint} is not GraphQL's: ${response.status} ${response.statusText}. ${excerpt}`.trim())
}

async function post(operation: Operation, headers: Record<string, string>): Promise<Response> {
  const all = new Headers({
    Accept: 'application/graphql-response+json, application/json;q=0.9',
    'Content-Type': 'application/json',
    // Where only documents of a list are answered, whoever develops may send others.
    'Linnet-Document': 'any',
  })
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  try {
    return await fetch(endpoint, { method: 'POST', headers: all, body: JSON.stringify(withoutOldName(operation)) })
  } catch {
    throw failure(`No answer from ${location.origin}${endpoint}. Does the server run?`)
  }
}

/** An Error without a stack: GraphiQL shows all that it has, and where our code is helps nobody. */
function failure(message: string): Error {
  const error = new Error(message)
  delete error.stack
  return error
}
