// json.test.mjs - the body of a request: what is not JSON, or is what two readers would
// read in two ways, is refused before anything else looks at it (RFC 8259).
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { assertRefused, GRAPHQL_TYPE, JSON_TYPE, post, postBody } from './lib/client.mjs';
import './lib/database.mjs';
import { patience } from './lib/environment.mjs';

const query = '"query":"{ __typename }"';

async function assertBad(body) {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE]) {
        const error = assertRefused(await postBody(body, { accept }), 400);
        assert.ok(
            ['BAD_REQUEST', 'LIMIT_EXCEEDED'].includes(error.extensions.code),
            error.extensions.code,
        );
    }
}

function refuse(title, bodies) {
    suite(title, () => {
        for (const body of bodies) {
            const shown = typeof body === 'string' ? body : body.toString('latin1');
            test(JSON.stringify(shown).slice(0, 60), () => assertBad(body));
        }
    });
}

// A body with these bytes as a variable's text.
const withBytes = (...bytes) =>
    Buffer.concat([
        Buffer.from(`{${query},"variables":{"a":"`),
        Buffer.from(bytes),
        Buffer.from('"}}'),
    ]);

refuse('a member twice', [
    `{${query},${query}}`,
    `{${query},"qu\\u0065ry":"{ __typename }"}`,
    `{${query},"variables":{"a":1,"a":1}}`,
    `{${query},"variables":{"a":1,"\\u0061":2}}`,
    `{${query},"variables":{"a":{"b":[{"c":1,"c":2}]}}}`,
    `{${query},"x":{"":1,"":2}}`,
    `{${query},"extensions":{"\\u00e9":1,"é":2}}`,
    `{${query},"variables":{},"variables":{}}`,
]);

refuse('what is not UTF-8', [
    withBytes(0xff),
    withBytes(0xfe),
    withBytes(0x80),
    withBytes(0xc0, 0x80),
    withBytes(0xc1, 0xbf),
    withBytes(0xe0, 0x80, 0x80),
    withBytes(0xe0, 0x9f, 0xbf),
    withBytes(0xed, 0xa0, 0x80),
    withBytes(0xed, 0xbf, 0xbf),
    withBytes(0xf0, 0x80, 0x80, 0x80),
    withBytes(0xf0, 0x8f, 0xbf, 0xbf),
    withBytes(0xf4, 0x90, 0x80, 0x80),
    withBytes(0xf5, 0x80, 0x80, 0x80),
    withBytes(0xc3),
    withBytes(0xe2, 0x82),
    withBytes(0xf0, 0x9f, 0x8f),
    withBytes(0xc3, 0x28),
    withBytes(0xf8, 0x88, 0x80, 0x80, 0x80),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`{${query}}`)]),
    Buffer.from(`{${query}}`, 'utf16le'),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`{${query}}`, 'utf16le')]),
]);

refuse('U+0000 and control characters', [
    `{${query},"variables":{"a":"\\u0000"}}`,
    `{${query},"variables":{"a\\u0000b":"x"}}`,
    `{"query":"{ __typename }\\u0000"}`,
    `{${query},"operationName":"\\u0000"}`,
    `{${query},"a\\u0000":1,"a":2}`,
    withBytes(0),
    withBytes(1),
    withBytes(9),
    withBytes(10),
    withBytes(13),
    withBytes(31),
    `{${query}}\0`,
    `\0{${query}}`,
    `{${query},\0"a":1}`,
]);

refuse('surrogates that stand alone', [
    `{${query},"variables":{"a":"\\ud800"}}`,
    `{${query},"variables":{"a":"\\udc00"}}`,
    `{${query},"variables":{"a":"\\udc00\\ud800"}}`,
    `{${query},"variables":{"a":"\\ud800\\ud800\\udc00"}}`,
    `{${query},"variables":{"a":"\\ud800x"}}`,
    `{${query},"variables":{"a":"\\ud800\\u0041"}}`,
    `{${query},"variables":{"\\udfff":1}}`,
]);

refuse(
    'invalid numbers',
    [
        '01',
        '-01',
        '1.',
        '.5',
        '-',
        '+1',
        '1e',
        '1e+',
        '0x10',
        '1_000',
        'NaN',
        'Infinity',
        '-Infinity',
        '--1',
        '1.e5',
        '1e5.5',
        '１',
        '00',
    ].map((number) => `{${query},"variables":{"a":${number}}}`),
);

