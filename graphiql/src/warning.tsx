// warning.tsx - what does not fit, above all, until it is mended.
//
// The server says it with each answer.  Who mends it is in an editor and comes back: then, and while
// it is shown, the server is asked again.
//
// SPDX-License-Identifier: MIT

import { useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'
import { send } from './fetcher.ts'
import { useValue } from './value.ts'
import { warning } from './warning.ts'

const PAUSE = 1000

function ask(): void {
  // No answer is no news.
  if (document.visibilityState === 'visible') send({ query: '{ __typename }' }, {}).catch(() => undefined)
}

export function Warning() {
  const text = useValue(warning)
  const { introspect } = useGraphiQLActions()

  useEffect(() => {
    addEventListener('focus', ask)
    return () => removeEventListener('focus', ask)
  }, [])

  useEffect(() => {
    if (text === null) return
    const timer = setInterval(ask, PAUSE)
    return () => {
      clearInterval(timer)
      // What has been mended may be a new field.
      if (warning.get() === null) void introspect()
    }
  }, [text, introspect])

  if (text === null) return null
  return (
    <div className="warning" role="alert" aria-label="Warning">
      <pre tabIndex={0}>{text}</pre>
    </div>
  )
}
