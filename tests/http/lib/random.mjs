// random.mjs - choices that are the same for the same seed.
//
// SPDX-License-Identifier: MIT

// A function that picks an item of a list; `pick.number(n)` is one from 0 to n - 1.  The generator
// is a linear congruential one of 48 bits, as drand48() has it.
export function random(seed) {
    let state = (BigInt(seed) << 16n) | 0x330en;
    const number = (n) => {
        state = (state * 0x5deece66dn + 11n) & ((1n << 48n) - 1n);
        return Number(((state >> 16n) * BigInt(n)) >> 32n);
    };
    for (let i = 0; i < 4; i++) number(2);
    return Object.assign((list) => list[number(list.length)], { number });
}
