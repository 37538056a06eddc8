// order.mjs - what a list is sorted by, as the contract says it.
//
// A term is { columns, isDescending, isNullsFirst }: one column for each branch, or none where the
// branch has no such column. Instead of a column's value it may be that of a joined row ({ joins,
// columns }), how many rows are joined ({ counts }), or what a function of the row gives ({ functions }).
//
// SPDX-License-Identifier: MIT
import { directive, findColumn, isEnumType, namedType } from './contract.mjs';

// A direction: `DESC`, `ASC_NULLS_FIRST`, or as SQL has it, `desc nulls last`.
export function readWay(text) {
    const words = text.toUpperCase().split(/[\s_]+/);
    const isDescending = words.includes('DESC');
    // PostgreSQL's nulls: after all values, and so before them in descending order.
    return { isDescending, isNullsFirst: words.includes('NULLS') ? words.includes('FIRST') : isDescending };
}

// `created_at DESC, id`: the terms for these branches.
// Of a list through a table between, a column may be of that one.
export const readOrder = (by, branches) => (by ?? '').split(',').map((term) => term.trim().split(/\s+/)).filter(([name]) => name)
    .map(([name, ...way]) => {
        const columns = branches.map(({ table }) => table.column(name));
        const between = columns[0] ? undefined : branches[0].join?.between?.column(name);
        return { columns: between ? [between] : columns, isBetween: Boolean(between), ...readWay(way.join(' ')) };
    });

// --- enums whose values say a whole order ------------------------------------------------------

// `URL_ASC`: the column that is called so, and a direction.
function readConvention(name, branches) {
    const [, stem, way] = /^(.*?)_((?:ASC|DESC)(?:_NULLS_(?:FIRST|LAST))?)$/i.exec(name);
    return [{ columns: branches.map(({ table }) => table.column(stem.toLowerCase())), ...readWay(way) }];
}

function bindEnum(type, branches) {
    const terms = new Map(type.getValues().map((value) => {
        const said = directive(value, 'order')?.by;
        return [value.name, said ? readOrder(said, branches) : readConvention(value.name, branches)];
    }));
    return { isEnum: true, of: (value) => terms.get(value) };
}

// --- input objects of which one member is given -------------------------------------------------

// Inner ones lead back to outer ones: they are bound when they are asked for.
function bindOnce(bind) {
    let bound = null;
    return () => (bound ??= bind());
}

// What a member sorts by, without its direction.
function bindMember(bindings, field, branches) {
    const type = namedType(field.type);
    const joinOf = (isMany) => branches.map(({ table }) => bindings.relation(table, field, isMany).join);
    if (directive(field, 'count'))
        return { counts: joinOf(true) };
    const called = directive(field, 'function')?.name;
    if (called)
        return { functions: branches.map(({ table }) => bindings.functionOf(table, called)) };
    if (isEnumType(type))
        return { columns: branches.map(({ table }) => findColumn(table, field, directive(field, 'column')?.name)) };
    const related = branches.map(({ table }) => bindings.relation(table, field, false));
    return { joins: related.map(({ join }) => join), inner: bindOnce(() => bindObject(bindings, type, related)) };
}

function bindObject(bindings, type, branches) {
    const members = new Map(Object.values(type.getFields()).map((field) => [field.name, bindMember(bindings, field, branches)]));
    const of = (value) => {
        const [[name, way]] = Object.entries(value);
        const { inner, joins, ...rest } = members.get(name);
        return inner ? inner().of(way).map((term) => ({ ...term, joins: [joins, ...term.joins ?? []] })) : [{ ...rest, ...readWay(way) }];
    };
    return { members, of };
}

// What an argument's value says: { of: (one value) => terms }.
export function bindOrder(bindings, argument, branches) {
    const type = namedType(argument.type);
    return isEnumType(type) ? bindEnum(type, branches) : bindObject(bindings, type, branches);
}
