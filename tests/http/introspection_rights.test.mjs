// introspection_rights.test.mjs - who may ask for the schema.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers, mintExpired } from './lib/accounts.mjs';
import { assertRefused, GRAPHQL_TYPE } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { serve } from './lib/processes.mjs';

// Documents that ask for the schema in one way or another.
const asking = {
    plainly: '{ __schema { queryType { name } } }',
    'by name': '{ __type(name: "Link") { name } }',
    'by an alias': '{ a: __schema { queryType { name } } }',
    'by a fragment': '{ ...F } fragment F on Query { __schema { queryType { name } } }',
    'by fragments within each other':
        '{ ... { ... on Query { ...F } } } fragment F on Query { x: __type(name: "Link") { name } }',
    'after data': '{ __typename users(first: 1) { id } __schema { queryType { name } } }',
    'by one operation of several':
        'query A { __typename } query B { __schema { queryType { name } } }',
};
const operationOf = (query) => (query.startsWith('query A') ? 'B' : undefined);

suite('who may ask, in production', () => {
    const session = new Session();
    let people;
    before(async () => {
        const [user] = await makeUsers(session, 1);
        const [staff] = await makeUsers(session, 1, { role: 'staff' });
        people = { nobody: undefined, user, staff };
    });
    after(() => session.close());

    for (const [setting, who, message] of [
        ['off', [], 'Introspection is disabled.'],
        ['staff', ['staff'], 'Introspection requires a member of the staff.'],
        ['user', ['staff', 'user'], 'Introspection requires a signed-in user.'],
        ['on', ['staff', 'user', 'nobody'], undefined],
    ]) {
        test(`introspection = ${setting}`, async () => {
            // One worker, so that all meet the same cache.
            const options = ['--mode', 'production', '--introspection', setting];
            const server = await serve('--workers', '1', ...options);
            const send = (query, name) =>
                server.post(query, undefined, {
                    operationName: operationOf(query),
                    accept: GRAPHQL_TYPE,
                    parameters: asParameters(people[name]),
                });
            // Those who may make the document known, and its answer; then the others ask.
            for (const name of ['staff', 'user', 'nobody', 'staff'])
                for (const [how, query] of Object.entries(asking)) {
                    const answer = await send(query, name);
                    if (who.includes(name)) {
                        assert.deepEqual(Object.keys(answer.json), ['data'], answer.text);
                        continue;
                    }
                    const error = assertRefused(answer, 400, 'GRAPHQL_VALIDATION_FAILED');
                    assert.equal(error.message, message, `${how}, ${name}`);
                    assert.equal(answer.json.errors.length, 1);
                    const at = query.search(/(\w: )?__(schema|type)\b/);
                    assert.deepEqual(error.locations, [{ line: 1, column: at + 1 }], how);
                }
            await server.stop();
        });
    }

    test('whoever is refused learns nothing of the schema', async () => {
        const server = await serve('--workers', '1', '--mode', 'production');
        for (const name of ['Link', 'Nothing', 'User'])
            for (const below of ['name', 'fields { name }']) {
                const query = `{ __type(name: "${name}") { ${below} } }`;
                const { json } = await server.post(query, undefined, { accept: GRAPHQL_TYPE });
                assert.deepEqual(
                    json.errors.map(({ message, locations }) => [message, locations]),
                    [['Introspection is disabled.', [{ line: 1, column: 3 }]]],
                );
            }
        await server.stop();
    });

    test('the name of a type is for everybody', async () => {
        const server = await serve('--workers', '1', '--mode', 'production');
        const { json } = await server.post(
            '{ __typename a: __typename users(first: 1) { __typename } }',
        );
        assert.deepEqual(json, {
            data: {
                __typename: 'Query',
                a: 'Query',
                users: [{ __typename: 'User' }],
            },
        });
        await server.stop();
    });

    test('what is left out is not asked for', async () => {
        const server = await serve('--workers', '1', '--mode', 'production');
        const query =
            'query ($all: Boolean!) { __typename __schema @include(if: $all) { queryType { name } } }';
        for (let i = 0; i < 2; i++) {
            const { json } = await server.post(query, { all: false });
            assert.deepEqual(json, { data: { __typename: 'Query' } });
            const refused = await server.post(query, { all: true }, { accept: GRAPHQL_TYPE });
            assertRefused(refused, 400, 'GRAPHQL_VALIDATION_FAILED');
        }
        await server.stop();
    });

    test('a token that has ended is told so, where users may ask', async () => {
        for (const [setting, status, code] of [
            ['user', 401, 'TOKEN_EXPIRED'],
            ['staff', 401, 'TOKEN_EXPIRED'],
            ['off', 400, 'GRAPHQL_VALIDATION_FAILED'],
        ]) {
            const options = ['--mode', 'production', '--introspection', setting];
            const server = await serve('--workers', '1', ...options);
            const answer = await server.post(asking.plainly, undefined, {
                accept: GRAPHQL_TYPE,
                parameters: asParameters({ token: await mintExpired(people.user) }),
            });
            assertRefused(answer, status, code);
            await server.stop();
        }
    });
});
