// attempt.ts - the key by which the server knows what it was sent before.
//
// An answer may be lost on its way. Whoever sends the same once more sends it with the same key, and
// the server does it once (@idempotent of its contract). What is not the same has a key of its own.
// The key is kept with the draft, over a reload too, and goes with it.
//
// SPDX-License-Identifier: MIT
import { tabMemory } from '../ui/storage';
import { draftKey } from './draft';

const place = (form: string) => `${draftKey(form)}:attempt`;

/** 128 random bits.  (`crypto.randomUUID` is missing where the page came over plain http.) */
function newKey(): string {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The key for sending this: that of the last attempt if it was the same. */
export function attemptKey(form: string, sent: object): string {
    const what = JSON.stringify(sent);
    try {
        const kept = JSON.parse(tabMemory.read(place(form)) ?? '{}') as { key?: unknown; what?: unknown };
        if (typeof kept.key === 'string' && kept.what === what) {
            return kept.key;
        }
    } catch {
        // Not ours, or cut: it is the first attempt.
    }
    const key = newKey();
    tabMemory.write(place(form), JSON.stringify({ key, what }));
    return key;
}

/** What came of it is known: the next is another submission, even of the same. */
export function forgetAttempt(form: string): void {
    tabMemory.write(place(form), null);
}
