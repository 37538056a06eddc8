// cursors.mjs - the cursors of connections: sealed texts of the server, whose places are learnt from its answers.
//
// The interpreter cannot make one. Where it shows one it has a Cursor, which knows the place; the first answer tells
// its text, and all that follow must have the same: a row of an order has one cursor, on each page, in both directions.
//
// SPDX-License-Identifier: MIT
import { wrong } from './lists.mjs';

export class Cursor {
    constructor(field, orderId, place) {
        Object.assign(this, { field, orderId, place });
        this.id = JSON.stringify([field, orderId, place.number, place.texts]);
    }

    // For messages.
    toJSON() {
        return `cursor ${this.id}`;
    }
}

// What the server has shown so far.
export class Cursors {
    #texts = new Map(); // by Cursor.id
    #cursors = new Map(); // by text

    // Is it the text of the cursor?
    isText(cursor, text) {
        if (typeof text !== 'string' || !/^[A-Za-z0-9_-]+$/.test(text))
            return false;
        const known = this.#texts.get(cursor.id), other = this.#cursors.get(text);
        if (known === undefined && other === undefined) {
            this.#texts.set(cursor.id, text);
            this.#cursors.set(text, cursor);
            return true;
        }
        return known === text && other.id === cursor.id;
    }

    // The cursor with that text, or nothing.
    find(text) {
        return this.#cursors.get(text);
    }
}

// The place of an argument; null when it is not given.
export function placeOf(cursors, field, order, argument, text) {
    if (text === null)
        return null;
    const cursor = cursors.find(text);
    if (!cursor || cursor.field !== field || cursor.orderId !== order.id)
        throw wrong('no cursor of this list and order', { argument });
    return cursor.place;
}
