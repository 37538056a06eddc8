// limits_errors.test.mjs - how large the errors of an answer may be, whatever the document repeats.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';

import { post } from './lib/client.mjs';
import { serve } from './lib/processes.mjs';

const MAXIMUM = 32768; // bytes
const long = (n) => `n${n}_`.padEnd(30000, 'x');
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');

suite('names in messages', () => {
    const shown = `n0_${'x'.repeat(61)}…`;
    const message = async (query, variables) => (await post(query, variables)).json.errors[0].message;

    test('are cut at 64 characters', async () => {
        assert.equal(await message(`{ ${long(0)} }`), `Cannot query field "${shown}" on type "Query".`);
        assert.equal(
            await message(`{ ...${long(0)} links(first: 1) { id } }`),
            `Unknown fragment "${shown}".`,
        );
        assert.equal(
            await message(`query ($${long(0)}: Int) { links(first: 1) { id } }`),
            `Variable "$${shown}" is never used.`,
        );
    });

    test('in variables too, by whole characters', async () => {
        const text = await message(
            'query ($o: [LinkOrder!]) { links(orderBy: $o) { id } }',
            { o: [{ ['é'.repeat(1000)]: 'ASC' }] },
        );
        assert.ok(text.includes(`"${'é'.repeat(64)}…"`));
        assert.ok(!text.includes('é'.repeat(65)));
    });

    test('and are whole when they are not longer', async () => {
        const name = 'y'.repeat(64);
        assert.equal(await message(`{ ${name} }`), `Cannot query field "${name}" on type "Query".`);
    });
});

suite('all errors of an answer', () => {
    test('31 kB of document with long names', async () => {
        const fields = await post(`{ me { ${times(100, (i) => `b${i}`.padEnd(305, 'x'))} } }`);
        assert.equal(fields.json.errors.length, 100);
        assert.ok(fields.text.length < MAXIMUM, `${fields.text.length} bytes`);
        // An operation's name is repeated for each variable, and a cycle names its fragments.
        const operation = await post(
            `query ${long(0)} { ${times(100, (i) => `links(first: $v${i}) { id }`)} }`.slice(0, 32768),
        );
        assert.ok(operation.text.length < MAXIMUM);
        const fragments = times(100, (i) =>
            `fragment ${'f'.padEnd(100, 'x')}${i} on Link { ...${'f'.padEnd(100, 'x')}${(i + 1) % 100} }`);
        const cycle = await post(`{ links(first: 1) { ...${'f'.padEnd(100, 'x')}0 } } ${fragments}`);
        assert.ok(cycle.text.length < MAXIMUM, `${cycle.text.length} bytes`);
    });

    test('more than a hundred of fields: the last says so', async () => {
        // Two fields of each row are null, for what is below them is refused.
        const refused = 'postedBy { linkSet(first: 101) { id } }';
        const rows = (n) => `{ users(first: 1) { id } links(first: ${n}) { id ${refused} b: ${refused} } }`;
        const few = (await post(rows(10))).json;
        assert.ok(few.data.users && few.errors.length <= 20);
        assert.ok(few.errors.every(({ extensions }) => extensions.code === 'BAD_USER_INPUT'));
        const more = (await post(rows(100))).json.errors;
        assert.equal(more.length, 101);
        assert.equal(more[100].message, 'More errors are left out: at most 100 are shown.');
        const { code, limit, maximum } = more[100].extensions;
        assert.deepEqual([code, limit, maximum], ['LIMIT_EXCEEDED', 'errors', 100]);
    });

    suite('with a bound of 4,096 bytes', () => {
        let server;
        before(async () => {
            server = await serve('--workers', '1', '--limit-error-bytes', '4096');
        });

        // They take no more than their bound and the last error, which says so.
        function assertBounded({ json }, shown = json.errors.length - 1) {
            const bytes = JSON.stringify(json.errors).length;
            assert.ok(bytes <= 4096 + 250, `${bytes} bytes`);
            assert.equal(json.errors.length, shown + 1);
            const { message, extensions } = json.errors[shown];
            assert.equal(message, 'More errors are left out: at most 4096 bytes are shown.');
            const { code, limit, maximum } = extensions;
            assert.deepEqual([code, limit, maximum], ['LIMIT_EXCEEDED', 'error_bytes', 4096]);
        }

        test('locations count', async () => {
            const same = times(40, () => 'a: 1');
            assertBounded(await server.post(`{ ${times(6, () => `__typename(${same})`)} }`));
        });

        test('paths count', async () => {
            const alias = (i) => `a${i}`.padEnd(1500, 'x');
            const answer = await server.post(`{ ${times(10, (i) => `${alias(i)}: me { id }`)} }`);
            assertBounded(answer, 2);
            assert.equal(Object.keys(answer.json.data).length, 10);
        });

        test('even the first', async () => {
            assertBounded(await server.post(`{ ${'a'.repeat(5000)}: me { id } }`), 0);
        });
    });
});
