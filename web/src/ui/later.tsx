// later.tsx - a page whose program is loaded when it is first asked for.
//
// SPDX-License-Identifier: MIT
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Address } from '../router/router';
import { Heading } from './heading';

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
                    () => setFailed(true),
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

/** The network is away, or a newer site has been installed, whose files have other names. */
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
