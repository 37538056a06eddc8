// The tutorial's front page for Apollo Client 4: a list that grows, a search, a vote, a new link.
//
// SPDX-License-Identifier: MIT
import { gql } from '@apollo/client';
import { useLazyQuery, useMutation, useQuery } from '@apollo/client/react';
import { createElement as h, useRef } from 'react';

const ITEM = gql`fragment ItemFields on LinkNode { id pk url description createdAt voteCount viewerHasVoted postedBy { id username } }`;

const LIST = gql`
    query LinkList($first: Int!, $after: String) {
        relayLinks(first: $first, after: $after) { totalCount edges { node { ...ItemFields } } pageInfo { hasNextPage endCursor } }
    }
    ${ITEM}`;

const SEARCH = gql`
    query Search($text: String!) { relayLinks(search: $text, first: 10) { edges { node { ...ItemFields } } } }
    ${ITEM}`;

const VOTE = gql`mutation Vote($pk: ID!) { createVote(linkId: $pk) { linkNode { id voteCount viewerHasVoted } } }`;

const POST = gql`
    mutation Post($input: RelayCreateLinkInput!) { relayCreateLink(input: $input) { link { ...ItemFields } } }
    ${ITEM}`;

function Item({ link }) {
    const [vote] = useMutation(VOTE, { variables: { pk: link.pk } });
    return h('li', { id: link.id },
        h('button', { className: 'vote', disabled: link.viewerHasVoted, onClick: () => vote() }, '▲'),
        h('a', { href: link.url }, link.url),
        h('b', {}, link.voteCount),
        h('i', {}, link.postedBy?.username));
}

export function LinkList({ first }) {
    const { data, loading, error, fetchMore } = useQuery(LIST, { variables: { first } });
    if (loading && !data) return h('p', {}, 'Loading');
    if (error) return h('p', { id: 'error' }, error.message);
    const { edges, pageInfo, totalCount } = data.relayLinks;
    return h('main', {},
        h('p', { id: 'total' }, `${edges.length} of ${totalCount}`),
        h('ol', {}, edges.map(({ node }) => h(Item, { key: node.id, link: node }))),
        h('button', { id: 'more', disabled: !pageInfo.hasNextPage, onClick: () => fetchMore({ variables: { after: pageInfo.endCursor } }) }, 'more'));
}

export function Search() {
    const [search, { data }] = useLazyQuery(SEARCH);
    const text = useRef(null);
    return h('section', {},
        h('input', { ref: text }),
        h('button', { id: 'search', onClick: () => search({ variables: { text: text.current.value } }) }, 'search'),
        h('ol', { id: 'found' }, data?.relayLinks.edges.map(({ node }) => h(Item, { key: node.id, link: node }))));
}

export function CreateLink({ first }) {
    const url = useRef(null);
    const [post] = useMutation(POST, {
        update: (cache, { data: { relayCreateLink: { link } } }) =>
            cache.updateQuery({ query: LIST, variables: { first } }, ({ relayLinks }) => ({
                relayLinks: { ...relayLinks, totalCount: relayLinks.totalCount + 1, edges: [{ __typename: 'LinkNodeEdge', cursor: '', node: link }, ...relayLinks.edges] },
            })),
    });
    return h('section', {}, h('input', { id: 'url', ref: url }),
        h('button', { id: 'post', onClick: () => post({ variables: { input: { url: url.current.value } } }) }, 'post'));
}
