// later.tsx - a page whose program is loaded when it is first asked for.
//
// SPDX-License-Identifier: MIT
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Address } from '../router/router';
import { Heading } from './heading';
import { tabMemory } from './storage';

type PageComponent = FunctionComponent<{ address: Address }>;

export function later(load: () => Promise<{ default: PageComponent }>): PageComponent {
    let loaded: PageComponent | null = null;
    return function Later({ address }) {
        const [isFailed, setFailed] = useState(false);
        const [, redraw] = useState({});
        const [attempt, setAttempt] = useState(0);
        useEffect(() => {
            if (!loaded) {
                load().then(
                    (module) => {
                        loaded = module.default;
                        redraw({});
                    },
                    async () => ((await isReplaced()) ? location.reload() : setFailed(true)),
                );
            }
        }, [attempt]);
        if (loaded) {
            const Page = loaded;
            return <Page address={address} />;
        }
        return isFailed ? <Missing again={() => (setFailed(false), setAttempt(attempt + 1))} /> : null;
    };
}

/**
 * Whether a newer site has been installed since the page was loaded: its files have other names,
 * and those that this page names are gone.  Says so once for each site.
 */
async function isReplaced(): Promise<boolean> {
    const scripts = [...document.querySelectorAll('script[src]')].map((script) => script.getAttribute('src') ?? '');
    try {
        const response = await fetch('./', { headers: { accept: 'text/html' }, cache: 'no-cache' });
        const html = await response.text();
        const isOther = response.ok && scripts.some((script) => !html.includes(`"${script}"`));
        const isNew = tabMemory.read('reloaded') !== html;
        if (isOther && isNew) {
            tabMemory.write('reloaded', html);
        }
        return isOther && isNew;
    } catch {
        return false;
    }
}

/** The network is away, most likely. */
function Missing({ again }: { again: () => void }) {
    return (
        <>
            <Heading text="This page cannot be loaded" />
            <p>
                <button type="button" onClick={again}>
                    Try again
                </button>{' '}
                <button type="button" onClick={() => location.reload()}>
                    Reload
                </button>
            </p>
        </>
    );
}
