// lists.ts - the lists of links: their addresses, orders, and the pages of them.
//
// This is also what early.ts needs, before all else is there: nothing is imported here.
//
// SPDX-License-Identifier: MIT

export const PAGE = 30;

/** The pages that are lists, with what they are sorted by. */
const orders: Record<string, 'hot' | 'createdAt' | 'voteCount'> = {
    '': 'hot',
    newest: 'createdAt',
    best: 'voteCount',
};

export interface PageVariables {
    first?: number;
    after?: string;
    last?: number;
    before?: string;
}

/** The page of a connection that an address names: `?after=CURSOR` or `?before=CURSOR`. */
export function pageVariables(params: URLSearchParams, size: number): PageVariables {
    const before = params.get('before');
    const after = params.get('after');
    if (before) {
        return { last: size, before };
    }
    return after ? { first: size, after } : { first: size };
}

/** The variables of the document Links for a page; null if it is not a list. */
export function listVariables(page: string, params: URLSearchParams) {
    const order = Object.hasOwn(orders, page) ? orders[page] : undefined;
    if (!order) {
        return null;
    }
    return { ...pageVariables(params, PAGE), orderBy: [{ [order]: 'DESC' }] };
}
