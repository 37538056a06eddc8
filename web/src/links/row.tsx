// row.tsx - a link, as all lists and its own page show it.
//
// SPDX-License-Identifier: MIT
import type { LinkOfUserFragment, LinkRowFragment } from '../gql/graphql';
import { linkTo } from '../router/link_to';
import { viewer } from '../session/viewer';
import { useStore } from '../ui/store';
import { Time } from '../ui/time';
import { domain, shortTitle, titleOf, webUrl } from './url';
import { VoteButton, useVote } from './vote_button';
import { shownVote } from './votes';

/** The key, which both types show under names of their own. */
export const keyOf = (link: LinkRowFragment | LinkOfUserFragment) => ('pk' in link ? link.pk : link.id);

export const points = (count: number) => `${count} point${count === 1 ? '' : 's'}`;

function Title({ link, title }: { link: LinkRowFragment | LinkOfUserFragment; title: string }) {
    const url = webUrl(link.url);
    const site = domain(link.url);
    return (
        <div class="headline">
            {url ? (
                <a class="title" href={url} rel="noopener ugc nofollow" dir="auto">
                    {title}
                </a>
            ) : (
                <span class="title" dir="auto">
                    {title}
                </span>
            )}
            {' '}
            {site && <span class="site">({site})</span>}
        </div>
    );
}

interface Props {
    link: LinkRowFragment | LinkOfUserFragment;
    /** Null on the link's own page, where it is not one of a list. */
    rank: number | null;
}

export function Row({ link, rank }: Props) {
    const key = keyOf(link);
    const state = useVote(key);
    const who = useStore(viewer);
    const { hasVoted, points: count } = shownVote(link, state);
    const title = rank === null ? titleOf(link) : shortTitle(link);
    return (
        <>
            {rank !== null && <span class="rank">{rank}.</span>}
            <VoteButton link={key} title={title} hasVoted={hasVoted} />
            <div class="body">
                <Title link={link} title={title} />
                <p class="meta">
                    <span class="points">{points(count)}</span>
                    {link.postedBy && (
                        <>
                            {' by '}
                            <a href={linkTo('user', { id: link.postedBy.username })}>
                                <bdi>{link.postedBy.username}</bdi>
                            </a>
                        </>
                    )}{' '}
                    <Time time={link.createdAt} />
                    {rank !== null && (
                        <>
                            {' | '}
                            <a href={linkTo('item', { id: key })}>
                                details<span class="hidden"> of {title}</span>
                            </a>
                        </>
                    )}
                    {who && who.id === link.postedBy?.id && (
                        <>
                            {' | '}
                            <a href={linkTo('edit', { id: key })}>
                                edit<span class="hidden"> {title}</span>
                            </a>
                        </>
                    )}
                </p>
                {state.problem && (
                    <p class="error" role="alert">
                        {state.problem}
                    </p>
                )}
                {state.pending && state.pending.losses > 0 && (
                    <p class="hint" role="status">
                        Your {state.pending.wanted ? 'vote' : 'change'} has not reached the server yet; it is tried again.
                    </p>
                )}
            </div>
        </>
    );
}
