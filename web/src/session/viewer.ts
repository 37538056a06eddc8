// viewer.ts - who is signed in, as the last answer has said.
//
// SPDX-License-Identifier: MIT
import { createStore } from '../ui/store';

export interface Viewer {
    id: string;
    username: string;
}

/** Undefined: no answer has come yet; null: nobody. */
const store = createStore<Viewer | null | undefined>(undefined);

export const viewer = {
    ...store,
    /** The same user again is no change. */
    note(next: Viewer | null): void {
        const now = store.get();
        if (!now || !next || now.id !== next.id || now.username !== next.username) {
            store.set(next && { id: next.id, username: next.username });
        }
    },
};

/** Where the server sets no cookies: over plain http from another machine, and by `linnet mock`. */
export interface Tokens {
    access: string;
    /** Null from a server that has no sessions. */
    refresh: string | null;
}

/** While the page is open. */
export const tokens = createStore<Tokens | null>(null);

/** What is to be said above the page, such as that the session has ended. */
export const notice = createStore<string | null>(null);
