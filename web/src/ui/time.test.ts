// time.test.ts - see time
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { ago } from './time';

const now = new Date('2026-11-29T12:00:00Z');
const before = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);

test.each([
    [-3600, 'just now'],
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86399, '23 hours ago'],
    [86400, '1 day ago'],
    [30 * 86400 - 1, '29 days ago'],
    [30 * 86400, '1 month ago'],
    [364 * 86400, '12 months ago'],
    [365 * 86400, '1 year ago'],
    [800 * 86400, '2 years ago'],
])('%d seconds before is "%s"', (seconds, text) => {
    expect(before(seconds)).toBe(text);
});
