// fill.tsx - the token of who is signed in, in the header editor of each tab that is shown.
//
// Who takes it out by hand asks as nobody in that tab, until the next sign-in.  A tab that has an
// Authorization of its own keeps it.  After signing out ours goes.
//
// SPDX-License-Identifier: MIT

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef, useState } from 'react'
import { useValue } from '../value.ts'
import { authorizationOf, withAuthorization } from './headers.ts'
import { session } from './session.ts'

export function FillHeaders() {
  const current = useValue(session)?.authorization ?? null
  const headerEditor = useGraphiQL((state) => state.headerEditor)
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id)
  const { introspect } = useGraphiQLActions()
  const [replacements, setReplacements] = useState(0)
  const ours = useRef(new Set<string>())
  const asNobody = useRef(new Set<string | undefined>())
  const shown = useRef(current)

  // GraphiQL replaces the whole text, for another tab or one of the history; people edit it.
  useEffect(() => {
    const listening = headerEditor?.onDidChangeModelContent(({ isFlush }) => {
      if (isFlush) setReplacements((count) => count + 1)
      else if (authorizationOf(headerEditor.getValue()) === null) asNobody.current.add(tab)
      else asNobody.current.delete(tab)
    })
    return () => listening?.dispose()
  }, [headerEditor, tab])

  useEffect(() => {
    if (current !== null) ours.current.add(current)
    if (shown.current !== current) asNobody.current.clear()
    shown.current = current
  }, [current])

  useEffect(() => {
    if (!headerEditor) return
    const text = headerEditor.getValue()
    const there = authorizationOf(text)
    const isStale = there !== null && there !== current && ours.current.has(there)
    const isMissing = there === null && current !== null && !asNobody.current.has(tab)
    const wanted = isStale || isMissing ? withAuthorization(text, current) : text
    if (wanted !== text) headerEditor.setValue(wanted)
  }, [current, headerEditor, tab, replacements])

  // Another role may see another schema.
  const read = useRef<string | null>(null)
  useEffect(() => {
    if (!headerEditor || read.current === current) return
    read.current = current
    void introspect()
  }, [current, headerEditor, introspect])
  return null
}
