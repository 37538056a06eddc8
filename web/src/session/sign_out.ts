// sign_out.ts - what happens when another viewer begins: signing in, and out.
//
// SPDX-License-Identifier: MIT
import { SignOutDocument } from '../gql/graphql';
import { client, resetClient } from '../graphql/client';
import { errorText } from '../graphql/errors';
import { announce } from '../ui/announce';
import { announceSession, onSessionChange } from './tabs';
import { type Viewer, notice, token, viewer } from './viewer';

/** Another viewer is here: forget what the one before has seen, in all tabs. */
export function beginSession(next: Viewer | null): void {
    notice.set(null);
    viewer.note(next);
    resetClient();
    announceSession();
}

export async function signOut(): Promise<void> {
    const { error } = await client.get().mutation(SignOutDocument, {}, { isOfSession: true });
    if (error) {
        notice.set(`You are still logged in. ${errorText(error)}`);
        return;
    }
    token.set(null);
    beginSession(null);
    announce('You are logged out.');
}

export function startSession(): void {
    // Each page asks again who is there.
    onSessionChange(resetClient);
}
