// time.tsx - how long ago something was.
//
// SPDX-License-Identifier: MIT

const units: [name: string, seconds: number][] = [
    ['year', 365 * 86400],
    ['month', 30 * 86400],
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
];

/** `3 hours ago`; clocks that differ make nothing come from the future. */
export function ago(time: Date, now: Date): string {
    const seconds = (now.getTime() - time.getTime()) / 1000;
    for (const [name, length] of units) {
        const count = Math.floor(seconds / length);
        if (count >= 1) {
            return `${count} ${name}${count === 1 ? '' : 's'} ago`;
        }
    }
    return 'just now';
}

export function Time({ time }: { time: string }) {
    const date = new Date(time);
    if (Number.isNaN(date.getTime())) {
        return <span>{time}</span>;
    }
    // (By hand: the browser's own words take half a millisecond for each.)
    return (
        <time dateTime={time} title={`${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`}>
            {ago(date, new Date())}
        </time>
    );
}
