// renew.test.ts - see renew
//
// SPDX-License-Identifier: MIT
import { beforeEach, expect, test, vi } from 'vitest';

const shared = new Map<string, string>();
vi.stubGlobal('localStorage', {
    getItem: (key: string) => shared.get(key) ?? null,
    setItem: (key: string, value: string) => shared.set(key, value),
});

/** A server: what was sent, and what it answers. */
let sent: { variables: object; signal: AbortSignal }[];
let answer: object;
vi.mock('../graphql/wire', () => ({
    codes: ({ errors = [] }: { errors?: { extensions: { code: string } }[] }) => errors.map((error) => error.extensions.code),
    send: async ({ variables }: { variables: object }, signal: AbortSignal) => (sent.push({ variables, signal }), answer),
}));
const { renew } = await import('./renew');
const { tokens } = await import('./viewer');

const asCookies = { data: { refreshToken: { token: '', refreshToken: '' } } };

/** The time, which the tests move; each begins an hour later. */
let now = Date.UTC(2026, 10, 29);

beforeEach(() => {
    now += 3_600_000;
    vi.useFakeTimers({ toFake: ['Date'], now });
    shared.clear();
    sent = [];
    answer = asCookies;
    tokens.set(null);
});

test('all that were sent before are content with one renewal', async () => {
    expect(await Promise.all([renew(now - 1), renew(now - 1), renew(now - 1)])).toEqual([true, true, true]);
    expect(sent.map(({ variables }) => variables)).toEqual([{}]);
});

test('a clock that was ahead does not keep the session from being renewed', async () => {
    shared.set('linnet-renewed', String(now + 86_400_000));
    expect(await renew(now - 1)).toBe(true);
    expect(sent.length).toBe(1);
});

test('a token that is no cookie is renewed by its refresh token, and the next one is kept', async () => {
    tokens.set({ access: 'a1', refresh: 'r1' });
    answer = { data: { refreshToken: { token: 'a2', refreshToken: 'r2' } } };
    expect(await renew(now - 1)).toBe(true);
    expect(sent.map(({ variables }) => variables)).toEqual([{ refreshToken: 'r1' }]);
    expect(tokens.get()).toEqual({ access: 'a2', refresh: 'r2' });
});

test('what another tab has renewed are its own tokens, where they are no cookies', async () => {
    tokens.set({ access: 'a1', refresh: 'r1' });
    shared.set('linnet-renewed', String(now));
    answer = { data: { refreshToken: { token: 'a2', refreshToken: null } } };
    expect(await renew(now - 1)).toBe(true);
    expect(tokens.get()).toEqual({ access: 'a2', refresh: 'r1' });
});

test('what is refused is over, what is lost may not be', async () => {
    answer = { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] };
    expect(await renew(now)).toBe(false);
    answer = { errors: [{ message: 'Later', extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
    await expect(renew(now)).rejects.toThrow('Later');
});
