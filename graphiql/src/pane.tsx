// pane.tsx - what our panes beside the editors have in common.
//
// SPDX-License-Identifier: MIT

import { CopyIcon, Tooltip, UnStyledButton } from '@graphiql/react'
import { useEffect, useState, type ReactNode } from 'react'

export function Pane({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="pane" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

const SHOWN_FOR = 2000

/** A button that copies a text and says so. */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const [outcome, setOutcome] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setOutcome(''), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [outcome])
  // Without https, and not on this machine, browsers have no clipboard.
  const copy = () =>
    (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setOutcome('Copied'),
      () => setOutcome('Not copied: select the text instead'),
    )
  return (
    <span className="pane-copy">
      <span role="status">{outcome}</span>
      <Tooltip label={`Copy ${what}`}>
        <UnStyledButton type="button" aria-label={`Copy ${what}`} onClick={() => void copy()}>
          <CopyIcon aria-hidden="true" />
        </UnStyledButton>
      </Tooltip>
    </span>
  )
}
