// heading.tsx - the first heading of a page, which is also the title of the window.
//
// SPDX-License-Identifier: MIT
import { useLayoutEffect, useRef } from 'preact/hooks';
import { address } from '../router/router';
import { useStore } from './store';

const SITE = 'Hacker News';

interface Props {
    text: string;
    /** The window's title, if it is another one. */
    title?: string;
    /** For those who do not see the page only. */
    isHidden?: boolean;
}

/** When one has come here from another page the focus is on it, so that it is read out. */
export function Heading({ text, title = text, isHidden = false }: Props) {
    const ref = useRef<HTMLHeadingElement>(null);
    const { key, how } = useStore(address);
    useLayoutEffect(() => {
        document.title = title === SITE ? SITE : `${title} | ${SITE}`;
    }, [title]);
    useLayoutEffect(() => {
        if (how !== 'load') {
            ref.current?.focus({ preventScroll: true });
        }
    }, [key, how]);
    return (
        <h1 ref={ref} tabIndex={-1} class={isHidden ? 'hidden' : ''} dir="auto">
            {text}
        </h1>
    );
}
