// headers.ts - the text of the header editor with another Authorization in it.
//
// SPDX-License-Identifier: MIT

/** The Authorization that a text of headers names, or null; also where it is no JSON yet. */
export function authorizationOf(text: string): string | null {
  const headers = parsed(text)
  const name = headers && authorizationName(headers)
  return name ? String(headers[name]) : null
}

/** The same headers with this Authorization, or without one if it is null. Text that is no JSON stays as it is. */
export function withAuthorization(text: string, authorization: string | null): string {
  const headers = parsed(text)
  if (headers === null) return text
  const name = authorizationName(headers)
  if (name) delete headers[name]
  const all = authorization === null ? headers : { ...headers, Authorization: authorization }
  return Object.keys(all).length > 0 ? JSON.stringify(all, null, 2) : ''
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function authorizationName(headers: Record<string, unknown>): string | undefined {
  return Object.keys(headers).find((name) => name.toLowerCase() === 'authorization')
}
