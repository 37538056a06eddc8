// report.mjs - counts what passed, and shows what failed: shrunk, once for each kind.
//
// SPDX-License-Identifier: MIT
import { writeJson } from './number.mjs';
import { shrink } from './shrink.mjs';

const SHOWN = 10;
const PATIENCE = 20000; // milliseconds for one case; one that is not minimal is good enough

export class Report {
    #name;
    #seed;
    #judge;
    #start = Date.now();
    #passed = 0;
    #failures = [];
    #known = new Map();

    constructor(name, seed, judge) {
        this.#name = name;
        this.#seed = seed;
        this.#judge = judge;
    }

    get isGood() {
        return this.#failures.length === 0;
    }

    add(number, it, found) {
        if (found?.what === 'known')
            this.#known.set(found.detail, (this.#known.get(found.detail) ?? 0) + 1);
        else if (found)
            this.#failures.push({ number, it, found });
        else
            this.#passed++;
    }

    async end() {
        const shown = new Set();
        for (const failure of this.#failures.sort((a, b) => a.it.query.length - b.it.query.length)) {
            if (shown.size >= SHOWN)
                break;
            const small = await shrink(failure.it, async (it) => (await this.#judge(it))?.what === failure.found.what, Date.now() + PATIENCE);
            // What is not found again is shown as it was.
            const found = (await this.#judge(small)) ?? failure.found;
            // Those that shrink to the same have the same cause.
            const kind = small.query.replace(/\d+|"[^"]*"/g, '');
            if (!shown.has(kind))
                this.#show(failure.number, small, found);
            shown.add(kind);
        }
        for (const [why, count] of this.#known)
            console.log(`known, ${count} times: ${why}`);
        const seconds = (Date.now() - this.#start) / 1000;
        console.log(`${this.#name}: seed ${this.#seed}, ${seconds.toFixed(1)} s`);
        console.log(`${this.#passed} passed, ${this.#failures.length} failed`);
    }

    #show(number, { viewer }, { what, detail, actual, expected, query, variables }) {
        console.log(`not ok ${this.#name} ${this.#seed}.${number}: ${what}: ${detail}`);
        console.log(`  --- as ${viewer.name}\n    ${query}\n    ${variables}`);
        console.log(`  --- Linnet\n    ${actual?.slice(0, 1000)}\n  --- expected\n    ${writeJson(expected).slice(0, 1000)}\n`);
    }
}
