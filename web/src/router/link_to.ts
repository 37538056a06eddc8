// link_to.ts - addresses of this site, relative to any of its pages.
//
// SPDX-License-Identifier: MIT
import { pages } from './pages';

/** `linkTo('item', { id: 7 })` is `item?id=7`; parameters that are null are left out. */
export function linkTo(page: string, params: Record<string, string | number | null | undefined> = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) {
        if (value !== null && value !== undefined && value !== '') {
            search.set(name, String(value));
        }
    }
    const query = search.toString();
    return `${page || './'}${query && `?${query}`}`;
}

/** Where to go after signing in: an address of this site, whatever stands in `?next=`. */
export function safeNext(next: string | null): string {
    const name = next?.split('?')[0] ?? '';
    return next && name !== 'login' && name !== 'signup' && pages.some((page) => (page || './') === name) ? next : './';
}
