// acts_documents.mjs - the contract's mutations of links and votes, as tests send them.
//
// SPDX-License-Identifier: MIT
import { unique } from './accounts.mjs';

export const createLink =
    'mutation ($url: String!, $description: String!) { createLink(url: $url, description: $description) { id } }';
export const updateLink =
    'mutation ($id: ID!, $u: String, $d: String) { updateLink(id: $id, url: $u, description: $d) { link { id url description } } }';
export const deleteLink = 'mutation ($id: ID!) { deleteLink(id: $id) { id } }';
export const createVote = `mutation ($id: ID!) { createVote(linkId: $id) { user { id username email voteSet(first: 1) { link { id } } }
    link { id voteCount viewerHasVoted votes { user { id } } } } }`;
export const deleteVote =
    'mutation ($id: ID!) { deleteVote(linkId: $id) { link { id voteCount viewerHasVoted votes { user { id } } } } }';

export const freshUrl = () => `https://acts.example/${unique('page')}`;
