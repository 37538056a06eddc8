// tabs.ts - tell the other tabs that somebody has signed in or out.
//
// A page that the browser has put aside, to show it again after a step back, may get no message.
// So there is a mark as well, which it looks at when it is shown again.
//
// SPDX-License-Identifier: MIT
import { sharedMemory } from '../ui/storage';

/** `left`: whoever was signed in wanted to leave nothing behind. */
export type SessionChange = 'changed' | 'left';

const MARK = 'linnet-session';
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(MARK);
let mark = sharedMemory.read(MARK);

export function announceSession(change: SessionChange): void {
    mark = `${Date.now()} ${change}`;
    sharedMemory.write(MARK, mark);
    channel?.postMessage(change);
}

export function onSessionChange(then: (change: SessionChange) => void): void {
    const look = (change: SessionChange) => {
        mark = sharedMemory.read(MARK);
        then(change);
    };
    channel?.addEventListener('message', ({ data }: MessageEvent<SessionChange>) => look(data));
    addEventListener('pageshow', ({ persisted }) => {
        const now = sharedMemory.read(MARK);
        if (persisted && now !== mark) {
            look(now?.endsWith('left') ? 'left' : 'changed');
        }
    });
}
