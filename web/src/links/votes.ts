// votes.ts - votes that are on their way.
//
// What somebody wants is shown at once. One request for each link is under way at a time; if
// another wish has come in the meantime, it is sent after it. What the network loses is
// sent again, also after a reload; what the server refuses is taken back, and said why.
//
// Nothing here knows GraphQL or the page: send_vote.ts and vote_button.tsx do.
//
// SPDX-License-Identifier: MIT

/**
 * What became of a request: `done`, the server now has what was asked for; `refused`, it
 * has not; `lost`, nobody knows, and it may be asked again.
 */
export type Outcome = { kind: 'done' } | { kind: 'refused'; message: string } | { kind: 'lost' };

export interface Pending {
    /** What the viewer wants: a vote, or none. */
    wanted: boolean;
    /** What is asked for at the moment; null between two attempts. */
    asked: boolean | null;
    /** How many times in a row it was lost. */
    losses: number;
}

export interface VoteState {
    pending: Pending | null;
    /** Why the last one was refused. */
    problem: string | null;
}

const quiet: VoteState = { pending: null, problem: null };

export interface Surroundings {
    send(link: string, wanted: boolean): Promise<Outcome>;
    /** Call `then` in so many milliseconds; returns what prevents it. */
    later(milliseconds: number, then: () => void): () => void;
    /** The wishes that are open, as a JSON object, for after a reload; null if there are none. */
    keep(text: string | null): void;
}

/** 1, 2, 4 and so on, up to 30 seconds. */
const delay = (losses: number) => Math.min(30, 2 ** (losses - 1)) * 1000;

export class Votes {
    private states = new Map<string, VoteState>();
    private waiting = new Map<string, () => void>();
    private watchers = new Set<(link: string) => void>();
    private around: Surroundings;
    /** The viewer for whom they are: an answer that comes for another one is nobody's. */
    private epoch = 0;

    constructor(around: Surroundings) {
        this.around = around;
    }

    state(link: string): VoteState {
        return this.states.get(link) ?? quiet;
    }

    watch(watcher: (link: string) => void): () => void {
        this.watchers.add(watcher);
        return () => this.watchers.delete(watcher);
    }

    want(link: string, wanted: boolean): void {
        const { pending } = this.state(link);
        this.put(link, { pending: { wanted, asked: pending?.asked ?? null, losses: 0 }, problem: null });
        if (pending?.asked == null) {
            this.ask(link);
        }
    }

    /** The network is back: do not wait any longer. */
    hurry(): void {
        for (const link of [...this.waiting.keys()]) {
            this.ask(link);
        }
    }

    /** Take up what `keep` was given. */
    resume(text: string | null): void {
        let wishes: unknown;
        try {
            wishes = JSON.parse(text ?? '{}');
        } catch {
            return;
        }
        for (const [link, wanted] of Object.entries(wishes ?? {})) {
            if (typeof wanted === 'boolean') {
                this.want(link, wanted);
            }
        }
    }

    /** Somebody else is here now.  What was kept stays, for when its viewer comes back. */
    forget(): void {
        this.epoch++;
        for (const stop of this.waiting.values()) {
            stop();
        }
        this.waiting.clear();
        const links = [...this.states.keys()];
        this.states.clear();
        links.forEach((link) => this.tell(link));
    }

    private ask(link: string): void {
        this.waiting.get(link)?.();
        this.waiting.delete(link);
        const { pending } = this.state(link);
        if (!pending) {
            return;
        }
        const { epoch } = this;
        const asked = pending.wanted;
        this.put(link, { pending: { ...pending, asked }, problem: null });
        this.around.send(link, asked).then(
            (outcome) => epoch === this.epoch && this.settle(link, asked, outcome),
            () => epoch === this.epoch && this.settle(link, asked, { kind: 'lost' }),
        );
    }

    private settle(link: string, asked: boolean, outcome: Outcome): void {
        const { pending } = this.state(link);
        if (!pending) {
            return;
        }
        if (outcome.kind === 'lost') {
            const losses = pending.losses + 1;
            this.put(link, { pending: { ...pending, asked: null, losses }, problem: null });
            this.waiting.set(link, this.around.later(delay(losses), () => this.ask(link)));
        } else if (pending.wanted !== asked && outcome.kind === 'done') {
            this.put(link, { pending: { ...pending, asked: null, losses: 0 }, problem: null });
            this.ask(link);
        } else {
            // (Refused, and wanted otherwise meanwhile: then it is as it was, which is what is wanted.)
            const isMissed = outcome.kind === 'refused' && pending.wanted === asked;
            this.put(link, { pending: null, problem: isMissed ? outcome.message : null });
        }
    }

    private put(link: string, state: VoteState): void {
        if (state.pending || state.problem) {
            this.states.set(link, state);
        } else {
            this.states.delete(link);
        }
        this.keep();
        this.tell(link);
    }

    private keep(): void {
        const wishes = [...this.states].flatMap(([link, { pending }]) => (pending ? [[link, pending.wanted]] : []));
        this.around.keep(wishes.length ? JSON.stringify(Object.fromEntries(wishes)) : null);
    }

    private tell(link: string): void {
        for (const watcher of [...this.watchers]) {
            watcher(link);
        }
    }
}

/** What to show: what the server has said, and on top of it what is wanted. */
export function shownVote(link: { voteCount: number; viewerHasVoted: boolean }, { pending }: VoteState) {
    if (!pending || pending.wanted === link.viewerHasVoted) {
        return { hasVoted: link.viewerHasVoted, points: link.voteCount };
    }
    return { hasVoted: pending.wanted, points: Math.max(0, link.voteCount + (pending.wanted ? 1 : -1)) };
}
