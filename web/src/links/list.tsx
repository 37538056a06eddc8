// list.tsx - the front page, new and best.
//
// SPDX-License-Identifier: MIT
import { LinksDocument } from '../gql/graphql';
import { useQuery } from '../graphql/use_query';
import type { Address } from '../router/router';
import { useScroll } from '../router/scroll';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { LinkList, Pager, Skeleton, nodesOf } from './link_list';
import { listVariables } from './lists';
import { firstRank } from './rank';

const names: Record<string, { heading: string; title?: string }> = {
    '': { heading: 'Front page', title: 'Hacker News' },
    newest: { heading: 'New links' },
    best: { heading: 'Best links' },
};

export function ListPage({ address }: { address: Address }) {
    const page = address.page ?? '';
    const variables = listVariables(page, address.params) ?? {};
    const { data, error, again } = useQuery(LinksDocument, variables, address.how === 'push' ? 'cache-and-network' : 'cache-first');
    const list = data?.relayLinks;
    useScroll(Boolean(list || error));
    const first = firstRank(address.params, list?.pageInfo.hasPreviousPage ?? true);
    const { heading, title = heading } = names[page] ?? { heading: page };
    const links = list ? nodesOf(list) : [];
    return (
        <>
            <Heading text={heading} title={first > 1 ? `${heading}, from ${first}` : title} isHidden />
            {error && !list && <Problem error={error} again={again} />}
            {!list && !error && <Skeleton />}
            {list && links.length > 0 && <LinkList links={links} first={first} />}
            {list && links.length === 0 && (
                <p class="empty">
                    {address.params.size > 0 ? 'There are no links on this page.' : 'No links yet.'} <a href={page || './'}>To the first page</a>
                </p>
            )}
            {list && <Pager page={page} info={list.pageInfo} first={first} count={links.length} />}
        </>
    );
}
