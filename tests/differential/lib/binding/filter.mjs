// filter.mjs - what the fields of a filter's input object ask of a row.
//
// A part is one of
//
//     { kind: 'and' | 'or' | 'not', filter }        of the filter itself
//     { kind: 'column', columns, type }             a value that the column equals
//     { kind: 'operators', columns, operators }     by name, what the column is compared with
//     { kind: 'one', joins, filter }                the row that is joined
//     { kind: 'many', joins, quantifiers, filter }  rows that are joined
//
// with one column or join for each branch. `filter` is a function, since filters refer to themselves.
//
// SPDX-License-Identifier: MIT
import { directive, findColumn, isLeafType, namedType } from './contract.mjs';

const QUANTIFIERS = new Set(['some', 'every', 'none']);
const OPERATORS = new Set([
    'eq', 'ne', 'in', 'nin', 'lt', 'lte', 'gt', 'gte', 'isNull', 'like', 'iLike', 'iEq', 'startsWith', 'endsWith', 'contains',
    'iStartsWith', 'iEndsWith', 'iContains', 'has', 'hasAll', 'hasAny', 'within', 'isEmpty', 'hasKey', 'hasAnyKey', 'hasAllKeys', 'matches',
]);

// What a field of an input object of operators stands for.
const wordOf = (field) => directive(field, 'operator')?.name ?? field.name;

const areAll = (type, words) => Object.values(type.getFields()).every((field) => words.has(wordOf(field)) && (words === OPERATORS) === isLeafType(namedType(field.type)));

const isOperators = (type) => !isLeafType(type) && areAll(type, OPERATORS);
const isQuantifiers = (type) => !isLeafType(type) && areAll(type, QUANTIFIERS);

// An input object that is a filter, and not an order.
export const isFilter = (argument) => {
    const type = namedType(argument.type);
    return !isLeafType(type) && !type.isOneOf;
};

function bindPart(bindings, self, field, branches) {
    const type = namedType(field.type);
    if (['and', 'or', 'not'].includes(field.name))
        return { kind: field.name, filter: () => self };
    if (isLeafType(type) || isOperators(type)) {
        const called = directive(field, 'function')?.name;
        const columns = branches.map(({ table }) => (called ? bindings.computedColumn(table, called) : findColumn(table, field, directive(field, 'column')?.name)));
        const operators = () => new Map(Object.values(type.getFields()).map((one) => [one.name, { name: wordOf(one), type: one.type }]));
        return isLeafType(type) ? { kind: 'column', columns, type: field.type } : { kind: 'operators', columns, operators: operators() };
    }
    const isMany = isQuantifiers(type);
    const inner = isMany ? namedType(Object.values(type.getFields())[0].type) : type;
    const related = branches.map(({ table }) => bindings.relation(table, field, isMany, inner));
    const shared = { joins: related.map(({ join }) => join), filter: () => bindings.filterOf(inner, related) };
    const quantifiers = () => new Map(Object.values(type.getFields()).map((one) => [one.name, wordOf(one)]));
    return isMany ? { kind: 'many', quantifiers: quantifiers(), ...shared } : { kind: 'one', ...shared };
}

// { parts } by the fields' names.
export function bindFilter(bindings, type, branches) {
    const self = { parts: new Map() };
    for (const field of Object.values(type.getFields()))
        self.parts.set(field.name, bindPart(bindings, self, field, branches));
    return self;
}
