// url.ts - what a link's url shows, and whether it may be one to click on.
//
// The server takes http and https alone; here it is looked at again, since a page that
// follows `javascript:` runs it.
//
// SPDX-License-Identifier: MIT

function parse(text: string): URL | null {
    try {
        const url = new URL(text);
        return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
    } catch {
        return null;
    }
}

/** The address to go to; null if it must not be a link. */
export function webUrl(text: string): string | null {
    return parse(text)?.href ?? null;
}

/** `example.com` of `https://www.example.com/page`. */
export function domain(text: string): string | null {
    return parse(text)?.host.replace(/^www\./, '') ?? null;
}

/** What stands for a link in a list: its description, or its url without the scheme. */
export function titleOf(link: { url: string; description: string }): string {
    return link.description.trim() || link.url.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');
}
