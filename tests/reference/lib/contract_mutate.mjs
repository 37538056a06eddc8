// contract_mutate.mjs - makes a contract almost valid: a few changes to its tree, its tokens or its characters, or a
// definition more that does not fit.
//
// SPDX-License-Identifier: MIT
import { Kind, parse, parseConstValue, parseType, print } from 'graphql';

import { mutate } from './mutate.mjs';
import { makeRedefinition, makeScalar } from './redefine.mjs';

const NAMES = ['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Boolean', 'ID', 'Float', 'Unknown', '__Type', '__own', 'User', 'Filter', 'Node', 'Order', 'Any', 'Date'];
const APPLIED = ['deprecated', 'deprecated(reason: null)', 'deprecated(reason: 1)', 'deprecated(reason: "x")', 'deprecated(reason: ["x"])', 'deprecated(cause: "x")', 'deprecated(reason: "x", reason: "y")', 'specifiedBy(url: "x")', 'specifiedBy', 'specifiedBy(url: 1)', 'oneOf', 'skip(if: true)', 'include', 'tag', 'tag2', 'tag(a: { b: 1, b: 2 })', 'unknown(a: 1, a: 2)'];
const LITERALS = ['1', '-1', '2147483648', '1.5', '1e400', '"x"', '"""x"""', 'true', 'null', 'ASC', 'UNKNOWN', '[]', '[null]', '[1, "x"]', '{}', '{ a: 1 }', '{ z: 1 }', '{ z: 1, z: 2 }', '{ z: null }', '{ nmae: {} }', '{ z: 1, a: null }', '[[1]]', '[{}, {}]'];
const DEFINITIONS = [
    'type Query { q: Int }', 'extend type Query { more: Int }', 'extend type Unknown { more: Int }', 'schema { query: Query }', 'extend schema { mutation: User }', 'extend schema { query: User }',
    'scalar Date', 'scalar String', 'scalar ID @specifiedBy(url: "x") extend scalar ID @specifiedBy(url: "y")', 'scalar ID extend scalar ID @deprecated', 'scalar Int scalar Int', 'type Int { a: ID }', 'enum Boolean { true_ }', 'type __Type { a: Int }', 'enum Empty', 'type Empty', 'input Empty', 'union Empty', 'interface Empty', 'extend input Filter @oneOf', 'extend scalar ID @tag', 'input Empty @oneOf input Full { a: Empty! }',
    'input Loop { a: Loop! }', 'input Loop { a: Pool! } input Pool { b: Loop! c: [Loop!]! }', 'input Loop @oneOf { a: Loop b: Pool } input Pool { a: Loop! }', 'input Loop @oneOf { a: [Loop] }', 'input Loop { a: Pool! } input Pool @oneOf { a: Loop b: Pool }', 'input Loop { a: Pool! b: Pool! } input Pool { c: Loop! }',
    'input Loop { a: Pool = {} } input Pool { b: Loop = {} }', 'input Loop { a: Loop = { b: 1 } b: Int }', 'input Loop { a: [Loop] = [{}, { a: null }] }', 'input Loop { a: Loop = { a: { a: {} } } }', 'input Loop { a: Pool = { b: {} } } input Pool { b: Pool = {} c: Loop = {} }', 'input Loop { a: Pool! = {} } input Pool { b: Loop! = { a: {} } c: Int = "x" }',
    'interface Ring implements Ring { a: Int }', 'interface Ring implements Gnir { a: Int } interface Gnir implements Ring { a: Int }', 'type Poor implements Node { own: Int }', 'extend type User implements Node', 'extend type User implements Node2 & Node', 'extend interface Node { late: Int }', 'extend interface Node { late(a: Int!): Int } extend type User { late(b: Int!): Float }',
    'directive @deprecated on FIELD_DEFINITION', 'directive @deprecated(reason: Int) on FIELD_DEFINITION | ENUM_VALUE', 'directive @specifiedBy on SCALAR', 'directive @tag on OBJECT', 'directive @own(a: Int @own) on ARGUMENT_DEFINITION', 'directive @own(a: Own) on ENUM_VALUE enum Own { A @own }', 'directive @own(a: Query = 1, a: Int! @deprecated) on FIELD', 'directive @__own on FIELD', 'directive @own(__a: Int, b: [User]) on FIELD',
    'union Any = User', 'extend union Any = User | Query', 'extend union Any = Int', 'enum Order { ASC ASC }', 'extend enum Order { ASC DESC }', 'query { a }', 'query Q($a: Int = 1 @tag, $b: Unknown) @skip(if: 1) { a(b: 1, b: 2) @tag @tag ...F }', 'fragment F on Query @tag { a }', '{ query: Query }', 'extend type Query @tag @tag',
];

// ---- The tree ---------------------------------------------------------------

const isNode = (value) => typeof value?.kind === 'string';
const LISTS = ['definitions', 'interfaces', 'directives', 'fields', 'values', 'types', 'arguments', 'operationTypes', 'locations'];
const TYPES = [Kind.NAMED_TYPE, Kind.LIST_TYPE, Kind.NON_NULL_TYPE];
const INPUTS = [Kind.INPUT_VALUE_DEFINITION];

