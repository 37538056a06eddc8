// literal.mjs - values as a document has them.
//
// SPDX-License-Identifier: MIT
import { Numeral } from '../number.mjs';
import { Word } from './pools.mjs';

// What stands for a value: `$v1`.
export class Variable {
    constructor(name) {
        this.name = name;
    }
}

// A value within another that may stand in a variable of its own.
export class Inner {
    constructor(type, value) {
        Object.assign(this, { type, value });
    }

    toJSON() {
        // (What this returns is not asked again.)
        return this.value?.toJSON?.() ?? this.value;
    }
}

// A value as a literal of a document.
export function literal(value) {
    if (value instanceof Word || value instanceof Variable)
        return value.name;
    if (value instanceof Inner)
        return literal(value.value);
    if (value instanceof Numeral)
        return value.text;
    if (Array.isArray(value))
        return `[${value.map(literal).join(', ')}]`;
    if (value !== null && typeof value === 'object')
        return `{${Object.entries(value).map(([name, one]) => `${name}: ${literal(one)}`).join(', ')}}`;
    return typeof value === 'string' ? quoted(value) : String(value);
}

const quoted = (text) => JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
