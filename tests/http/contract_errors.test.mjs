// contract_errors.test.mjs - errors of fields: who is not signed in, how null spreads, and
// that the neighbours go on (specification, 6.4.4).
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ask, askPartly, post } from './lib/client.mjs';

// What a client relies on in each error.
const essence = (errors) =>
    errors.map((e) => ({ path: e.path, code: e.extensions.code, locations: e.locations }));
const at = (line, column) => [{ line, column }];

suite('me', () => {
    test('is refused to those who are not signed in, and the others go on', async () => {
        const { data, errors } = await askPartly('{ me { id } link(id: 910011) { url } }');
        assert.deepEqual(data, { me: null, link: { url: 'https://http.example/twice' } });
        assert.equal(errors[0].message, 'Not logged in!');
        assert.deepEqual(essence(errors), [
            { path: ['me'], code: 'UNAUTHENTICATED', locations: at(1, 3) },
        ]);
    });

    test('each time that it is asked, under its own name', async () => {
        const { data, errors } = await askPartly(
            '{\n  a: me { id }\n  link(id: 910011) { id }\n    b: me { username linkSet { id } }\n}',
        );
        assert.deepEqual(data, { a: null, link: { id: '910011' }, b: null });
        assert.deepEqual(
            essence(errors).sort((x, y) => (x.path[0] < y.path[0] ? -1 : 1)),
            [
                { path: ['a'], code: 'UNAUTHENTICATED', locations: at(2, 3) },
                { path: ['b'], code: 'UNAUTHENTICATED', locations: at(4, 5) },
            ],
        );
    });

    test('selected in pieces is refused once, at its first place', async () => {
        const { data, errors } = await askPartly(
            '{ me { id } ...F }\nfragment F on Query { me { username } }',
        );
        assert.deepEqual(data, { me: null });
        assert.equal(errors.length, 1);
        assert.deepEqual(errors[0].locations[0], { line: 1, column: 3 });
    });

    test('is not asked when it is skipped', async () => {
        assert.deepEqual(await ask('{ me @skip(if: true) { id } link(id: 910011) { id } }'), {
            link: { id: '910011' },
        });
    });

    test('is still validated', async () => {
        const answer = await post('{ me { password } }');
        assert.equal(answer.json.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        assert.ok(!('data' in answer.json));
    });
});

suite('null', () => {
    test('stops at the first field that may be null', async () => {
        const { data, errors } = await askPartly(
            '{ user(id: 900001) { id linkSet(first: -1) { id } } link(id: 910011) { id } }',
        );
        assert.deepEqual(data, { user: null, link: { id: '910011' } });
        assert.deepEqual(essence(errors), [
            { path: ['user', 'linkSet'], code: 'BAD_USER_INPUT', locations: at(1, 25) },
        ]);
    });

    test('paths have response names', async () => {
        const { data, errors } = await askPartly(
            '{ u: user(id: 900001) { l: linkSet(skip: -1) { id } } }',
        );
        assert.deepEqual(data, { u: null });
        assert.deepEqual(errors[0].path, ['u', 'l']);
    });

    test('two levels down, below a row that is there', async () => {
        const { data, errors } = await askPartly(
            '{ link(id: 910011) { id postedBy { username voteSet(first: 101) { id } } } }',
        );
        assert.deepEqual(data, { link: { id: '910011', postedBy: null } });
        assert.deepEqual(errors[0].path, ['link', 'postedBy', 'voteSet']);
    });

    test('below a row that is not there nothing is wrong', async () => {
        assert.deepEqual(
            await ask('{ link(id: 910005) { postedBy { voteSet(first: 101) { id } } } }'),
            { link: { postedBy: null } },
        );
    });

    test('through lists of what may not be null, with the first index', async () => {
        const { data, errors } = await askPartly(
            `{ link(id: 910020) { id votes(first: 3) { user { linkSet(first: 101) { id } } } }
               user(id: 900002) { id } }`,
        );
        assert.deepEqual(data, { link: null, user: { id: '900002' } });
        assert.deepEqual(errors[0].path, ['link', 'votes', 0, 'user', 'linkSet']);
    });

    test('within a list, where the item may not be null but its field may', async () => {
        const { data, errors } = await askPartly(
            '{ links(search: "zebra") { id postedBy { linkSet(first: 101) { id } } } }',
        );
        const posted = new Set(['910003', '910002', '910001', '910004']);
        assert.deepEqual(
            data.links.map((l) => l.id),
            ['910006', '910005', '910004', '910003', '910002', '910001'],
        );
        assert.ok(data.links.every((l) => l.postedBy === null));
        assert.deepEqual(
            errors.map((e) => e.path),
            data.links.flatMap((l, i) =>
                posted.has(l.id) ? [['links', i, 'postedBy', 'linkSet']] : [],
            ),
        );
    });

    test('of a root field that may not be null is all of data', async () => {
        const { data, errors } = await askPartly(
            '{ link(id: 910011) { id } links(first: 101) { id } }',
        );
        assert.equal(data, null);
        assert.deepEqual(essence(errors), [
            { path: ['links'], code: 'BAD_USER_INPUT', locations: at(1, 27) },
        ]);
    });

    test('one error for each field that fails', async () => {
        const { data, errors } = await askPartly(
            `{ me { id } user { id } a: user(id: 900001) { linkSet(first: -1) { id } }
               b: user(id: 900001) { id } }`,
        );
        assert.deepEqual(data, { me: null, user: null, a: null, b: { id: '900001' } });
        assert.deepEqual(errors.map((e) => e.path).sort(), [['a', 'linkSet'], ['me'], ['user']]);
    });
});

suite('the response', () => {
    test('has errors first, and then data', async () => {
        assert.match(
            (await post('{ me { id } }')).text,
            /^\{"errors":\[.*\],"data":\{"me":null\}\}$/s,
        );
        assert.match(
            (await post('{ links(first: -1) { id } }')).text,
            /^\{"errors":\[.*\],"data":null\}$/s,
        );
    });

    test('has no errors when there are none', async () => {
        assert.equal(
            (await post('{ link(id: 910011) { id } }')).text,
            '{"data":{"link":{"id":"910011"}}}',
        );
    });

    test('has data alone, in lists too, whatever the documents say about extensions', async () => {
        const answer = await post('{ links(first: 1) { id } }');
        assert.deepEqual(Object.keys(answer.json), ['data']);
    });

    test('is 200 with partial data, for both media types', async () => {
        for (const accept of ['application/json', 'application/graphql-response+json'])
            for (const document of ['{ me { id } }', '{ links(first: -1) { id } }'])
                assert.equal((await post(document, {}, { accept })).status, 200);
    });
});
