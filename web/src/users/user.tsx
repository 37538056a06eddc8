// user.tsx - a user, and the links that the user has posted.
//
// SPDX-License-Identifier: MIT
import { UserDocument, type UserQuery } from '../gql/graphql';
import { useQuery } from '../graphql/use_query';
import { LinkList, Skeleton } from '../links/link_list';
import { PAGE } from '../links/lists';
import { NoSuchItem } from '../links/no_such_item';
import { linkTo } from '../router/link_to';
import type { Address } from '../router/router';
import { useScroll } from '../router/scroll';
import { viewer } from '../session/viewer';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { useStore } from '../ui/store';
import { Time } from '../ui/time';

/** The contract has no more of a list that is read by numbers. */
const MOST = 10_000;

export default function User({ address }: { address: Address }) {
    const username = address.params.get('id') ?? '';
    const n = Number(address.params.get('n') ?? 1);
    const first = Number.isSafeInteger(n) && n >= 1 && n <= MOST ? n : 1;
    // One more than is shown: then there is another page.
    const variables = { username, first: PAGE + 1, skip: first - 1 };
    const { data, error, again } = useQuery(UserDocument, variables, address.how === 'push' ? 'cache-and-network' : 'cache-first');
    useScroll(Boolean(data || error));
    if (!data?.user) {
        if (data && !error) {
            return <NoSuchItem text="No such user" />;
        }
        return (
            <>
                <Heading text={username} />
                {error ? <Problem error={error} again={again} /> : <Skeleton rows={3} />}
            </>
        );
    }
    return (
        <>
            <Heading text={data.user.username} />
            {error && <Problem error={error} again={again} />}
            <About user={data.user} />
            <Posted user={data.user} first={first} />
        </>
    );
}

type Shown = NonNullable<UserQuery['user']>;

function About({ user }: { user: Shown }) {
    const who = useStore(viewer);
    const name = `${user.firstName} ${user.lastName}`.trim();
    return (
        <>
            <dl class="about">
                {name && (
                    <>
                        <dt>Name</dt>
                        <dd dir="auto">{name}</dd>
                    </>
                )}
                <dt>Joined</dt>
                <dd>
                    <Time time={user.dateJoined} />
                </dd>
                {user.email && (
                    <>
                        <dt>E-mail</dt>
                        <dd>
                            <bdi>{user.email}</bdi> <span class="hint">(only you see it)</span>
                        </dd>
                    </>
                )}
            </dl>
            {who?.id === user.id && (
                <p>
                    <a href="sessions">Sessions and password</a>
                </p>
            )}
        </>
    );
}

function Posted({ user, first }: { user: Shown; first: number }) {
    const links = user.linkSet.slice(0, PAGE);
    const page = (n: number) => linkTo('user', { id: user.username, n: n > 1 ? n : null });
    const hasNext = user.linkSet.length > PAGE && first + PAGE <= MOST;
    return (
        <section aria-labelledby="posted">
            <h2 id="posted">Links</h2>
            {links.length > 0 ? <LinkList links={links} first={first} /> : <p class="empty">None{first > 1 ? ' on this page' : ' yet'}.</p>}
            {(first > 1 || hasNext) && (
                <nav class="pager" aria-label="Pages">
                    {first > 1 && (
                        <a href={page(Math.max(1, first - PAGE))} rel="prev">
                            Previous
                        </a>
                    )}
                    {hasNext && (
                        <a href={page(first + PAGE)} rel="next">
                            More links
                        </a>
                    )}
                </nav>
            )}
        </section>
    );
}
