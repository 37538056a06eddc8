// renew.ts - renew an access token that has ended, once, whatever the number of requests and
// tabs that have noticed (docs/accounts.md).
//
// SPDX-License-Identifier: MIT
import { RefreshDocument, SignOutDocument } from '../gql/graphql';
import { PATIENCE } from '../graphql/address';
import { codes, send } from '../graphql/wire';
import { sharedMemory } from '../ui/storage';
import { announceSession } from './tabs';
import { notice, tokens, viewer } from './viewer';

/** When the cookies were renewed, in the memory of all tabs. */
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

/** When those in variables were. */
let renewedHere = 0;

/** Whether another request, of any tab, has renewed the tokens since `time`. */
function isRenewed(time: number): boolean {
    const last = tokens.get() ? renewedHere : Number(sharedMemory.read(RENEWED));
    // (One that is yet to come was written before the clock was put right.)
    return last > time && last <= Date.now();
}

/**
 * Renew the token of a request that was sent at `time` (of Date.now()).  Returns whether
 * there is a newer one; false: the session is over.  Throws if that cannot be known.
 *
 * It goes on when the page that asked is left: the old token is spent, and its answer has the new one.
 */
export function renew(time: number): Promise<boolean> {
    return alone(async () => {
        if (isRenewed(time)) {
            return true;
        }
        const held = tokens.get();
        const variables = held?.refresh ? { refreshToken: held.refresh } : {};
        const answer = await send({ query: RefreshDocument, variables, isMutation: true }, AbortSignal.timeout(PATIENCE));
        const renewed = answer.data?.refreshToken;
        if (!renewed) {
            if (codes(answer).some((code) => code && OVER.includes(code))) {
                return false;
            }
            throw new Error(answer.errors?.[0]?.message ?? 'The session could not be renewed.');
        }
        // (Empty where they are cookies.)
        if (renewed.token) {
            tokens.set({ access: renewed.token, refresh: renewed.refreshToken || (held?.refresh ?? null) });
            renewedHere = Date.now();
        } else {
            sharedMemory.write(RENEWED, String(Date.now()));
        }
        return true;
    });
}

/** The session is over: forget its cookies, and say so. */
export async function endSession(): Promise<void> {
    tokens.set(null);
    await send({ query: SignOutDocument, variables: {}, isMutation: true }, AbortSignal.timeout(PATIENCE));
    if (viewer.get()) {
        notice.set('Your session has ended.');
    }
    viewer.set(null);
    announceSession('changed');
}
