// ledger.mjs - clients that read and write while something breaks, and whether what they were told
// is true.
//
// Each write has a name of its own, so that what was answered can be held against what is there:
//
//     acknowledged   it is there, once
//     refused        the answer is an error that says to try again: it is not there
//     unknown        OUTCOME_UNKNOWN, no answer, or one that nginx gave for a worker that has died:
//                    it is there once or not at all
//
// Some clients ask again when they have their answer (the closed loop).  Others send at a fixed
// rate, whatever comes back, as many different users would: a server that stalls cannot slow them
// down, so that each of them is seen to wait (the open loop).
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

import { as, unique } from './accounts.mjs';
import { assertErrors, post } from './client.mjs';
import { psql } from './database.mjs';
import { isSanitized, patience } from './environment.mjs';
import { sleep } from './processes.mjs';
import { untilMore } from './wait.mjs';

// Requests of the open loop that may be under way; nginx accepts 128 connections of one address.
const OPEN_MOST = 64;

const REFUSALS = ['SERVICE_UNAVAILABLE', 'TIMEOUT', 'SCHEMA_RELOADING'];
const UNANSWERED = 'The service is not available at the moment.'; // nginx/linnet.conf.in

const READ = '{ me { id } link(id: 910011) { id } }';
const WRITE = 'mutation ($u: String!) { createLink(url: $u) { id url } }';

const isGood = ({ answer }) => answer.status === 200 && !answer.json.errors;

// An honest error: what it says to do next fits its code.
function judge(answer) {
    if (answer.status === 0) return 'unknown';
    assert.ok(answer.status === 503 || answer.status === 200, answer.text);
    const errors = assertErrors(answer);
    const codes = errors.map(({ extensions }) => extensions.code);
    const isUnknown = codes[0] === 'OUTCOME_UNKNOWN';
    if (answer.status === 503)
        assert.equal(
            Number(answer.headers['retry-after']) >= 1,
            !isUnknown,
            `${answer.text} ${JSON.stringify(answer.headers)}`,
        );
    for (const { extensions } of errors) {
        assert.ok([...REFUSALS, 'OUTCOME_UNKNOWN'].includes(extensions.code), answer.text);
        if (extensions.code === 'SERVICE_UNAVAILABLE')
            assert.ok(extensions.retryAfter >= 1, answer.text);
        if (extensions.code === 'OUTCOME_UNKNOWN') assert.equal(extensions.retryAfter, undefined);
    }
    return isUnknown || errors[0].message === UNANSWERED ? 'unknown' : 'refused';
}

// Milliseconds, after that time, in which nobody had a good answer.
function longestGap(entries, from) {
    let last = from,
        longest = 0;
    for (const entry of entries)
        if (entry.at > from && isGood(entry)) {
            longest = Math.max(longest, entry.at - last);
            last = entry.at;
        }
    return Math.round(longest);
}

export const assertHonest = (answer) => void judge(answer);

// Starts clients of `user`; `fault` is what breaks, in words.
//
//     clients   of the closed loop; every second one writes
//     rate      requests a second of the open loop, of which every fifth writes
//     read      the document of reads, and `right`: the answer to it, or null
export function ledger({
    fault = 'nothing',
    user,
    clients = 8,
    rate = isSanitized ? 20 : 100,
    read = READ,
    right = `{"data":{"me":{"id":"${user.id}"},"link":{"id":"910011"}}}`,
    send = (query, variables) => post(query, variables, as(user)),
    connection = process.env.PGDATABASE,
} = {}) {
    const prefix = `https://ledger.example/${unique('ledger')}/`;
    const entries = [];
    const open = new Set();
    let isOver = false;
    let struck = 0;
    let count = 0;

    async function ask(isWrite) {
        const u = isWrite ? `${prefix}${count++}` : null;
        const started = performance.now();
        const answer = await (isWrite ? send(WRITE, { u }) : send(read)).catch((error) => ({
            status: 0,
            error,
        }));
        const at = performance.now();
        const entry = { u, at, started, took: at - started, answer: answer ?? { status: 0 } };
        entries.push(entry);
        return entry;
    }

    async function closed(number) {
        while (!isOver) {
            const { answer } = await ask(number % 2 === 0);
            if (answer.status !== 200) await sleep(20); // who is refused asks less often
        }
    }

    async function pace() {
        const began = performance.now();
        for (let i = 0; !isOver; i++) {
            const wait = began + (i * 1000) / rate - performance.now();
            if (wait > 0) await sleep(wait);
            if (open.size >= OPEN_MOST) continue;
            const one = ask(i % 5 === 0);
            open.add(one);
            one.finally(() => open.delete(one));
        }
    }

    const all = Array.from({ length: clients }, (_, number) => closed(number));
    if (rate > 0) all.push(pace());

    return {
        entries,

        // Breaks something in the midst of the load, and lets it go on for a while.
        async during(strike, more = 60) {
            await untilMore(entries, more);
            struck = performance.now();
            const result = await strike();
            return result;
        },

        // Ends the clients, and holds what they were told against what is there.  So many may be
        // unknown.  What came of it, in numbers.
        async verdict({ unknown: allowance = 0 } = {}) {
            isOver = true;
            await Promise.all([...all, ...open]);
            const there = new Map(
                psql(
                    `SELECT url || ' ' || count(*) FROM links WHERE url LIKE '${prefix}%' GROUP BY url`,
                    connection,
                )
                    .split('\n')
                    .filter(Boolean)
                    .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
            );
            psql(`DELETE FROM links WHERE url LIKE '${prefix}%'`, connection);
            const line = { fault, reads: 0, acknowledged: 0, refused: 0, unknown: 0 };
            Object.assign(line, { lost: 0, doubled: 0, broken: 0, false: 0, longest: 0 });
            for (const { u, answer, took } of entries) {
                line.longest = Math.max(line.longest, Math.round(took));
                line.broken += answer.status === 0;
                const isDone = isGood({ answer });
                if (!u) {
                    if (isDone && right) assert.equal(answer.text, right);
                    if (!isDone) judge(answer);
                    line.reads += isDone;
                    continue;
                }
                const rows = there.get(u) ?? 0;
                const what = isDone ? 'acknowledged' : judge(answer);
                if (isDone) assert.equal(answer.json.data.createLink.url, u);
                line[what]++;
                line.lost += what === 'acknowledged' && rows === 0;
                line.false += what === 'refused' && rows > 0;
                line.doubled += rows > 1;
            }
            if (struck) line.away_ms = longestGap(entries, struck);
            const text = JSON.stringify(line);
            console.log(`ledger: ${text}`);
            assert.deepEqual([line.lost, line.doubled, line.false], [0, 0, 0], text);
            assert.ok(line.unknown <= allowance, `more than ${allowance} are unknown: ${text}`);
            assert.ok(line.longest < 9000 * patience, text);
            return line;
        },
    };
}
