// attempt.test.ts - see attempt
//
// SPDX-License-Identifier: MIT
import { beforeEach, expect, test, vi } from 'vitest';

const kept = new Map<string, string>();
vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
});
const { attemptKey, forgetAttempt } = await import('./attempt');

beforeEach(() => kept.clear());

test('the same is sent again with the same key', () => {
    const key = attemptKey('submit', { url: 'a', description: '' });
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(attemptKey('submit', { url: 'a', description: '' })).toBe(key);
});

test('what is not the same, or of another form, has another', () => {
    const keys = [attemptKey('submit', { url: 'a' }), attemptKey('submit', { url: 'b' }), attemptKey('submit', { url: 'a' }), attemptKey('edit:7', { url: 'a' })];
    expect(new Set(keys).size).toBe(4);
});

test('so has the next submission of the same', () => {
    const key = attemptKey('submit', { url: 'a' });
    forgetAttempt('submit');
    expect(attemptKey('submit', { url: 'a' })).not.toBe(key);
});

test('what another page has left there is not a key', () => {
    for (const text of ['null', '7', '{', '{"key":7}']) {
        kept.set('draft:submit:attempt', text);
        expect(attemptKey('submit', {})).toMatch(/^[0-9a-f]{32}$/);
    }
});

test('where nothing can be kept, each attempt has one', () => {
    vi.stubGlobal('sessionStorage', undefined);
    expect(attemptKey('submit', {})).toMatch(/^[0-9a-f]{32}$/);
});
