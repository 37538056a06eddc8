// line.tsx - below the answer: that it was explained, and the way to the pane.
//
// SPDX-License-Identifier: MIT

import { UnStyledButton, useGraphiQL } from '@graphiql/react'
import { useValue } from '../value.ts'
import { lastAsked } from './ask.ts'
import { EXPLAIN_PLUGIN, summary } from './pane.tsx'

export function ExplainLine() {
  const asked = useValue(lastAsked)
  const hasAnswer = useGraphiQL((state) => Boolean(state.tabs[state.activeTabIndex]?.response))
  const isOpen = useGraphiQL((state) => state.visiblePlugin === EXPLAIN_PLUGIN)
  if (!asked?.explanation || !hasAnswer || isOpen) return null
  return (
    <p className="explain-line">
      {asked.operation && `${asked.operation}: `}
      {summary(asked.explanation)}
      <UnStyledButton type="button" onClick={openPane}>
        Explain
      </UnStyledButton>
    </p>
  )
}

/** Only the button at the left also makes room for the pane: setVisiblePlugin() does not. */
function openPane(): void {
  document.querySelector<HTMLButtonElement>(`button[aria-label="Show ${EXPLAIN_PLUGIN.title}"]`)?.click()
}
