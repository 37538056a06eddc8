// fill.tsx - the token of who is signed in, in the header editor of each tab that is shown.
//
// A tab gets it once, so that who takes it out can ask as nobody. A tab that has an
// Authorization of its own keeps it. After signing out ours goes.
//
// SPDX-License-Identifier: MIT

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef } from 'react'
import { useValue } from '../value.ts'
import { authorizationOf, withAuthorization } from './headers.ts'
import { session } from './session.ts'

export function FillHeaders() {
  const current = useValue(session)?.authorization ?? null
  const headerEditor = useGraphiQL((state) => state.headerEditor)
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id)
  const { introspect } = useGraphiQLActions()
  const ours = useRef(new Set<string>())
  const filled = useRef(new Set<string>())
  const read = useRef<string | null>(null)

  useEffect(() => {
    if (!headerEditor || tab === undefined) return
    const text = headerEditor.getValue()
    const there = authorizationOf(text)
    const isStale = there !== null && there !== current && ours.current.has(there)
    const isMissing = there === null && current !== null && !filled.current.has(`${tab} ${current}`)
    if (isStale || isMissing) headerEditor.setValue(withAuthorization(text, current))
    if (current !== null) {
      ours.current.add(current)
      filled.current.add(`${tab} ${current}`)
    }
    // Another role may see another schema.
    if (read.current !== current) {
      read.current = current
      void introspect()
    }
  }, [current, headerEditor, tab, introspect])
  return null
}
