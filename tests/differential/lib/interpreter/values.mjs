// values.mjs - how a value of PostgreSQL is shown as a scalar, an enum or a list of the
// contract, and how an argument of the contract is written for PostgreSQL.
//
// A value of PostgreSQL is a text, as its output function writes it, and a kind:
// { base, category, element, cast }, where domains are followed to their base. The scalar's
// name says how it is shown (docs/contract.md, "Scalars"). A value that the scalar cannot
// show is an error.
//
// SPDX-License-Identifier: MIT
import { getNullableType, GraphQLError, isListType } from 'graphql';

import { directive, isEnumType, namedType } from '../binding/contract.mjs';
import { Numeral, readJson, writeJson } from '../number.mjs';

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

// --- out: texts of PostgreSQL as values of the response ------------------------

function showInt(text) {
    const value = Number(text);
    if (value > INT_MAX || value < INT_MIN)
        throw new Unshowable(text, 'Int');
    return new Numeral(text);
}

function showNumber(text, { base }) {
    if (!/^-?[0-9]/.test(text)) // NaN, Infinity
        throw new Unshowable(text, 'number');
    return new Numeral(text, FLOATS.get(base));
}

// RFC 3339 in UTC, of so many digits of a second, or of those that there are: `2024-02-29 12:34:56.789123+00`.
function showTime(text, digits, zone) {
    const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/.exec(text);
    if (!parts) // infinity, BC, five digits of years
        throw new Unshowable(text, 'DateTime');
    const [, day, time, fraction = ''] = parts;
    const shown = digits === null ? fraction : fraction.padEnd(digits, '0').slice(0, digits);
    return `${day}T${time}${shown ? `.${shown}` : ''}${zone}`;
}

function showEnum(type, text) {
    const value = type.getValues().find((one) => labelOf(one) === text);
    if (!value)
        throw new Unshowable(text, type.name);
    return value.name;
}

const labelOf = (value) => directive(value, 'label')?.of ?? value.name;

function showCustom(text, kind) {
    const { base } = kind;
    if (kind.element)
        return mapItems(readArray(text), (item) => showCustom(item, { base: kind.element }));
    if (base === 'bool')
        return text === 't';
    if (INTEGERS.has(base) || FLOATS.has(base) || base === 'numeric')
        return showNumber(text, kind);
    if (JSON_TYPES.has(base))
        return readJson(text);
    if (base === 'bytea')
        return Buffer.from(text.slice(2), 'hex').toString('base64');
    return TIMES.has(base) ? showTime(text, 3, 'Z') : text;
}

const WAYS = {
    ID: (text) => text,
    String: (text, { base }) => (base !== 'bool' ? text : text === 't' ? 'true' : 'false'),
    Int: showInt,
    Float: showNumber,
    Boolean: (text) => text === 't',
    DateTime: (text) => showTime(text, 3, 'Z'),
    DateTimeMicros: (text) => showTime(text, 6, 'Z'),
    LocalDateTime: (text) => showTime(text, null, ''),
};

function showLeaf(type, kind, text) {
    if (isEnumType(type))
        return showEnum(type, text);
    return directive(type, 'quoted') ? text : (WAYS[type.name] ?? showCustom)(text, kind);
}

// The elements of an array's text, nested as it is: `{1,NULL,"a,b"}`. Bounds (`[2:3]={...}`) say nothing.
function readArray(text) {
    const tokens = text.slice(text.indexOf('{')).match(/[{},]|"(?:\\.|[^"\\])*"|[^{},"]+/gs);
    const readOne = () => {
        const token = tokens.shift();
        if (token !== '{')
            return token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/gs, '$1') : token.toUpperCase() === 'NULL' ? null : token;
        const items = [];
        while (tokens[0] !== '}') {
            if (tokens[0] === ',')
                tokens.shift();
            items.push(readOne());
        }
        tokens.shift();
        return items;
    };
    return readOne();
}

// Each item, however deep, but for nulls.
const mapItems = (item, show) => (item === null ? null : Array.isArray(item) ? item.map((one) => mapItems(one, show)) : show(item));

// Show a text of that kind as a value of the field's type. Throws the error that the field has.
export function show(wrapped, kind, text) {
    if (text === null)
        return null;
    const type = namedType(wrapped);
    if (!isListType(getNullableType(wrapped)))
        return showLeaf(type, kind, text);
    const items = readArray(text);
    // Of one dimension, as the type is.
    if (items.some(Array.isArray))
        throw new Unshowable(text, type.name);
    return mapItems(items, (item) => showLeaf(type, { base: kind.element }, item));
}

// --- in: values of arguments as texts of PostgreSQL ------------------------------

const isInteger = (text) => /^(0|-?[1-9][0-9]*)$/.test(text);
const isUuid = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const isDate = (text) => /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const NUMBER = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const ODD_NUMBERS = new Set(['NaN', 'Infinity', '-Infinity']);
const ODD_DATE = /^(-?infinity|\d{4,}-\d\d-\d\d( BC)?)$/;

// The number `1.0` is 1; the text "1.0" is no integer.
const whole = (value, text) => (value instanceof Numeral && /^-?\d+\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text);

const plain = (value) => (value instanceof Numeral ? value.text : typeof value === 'number' ? String(value) : value);

const arrayItem = (text) => (text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`);

// The text of an argument's value, or null when it cannot be one of that kind: no row has it.
export function read(wrapped, kind, value) {
    if (!isListType(getNullableType(wrapped)))
        return readLeaf(namedType(wrapped), kind.base, value);
    const items = value.map((item) => (item === null ? null : readLeaf(namedType(wrapped), kind.element, item)));
    return items.some((text, i) => text === null && value[i] !== null) ? null : `{${items.map(arrayItem).join(',')}}`;
}

function readLeaf(type, base, value) {
    if (JSON_TYPES.has(base))
        return type.name === 'String' ? value : writeJson(value);
    if (typeof value === 'boolean')
        return base === 'bool' ? String(value) : null;
    const text = plain(value);
    if (typeof text !== 'string' || text.includes('\0'))
        return null;
    if (isEnumType(type))
        return labelOf(type.getValues().find(({ name }) => name === text));
    if (INTEGERS.has(base))
        return isInteger(whole(value, text)) ? whole(value, text) : null;
    if (base === 'date')
        return isDate(text) || ODD_DATE.test(text) ? text : null;
    if (base === 'uuid')
        return isUuid(text) ? text : null;
    if (base === 'bytea' && type.name !== 'String')
        return BASE64.test(text) ? `\\x${Buffer.from(text, 'base64').toString('hex')}` : null;
    if (FLOATS.has(base) || base === 'numeric')
        return NUMBER.test(text) || ODD_NUMBERS.has(text) ? text : null;
    return base === 'bool' ? null : text;
}

// How many digits of a second an argument has, whose equality is the range that they leave open; or null.
export const digitsOf = (type) => ({ DateTime: 3, DateTimeMicros: 6 })[namedType(type).name] ?? null;
