// join.mjs - how rows of one table belong to a row of another: { from: [...], to: [...] }, pairs of
// columns that are equal; through a table between, `further` is the way from there.
//
// SPDX-License-Identifier: MIT
import { directive, snakeCase } from './contract.mjs';

// By a foreign key of either, or by columns that the field names. `field`: one of a type, or of an input object.
export function findJoin(catalog, here, there, field, isMany) {
    const through = directive(field, 'through');
    if (through)
        return joinThrough(here, catalog.table(through.table), there, through);
    const { column: named = null, to = null } = directive(field, 'join') ?? {};
    const names = named === null ? [] : [named].flat();
    if (to)
        return { from: names.map(here.column), to: [to].flat().map(there.column) };
    // One that has these columns alone, or else one that has them too.
    const meant = (keys) => {
        const found = keys.filter((key) => names.every((one) => key.columns.includes(one)));
        const exact = found.filter((key) => key.columns.length === names.length);
        return exact.length > 0 ? exact : found;
    };
    const away = meant(here.foreignKeys.filter((key) => key.to() === there));
    const back = meant(there.foreignKeys.filter((key) => key.to() === here));
    const pairs = (from, fromNames, to_, toNames) => ({ from: fromNames.map(from.column), to: toNames.map(to_.column) });
    if (!isMany && away.length === 1)
        return pairs(here, away[0].columns, there, away[0].targets);
    if (back.length === 1)
        return pairs(here, back[0].targets, there, back[0].columns);
    if (named && here === there)
        return { from: names.map(here.column), to: names.map(here.column) };
    throw new Error(`no join for ${field.name} from ${here.name} to ${there.name}`);
}

// Where no type has a field of that name: { table, join } by the foreign key of one column that has the name,
// perhaps but for `_id`, or to the table that has it.
export function joinByName(catalog, here, field, isMany) {
    const name = snakeCase(field.name);
    const key = isMany ? null : here.foreignKeys.find(({ columns }) => columns.length === 1 && [name, `${name}_id`].includes(columns[0]));
    if (!key)
        return { table: catalog.table(name), join: findJoin(catalog, here, catalog.table(name), field, isMany) };
    return { table: key.to(), join: { from: key.columns.map(here.column), to: key.targets.map(key.to().column) } };
}

// Many to many: to the rows between, and from them; by foreign keys, or by the keys of the two tables.
function joinThrough(here, between, there, { column = [], to = [] }) {
    const leg = (table, names, other) => {
        const keys = between.foreignKeys.filter((key) => key.to() === table && key !== other && names.every((one) => key.columns.includes(one)));
        if (keys.length > 1 || keys.length + names.length === 0)
            throw new Error(`no way by ${between.name} to ${table.name}`);
        return keys[0] ?? { columns: names, targets: table.primaryKey };
    };
    const toHere = leg(here, [column].flat(), null), toThere = leg(there, [to].flat(), toHere);
    return {
        between,
        from: toHere.targets.map(here.column), to: toHere.columns.map(between.column),
        further: { from: toThere.columns.map(between.column), to: toThere.targets.map(there.column) },
    };
}
