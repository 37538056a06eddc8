// base.ts - where the site is: the folder of the page's address.
//
// All of its addresses are one level deep, so this holds under any path prefix, and a
// relative link leads to the same place from each of them.
//
// SPDX-License-Identifier: MIT

const path = location.pathname.replace(/\/{2,}/g, '/');

export const base = path.replace(/[^/]*$/, '');

// Web servers take several slashes for one. For a browser `//login` is another address, below which
// cookies of the endpoint do not count and a path is the name of a host.
if (path !== location.pathname) {
    history.replaceState(history.state, '', path + location.search + location.hash);
}

/** The endpoint stands beside the pages. */
export const endpoint = `${base}graphql`;
