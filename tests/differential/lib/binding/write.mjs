// write.mjs - mutations that write rows without a function: @insert, @upsert, @update, @delete.
//
// A binding is
//
//     { kind: 'writeRows', action, table, isMany, values, key, version, on, changed, ... }
//
// `values`: the argument that is given, and what each field of its input object sets; null of @delete. `key`, `version`: the
// arguments that find a row, each with its column. `found`: of a write by a filter, how a list would find its rows; or null.
//
// SPDX-License-Identifier: MIT
import { directive, findColumn, isLeafType, isList, isObjectType, namedType } from './contract.mjs';

const ACTIONS = ['insert', 'upsert', 'update', 'delete'];

// What the field does: { action, table, on, update }, as its directive has it; or null.
export function actionOf(field) {
    const action = ACTIONS.find((name) => directive(field, name));
    return action ? { action, ...directive(field, action) } : null;
}

// The fields of the mutation type that write rows.
export const rowWritesOf = (schema) => Object.values(schema.getMutationType()?.getFields() ?? {}).filter(actionOf);

const whereOf = (field) => field.args.find(({ name, type }) => name === 'where' && !isLeafType(namedType(type)));
const valuesOf = (field) => field.args.find(({ name, type }) => name !== 'where' && !isLeafType(namedType(type)));
const writesMany = (field) => Boolean(whereOf(field)) || (Boolean(valuesOf(field)) && isList(valuesOf(field).type));

// By payload, the table whose row it shows; of several rows a payload has lists and their number, and no columns.
export function readRowPayloads(schema, catalog) {
    const fields = rowWritesOf(schema).filter((field) => {
        const type = namedType(field.type);
        return isObjectType(type) && !directive(type, 'table') && !writesMany(field);
    });
    return new Map(fields.map((field) => [namedType(field.type), catalog.table(actionOf(field).table)]));
}

// What the input object's fields set: a column, or rows of another table that are written before or after.
function bindSetters(bindings, table, type) {
    return new Map(Object.values(type.getFields()).map((field) => [field.name, bindSetter(bindings, table, field)]));
}

function bindSetter(bindings, table, field) {
    const inner = namedType(field.type);
    if (isLeafType(inner))
        return { field, column: findColumn(table, field, directive(field, 'column')?.name), globalOf: bindings.globalIds.typeOf(field) };
    const isAfter = isList(field.type);
    const { table: there, join } = bindings.relation(table, field, isAfter, inner);
    return { field, within: { table: there, join, isAfter, setters: bindSetters(bindings, there, inner) } };
}

// The type whose rows the field writes: its own, or one that its payload shows.
const shownTypes = (bindings, table, field) => [namedType(field.type), ...Object.values(namedType(field.type).getFields()).map(({ type }) => namedType(type))]
    .filter((type) => !isLeafType(type) && bindings.tableOf(type) === table);

// An argument that finds a row: a column, or the columns of the key that a global id names.
function bindEqual(bindings, table, field, argument) {
    const named = directive(argument, 'column')?.name;
    const globalOf = bindings.globalIds.typeOf(argument) ?? (argument.name === 'id' && bindings.globalIds.has(namedType(field.type)) ? namedType(field.type) : null);
    if (globalOf && bindings.tableOf(globalOf) === table && !named)
        return { argument, globalOf };
    const version = argument.name === 'ifVersion' && !named
        ? shownTypes(bindings, table, field).flatMap((type) => Object.values(type.getFields())).map((one) => directive(one, 'version')?.column).find(Boolean) : named;
    return { argument, column: findColumn(table, argument, version) };
}

export function bindWrite(bindings, catalog, field) {
    const { action, table: name, on = [], update } = actionOf(field);
    const table = catalog.table(name);
    const values = valuesOf(field);
    const where = whereOf(field);
    const equal = field.args.filter((one) => one !== values && one !== where && !['idempotencyKey', 'atMost'].includes(one.name)).map((one) => bindEqual(bindings, table, field, one));
    const bound = values ? { argument: values, setters: bindSetters(bindings, table, namedType(values.type)) } : null;
    const given = [...bound?.setters.values() ?? []].map(({ column }) => column).filter(Boolean);
    return {
        kind: 'writeRows', action, table, isMany: writesMany(field), values: bound,
        key: equal.filter(({ argument }) => argument.name !== 'ifVersion'),
        version: equal.find(({ argument }) => argument.name === 'ifVersion') ?? null,
        on: [on].flat().map(table.column),
        changed: update ? [update].flat().map(table.column) : given.filter((column) => ![on].flat().includes(column.name)),
        found: where ? bindFound(bindings, table, where, equal) : null,
        isPayload: !directive(namedType(field.type), 'table'),
        functions: () => bindings.computed.get(table) ?? [],
    };
}

// The rows that a filter finds, as the binding of a list has it.
function bindFound(bindings, table, where, equal) {
    const branches = [{ table, discriminator: null }];
    return {
        branches, search: [], where, order: [], orderBy: null, filters: [{ argument: where, filter: bindings.filterOf(namedType(where.type), branches) }],
        equal: equal.map(({ argument, column }) => ({ argument, columns: [column] })),
    };
}

// Of a payload of one row, a field that shows no column of it and nothing that is joined to it; or null.
export function bindWritten(bindings, table, field) {
    const target = namedType(field.type);
    if ((field.name === 'count' && target.name === 'Int') || (field.name === 'inserted' && !table.column('inserted')))
        return { kind: 'given', member: field.name };
    return !isLeafType(target) && !isList(field.type) && bindings.tableOf(target) === table && !directive(field, 'join') ? { kind: 'itself' } : null;
}
