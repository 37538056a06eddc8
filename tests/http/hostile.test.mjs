// hostile.test.mjs - documents that are small and would cost much: each is answered within
// a tenth of a second, refused or not, and no worker dies of it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { GRAPHQL_TYPE, post } from './lib/client.mjs';
import { isSanitized, patience, program } from './lib/environment.mjs';
import { serveBy, workers } from './lib/processes.mjs';

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i)).join(' ');
const deep = (n, open, inner, close) => open.repeat(n) + inner + close.repeat(n);

// Fragments, each of which spreads the next twice: 2^30 fields in a few hundred bytes.
const fan = (n, spread) =>
    `{ ${spread(0)} } fragment F${n} on Query { __typename }
     ${times(n, (i) => `fragment F${i} on Query { ${spread(i + 1)} }`)}`;

// [what, document, the limit or code that it must meet, or null when it must be answered]
const documents = [
    ['selections, 10^4 deep', deep(10000, '{a', '', '}'), 'nesting'],
    ['selections, never closed', '{a'.repeat(10000), 'nesting'],
    ['lists, 3 x 10^4 deep', `{ links(search: ${'['.repeat(30000)}) }`, 'nesting'],
    ['objects, 10^4 deep', `{ links(search: ${'{o:'.repeat(10000)}) }`, 'nesting'],
    ['types, 10^4 deep', `query ($v: ${deep(10000, '[', 'Int', ']')}) { __typename }`, 'nesting'],
    ['inline fragments, 6,000 deep', `{${deep(6000, '...{', 'a', '}')}}`, 'nesting'],
    [
        'variables in defaults of variables',
        `query ($a: [Int] = ${deep(15000, '[', '', ']')}) { __typename }`,
        'nesting',
    ],
    ['a flood of names', `{ ${'a '.repeat(16000)} }`, 'tokens'],
    ['a flood of punctuators', '!'.repeat(32000), 'GRAPHQL_PARSE_FAILED'],
    ['a comment of 32 kB', `#${'x'.repeat(32767)}`, 'GRAPHQL_PARSE_FAILED'],
    [
        'a block string of 30 kB of lines',
        `{ user(id: """${'\n x'.repeat(10000)}""") { id } }`,
        null,
    ],
    ['a string of escapes', `{ user(id: "${'\\u{10FFFF}'.repeat(3000)}") { id } }`, null],
    ['a string that does not end', `{ links(search: "${'x'.repeat(32000)}`, 'GRAPHQL_PARSE_FAILED'],
    ['aliases of one field', `{ ${times(400, (i) => `a${i}: __typename`)} }`, 'aliases'],
    [
        'aliases of a costly field',
        `{ ${times(100, (i) => `a${i}: links { votes { user { voteSet { id } } } }`)} }`,
        'aliases',
    ],
    [
        '1,900 unknown fields',
        `{ link(id: 1) { ${times(1900, (i) => `n${i}`)} } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    ['directives on one field', `{ __typename ${'@aa '.repeat(900)} }`, 'directives'],
    [
        'directives on many fields',
        `{ ${'__typename @skip(if: false) '.repeat(280)} }`,
        'directives',
    ],
    [
        'a fragment within itself',
        '{ ...A } fragment A on Query { ...A }',
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        'two fragments within each other',
        '{ ...A } fragment A on Query { ...B } fragment B on Query { ... { ...A } }',
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        'a cycle of 200 fragments',
        `{ ...F0 } ${times(200, (i) => `fragment F${i} on Query { ...F${(i + 1) % 200} }`)}`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        '200 fragments on one cycle each',
        `{ __typename } ${times(200, (i) => `fragment F${i} on Query { ...F${i} }`)}`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    ['2^30 fields by fragments', fan(30, (i) => `...F${i} ...F${i}`), 'fields'],
    ['10^30 fields by fragments', fan(30, (i) => `...F${i} `.repeat(10)), 'fields'],
    [
        '2^30 fields by fields',
        `{ link(id: 1) { ...F0 } } fragment F30 on Link { id }
         ${times(
             30,
             (i) => `fragment F${i} on Link { a: postedBy { linkSet { ...F${i + 1} } }
                                              b: postedBy { linkSet { ...F${i + 1} } } }`,
         )}`,
        ['depth', 'aliases'],
    ],
    ['1,900 times the same field', `{ ${'__typename '.repeat(1900)} }`, null],
    ['600 times the same field with a selection', `{ ${'links{id}'.repeat(390)} }`, null],
    [
        'fields that do not merge',
        `{ ${times(280, (i) => `a: link(id: ${i}) { id }`).slice(0, 9000)} }`,
        ['aliases', 'GRAPHQL_VALIDATION_FAILED', 'overlaps', 'tokens'],
    ],
    [
        'inline fragments with the same fields',
        `{ link(id: 1) { ${'... on Link { url id description } '.repeat(200)} } }`,
        null,
    ],
    [
        'inline fragments beside each other that conflict',
        `{ link(id: 1) { ${times(200, (i) => `... on Link { x: ${i % 2 ? 'url' : 'id'} }`)} } }`,
        ['aliases', 'GRAPHQL_VALIDATION_FAILED', 'overlaps'],
    ],
    [
        'inline fragments within each other, twice',
        `{ link(id: 1) { ${deep(28, '... { postedBy { id } ... { url }', ' id ', '}').replaceAll('}', '} ')} } }`,
        null,
    ],
    [
        'fragments that spread all others',
        `{ ...F0 } ${times(
            40,
            (i) =>
                `fragment F${i} on Query { __typename ${times(39 - i, (j) => `...F${i + j + 1}`)} }`,
        )}`,
        ['fields', 'GRAPHQL_VALIDATION_FAILED', 'overlaps'],
    ],
    [
        'introspection in a circle',
        `{ __schema { types { ${deep(10, 'fields { type { ', 'name', '} }')} } } }`,
        ['introspection_lists', 'depth'],
    ],
    [
        'introspection in a circle by fragments',
        `{ __schema { types { ...A } } }
         fragment A on __Type { fields { type { ...B } } }
         fragment B on __Type { fields { type { ...C } } }
         fragment C on __Type { fields { name } }`,
        'introspection_lists',
    ],
    [
        'the widest introspection',
        '{ __schema { types { fields { type { fields { name args { name type { name } } } } } } } }',
        null,
    ],
    [
        '250 variables',
        `query (${times(250, (i) => `$v${i}: Int`)}) { links(first: $v0) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        '250 variables of one name',
        `query (${'$v: Int '.repeat(250)}) { links(first: $v) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        '250 arguments of one name',
        `{ links(${'first: 1 '.repeat(250)}) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        '400 operations of one name',
        `${'query A { __typename } '.repeat(390)}`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    ['400 anonymous operations', '{ __typename } '.repeat(390), 'GRAPHQL_VALIDATION_FAILED'],
    [
        'an enum of 30 kB',
        `{ links(orderBy: {url: ${'A'.repeat(30000)}}) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        'a name of 30 kB, which nothing is like',
        `{ ${'a'.repeat(30000)} }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    [
        'a number of 30 kB',
        `{ links(first: ${'9'.repeat(30000)}) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
    ['500 orders', `{ links(orderBy: [${'{url: ASC}'.repeat(300)}]) { id } }`, null],
    [
        '500 unknown orders',
        `{ links(orderBy: [${'{u: A}'.repeat(300)}]) { id } }`,
        'GRAPHQL_VALIDATION_FAILED',
    ],
];

suite('hostile documents', () => {
    let pids;
    before(() => {
        pids = workers();
    });
    after(() => assert.deepEqual(workers(), pids, 'a worker has died'));

    for (const [what, document, wanted] of documents) {
        test(what, async () => {
            assert.ok(
                Buffer.byteLength(document) <= 32768,
                'the test itself: longer than a document may be',
            );
            // What such documents cost is counted by tests/pathological; here it may not be
            // seconds.
            const started = performance.now();
            const answer = await post(document, {}, { accept: GRAPHQL_TYPE });
            const took = performance.now() - started;
            assert.ok(took < 1000 * patience, `${took} ms`);
            const extensions = answer.json.errors?.[0].extensions;
            if (wanted === null) {
                assert.equal(answer.status, 200, answer.text.slice(0, 500));
                assert.equal(extensions, undefined, answer.text.slice(0, 500));
            } else {
                assert.equal(answer.status, 400, answer.text.slice(0, 500));
                assert.ok(
                    [wanted].flat().includes(extensions.limit ?? extensions.code),
                    JSON.stringify(extensions),
                );
                assert.ok(answer.body.length < 65536, `${answer.body.length} bytes`);
            }
        });
    }
});

// Whoever recurses as deep as a client likes would end here.
suite('with a stack of 256 kB', { skip: isSanitized && 'sanitizers need more' }, () => {
    let server, pids;
    before(async () => {
        server = await serveBy(
            ['bash', '-c', 'ulimit -s 256 && exec "$0" "$@"', program],
            '--workers',
            '1',
        );
        pids = server.workers();
    });
    after(() => server.stop());

    test('every document is answered, and what JSON nests', async () => {
        for (const [what, document] of documents) assert.ok(await server.post(document), what);
        for (const open of ['[', '{"a":'])
            assert.equal(
                (await server.request({ body: `{"query":"{a}","x":${open.repeat(40000)}` })).status,
                200,
                open,
            );
        assert.deepEqual(server.workers(), pids, 'the worker has died');
    });

    test('as deep as it may be', async () => {
        const inner = times(22, (i) => (i % 2 ? 'postedBy {' : 'linkSet(first: 1) {'));
        const answer = await server.post(`{ user(id: 900001) { ${inner} id ${'} '.repeat(22)} } }`);
        assert.equal(answer.json.errors, undefined, answer.text);
    });
});
