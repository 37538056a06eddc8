// number.mjs - JSON whose numbers keep their digits, both ways.
//
// A double has 53 bits; what PostgreSQL calls bigint and numeric has more. So a number is its
// text, wherever the interpreter takes or gives one.
//
// SPDX-License-Identifier: MIT

// A number as it is written. `round`: for real and double precision, of which the text is one
// of many; texts that it makes the same number are as good.
export class Numeral {
    constructor(text, round = null) {
        this.text = text;
        this.round = round;
    }

    valueOf() {
        return Number(this.text);
    }
}

const keep = (key, value, { source }) => (typeof value === 'number' ? new Numeral(source) : value);

export const readJson = (text) => JSON.parse(text, keep);

const raw = (key, value) => (value instanceof Numeral ? JSON.rawJSON(value.text) : value);

export const writeJson = (value, space) => JSON.stringify(value, raw, space);
