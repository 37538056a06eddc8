// jar.mjs - a function like fetch() that keeps cookies, as a browser does for one endpoint.
//
// SPDX-License-Identifier: MIT
import { Jar } from '../../http/lib/cookies.mjs';

export function withCookies(fetch) {
    const jar = new Jar();
    const send = async (url, options) => {
        const headers = new Headers(options.headers);
        if (jar.header) headers.set('cookie', jar.header);
        const response = await fetch(url, { ...options, headers });
        jar.take({ headers: { 'set-cookie': response.headers.getSetCookie() } });
        return response;
    };
    return { fetch: send, jar };
}
