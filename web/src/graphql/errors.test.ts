// errors.test.ts - see errors
//
// SPDX-License-Identifier: MIT
import { CombinedError } from '@urql/core';
import { expect, test } from 'vitest';
import { errorText, formErrors, isOfCursor, isPassing } from './errors';

const refused = (...errors: { message: string; extensions: Record<string, unknown> }[]) => new CombinedError({ graphQLErrors: errors });
const lost = new CombinedError({ networkError: new TypeError('Failed to fetch') });

test('an error stands at the field that has the name of its argument or column', () => {
    const taken = refused({ message: 'A user with that username already exists.', extensions: { code: 'CONFLICT', field: 'username' } });
    expect(formErrors(taken, ['username', 'password'])).toEqual({ fields: { username: 'A user with that username already exists.' }, form: null });
    const long = refused({ message: 'The url is too long.', extensions: { code: 'BAD_USER_INPUT', argument: 'url' } });
    expect(formErrors(long, ['url'])).toEqual({ fields: { url: 'The url is too long.' }, form: null });
});

test('one that is about no field of the form stands above it, and the first counts', () => {
    const error = refused(
        { message: 'Please enter valid credentials', extensions: { code: 'UNAUTHENTICATED' } },
        { message: 'Something else', extensions: { code: 'BAD_USER_INPUT', argument: 'other' } },
    );
    expect(formErrors(error, ['username'])).toEqual({ fields: {}, form: 'Please enter valid credentials' });
});

test('who waits is told how long', () => {
    const wait = (retryAfter?: number) => errorText(refused({ message: 'Too many attempts; try again later.', extensions: { code: 'RATE_LIMITED', retryAfter } }));
    expect(wait(1)).toContain('1 second.');
    expect(wait(30)).toContain('30 seconds');
    expect(wait(900)).toContain('15 minutes');
    expect(wait()).toBe('Too many attempts; try again later.');
});

test('what the network loses may be tried again, what is refused may not', () => {
    expect(isPassing(lost)).toBe(true);
    expect(formErrors(lost, ['url']).form).toContain('is kept');
    expect(isPassing(refused({ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }))).toBe(true);
    expect(isPassing(refused({ message: '', extensions: { code: 'OUTCOME_UNKNOWN' } }))).toBe(false);
    expect(isPassing(refused({ message: '', extensions: { code: 'FORBIDDEN' } }))).toBe(false);
});

test('what may have been done is tried again where it has a key, and looked for where it has none', () => {
    const unknown = refused({ message: '', extensions: { code: 'OUTCOME_UNKNOWN' } });
    expect(formErrors(unknown, ['url'], true).form).toContain('will not be done twice');
    expect(formErrors(unknown, ['url']).form).toContain('Look before you try again');
    expect(errorText(unknown, true)).toContain('will not be done twice');
    expect(errorText(unknown)).toContain('Look before you try again');
});

test('a cursor that is none is told apart', () => {
    expect(isOfCursor(refused({ message: '"after" is no cursor.', extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }))).toBe(true);
    expect(isOfCursor(refused({ message: '', extensions: { code: 'BAD_USER_INPUT', argument: 'url' } }))).toBe(false);
});
