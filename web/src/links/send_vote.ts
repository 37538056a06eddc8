// send_vote.ts - votes by GraphQL.
//
// SPDX-License-Identifier: MIT
import { TakeBackDocument, VoteDocument, VotesOfLinkDocument } from '../gql/graphql';
import { client } from '../graphql/client';
import { errorCode, errorText, isPassing } from '../graphql/errors';
import { globalId } from '../graphql/global_id';
import { viewer } from '../session/viewer';
import { tabMemory } from '../ui/storage';
import { type Outcome, Votes } from './votes';

async function send(linkId: string, wanted: boolean): Promise<Outcome> {
    const { error } = await client.get().mutation(wanted ? VoteDocument : TakeBackDocument, { linkId });
    if (!error) {
        return { kind: 'done' };
    }
    const code = errorCode(error);
    if (code === 'CONFLICT' || code === 'OUTCOME_UNKNOWN') {
        // It is so already: the answer to an earlier request was lost, or it was done in another
        // tab. Or nobody knows. The server is asked how it stands.
        const variables = { id: globalId('LinkNode', linkId), key: linkId };
        const asked = await client.get().query(VotesOfLinkDocument, variables, { requestPolicy: 'network-only' });
        if (asked.data?.relayLink?.viewerHasVoted === wanted) {
            return { kind: 'done' };
        }
        return asked.error || code === 'OUTCOME_UNKNOWN' ? { kind: 'lost' } : { kind: 'refused', message: errorText(error) };
    }
    return isPassing(error) ? { kind: 'lost' } : { kind: 'refused', message: errorText(error) };
}

/** In the tab's memory, with the user whose votes they are. */
const key = () => `votes:${viewer.get()?.id ?? ''}`;

export const votes = new Votes({
    send,
    later(milliseconds, then) {
        const timer = setTimeout(then, milliseconds);
        return () => clearTimeout(timer);
    },
    keep: (text) => tabMemory.write(key(), text),
});

export function startVotes(): void {
    addEventListener('online', () => votes.hurry());
    let user: string | undefined;
    // While nobody knows who is here, since another tab says that this has changed, nothing is sent.
    viewer.watch((now) => {
        if (now?.id !== user) {
            const isFirst = user === undefined;
            user = now?.id;
            // Those of the one before are not sent for this one.
            if (!isFirst) {
                votes.forget();
            }
            if (now) {
                votes.resume(tabMemory.read(key()));
            }
        }
    });
}
