// votes.test.ts - see votes
//
// SPDX-License-Identifier: MIT
import { beforeEach, expect, test } from 'vitest';
import { type Outcome, Votes, shownVote } from './votes';

/** A server that answers when the test says so, and a clock that the test moves. */
let asked: { link: string; wanted: boolean; answer: (outcome: Outcome) => Promise<void>; fail: () => Promise<void> }[];
let timers: { milliseconds: number; then: () => void; isStopped: boolean }[];
let kept: string | null;
let votes: Votes;

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const open = () => timers.filter((timer) => !timer.isStopped);

beforeEach(() => {
    asked = [];
    timers = [];
    kept = null;
    votes = new Votes({
        send: (link, wanted) =>
            new Promise((resolve, reject) => {
                asked.push({
                    link,
                    wanted,
                    answer: (outcome) => (resolve(outcome), settled()),
                    fail: () => (reject(new Error('lost')), settled()),
                });
            }),
        later(milliseconds, then) {
            const timer = { milliseconds, then, isStopped: false };
            timers.push(timer);
            return () => {
                timer.isStopped = true;
            };
        },
        keep: (text) => {
            kept = text;
        },
    });
});

const link = { voteCount: 5, viewerHasVoted: false };
const shown = () => shownVote(link, votes.state('7'));

test('a vote is shown before the server has answered, and then what the server says', async () => {
    expect(shown()).toEqual({ hasVoted: false, points: 5 });
    votes.want('7', true);
    expect(shown()).toEqual({ hasVoted: true, points: 6 });
    await asked[0]!.answer({ kind: 'done' });
    expect(votes.state('7')).toEqual({ pending: null, problem: null });
    // The cache has it now.
    expect(shownVote({ voteCount: 6, viewerHasVoted: true }, votes.state('7'))).toEqual({ hasVoted: true, points: 6 });
    expect(asked.length).toBe(1);
});

test('the answer may reach the cache before the vote is settled: it is not counted twice', () => {
    votes.want('7', true);
    expect(shownVote({ voteCount: 6, viewerHasVoted: true }, votes.state('7'))).toEqual({ hasVoted: true, points: 6 });
});

test('a refusal takes it back and says why, until the next attempt', async () => {
    votes.want('7', true);
    await asked[0]!.answer({ kind: 'refused', message: 'Invalid Link!' });
    expect(shown()).toEqual({ hasVoted: false, points: 5 });
    expect(votes.state('7').problem).toBe('Invalid Link!');
    votes.want('7', true);
    expect(votes.state('7').problem).toBeNull();
});

test('quick clicks are one request at a time, and the last one wins', async () => {
    votes.want('7', true);
    votes.want('7', false);
    votes.want('7', true);
    votes.want('7', false);
    expect(asked.map(({ wanted }) => wanted)).toEqual([true]);
    await asked[0]!.answer({ kind: 'done' });
    expect(asked.map(({ wanted }) => wanted)).toEqual([true, false]);
    await asked[1]!.answer({ kind: 'done' });
    expect(votes.state('7').pending).toBeNull();
    expect(asked.length).toBe(2);
});

test('who has changed their mind meanwhile is not told of a refusal', async () => {
    votes.want('7', true);
    votes.want('7', false);
    await asked[0]!.answer({ kind: 'refused', message: 'No.' });
    expect(votes.state('7')).toEqual({ pending: null, problem: null });
    expect(asked.length).toBe(1);
});

test('what is lost is sent again, after longer and longer, and stays shown', async () => {
    votes.want('7', true);
    const delays: number[] = [];
    for (let i = 0; i < 7; i++) {
        await (i % 2 ? asked[i]!.fail() : asked[i]!.answer({ kind: 'lost' }));
        expect(shown()).toEqual({ hasVoted: true, points: 6 });
        expect(votes.state('7').pending?.losses).toBe(i + 1);
        const timer = open().at(-1)!;
        delays.push(timer.milliseconds);
        timer.isStopped = true;
        timer.then();
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    await asked[7]!.answer({ kind: 'done' });
    expect(votes.state('7').pending).toBeNull();
    expect(open()).toEqual([]);
});

test('when the network is back nobody waits', async () => {
    votes.want('7', true);
    votes.want('8', true);
    await asked[0]!.answer({ kind: 'lost' });
    votes.hurry();
    // 7 again; 8 is still under way.
    expect(asked.map((request) => request.link)).toEqual(['7', '8', '7']);
    expect(open()).toEqual([]);
});

test('a click while it waits is sent at once, and the timer is gone', async () => {
    votes.want('7', true);
    await asked[0]!.answer({ kind: 'lost' });
    votes.want('7', false);
    expect(asked.map(({ wanted }) => wanted)).toEqual([true, false]);
    expect(open()).toEqual([]);
});

test('open wishes survive a reload', async () => {
    votes.want('7', true);
    votes.want('8', false);
    expect(JSON.parse(kept!)).toEqual({ 7: true, 8: false });
    await asked[0]!.answer({ kind: 'done' });
    expect(JSON.parse(kept!)).toEqual({ 8: false });
    await asked[1]!.answer({ kind: 'refused', message: 'No.' });
    expect(kept).toBeNull();
    votes.resume('{"9":true}');
    expect(asked.at(-1)).toMatchObject({ link: '9', wanted: true });
});

test.each(['', 'null', '[]', '7', '"x"', '{"7":1}', '{'])('%j in the storage is nobody\'s wish', (text) => {
    votes.resume(text);
    expect(asked).toEqual([]);
});

test('another viewer has nothing of the one before', async () => {
    const told: string[] = [];
    votes.watch((changed) => told.push(changed));
    votes.want('7', true);
    votes.forget();
    expect(votes.state('7').pending).toBeNull();
    expect(told).toContain('7');
    await asked[0]!.answer({ kind: 'lost' });
    expect(votes.state('7').pending).toBeNull();
    expect(open()).toEqual([]);
    // Kept for when its viewer comes back.
    expect(JSON.parse(kept!)).toEqual({ 7: true });
});

test('an answer to the viewer before is not one to the viewer now', async () => {
    votes.want('7', true);
    votes.forget();
    votes.want('7', true);
    await asked[0]!.answer({ kind: 'refused', message: 'No.' });
    expect(votes.state('7')).toEqual({ pending: { wanted: true, asked: true, losses: 0 }, problem: null });
    await asked[1]!.answer({ kind: 'done' });
    expect(votes.state('7').pending).toBeNull();
});
