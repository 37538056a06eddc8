// shrink.mjs - makes a document that fails smaller, as long as it fails: it loses selections,
// arguments, directives and variables, one after the other.
//
// SPDX-License-Identifier: MIT
import { BREAK, Kind, parse, print, visit } from 'graphql';

import { Numeral, readJson, writeJson } from './number.mjs';

// The places in a document where something can be left out or put simpler: a node's number in
// the order of a walk, and what to do with it.
function* edits(document, variables) {
    const nodes = [];
    visit(document, { enter: (node) => { nodes.push(node); } });
    for (const [number, { kind, value }] of nodes.entries()) {
        if ([Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD, Kind.DIRECTIVE, Kind.ARGUMENT, Kind.OBJECT_FIELD].includes(kind))
            yield { number, replace: () => null };
        if (kind === Kind.INLINE_FRAGMENT)
            yield { number, replace: (node) => node.selectionSet.selections };
        if (kind === Kind.FIELD)
            yield { number, replace: (node) => (node.alias ? { ...node, alias: undefined } : undefined) };
        if (kind === Kind.VARIABLE_DEFINITION)
            yield { number, replace: (node) => (node.defaultValue ? { ...node, defaultValue: undefined } : undefined) };
        if (kind === Kind.VARIABLE)
            yield { number, replace: (node) => literalOf(variables[node.name.value]) };
        if (kind === Kind.LIST && value === undefined)
            yield { number, replace: (node) => (node.values?.length > 0 ? { ...node, values: node.values.slice(1) } : undefined) };
    }
}

// A value that may stand in the document; enums are told by their letters.
function literalOf(value) {
    if (value instanceof Numeral)
        return { kind: /[.eE]/.test(value.text) ? Kind.FLOAT : Kind.INT, value: value.text };
    if (typeof value === 'boolean')
        return { kind: Kind.BOOLEAN, value };
    return typeof value === 'string' ? { kind: Kind.STRING, value } : undefined;
}

// The document with one edit; null when there was nothing to do.
function edit(document, { number, replace }) {
    let at = 0, hasChanged = false;
    const edited = visit(document, {
        enter(node, key, parent) {
            if (at++ !== number)
                return undefined;
            const found = replace(node);
            if (found === undefined || (node.kind === Kind.VARIABLE && parent?.kind === Kind.VARIABLE_DEFINITION))
                return BREAK;
            hasChanged = true;
            return found;
        },
    });
    return hasChanged ? tidy(edited) : null;
}

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

// Without fragments and variables that nothing uses; selections that became empty have a __typename.
function tidy(document) {
    const full = visit(document, {
        SelectionSet: { leave: (node) => { const selections = node.selections.flat(); return { ...node, selections: selections.length > 0 ? selections : [TYPENAME] }; } },
    });
    const spreads = new Set(), used = new Set();
    visit(full, {
        FragmentSpread: (node) => { spreads.add(node.name.value); },
        Variable: (node, key, parent) => { if (parent.kind !== Kind.VARIABLE_DEFINITION) used.add(node.name.value); },
    });
    return visit(full, {
        FragmentDefinition: (node) => (spreads.has(node.name.value) ? undefined : null),
        VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
    });
}

// `isBad` says, later, whether { query, variables, ... } still fails.
export async function shrink(it, isBad, deadline) {
    for (let hasChanged = true; hasChanged;) {
        hasChanged = false;
        const variables = readJson(it.variables);
        for (const one of edits(parse(it.query), variables)) {
            if (Date.now() > deadline)
                return it;
            const document = edit(parse(it.query), one);
            const query = document && print(document);
            if (!query || query === it.query)
                continue;
            const kept = Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}:`)));
            const candidate = { ...it, query, variables: writeJson(kept) };
            if (!await isBad(candidate))
                continue;
            it = candidate;
            hasChanged = true;
            break;
        }
    }
    return it;
}
