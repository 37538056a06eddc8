// aggregate.mjs - what a type of aggregates shows: counts, and for each column what its values have together.
//
// A member is { kind: 'count' }, { kind: 'values', of: 'sum' | 'avg' | 'min' | 'max', columns } by the fields' names, or,
// of a group, { kind: 'key', column, unit, join }.
//
// SPDX-License-Identifier: MIT
import { directive, findColumn, isLeafType, namedType, snakeCase } from './contract.mjs';

const FUNCTIONS = new Set(['sum', 'avg', 'min', 'max']);

// What the fields of `{ sum { ... } }` show.
function bindValues(of, field, table) {
    const inner = Object.values(namedType(field.type).getFields());
    return { kind: 'values', of, columns: new Map(inner.map((one) => [one.name, { column: findColumn(table, one, directive(one, 'column')?.name), field: one }])) };
}

export function bindAggregate(bindings, type, table) {
    const members = new Map();
    for (const field of Object.values(type.getFields())) {
        if (field.name === 'count')
            members.set(field.name, { kind: 'count', field });
        else if (FUNCTIONS.has(field.name) && !isLeafType(namedType(field.type)))
            members.set(field.name, bindValues(field.name, field, table));
    }
    return { members };
}

// `DAY` is the field `day`.
const sameName = (value, field) => value.toLowerCase() === snakeCase(field).toLowerCase();

export function bindGroups(bindings, field, type, table) {
    const { members } = bindAggregate(bindings, type, table);
    for (const one of Object.values(type.getFields())) {
        if (members.has(one.name))
            continue;
        const { name = null, unit = null } = directive(one, 'column') ?? {};
        const target = namedType(one.type);
        members.set(one.name, isLeafType(target) ? { kind: 'key', field: one, column: findColumn(table, one, name), unit }
            : { kind: 'key', field: one, relation: bindings.relation(table, one, false) });
    }
    const by = namedType(field.args.find(({ name }) => name === 'by').type);
    const keys = new Map(by.getValues().map(({ name }) => [name, [...members].find(([key, { kind }]) => kind === 'key' && sameName(name, key))[0]]));
    return { aggregated: { members }, keys };
}
