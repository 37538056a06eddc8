// sign_out.ts - what happens when another viewer begins: signing in, and out.
//
// SPDX-License-Identifier: MIT
import { RevokeDocument, SignOutDocument } from '../gql/graphql';
import { client, resetClient } from '../graphql/client';
import { errorText } from '../graphql/errors';
import { announce } from '../ui/announce';
import { announceSession, onSessionChange } from './tabs';
import { type Viewer, notice, tokens, viewer } from './viewer';

/** Another viewer is here, in all tabs. */
export function beginSession(next: Viewer | null): void {
    notice.set(null);
    viewer.note(next);
    announceSession();
}

export async function signOut(): Promise<void> {
    const refreshToken = tokens.get()?.refresh;
    const { error } = refreshToken
        ? await client.get().mutation(RevokeDocument, { refreshToken }, { isOfSession: true })
        : await client.get().mutation(SignOutDocument, {}, { isOfSession: true });
    if (error) {
        notice.set(`You are still logged in. ${errorText(error)}`);
        return;
    }
    tokens.set(null);
    beginSession(null);
    announce('You are logged out.');
}

export function startSession(): void {
    // In another tab: the page asks again who is there.
    onSessionChange(() => {
        viewer.doubt();
        resetClient();
    });
    // What one viewer has seen, another does not.
    let user = viewer.get()?.id;
    let isKnown = viewer.get() !== undefined;
    viewer.watch((now) => {
        if (isKnown && now?.id !== user) {
            resetClient();
        }
        user = now?.id;
        isKnown = true;
    });
}
