// Who is signed in, what that user posts, and how one becomes a user: the operations of tests/clients/documents, as Relay has them.
//
// SPDX-License-Identifier: MIT
import { graphql } from '../lib/graphql_tag.mjs';

export const me = graphql`
    query AccountMeQuery { me { id username } }`;

export const front = graphql`
    query AccountFrontQuery { links(first: 2) { id url } me { id } }`;

export const post = graphql`
    mutation AccountPostMutation($url: String!) { createLink(url: $url) { linkNode { id url } } }`;

export const signUp = graphql`
    mutation AccountSignUpMutation($username: String!, $password: String!, $email: String!) {
        createUser(username: $username, password: $password, email: $email) { user { id username } }
    }`;
