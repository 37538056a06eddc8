// contract.mjs - a contract as the interpreter needs it: its types, and what their directives say.
//
// SPDX-License-Identifier: MIT
import {
    buildASTSchema, getNamedType, GraphQLBoolean, GraphQLError, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString,
    isAbstractType, isEnumType, isLeafType, isListType, isNonNullType, isObjectType, isScalarType, isSpecifiedScalarType,
    Kind, parse,
} from 'graphql';

import { Numeral } from '../number.mjs';

export { isAbstractType, isEnumType, isLeafType, isObjectType };

// --- what directives say -----------------------------------------------------

const readLiteral = (node) => (node.kind === Kind.LIST ? node.values.map(readLiteral)
    : node.kind === Kind.BOOLEAN ? node.value
        : node.kind === Kind.NULL ? null : node.value);

const nodesOf = (it) => [it?.astNode, ...it?.extensionASTNodes ?? []].filter(Boolean);

// The arguments of the directive of that name on a type, field, argument or value; null when
// there is none.
export function directive(it, name) {
    for (const node of nodesOf(it)) {
        const found = node.directives?.find((one) => one.name.value === name);
        if (found)
            return Object.fromEntries((found.arguments ?? []).map((one) => [one.name.value, readLiteral(one.value)]));
    }
    return null;
}

// `createdAt` is created_at, `BlogPost` is blog_post.
export const snakeCase = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').toLowerCase();

// A column by the name that the contract gives, or the field's as it is, or in snake case.
export const findColumn = (table, field, name) => (name ? table.column(name) : table.column(field.name) ?? table.column(snakeCase(field.name)));

// --- types -------------------------------------------------------------------

export const isList = (type) => isListType(isNonNullType(type) ? type.ofType : type);
export const namedType = getNamedType;

// Scalars whose numbers are texts, in and out. What a field gives is shown already, so that
// nothing is left to do on the way out. The built-in ones are the same in all contracts.
let isPrepared = false;

const asIs = (value) => value;

function prepareBuiltin() {
    if (isPrepared)
        return;
    isPrepared = true;
    for (const scalar of [GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID])
        scalar.coerceOutputValue = asIs;
    const readInt = GraphQLInt.coerceInputValue;
    GraphQLInt.coerceInputValue = (value) => readInt(value instanceof Numeral && /^-?\d+$/.test(value.text) ? Number(value.text) : value);
    const readId = GraphQLID.coerceInputValue;
    GraphQLID.coerceInputValue = (value) => (value instanceof Numeral && /^-?\d+$/.test(value.text) ? value.text : readId(value));
    const refuse = () => { throw new GraphQLError('Not a number.'); };
    GraphQLFloat.coerceInputValue = (value) => (value instanceof Numeral && Number.isFinite(Number(value.text)) ? value : refuse());
    GraphQLFloat.coerceInputLiteral = (node) => (node.kind === Kind.INT || node.kind === Kind.FLOAT ? GraphQLFloat.coerceInputValue(new Numeral(node.value)) : refuse());
}

function prepareScalars(schema) {
    prepareBuiltin();
    for (const type of Object.values(schema.getTypeMap())) {
        if (!isScalarType(type) || isSpecifiedScalarType(type))
            continue;
        type.coerceOutputValue = asIs;
        type.coerceInputValue = asIs;
        type.coerceInputLiteral = readAny;
    }
}

// What a custom scalar's literal says.
function readAny(node) {
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT)
        return new Numeral(node.value);
    if (node.kind === Kind.LIST)
        return node.values.map(readAny);
    if (node.kind === Kind.OBJECT)
        return Object.fromEntries(node.fields.map((field) => [field.name.value, readAny(field.value)]));
    return node.kind === Kind.NULL ? null : node.value;
}

export function readContract(sdl) {
    const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
    prepareScalars(schema);
    return schema;
}
