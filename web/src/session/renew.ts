// renew.ts - renew an access token that has ended, once, whatever the number of requests and
// tabs that have noticed (docs/accounts.md).
//
// SPDX-License-Identifier: MIT
import { RefreshDocument, SignOutDocument } from '../gql/graphql';
import { codes, send } from '../graphql/wire';
import { sharedMemory } from '../ui/storage';
import { announceSession } from './tabs';
import { notice, token, viewer } from './viewer';

const RENEWED = 'linnet-renewed';

/** These say that the session is over; anything else may pass. */
const OVER = ['TOKEN_EXPIRED', 'TOKEN_INVALID', 'BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN'];

/** One at a time in all tabs, where the browser can say so; else in this one. */
let queue: Promise<unknown> = Promise.resolve();
function alone<T>(work: () => Promise<T>): Promise<T> {
    if (navigator.locks) {
        return navigator.locks.request(RENEWED, work) as Promise<T>;
    }
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
}

/**
 * Renew the token of a request that was sent at `time` (of Date.now()).  Returns whether
 * there is a newer one; false: the session is over.  Throws if that cannot be known.
 */
export function renew(time: number, signal: AbortSignal): Promise<boolean> {
    return alone(async () => {
        if (Number(sharedMemory.read(RENEWED)) > time) {
            return true;
        }
        const answer = await send({ query: RefreshDocument, variables: {}, isMutation: true }, signal);
        const renewed = answer.data?.refreshToken;
        if (!renewed) {
            if (codes(answer).some((code) => code && OVER.includes(code))) {
                return false;
            }
            throw new Error(answer.errors?.[0]?.message ?? 'The session could not be renewed.');
        }
        if (renewed.token) {
            token.set(renewed.token);
        }
        sharedMemory.write(RENEWED, String(Date.now()));
        return true;
    });
}

/** The session is over: forget its cookies, and say so. */
export async function endSession(signal: AbortSignal): Promise<void> {
    token.set(null);
    await send({ query: SignOutDocument, variables: {}, isMutation: true }, signal);
    if (viewer.get()) {
        notice.set('Your session has ended.');
    }
    viewer.set(null);
    announceSession('changed');
}
