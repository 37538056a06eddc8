// reload.test.mjs - SIGHUP: contract, key and configuration are read again while others ask;
// no request fails, and what is broken changes nothing.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';

import {
    claimsFor,
    goodHeader,
    keyFile,
    makeUsers,
    mint,
    readKey,
    sign,
    unique,
} from './lib/accounts.mjs';
import { freshUrl } from './lib/acts.mjs';
import { assertErrors } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, patience, program, root, state } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';
import { untilLocked, untilMore } from './lib/wait.mjs';

const original = readFileSync(`${root}/sql/schema.graphql`, 'utf8');
const extended = original.replace(
    'type Link @table(name: "links") {',
    '$& headline: String! @column(name: "description")',
);

const WORKERS = 4;
let folder, session, server, ada;
const contract = () => `${folder}/schema.graphql`;
const key = () => `${folder}/key`;
const writeKey = (text) => {
    writeFileSync(key(), text);
    chmodSync(key(), 0o600);
};

before(async () => {
    session = new Session();
    folder = mkdtempSync(`${tmpdir()}/linnet-reload.`);
    chmodSync(folder, 0o755);
    writeFileSync(contract(), original);
    copyFileSync(keyFile, key());
    chmodSync(key(), 0o600);
    const settings = readFileSync(`${state}/linnet.conf`, 'utf8').replace(
        /^(key_file|contract) = .*\n/gm,
        '',
    );
    writeFileSync(
        `${folder}/linnet.conf`,
        `${settings}contract = schema.graphql\nkey_file = key\nworkers = ${WORKERS}\n` +
            'limit_lock_time = 60000\nlimit_database_time = 60000\nrequest_time = 60000\n',
    );
    [ada] = await makeUsers(session, 1, { prefix: 'reload' });
    server = await serve('--config', `${folder}/linnet.conf`);
    // It answers as soon as one of them does.
    await until(() => server.workers().length === WORKERS, 5000 * patience, 'all workers');
});
after(async () => {
    session.close();
    await server.stop();
    rmSync(folder, { recursive: true });
});

const send = (query, token) =>
    server.post(query, {}, { parameters: token ? { HTTP_AUTHORIZATION: `JWT ${token}` } : {} });
const hasHeadline = async () => !(await send('{ link(id: 910011) { headline } }')).json.errors;
const ready = async () =>
    (
        await server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: '/ready', CONTENT_TYPE: null, CONTENT_LENGTH: null },
        })
    ).json.status;
const reload = () => process.kill(server.pid, 'SIGHUP');

// Reloads, and waits until all workers are others.
async function reloadWhole() {
    const before = server.workers();
    reload();
    await until(
        () =>
            server.workers().length === WORKERS &&
            server.workers().every((pid) => !before.includes(pid)),
        8000 * patience,
        'a new generation',
    );
}

// Ends the clients of a test that has failed.
const ends = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

// Clients that ask and write without pause; every answer must be right.
function load(clients) {
    let isOver = false;
    ends.push(() => (isOver = true));
    const answers = [],
        failures = [];
    async function client(number) {
        while (!isOver) {
            const answer = await (
                number % 2
                    ? send(
                          'mutation { updateLink(id: 2147483646, description: "x") { link { id } } }',
                          ada.token,
                      )
                    : send('{ me { id } link(id: 910011) { id } }', ada.token)
            ).catch((error) => ({ error }));
            answers.push(answer);
            const isRight =
                answer?.status === 200 &&
                (number % 2
                    ? answer.json.errors[0].extensions.code === 'NOT_FOUND'
                    : answer.text === `{"data":{"me":{"id":"${ada.id}"},"link":{"id":"910011"}}}`);
            if (!isRight) failures.push(answer?.text ?? String(answer?.error ?? 'no answer'));
        }
    }
    const all = Array.from({ length: clients }, (_, number) => client(number));
    const stop = async () => {
        await untilMore(answers, 20);
        isOver = true;
        await Promise.all(all);
        assert.deepEqual(
            failures.slice(0, 3),
            [],
            `${failures.length} of ${answers.length} failed`,
        );
    };
    return { answers, stop };
}

// Whatever became of the test before.
beforeEach(async () => {
    writeFileSync(contract(), original);
    writeKey(readKey());
    if ((await ready()) !== 'ready') await reloadWhole();
});

