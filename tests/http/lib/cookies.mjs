// cookies.mjs - what a browser does with cookies, as far as tests need it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

export const plainNames = { token: 'linnet-token', refresh: 'linnet-refresh', refreshOnly: 'linnet-refresh-only' };
export const secureNames = Object.fromEntries(
    Object.entries(plainNames).map(([name, text]) => [name, `__Secure-${text}`]),
);

const form = /^([^=;, ]+)=([\w.-]*); Path=(\/[^;, ]*); Max-Age=(\d+); HttpOnly; SameSite=Strict(; Secure)?$/;

// The cookies that an answer sets: {name: {value, path, seconds, isSecure}}.  Each has the form that
// the manual promises, and none comes twice.
export function setCookies(answer) {
    const cookies = {};
    for (const line of answer.headers['set-cookie'] ?? []) {
        const parts = form.exec(line);
        assert.ok(parts, `Set-Cookie: ${line}`);
        const [, name, value, path, seconds, secure] = parts;
        assert.ok(!(name in cookies), `${name} is set twice`);
        assert.equal(name.startsWith('__Secure-'), secure !== undefined, line);
        cookies[name] = { value, path, seconds: Number(seconds), isSecure: secure !== undefined };
    }
    return cookies;
}

// Keeps cookies, for one endpoint.
export class Jar {
    cookies = new Map();

    take(answer) {
        for (const [name, { value, seconds }] of Object.entries(setCookies(answer)))
            if (seconds > 0) this.cookies.set(name, value);
            else this.cookies.delete(name);
        return answer;
    }

    get header() {
        return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
}
