// rank.ts - the numbers before the links of a list, over its pages: `?after=CURSOR&n=31`.
//
// A cursor does not say how many links stand before it, so the address does.
//
// SPDX-License-Identifier: MIT
import { PAGE } from './lists';

/** The rank of the first link of the page. */
export function firstRank(params: URLSearchParams, hasPrevious: boolean): number {
    if (!params.has('after') && (!params.has('before') || !hasPrevious)) {
        return 1;
    }
    const n = Number(params.get('n'));
    return Number.isSafeInteger(n) && n >= 1 && n <= 1e9 ? n : 1;
}

export interface Connection {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor?: string | null;
    endCursor?: string | null;
}

/** The parameters of the pages on both sides; null where there is none. */
export function neighbours(info: Connection, first: number, count: number) {
    const previous = info.hasPreviousPage && info.startCursor;
    const next = info.hasNextPage && info.endCursor;
    return {
        previous: previous ? { before: previous, n: Math.max(1, first - PAGE) } : null,
        next: next ? { after: next, n: first + count } : null,
    };
}
