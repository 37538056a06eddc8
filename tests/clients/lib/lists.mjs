// lists.mjs - whole lists, asked for without any client.
//
// SPDX-License-Identifier: MIT
import { ask } from './targets.mjs';

// The global ids of all links, newest first, by the plain list and its pages by number.
export async function allLinks(target) {
    const ids = [];
    for (;;) {
        const { links } = await ask(target, `{ links(first: 100, skip: ${ids.length}) { id } }`);
        ids.push(...links.map(({ id }) => globalId('LinkNode', id)));
        if (links.length < 100) return ids;
    }
}

export const globalId = (type, key) => Buffer.from(`${type}:${key}`).toString('base64');

export const keyOf = (type, id) => Buffer.from(id, 'base64').toString().replace(`${type}:`, '');
