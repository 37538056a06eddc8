// tabs.ts - tell the other tabs that somebody has signed in or out.
//
// SPDX-License-Identifier: MIT

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('linnet-session');

export function announceSession(): void {
    channel?.postMessage('changed');
}

export function onSessionChange(then: () => void): void {
    channel?.addEventListener('message', then);
}
