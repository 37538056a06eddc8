// url.test.ts - see url
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { domain, shortTitle, titleOf, webUrl } from './url';

test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://example.com',
    '//example.com',
    '/item?id=1',
    'example.com',
    'https://',
    '',
])('%j is no link', (text) => {
    expect(webUrl(text)).toBeNull();
    expect(domain(text)).toBeNull();
});

test('http and https are', () => {
    expect(webUrl('HTTPS://Example.com/a b')).toBe('https://example.com/a%20b');
    expect(webUrl('http://example.com:8080/')).toBe('http://example.com:8080/');
    expect(domain('https://www.example.com/x')).toBe('example.com');
    expect(domain('https://wwwexample.com/x')).toBe('wwwexample.com');
    // Who one may think it is, and who it is.
    expect(domain('https://bank.example@evil.example/')).toBe('evil.example');
});

test('a link without a description shows its url', () => {
    expect(titleOf({ url: 'https://www.example.com/a/', description: ' ' })).toBe('example.com/a');
    expect(titleOf({ url: 'https://example.com', description: ' A title ' })).toBe('A title');
});

test('a url that is a title shows where it leads', () => {
    const shown = (url: string) => titleOf({ url, description: '' });
    expect(shown('https://www.bank.example@evil.example/')).toBe('evil.example');
    expect(shown('https://user:password@example.com/a')).toBe('example.com/a');
    // Letters of another script that look like ours.
    expect(shown('https://\u0430\u0440\u0440\u04cf\u0435.com/')).toBe('xn--80ak6aa92e.com');
    expect(shown('https://example.com/\u202efdp.exe')).toBe('example.com/%E2%80%AEfdp.exe');
    expect(shown('https://example.com/a%20b')).toBe('example.com/a%20b');
    expect(shown('https://ru.example.com/\u0418\u043c\u044f?a=%ff')).toBe('ru.example.com/%D0%98%D0%BC%D1%8F?a=%ff');
    expect(shown('https://ru.example.com/\u0418\u043c\u044f?a=1#b')).toBe('ru.example.com/\u0418\u043c\u044f?a=1#b');
});

test('a title has something to click on, and is not all of the list', () => {
    for (const description of ['', ' ', '\u200b', '\u202e\u2066', '\u3164', '\u0301', '\u2800', '\u00ad\ufeff'])
        expect(titleOf({ url: 'https://example.com/x', description })).toBe('example.com/x');
    expect(titleOf({ url: 'https://example.com/x', description: '\u200b? ' })).toBe('\u200b?');
    const short = shortTitle({ url: '', description: '\u{1f426}'.repeat(2000) });
    expect(short).toBe(`${'\u{1f426}'.repeat(250)}\u2026`);
    expect(shortTitle({ url: '', description: 'x'.repeat(250) })).toBe('x'.repeat(250));
});
