// find.ts - the mutation that gives a token for a username and a password, if a schema has one.
//
// It is known by its shape: two required texts, one of them named like a password, as arguments
// or as fields of one input object; and a text named like a token in what it gives.
//
// SPDX-License-Identifier: MIT

import { getNamedType, getNullableType, isInputObjectType, isNonNullType, isObjectType, isRequiredArgument, isRequiredInputField } from 'graphql'
import type { GraphQLArgument, GraphQLField, GraphQLInputField, GraphQLNamedType, GraphQLSchema, GraphQLType } from 'graphql'

export interface SignInMutation {
  field: string
  /** What the other text is called: `username`, `email`. */
  username: string
  /** A document with the variables `username` and `password`; the token is `signIn.token` of its data. */
  document: string
}

const PASSWORD = /password/i
const TOKEN = /^(token|jwt|accessToken|authToken)$/i

/** The first mutation of that shape, or null. */
export function findSignIn(schema: GraphQLSchema): SignInMutation | null {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const token = tokenField(getNamedType(field.type))
    const found = token && credentials(field)
    if (found) return { field: field.name, username: found.username, document: documentOf(field.name, found, token) }
  }
  return null
}

interface Credentials {
  username: string
  password: string
  /** The argument that holds both, or null if they are arguments themselves. */
  input: string | null
}

function credentials(field: GraphQLField<unknown, unknown>): Credentials | null {
  const required = field.args.filter(isRequiredArgument)
  const only = required.length === 1 ? required[0] : undefined
  const type = only && getNullableType(only.type)
  if (!only || !isInputObjectType(type)) return pair(required, null)
  return pair(Object.values(type.getFields()).filter(isRequiredInputField), only.name)
}

function pair(members: readonly (GraphQLArgument | GraphQLInputField)[], input: string | null): Credentials | null {
  const password = members.find((member) => PASSWORD.test(member.name))
  const username = members.find((member) => !PASSWORD.test(member.name))
  if (members.length !== 2 || !password || !username) return null
  return isText(password.type) && isText(username.type) ? { username: username.name, password: password.name, input } : null
}

function isText(type: GraphQLType): boolean {
  return isNonNullType(type) && String(type.ofType) === 'String'
}

function tokenField(payload: GraphQLNamedType): string | null {
  if (!isObjectType(payload)) return null
  const field = Object.values(payload.getFields()).find((field) => TOKEN.test(field.name) && String(getNullableType(field.type)) === 'String')
  return field && !field.args.some(isRequiredArgument) ? field.name : null
}

function documentOf(field: string, { username, password, input }: Credentials, token: string): string {
  const both = `${username}: $username, ${password}: $password`
  const given = input === null ? both : `${input}: { ${both} }`
  return `mutation SignIn($username: String!, $password: String!) { signIn: ${field}(${given}) { token: ${token} } }`
}
