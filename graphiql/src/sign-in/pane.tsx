// pane.tsx - "Sign in": a form for the mutation that gives a token, if the contract has one.
//
// SPDX-License-Identifier: MIT

import { Button, useGraphiQL, type GraphiQLPlugin } from '@graphiql/react'
import { useId, useMemo, useState, type FormEvent } from 'react'
import { send } from '../fetcher.ts'
import { Pane } from '../pane.tsx'
import { useValue } from '../value.ts'
import { findSignIn, type SignInMutation } from './find.ts'
import { endOf, session, type Session } from './session.ts'

export const SIGN_IN_PLUGIN: GraphiQLPlugin = { title: 'Sign in', icon: SignInIcon, content: SignInPane }

function SignInIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <circle cx="12" cy="8" r="4.5" />
      <path d="M3.5 21c1-4 4.5-6 8.5-6s7.500 2 8.500 6" />
    </svg>
  )
}

function SignInPane() {
  const current = useValue(session)
  const schema = useGraphiQL((state) => state.schema)
  const mutation = useMemo(() => schema && findSignIn(schema), [schema])
  return (
    <Pane title="Sign in">
      {current ? <SignedIn current={current} /> : mutation ? <Form mutation={mutation} /> : <NoMutation isKnown={schema !== null} />}
    </Pane>
  )
}

function NoMutation({ isKnown }: { isKnown: boolean }) {
  if (!isKnown) return <p>The schema is not there yet.</p>
  return (
    <p>
      No mutation of this contract takes a username and a password and gives a token. Put an <code>Authorization</code> into
      Headers instead.
    </p>
  )
}

function SignedIn({ current }: { current: Session }) {
  const end = endOf(current)
  return (
    <>
      <p role="status">
        Signed in as <strong>{current.username}</strong>
        {end && `, until ${end.toLocaleTimeString()}`}.
      </p>
      <p>
        Each tab has the token in its Headers. Take it out there to ask as nobody. It is forgotten when this browser tab is
        closed.
      </p>
      <Button type="button" onClick={() => session.set(null)}>
        Sign out
      </Button>
    </>
  )
}

function Form({ mutation }: { mutation: SignInMutation }) {
  const [error, setError] = useState('')
  const [isSending, setIsSending] = useState(false)
  const id = useId()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const username = String(form.get('username'))
    setIsSending(true)
    setError('')
    try {
      const token = await ask(mutation, username, String(form.get('password')))
      session.set({ username, authorization: `JWT ${token}` })
    } catch (reason) {
      setError((reason as Error).message)
      setIsSending(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} aria-busy={isSending}>
      <p>
        By the mutation <code>{mutation.field}</code>.
      </p>
      <label htmlFor={`${id}u`}>{labelOf(mutation.username)}</label>
      <input id={`${id}u`} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      <label htmlFor={`${id}p`}>Password</label>
      <input id={`${id}p`} name="password" type="password" autoComplete="current-password" required />
      {error && (
        <p role="alert" className="pane-error">
          {error}
        </p>
      )}
      <Button type="submit" disabled={isSending}>
        {isSending ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}

/** Run the mutation: the token, or an Error that says why there is none. */
async function ask(mutation: SignInMutation, username: string, password: string): Promise<string> {
  const { data, errors } = await send({ query: mutation.document, variables: { username, password } }, {})
  const token = (data?.['signIn'] as { token?: unknown } | null | undefined)?.token
  if (typeof token === 'string' && token) return token
  throw new Error(errors?.map((error) => error.message).join(' ') || 'The answer has no token.')
}

/** `username` is shown as "Username", `emailAddress` as "Email address". */
function labelOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
