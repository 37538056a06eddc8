// roles.test.mjs - @auth: what a role does not see is to it as if the contract did not have it, in
// documents, variables, values, rows, the schema, the cache, `linnet check` and `linnet mock`.
//
// That each role's answers are those of a contract without the hidden parts is compared by
// tests/differential/roles.mjs.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, mint, mintExpired } from './lib/accounts.mjs';
import { GRAPHQL_TYPE } from './lib/client.mjs';
import { psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';
import { mock, serve } from './lib/processes.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-roles.`);
const database = `roles_${process.pid}`;
after(() => rmSync(directory, { recursive: true }));

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

const schema = `
    CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, salary int, state text NOT NULL);
    CREATE TABLE items (id int PRIMARY KEY, kind text NOT NULL, title text NOT NULL, owner_id int NOT NULL REFERENCES people);
    CREATE TABLE pins (id int PRIMARY KEY, item_id int REFERENCES items);
    INSERT INTO people VALUES (1, 'ada', 100, 'well'), (2, 'bob', 200, 'fired'), (3, 'cyd', 300, 'gone');
    INSERT INTO items SELECT n, (ARRAY['note', 'task', 'audit'])[1 + n % 3], 'item ' || n, 1 + n % 3 FROM generate_series(1, 9) n;
    INSERT INTO pins SELECT n, n FROM generate_series(1, 6) n;
    CREATE INDEX ON people (state); CREATE INDEX ON people (salary); CREATE INDEX ON items (owner_id, id); CREATE INDEX ON pins (item_id);
    CREATE FUNCTION judge(state text, secret_level int) RETURNS int LANGUAGE plpgsql STABLE
    AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = state, COLUMN = 'secret_level', MESSAGE = 'No.'; END $$;
    CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql STABLE RETURN a + b;
    GRANT SELECT ON items, pins TO linnet_anon, linnet_user, linnet_staff;
    GRANT SELECT (id, name, state) ON people TO linnet_anon, linnet_user;
    GRANT SELECT ON people TO linnet_staff;
    GRANT SELECT ON items, pins, people TO linnet_login;
    ALTER TABLE people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE pins ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY p ON people USING (true);
    CREATE POLICY p ON items USING (true);
    CREATE POLICY p ON pins USING (true);`;

before(() => {
    psql(`CREATE DATABASE ${database}`);
    psql(schema, database);
});
after(() => psql(`DROP DATABASE ${database} WITH (FORCE)`));

const STAFF = '@auth(roles: ["staff"])';
const contract = `
type Query {
  people(state: State, salary: Int ${STAFF}, first: Int): [Person!]!
  items(first: Int, skip: Int): [Item!]!
  loose(first: Int): [Item]!
  item(id: ID!): Item
  pins: [Pin!]!
  audits: [Audit!]!
  add(a: Int!, b: Int! = 40 ${STAFF}): Int @function(name: "add")
}
type Person @table(name: "people") {
  id: ID!
  name: String!
  salary: Int ${STAFF}
  state: State
  items: [Item!]! @join(column: "owner_id")
}
enum State {
  WELL @label(of: "well")
  FIRED @label(of: "fired") ${STAFF}
}
interface Item @table(name: "items") @discriminator(column: "kind") { id: ID! title: String! owner: Person! }
type Note implements Item @table(name: "items") { id: ID! title: String! owner: Person! }
type Task implements Item @table(name: "items") { id: ID! title: String! owner: Person! }
type Audit implements Item @table(name: "items") ${STAFF} { id: ID! title: String! owner: Person! secret: String @column(name: "title") }
type Pin @table(name: "pins") { id: ID! item: Item }
`;

function linnet(words, { sdl = contract, input = '', ...options } = {}) {
    const file = `${directory}/schema.graphql`;
    writeFileSync(file, sdl);
    const settings = { contract: file, database: `host=${sockets}/postgresql dbname=${database} user=linnet_login`, ...options };
    const { stdout, stderr, status } = spawnSync(
        program,
        [...words, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
        { input, env: environment, encoding: 'utf8' },
    );
    return { text: stdout, stderr, status };
}

const viewers = { anon: [], user: ['--as', '1'], staff: ['--as', '1', '--as-role', 'staff'] };

function ask(role, document, options) {
    const { text, stderr } = linnet(['query', '-', ...viewers[role]], { input: document, mode: 'development', ...options });
    assert.equal(stderr, '');
    return JSON.parse(text);
}
const dataOf = (role, document) => {
    const { data, errors } = ask(role, document);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
};
const messagesOf = (role, document) => ask(role, document).errors.map(({ message }) => message);
const check = (sdl, ...words) => linnet(['check', ...words], { sdl }).text.replaceAll(`${directory}/`, '').trim().split('\n');

test('what a function says of a hidden argument does not name it', () => {
    const sdl = `type Query { judge(state: String!, secretLevel: Int! = 1 ${STAFF}): Int @function(name: "judge") }`;
    for (const [state, member] of [['LN400', 'argument'], ['LN409', 'field']]) {
        const namesOf = (role) => ask(role, `{ judge(state: "${state}") }`, { sdl }).errors.map(({ message, extensions }) => [message, extensions[member]]);
        assert.deepEqual(namesOf('staff'), [['No.', 'secretLevel']]);
        assert.deepEqual(namesOf('user'), [['No.', undefined]]);
        assert.deepEqual(namesOf('anon'), [['No.', undefined]]);
    }
});

test('a role without a user is not asked for', () => {
    const { status, text, stderr } = linnet(['query', '-', '--as-role', 'staff'], { input: '{ __typename }' });
    assert.equal(text, '');
    assert.match(stderr, /^usage: linnet query FILE \| --document ID \[--as KEY \[--as-role ROLE\]\]/);
    assert.equal(status, 64);
});

suite('documents', () => {
    test('who sees a part asks for it', () => {
        assert.deepEqual(dataOf('staff', '{ people(salary: 200, state: FIRED) { name salary state } audits { secret } }'), {
            people: [{ name: 'bob', salary: 200, state: 'FIRED' }],
            audits: [{ secret: 'item 2' }, { secret: 'item 5' }, { secret: 'item 8' }],
        });
    });

    // What is hidden is as unknown as what there is not, and no suggestion names it.
    for (const [what, document, messages] of [
        ['a field', '{ people { salary } }', ['Cannot query field "salary" on type "Person".']],
        ['a name close to it', '{ people { salery } }', ['Cannot query field "salery" on type "Person".']],
        ['an argument', '{ people(salary: 1) { id } }', ['Unknown argument "salary" on field "Query.people".']],
        ['a required one with a default', '{ add(a: 1, b: 2) }', ['Unknown argument "b" on field "Query.add". Did you mean "a"?']],
        ['a field of a hidden type', '{ audits { id } }', ['Cannot query field "audits" on type "Query".']],
        ['a fragment on one', '{ items { ... on Audit { id } } }', ['Unknown type "Audit".']],
        ['a name close to that', '{ items { ... on Audits { id } } }', ['Unknown type "Audits".']],
        ['a value', '{ people(state: FIRED) { id } }', ['Value "FIRED" does not exist in "State" enum.']],
        ['a name close to that value', '{ people(state: FIRE) { id } }', ['Value "FIRE" does not exist in "State" enum.']],
        ['a variable of a hidden type', 'query ($a: Audit) { __typename }', ['Variable "$a" is never used.', 'Unknown type "Audit".']],
    ])
        test(`${what} that is hidden is unknown`, () => {
            assert.deepEqual(messagesOf('user', document), messages);
        });

    test('a hidden value of a variable is unknown', () => {
        const document = 'query ($s: State!) { people(state: $s) { name } }';
        const send = (role) => ask(role, document, { variables: '{"s":"FIRED"}' });
        assert.deepEqual(send('staff').data, { people: [{ name: 'bob' }] });
        const [{ message }] = send('user').errors;
        assert.match(message, /Value "FIRED" does not exist in "State" enum\.$/);
    });

    test('in single-role mode too', () => {
        const document = '{ people(first: 1) { name salary } }';
        assert.deepEqual(ask('staff', document, { role: '' }).data, { people: [{ name: 'ada', salary: 100 }] });
        assert.match(ask('user', document, { role: '' }).errors[0].message, /Cannot query field "salary"/);
        const { text } = linnet(['check'], { role: '' });
        assert.match(text, /schema\.graphql: fits the database/);
    });

    test('plain CGI too', () => {
        const post = (query) => {
            const body = JSON.stringify({ query });
            const parameters = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(body.length) };
            const settings = { LINNET_CONTRACT: `${directory}/schema.graphql`, LINNET_DATABASE: `host=${sockets}/postgresql dbname=${database} user=linnet_login` };
            const { stdout } = spawnSync(program, [], { input: body, encoding: 'utf8', env: { ...environment, ...parameters, ...settings } });
            return JSON.parse(stdout.slice(stdout.indexOf('\r\n\r\n')));
        };
        writeFileSync(`${directory}/schema.graphql`, contract);
        assert.deepEqual(post('{ people(first: 1) { name } }'), { data: { people: [{ name: 'ada' }] } });
        assert.equal(post('{ people { salary } }').errors[0].message, 'Cannot query field "salary" on type "Person".');
    });

    test('the schema that is shown has nothing of it', () => {
        const document = `{ __schema { types { name fields(includeDeprecated: true) { name args { name } }
            enumValues(includeDeprecated: true) { name } possibleTypes { name } } } __type(name: "Audit") { name } }`;
        const text = JSON.stringify(dataOf('user', document));
        assert.doesNotMatch(text, /salary|FIRED|Audit|audits|secret|"b"/);
        assert.match(JSON.stringify(dataOf('staff', document)), /salary.*FIRED.*Audit/);
        for (const [role, has] of [['anon', false], ['user', false], ['staff', true]])
            assert.equal(/salary|FIRED|Audit|b: Int! = 40/.test(linnet(['print', 'schema', '--role', role]).text), has);
        assert.match(linnet(['print', 'schema', '--role', 'stuff']).stderr, /there is no role "stuff"/);
        assert.equal(linnet(['validate', '-', '--role', 'user'], { input: '{ audits { id } }' }).status, 1);
        assert.equal(linnet(['validate', '-', '--role', 'staff'], { input: '{ audits { id } }' }).status, 0);
    });
});

suite('rows', () => {
    test('a hidden value is null, and no error', () => {
        const document = '{ people(first: 2) { name state } }';
        const [ada, bob] = dataOf('user', document).people;
        assert.deepEqual([ada.state, bob.state], ['WELL', null]);
        // What the enum does not have is an error still.
        assert.match(messagesOf('user', '{ people { state } }')[0], /is not a valid State/);
    });

    test('an object of a hidden type is null, or not in a list that has no nulls', () => {
        const titles = (items) => items.map((item) => item && item.__typename + item.id);
        const document = '{ items(first: 4) { __typename id } loose(first: 3) { __typename id } item(id: 2) { id } pins { item { id } } }';
        const user = dataOf('user', document), staff = dataOf('staff', document);
        assert.deepEqual(titles(user.items), ['Task1', 'Note3', 'Task4', 'Note6']);
        assert.deepEqual(titles(user.loose), ['Task1', null, 'Note3']);
        assert.equal(user.item, null);
        assert.deepEqual(user.pins.map(({ item }) => item?.id ?? null), ['1', null, '3', '4', null, '6']);
        assert.deepEqual(titles(staff.items), ['Task1', 'Audit2', 'Note3', 'Task4']);
        assert.equal(staff.item.id, '2');
    });

    test('a page has no rows of a hidden type, and does not count them, whatever its nodes may be', () => {
        for (const promise of ['', '!']) {
            const sdl = `${contract}
                extend type Query { pages(first: Int, after: String): ItemPages! }
                extend type Person { pages(first: Int, after: String): ItemPages! @join(column: "owner_id") }
                type ItemPages { pageInfo: PageInfo! edges: [ItemEdge]! totalCount: Int! all: ItemTotal! }
                type ItemEdge { node: Item${promise} cursor: String! }
                type ItemTotal @table(name: "items") @aggregate { count: Int! }
                type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`;
            const part = 'pages(first: 2) { totalCount all { count } edges { node { id } } pageInfo { hasNextPage } }';
            const document = `{ ${part} people { ${part} } bare: pages(first: 0) { totalCount } }`;
            const read = (page) => [page.edges.map(({ node }) => node?.id ?? null).join(), page.totalCount, page.all.count, page.pageInfo.hasNextPage];
            const all = ({ data }) => [read(data.pages), ...data.people.map((one) => read(one.pages)), data.bare.totalCount];
            assert.deepEqual(all(ask('user', document, { sdl })), [['1,3', 6, 6, true], ['3,6', 3, 3, true], ['1,4', 3, 3, true], ['', 0, 0, false], 6]);
            assert.deepEqual(all(ask('staff', document, { sdl })), [['1,2', 9, 9, true], ['3,6', 3, 3, true], ['1,4', 3, 3, true], ['2,5', 3, 3, true], 9]);
        }
    });

    test('below a parent too', () => {
        const { people } = dataOf('user', '{ people { items { id owner { id } } } }');
        assert.deepEqual(people.map(({ items }) => items.map(({ id }) => id)), [['3', '6', '9'], ['1', '4', '7'], []]);
    });

    test('a hidden argument has its default', () => {
        assert.deepEqual(dataOf('user', '{ add(a: 2) }'), { add: 42 });
        assert.deepEqual(dataOf('staff', '{ add(a: 2, b: 3) }'), { add: 5 });
        // Of lists below a parent, too; and one that filters still does.
        const sdl = contract
            .replace('items: [Item!]! @join', `items(first: Int = 1 ${STAFF}, skip: Int = 1 ${STAFF}): [Item!]! @join`)
            .replace('  pins: [Pin!]!', `  pins(id: ID = 3 ${STAFF}): [Pin!]!`);
        const document = '{ people(first: 2) { items { id } } pins { id } }';
        const ids = ({ people, pins }) => [...people.map(({ items }) => items), pins].map((rows) => rows.map(({ id }) => id));
        assert.deepEqual(ids(ask('user', document, { sdl }).data), [['6'], ['4'], ['3']]);
        assert.deepEqual(ids(ask('staff', '{ people(first: 2) { items(skip: 0, first: 2) { id } } pins(id: 4) { id } }', { sdl }).data),
            [['3', '6'], ['1', '4'], ['4']]);
    });

    test('a default that is out of bounds is an error of the server, without the name of its argument', () => {
        const sdl = contract.replace('audits: [Audit!]!', `audits: [Audit!]! notes(first: Int = 101 ${STAFF}): [Note!]!`);
        const [{ message, path, extensions }] = ask('user', '{ notes { id } }', { sdl }).errors;
        assert.deepEqual([message, path, extensions.code, extensions.argument], ['Internal server error.', ['notes'], 'INTERNAL_SERVER_ERROR', undefined]);
        assert.equal(ask('staff', '{ notes { id } }', { sdl }).errors[0].extensions.argument, 'first');
    });

    test('whoever does not see the type that tells rows apart sees the same rows', () => {
        const sdl = contract.replace('@discriminator(column: "kind")', `@discriminator(column: "kind") ${STAFF}`)
            .replace('audits: [Audit!]!', 'audits: [Audit!]! notes: [Note!]!');
        const answer = ask('user', '{ notes { id } }', { sdl });
        assert.deepEqual(answer, { data: { notes: [{ id: '3' }, { id: '6' }, { id: '9' }] } });
    });
});

suite('linnet check', () => {
    test('a part is tried as the roles that see it', () => {
        assert.deepEqual(check(contract, '--strict'), ['schema.graphql: fits the database']);
        const open = contract.replace(`salary: Int ${STAFF}\n`, 'salary: Int\n');
        assert.match(check(open)[0], /note: Person\.salary: linnet_anon, linnet_user may not read column people\.salary/);
        const wrong = contract.replace(`salary: Int ${STAFF}\n`, 'salary: Int @auth(roles: ["user"])\n');
        assert.match(check(wrong).join('\n'), /^schema\.graphql:\d+:\d+: Person\.salary: linnet_user may not read column people\.salary/m);
    });

    test('what still tells of a hidden part is a note', () => {
        const notes = (from, to) => check(contract.replace(from, to), '--offline').slice(0, -1).map((line) => line.replace(/^\S+ /, ''));
        const intro = 'note: as the roles anon, user see it:';
        assert.deepEqual(notes(`salary: Int ${STAFF}, first: Int`, 'salary: Int, first: Int'), [
            `${intro} Query.people(salary:): rows can still be found by a column that is hidden; hide this with @auth, too.`,
        ]);
        const order = 'orderBy: [PersonOrder!]): [Person!]!';
        const input = '\ninput PersonOrder @oneOf { salary: Direction id: Direction }\nenum Direction { ASC DESC }';
        assert.deepEqual(check(contract.replace('first: Int): [Person!]!', order) + input)[0].replace(/^\S+ /, ''),
            `${intro} PersonOrder.salary: rows can still be sorted by a column that is hidden; hide this with @auth, too.`);
        assert.deepEqual(check(`${contract}\nextend type Audit ${STAFF} { more: Int @column(name: "id") }`.replace(`"items") ${STAFF}`, '"items")'))[0].replace(/^\S+ /, ''),
            'note: Audit: @auth hides the whole type, and not only what the extension adds; write it on the type\'s definition, or on each field.');
        assert.deepEqual(notes('  pins: [Pin!]!\n', `  pins: [Pin!]! ${STAFF}\n`), [
            `${intro} Pin: no field leads to it any more, but the schema shows it; hide it with @auth, too.`,
        ]);
    });

    test('misfits say whose they are', () => {
        const misfits = (from, to) =>
            check(contract.replace(from, to))
                .filter((line) => !line.includes('does not fit'))
                .map((line) => line.replace(/^\S+ /, ''));
        assert.deepEqual(misfits('  state: State\n', '  state: State!\n'), [
            'as the roles anon, user see it: Person.state: column people.state may hold State.FIRED, which is hidden, ' +
                'and then it is null; remove the "!".',
        ]);
        assert.match(misfits('item: Item }', 'item: Item! }').join(), /Pin\.item/);
        assert.deepEqual(misfits('b: Int! = 40', 'b: Int!'), [
            'as the roles anon, user see it: Argument Query.add(b:) is required, but hidden; give it a default, or hide ' +
                'what needs it too.',
        ]);
        assert.deepEqual(misfits('["staff"]', '["stuff"]'), [
            '@auth: there is no role "stuff"; name `anon`, or one of the setting `roles`. Did you mean "staff"?',
        ]);
    });
});

// What one role has asked says nothing to another: one worker, so that all meet the same cache.
suite('a server', () => {
    let server, people;
    const sdl = `
        type Query { users(first: Int): [Person!]! items(first: Int): [Item!]! ${STAFF} }
        type Person @table(name: "people") { id: ID! name: String! salary: Int ${STAFF} }
        type Item @table(name: "items") ${STAFF} { id: ID! title: String! }`;
    before(async () => {
        writeFileSync(`${directory}/served.graphql`, sdl);
        const tokenOf = async (role) => ({ token: await mint({ id: 1, username: 'ada', role }) });
        people = { anon: undefined, user: await tokenOf('user'), staff: await tokenOf('staff') };
        server = await serve(
            ...['--workers', '1', '--introspection', 'on', '--contract', `${directory}/served.graphql`],
            ...['--database', `host=${sockets}/postgresql dbname=${database} user=linnet_login`],
        );
    });
    after(() => server.stop());
    const send = (role, query) =>
        server.post(query, undefined, { accept: GRAPHQL_TYPE, parameters: asParameters(people[role]) });

    test('documents, plans and kept answers are those of the role', async () => {
        const query = '{ items(first: 1) { id } }';
        const schemaOf = '{ __schema { types { name } } }';
        for (const role of ['staff', 'anon', 'user', 'staff', 'user', 'anon']) {
            const isStaff = role === 'staff';
            assert.equal((await send(role, query)).status, isStaff ? 200 : 400);
            const { text } = await send(role, schemaOf);
            assert.equal(text.includes('"Item"'), isStaff, `${role}: ${text}`);
        }
    });

    test('a token that has ended is told so, whatever the document', async () => {
        for (const query of ['{ items(first: 1) { id } }', '{ nothing }']) {
            const answer = await server.post(query, undefined, {
                accept: GRAPHQL_TYPE,
                parameters: asParameters(await mintExpired({ id: 1, username: 'ada', role: 'staff' })),
            });
            assert.equal(answer.status, 401, answer.text);
            assert.deepEqual(answer.json.errors.map(({ extensions }) => extensions.code), ['TOKEN_EXPIRED']);
        }
        assert.equal((await send('anon', '{ nothing }')).status, 400);
    });

    test('mock: a token is the name of a role', async () => {
        const made = await mock('--workers', '1', '--contract', `${directory}/served.graphql`);
        for (const [token, status] of [['staff', 200], ['x', 400], ['user', 400], [undefined, 400]]) {
            const answer = await made.post('{ items(first: 1) { id } }', undefined, {
                accept: GRAPHQL_TYPE,
                parameters: asParameters(token),
            });
            assert.equal(answer.status, status, token);
        }
        await made.stop();
    });
});
