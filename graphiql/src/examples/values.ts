// values.ts - a plausible value for an argument: by its type, and for texts by its name.
//
// SPDX-License-Identifier: MIT

import {
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredInputField,
  getNamedType,
  isLeafType,
} from 'graphql'
import type {
  GraphQLArgument,
  GraphQLField,
  GraphQLInputField,
  GraphQLInputObjectType,
  GraphQLInputType,
  GraphQLOutputType,
  GraphQLSchema,
} from 'graphql'

// A row: what the name of a scalar or of a text looks like, and a value for it.
type Row = readonly [RegExp, unknown]

const SCALARS: readonly Row[] = [
  [/^Int$/, 1],
  [/^Float$/, 1.5],
  [/^Boolean$/, true],
  [/^ID$/, '1'],
  [/local.*datetime/i, '2026-01-31T12:00:00'],
  [/datetime|timestamp|instant/i, '2026-01-31T12:00:00Z'],
  [/date/i, '2026-01-31'],
  [/time$/i, '12:00:00'],
  [/interval|duration|period/i, 'P1D'],
  [/uuid|guid/i, '00000000-0000-4000-8000-000000000000'],
  [/decimal|money|numeric/i, '1.50'],
  [/[a-z]Int\d*$|Long/, '1'],
  [/json|generic|object/i, {}],
  [/bytes|blob|binary/i, ''],
]

const TEXTS: readonly Row[] = [
  [/e-?mail/i, 'ada@example.org'],
  [/password|secret/i, 'correct horse battery staple'],
  [/user|login/i, 'ada'],
  [/url|uri|link|website/i, 'https://example.org/'],
  [/token|cursor|after|before/i, ''],
  [/name/i, 'Ada'],
  [/search|query|text|title|description|body|note|comment/i, 'GraphQL'],
]

/** A value that a variable for this argument of `field` may have, as JSON. */
export function plausibleValue(schema: GraphQLSchema, argument: GraphQLArgument, field: GraphQLField<unknown, unknown>): unknown {
  const globalId = /^ids?$/.test(argument.name) ? globalIdOf(schema, field.type) : null
  return valueOf(argument.type, argument.name, [], globalId)
}

/** Objects that a Node is have ids of the form base64 of `TypeName:key`; others null. */
function globalIdOf(schema: GraphQLSchema, type: GraphQLOutputType): string | null {
  const named = getNamedType(type)
  if (isLeafType(named)) return null
  const possible = isAbstractType(named) ? schema.getPossibleTypes(named)[0] : named
  return isObjectType(possible) && possible.getInterfaces().some((type) => type.name === 'Node') ? btoa(`${possible.name}:1`) : null
}

function valueOf(type: GraphQLInputType, name: string, within: GraphQLInputObjectType[], globalId: string | null): unknown {
  const nullable = getNullableType(type)
  const item = getNamedType(nullable)
  if (isListType(nullable)) return isInputObjectType(item) && within.includes(item) ? [] : [valueOf(nullable.ofType, name, within, globalId)]
  if (isInputObjectType(nullable)) return within.includes(nullable) ? {} : objectValue(nullable, [...within, nullable])
  if (isEnumType(nullable)) return (nullable.getValues().find((value) => value.deprecationReason == null) ?? nullable.getValues()[0])?.name
  if (nullable.name === 'ID' && globalId !== null) return globalId
  if (nullable.name === 'Int' && /^(first|last|limit)$/.test(name)) return 3
  const text = SCALARS.every(([pattern]) => !pattern.test(nullable.name))
  return (text ? TEXTS.find(([pattern]) => pattern.test(name))?.[1] : rowFor(SCALARS, nullable.name)) ?? 'text'
}

function rowFor(rows: readonly Row[], name: string): unknown {
  return rows.find(([pattern]) => pattern.test(name))?.[1]
}

/** What an input object must have, or of a @oneOf the one field that leads to a value soonest. */
function objectValue(type: GraphQLInputObjectType, within: GraphQLInputObjectType[]): Record<string, unknown> {
  const fields = Object.values(type.getFields())
  const given = type.isOneOf ? [simplestField(fields, within)] : fields.filter(isRequiredInputField)
  return Object.fromEntries(
    given.flatMap((field) => (field ? [[field.name, valueOf(field.type, field.name, within, null)]] : [])),
  )
}

function simplestField(fields: GraphQLInputField[], within: GraphQLInputObjectType[]): GraphQLInputField | undefined {
  const isNew = (field: GraphQLInputField) => !within.includes(getNamedType(field.type) as GraphQLInputObjectType)
  return fields.find((field) => isLeafType(getNamedType(field.type))) ?? fields.find(isNew) ?? fields.find((field) => isListType(getNullableType(field.type)))
}
