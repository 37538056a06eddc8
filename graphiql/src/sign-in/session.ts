// session.ts - who is signed in, on this page: kept until the browser's tab is closed.
//
// SPDX-License-Identifier: MIT

import { endpoint } from '../fetcher.ts'
import { Value } from '../value.ts'

export interface Session {
  username: string
  /** The value of the header Authorization. */
  authorization: string
}

const KEY = `${endpoint} session`

/** Null: nobody. */
export const session = new Value<Session | null>(restored())

session.follow(() => {
  const current = session.get()
  if (current) sessionStorage.setItem(KEY, JSON.stringify(current))
  else sessionStorage.removeItem(KEY)
})

function restored(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null
  } catch {
    return null
  }
}

/** When the token ends, if it is a JWT that says so (RFC 7519 4.1.4). */
export function endOf({ authorization }: Session): Date | null {
  try {
    const claims = authorization.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    const { exp } = JSON.parse(atob(claims)) as { exp?: unknown }
    return typeof exp === 'number' ? new Date(1000 * exp) : null
  } catch {
    return null
  }
}
