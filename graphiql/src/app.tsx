// app.tsx - GraphiQL with our panes, and how it sends operations.
//
// SPDX-License-Identifier: MIT

import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { getIntrospectionQuery } from 'graphql'
import { givenOperation } from './address.ts'
import { FirstVisit } from './examples/first-visit.tsx'
import { EXAMPLES_PLUGIN } from './examples/pane.tsx'
import { EXPLAIN_HEADER, isAsking, takeExplanation } from './explain/ask.ts'
import { ExplainLine } from './explain/line.tsx'
import { EXPLAIN_PLUGIN } from './explain/pane.tsx'
import { endpoint, send } from './fetcher.ts'
import type { Operation } from './operation.ts'
import { SchemaError } from './schema-error.tsx'
import { FillHeaders } from './sign-in/fill.tsx'
import { SIGN_IN_PLUGIN } from './sign-in/pane.tsx'
import { endpointStorage } from './storage.ts'
import { Warning } from './warning.tsx'

const storage = endpointStorage(localStorage, endpoint)
const isFirstVisit = storage.getItem('graphiql:tabState') === null
const given = givenOperation(location.hash)
// Once: what is typed over it stays when the page is loaded again.
if (given) history.replaceState(history.state, '', location.pathname + location.search)
const plugins = [HISTORY_PLUGIN, EXAMPLES_PLUGIN, SIGN_IN_PLUGIN, EXPLAIN_PLUGIN]

// All that there is to know of a schema; GraphiQL's own query leaves @oneOf out.
const INTROSPECTION = getIntrospectionQuery({
  schemaDescription: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  inputValueDeprecation: true,
  oneOf: true,
})

async function fetcher(operation: Operation, options?: { headers?: Record<string, string> | null }) {
  const headers = options?.headers ?? {}
  if (operation.operationName === 'IntrospectionQuery' && operation.query.includes('__schema'))
    return send({ ...operation, query: INTROSPECTION }, headers)
  if (!isAsking.get()) return send(operation, headers)
  return takeExplanation(operation.operationName ?? '', await send(operation, { [EXPLAIN_HEADER]: '1', ...headers }))
}

export function App() {
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      defaultQuery=""
      {...(given && { initialQuery: given.query, initialVariables: given.variables ?? '' })}
      showPersistHeadersSettings={false}
      defaultEditorToolsVisibility
    >
      <GraphiQL.Logo>
        <h1>
          Graph<em>i</em>QL
        </h1>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <ExplainLine />
      </GraphiQL.Footer>
      {isFirstVisit && !given && <FirstVisit />}
      <FillHeaders />
      <SchemaError />
      <Warning />
    </GraphiQL>
  )
}
