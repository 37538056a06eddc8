// base.ts - where the site is: the folder of the page's address.
//
// All of its addresses are one level deep, so this holds under any path prefix, and a
// relative link leads to the same place from each of them.
//
// SPDX-License-Identifier: MIT

export const base = location.pathname.replace(/[^/]*$/, '');

/**
 * The endpoint stands beside the pages.  With the origin: below the address `//login` a path alone
 * would begin with two slashes, and name another host.
 */
export const endpoint = `${location.origin}${base}graphql`;
