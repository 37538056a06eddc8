// search.tsx - search as one types.
//
// The address follows, so that a search can be kept, sent, and left and found again.
//
// SPDX-License-Identifier: MIT
import { useEffect, useRef, useState } from 'preact/hooks';
import { SearchDocument, ViewerDocument } from '../gql/graphql';
import { useOfData, useQuery } from '../graphql/use_query';
import { linkTo } from '../router/link_to';
import { type Address, rename } from '../router/router';
import { useScroll } from '../router/scroll';
import { announce } from '../ui/announce';
import { Heading } from '../ui/heading';
import { Problem } from '../ui/problem';
import { LinkList, Pager, Skeleton, nodesOf } from './link_list';
import { PAGE, pageVariables } from './lists';
import { firstRank } from './rank';

/** In milliseconds: who types on is not interrupted. */
const PAUSE = 250;

export default function Search({ address }: { address: Address }) {
    const [text, setText] = useState(address.params.get('q') ?? '');
    const [params, setParams] = useState(address.params);
    const input = useRef<HTMLInputElement>(null);

    // Another address of this page, by a link or a step in the history.
    useEffect(() => {
        setText(address.params.get('q') ?? '');
        setParams(address.params);
    }, [address.key]);

    useEffect(() => {
        if (text === (params.get('q') ?? '')) {
            return;
        }
        const timer = setTimeout(() => {
            setParams(new URLSearchParams(text ? { q: text } : {}));
            rename(linkTo('search', { q: text }));
        }, PAUSE);
        return () => clearTimeout(timer);
    }, [text, params]);

    const q = params.get('q') ?? '';
    return (
        <>
            <Heading text="Search" title={q ? `Search for ${q}` : 'Search'} />
            <form role="search" class="search" onSubmit={(event) => event.preventDefault()}>
                <label for="q">Words in titles and addresses</label>
                <input
                    ref={input}
                    id="q"
                    name="q"
                    type="search"
                    value={text}
                    maxLength={200}
                    autocomplete="off"
                    spellcheck={false}
                    onInput={(event) => setText(event.currentTarget.value)}
                />
            </form>
            {q ? <Results q={q} params={params} how={address.how} /> : <NoSearch />}
        </>
    );
}

/** Nothing to search for yet; who is signed in is asked for all the same. */
function NoSearch() {
    useQuery(ViewerDocument, {});
    useScroll(true);
    return null;
}

function Results({ q, params, how }: { q: string; params: URLSearchParams; how: Address['how'] }) {
    const variables = { search: q, ...pageVariables(params, PAGE) };
    const { data, isOlder, error, isWaiting, again } = useQuery(SearchDocument, variables, how === 'push' ? 'cache-and-network' : 'cache-first');
    const list = data?.relayLinks;
    const shown = useOfData({ q, params }, isOlder);
    useScroll(Boolean((list && !isOlder) || error));
    const links = list ? nodesOf(list) : [];
    const first = firstRank(shown.params, list?.pageInfo.hasPreviousPage ?? true);
    const found = list && (list.totalCount === 1 ? '1 link found' : `${list.totalCount} links found`);
    useEffect(() => {
        if (found && !isWaiting) {
            announce(`${found} for ${q}`);
        }
    }, [found, q, isWaiting]);
    return (
        <>
            {error && <Problem error={error} again={again} />}
            {!list && !error && <Skeleton rows={10} />}
            {list && !error && (
                <div class={isWaiting ? 'waiting' : ''}>
                    <p class="count">{found}</p>
                    <LinkList links={links} first={first} />
                    <Pager page="search" info={list.pageInfo} first={first} count={links.length} params={{ q: shown.q }} />
                </div>
            )}
        </>
    );
}
