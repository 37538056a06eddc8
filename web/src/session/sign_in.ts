// sign_in.ts - sign in, and begin anew as that user.
//
// SPDX-License-Identifier: MIT
import type { CombinedError } from '@urql/core';
import { SignInDocument } from '../gql/graphql';
import { client } from '../graphql/client';
import { go } from '../router/router';
import { announce } from '../ui/announce';
import { beginSession } from './sign_out';
import { tokens } from './viewer';

/** Returns what was refused; undefined: signed in, and gone to `next`. */
export async function signIn(username: string, password: string, next: string): Promise<CombinedError | undefined> {
    const { data, error } = await client.get().mutation(SignInDocument, { username, password }, { isOfSession: true });
    if (!data?.tokenAuth) {
        return error;
    }
    // Empty where they are cookies.
    const { token, refreshToken } = data.tokenAuth;
    tokens.set(token ? { access: token, refresh: refreshToken || null } : null);
    beginSession(data.tokenAuth.user ?? null);
    go(next, { replace: true });
    announce(`You are logged in as ${username}.`);
    return undefined;
}
