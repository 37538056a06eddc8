// url.test.ts - see url
//
// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { domain, titleOf, webUrl } from './url';

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
