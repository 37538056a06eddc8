// problem.tsx - a page that could not be read: why, and a button to try again.
//
// SPDX-License-Identifier: MIT
import type { CombinedError } from '@urql/core';
import { useEffect } from 'preact/hooks';
import { errorText, isOfCursor, isPassing } from '../graphql/errors';

/** The address without the place in the list. */
function firstPage(): string {
    const url = new URL(location.href);
    ['after', 'before', 'n'].forEach((name) => url.searchParams.delete(name));
    return url.pathname + url.search;
}

export function Problem({ error, again }: { error: CombinedError; again: () => void }) {
    // The network is back: nobody need press the button.
    useEffect(() => {
        addEventListener('online', again);
        return () => removeEventListener('online', again);
    });
    return (
        <div class="problem" role="alert">
            <p>{errorText(error)}</p>
            {isPassing(error) && (
                <button type="button" onClick={again}>
                    Try again
                </button>
            )}
            {isOfCursor(error) && (
                <p>
                    <a href={firstPage()}>To its first page</a>
                </p>
            )}
        </div>
    );
}
