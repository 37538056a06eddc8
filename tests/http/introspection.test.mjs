// introspection.test.mjs - what the server says of its schema is the contract without its
// bindings, and the reference implementation can read it.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import {
    buildASTSchema,
    buildClientSchema,
    buildSchema,
    executeSync,
    getIntrospectionQuery,
    lexicographicSortSchema,
    parse,
    printSchema,
    validateSchema,
    visit,
} from 'graphql';

import { ask, post } from './lib/client.mjs';
import './lib/database.mjs'; // the rows that it asks for
import { program, root } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';

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
            /@?(table|column|join|globalId|through|function|resolver|signedIn|exactlyOne|search|order|count|unindexed|operator)\(/,
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
            'ChangePassword',
            'CreateLink',
            'CreateUser',
            'CreateVote',
            'DateTime',
            'DeleteJSONWebTokenCookie',
            'DeleteLink',
            'DeleteRefreshTokenCookie',
            'DeleteVote',
            'GenericScalar',
            'ID',
            'Int',
            'Link',
            'LinkNode',
            'LinkNodeConnection',
            'LinkNodeEdge',
            'LinkOrder',
            'Mutation',
            'Node',
            'ObtainJSONWebToken',
            'PageInfo',
            'Query',
            'Refresh',
            'RelayCreateLinkInput',
            'RelayCreateLinkPayload',
            'Revoke',
            'RevokeSession',
            'Session',
            'SortDirection',
            'String',
            'UpdateLink',
            'User',
            'Verify',
            'Vote',
            'VoteNode',
            'VoteNodeConnection',
            'VoteNodeEdge',
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

// What the reference implementation says of a schema, and what is said here, made comparable.
// Both describe what the language brings along in words of their own, and the reference
// implementation is ahead of the edition in what is listed here.
const isBuiltIn = (name) =>
    /^(__.*|String|Int|Float|Boolean|ID|include|skip|deprecated|specifiedBy|oneOf)$/.test(name);
const isAhead = (of, name) =>
    (of === '__Directive' && ['isDeprecated', 'deprecationReason'].includes(name)) ||
    ['DIRECTIVE_DEFINITION', 'FRAGMENT_VARIABLE_DEFINITION'].includes(name);

function comparable({ __schema }) {
    const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const schema = structuredClone(__schema);
    // The order of types means nothing (section 4, Stable Ordering).
    schema.types.sort(byName);
    for (const one of [...schema.types, ...schema.directives].filter((it) => isBuiltIn(it.name))) {
        strip(one);
        for (const list of ['fields', 'enumValues', 'args'])
            one[list] = one[list]?.filter((it) => !isAhead(one.name, it.name));
        one.locations = one.locations?.filter((name) => !isAhead('', name));
        one.fields?.sort(byName);
        one.enumValues?.sort(byName);
        if (one.name === '__Schema') one.fields.find((it) => it.name === 'directives').args = [];
    }
    schema.directives.sort(byName);
    return JSON.parse(JSON.stringify(schema));
}

// Takes away the descriptions, of all that is within.
function strip(value) {
    if (typeof value !== 'object' || value === null) return;
    delete value.description;
    Object.values(value).forEach(strip);
}

suite('the reference implementation says the same', () => {
    const sdl = execFileSync(
        program,
        ['print', 'schema', '--contract', `${root}/sql/schema.graphql`],
        { encoding: 'utf8', env: {} },
    );
    const theirs = buildSchema(sdl);
    const assertSame = async (query) => {
        const { data, errors } = executeSync({ schema: theirs, document: parse(query) });
        assert.equal(errors, undefined);
        assert.deepEqual(comparable(await ask(query)), comparable(data), query);
    };

    test('of the printed schema, by every option of its introspection query', async () => {
        for (let bits = 0; bits < 64; bits++) {
            const names = Object.keys(everything).filter((_, i) => (bits >> i) & 1);
            const options = Object.fromEntries(
                Object.keys(everything).map((name) => [name, names.includes(name)]),
            );
            await assertSame(getIntrospectionQuery(options));
        }
    });

    test('as deep as types may be asked for', async () => {
        for (const typeDepth of [0, 1, 15, 18])
            await assertSame(getIntrospectionQuery({ ...everything, typeDepth }));
    });

    // Cases of the corpus have schemas without a database.
    const corpus = readFileSync(`${root}/tests/corpus/introspection.test`, 'utf8');
    for (const text of corpus.split(/^=== /m).slice(1)) {
        const [title, ...sections] = text.split(/^--- /m);
        const { schema, query, variables, json } = Object.fromEntries(
            sections.map((section) => section.split(/\n([^]*)/)),
        );
        test(`of the corpus: ${title.trim()}`, () => {
            const { data, errors } = executeSync({
                schema: buildSchema(schema),
                document: parse(query),
                variableValues: variables && JSON.parse(variables),
            });
            assert.equal(errors, undefined);
            const [here, there] = [JSON.parse(json).data, JSON.parse(JSON.stringify(data))];
            assert.deepEqual(mended(here), mended(there));
        });
    }
    // Lists of all types and directives of a schema, as above.
    function mended(data) {
        for (const schema of [data.__schema, data.s].filter(Boolean)) {
            schema.types?.sort((a, b) => (a.name < b.name ? -1 : 1));
            for (const one of schema.directives?.filter((it) => isBuiltIn(it.name)) ?? []) {
                strip(one);
                one.locations = one.locations?.filter((name) => !isAhead('', name));
            }
            schema.directives?.sort((a, b) => (a.name < b.name ? -1 : 1));
        }
        return JSON.parse(JSON.stringify(data));
    }
});

suite('what is said of the schema is kept', () => {
    test('and said again, byte for byte, under each condition', async () => {
        const server = await serve('--workers', '1');
        const full = getIntrospectionQuery(everything);
        const first = await server.post(full);
        for (let i = 0; i < 3; i++) assert.equal((await server.post(full)).text, first.text);
        assert.ok(buildClientSchema(first.json.data).getType('Link'));

        const query = `query ($type: Boolean!, $id: ID = 910011) { __typename
            __type(name: "Link") @include(if: $type) { name }
            link(id: $id) @skip(if: $type) { id } }`;
        for (const type of [true, false, true, false]) {
            const { json } = await server.post(query, { type });
            assert.deepEqual(json.data, {
                __typename: 'Query',
                ...(type ? { __type: { name: 'Link' } } : { link: { id: '910011' } }),
            });
        }
        const byName = 'query ($name: String!) { __type(name: $name) { name } }';
        for (const name of ['Link', 'User', 'Link'])
            assert.deepEqual((await server.post(byName, { name })).json.data.__type, { name });
        await server.stop();
    });

    test('or not, where the bound says so', async () => {
        const server = await serve('--workers', '1', '--limit-cache-bytes', '65536');
        const full = getIntrospectionQuery(everything);
        const first = await server.post(full);
        assert.equal((await server.post(full)).text, first.text);
        await server.stop();
    });
});
