// app.tsx - GraphiQL with our plugins.
//
// SPDX-License-Identifier: MIT

import { GraphiQL } from 'graphiql'
import { endpointStorage } from './storage.ts'
import { endpoint, send, type Operation } from './fetcher.ts'

const storage = endpointStorage(localStorage, endpoint)

function fetcher(operation: Operation, options?: { headers?: Record<string, string> | null }) {
  return send(operation, options?.headers ?? {})
}

export function App() {
  return <GraphiQL fetcher={fetcher} storage={storage} />
}
