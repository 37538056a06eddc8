// item.tsx - a link with those who voted for it.
//
// SPDX-License-Identifier: MIT
import { ItemDocument, type ItemQuery } from '../gql/graphql';
import { globalId } from '../graphql/global_id';
import { useQuery } from '../graphql/use_query';
import { linkTo } from '../router/link_to';
import type { Address } from '../router/router';
import { useScroll } from '../router/scroll';
import { viewer } from '../session/viewer';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { useStore } from '../ui/store';
import { Time } from '../ui/time';
import { NoSuchItem } from './no_such_item';
import { Pager, Skeleton, nodesOf } from './link_list';
import { pageVariables } from './lists';
import { Row } from './row';
import { titleOf, webUrl } from './url';
import { useVote } from './vote_button';
import { shownVote } from './votes';

/** Voters of a page. */
const VOTERS = 50;

export default function Item({ address }: { address: Address }) {
    const id = address.params.get('id') ?? '';
    const variables = { id: globalId('LinkNode', id), ...pageVariables(address.params, VOTERS) };
    const { data, error, again } = useQuery(ItemDocument, variables, address.how === 'push' ? 'cache-and-network' : 'cache-first');
    useScroll(Boolean(data || error));
    if (!data?.relayLink) {
        if (error) {
            return (
                <>
                    <Heading text="Link" />
                    <Problem error={error} again={again} />
                </>
            );
        }
        return data ? <NoSuchItem /> : <Skeleton rows={1} />;
    }
    const link = data.relayLink;
    return (
        <article>
            <Heading text={titleOf(link)} isHidden />
            <div class="row alone">
                <Row link={link} rank={null} />
            </div>
            <p class="address" dir="ltr">
                {webUrl(link.url) ?? link.url}
            </p>
            {error && <Problem error={error} again={again} />}
            <Voters link={link} />
        </article>
    );
}

/** Oldest first; the viewer is among them as soon as the arrow says so. */
function Voters({ link }: { link: NonNullable<ItemQuery['relayLink']> }) {
    const who = useStore(viewer);
    const { hasVoted, points } = shownVote(link, useVote(link.pk));
    const { edges, pageInfo } = link.votes;
    const nodes = nodesOf({ edges });
    const others = nodes.filter((vote) => vote.user.id !== who?.id);
    const own = nodes.find((vote) => vote.user.id === who?.id);
    const isNew = who && hasVoted && !own && !pageInfo.hasNextPage;
    const shown = hasVoted ? nodes : others;
    return (
        <section aria-labelledby="voters">
            <h2 id="voters">{points === 1 ? '1 vote' : `${points} votes`}</h2>
            {(shown.length > 0 || isNew) && (
                <ul class="voters" role="list">
                    {shown.map((vote) => (
                        <Voter key={vote.user.id} username={vote.user.username} time={vote.createdAt} />
                    ))}
                    {isNew && <Voter key={who.id} username={who.username} time={new Date().toISOString()} />}
                </ul>
            )}
            <Pager page="item" info={pageInfo} first={1} count={nodes.length} params={{ id: link.pk }} hasRanks={false} what="votes" />
        </section>
    );
}

function Voter({ username, time }: { username: string; time: string }) {
    return (
        <li>
            <a href={linkTo('user', { id: username })}>
                <bdi>{username}</bdi>
            </a>{' '}
            <Time time={time} />
        </li>
    );
}
