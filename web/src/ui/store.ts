// store.ts - one value that several components watch.
//
// SPDX-License-Identifier: MIT
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Store<T> {
    get(): T;
    /** Watchers are told only if the value is another one. */
    set(value: T): void;
    /** Returns what ends it. */
    watch(watcher: (value: T) => void): () => void;
}

export function createStore<T>(value: T): Store<T> {
    const watchers = new Set<(value: T) => void>();
    return {
        get: () => value,
        set(next) {
            if (next !== value) {
                value = next;
                for (const watcher of [...watchers]) {
                    watcher(value);
                }
            }
        },
        watch(watcher) {
            watchers.add(watcher);
            return () => watchers.delete(watcher);
        },
    };
}

export function useStore<T>(store: Store<T>): T {
    const [value, setValue] = useState(() => store.get());
    useLayoutEffect(() => {
        // It may have changed between the first drawing and now.
        setValue(() => store.get());
        return store.watch((next) => setValue(() => next));
    }, [store]);
    return value;
}
