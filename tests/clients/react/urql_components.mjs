// The tutorial's pages for urql: signing in, the front page, a vote.
//
// SPDX-License-Identifier: MIT
import { createElement as h, useRef, useState } from 'react';
import { gql, useMutation, useQuery } from 'urql';

const LIST = gql`
    query ($first: Int!, $after: String, $orderBy: [LinkOrder!]) {
        relayLinks(first: $first, after: $after, orderBy: $orderBy) {
            edges { node { id pk url voteCount viewerHasVoted postedBy { id username } } } pageInfo { hasNextPage endCursor } } }`;
const VOTE = gql`mutation ($pk: ID!) { createVote(linkId: $pk) { linkNode { id voteCount viewerHasVoted } } }`;
const LOGIN = gql`mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { token user { id username } } }`;

function Item({ link }) {
    const [, vote] = useMutation(VOTE);
    return h('li', { id: link.id },
        h('button', { className: 'vote', onClick: () => vote({ pk: link.pk }) }, '▲'),
        h('a', { href: link.url }, link.url),
        h('b', {}, link.voteCount));
}

export function LinkList({ first, orderBy }) {
    const [after, setAfter] = useState(null);
    const [{ data, fetching, error }] = useQuery({ query: LIST, variables: { first, after, orderBy } });
    if (error) return h('p', { id: 'error' }, error.message);
    if (fetching && !data) return h('p', {}, 'Loading');
    const { edges, pageInfo } = data.relayLinks;
    return h('main', {},
        h('ol', {}, edges.map(({ node }) => h(Item, { key: node.id, link: node }))),
        h('button', { id: 'more', disabled: !pageInfo.hasNextPage, onClick: () => setAfter(pageInfo.endCursor) }, 'more'));
}

export function Login({ onToken }) {
    const [{ data, error }, login] = useMutation(LOGIN);
    const username = useRef(null);
    const password = useRef(null);
    const submit = async () => {
        const result = await login({ username: username.current.value, password: password.current.value });
        if (result.data?.tokenAuth) onToken(result.data.tokenAuth.token);
    };
    return h('section', {},
        h('input', { id: 'username', ref: username }),
        h('input', { id: 'password', ref: password, type: 'password' }),
        h('button', { id: 'login', onClick: submit }, 'login'),
        h('p', { id: 'who' }, data?.tokenAuth?.user.username ?? error?.graphQLErrors[0].message));
}
