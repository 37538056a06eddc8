// tabs.ts - tell the other tabs that somebody has signed in or out.
//
// The tabs of a browser have one session, since they have the same cookies.
//
// SPDX-License-Identifier: MIT

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('linnet-session');

let changes = 0;
channel?.addEventListener('message', () => changes++);

/** How many times somebody has signed in or out, here or in another tab, since the page was loaded. */
export const sessionChanges = () => changes;

export function announceSession(): void {
    changes++;
    channel?.postMessage('changed');
}

/** In another tab. */
export function onSessionChange(then: () => void): void {
    channel?.addEventListener('message', then);
}
