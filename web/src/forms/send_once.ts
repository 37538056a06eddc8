// send_once.ts - a mutation whose answer may be lost, and that is done once however often it is sent.
//
// SPDX-License-Identifier: MIT
import type { AnyVariables, OperationResult, TypedDocumentNode } from '@urql/core';
import { client } from '../graphql/client';
import { errorCode } from '../graphql/errors';
import { attemptKey, forgetAttempt } from './attempt';

/** Send it with the key of its attempt (attempt.ts), until an answer says what came of it. */
export async function sendOnce<Data extends object, Variables extends AnyVariables & object>(
    form: string,
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
): Promise<OperationResult<Data, Variables>> {
    const idempotencyKey = attemptKey(form, variables);
    const result = await client.get().mutation(document, variables, { idempotencyKey });
    const isDone = Object.values(result.data ?? {}).some((value) => value !== null);
    // (A conflict: the key is another submission's, sent by an older version of this page.)
    if (isDone || (result.error && errorCode(result.error) === 'CONFLICT')) {
        forgetAttempt(form);
    }
    return result;
}
