// global_id.ts - the global id of an object, as the contract says it is made.
//
// SPDX-License-Identifier: MIT

/** `base64('LinkNode:7')`; a key that is not of ASCII is the id of nothing. */
export function globalId(type: 'LinkNode', key: string): string {
    return /^[\x20-\x7e]*$/.test(key) ? btoa(`${type}:${key}`) : '';
}
