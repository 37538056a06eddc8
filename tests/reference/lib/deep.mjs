// deep.mjs - documents that nest, spread and repeat more than anybody writes by hand.
//
// SPDX-License-Identifier: MIT

const schema = 'type Query { a(x: [[Int]]): Query b: Int i(y: I): Int } input I { i: I n: Int }';

const nest = (depth, leaf) => `${'a { '.repeat(depth)}${leaf}${' }'.repeat(depth)}`;
// Fragments F0, F1, ..., each made from its number and the next one's spread; the last has `last` instead.
const chain = (length, make, last) => Array.from({ length }, (_, i) =>
    `fragment F${i} on Query { ${i + 1 < length ? make(`...F${i + 1}`, i) : last} }`).join('\n');

const kinds = {
    'fields in fields': (n) => `{ ${nest(n, 'b')} }`,
    'fields in fields, twice': (n) => `{ ${nest(n, 'b')} ${nest(n, 'b')} }`,
    'fields in fields, and a conflict within': (n) => `{ ${nest(n, 'x: b')} ${nest(n, 'x: __typename')} }`,
    'inline fragments': (n) => `{ ${'... { '.repeat(n)}b${' }'.repeat(n)} }`,
    'objects': (n) => `{ i(y: ${'{ i: '.repeat(n)}null${' }'.repeat(n)}) }`,
    'objects that are wrong within': (n) => `{ i(y: ${'{ i: '.repeat(n)}1${' }'.repeat(n)}) }`,
    'list types': (n) => `query ($v: ${'['.repeat(n)}Int${']'.repeat(n)}) { a(x: $v) { b } }`,
    'a chain of fragments': (n) => `{ ...F0 }\n${chain(n, (next) => next, 'b')}`,
    'a chain of fragments and fields': (n) => `{ ...F0 }\n${chain(n, (next) => `a { ${next} }`, 'b')}`,
    'a chain that closes': (n) => `{ ...F0 }\n${chain(n, (next) => next, '...F0')}`,
    'a fan of fragments': (n) => `{ ...F0 }\n${chain(n, (next) => `x: a { ${next} } y: a { ${next} }`, 'b')}`,
    'a fan of fragments that overlap': (n) => `{ ...F0 ...F0 }\n${chain(n, (next) => `a { ${next} } a { ${next} }`, 'b x: b')}`,
    'a fan with a conflict at its end': (n) => `{ ...F0 ...F0 }\n${chain(n, (next) => `a { ${next} } a { ${next} }`, 'x: b x: __typename')}`,
    'fields side by side, and a fragment': (n) => `{ ${'a { b } '.repeat(n)} ...F0 }\n${chain(1, null, 'a { b }')}`,
    'one field often': (n) => `{ ${'b '.repeat(n)} }`,
    'one field often, with other arguments': (n) => `{ ${Array.from({ length: n }, (_, i) => `a(x: ${i}) { b }`).join(' ')} }`,
    'one argument often': (n) => `{ a(${'x: 1 '.repeat(n)}) { b } }`,
    'unknown directives': (n) => `{ b ${'@d '.repeat(n)} }`,
    'variables': (n) => `query (${Array.from({ length: n }, (_, i) => `$v${i}: Int`).join(' ')}) { a(x: [[$v0, $v${n - 1}]]) { b } }`,
};

// { title, schema, document } of each kind, in several sizes.
export const deepCases = () => Object.entries(kinds).flatMap(([title, make]) =>
    [1, 2, 17, 99, 240].map((size) => ({ title: `${title}, ${size}`, schema, document: make(size) })));
