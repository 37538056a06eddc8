// upgrade.test.mjs - SIGUSR2: another program takes the place of the one that serves, in the same
// process, and no request fails; one that cannot changes nothing.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';

import { as, keyFile, makeUsers } from './lib/accounts.mjs';
import { post } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, isSanitized, patience, program, root, state } from './lib/environment.mjs';
import { ledger } from './lib/ledger.mjs';
import { fallen, scrape } from './lib/metrics.mjs';
import { allWorkers, isAlive, masterPid, mock, serveBy, sleep, until, workers } from './lib/processes.mjs';
import { untilMore } from './lib/wait.mjs';

const UPGRADES = isFull ? 20 : 3;
const WORKERS = 2;
const LONG = 15000 * patience;

const session = new Session();
let folder, ada, server;
const file = () => `${folder}/linnet`;
const contract = () => `${folder}/schema.graphql`;
const key = () => `${folder}/key`;

before(async () => {
    [ada] = await makeUsers(session, 1, { prefix: 'upgrade' });
    folder = mkdtempSync(`${tmpdir()}/linnet-upgrade.`);
    chmodSync(folder, 0o755);
});
after(() => {
    session.close();
    rmSync(folder, { recursive: true });
});

// Puts a file where the program was, as a package does: another one, by rename().
function put(text, mode = 0o755) {
    const draft = `${file()}.new`;
    if (text) writeFileSync(draft, text);
    else copyFileSync(program, draft);
    chmodSync(draft, mode);
    renameSync(draft, file());
}

function writeKey(text) {
    writeFileSync(key(), text);
    chmodSync(key(), 0o600);
}

// Whatever became of the test before.
beforeEach(() => {
    put();
    copyFileSync(`${root}/sql/schema.graphql`, contract());
    writeKey(readFileSync(keyFile));
});
const start = async (...options) => {
    server = await serveBy(
        [file()],
        ...['--workers', String(WORKERS), '--contract', contract(), '--key-file', key()],
        ...options,
    );
    await until(() => server.workers().length === WORKERS, LONG, 'all workers');
    return server;
};

const count = (pattern) => server.log.match(new RegExp(pattern, 'g'))?.length ?? 0;
const inode = (path) => statSync(path).ino;
const running = (pid = server.pid) => inode(`/proc/${pid}/exe`);
const descriptors = (pid = server.pid) => readdirSync(`/proc/${pid}/fd`).length;
const send = (query, variables, token = ada.token) =>
    server.post(query, variables, { parameters: { HTTP_AUTHORIZATION: `JWT ${token}` } });
const me = async () => (await send('{ me { id } }')).json.data?.me?.id;
const ready = async () =>
    (
        await server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: '/ready', CONTENT_TYPE: null, CONTENT_LENGTH: null },
        })
    ).json.status;

// Upgrades, and waits until all workers are those of the new program and all others have gone.
async function upgrade(pid = server.pid) {
    const earlier = server.workers();
    const upgraded = count('upgraded: linnet');
    process.kill(pid, 'SIGUSR2');
    await until(
        () =>
            count('upgraded: linnet') > upgraded &&
            server.workers().length === WORKERS &&
            server.workers().every((worker) => !earlier.includes(worker)),
        LONG,
        'the new workers are there, and the old ones have gone',
    );
}

// Asks for an upgrade that is refused.
async function upgradeInVain(reason) {
    const earlier = server.workers();
    process.kill(server.pid, 'SIGUSR2');
    await until(() => reason.test(server.log), LONG, String(reason));
    assert.deepEqual(server.workers(), earlier, 'the same workers');
    assert.equal(await me(), ada.id);
    assert.equal(await ready(), 'ready');
}

// Loads that no verdict has ended, since their test has failed.
const loads = new Set();
afterEach(() => Promise.allSettled([...loads].map((load) => load.verdict())).then(() => loads.clear()));

function loadOf(fault, ask = (query, variables) => send(query, variables)) {
    const load = ledger({ fault, user: ada, clients: 6, rate: isSanitized ? 20 : 60, send: ask });
    loads.add(load);
    return load;
}

afterEach(async () => {
    await server?.stop();
    server = null;
});

async function assertUnharmed(load) {
    loads.delete(load);
    const summary = await load.verdict();
    const { acknowledged, reads, refused, unknown, broken } = summary;
    assert.ok(acknowledged > 10 && reads > 10, JSON.stringify(summary));
    assert.deepEqual([refused, unknown, broken], [0, 0, 0], JSON.stringify(summary));
}

