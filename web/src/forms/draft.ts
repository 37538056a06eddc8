// draft.ts - what was typed into a form, kept over a reload.
//
// It is for who has typed it: the next viewer of the same tab does not find it.  Passwords are not
// of it: a form keeps those in variables of its own.
//
// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { tabMemory } from '../ui/storage';

export interface Draft<Name extends string> {
    values: Record<Name, string>;
    set: (name: Name, value: string) => void;
    /** It was sent, and is no longer needed. */
    forget: () => void;
}

function read<Name extends string>(key: string, initial: Record<Name, string>): Record<Name, string> {
    const values = { ...initial };
    try {
        const kept = JSON.parse(tabMemory.read(key) ?? '{}') as Record<string, unknown>;
        for (const name of Object.keys(initial) as Name[]) {
            const value = kept[name];
            if (typeof value === 'string') {
                values[name] = value;
            }
        }
    } catch {
        // Not ours, or cut: the form begins anew.
    }
    return values;
}

/** Where the tab keeps what is of this form's draft; forgetDrafts() removes all that begins so. */
export const draftKey = (form: string) => `draft:${form}`;

/** `form` tells one form from another, such as `edit:7`. */
export function useDraft<Name extends string>(form: string, initial: Record<Name, string>): Draft<Name> {
    const key = draftKey(form);
    const [values, setValues] = useState(() => read(key, initial));
    return {
        values,
        set(name, value) {
            setValues((before) => {
                const next = { ...before, [name]: value };
                tabMemory.write(key, JSON.stringify(next));
                return next;
            });
        },
        forget: () => tabMemory.write(key, null),
    };
}

/** Whose drafts they are. */
const OWNER = 'drafts-of';

/** They were somebody's who has gone. */
export function forgetDrafts(): void {
    tabMemory.removeAll('draft:');
    tabMemory.write(OWNER, null);
}

/** This user is here now.  Whoever was nobody until then keeps what they have typed. */
export function ownDrafts(user: string): void {
    const owner = tabMemory.read(OWNER);
    if (owner !== null && owner !== user) {
        forgetDrafts();
    }
    tabMemory.write(OWNER, user);
}
