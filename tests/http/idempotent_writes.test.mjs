// idempotent_writes.test.mjs - writes without a function that may be sent again, keys in arguments
// and in `input`, answers with errors, and what is said where something is missing: in a database of
// their own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { asParameters, mint, unique } from './lib/accounts.mjs';
import { Application, open } from './lib/application.mjs';
import { assertErrors } from './lib/client.mjs';
import { root, sockets } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';

const REQUESTS = readFileSync(`${root}/sql/021_requests.sql`, 'utf8');
const TABLES = `
    GRANT ALL ON SCHEMA public TO linnet_owner;
    GRANT USAGE ON SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
    SET ROLE linnet_owner;
    CREATE TABLE notes (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        title text NOT NULL,
        size bigint NOT NULL DEFAULT 1,
        parent_id integer REFERENCES notes
    );
    CREATE INDEX ON notes (parent_id);
    ${open('notes', 'SELECT, INSERT, UPDATE, DELETE')}
    CREATE FUNCTION add_note(title text, size bigint) RETURNS notes LANGUAGE sql
        BEGIN ATOMIC INSERT INTO notes (title, size) VALUES (title, size) RETURNING *; END;
    CREATE FUNCTION share(note notes) RETURNS integer LANGUAGE sql STABLE RETURN 100 / note.size;
    GRANT EXECUTE ON FUNCTION add_note, share TO linnet_anon, linnet_user, linnet_staff;`;

const TRUSTED = 'schema @trusted(functions: ["linnet_claim_request", "linnet_keep_answer"]) { query: Query mutation: Mutation }';
const TYPES = `
type Query { notes: [Note!]! }
type Note @table(name: "notes") { id: ID! title: String! size: Int share: Int @function(name: "share") parent: Note }
type Strict @table(name: "notes") { id: ID! size: Int! }
type NotesPayload { notes: [Note!]! count: Int! }
type AddPayload { id: ID! title: String! clientMutationId: String }
input NoteInput { title: String! size: String parentId: ID }
input NotePatch { title: String }
input AddInput { title: String! size: String! idempotencyKey: ID clientMutationId: String }
`;
const MUTATION = `type Mutation {
    addNote(input: NoteInput!, idempotencyKey: ID): Note @insert(table: "notes") @idempotent
    addNotes(input: [NoteInput!]!): NotesPayload @insert(table: "notes") @idempotent
    addStrict(input: NoteInput!): Strict! @insert(table: "notes") @idempotent
    changeNote(id: ID!, set: NotePatch!): Note @update(table: "notes") @idempotent
    deleteNote(id: ID!): Note @delete(table: "notes") @idempotent
    makeNote(title: String!, size: String!, idempotencyKey: ID): Note @function(name: "add_note") @idempotent
    relayAdd(input: AddInput!): AddPayload @function(name: "add_note") @idempotent
}`;

const application = new Application('idempotent', `${TABLES} ${REQUESTS}`);
const bare = new Application('not_idempotent', TABLES);

let ada, server;
before(async () => {
    ada = { token: await mint({ id: 1, username: 'ada' }) };
    const contract = `${application.directory}/served.graphql`;
    writeFileSync(contract, `${TRUSTED} ${TYPES} ${MUTATION}`);
    server = await serve(
        ...['--workers', '1', '--contract', contract, '--documents', ''],
        ...['--database', `host=${sockets}/postgresql dbname=${application.database} user=linnet_login`],
    );
});
after(() => server.stop());

async function send(query, variables, key) {
    const parameters = { ...asParameters(ada), ...(key === undefined ? {} : { HTTP_IDEMPOTENCY_KEY: key }) };
    const answer = await server.post(query, variables, { parameters });
    assert.equal(answer.status, 200, answer.text);
    return answer;
}
function assertGood(answer) {
    assert.equal(answer.json.errors, undefined, answer.text);
    return answer.text;
}
const count = (title) => Number(application.psql(`SELECT count(*) FROM notes WHERE title = '${title}'`));

// Sent twice with that key it is done once, and answered alike.
async function assertOnce(query, variables, title, { key, rows = 1 } = {}) {
    const first = assertGood(await send(query, variables, key));
    assert.equal((await send(query, variables, key)).text, first);
    assert.equal(count(title), rows);
    return JSON.parse(first).data;
}

