// wait.mjs - waits for what can be seen: answers to a load, a log's line, a row of pg_stat_activity.
//
// SPDX-License-Identifier: MIT
import { Session } from './database.mjs';
import { patience } from './environment.mjs';
import { until } from './processes.mjs';

const LONG = 5000 * patience;

// A session of its own: it has no transaction, in which the activity would stay as it was first
// seen, and another where PostgreSQL has been restarted since.
let session = null;
function rows(query) {
    if (session?.process.exitCode !== null) session = new Session();
    return session.rows(query);
}

// The backends of Linnet's role for which the condition holds: [{ pid, query }].
export const backends = (condition) =>
    rows(`SELECT pid, query FROM pg_stat_activity WHERE usename = 'linnet_login' AND ${condition}`);

export const lockWaiters = () => backends("wait_event_type = 'Lock'");

// Until so many statements wait for a lock.
export const untilLocked = (count) =>
    until(async () => (await lockWaiters()).length === count, LONG, `${count} wait for a lock`);

// Ends the backends that have nothing to do, and waits until they have gone.
export async function endIdleBackends() {
    const ended = await backends("state = 'idle'");
    const pids = ended.map(({ pid }) => pid);
    await rows(`SELECT pg_terminate_backend(pid) FROM unnest('{${pids}}'::integer[]) AS pid`);
    await until(
        async () => (await backends(`pid = ANY ('{${pids}}')`)).length === 0,
        LONG,
        'they have gone',
    );
}

// Until the text that `read` gives has the pattern, after its first `from` characters.
export const untilLogged = (read, pattern, from = 0) =>
    until(() => pattern.test(read().slice(from)), LONG, `in the log: ${pattern}`);

// Until a list that grows, of answers, has so many more.
export function untilMore(list, count) {
    const most = list.length + count;
    return until(() => list.length >= most, LONG, `${count} more answers`);
}

// Answers are { at, took, answer }.  Waits until `count` in a row were 200, and then for `count`
// that were asked for since; these, be they as they may.
export async function afterSettling(answers, count = 100) {
    const isGood = ({ answer }) => answer.status === 200;
    const isSteady = () => answers.length >= count && answers.slice(-count).every(isGood);
    await until(isSteady, LONG, `${count} good answers in a row`);
    const settled = performance.now();
    const late = () => answers.filter(({ at, took }) => at - took > settled);
    await until(() => late().length >= count, LONG, `${count} answers`);
    return late();
}