suite('a new program', () => {
    test(`takes over ${UPGRADES} times under load: no query and no mutation fails`, async () => {
        await start();
        const socket = inode(server.socket);
        const load = loadOf('upgrades');
        const open = [];
        let counted = await scrape(server);
        for (let i = 0; i < UPGRADES; i++) {
            put();
            assert.notEqual(running(), inode(file()));
            await load.during(() => upgrade(), 30);
            assert.equal(running(), inode(file()), 'the new file runs, in the same process');
            open.push(descriptors());
            const now = await scrape(server);
            assert.deepEqual(fallen(counted, now), [], 'counters go on');
            counted = now;
        }
        await untilMore(load.entries, 30);
        await assertUnharmed(load);
        assert.equal(inode(server.socket), socket, 'the same socket');
        assert.deepEqual(open, Array(UPGRADES).fill(open[0]), 'no descriptor is left over');
        assert.doesNotMatch(server.log, /worker (died|ended|does not respond)|did not finish/);
        const { code } = await server.stop();
        assert.equal(code, 0);
        server = null;
    });

    // nginx keeps connections open, and sends on them while workers change.
    test(`takes over ${UPGRADES} times behind nginx`, async () => {
        await allWorkers();
        const master = masterPid();
        const load = loadOf('upgrades behind nginx', (query, variables) => post(query, variables, as(ada)));
        const upgraded = () => readFileSync(`${state}/log/linnet.log`, 'utf8').split('"upgraded: linnet').length;
        for (let i = 0; i < UPGRADES; i++) {
            const earlier = workers(),
                before = upgraded();
            await load.during(() => process.kill(master, 'SIGUSR2'), 30);
            await until(
                () => upgraded() > before && !earlier.some(isAlive),
                LONG,
                'the old workers have gone',
            );
        }
        await untilMore(load.entries, 30);
        await assertUnharmed(load);
        assert.equal(masterPid(), master);
        await allWorkers();
    });

    test('that has another kind of board takes over under load, too', async () => {
        await start();
        const bytes = readFileSync(program, 'latin1');
        assert.match(bytes, /linnet-board-\d/);
        const load = loadOf('another board');
        put(Buffer.from(bytes.replace(/linnet-board-\d/g, 'linnet-board-x'), 'latin1'));
        await load.during(() => upgrade(), 30);
        await untilMore(load.entries, 30);
        await assertUnharmed(load);
        assert.equal(count('another kind of board'), 1);
        await upgrade();
        assert.equal(count('another kind of board'), 1, 'the next one has the same kind');
    });

    test('reads the configuration as a reload does, and is reloaded like any other', async () => {
        await start();
        writeFileSync(
            contract(),
            readFileSync(contract(), 'utf8').replace(
                'type Link @table(name: "links") {',
                '$& headline: String! @column(name: "description")',
            ),
        );
        const hasHeadline = async () => !(await send('{ link(id: 910011) { headline } }')).json.errors;
        assert.equal(await hasHeadline(), false);
        await upgrade();
        assert.equal(await hasHeadline(), true);
        copyFileSync(`${root}/sql/schema.graphql`, contract());
        const reloaded = count('"reloaded"');
        process.kill(server.pid, 'SIGHUP');
        await until(() => count('"reloaded"') > reloaded, LONG, 'a reload');
        await until(async () => !(await hasHeadline()), LONG, 'the contract of before');
    });

    // The server knows the key of before by its memory alone.
    test('accepts the tokens that the one before has accepted', async () => {
        await start();
        writeKey(randomBytes(48).toString('base64'));
        process.kill(server.pid, 'SIGHUP');
        await until(() => count('"reloaded"') > 0, LONG, 'a reload');
        assert.equal(await me(), ada.id);
        for (let i = 0; i < 2; i++) {
            await upgrade();
            assert.equal(await me(), ada.id);
        }
    });

    test('replaces workers that die, and lets the next one take over', async () => {
        await start();
        await upgrade();
        const [victim] = server.workers();
        process.kill(victim, 'SIGKILL');
        await until(() => server.workers().length === WORKERS && !server.workers().includes(victim), LONG, 'another worker');
        assert.match(server.log, /worker died/);
        await upgrade();
        assert.equal(await me(), ada.id);
    });

    test('writes the log where the one before did, and to standard error once that is wanted', async () => {
        const configuration = `${folder}/linnet.conf`;
        const log = `${folder}/log`;
        const settings = readFileSync(`${state}/linnet.conf`, 'utf8');
        writeFileSync(configuration, `${settings}log_file = ${log}\n`);
        await start('--config', configuration);
        const written = (pattern) => pattern.test(readFileSync(log, 'utf8'));
        for (let i = 0; i < 2; i++) {
            rmSync(log);
            process.kill(server.pid, 'SIGUSR2');
            await until(() => existsSync(log) && written(/upgraded: linnet/), LONG, 'an upgrade');
            await until(() => server.workers().length === WORKERS, LONG, 'all workers');
        }
        assert.equal(server.log, '');
        writeFileSync(configuration, settings);
        process.kill(server.pid, 'SIGHUP');
        await until(() => count('"reloaded"') > 0, LONG, 'a reload');
    });

    test('of linnet mock takes over', async () => {
        server = await mock('--workers', String(WORKERS), '--contract', contract());
        await until(() => server.workers().length === WORKERS, LONG, 'all workers');
        await upgrade();
        assert.equal((await server.post('{ __typename }')).status, 200);
    });
});

