// errors.ts - errors in the words of people, at the field of a form that each is about.
//
// SPDX-License-Identifier: MIT
import type { CombinedError } from '@urql/core';

type Errors = Pick<CombinedError, 'networkError' | 'graphQLErrors'>;
interface Extensions {
    code?: string;
    argument?: string;
    field?: string;
    retryAfter?: number;
}

const extensionsOf = (error: CombinedError['graphQLErrors'][number]) => error.extensions as Extensions;

export function errorCode(error: Errors): string | undefined {
    return error.graphQLErrors.map((one) => extensionsOf(one).code).find(Boolean);
}

/** Whether nothing is known to have happened, so that the same may be tried again. */
export function isPassing(error: Errors): boolean {
    const passing = ['SERVICE_UNAVAILABLE', 'SCHEMA_RELOADING', 'TIMEOUT', 'RATE_LIMITED', 'DOCUMENT_NOT_FOUND'];
    return Boolean(error.networkError) || passing.includes(errorCode(error) ?? '');
}

/** Whether it is the address of a page of a list: the cursor is another list's, or was cut. */
export function isOfCursor(error: Errors): boolean {
    return error.graphQLErrors.some((one) => ['after', 'before'].includes(extensionsOf(one).argument ?? ''));
}

function seconds(count: number): string {
    const minutes = Math.ceil(count / 60);
    return count < 90 ? `${count} second${count === 1 ? '' : 's'}` : `${minutes} minutes`;
}

/** `isOnce`: it was sent with a key, and the same may be sent again. */
function words(error: CombinedError['graphQLErrors'][number], isOnce: boolean): string {
    const { code, retryAfter } = extensionsOf(error);
    switch (code) {
        case 'RATE_LIMITED':
            return retryAfter ? `Too many attempts. Try again in ${seconds(retryAfter)}.` : error.message;
        case 'SERVICE_UNAVAILABLE':
        case 'SCHEMA_RELOADING':
        case 'TIMEOUT':
            return 'The server is busy at the moment. Nothing was changed; try again.';
        case 'OUTCOME_UNKNOWN':
            return isOnce
                ? 'The server was interrupted, and cannot say whether this was done. Try again: it will not be done twice.'
                : 'The server was interrupted, and cannot say whether this was done. Look before you try again.';
        case 'TOKEN_EXPIRED':
        case 'TOKEN_INVALID':
            return 'Your session has ended. Log in again.';
        case 'DOCUMENT_NOT_FOUND':
            return 'This page is of another version than the server. Nothing was changed; reload it.';
        case 'INTERNAL_SERVER_ERROR':
            return 'Something is wrong with the server. Try again later.';
        default:
            return error.message;
    }
}

export function errorText(error: Errors, isOnce = false): string {
    const first = error.graphQLErrors[0];
    if (isOfCursor(error)) {
        return 'There is no such page of this list.';
    }
    return first && !error.networkError ? words(first, isOnce) : 'The server cannot be reached.';
}

export interface FormErrors {
    /** By the name of the field. */
    fields: Record<string, string>;
    /** What is about none of them. */
    form: string | null;
}

export const noErrors: FormErrors = { fields: {}, form: null };

/** `names` are the form's fields, which have the names of the arguments. */
export function formErrors(error: Errors, names: readonly string[], isOnce = false): FormErrors {
    if (error.networkError) {
        return { fields: {}, form: 'The server cannot be reached. What you have typed is kept; try again.' };
    }
    const fields: Record<string, string> = {};
    let form: string | null = null;
    for (const one of error.graphQLErrors) {
        const { argument, field } = extensionsOf(one);
        const name = names.find((candidate) => candidate === argument || candidate === field);
        if (name) {
            fields[name] ??= words(one, isOnce);
        } else {
            form ??= words(one, isOnce);
        }
    }
    return { fields, form };
}
