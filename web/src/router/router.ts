// router.ts - the address bar: which page it names, and going elsewhere without loading anew.
//
// SPDX-License-Identifier: MIT
import { createStore } from '../ui/store';
import { base } from './base';
import { type Page, pages } from './pages';
import { keepScroll } from './scroll';

export interface Address {
    /** Null: none of this site's. */
    page: Page | null;
    params: URLSearchParams;
    /** The same for the same entry of the history, also when it is left and found again. */
    key: string;
    /** `back` is a step in the history, to either side. */
    how: 'load' | 'push' | 'back';
}

const newKey = () => Math.random().toString(36).slice(2, 10);

function pageOf(path: string): Page | null {
    const name = path.startsWith(base) ? path.slice(base.length) : null;
    return pages.find((page) => page === name) ?? null;
}

function read(how: Address['how']): Address {
    const state = history.state as { key?: string } | null;
    if (!state?.key) {
        history.replaceState({ key: newKey() }, '');
    }
    return {
        page: pageOf(location.pathname),
        params: new URLSearchParams(location.search),
        key: (history.state as { key: string }).key,
        how,
    };
}

// Positions are ours to restore: the browser does it before the page has its height.
history.scrollRestoration = 'manual';
export const address = createStore(read('load'));

/** Go to an address of this site, such as `item?id=7`; `.` is the front page. */
export function go(href: string, { replace = false } = {}): void {
    keepScroll(address.get().key);
    const state = { key: newKey() };
    if (replace) {
        history.replaceState(state, '', href);
    } else {
        history.pushState(state, '', href);
    }
    address.set(read('push'));
}

/** Change the address of the page that is shown, which knows it already. */
export function rename(href: string): void {
    history.replaceState(history.state, '', href);
}

function follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
        return;
    }
    const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
    // A link with a fragment alone, such as the one that skips to the content, is the browser's.
    if (!link || link.target || link.origin !== location.origin || pageOf(link.pathname) === null || link.hash) {
        return;
    }
    event.preventDefault();
    go(link.href);
}

export function startRouter(): void {
    addEventListener('click', follow);
    addEventListener('popstate', () => {
        const { key } = address.get();
        if ((history.state as { key?: string } | null)?.key !== key) {
            keepScroll(key);
            address.set(read('back'));
        }
    });
    addEventListener('pagehide', () => keepScroll(address.get().key));
}
