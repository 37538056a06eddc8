// address.ts - an operation that came with the address: `graphql#query=...&variables=...`.
//
// In the fragment, which browsers send to nobody: it is in no log, and has no bound but theirs.
// It is shown, and never run: whoever made the link is not who reads it.
//
// SPDX-License-Identifier: MIT

import { parse, print } from 'graphql'

export interface Given {
  query: string
  variables?: string
}

/** What the fragment of an address gives, the document in the usual form; null if it gives no document. */
export function givenOperation(fragment: string): Given | null {
  const params = new URLSearchParams(fragment.replace(/^#/, ''))
  const query = params.get('query')?.trim()
  if (!query) return null
  const variables = params.get('variables')?.trim()
  return { query: formatted(query), ...(variables && { variables }) }
}

/** With the comments that it begins with; others have no place in what is parsed. */
function formatted(document: string): string {
  const comments = /^(?:\s*#.*\n)*/.exec(document)?.[0] ?? ''
  const rest = document.slice(comments.length)
  try {
    return rest.includes('#') ? document : comments + print(parse(rest))
  } catch {
    // The editor says what is wrong with it.
    return document
  }
}