suite('SIGHUP', () => {
    test('with another contract, under load: no request fails, and the new field is there', async () => {
        assert.equal(await hasHeadline(), false);
        const { stop } = load(8);
        writeFileSync(contract(), extended);
        await reloadWhole();
        await stop();
        for (let i = 0; i < 20; i++) assert.equal(await hasHeadline(), true);
        writeFileSync(contract(), original);
        await reloadWhole();
        for (let i = 0; i < 20; i++) assert.equal(await hasHeadline(), false);
    });

    const broken = {
        'that is cut short': original.slice(0, (original.length / 2) | 0),
        'that is empty': '',
        'with an unknown column': original.replace(
            'url: String!\n',
            'url: String!\n  weather: String!\n',
        ),
        'with an unknown type': original.replace('postedBy: User', 'postedBy: Person'),
        'that is not text': '\0\xff\xfe',
    };
    for (const [what, text] of Object.entries(broken)) {
        test(`with a contract ${what}: the old one serves on, and says so`, async () => {
            assert.notEqual(text, original);
            const workers = server.workers(),
                logged = server.log.length;
            const { stop } = load(6);
            writeFileSync(contract(), text);
            reload();
            await until(async () => (await ready()) === 'degraded', 5000 * patience, 'degraded');
            await stop();
            assert.deepEqual(server.workers(), workers, 'the same workers');
            assert.match(server.log.slice(logged), /"level":"error"|error/i);
            writeFileSync(contract(), original);
            await reloadWhole();
            assert.equal(await ready(), 'ready');
        });
    }

    test('again and again under load, every fifth time broken', async () => {
        const { answers, stop } = load(8);
        for (let i = 1; i <= (isFull ? 100 : 15); i++) {
            writeFileSync(contract(), i % 5 ? (i % 2 ? extended : original) : 'type {');
            reload();
            await untilMore(answers, 16);
        }
        await stop();
        writeFileSync(contract(), extended);
        await until(
            async () => {
                await reloadWhole();
                return (await ready()) === 'ready' && (await hasHeadline());
            },
            10000 * patience,
            'the last contract',
        );
        writeFileSync(contract(), original);
        await reloadWhole();
        assert.equal(server.workers().length, 4);
    });

    test('leaves requests that are under way to finish', async () => {
        // Its row is locked, and not the table: new workers would wait for that one, too.
        const made = await send(
            `mutation { createLink(url: "${freshUrl()}") { id } }`,
            ada.token,
        );
        const { id } = made.json.data.createLink;
        const locker = new Session();
        await locker.run(`BEGIN; UPDATE links SET description = 'locked' WHERE id = ${id}`);
        const slow = send(
            `mutation { updateLink(id: ${id}, description: "slow") { link { id } } }`,
            ada.token,
        );
        await untilLocked(1);
        const before = server.workers();
        reload();
        await until(
            () => server.workers().filter((pid) => !before.includes(pid)).length === WORKERS,
            8000 * patience,
            'a new generation',
        );
        assert.equal(await ready(), 'ready');
        await locker.run('ROLLBACK');
        locker.close();
        assert.deepEqual((await slow).json, { data: { updateLink: { link: { id: String(id) } } } });
        await until(() => server.workers().length === 4, 5000 * patience, 'four workers');
    });
});

