// A link in a list, with its first voters, a button to vote for it and one to delete it.
//
// SPDX-License-Identifier: MIT
import { createElement as h } from 'react';
import { useFragment, useMutation, usePaginationFragment } from 'react-relay';

import { graphql } from '../lib/graphql_tag.mjs';

const fragment = graphql`
    fragment LinkItem_link on LinkNode {
        id
        pk
        url
        voteCount
        postedBy { id username }
        ...LinkItem_votes
    }`;

const voters = graphql`
    fragment LinkItem_votes on LinkNode
    @refetchable(queryName: "LinkItemVotesQuery")
    @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
        votes(first: $count, after: $cursor) @connection(key: "LinkItem_votes") {
            edges { node { id user { id username } } }
        }
    }`;

const vote = graphql`
    mutation LinkItemVoteMutation($pk: ID!) {
        createVote(linkId: $pk) { linkNode { id voteCount viewerHasVoted } }
    }`;

const remove = graphql`
    mutation LinkItemDeleteMutation($pk: ID!, $connections: [ID!]!) {
        deleteLink(id: $pk) { deletedId @deleteEdge(connections: $connections) }
    }`;

export function LinkItem({ link, list }) {
    const { id, pk, url, voteCount, postedBy, ...rest } = useFragment(fragment, link);
    const { data: { votes }, loadNext, hasNext } = usePaginationFragment(voters, rest);
    const [commitVote] = useMutation(vote);
    const [commitDelete] = useMutation(remove);
    return h('li', { id, 'data-votes': voteCount },
        h('a', { href: url }, url),
        h('i', {}, postedBy?.username),
        h('ul', {}, votes.edges.map(({ node }) => h('li', { key: node.id, className: 'voter' }, node.user.username))),
        h('button', { className: 'voters', disabled: !hasNext, onClick: () => loadNext(2) }, 'voters'),
        h('button', { className: 'vote', onClick: () => commitVote({ variables: { pk } }) }, 'vote'),
        h('button', { className: 'delete', onClick: () => commitDelete({ variables: { pk, connections: [list] } }) }, 'delete'));
}
