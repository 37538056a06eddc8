// line.tsx - below the answer: that it was explained, and the way to the pane.
//
// SPDX-License-Identifier: MIT

import { UnStyledButton, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useValue } from '../value.ts'
import { lastAsked } from './ask.ts'
import { EXPLAIN_PLUGIN, summary } from './pane.tsx'

export function ExplainLine() {
  const explanation = useValue(lastAsked)?.explanation
  const isOpen = useGraphiQL((state) => state.visiblePlugin === EXPLAIN_PLUGIN)
  const { setVisiblePlugin } = useGraphiQLActions()
  if (!explanation || isOpen) return null
  return (
    <p className="explain-line">
      {summary(explanation)}
      <UnStyledButton type="button" onClick={() => setVisiblePlugin(EXPLAIN_PLUGIN)}>
        Explain
      </UnStyledButton>
    </p>
  )
}