suite('SIGHUP and the key', () => {
    const me = (token) => send('{ me { id } }', token);
    const newKey = 'another key, of forty bytes or so......';

    test('another key: new tokens are signed with it, and old ones are still believed', async () => {
        const oldToken = ada.token;
        const { stop } = load(4);
        writeKey(newKey);
        await reloadWhole();
        await stop();
        assert.deepEqual((await me(oldToken)).json, { data: { me: { id: ada.id } } });
        const newToken = sign(goodHeader, await claimsFor(ada), newKey);
        assert.deepEqual((await me(newToken)).json, { data: { me: { id: ada.id } } });

        const username = unique('rekeyed');
        const { json } =
            await send(`mutation { createUser(username: "${username}", password: "a long password", email: "a@b.example") { user { id } }
            tokenAuth(username: "${username}", password: "a long password") { token } }`);
        const { token } = json.data.tokenAuth;
        assert.equal(
            sign(goodHeader, Buffer.from(token.split('.')[1], 'base64url').toString(), newKey),
            token,
        );
        assert.equal((await me(token)).json.data.me.id, json.data.createUser.user.id);
        assert.equal(
            (
                await me(
                    sign(goodHeader, await claimsFor(ada), 'a key that nobody ever had, 32 bytes'),
                )
            ).status,
            401,
        );

        // Another reload with the same file forgets nothing.
        await reloadWhole();
        assert.equal((await me(oldToken)).status, 200);
        writeKey(readKey());
        await reloadWhole();
        assert.equal((await me(oldToken)).status, 200);
        assert.equal((await me(newToken)).status, 200);
    });

    const signIn = async () => {
        const username = unique('pair');
        const { json } =
            await send(`mutation { createUser(username: "${username}", password: "a long password", email: "a@b.example") { user { id } }
            tokenAuth(username: "${username}", password: "a long password") { token } }`);
        return json.data.tokenAuth.token;
    };
    const publicKeys = async () =>
        await server.request({
            method: 'GET',
            parameters: { SCRIPT_NAME: '/.well-known/jwks.json', CONTENT_TYPE: null, CONTENT_LENGTH: null },
        });

    test('a pair: others verify its tokens by the public key; a stolen key is refused at once', async () => {
        const file = `${folder}/linnet.conf`,
            before = readFileSync(file, 'utf8');
        assert.equal((await publicKeys()).status, 404);
        rmSync(key());
        execFileSync(program, ['key', 'new', 'EdDSA', '--out', key()], { stdio: 'ignore' });
        assert.equal(statSync(key()).mode & 0o777, 0o600);
        writeFileSync(file, `${before}publish_keys = yes\n`);
        await reloadWhole();
        const token = await signIn();
        const [head, claims, signature] = token.split('.');
        const header = JSON.parse(Buffer.from(head, 'base64url'));
        const { json, headers } = await publicKeys();
        // The secret that signed before is still believed, and is not shown.
        assert.deepEqual(
            json.keys.map(({ kty, kid, alg, use }) => ({ kty, kid, alg, use })),
            [{ kty: 'OKP', kid: header.kid, alg: 'EdDSA', use: 'sig' }],
        );
        assert.deepEqual(Object.keys(json.keys[0]).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x']);
        assert.match(headers['cache-control'], /max-age=300/);
        assert.deepEqual(header, { typ: 'JWT', alg: 'EdDSA', kid: json.keys[0].kid });
        const jwk = createPublicKey({ key: json.keys[0], format: 'jwk' });
        assert.ok(verify(null, `${head}.${claims}`, jwk, Buffer.from(signature, 'base64url')));
        assert.equal((await me(token)).status, 200);
        assert.equal((await me(ada.token)).status, 200);
        assert.equal((await me(`${head}.${claims}.${signature.slice(0, -4)}AAAA`)).status, 401);

        writeKey(readKey());
        writeFileSync(file, `${before}key_overlap = 0\n`);
        await reloadWhole();
        assert.equal((await me(token)).json.errors[0].extensions.code, 'TOKEN_INVALID');
        assert.equal((await me(await signIn())).status, 200);
        writeFileSync(file, before);
    });

    for (const [what, text] of Object.entries({
        'an empty key': '',
        'a key of 31 bytes': 'x'.repeat(31),
        'a key of 31 bytes and a line end': `${'x'.repeat(31)}\n`,
    })) {
        test(`${what}: the old one stays`, async () => {
            writeKey(text);
            reload();
            await until(async () => (await ready()) === 'degraded', 5000 * patience, 'degraded');
            const username = unique('stays');
            const { json } =
                await send(`mutation { createUser(username: "${username}", password: "a long password", email: "a@b.example") { user { id } }
                tokenAuth(username: "${username}", password: "a long password") { token } }`);
            assert.equal((await me(json.data.tokenAuth.token)).status, 200);
            assert.equal((await me(await mint(ada))).status, 200);
            assert.equal(
                (await me(sign(goodHeader, await claimsFor(ada), text.trim()))).status,
                401,
            );
            writeKey(readKey());
            await reloadWhole();
            assert.equal(await ready(), 'ready');
        });
    }
});

suite('SIGHUP and the configuration', () => {
    test('is read again', async () => {
        const file = `${folder}/linnet.conf`,
            before = readFileSync(file, 'utf8');
        const code = async () =>
            (await send('{ links(first: 8) { id } }')).json.errors?.[0].extensions.code;
        assert.equal(await code(), undefined);
        writeFileSync(file, `${before}limit_page = 7\n`);
        await reloadWhole();
        assert.equal(await code(), 'BAD_USER_INPUT');
        writeFileSync(file, `${before}no_such_option = 7\n`);
        reload();
        await until(async () => (await ready()) === 'degraded', 5000 * patience, 'degraded');
        assert.equal(await code(), 'BAD_USER_INPUT');
        writeFileSync(file, before);
        await reloadWhole();
        assert.equal(await code(), undefined);
        assert.equal(assertErrors(await send('{ nothing }')).length, 1);
    });
});
