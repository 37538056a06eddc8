// needs_viewer.tsx - what only a signed-in user can do: asks who is there, and sends others to log in.
//
// SPDX-License-Identifier: MIT
import type { ComponentChildren } from 'preact';
import { ViewerDocument } from '../gql/graphql';
import { useQuery } from '../graphql/use_query';
import { linkTo } from '../router/link_to';
import { useScroll } from '../router/scroll';
import { Problem } from '../ui/problem';
import { useStore } from '../ui/store';
import { type Viewer, viewer } from './viewer';

interface Props {
    /** The address to come back to. */
    next: string;
    children: (who: Viewer) => ComponentChildren;
}

export function NeedsViewer({ next, children }: Props) {
    const { error, again } = useQuery(ViewerDocument, {});
    const who = useStore(viewer);
    useScroll(who !== undefined || Boolean(error));
    if (who) {
        return <>{children(who)}</>;
    }
    if (who === undefined) {
        return error ? <Problem error={error} again={again} /> : <p class="waiting">Loading …</p>;
    }
    return <LogInFirst next={next} />;
}

export function LogInFirst({ next }: { next: string }) {
    return (
        <p>
            <a href={linkTo('login', { next })}>Log in</a> or <a href={linkTo('signup', { next })}>sign up</a> first.
        </p>
    );
}
