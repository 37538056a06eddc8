// What posts a link, and puts it at the beginning of a list.
//
// SPDX-License-Identifier: MIT
import { graphql } from '../lib/graphql_tag.mjs';

export const post = graphql`
    mutation NewLinkMutation($url: String!, $connections: [ID!]!) {
        createLink(url: $url) { linkNode @prependNode(connections: $connections, edgeTypeName: "LinkNodeEdge") { id url } }
    }`;
