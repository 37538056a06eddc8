// examples.ts - one operation for each root field of a schema, to begin with.
//
// What a field needs is a variable with a plausible value (values.ts), and what it gives is
// selected one level deep (selection.ts). All of it is made from the schema alone, so that it
// fits any contract, and what a role sees of it.
//
// SPDX-License-Identifier: MIT

import { getNamedType, isCompositeType, isLeafType, isListType, isNonNullType, isRequiredArgument, isScalarType, parse, print } from 'graphql'
import type { GraphQLArgument, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql'
import { connectionNode, pageArguments, selectionOf } from './selection.ts'
import { plausibleValue } from './values.ts'

export interface Example {
  kind: 'query' | 'mutation'
  /** The root field. */
  field: string
  /** The first sentence that the contract says about it, or nothing. */
  description: string
  document: string
  /** JSON, or nothing where there are no variables. */
  variables: string
}

type Field = GraphQLField<unknown, unknown>

/** Queries first, each kind in the order of the contract, without what is deprecated. */
export function exampleOperations(schema: GraphQLSchema): Example[] {
  return [...ofType(schema, 'query', schema.getQueryType()), ...ofType(schema, 'mutation', schema.getMutationType())]
}

/**
 * The example that a first visit shows: a list that needs no arguments, and of these the one
 * with the most, since that is where most can be tried. Null if there are no queries.
 */
export function firstExample(schema: GraphQLSchema): Example | null {
  const fields = fieldsOf(schema.getQueryType())
  const best = fields.reduce<Field | null>((best, field) => (best === null || rank(field) > rank(best) ? field : best), null)
  return best && exampleOf(schema, 'query', best)
}

function rank(field: Field): number {
  if (field.args.some(isRequiredArgument)) return 0
  if (isList(field) && isCompositeType(getNamedType(field.type))) return (isNonNullType(field.type) ? 200 : 100) + field.args.length
  if (connectionNode(field.type)) return 100
  return field.args.length === 0 ? 2 : 1
}

function isList(field: Field): boolean {
  return isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
}

function fieldsOf(type: GraphQLObjectType | null | undefined): Field[] {
  return type ? Object.values(type.getFields()).filter((field) => field.deprecationReason == null) : []
}

function ofType(schema: GraphQLSchema, kind: Example['kind'], type: GraphQLObjectType | null | undefined): Example[] {
  return fieldsOf(type).map((field) => exampleOf(schema, kind, field))
}

function exampleOf(schema: GraphQLSchema, kind: Example['kind'], field: Field): Example {
  const variables = field.args.filter((argument) => isRequiredArgument(argument) || argument === usualArgument(field))
  const values = Object.fromEntries(variables.map((argument) => [argument.name, plausibleValue(schema, argument, field)]))
  const given = [...variables.map((argument) => `${argument.name}: $${argument.name}`), ...pageArguments(field, 3, variables)]
  const text =
    `${kind} ${operationName(field.name)}${inParentheses(variables.map((argument) => `$${argument.name}: ${argument.type}`))}` +
    ` { ${field.name}${inParentheses(given)} ${selectionOf(schema, field.type)} }`
  return {
    kind,
    field: field.name,
    description: firstSentence(field.description),
    document: `${print(parse(text))}\n`,
    variables: variables.length > 0 ? JSON.stringify(values, null, 2) : '',
  }
}

/** Of a field that gives one thing and needs no argument by itself, such as `user(id: ID, username: String)`, the first. */
function usualArgument(field: Field): GraphQLArgument | null {
  const first = field.args[0]
  if (!first || isList(field) || connectionNode(field.type) || field.args.some(isRequiredArgument)) return null
  return isScalarType(first.type) && isLeafType(first.type) ? first : null
}

function operationName(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1)
}

function inParentheses(parts: string[]): string {
  return parts.length > 0 ? `(${parts.join(', ')})` : ''
}

function firstSentence(text: string | null | undefined): string {
  const sentence = /^[\s\S]*?[.!?](?=\s|$)/.exec(text ?? '')
  return (sentence ? sentence[0] : (text ?? '')).replaceAll('`', '').replace(/\s+/g, ' ').trim()
}
