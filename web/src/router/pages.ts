// pages.ts - the names of the site's addresses; the web server has the same ones
// (nginx/linnet.conf.in).
//
// SPDX-License-Identifier: MIT

export const pages = ['', 'newest', 'best', 'search', 'submit', 'login', 'signup', 'item', 'edit', 'user', 'sessions'] as const;
export type Page = (typeof pages)[number];
