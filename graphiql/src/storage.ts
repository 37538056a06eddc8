// storage.ts - what GraphiQL remembers: below a key of the endpoint, and no secrets.
//
// Tabs, history and sizes are kept in localStorage, which every page of this origin reads and
// which lasts. So headers, which hold tokens, are never kept, and neither is the text of a
// string that is named like a password or a token.
//
// SPDX-License-Identifier: MIT

/** `"password": "..."` in JSON, or `password: "..."` in a document, there also as a block string. */
const SECRET = /(\b\w*(?:password|secret|token)\w*"?\s*:\s*)(?:"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*")/gi

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(SECRET, '$1""')
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'headers' ? null : withoutSecrets(member)]))
}

/** The text of one item, as it may be kept: JSON is looked into, since strings within it are escaped. */
export function keepable(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && ('tabs' in value || 'queries' in value || 'favorites' in value))
      return JSON.stringify(withoutSecrets(value))
  } catch {
    // A document, or a size.
  }
  return text.replace(SECRET, '$1""')
}

/** A view of `store` in which every key begins with the endpoint's address. */
export function endpointStorage(store: Storage, endpoint: string): Storage {
  const prefix = `${endpoint} `
  const ours = () => Object.keys(store).filter((key) => key.startsWith(prefix))
  return {
    get length() {
      return ours().length
    },
    key: (index) => ours()[index]?.slice(prefix.length) ?? null,
    getItem: (key) => store.getItem(prefix + key),
    setItem: (key, text) => store.setItem(prefix + key, keepable(text)),
    removeItem: (key) => store.removeItem(prefix + key),
    clear: () => ours().forEach((key) => store.removeItem(key)),
  }
}