suite('writes without a function, with the header', () => {
    test('an insert of one row, and of several', async () => {
        const t = unique('one');
        const one = 'mutation ($t: String!) { addNote(input: { title: $t }) { id title size } }';
        const { addNote } = await assertOnce(one, { t }, t, { key: unique('key') });
        assert.deepEqual({ ...addNote, id: '' }, { id: '', title: t, size: 1 });
        const many = 'mutation ($t: String!) { addNotes(input: [{ title: $t }, { title: $t }]) { count notes { id } } }';
        const { addNotes } = await assertOnce(many, { t }, t, { key: unique('key'), rows: 3 });
        assert.deepEqual([addNotes.count, addNotes.notes.length], [2, 2]);
    });

    test('a change, which is not done again over what came after it, and a deletion, which finds no row', async () => {
        const [t, key, other] = [unique('changed'), unique('key'), unique('key')];
        const { id } = (await send('mutation ($t: String!) { addNote(input: { title: $t }) { id } }', { t })).json.data.addNote;
        const change = 'mutation ($id: ID!, $t: String!) { changeNote(id: $id, set: { title: $t }) { id title } }';
        const first = assertGood(await send(change, { id, t: `${t}-a` }, key));
        assertGood(await send(change, { id, t: `${t}-b` }));
        assert.equal((await send(change, { id, t: `${t}-a` }, key)).text, first);
        assert.deepEqual([count(`${t}-a`), count(`${t}-b`)], [0, 1]);
        const remove = 'mutation ($id: ID!) { deleteNote(id: $id) { id title } }';
        const removed = assertGood(await send(remove, { id }, other));
        assert.equal((await send(remove, { id }, other)).text, removed);
        assert.equal(assertErrors(await send(remove, { id }, unique('key')))[0].extensions.code, 'NOT_FOUND');
    });
});

const KEYED = {
    'an argument of @insert': 'addNote(input: { title: $t }, idempotencyKey: $k) { id title }',
    'an argument of a function': 'makeNote(title: $t, size: "2", idempotencyKey: $k) { id title }',
    'a field of input': 'relayAdd(input: { title: $t, size: "2", idempotencyKey: $k, clientMutationId: "c" }) { id title clientMutationId }',
};

suite('a key in what the field is given', () => {
    for (const [what, field] of Object.entries(KEYED)) {
        const document = `mutation ($t: String!, $k: ID) { ${field} }`;

        test(`${what} is a key`, async () => {
            const [t, k] = [unique('given'), unique('key')];
            await assertOnce(document, { t, k }, t);
            assertGood(await send(document, { t, k: unique('key') }));
            assert.equal(count(t), 2);
        });

        test(`${what} that is null or absent is none`, async () => {
            const t = unique('none');
            for (const k of [null, undefined, null, undefined]) assertGood(await send(document, { t, k }));
            assert.equal(count(t), 4);
        });

        test(`${what} that is empty, or too long, is refused`, async () => {
            const t = unique('bad');
            const [empty] = assertErrors(await send(document, { t, k: '' }));
            assert.deepEqual([empty.extensions.code, empty.extensions.argument], ['BAD_USER_INPUT', 'idempotencyKey']);
            const [long] = assertErrors(await send(document, { t, k: 'x'.repeat(256) }));
            assert.equal(long.extensions.limit, 'idempotency_key');
            assert.equal(count(t), 0);
        });
    }

    test('a number is a key, as text and as a variable', async () => {
        const [t, key] = [unique('number'), Date.now() % 1e9];
        await assertOnce(`mutation { addNote(input: { title: "${t}" }, idempotencyKey: ${key}) { id } }`, {}, t);
        const document = 'mutation ($t: String!, $k: ID) { addNote(input: { title: $t }, idempotencyKey: $k) { id } }';
        await assertOnce(document, { t, k: key + 1 }, t, { rows: 2 });
        const [error] = assertErrors(await send(document, { t, k: key }));
        assert.equal(error.extensions.code, 'CONFLICT');
    });

    test('it counts before the header', async () => {
        const [t, k] = [unique('both'), unique('key')];
        const document = 'mutation ($t: String!, $k: ID) { addNote(input: { title: $t }, idempotencyKey: $k) { id } }';
        const first = assertGood(await send(document, { t, k }, unique('header')));
        assert.equal((await send(document, { t, k }, unique('header'))).text, first);
        assert.equal(count(t), 1);
        assert.equal(application.psql(`SELECT count(*) FROM linnet_requests WHERE key = '${k}'`), '1');
    });

    test('each field of an operation may have one of its own', async () => {
        const [t, k] = [unique('fields'), unique('key')];
        const document = `mutation ($t: String!, $k: ID, $l: ID) {
            a: addNote(input: { title: $t }, idempotencyKey: $k) { id }
            b: addNote(input: { title: $t }, idempotencyKey: $l) { id }
            c: addNote(input: { title: $t }) { id } }`;
        const variables = { t, k, l: unique('key') };
        const [first, second] = [await send(document, variables), await send(document, variables)].map((answer) => {
            assertGood(answer);
            return answer.json.data;
        });
        assert.deepEqual([second.a, second.b], [first.a, first.b]);
        assert.notEqual(second.c.id, first.c.id);
        assert.equal(count(t), 4);
    });
});

