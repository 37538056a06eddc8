// What an application does with the types: it compiles, and each line below @ts-expect-error does not.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

import { AnyNodeDocument, PageDocument, PostDocument } from './made';

declare function request<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;

export async function titles(): Promise<string[]> {
    const { relayLinks } = await request(PageDocument, { first: 10, orderBy: [{ voteCount: 'DESC' }] });
    const total: number = relayLinks.totalCount;
    const cursor: string | null | undefined = relayLinks.pageInfo.endCursor;
    return relayLinks.edges.map((edge) => `${edge?.node?.url} ${edge?.node?.voteCount.toFixed()} ${edge?.node?.postedBy?.username} ${total} ${cursor}`);
}

export async function voter(id: string): Promise<string | undefined> {
    const { node } = await request(AnyNodeDocument, { id });
    return node?.__typename === 'VoteNode' ? node.user.username : undefined;
}

export async function mistakes(): Promise<void> {
    // @ts-expect-error first is missing
    await request(PageDocument, {});
    // @ts-expect-error there is no such direction
    await request(PageDocument, { first: 1, orderBy: [{ voteCount: 'UP' }] });
    // @ts-expect-error an order has exactly one field
    await request(PageDocument, { first: 1, orderBy: [{ voteCount: 'DESC', url: 'ASC' }] });
    const { relayLinks } = await request(PageDocument, { first: 1 });
    // @ts-expect-error an edge may be null
    relayLinks.edges[0].cursor;
    // @ts-expect-error a link may have no user
    relayLinks.edges[0]?.node?.postedBy.username;
    // @ts-expect-error url is missing
    await request(PostDocument, { input: { description: 'x' } });
}
