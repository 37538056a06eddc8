// sign_out.ts - what happens when another viewer begins: signing in, and out.
//
// SPDX-License-Identifier: MIT
import { SignOutDocument } from '../gql/graphql';
import { forgetDrafts, ownDrafts } from '../forms/draft';
import { client, resetClient } from '../graphql/client';
import { errorText } from '../graphql/errors';
import { announce } from '../ui/announce';
import { type SessionChange, announceSession, onSessionChange } from './tabs';
import { type Viewer, notice, token, viewer } from './viewer';

/** Another viewer is here, in all tabs. */
export function beginSession(next: Viewer | null): void {
    notice.set(null);
    viewer.note(next);
    announceSession(next ? 'changed' : 'left');
}

export async function signOut(): Promise<void> {
    const { error } = await client.get().mutation(SignOutDocument, {}, { isOfSession: true });
    if (error) {
        notice.set(`You are still logged in. ${errorText(error)}`);
        return;
    }
    token.set(null);
    forgetDrafts();
    beginSession(null);
    announce('You are logged out.');
}

/** In another tab: who is here now is not known, so nothing is shown or sent for who was. */
function beginAnew(change: SessionChange): void {
    if (change === 'left') {
        forgetDrafts();
    }
    viewer.set(undefined);
    resetClient();
}

export function startSession(): void {
    onSessionChange(beginAnew);
    // What one viewer has seen, another does not.
    let user = viewer.get()?.id;
    let isKnown = viewer.get() !== undefined;
    viewer.watch((now) => {
        if (isKnown && now !== undefined && now?.id !== user) {
            resetClient();
        }
        if (now) {
            ownDrafts(now.id);
        }
        user = now?.id;
        isKnown = now !== undefined;
    });
}
