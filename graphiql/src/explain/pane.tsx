// pane.tsx - "Explain": the plan, the SQL and the times of the operation that ran last.
//
// SPDX-License-Identifier: MIT

import type { GraphiQLPlugin } from '@graphiql/react'
import { CopyButton, Pane } from '../pane.tsx'
import { useValue } from '../value.ts'
import { EXPLAIN_HEADER, isAsking, lastAsked, type Asked } from './ask.ts'
import { inLines, type Explanation, type Statement } from './explanation.ts'

export const EXPLAIN_PLUGIN: GraphiQLPlugin = { title: 'Explain', icon: ExplainIcon, content: ExplainPane }

function ExplainIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <path d="M3 3.5h7M3 12h11M3 20.5h4" />
      <path d="M14 3.5h7M18 12h3M11 20.5h10" opacity=".45" />
    </svg>
  )
}

function ExplainPane() {
  const asking = useValue(isAsking)
  const asked = useValue(lastAsked)
  return (
    <Pane title="Explain">
      <label className="pane-switch">
        <input type="checkbox" checked={asking} onChange={(event) => isAsking.set(event.currentTarget.checked)} />
        <span>
          Ask the server: <code>{EXPLAIN_HEADER}: 1</code>
        </span>
      </label>
      {asked === null ? <p>Run an operation to see its plan, its SQL and its times.</p> : <Answered asked={asked} />}
    </Pane>
  )
}

function Answered({ asked }: { asked: Asked }) {
  if (asked.explanation === null)
    return <p role="status">The server did not explain {asked.operation || 'this operation'}. It does so in development only.</p>
  return <Explained operation={asked.operation} explanation={asked.explanation} />
}

function Explained({ operation, explanation }: { operation: string; explanation: Explanation }) {
  const { plan, statements, times } = explanation
  return (
    <>
      <p role="status">
        {operation || 'The operation'}: {summary(explanation)}
      </p>
      <h3>Times</h3>
      <Bars times={times} />
      <h3>Statements</h3>
      {statements.length === 0 && <p>None was sent to PostgreSQL.</p>}
      {statements.map((statement, index) => (
        <StatementView key={index} statement={statement} />
      ))}
      {plan !== null && (
        <>
          <div className="pane-code-title">
            <h3>Plan</h3>
            <CopyButton what="the plan" text={plan} />
          </div>
          <pre tabIndex={0} aria-label="Plan">
            {plan}
          </pre>
        </>
      )}
    </>
  )
}

/** Such as "2 statements, 1.3 ms". */
export function summary({ statements, times }: Explanation): string {
  const total = times.reduce((sum, [, milliseconds]) => sum + milliseconds, 0)
  return `${statements.length} ${statements.length === 1 ? 'statement' : 'statements'}, ${inMilliseconds(total)}`
}

function inMilliseconds(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`
}

function Bars({ times }: Pick<Explanation, 'times'>) {
  const longest = Math.max(...times.map(([, milliseconds]) => milliseconds), Number.MIN_VALUE)
  return (
    <table className="pane-bars">
      <tbody>
        {times.map(([phase, milliseconds]) => (
          <tr key={phase}>
            <th scope="row">{phase}</th>
            <td>
              <div className="pane-bar" style={{ width: `${(100 * milliseconds) / longest}%` }} />
            </td>
            <td>{inMilliseconds(milliseconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function StatementView({ statement }: { statement: Statement }) {
  const { wave, path, sql, rows, milliseconds } = statement
  const outcome = rows === null ? 'failed' : `${rows} ${rows === 1 ? 'row' : 'rows'}`
  return (
    <section aria-label={`Statement for ${path}`}>
      <div className="pane-code-title">
        <h4>
          <code>{path}</code>
        </h4>
        <span>
          wave {wave}, {outcome}
          {milliseconds !== null && `, ${inMilliseconds(milliseconds)}`}
        </span>
        <CopyButton what={`the SQL for ${path}`} text={sql} />
      </div>
      <pre tabIndex={0} aria-label={`SQL for ${path}`}>
        {inLines(sql)}
      </pre>
    </section>
  )
}
