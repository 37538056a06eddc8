// app.tsx - the bar at the top, the page that the address names, and the foot.
//
// SPDX-License-Identifier: MIT
import type { FunctionComponent } from 'preact';
import { behind, graphiqlAddress } from './graphql/behind';
import { ListPage } from './links/list';
import { linkTo } from './router/link_to';
import type { Page } from './router/pages';
import { type Address, address } from './router/router';
import { later } from './ui/later';
import { signOut } from './session/sign_out';
import { notice, viewer } from './session/viewer';
import { Announcer } from './ui/announce';
import { Heading } from './ui/heading';
import { useStore } from './ui/store';

/** The pages; lists come with the program, the others when they are asked for. */
const components: Record<Page, FunctionComponent<{ address: Address }>> = {
    '': ListPage,
    newest: ListPage,
    best: ListPage,
    search: later(() => import('./links/search')),
    item: later(() => import('./links/item')),
    submit: later(() => import('./links/submit')),
    edit: later(() => import('./links/edit')),
    user: later(() => import('./users/user')),
    login: later(() => import('./session/login')),
    signup: later(() => import('./session/signup')),
    sessions: later(() => import('./session/sessions')),
};

const tabs: [Page, string][] = [
    ['newest', 'new'],
    ['best', 'best'],
    ['search', 'search'],
    ['submit', 'submit'],
];

function Account() {
    const who = useStore(viewer);
    if (who === undefined) {
        return null;
    }
    if (who === null) {
        return <a href="login">log in</a>;
    }
    return (
        <>
            <a href={linkTo('user', { id: who.username })}>
                <bdi>{who.username}</bdi>
            </a>
            <button type="button" class="plain" onClick={signOut}>
                log out
            </button>
        </>
    );
}

function Bar({ page }: { page: Page | null }) {
    return (
        <header class="bar">
            <a class="brand" href="./" aria-current={page === '' ? 'page' : undefined}>
                Hacker News
            </a>
            <nav aria-label="Lists">
                {tabs.map(([name, text]) => (
                    <a key={name} href={name} aria-current={page === name ? 'page' : undefined}>
                        {text}
                    </a>
                ))}
            </nav>
            <div class="account">
                <Account />
            </div>
        </header>
    );
}

function Notice() {
    const text = useStore(notice);
    const who = useStore(viewer);
    return (
        <div role="alert">
            {text && (
                <p class="notice">
                    {text}{' '}
                    {who === null && <a href="login">Log in</a>}{' '}
                    <button type="button" class="plain" onClick={() => notice.set(null)}>
                        Close
                    </button>
                </p>
            )}
        </div>
    );
}

function Nowhere() {
    return (
        <>
            <Heading text="No such page" />
            <p>
                <a href="./">To the front page</a>
            </p>
        </>
    );
}

function Foot() {
    return (
        <footer class="foot">
            <a href={graphiqlAddress(useStore(behind))}>The GraphQL query behind this page</a>
            <a href="licenses.txt">Licences</a>
        </footer>
    );
}

function skip(event: MouseEvent): void {
    // By hand: a fragment would be an entry of the history.
    event.preventDefault();
    document.getElementById('main')?.focus();
}

/** The search changes its own address as one types: it stays the same page. */
const pageKey = ({ page, key }: Address) => (page === 'search' ? 'search' : key);

export function App() {
    const now = useStore(address);
    const Shown = now.page === null ? Nowhere : components[now.page];
    return (
        <>
            <a class="skip" href="#main" onClick={skip}>
                Skip to the content
            </a>
            <Bar page={now.page} />
            <main id="main" tabIndex={-1}>
                <Notice />
                <Shown key={pageKey(now)} address={now} />
            </main>
            <Foot />
            <Announcer />
        </>
    );
}
