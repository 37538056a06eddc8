// neighbours.mjs - clients who use the server as it is meant, while others do what they like: they
// read, vote and sign in at a steady pace, whether or not the last answer has come (an open loop).
//
// SPDX-License-Identifier: MIT
import { as, goodPassword, signInOver, signUp, unique } from './accounts.mjs';
import { createLink, createVote, deleteVote, freshUrl } from './acts_documents.mjs';
import { ask, post } from './client.mjs';
import { sleep } from './processes.mjs';

const read = `{ links(first: 10, orderBy: {hot: DESC}) { id url description voteCount
    postedBy { username } votes(first: 5) { user { username } } } }`;

// Milliseconds between two requests of a kind.
const pace = { read: 20, vote: 100, signIn: 300 };

// Those who are measured: `owner` is the account that signs in, {username}.
export async function makeNeighbours(users) {
    const [poster, voter] = users;
    const username = unique('neighbour');
    const made = (await signUp(username, goodPassword)).json;
    if (made.errors) throw new Error(JSON.stringify(made));
    const link = await ask(createLink, { url: freshUrl(), description: '' }, as(poster));
    const id = String(link.createLink.id);
    let votes = 0;
    return {
        owner: { username },
        acts: {
            read: () => post(read),
            vote: () => post(votes++ % 2 ? deleteVote : createVote, { id }, as(voter)),
            signIn: () => signInOver(post, username, goodPassword),
        },
    };
}

// A kind that acts less often shows nothing.
const fewest = 4;

// Lets them act for so many milliseconds, or longer where the machine is so busy that a kind has not
// acted often enough, and waits for their answers.  For each kind: how long each answer took, and
// what was no right answer.
export async function measure({ acts }, milliseconds) {
    const results = Object.fromEntries(
        Object.keys(acts).map((kind) => [kind, { times: [], refusals: [] }]),
    );
    const answers = [];
    // Votes go one after the other, each for what the one before it has left.
    let lastVote = Promise.resolve();
    const run = async (kind) => {
        const begun = performance.now();
        const answer = await acts[kind]().catch((error) => ({ status: 0, text: String(error) }));
        results[kind].times.push(performance.now() - begun);
        if (answer.status !== 200 || answer.json.errors)
            results[kind].refusals.push(`${answer.status} ${answer.text.slice(0, 300)}`);
    };
    const started = Object.fromEntries(Object.keys(acts).map((kind) => [kind, 0]));
    const start = (kind) => {
        started[kind]++;
        if (kind === 'vote') answers.push((lastVote = lastVote.then(() => run(kind))));
        else answers.push(run(kind));
    };
    const timers = Object.keys(acts).map((kind) => setInterval(start, pace[kind], kind));
    await sleep(milliseconds);
    while (Object.values(started).some((count) => count < fewest)) await sleep(10);
    timers.forEach(clearInterval);
    await Promise.all(answers);
    return results;
}

// The value that this part of the sample does not exceed.
export function quantile(times, part) {
    const sorted = times.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
