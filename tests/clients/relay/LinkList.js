// The front page: links, newest first, with a button for more.
//
// SPDX-License-Identifier: MIT
import { createElement as h } from 'react';
import { useLazyLoadQuery, usePaginationFragment } from 'react-relay';

import { graphql } from '../lib/graphql_tag.mjs';
import { LinkItem } from './LinkItem.js';

const query = graphql`
    query LinkListQuery($count: Int!, $cursor: String, $search: String) {
        ...LinkList_query @arguments(count: $count, cursor: $cursor, search: $search)
    }`;

const fragment = graphql`
    fragment LinkList_query on Query
    @refetchable(queryName: "LinkListPaginationQuery")
    @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }, search: { type: "String" }) {
        relayLinks(first: $count, after: $cursor, search: $search) @connection(key: "LinkList_relayLinks", filters: ["search"]) {
            __id
            edges { node { id ...LinkItem_link } }
            totalCount
        }
    }`;

export function LinkList({ count, search }) {
    const { data, loadNext, hasNext, refetch } = usePaginationFragment(fragment, useLazyLoadQuery(query, { count, search }));
    const { edges, totalCount, __id } = data.relayLinks;
    return h('main', {},
        h('p', { id: 'total' }, `${edges.length} of ${totalCount}`),
        h('ol', {}, edges.map(({ node }) => h(LinkItem, { key: node.id, link: node, list: __id }))),
        h('button', { id: 'more', disabled: !hasNext, onClick: () => loadNext(count) }, 'more'),
        h('button', { id: 'search', onClick: () => refetch({ search: 'graphql' }) }, 'search'));
}
