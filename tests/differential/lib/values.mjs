// values.mjs - how a value of PostgreSQL's is shown as a scalar or an enum of the contract.
//
// PostgreSQL's type says what a text means, the scalar's name how it is written
// (docs/contract.md, "Scalars"). A value that the scalar cannot show is an error.
//
// SPDX-License-Identifier: MIT
import { GraphQLError } from 'graphql';

import { directive, isEnumType } from './contract.mjs';
import { Numeral, readJson } from './number.mjs';

const INTEGERS = new Set(['int2', 'int4', 'int8']);
const FLOATS = new Map([['float4', Math.fround], ['float8', Number]]);
const JSON_TYPES = new Set(['json', 'jsonb']);
const TIMES = new Set(['timestamp', 'timestamptz']);

const INT_MAX = 2 ** 31 - 1, INT_MIN = -(2 ** 31);

class Unshowable extends GraphQLError {
    constructor(text, name) {
        super(`No ${name}: ${text}`, { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    }
}

const isDigits = (text) => /^-?[0-9]/.test(text);

function showInt(text) {
    const value = Number(text);
    if (value > INT_MAX || value < INT_MIN)
        throw new Unshowable(text, 'Int');
    return new Numeral(text);
}

function showNumber(text, base) {
    if (!isDigits(text)) // NaN, Infinity
        throw new Unshowable(text, 'number');
    return new Numeral(text, FLOATS.get(base));
}

// RFC 3339 in UTC, of three digits, the rest cut off: `2024-02-29 12:34:56.789123+00`.
function showTime(text) {
    const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/.exec(text);
    if (!parts) // infinity, BC, five digits of years
        throw new Unshowable(text, 'DateTime');
    const [, day, time, fraction = ''] = parts;
    return `${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}

function showCustom(text, base) {
    if (base === 'bool')
        return text === 't';
    if (INTEGERS.has(base) || FLOATS.has(base) || base === 'numeric')
        return showNumber(text, base);
    if (JSON_TYPES.has(base))
        return readJson(text);
    return TIMES.has(base) ? showTime(text) : text;
}

function showEnum(type, text) {
    const value = type.getValues().find((one) => (directive(one, 'label')?.of ?? one.name) === text);
    if (!value)
        throw new Unshowable(text, type.name);
    return value.name;
}

const WAYS = {
    ID: (text) => text,
    String: (text) => text,
    Int: showInt,
    Float: showNumber,
    Boolean: (text) => text === 't',
    DateTime: showTime,
};

// `type`: the scalar or enum; `base`: PostgreSQL's type, without domains. Throws what the
// response has in its errors.
export function show(type, base, text) {
    if (text === null)
        return null;
    return isEnumType(type) ? showEnum(type, text) : (WAYS[type.name] ?? showCustom)(text, base);
}

// --- the other way -----------------------------------------------------------

const isInteger = (text) => /^(0|-?[1-9][0-9]*)$/.test(text);
const isUuid = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const isDate = (text) => /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
const NUMBER = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

// What an argument's value is as a text of the type, or null when it cannot be one: no row
// has it.
export function read(type, base, value) {
    if (JSON_TYPES.has(base))
        return null; // compared by nobody
    if (typeof value === 'boolean')
        return base === 'bool' ? String(value) : null;
    const text = value instanceof Numeral ? value.text : typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text.includes('\0'))
        return null;
    if (isEnumType(type)) {
        const one = type.getValues().find(({ name }) => name === text);
        return directive(one, 'label')?.of ?? text;
    }
    if (INTEGERS.has(base))
        return isInteger(text) ? text : null;
    if (base === 'date')
        return isDate(text) ? text : null;
    if (base === 'uuid')
        return isUuid(text) ? text : null;
    if (FLOATS.has(base) || base === 'numeric')
        return NUMBER.test(text) ? text : null;
    return base === 'bool' ? null : text;
}
