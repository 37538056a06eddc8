// memory.test.mjs - the memory of a worker is bounded, whatever documents it is sent.
//
// Its resident memory is judged with a wide margin; what the cache counts is judged by
// tests/unit/test_cache_bytes.c, and asserted with sanitizers.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { Session } from './lib/database.mjs';
import { isFull, isSanitized, patience } from './lib/environment.mjs';
import { residentMemory, serve, until } from './lib/processes.mjs';
import { randomDocuments } from './lib/random_documents.mjs';

const MIB = 1024; // in kB
const CLIENTS = 16;

// Sends `count` requests that `make` makes, a few at a time; the codes of their first errors.
async function send(server, count, make, each = () => {}) {
    const codes = {};
    let sent = 0;
    const client = async () => {
        while (sent < count) {
            each(++sent);
            const { query, variables } = make();
            const { json } = await server.post(query, variables);
            const { code = 'none', limit = '' } = json.errors?.[0]?.extensions ?? {};
            const key = `${code} ${limit}`.trim();
            codes[key] = (codes[key] ?? 0) + 1;
        }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return codes;
}

suite('a worker', () => {
    test('is flat after random documents', async (t) => {
        // In ./check the cache is small, so that it is soon full; in --full all is as it is by default.
        const options = isFull ? [] : ['--limit-cache-bytes', `${8 * MIB * 1024}`];
        const count = isFull ? 1000000 : isSanitized ? 1600 : 4000;
        const server = await serve('--workers', '1', ...options);
        const [worker] = server.workers();
        const samples = [];
        const codes = await send(server, count, randomDocuments(1), (sent) => {
            if (sent % (count / 20) !== 0) return;
            samples.push(residentMemory(worker));
            t.diagnostic(`${sent} documents: ${samples.at(-1)} kB`);
        });
        t.diagnostic(JSON.stringify(codes));
        assert.deepEqual(server.workers(), [worker]);
        assert.ok(codes.none > count / 4 && codes.GRAPHQL_VALIDATION_FAILED > count / 10);
        const half = Math.max(...samples.slice(5, 10)),
            all = Math.max(...samples);
        if (!isSanitized) assert.ok(all < (isFull ? 128 : 64) * MIB, `${all} kB`);
        assert.ok(all - half < (isSanitized ? 64 : 8) * MIB, `${half} kB, then ${all} kB`);
    });

    // 64 statements with many joins take a quarter of a megabyte and more.
    const level = (n, flags) => {
        const user = '{ id username firstName lastName dateJoined }';
        const below = n === 1 ? 'id url description createdAt voteCount' : `...L${n - 1}`;
        return `fragment L${n} on Link { id url description createdAt voteCount ${flags} postedBy ${user}
            b: postedBy { linkSet(first: 0) { ${below} } }
            votes(first: 0) { id user { id username voteSet(first: 0) { link { id url postedBy ${user} } } } link { ${below} } } }`;
    };
    const names = [0, 1, 2, 3, 4].map((i) => `f${i}`);
    const flags = names.map((name) => `__typename @skip(if: $${name})`).join(' ');
    const declared = names.map((name) => `$${name}: Boolean!`).join(', ');
    const wide = (n) => `query Q${n}(${declared}) { links(first: 0) { ...L4 } }
        ${level(1, flags)} ${[2, 3, 4].map((i) => level(i, '')).join(' ')}`;

    test('keeps few wide documents, under all combinations of five conditions', async (t) => {
        const server = await serve('--workers', '1');
        const [worker] = server.workers();
        let n = 0;
        const make = () => {
            const query = wide(n >> 5),
                variables = Object.fromEntries(names.map((name, bit) => [name, Boolean((n >> bit) & 1)]));
            n++;
            return { query, variables };
        };
        const codes = await send(server, isSanitized ? 320 : 32 * 32, make);
        assert.deepEqual(Object.keys(codes), ['none']);
        t.diagnostic(`${n} plans: ${residentMemory(worker)} kB`);
        if (!isSanitized) assert.ok(residentMemory(worker) < 128 * MIB, `${residentMemory(worker)} kB`);
        assert.deepEqual(server.workers(), [worker]);
    });

    test('keeps few of 256 wide documents', async (t) => {
        const server = await serve('--workers', '1', '--limit-cache-bytes', `${16 * MIB * 1024}`);
        const [worker] = server.workers();
        let n = 0;
        const codes = await send(server, 256, () => ({
            query: wide(n++),
            variables: Object.fromEntries(names.map((name) => [name, false])),
        }));
        assert.deepEqual(Object.keys(codes), ['none']);
        t.diagnostic(`${n} plans: ${residentMemory(worker)} kB`);
        if (!isSanitized) assert.ok(residentMemory(worker) < 48 * MIB, `${residentMemory(worker)} kB`);
    });

    test('goes on while what requests use leaves the cache', async () => {
        // Room for a few documents, of forty that all clients ask for in turns.
        const server = await serve('--workers', '1', '--limit-cache-bytes', '700000');
        const [worker] = server.workers();
        const next = randomDocuments(2);
        const pool = Array.from({ length: 40 }, () => next());
        const expected = [];
        const ask = async (n) => {
            const { json } = await server.post(pool[n].query, pool[n].variables);
            for (const error of json.errors ?? []) delete error.extensions.requestId;
            return JSON.stringify(json);
        };
        for (let n = 0; n < pool.length; n++) expected.push(await ask(n));
        for (let round = 0; round < 10; round++) {
            const order = pool.map((_, n) => (n * 7 + round * 11) % pool.length);
            const answers = await Promise.all(order.map(ask));
            order.forEach((n, i) => assert.equal(answers[i], expected[n]));
        }
        assert.deepEqual(server.workers(), [worker]);
    });
});

suite('large answers', () => {
    const session = new Session();
    before(() =>
        session.run(`
            INSERT INTO links (url, description, posted_by)
                SELECT 'https://large.example/' || n, repeat(md5(n::text), 60), 900001 FROM generate_series(1, 100) AS n;
            INSERT INTO votes (user_id, link_id)
                SELECT u.id, l.id FROM (SELECT id FROM users ORDER BY id LIMIT 60) AS u, links AS l
                WHERE l.url LIKE 'https://large.example/%'`),
    );
    after(async () => {
        await session.run("DELETE FROM links WHERE url LIKE 'https://large.example/%'");
        session.close();
    });

    test('leave no memory behind', { skip: isSanitized && 'the sanitizer keeps memory' }, async (t) => {
        const server = await serve('--workers', '1');
        const [worker] = server.workers();
        for (let i = 0; i < 3; i++) {
            const answers = await Promise.all([1, 2, 3, 4].map((n) =>
                server.post(`{ a${i}${n}: links(first: 100) { votes(first: 100) { id link { description url } } } }`)));
            // There is more than is answered.
            for (const { json } of answers) assert.equal(json.errors[0].extensions.limit, 'response');
        }
        // What was answered last may be released after its client has it.
        await until(() => residentMemory(worker) < 32 * MIB, 5000 * patience, 'the memory is given back')
            .catch((error) => assert.fail(`${residentMemory(worker)} kB: ${error.message}`));
        t.diagnostic(`${residentMemory(worker)} kB`);
    });
});

suite('requests that wait', () => {
    // The only connection waits for a lock, and all others wait for the connection.
    const options = ['--workers', '1', '--connections', '1', '--limit-lock-time', '60000',
        '--limit-database-time', '60000', '--request-time', '60000'];
    const order = Array.from({ length: 1500 }, (_, i) => ({ url: i % 2 ? 'ASC' : 'DESC' }));
    const large = 'query ($o: [LinkOrder!]) { links(orderBy: $o, first: 1) { id } }';
    const small = '{ links(first: 1) { id } }';

    test('hold no more than their bound, and small ones are not refused', async () => {
        const server = await serve(...options, '--limit-request-memory', '16000000');
        const session = new Session();
        await session.run('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
        let refused = 0;
        const ask = async (query, variables) => {
            const answer = await server.post(query, variables);
            if (answer.status === 503) {
                refused++;
                assert.equal(answer.json.errors[0].extensions.code, 'SERVICE_UNAVAILABLE');
                assert.equal(answer.headers['retry-after'], '1');
            } else assert.equal(answer.json.data.links.length, 1, answer.text);
            return answer.status;
        };
        const crowd = Array.from({ length: 120 }, () => ask(large, { o: order }));
        await until(() => refused > 0, 20000 * patience, 'one is refused');
        const others = Array.from({ length: 40 }, () => ask(small));
        await session.run('COMMIT');
        session.close();
        assert.ok((await Promise.all(crowd)).includes(200));
        assert.deepEqual(new Set(await Promise.all(others)), new Set([200]));
        // When they have ended there is room again.
        assert.equal(await ask(large, { o: order }), 200);
    });
});
