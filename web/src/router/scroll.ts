// scroll.ts - how far down each page of the history was read.
//
// SPDX-License-Identifier: MIT
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tabMemory } from '../ui/storage';
import { useStore } from '../ui/store';
import { address } from './router';

export function keepScroll(key: string): void {
    tabMemory.write(`scroll:${key}`, String(Math.round(scrollY)));
}

/**
 * Put the page where it was left, as soon as it has its content: `isReady`.  A page that
 * was not there before begins at its top.
 */
export function useScroll(isReady: boolean): void {
    const { key, how } = useStore(address);
    const done = useRef('');
    useLayoutEffect(() => {
        if (isReady && done.current !== key) {
            done.current = key;
            const top = how === 'push' ? 0 : Number(tabMemory.read(`scroll:${key}`));
            // (Where it is already, the browser need not lay out the page for it.)
            if (how !== 'load' || top > 0) {
                scrollTo(0, top);
            }
        }
    }, [isReady, key, how]);
}
