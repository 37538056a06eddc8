// value.ts - a value that components follow and anybody may set.
//
// SPDX-License-Identifier: MIT

import { useSyncExternalStore } from 'react'

export class Value<T> {
  #current: T
  readonly #listeners = new Set<() => void>()

  constructor(initial: T) {
    this.#current = initial
  }

  get = (): T => this.#current

  set = (next: T): void => {
    this.#current = next
    this.#listeners.forEach((listener) => listener())
  }

  follow = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export function useValue<T>(value: Value<T>): T {
  return useSyncExternalStore(value.follow, value.get)
}
