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

/** Has a character that one sees: more than spaces, and what has no width or only changes directions. */
const isVisible = (text: string) => /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** As it is read by people, where all of it is to be seen as it stands. */
function readable(path: string): string {
    try {
        const text = decodeURI(path);
        return [...text].every(isVisible) ? text : path;
    } catch {
        return path;
    }
}

/** The address without its scheme, and who it is at: the host is the one that is asked, in its own letters. */
function bare(text: string): string {
    const url = parse(text);
    const shown = url ? url.host + readable(url.pathname + url.search + url.hash) : text.replace(/^https?:\/\//i, '');
    return shown.replace(/^www\./, '').replace(/\/$/, '');
}

/** What stands for a link: its description, or its url without the scheme. */
export function titleOf(link: { url: string; description: string }): string {
    return isVisible(link.description) ? link.description.trim() : bare(link.url);
}

/** In characters: a title of 2,000, which the server takes, would be all that one sees of a list. */
const LONGEST = 250;

/** The title in a list. */
export function shortTitle(link: { url: string; description: string }): string {
    const characters = [...titleOf(link)];
    return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : characters.join('');
}
