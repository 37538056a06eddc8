// item.tsx - a link with those who voted for it.
//
// SPDX-License-Identifier: MIT
import { ItemDocument, type ItemQuery } from '../gql/graphql';
import { globalId } from '../graphql/global_id';
import { useQuery } from '../graphql/use_query';
import { linkTo } from '../router/link_to';
import type { Address } from '../router/router';
import { useScroll } from '../router/scroll';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { Time } from '../ui/time';
import { NoSuchItem } from './no_such_item';
import { Pager, Skeleton, nodesOf } from './link_list';
import { pageVariables } from './lists';
import { Row } from './row';
import { titleOf } from './url';

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
                {link.url}
            </p>
            {error && <Problem error={error} again={again} />}
            <Voters id={id} votes={link.votes} />
        </article>
    );
}

function Voters({ id, votes }: { id: string; votes: NonNullable<ItemQuery['relayLink']>['votes'] }) {
    const nodes = nodesOf(votes);
    return (
        <section aria-labelledby="voters">
            <h2 id="voters">{votes.totalCount === 1 ? '1 vote' : `${votes.totalCount} votes`}</h2>
            {nodes.length > 0 && (
                <ul class="voters" role="list">
                    {nodes.map((vote) => (
                        <li key={vote.id}>
                            <a href={linkTo('user', { id: vote.user.username })}>
                                <bdi>{vote.user.username}</bdi>
                            </a>{' '}
                            <Time time={vote.createdAt} />
                        </li>
                    ))}
                </ul>
            )}
            <Pager page="item" info={votes.pageInfo} first={1} count={nodes.length} params={{ id }} hasRanks={false} what="votes" />
        </section>
    );
}
