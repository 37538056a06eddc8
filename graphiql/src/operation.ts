// operation.ts - what GraphiQL asks for, and which operation of a document it means.
//
// SPDX-License-Identifier: MIT

import { parse } from 'graphql'

/** A document with its variables, and the name of the operation that is to run. */
export interface Operation {
  query: string
  operationName?: string | null
  variables?: unknown
}

/**
 * The same without a name that the document does not have.  GraphiQL reads the names a moment after the text
 * has changed: who is quicker would ask for an operation of the text before.
 */
export function withoutOldName(operation: Operation): Operation {
  const { operationName, ...rest } = operation
  if (!operationName || namesOf(operation.query)?.includes(operationName) !== false) return operation
  return rest
}

/** The names of a document's operations; null for what is no document, about which the server says more. */
function namesOf(document: string): string[] | null {
  try {
    return parse(document).definitions.flatMap((definition) =>
      definition.kind === 'OperationDefinition' && definition.name ? [definition.name.value] : [],
    )
  } catch {
    return null
  }
}
