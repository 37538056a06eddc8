// introspection.test.mjs - what the server says of its schema is the contract without its
// bindings, and the reference implementation can read it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import {
    buildASTSchema,
    buildClientSchema,
    getIntrospectionQuery,
    lexicographicSortSchema,
    parse,
    printSchema,
    validateSchema,
    visit,
} from 'graphql';

import { ask, post } from './lib/client.mjs';
import { root } from './lib/environment.mjs';

const standard = new Set(['deprecated', 'specifiedBy', 'oneOf']);

// The contract without its bindings, read by the reference implementation.
function publicSchema() {
    const document = parse(readFileSync(`${root}/sql/schema.graphql`, 'utf8'));
    const stripped = visit(document, {
        Directive: (node) => (standard.has(node.name.value) ? undefined : null),
    });
    return buildASTSchema(stripped);
}

const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
};
const print = (schema) => printSchema(lexicographicSortSchema(schema));

suite('the schema', () => {
    test('is the public part of the contract', async () => {
        const client = buildClientSchema(await ask(getIntrospectionQuery(everything)));
        assert.deepEqual(validateSchema(client), []);
        assert.equal(print(client), print(publicSchema()));
    });

    test('comes in the order of the contract', async () => {
        const { __schema } = await ask('{ __schema { types { name } } }');
        const ours = __schema.types.map((t) => t.name).filter((name) => !name.startsWith('__'));
        const written = Object.keys(publicSchema().getTypeMap()).filter(
            (name) => !name.startsWith('__'),
        );
        assert.deepEqual([...ours].sort(), [...written].sort());
        const { __type } = await ask('{ __type(name: "Link") { fields { name } } }');
        assert.deepEqual(
            __type.fields.map((f) => f.name),
            [
                'id',
                'url',
                'description',
                'createdAt',
                'postedBy',
                'votes',
                'voteCount',
                'viewerHasVoted',
            ],
        );
    });

    test('has what clients rely on', async () => {
        const schema = buildClientSchema(await ask(getIntrospectionQuery(everything)));
        const printed = print(schema);
        for (const line of [
            'me: User',
            'users(first: Int = 100, skip: Int = 0): [User!]!',
            'user(id: ID, username: String): User',
            'allLinks(first: Int = 100, skip: Int = 0): [Link!]!',
            'link(id: ID!): Link',
            'votes(first: Int = 100, skip: Int = 0): [Vote!]!',
            'linkSet(first: Int = 100, skip: Int = 0): [Link!]!',
            'voteSet(first: Int = 100, skip: Int = 0): [Vote!]!',
            'email: String\n',
            'lastLogin: DateTime\n',
            'dateJoined: DateTime!',
            'postedBy: User\n',
            'viewerHasVoted: Boolean!',
            'voteCount: Int!',
            'input LinkOrder @oneOf',
            'orderBy: [LinkOrder!]',
            'search: String\n',
            'scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")',
        ])
            assert.ok(printed.includes(line), line);
        assert.equal(schema.getMutationType().name, 'Mutation');
        assert.equal(schema.getSubscriptionType() ?? null, null);
    });

    test('is read by every option of the introspection query', async () => {
        for (let bits = 0; bits < 64; bits++) {
            const options = Object.fromEntries(
                Object.keys(everything).map((name, i) => [name, Boolean((bits >> i) & 1)]),
            );
            const client = buildClientSchema(await ask(getIntrospectionQuery(options)));
            assert.ok(client.getType('Link'), JSON.stringify(options));
        }
    });

    test('is read by the query that GraphiQL sends, with its name', async () => {
        const query = getIntrospectionQuery({
            inputValueDeprecation: true,
            schemaDescription: true,
        });
        const data = await ask(query, undefined, { operationName: 'IntrospectionQuery' });
        assert.ok(buildClientSchema(data).getQueryType().getFields().links);
    });

    test('shows no binding', async () => {
        const answer = await post(getIntrospectionQuery(everything));
        assert.doesNotMatch(
            answer.text,
            /@?(table|column|join|function|resolver|signedIn|exactlyOne|search|order)\(/,
        );
        const { __schema } = await ask(
            '{ __schema { directives { name } } }',
        );
        assert.deepEqual(__schema.directives.map((d) => d.name).sort(), [
            'deprecated',
            'include',
            'oneOf',
            'skip',
            'specifiedBy',
        ]);
        const names = (await ask('{ __schema { types { name } } }')).__schema.types
            .map((t) => t.name)
            .sort();
        assert.deepEqual(names, [
            'Boolean',
            'CreateLink',
            'CreateUser',
            'CreateVote',
            'DateTime',
            'DeleteLink',
            'DeleteVote',
            'GenericScalar',
            'ID',
            'Int',
            'Link',
            'LinkOrder',
            'Mutation',
            'ObtainJSONWebToken',
            'Query',
            'SortDirection',
            'String',
            'UpdateLink',
            'User',
            'Verify',
            'Vote',
            '__Directive',
            '__DirectiveLocation',
            '__EnumValue',
            '__Field',
            '__InputValue',
            '__Schema',
            '__Type',
            '__TypeKind',
        ]);
    });
});

suite('__type', () => {
    test('by its name, or null', async () => {
        const data = await ask(
            `query ($name: String!) {
               a: __type(name: "Link") { kind name } b: __type(name: $name) { kind isOneOf }
               c: __type(name: "Nothing") { name } d: __type(name: "Run🏃Swim🏊") { name }
               e: __type(name: "__Type") { name } }`,
            { name: 'LinkOrder' },
        );
        assert.deepEqual(data, {
            a: { kind: 'OBJECT', name: 'Link' },
            b: { kind: 'INPUT_OBJECT', isOneOf: true },
            c: null,
            d: null,
            e: { name: '__Type' },
        });
    });

    test('wraps lists and what is not null', async () => {
        const { __type } = await ask(
            `{ __type(name: "Query") { fields { name type { ...T ofType { ...T ofType { ...T
               ofType { ...T ofType { kind } } } } } } } }
             fragment T on __Type { kind name }`,
        );
        assert.deepEqual(__type.fields.find((f) => f.name === 'links').type, {
            kind: 'NON_NULL',
            name: null,
            ofType: {
                kind: 'LIST',
                name: null,
                ofType: {
                    kind: 'NON_NULL',
                    name: null,
                    ofType: { kind: 'OBJECT', name: 'Link', ofType: null },
                },
            },
        });
    });

    test('beside data, in one document', async () => {
        const data = await ask(
            `{ __schema { queryType { name } mutationType { name } subscriptionType { name } }
               link(id: 910011) { id __typename } __type(name: "Vote") { name } }`,
        );
        assert.deepEqual(data, {
            __schema: {
                queryType: { name: 'Query' },
                mutationType: { name: 'Mutation' },
                subscriptionType: null,
            },
            link: { id: '910011', __typename: 'Link' },
            __type: { name: 'Vote' },
        });
    });

    test('values of an enum, fields of an input, defaults', async () => {
        const data =
            await ask(`{ enum: __type(name: "SortDirection") { enumValues { name isDeprecated } fields { name } }
            input: __type(name: "LinkOrder") { inputFields { name defaultValue type { name } } }
            query: __type(name: "Query") { fields { name args { name defaultValue } } } }`);
        assert.deepEqual(data.enum, {
            enumValues: [
                { name: 'ASC', isDeprecated: false },
                { name: 'DESC', isDeprecated: false },
            ],
            fields: null,
        });
        assert.deepEqual(
            data.input.inputFields.map((f) => f.name),
            ['hot', 'createdAt', 'voteCount', 'url', 'description'],
        );
        assert.deepEqual(data.query.fields.find((f) => f.name === 'users').args, [
            { name: 'first', defaultValue: '100' },
            { name: 'skip', defaultValue: '0' },
        ]);
    });

    test('aliases, fragments and conditions, as for data', async () => {
        const data =
            await ask(`query ($no: Boolean = false) { __schema { q: queryType { ...N kind @include(if: $no) } } }
            fragment N on __Type { n: name t: __typename ... on __Type { kind @skip(if: true) } }`);
        assert.deepEqual(data, { __schema: { q: { n: 'Query', t: '__Type' } } });
    });
});
