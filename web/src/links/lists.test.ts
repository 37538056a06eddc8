// lists.test.ts - see lists
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { listVariables, pageVariables } from './lists';
import { firstRank, neighbours } from './rank';

const params = (text: string) => new URLSearchParams(text);
const info = { hasNextPage: true, hasPreviousPage: true, startCursor: 'a+/', endCursor: 'z' };

test('a page is asked for forwards unless the address has `before`', () => {
    expect(pageVariables(params(''), 30)).toEqual({ first: 30 });
    expect(pageVariables(params('after=A'), 30)).toEqual({ first: 30, after: 'A' });
    expect(pageVariables(params('before=B'), 30)).toEqual({ last: 30, before: 'B' });
    expect(pageVariables(params('before=B&after=A'), 30)).toEqual({ last: 30, before: 'B' });
    expect(pageVariables(params('after=&before='), 30)).toEqual({ first: 30 });
});

test('each list has its order, and other pages are none', () => {
    expect(listVariables('', params(''))).toEqual({ first: 30, orderBy: [{ hot: 'DESC' }] });
    expect(listVariables('newest', params('after=A'))).toEqual({ first: 30, after: 'A', orderBy: [{ createdAt: 'DESC' }] });
    expect(listVariables('best', params(''))).toEqual({ first: 30, orderBy: [{ voteCount: 'DESC' }] });
    expect(listVariables('item', params(''))).toBeNull();
    expect(listVariables('constructor', params(''))).toBeNull();
});

test('ranks go on over pages', () => {
    const { next, previous } = neighbours(info, 31, 30);
    expect(next).toEqual({ after: 'z', n: 61 });
    expect(previous).toEqual({ before: 'a+/', n: 1 });
    expect(firstRank(params('after=z&n=61'), true)).toBe(61);
});

test('ranks of an address that is not ours begin at 1', () => {
    for (const n of ['0', '-3', 'x', '1.5', '1e300', '']) {
        expect(firstRank(params(`after=z&n=${n}`), true)).toBe(1);
    }
    // Without a cursor it is the first page, and so it is if nothing stands before it.
    expect(firstRank(params('n=61'), false)).toBe(1);
    expect(firstRank(params('before=z&n=61'), false)).toBe(1);
    expect(firstRank(params('before=z&n=61'), true)).toBe(61);
});

test('there is no way to a page that is not there', () => {
    expect(neighbours({ hasNextPage: false, hasPreviousPage: false, startCursor: 'a', endCursor: 'z' }, 1, 30)).toEqual({ next: null, previous: null });
    expect(neighbours({ hasNextPage: true, hasPreviousPage: true, startCursor: null, endCursor: null }, 1, 0)).toEqual({ next: null, previous: null });
    expect(neighbours(info, 5, 30).previous).toEqual({ before: 'a+/', n: 1 });
});
