// schema-error.tsx - why the schema could not be read, and how to try again.
//
// SPDX-License-Identifier: MIT

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'

export function SchemaError() {
  const fetchError = useGraphiQL((state) => state.fetchError)
  const { introspect } = useGraphiQLActions()
  if (!fetchError) return null
  return (
    <div className="schema-error" role="alert">
      <p>
        <strong>The schema could not be read.</strong> {messageOf(fetchError)}
      </p>
      <p>
        Operations can be sent all the same. If the server wants to know who asks, put an <code>Authorization</code> into
        Headers.
      </p>
      <button type="button" onClick={() => void introspect()}>
        Try again
      </button>
    </div>
  )
}

/** GraphiQL keeps the text of an answer, or of an error that it has made itself. */
function messageOf(fetchError: string): string {
  try {
    const { errors, message } = JSON.parse(fetchError) as { errors?: { message?: string }[]; message?: string }
    return errors?.map((error) => error.message).join(' ') || message || fetchError
  } catch {
    return fetchError
  }
}
