// selection.ts - what is selected of a type: its leaves, and those of a few objects below it.
//
// SPDX-License-Identifier: MIT

import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import type {
  GraphQLArgument,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
} from 'graphql'

type Field = GraphQLField<unknown, unknown>

// How much is shown: enough to see what there is, and short enough to read.
const LEAVES = 8
const OBJECTS = 3
const LEAVES_BELOW = 3
const ROWS_BELOW = 2
const POSSIBLE_TYPES = 4

/** The selection of a field of this type, with braces; nothing for a leaf. */
export function selectionOf(schema: GraphQLSchema, type: GraphQLOutputType): string {
  const named = getNamedType(type)
  return isLeafType(named) ? '' : inBraces(membersOf(schema, named, LEAVES, OBJECTS))
}

/** The type of the nodes if `type` is a connection as Relay defines it, otherwise null. */
export function connectionNode(type: GraphQLOutputType): GraphQLCompositeType | null {
  const connection = getNamedType(type)
  const edges = isObjectType(connection) ? connection.getFields()['edges'] : undefined
  if (!edges || !isListType(getNullableType(edges.type))) return null
  const edge = getNamedType(edges.type)
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined
  const named = node && getNamedType(node.type)
  return named && !isLeafType(named) ? named : null
}

/** `first: 3`, if the field has such an argument and it is not among `others`. */
export function pageArguments(field: Field, rows: number, others: readonly GraphQLArgument[] = []): string[] {
  const first = field.args.find((argument) => argument.name === 'first' && getNamedType(argument.type).name === 'Int')
  return first && !others.includes(first) && !isListType(getNullableType(first.type)) ? [`first: ${rows}`] : []
}

function inBraces(members: string[]): string {
  return `{ ${(members.length > 0 ? members : ['__typename']).join(' ')} }`
}

/** Fields that can be selected without more arguments, and that are not deprecated. */
function plainFields(type: GraphQLObjectType | GraphQLInterfaceType): Field[] {
  return Object.values(type.getFields()).filter((field) => field.deprecationReason == null && !field.args.some(isRequiredArgument))
}

function leavesOf(type: GraphQLObjectType | GraphQLInterfaceType): Field[] {
  return plainFields(type).filter((field) => isLeafType(getNamedType(field.type)))
}

function membersOf(schema: GraphQLSchema, type: GraphQLCompositeType, leaves: number, objects: number): string[] {
  if (isAbstractType(type)) return membersOfAbstract(schema, type, leaves)
  const node = connectionNode(type)
  const below = plainFields(type)
    .filter((field) => !isLeafType(getNamedType(field.type)) && !(node && field.name === 'edges'))
    .slice(0, objects)
    .map((field) => objectField(schema, field))
  return [
    ...leavesOf(type).slice(0, leaves).map((field) => field.name),
    ...(node ? [`edges { node ${inBraces(membersOf(schema, node, leaves, objects))} }`] : []),
    ...below,
  ]
}

/** A field below the first level: leaves alone, and the nodes of a connection. */
function objectField(schema: GraphQLSchema, field: Field): string {
  const pages = pageArguments(field, ROWS_BELOW)
  const type = getNamedType(field.type) as GraphQLCompositeType
  const node = connectionNode(type)
  const selection = node
    ? `{ edges { node ${inBraces(membersOf(schema, node, LEAVES_BELOW, 0))} } }`
    : inBraces(membersOf(schema, type, LEAVES_BELOW, 0))
  return `${field.name}${pages.length > 0 ? `(${pages.join(', ')})` : ''} ${selection}`
}

/**
 * The leaves of an interface, and then those of its possible types. The same name must not
 * mean two types in one answer (section 5.3.2), so the first one has it.
 */
function membersOfAbstract(schema: GraphQLSchema, type: GraphQLCompositeType, leaves: number): string[] {
  const taken = new Map<string, string>()
  const take = (field: Field): boolean => {
    const known = taken.get(field.name)
    if (known === undefined) taken.set(field.name, String(field.type))
    return known === undefined || known === String(field.type)
  }
  const shared = isInterfaceType(type) ? leavesOf(type).slice(0, leaves) : []
  shared.forEach(take)
  const sharedNames = new Set(shared.map((field) => field.name))
  const fragments = (isAbstractType(type) ? schema.getPossibleTypes(type) : []).slice(0, POSSIBLE_TYPES).flatMap((possible) => {
    const own = leavesOf(possible).filter((field) => !sharedNames.has(field.name)).slice(0, LEAVES_BELOW).filter(take)
    return own.length > 0 ? [`... on ${possible.name} ${inBraces(own.map((field) => field.name))}`] : []
  })
  return ['__typename', ...sharedNames, ...fragments]
}
