// storage.ts - the browser's storage, which may be switched off or full: then nothing is kept.
//
// SPDX-License-Identifier: MIT

export interface Memory {
    read(key: string): string | null;
    /** Null removes it. */
    write(key: string, value: string | null): void;
    /** Removes whatever has a key that begins like this. */
    removeAll(prefix: string): void;
}

function memory(storage: () => Storage): Memory {
    return {
        read(key) {
            try {
                return storage().getItem(key);
            } catch {
                return null;
            }
        },
        write(key, value) {
            try {
                if (value === null) {
                    storage().removeItem(key);
                } else {
                    storage().setItem(key, value);
                }
            } catch {
                // Nothing is kept.
            }
        },
        removeAll(prefix) {
            try {
                const keys = Object.keys(storage()).filter((key) => key.startsWith(prefix));
                keys.forEach((key) => storage().removeItem(key));
            } catch {
                // Nothing is kept.
            }
        },
    };
}

/** Of this tab, also over a reload. */
export const tabMemory = memory(() => sessionStorage);
/** Of all tabs. */
export const sharedMemory = memory(() => localStorage);