suite('answers with errors below the write', () => {
    const HUGE = '3000000000';

    test('the write is done once, and its errors are there again, with their paths and places', async () => {
        const [t, key] = [unique('huge'), unique('key')];
        const document = `mutation ($t: String!, $n: String) {
            a: addNote(input: { title: $t, size: $n }) { title size again: size }
            b: addNotes(input: [{ title: $t, size: $n }, { title: $t }, { title: $t, size: $n }]) { count notes { size } } }`;
        const first = await send(document, { t, n: HUGE }, key);
        assert.deepEqual(first.json.data, {
            a: { title: t, size: null, again: null },
            b: { count: 3, notes: [{ size: null }, { size: 1 }, { size: null }] },
        });
        const paths = first.json.errors.map(({ path }) => path.join('.'));
        assert.deepEqual(paths, ['a.size', 'a.again', 'b.notes.0.size', 'b.notes.2.size']);
        assert.equal((await send(document, { t, n: HUGE }, key)).text, first.text);
        assert.equal(count(t), 4);
    });

    test('where what is read after the write fails, it was refused, and is tried again', async () => {
        const [t, key] = [unique('read'), unique('key')];
        const add = 'mutation ($t: String!) { addNote(input: { title: $t, size: "0" }) { id } }';
        const { id } = (await send(add, { t: `${t}-0` })).json.data.addNote;
        const document = 'mutation ($t: String!, $id: ID) { addNote(input: { title: $t, parentId: $id }) { title parent { id share } } }';
        const [error] = assertErrors(await send(document, { t, id }, key));
        assert.deepEqual([error.path, error.extensions.code, count(t)], [['addNote'], 'BAD_USER_INPUT', 0]);
        application.psql(`UPDATE notes SET size = 4 WHERE id = ${id}`);
        const { addNote } = await assertOnce(document, { t, id }, t, { key });
        assert.deepEqual(addNote, { title: t, parent: { id, share: 25 } });
    });

    test('where the error leaves nothing of the answer, it leaves nothing of the next', async () => {
        const [t, key] = [unique('strict'), unique('key')];
        const document = 'mutation ($t: String!, $n: String) { addStrict(input: { title: $t, size: $n }) { id size } }';
        const first = await send(document, { t, n: HUGE }, key);
        assert.equal(first.json.data, null);
        assert.deepEqual(first.json.errors.map(({ path }) => path), [['addStrict', 'size']]);
        assert.equal((await send(document, { t, n: HUGE }, key)).text, first.text);
        assert.equal(count(t), 1);
    });
});

// The lines of `linnet check` that are misfits.
const misfits = (on, mutation, schema = TRUSTED) => {
    const { lines, status } = on.check(`${schema} ${TYPES} ${mutation}`);
    return { status, said: lines.filter((line) => !/ note: /.test(line)).join('\n') };
};

suite('what does not fit is said at start', () => {
    test('a database that remembers nothing', () => {
        const { status, said } = misfits(bare, MUTATION, 'schema { query: Query mutation: Mutation }');
        assert.equal(status, 1);
        assert.match(said, /Mutation\.addNote: the database has no functions linnet_claim_request and linnet_keep_answer/);
        assert.match(said, /apply sql\/021_requests\.sql/);
    });

    test('a role that may not remember', () => {
        const functions = 'FUNCTION linnet_claim_request, linnet_keep_answer';
        application.psql(`REVOKE EXECUTE ON ${functions} FROM linnet_user`);
        try {
            const { status, said } = misfits(application, MUTATION);
            assert.equal(status, 1);
            assert.match(said, /PostgreSQL refuses what @idempotent sends as linnet_user: permission denied .*GRANT EXECUTE/);
        } finally {
            application.psql(`GRANT EXECUTE ON ${functions} TO linnet_user`);
        }
        assert.equal(misfits(application, MUTATION).status, 0);
    });

    test('a contract that does not trust the functions', () => {
        const { status, said } = misfits(application, MUTATION, 'schema { query: Query mutation: Mutation }');
        assert.equal(status, 1);
        assert.match(said, /linnet_claim_request/);
    });

    test('a key that one must give', () => {
        const must = MUTATION.replace('idempotencyKey: ID)', 'idempotencyKey: ID!)');
        assert.match(misfits(application, must).said, /addNote\(idempotencyKey:\): a client need not send a key/);
    });
});