suite('an inherited socket', () => {
    // As a process manager listens, in Python, on the path that --listen names.
    const listen =
        'import os, socket, sys; s = socket.socket(socket.AF_UNIX); ' +
        's.bind(sys.argv[sys.argv.index("--listen") + 1]); s.listen(64); ';
    for (const [what, how] of Object.entries({
        'as descriptor 0': 'os.dup2(s.fileno(), 0); ',
        'of systemd': 'os.dup2(s.fileno(), 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1"); ',
    }))
        test(what, async () => {
            server = await serveBy(
                ['python3', '-c', `${listen}${how}os.execv(sys.argv[1], sys.argv[1:])`, file()],
                ...['--workers', String(WORKERS)],
            );
            await until(() => server.workers().length === WORKERS, LONG, 'all workers');
            const load = loadOf(`upgrade with a socket ${what}`);
            await load.during(() => upgrade(), 20);
            await load.during(() => upgrade(), 20);
            await assertUnharmed(load);
            await server.stop();
            assert.doesNotMatch(server.log, /cannot|No such/);
            server = null;
        });
});

suite('nothing changes', () => {
    const script = '#!/bin/sh\necho "it is out of order"; exit 3\n';
    for (const [what, [place, reason]] of Object.entries({
        'when the new program fails': [
            () => put(script),
            /it is out of order[^]*cannot upgrade: the check of \S+ has ended with status 3/,
        ],
        'when the new program dies': [
            () => put('#!/bin/sh\nkill -SEGV $$\n'),
            /cannot upgrade: the check of \S+ has ended with signal 11/,
        ],
        'when the new file may not be executed': [() => put(null, 0o644), /cannot be started: Permission denied/],
        'when the new file is no program': [() => put(randomBytes(4096)), /cannot be started: Exec format error/],
        'when there is no file': [() => rmSync(file()), /cannot be started: No such file/],
        'when the contract does not fit': [
            () =>
                writeFileSync(
                    contract(),
                    readFileSync(contract(), 'utf8').replace('@table(name: "links")', '@table(name: "no_links")'),
                ),
            /no_links[^]*cannot upgrade: the check of \S+ has ended with status 1/,
        ],
    }))
        test(what, async () => {
            await start();
            const before = running();
            place();
            await upgradeInVain(reason);
            assert.equal(running(), before);
            beforeEachAgain();
            await upgrade();
            assert.equal(running(), inode(file()));
        });

    const beforeEachAgain = () => {
        put();
        copyFileSync(`${root}/sql/schema.graphql`, contract());
    };

    test('for a program that cannot take over what this one hands over', () => {
        for (const words of [['check'], ['mock', '--batch']]) {
            const { status, stderr } = spawnSync(program, [...words, '--takes-over', '0'], { encoding: 'utf8' });
            assert.match(stderr, /cannot take over from the program that serves/);
            assert.equal(status, 69);
        }
    });
});

// What `check` does not read, or what has changed just then.
test('a program that cannot serve leaves the workers of the one before, and tries again', async () => {
    await start();
    const earlier = server.workers();
    writeKey('short');
    process.kill(server.pid, 'SIGUSR2');
    await until(() => /handing over[^]*the reload failed/.test(server.log), LONG, 'a failure');
    assert.equal(running(), inode(file()));
    assert.deepEqual(server.workers(), earlier);
    assert.equal(await ready(), 'degraded');
    assert.equal(await me(), ada.id);
    writeKey(readFileSync(keyFile));
    await until(() => /upgraded: linnet/.test(server.log), LONG, 'it has tried again');
    await until(async () => (await ready()) === 'ready', LONG, 'no longer degraded');
});

test('SIGTERM during an upgrade ends it, at any moment', async () => {
    for (const pause of [0, 20, 60, 150, 400]) {
        await start();
        const { pid, socket } = server;
        const log = () => server.log;
        process.kill(pid, 'SIGUSR2');
        await sleep(pause);
        const { code } = await server.stop();
        assert.equal(code, 0, log());
        assert.equal(existsSync(socket), false);
        server = null;
    }
});

test('what another program would hand over is read strictly', () => {
    for (const value of ['0', '-1', 'x', '99', '2147483648']) {
        const { status, stderr } = spawnSync(program, ['serve', '--config', `${state}/linnet.conf`, '--listen', `${folder}/no`], {
            env: { ...process.env, HANDOVER_DESCRIPTOR: value },
            encoding: 'utf8',
            timeout: Math.round(LONG),
        });
        assert.match(stderr, /has handed over cannot be read/);
        assert.equal(status, 70, stderr);
    }
});
