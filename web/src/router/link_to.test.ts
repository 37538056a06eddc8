// link_to.test.ts - see link_to
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { linkTo, safeNext } from './link_to';

test('addresses are relative, and their parameters are escaped', () => {
    expect(linkTo('')).toBe('./');
    expect(linkTo('', { after: 'a+/=', n: 31 })).toBe('./?after=a%2B%2F%3D&n=31');
    expect(linkTo('user', { id: 'ada&x=1' })).toBe('user?id=ada%26x%3D1');
    expect(linkTo('search', { q: '', after: null, n: undefined })).toBe('search');
});

test('after signing in one goes to a page of this site and nowhere else', () => {
    expect(safeNext('item?id=7')).toBe('item?id=7');
    expect(safeNext('./?after=x')).toBe('./?after=x');
    expect(safeNext('submit')).toBe('submit');
    for (const next of [null, '', 'https://evil.example/', '//evil.example', 'javascript:alert(1)', '/item', 'item/../..', '\\\\evil', 'graphql', 'login?next=x', 'signup', ' item']) {
        expect(safeNext(next)).toBe('./');
    }
});
