// link_list.tsx - a page of links with its ranks, and what stands there before it has come.
//
// SPDX-License-Identifier: MIT
import type { LinkOfUserFragment, LinkRowFragment } from '../gql/graphql';
import { linkTo } from '../router/link_to';
import type { Page } from '../router/pages';
import { PAGE } from './lists';
import { type Connection, neighbours } from './rank';
import { Row, keyOf } from './row';

interface ListProps {
    links: (LinkRowFragment | LinkOfUserFragment)[];
    first: number;
}

export function LinkList({ links, first }: ListProps) {
    return (
        // (Without bullets, Safari does not call it a list unless it is told.)
        <ol class="links" role="list" start={first}>
            {links.map((link, index) => (
                <li key={keyOf(link)} class="row">
                    <Row link={link} rank={first + index} />
                </li>
            ))}
        </ol>
    );
}

/** The links of a connection; one that was deleted a moment ago is missing. */
export function nodesOf<Node>(connection: { edges: ({ node?: Node | null } | null)[] }): NonNullable<Node>[] {
    return connection.edges.flatMap((edge) => (edge?.node ? [edge.node] : []));
}

interface PagerProps {
    page: Page;
    info: Connection;
    first: number;
    count: number;
    /** Further parameters of the address, such as what was searched for. */
    params?: Record<string, string>;
    /** Whether the address tells the rank. */
    hasRanks?: boolean;
    what?: string;
}

/** The ways to the pages on both sides. */
export function Pager({ page, info, first, count, params = {}, hasRanks = true, what = 'links' }: PagerProps) {
    const { previous, next } = neighbours(info, first, count);
    const href = (to: NonNullable<typeof next | typeof previous>) => {
        const { n, ...cursor } = to;
        return linkTo(page, { ...params, ...cursor, n: hasRanks ? n : null });
    };
    return (
        (previous || next) && (
            <nav class="pager" aria-label="Pages">
                {previous && (
                    <a href={href(previous)} rel="prev">
                        Previous
                    </a>
                )}
                {next && (
                    <a href={href(next)} rel="next">
                        More {what}
                    </a>
                )}
            </nav>
        )
    );
}

export function Skeleton({ rows = PAGE }: { rows?: number }) {
    return (
        <>
            <p class="hidden" role="status">
                Loading
            </p>
            <div class="links skeleton" aria-hidden="true">
                {Array.from({ length: rows }, (_, index) => (
                    <div key={index} class="row">
                        <i />
                        <b />
                    </div>
                ))}
            </div>
        </>
    );
}
