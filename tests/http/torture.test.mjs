// torture.test.mjs - an allocation fails, a call of the system fails, memory is short, the date jumps:
// an answer is right, or honest, or none; and the service goes on.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers, unique } from './lib/accounts.mjs';
import { plainCgi } from './lib/cgi.mjs';
import { assertErrors } from './lib/client.mjs';
import { psql, Session } from './lib/database.mjs';
import { isFull, isSanitized, patience, root } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';

let folder, library, ada;
before(async () => {
    folder = mkdtempSync(`${tmpdir()}/linnet-torture.`);
    chmodSync(folder, 0o755);
    library = `${folder}/torture.so`;
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, `${root}/tests/http/lib/torture.c`]);
    const session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'torture' });
    session.close();
});
after(() => rmSync(folder, { recursive: true }));

const QUERY = '{ me { username } link(id: 910011) { id url votes(first: 2) { id user { username } } } }';
const WRITE = 'mutation ($u: String!) { createLink(url: $u) { url } }';

// One request, one fault.
function torture(query, variables, more) {
    return plainCgi(query, variables, {
        environment: {
            LD_PRELOAD: library,
            TORTURE_COUNT: `${folder}/count`,
            ...asParameters(ada),
            ...more,
        },
    });
}

// (A token that cannot be verified for want of memory is refused like any other.)
const HONEST = [
    'SERVICE_UNAVAILABLE',
    'TIMEOUT',
    'OUTCOME_UNKNOWN',
    'INTERNAL_SERVER_ERROR',
    'BAD_REQUEST',
    'TOKEN_INVALID',
];

// Never half an answer, and never a crash.
function assertClean({ answer, code, signal, output, log }, what) {
    assert.equal(signal, null, `${what}: ${log}`);
    if (!answer) {
        assert.ok(code !== 0 || log !== '', `${what}: it says nothing`);
        return;
    }
    assert.equal(answer.body.length, Number(answer.headers['content-length']), `${what}: ${output}`);
    if (!answer.json.errors) return;
    for (const error of assertErrors(answer))
        assert.ok(HONEST.includes(error.extensions.code), `${what}: ${answer.text}`);
}

// With sanitizers memory is theirs.
suite('plain CGI', { skip: isSanitized }, () => {
    const faults = {
        'an allocation': { TORTURE_KIND: 'malloc' },
        'a call, with EINTR': { TORTURE_KIND: 'call', TORTURE_ERRNO: constants.errno.EINTR },
        'a call, with EIO': { TORTURE_KIND: 'call', TORTURE_ERRNO: constants.errno.EIO },
    };
    // Some of these wait for what never comes, up to a time limit.
    if (isFull)
        Object.assign(faults, {
            'a call, with EAGAIN': { TORTURE_KIND: 'call', TORTURE_ERRNO: constants.errno.EAGAIN },
            'a call, with ENOSPC': { TORTURE_KIND: 'call', TORTURE_ERRNO: constants.errno.ENOSPC },
        });
    for (const [name, fault] of Object.entries(faults))
        test(`${name}: each fails once`, async () => {
            const right = (await torture(QUERY, {}, fault)).answer.text;
            assert.deepEqual(JSON.parse(right).data.me, { username: ada.username });
            const total = Number(readFileSync(`${folder}/count`, 'utf8'));
            assert.ok(total > 20, `${total}`);
            // All of them in --full; else some, of which no two runs of the code have the same.
            const step = isFull ? 1 : Math.max(1, Math.floor(total / 6));
            for (let n = 1; n <= total; n += step) {
                const what = `${name} ${n} of ${total}`;
                const read = await torture(QUERY, {}, { ...fault, TORTURE_AT: String(n) });
                assertClean(read, what);
                if (read.answer?.status === 200 && !read.answer.json.errors)
                    assert.equal(read.answer.text, right, what);

                const u = `https://torture.example/${unique('link')}`;
                const write = await torture(WRITE, { u }, { ...fault, TORTURE_AT: String(n) });
                assertClean(write, what);
                const rows = Number(psql(`SELECT count(*) FROM links WHERE url = '${u}'`));
                const json = write.answer?.json;
                if (json && !json.errors) assert.equal(rows, 1, `${what}: ${write.answer.text}`);
                else if (json && json.errors[0].extensions.code !== 'OUTCOME_UNKNOWN')
                    assert.equal(rows, 0, `${what}: ${write.answer.text} ${write.log}`);
                else assert.ok(rows <= 1, what);
            }
        });
});

suite('a worker', () => {
    const good = '{ link(id: 910011) { id } }';
    const big = `{ ${Array.from({ length: 10 }, (_, i) => `l${i}: links(first: 100) { id url description postedBy { username } }`).join(' ')} }`;

    test('that is short of memory ends with a line, and another serves', { skip: isSanitized }, async () => {
        const server = await serve('--workers', '1', '--limit-nodes', '100000');
        const right = (await server.post(big)).text;
        for (let round = 0; round < (isFull ? 20 : 3); round++) {
            const pid = await until(() => server.workers()[0], 10000 * patience, 'a worker');
            const size = Number(/VmSize:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
            spawnSync('prlimit', [`--pid=${pid}`, `--as=${(size + 16) * 1024}`]);
            const answers = await Promise.all(
                Array.from({ length: 8 }, () => server.post(big).catch(() => null)),
            );
            for (const answer of answers)
                if (answer?.status === 200 && !answer.json.errors) assert.equal(answer.text, right);
                else if (answer) assertErrors(answer);
            await until(
                async () => (await server.post(good).catch(() => null))?.status === 200,
                10000 * patience,
                'the service goes on',
            );
            // The next has memory again.
            for (const left of server.workers())
                if (left === pid) process.kill(pid, 'SIGKILL');
            await until(() => !server.workers().includes(pid), 10000 * patience, 'another worker');
        }
        assert.doesNotMatch(server.log, /"signal":11/);
        await server.stop();
    });

    test('whose date jumps by an hour, forth and back: no deadline is missed', { skip: isSanitized }, async () => {
        const clock = `${folder}/clock`;
        const set = (seconds) => writeFileSync(clock, String(seconds));
        set(0);
        process.env.LD_PRELOAD = library;
        process.env.TORTURE_CLOCK = clock;
        let server;
        try {
            server = await serve('--workers', '1');
        } finally {
            for (const name of ['LD_PRELOAD', 'TORTURE_CLOCK']) delete process.env[name];
        }
        const me = () => server.post('{ me { username } }', {}, { parameters: asParameters(ada) });
        assert.equal((await me()).json.data.me.username, ada.username);
        for (const seconds of [3600, -3600, 7200, -7200, 0]) {
            const answers = Array.from({ length: 20 }, () => server.post(good));
            set(seconds);
            answers.push(...Array.from({ length: 20 }, () => server.post(good)));
            for (const answer of await Promise.all(answers))
                assert.deepEqual(answer.json, { data: { link: { id: '910011' } } }, answer.text);
            const { json } = await me();
            const code = json.errors?.[0].extensions.code;
            // Tokens are judged by the date.
            if (seconds > 0) assert.equal(code, 'TOKEN_EXPIRED');
            else if (seconds < 0) assert.ok(!code || code === 'TOKEN_INVALID', code);
            else assert.equal(json.data.me.username, ada.username);
        }
        assert.equal(server.log.includes('"TIMEOUT"'), false);
        await server.stop();
    });
});
