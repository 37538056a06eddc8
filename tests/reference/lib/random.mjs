// random.mjs - chance that a seed decides, so that every run can be had again.
//
// SPDX-License-Identifier: MIT

export class Random {
    #state;

    // The same numbers for the same seeds; a case gets its own from the run's seed and its number.
    constructor(...seeds) {
        this.#state = seeds.reduce((state, seed) => Math.imul(state ^ seed, 0x9e3779b1) ^ (state >>> 15), 0x2545f491) >>> 0;
    }

    // A number of 32 bits (mulberry32).
    next() {
        this.#state = (this.#state + 0x6d2b79f5) >>> 0;
        let x = this.#state;
        x = Math.imul(x ^ (x >>> 15), x | 1);
        x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
        return (x ^ (x >>> 14)) >>> 0;
    }

    // One of 0 ... count - 1.
    below(count) {
        return this.next() % count;
    }

    // One of least ... most.
    between(least, most) {
        return least + this.below(most - least + 1);
    }

    chance(probability) {
        return this.next() < probability * 2 ** 32;
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    // Some of the list, in its order.
    some(list, probability) {
        return list.filter(() => this.chance(probability));
    }

    // A list of `count` things.
    many(count, make) {
        return Array.from({ length: count }, (_, i) => make(i));
    }
}
