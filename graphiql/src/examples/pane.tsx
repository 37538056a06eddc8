// pane.tsx - "Examples": an operation for each root field; a click opens it in a tab.
//
// SPDX-License-Identifier: MIT

import { useGraphiQL, useGraphiQLActions, UnStyledButton, type GraphiQLPlugin } from '@graphiql/react'
import { useMemo, useState } from 'react'
import { Pane } from '../pane.tsx'
import { exampleOperations, type Example } from './examples.ts'

export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: 'Examples', icon: ExamplesIcon, content: ExamplesPane }

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <rect x="3" y="3" width="18" height="18" rx="3" />
      <path d="M7.5 8.5 11 12l-3.5 3.5M13 16h4" strokeLinejoin="round" />
    </svg>
  )
}

function ExamplesPane() {
  const schema = useGraphiQL((state) => state.schema)
  const examples = useMemo(() => (schema ? exampleOperations(schema) : []), [schema])
  const [wanted, setWanted] = useState('')
  const shown = examples.filter((example) => example.field.toLowerCase().includes(wanted.trim().toLowerCase()))
  return (
    <Pane title="Examples">
      <p>An operation for each field of this contract. Its variables have values that you may change.</p>
      <input
        type="search"
        aria-label="Find an example"
        placeholder="Find"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {!schema && <p>The schema is not there yet.</p>}
      {schema && shown.length === 0 && <p>No field has this in its name.</p>}
      <ExampleList title="Queries" examples={shown.filter((example) => example.kind === 'query')} />
      <ExampleList title="Mutations" examples={shown.filter((example) => example.kind === 'mutation')} />
    </Pane>
  )
}

function ExampleList({ title, examples }: { title: string; examples: Example[] }) {
  const open = useOpenExample()
  if (examples.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="pane-list">
        {examples.map((example) => (
          <li key={example.field}>
            <UnStyledButton type="button" onClick={() => open(example)}>
              <code>{example.field}</code>
              {example.description && <span>{example.description}</span>}
            </UnStyledButton>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Show an example: in the tab at hand if nothing is in it, otherwise in a new one. */
function useOpenExample(): (example: Example) => void {
  const { addTab } = useGraphiQLActions()
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const variableEditor = useGraphiQL((state) => state.variableEditor)
  return (example) => {
    if (queryEditor?.getValue().trim()) addTab()
    queryEditor?.setValue(example.document)
    variableEditor?.setValue(example.variables)
    queryEditor?.focus()
  }
}
