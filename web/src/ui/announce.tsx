// announce.tsx - say to screen readers what has happened elsewhere on the page.
//
// SPDX-License-Identifier: MIT
import { createStore, useStore } from './store';

const said = createStore({ text: '' });

export function announce(text: string): void {
    // A new object: the same words again are said again.
    said.set({ text });
}

/** The one live region; it is there before anything is said. */
export function Announcer() {
    const { text } = useStore(said);
    return (
        <div class="hidden" role="status" aria-live="polite">
            {text}
        </div>
    );
}
