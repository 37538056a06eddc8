// first-visit.tsx - who comes for the first time sees an operation that can be run.
//
// SPDX-License-Identifier: MIT

import { formatShortcutForOS, KEY_MAP, useGraphiQL } from '@graphiql/react'
import { useEffect, useRef } from 'react'
import { firstExample } from './examples.ts'

/** Once the schema is there, and if nothing was typed until then, put the first example into the editor. */
export function FirstVisit() {
  const schema = useGraphiQL((state) => state.schema)
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const isDone = useRef(false)
  useEffect(() => {
    if (!schema || !queryEditor || isDone.current) return
    isDone.current = true
    const example = firstExample(schema)
    if (!example || queryEditor.getValue().trim()) return
    const keys = formatShortcutForOS(KEY_MAP.runQuery.key, 'Cmd')
    queryEditor.setValue(`# ${keys} runs this.\n# There is more under Examples, on the left.\n${example.document}`)
  }, [schema, queryEditor])
  return null
}
