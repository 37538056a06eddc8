// filters.mjs - random filters: conditions that some rows pass, nested in and, or, not and relations.
//
// SPDX-License-Identifier: MIT
import { getNullableType, isNonNullType } from 'graphql';

import { isList, namedType } from '../binding/contract.mjs';
import { Inner } from './literal.mjs';

const DEPTH = 4;

// A value for a column of the scalar or enum.
function leaf({ random, pools }, column, type) {
    const pool = pools.ofColumn(column, type);
    return pool.length > 0 && random.chance(0.8) ? random.pick(pool) : pools.edge(random, type);
}

const NEEDLES = new Set(['like', 'iLike', 'startsWith', 'endsWith', 'contains', 'iStartsWith', 'iEndsWith', 'iContains']);

function operand(writer, column, { name, type }) {
    const { random, pools } = writer;
    const named = namedType(type);
    if (named.name === 'Boolean' && (name === 'isNull' || name === 'isEmpty'))
        return random.chance(0.5);
    const one = () => {
        if (name === 'like' || name === 'iLike')
            return random.pick(['%', '_%', '%a%', 'h%', '%r', '', '_', '%\\%%', 'a_b']);
        if (name === 'matches')
            return random.chance(0.9) ? pools.words(random, column) : pools.edge(random, named);
        if (NEEDLES.has(name) && column.category === 'S')
            return pools.needle(random, [column]);
        return column.element ? pools.item(random, column, named) : leaf(writer, column, named);
    };
    return isList(type) ? random.many(random.pick([0, 1, 1, 2, 3]), one) : one();
}

// A value, or a variable with it.
function written(writer, type, value) {
    const { random } = writer;
    if (!random.chance(0.1) || JSON.stringify(value).includes('\\u0000'))
        return value;
    return new Inner(String(isNonNullType(type) ? type : getNullableType(type)), value);
}

const PARTS = {
    and: (writer, { filter }, depth) => writer.random.many(writer.random.pick([0, 1, 2, 2]), () => make(writer, filter(), depth + 1)),
    or: (writer, { filter }, depth) => writer.random.many(writer.random.pick([0, 1, 2, 2, 3]), () => make(writer, filter(), depth + 1)),
    not: (writer, { filter }, depth) => make(writer, filter(), depth + 1),
    column: (writer, { columns, type }) => written(writer, type, leaf(writer, columns[0], namedType(type))),
    operators: (writer, { columns, operators }) => {
        const { random } = writer;
        const names = random.many(random.pick([1, 1, 1, 2]), () => random.pick([...operators.keys()]));
        return Object.fromEntries(names.map((name) => [name, random.chance(0.01) ? null : written(writer, operators.get(name).type, operand(writer, columns[0], operators.get(name)))]));
    },
    one: (writer, { filter }, depth) => make(writer, filter(), depth + 1),
    many: (writer, { quantifiers, filter }, depth) => {
        const names = writer.random.many(writer.random.pick([1, 1, 2]), () => writer.random.pick([...quantifiers.keys()]));
        return Object.fromEntries(names.map((name) => [name, make(writer, filter(), depth + 1)]));
    },
};

function make(writer, { parts }, depth) {
    const { random } = writer;
    const names = [...parts.keys()].filter((name) => depth < DEPTH || ['column', 'operators'].includes(parts.get(name).kind));
    if (names.length === 0 || random.chance(0.03))
        return {};
    const some = [...new Set(random.many(random.pick([1, 1, 1, 2, 2, 3]), () => random.pick(names)))];
    return Object.fromEntries(some.map((name) => [name, random.chance(0.01) ? null : PARTS[parts.get(name).kind](writer, parts.get(name), depth)]));
}

export const makeFilter = (writer, filter) => make(writer, filter, 0);