refuse('what other readers let pass', [
    `{'query':'{ __typename }'}`,
    `{${query},}`,
    `{${query} /* c */}`,
    `{${query}} // c`,
    `{query:"{ __typename }"}`,
    `{${query},"a":tRue}`,
    `{${query},"a":NULL}`,
    `{${query},"a":nul}`,
    `{${query},"a":"\\x41"}`,
    `{${query},"a":"\\u12"}`,
    `{${query},"a":"\\'"}`,
    `{${query},"a":[1,]}`,
    `{${query},"a":[,1]}`,
    `{${query}`,
    `{${query}}}`,
    `{${query}}{}`,
    `{${query}} x`,
    `{${query},"a"}`,
    `{${query},"a":}`,
    `{${query} "a":1}`,
    `{${query},"a":1 "b":2}`,
    `{${query},"a":"`,
    `{${query},"a":"x\\`,
    `\u00a0{${query}}`,
    `{${query},"a":\u000b1}`,
    '{',
    '}',
    '[',
    '"',
    ':',
    ',',
    '{"query"',
    '{"query":',
]);

refuse('what is JSON and no request', [
    '',
    ' ',
    'null',
    'true',
    '1',
    '"{ __typename }"',
    '[]',
    `[{${query}}]`,
    '[{}]',
    `[${Array(1000).fill(`{${query}}`).join(',')}]`,
    '{}',
    '{"Query":"{ __typename }"}',
    '{"query":null}',
    '{"query":["{ __typename }"]}',
    '{"query":{}}',
    `{${query},"variables":[]}`,
    `{${query},"variables":"{}"}`,
    `{${query},"operationName":1}`,
    `{${query},"operationName":["A"]}`,
    `{${query},"extensions":[]}`,
]);

suite('what is deep or long', () => {
    for (const [what, text] of Object.entries({
        '100,000 arrays': '['.repeat(100000),
        '100,000 arrays, closed': '['.repeat(100000) + ']'.repeat(100000),
        '40,000 objects': '{"a":'.repeat(40000),
        '100,000 numbers': `[${'0,'.repeat(100000)}0]`,
    })) {
        test(what, async () => {
            const started = performance.now();
            assertRefused(
                await postBody(`{${query},"variables":{"a":${text}}}`, { accept: GRAPHQL_TYPE }),
                400,
            );
            assertRefused(await postBody(text, { accept: GRAPHQL_TYPE }), 400);
            assert.ok(performance.now() - started < 1000 * patience);
        });
    }

    test('10,000 members whose names collide in simple hashes', async () => {
        // Every text of these pairs has the same sum and the same djb2 hash.
        const pairs = ['Aa', 'BB'];
        let names = [''];
        while (names.length < 8192)
            names = names.flatMap((name) => pairs.map((pair) => name + pair));
        const started = performance.now();
        const body = `{${query},"variables":{${names.map((name) => `"${name}":0`).join(',')}}}`;
        const answer = await postBody(body);
        assert.equal(answer.status, 200, answer.text);
        assert.ok(performance.now() - started < 500 * patience);
    });
});

suite('what is JSON is taken', () => {
    const bodies = [
        `{${query}}`,
        ` \t\r\n{ "query" : "{ __typename }" } \r\n`,
        `{"\\u0071uery":"{\\u0020__typename\\n}"}`,
        `{${query},"variables":{"a":"\\ud83c\\udfc3 🏃 \\" \\\\ \\/ \\b\\f\\n\\r\\t \u007f \u2028"}}`,
        `{${query},"variables":{"a":[0,-0,1.5,1e5,1E+5,1e-5,-12.5e10,true,false,null,{},[],""]}}`,
        `{${query},"variables":{"a":9007199254740993,"b":18446744073709551616,"c":1e400}}`,
        `{${query},"a":{"b":1},"b":{"b":1}}`,
    ];
    for (const body of bodies) {
        test(JSON.stringify(body).slice(0, 60), async () => {
            const answer = await postBody(body);
            assert.equal(answer.text, '{"data":{"__typename":"Query"}}');
        });
    }

    test('a text comes through as it was', async () => {
        const document = 'query ($u: String) { user(username: $u) { username } }';
        const { data } = (
            await postBody(`{"query":"${document}","variables":{"u":"http.zo\\u00eb@+-_"}}`)
        ).json;
        assert.deepEqual(data, { user: { username: 'http.zoë@+-_' } });
    });

    test('a number keeps its digits', async () => {
        const document = 'query ($n: Int) { links(first: $n) { id } }';
        const status = async (n) =>
            (
                await postBody(`{"query":"${document}","variables":{"n":${n}}}`, {
                    accept: GRAPHQL_TYPE,
                })
            ).status;
        for (const n of ['1', '0', '-0', '1.0', '1e1', '10e-1'])
            assert.equal(await status(n), 200, n);
        for (const n of [
            '1.5',
            '2147483648',
            '9007199254740993',
            '1e400',
            '18446744073709551617',
            '1e-1',
        ])
            assert.equal(await status(n), 400, n);
        assert.equal((await post(document, { n: 3 })).json.data.links.length, 3);
    });
});