// Every node below `node` with where it hangs: { node, parent, key, list }.
function collect(node, found = []) {
    for (const [key, value] of Object.entries(node)) {
        const list = Array.isArray(value) ? value : null;
        for (const item of (list ?? [value]).filter(isNode)) {
            found.push({ node: item, parent: node, key, list });
            collect(item, found);
        }
    }
    return found;
}

const put = ({ node, parent, key, list }, next) => {
    if (list)
        list[list.indexOf(node)] = next;
    else
        parent[key] = next;
};
const insert = (random, list, node) => list.splice(random.below(list.length + 1), 0, node);
const named = (name) => ({ kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } });
const applied = (random) => parse(`scalar A @${random.pick(APPLIED)}`, { noLocation: true }).definitions[0].directives[0];
const literal = (random) => parseConstValue(random.pick(LITERALS), { noLocation: true });

// What is done to a tree: to a place that fits, of those that are given.
const spoilers = [
    // a member less, or twice, or elsewhere
    [({ key, list }) => list && LISTS.includes(key), (random, { node, list }) => list.splice(list.indexOf(node), 1)],
    [({ key, list }) => list && LISTS.includes(key), (random, { node, list }) => insert(random, list, structuredClone(node))],
    [({ key, list }) => list && LISTS.includes(key), (random, { node, list, key }, places) => {
        const others = places.filter((other) => other.key === key && other.list && other.node.kind === node.kind);
        insert(random, random.pick(others).list, structuredClone(node));
    }],
    // another name: of something else, or of nothing
    [({ node }) => node.kind === Kind.NAME, (random, { node }, places) => {
        const names = places.filter((other) => other.node.kind === Kind.NAME);
        node.value = random.pick([() => random.pick(names).node.value, () => random.pick(NAMES), () => `${node.value}s`, () => `__${node.value}`])();
    }],
    // another type
    [({ node }) => node.kind === Kind.NAMED_TYPE, (random, { node }) => {
        node.name = { kind: Kind.NAME, value: random.pick(NAMES) };
    }],
    [({ node, key }) => TYPES.includes(node.kind) && ['type', 'of'].includes(key), (random, place) => {
        const text = print(place.node).replace(/!+/g, '!'); // there may have been a change before
        put(place, parseType(random.pick([
            () => `[${text}]`,
            () => (text.endsWith('!') ? text.slice(0, -1) : `${text}!`),
            () => (text.endsWith('!') ? text : `${text}!`),
            () => text.replace(/^\[(.*)\]!?$/, '$1'),
            () => text.replace(/\w+/, () => random.pick(NAMES)),
        ])(), { noLocation: true }));
    }],
    // another default, or none, or one within
    [({ node }) => INPUTS.includes(node.kind), (random, { node }) => {
        node.defaultValue = random.chance(0.2) ? undefined : literal(random);
    }],
    [({ node, parent }) => /Value$/.test(node.kind) && parent.kind !== Kind.DIRECTIVE_DEFINITION && !/^Enum/.test(parent.kind), (random, place) => put(place, literal(random))],
    // one more directive
    [({ node }) => Array.isArray(node.directives) && node.kind !== Kind.DIRECTIVE_DEFINITION, (random, { node }) => {
        node.directives = [...node.directives];
        insert(random, node.directives, applied(random));
    }],
    // one more interface
    [({ node }) => /^(Object|Interface)Type(Def|Ext)/.test(node.kind), (random, { node }) => {
        node.interfaces = [...node.interfaces ?? [], named(random.pick(['Node', 'Node2', 'Node3', node.name.value, 'User']))];
    }],
    // an extension for a definition, and a definition for an extension
    [({ key, node }) => key === 'definitions' && /Type(Definition|Extension)$/.test(node.kind), (random, { node }) => {
        node.kind = node.kind.endsWith('Extension') ? node.kind.replace('Extension', 'Definition') : node.kind.replace('Definition', 'Extension');
    }],
    // an input object that is one of its fields
    [({ node }) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION, (random, { node }) => {
        node.directives = [...node.directives ?? [], ...parse('input A @oneOf', { noLocation: true }).definitions[0].directives];
    }],
    // repeatable or not
    [({ node }) => node.kind === Kind.DIRECTIVE_DEFINITION, (random, { node }) => {
        node.repeatable = !node.repeatable;
    }],
];

function read(text) {
    try {
        return parse(text, { noLocation: true });
    } catch {
        return null;
    }
}

function mutateTree(random, document) {
    for (let i = random.pick([1, 1, 2, 3]); i > 0; i--) {
        const places = collect(document);
        const [isFit, change] = random.pick(spoilers);
        const fitting = places.filter(isFit);
        if (fitting.length > 0)
            change(random, random.pick(fitting), places);
    }
    return print(document);
}

// Changes the contract, in one of the ways.
export function mutateContract(random, text) {
    const kind = random.below(10);
    const document = read(text);
    if (kind < 2 || !document) {
        const more = random.pick([() => random.pick(DEFINITIONS), () => random.pick(DEFINITIONS), () => random.pick(DEFINITIONS), makeRedefinition, makeScalar])(random);
        return random.chance(0.5) ? `${text}\n${more}` : `${more}\n${text}`;
    }
    if (kind < 8)
        return mutateTree(random, document);
    return mutate(random, text, NAMES);
}
