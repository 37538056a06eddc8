// vote_button.tsx - the arrow before a link: votes for it, and takes the vote back.
//
// SPDX-License-Identifier: MIT
import { useLayoutEffect, useState } from 'preact/hooks';
import { go } from '../router/router';
import { linkTo } from '../router/link_to';
import { viewer } from '../session/viewer';
import { useStore } from '../ui/store';
import { votes } from './send_vote';
import type { VoteState } from './votes';

export function useVote(link: string): VoteState {
    const [state, setState] = useState(() => votes.state(link));
    useLayoutEffect(() => {
        setState(votes.state(link));
        return votes.watch((changed) => changed === link && setState(votes.state(link)));
    }, [link]);
    return state;
}

interface Props {
    link: string;
    title: string;
    hasVoted: boolean;
}

export function VoteButton({ link, title, hasVoted }: Props) {
    const who = useStore(viewer);
    const vote = () => {
        if (who) {
            votes.want(link, !hasVoted);
        } else if (who === null) {
            go(linkTo('login', { next: linkTo('item', { id: link }), why: 'vote' }));
        }
    };
    return (
        <button type="button" class="vote" aria-pressed={hasVoted} aria-label={`Vote for ${title}`} onClick={vote}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M8 3 L14 13 L2 13 Z" />
            </svg>
        </button>
    );
}
