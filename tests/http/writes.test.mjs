// writes.test.mjs - mutations that write rows without a function: what they answer, what they
// leave, and what stops them, in a database of their own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';

import { asParameters, mint } from './lib/accounts.mjs';
import { Session, psql } from './lib/database.mjs';
import { patience, program, root, sockets } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';
import { random } from './lib/random.mjs';
import { backends } from './lib/wait.mjs';

const database = 'linnet_writes_http';
const place = `${root}/tests/corpus/writes`;
psql(readFileSync(`${place}/database.sql`, 'utf8').replaceAll('linnet_writes', database));

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const connection = `host=${sockets}/postgresql dbname=${database} user=linnet_login`;

const options = ['--contract', `${place}/schema.graphql`, '--database', connection];

// One worker keeps the plans of the first requests for those that follow.
let server, token;
before(async () => {
    token = await mint({ id: 1, username: 'ada' });
    server = await serve('--workers', '1', '--documents', '', '--limit-mutation-fields', '20', ...options);
});
after(async () => {
    await server.stop();
    psql(`DROP DATABASE ${database} WITH (FORCE)`);
});

// The answer to one document, of the user with that key, or of nobody.
async function answer(document, variables = {}, key = '1') {
    const { json, text } = await server.post(document, variables, { parameters: key ? asParameters({ token }) : {} });
    assert.ok(json, text);
    return json;
}

async function ask(document, variables, key) {
    const { data, errors } = await answer(document, variables, key);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
}

// The error of the only field, without places.
async function refusal(document, variables, key) {
    const { errors } = await answer(document, variables, key);
    assert.equal(errors?.length, 1, JSON.stringify(errors));
    return { message: errors[0].message, ...errors[0].extensions };
}

const count = (condition) => Number(psql(`SELECT count(*) FROM notes WHERE ${condition}`, database));

test('the contract fits its database, for at least one role', async () => {
    const { status, stdout, stderr } = spawnSync(program, ['check', ...options], { env: environment, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
});

suite('an insert of one row', () => {
    const add = `mutation ($input: NoteInput!) { addNote(input: $input) {
        id title count owner { name notes(first: 100) { title } } parent { title }
        note { id title body length tags mood data revision seenAt owner { name } parent { title replies { title } } }
    } }`;

    test('what was given is there, and what was not has its default', async () => {
        const input = {
            title: 'first', body: 'a "b" \\ {c}', tags: ['x', null, 'a,"b"'], mood: 'HURRIED',
            data: { a: [1, null] }, parentId: '101', seenAt: '2026-01-02T03:04:05.678Z',
        };
        const { addNote } = await ask(add, { input });
        assert.equal(addNote.title, 'first');
        assert.equal(addNote.count, 1);
        assert.equal(addNote.owner.name, 'Ada');
        assert.ok(addNote.owner.notes.some((note) => note.title === 'first'), 'read again after it was written');
        assert.deepEqual(addNote.note, {
            id: addNote.id, title: 'first', body: input.body, length: 11, tags: input.tags, mood: 'HURRIED', data: input.data,
            revision: 1, seenAt: input.seenAt, owner: { name: 'Ada' },
            parent: { title: 'one', replies: [{ title: 'below one' }, { title: 'first' }] },
        });
        assert.equal(psql(`SELECT tags || 'end'::text FROM notes WHERE id = ${addNote.id}`, database), '{x,NULL,"a,\\"b\\"",end}');
        const bare = (await ask('mutation { addBareNote(input: { title: "bare" }) { body tags mood revision } }')).addBareNote;
        assert.deepEqual(bare, { body: '', tags: null, mood: null, revision: 1 });
    });

    test('a variable that is absent is a column that is not given', async () => {
        const document = `mutation ($title: String!, $body: String, $tags: [String]) {
            addNote(input: { title: $title, body: $body, tags: $tags }) { note { body tags } } }`;
        assert.deepEqual((await ask(document, { title: 'absent' })).addNote.note, { body: '', tags: null });
        assert.deepEqual((await ask(document, { title: 'given', body: 'b', tags: [] })).addNote.note, { body: 'b', tags: [] });
        assert.deepEqual((await ask(document, { title: 'null', tags: null })).addNote.note, { body: '', tags: null });
        const { message, code, argument } = await refusal(document, { title: 'never', body: null });
        assert.deepEqual([message, code, argument], ['Argument "input.body" must not be null.', 'BAD_USER_INPUT', 'input.body']);
        assert.equal(count("title = 'never'"), 0);
    });

    const refused = [
        ['a value that is there already', { title: 'one' }, 'CONFLICT', { field: 'input.title' }],
        ['a reference to nothing', { title: 'r', parentId: '999' }, 'NOT_FOUND', { field: 'input.parentId' }],
        ['a constraint', { title: 'r', body: 'bad' }, 'BAD_USER_INPUT', { argument: 'input.body' }],
        ['a text that is too long', { title: 'r'.repeat(21) }, 'BAD_USER_INPUT', {}],
        ['a text that is no key', { title: 'r', parentId: 'x' }, 'BAD_USER_INPUT', { argument: 'input.parentId' }],
        ["a policy's WITH CHECK", { title: 'r', ownerId: '2' }, 'FORBIDDEN', {}],
        ['a trigger that leaves the row out', { title: 'swallowed' }, 'FORBIDDEN', {}],
        ['a value that is missing, since a trigger took it', { title: 'emptied' }, 'BAD_USER_INPUT', { argument: 'input.body' }],
    ];
    test('each thing that stops it has an error, and leaves nothing', async () => {
        const fields = refused.map((_, i) => `r${i}: addNote(input: $i${i}) { id }`);
        const document = `mutation (${refused.map((_, i) => `$i${i}: NoteInput!`)}) { ${fields.join(' ')} }`;
        const inputs = Object.fromEntries(refused.map(([, input], i) => [`i${i}`, input]));
        const { data, errors } = await answer(document, inputs);
        assert.deepEqual(Object.values(data), refused.map(() => null));
        for (const [i, [what, , code, further]] of refused.entries()) {
            const { requestId, ...extensions } = errors[i].extensions;
            assert.deepEqual([errors[i].path, extensions], [[`r${i}`], { code, ...further }], what);
        }
        assert.equal(count("title LIKE 'r%' OR title IN ('swallowed', 'emptied')"), 0);
    });

    test('nobody is signed in', async () => {
        assert.equal((await refusal(add, { input: { title: 'r' } }, null)).code, 'UNAUTHENTICATED');
        assert.equal((await refusal('mutation { addBareNote(input: { title: "r" }) { id } }', {}, null)).code, 'UNAUTHENTICATED');
        assert.equal(count("title = 'r'"), 0);
    });
});

suite('an insert of many rows', () => {
    const add = `mutation ($input: [NoteInput!]!) { addNotes(input: $input) {
        count notes { title body tags mood parent { title } owner { name } } } }`;
    const row = (note) => ({ body: '', tags: null, mood: null, parent: null, owner: { name: 'Ada' }, ...note });

    test('rows of one shape, of several, and of none come back as they were given', async () => {
        const alike = [
            { title: 'm2', tags: ['b', 'c'], mood: 'CALM' }, { title: 'm1', tags: null, mood: 'HURRIED' }, { title: 'm3', tags: [], mood: null },
        ];
        const mixed = [{ title: 'x3', body: 'x' }, { title: 'x1', tags: ['t'] }, { title: 'x2' }];
        for (const input of [alike, mixed, []])
            assert.deepEqual((await ask(add, { input })).addNotes, { count: input.length, notes: input.map(row) });
        assert.deepEqual((await ask(add, { input: { title: 'alone' } })).addNotes.notes, [row({ title: 'alone' })]);
        assert.equal(psql("SELECT string_agg(title, ' ' ORDER BY id) FROM notes WHERE title IN ('x1', 'x2', 'x3')", database), 'x3 x1 x2');
        assert.deepEqual(
            (await ask('mutation ($t: String!, $b: String) { addNoteList(input: [{ title: $t, body: $b }, { title: "l2" }]) { title body } }', { t: 'l1' })).addNoteList,
            [{ title: 'l1', body: '' }, { title: 'l2', body: '' }],
        );
    });

    test('one that is refused takes all with it, and says which it is', async () => {
        const { code, argument } = await refusal(add, { input: [{ title: 'n1', body: 'x' }, { title: 'n2', body: null }] });
        assert.deepEqual([code, argument], ['BAD_USER_INPUT', 'input[1].body']);
        assert.equal((await refusal(add, { input: [{ title: 'n1' }, { title: 'swallowed' }] })).code, 'FORBIDDEN');
        assert.equal(count("title LIKE 'n_'"), 0);
    });

    test('what PostgreSQL refuses of one is said of that one', async () => {
        const alike = Array.from({ length: 20 }, (_, i) => ({ title: `n${i}`, parentId: '101' }));
        const cases = [
            ['there already', alike.with(7, { title: 'one', parentId: '101' }), 'CONFLICT', { field: 'input[7].title' }],
            ['there already, of another shape', alike.with(7, { title: 'one', body: 'b' }), 'CONFLICT', { field: 'input[7].title' }],
            ['twice in the list', alike.with(7, { title: 'n3', parentId: '101' }), 'CONFLICT', { field: 'input[7].title' }],
            ['refers to nothing', alike.with(19, { title: 'n19', parentId: '999' }), 'NOT_FOUND', { field: 'input[19].parentId' }],
            ['a constraint', alike.with(0, { title: 'n0', body: 'bad' }), 'BAD_USER_INPUT', { argument: 'input[0].body' }],
            ['too long, of a column that is not said', alike.with(4, { title: 'n'.repeat(21) }), 'BAD_USER_INPUT', { argument: 'input[4]' }],
            ['the only one', [{ title: 'one' }], 'CONFLICT', { field: 'input[0].title' }],
        ];
        const fields = cases.map((_, i) => `r${i}: tryNotes(input: $i${i}) { count }`);
        const document = `mutation (${cases.map((_, i) => `$i${i}: [NoteInput!]!`)}) { ${fields.join(' ')} last: addBareNote(input: { title: "after them" }) { title } }`;
        const { data, errors } = await answer(document, Object.fromEntries(cases.map(([, input], i) => [`i${i}`, input])));
        for (const [i, [what, , code, further]] of cases.entries()) {
            const { requestId, ...extensions } = errors[i].extensions;
            assert.deepEqual([errors[i].path, extensions], [[`r${i}`], { code, ...further }], what);
        }
        assert.deepEqual(data.last, { title: 'after them' });
        assert.equal(count("title ~ '^n[0-9]'"), 0);
        assert.equal(count("title = 'after them'"), 1, 'the field after them is one of its own');
    });

    test('a text that no index has room for is a value that cannot be', async () => {
        // (Nothing that PostgreSQL would compress.)
        const name = Array.from({ length: 1500 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * i * 7919 + i * 31) % 20000))).join('');
        const { code, message } = await refusal('mutation ($input: [TagInput!]!) { addTags(input: $input) { name } }', { input: [{ name }, { name: 'n-small' }] }, null);
        assert.deepEqual([code, message], ['BAD_USER_INPUT', 'A value is too large.']);
        assert.equal(psql("SELECT count(*) FROM tags WHERE name = 'n-small'", database), '0');
    });

    test('as many as limit_write_rows, and no more', async () => {
        const input = Array.from({ length: 501 }, (_, i) => ({ name: `t${i}` }));
        const document = 'mutation ($input: [TagInput!]!) { addTags(input: $input) { name } }';
        const { code, limit } = await refusal(document, { input });
        assert.deepEqual([code, limit], ['LIMIT_EXCEEDED', 'write_rows']);
        assert.equal((await ask(document, { input: input.slice(1) }, null)).addTags.length, 500);
    });
});

suite('rows within others', () => {
    const add = `mutation ($input: [ThreadInput!]!) { addThreads(input: $input) {
        count notes { title body tags parent { title mood owner { name } } replies { title body replies { title mood } } } } }`;
    const shown = (note) => ({
        body: '', tags: null, parent: null, ...note,
        replies: (note.replies ?? []).map((reply) => ({ body: '', ...reply, replies: (reply.replies ?? []).map((last) => ({ mood: null, ...last })) })),
        ...(note.parent ? { parent: { mood: null, owner: { name: 'Ada' }, ...note.parent } } : {}),
    });

    test('are written before what refers to them, and after what they refer to, and all are shown', async () => {
        const input = [
            { title: 'w1', parent: { title: 'w1p', mood: 'CALM' }, replies: [{ title: 'w11', replies: [{ title: 'w111' }, { title: 'w112', mood: 'HURRIED' }] }, { title: 'w12', body: 'b' }] },
            { title: 'w2', parent: null, replies: [] },
            { title: 'w3', tags: ['t', null], replies: null },
            { title: 'w4', replies: [{ title: 'w41', replies: [] }, { title: 'w42', replies: [{ title: 'w421' }] }] },
            { title: 'w5', body: 'b', parent: { title: 'w5p' } },
        ];
        assert.deepEqual((await ask(add, { input })).addThreads, { count: 5, notes: input.map(shown) });
        assert.equal(count("title LIKE 'w%' AND owner_id = 1"), 14);
        const one = `mutation ($p: ParentInput, $r: [ReplyInput!], $last: LastInput!) {
            addThread(input: { title: "w6", parent: $p, replies: $r }) { count note { title parent { title } replies { title } } owner { name } }
            other: addThread(input: { title: "w7", replies: { title: "w71", replies: [$last, { title: "w712" }] } }) { note { replies { replies { title } } } } }`;
        const { addThread, other } = await ask(one, { r: [{ title: 'w61' }], last: { title: 'w711' } });
        assert.deepEqual(addThread, { count: 1, note: { title: 'w6', parent: null, replies: [{ title: 'w61' }] }, owner: { name: 'Ada' } });
        assert.deepEqual(other.note.replies, [{ replies: [{ title: 'w711' }, { title: 'w712' }] }]);
    });

    test('have keys of two columns', async () => {
        const document = `mutation ($shelves: [ShelfInput!]!, $books: [BookInput!]!) {
            addShelves(input: $shelves) { room number label books { title } } addBooks(input: $books) { title shelf { room number } } }`;
        const shelves = [{ room: 'a"b', number: 1, label: 'l', books: [{ title: 's1' }, { title: 's2' }] }, { room: 'a,{}', number: 1, label: null, books: [{ title: 's3' }] }];
        const books = [{ title: 'b1', shelf: { room: 'b', number: 1 } }, { title: 'b2', shelf: { room: 'b', number: 2 } }];
        assert.deepEqual(await ask(document, { shelves, books }), { addShelves: shelves, addBooks: books });
    });

    test('one that is refused takes all with it, and says which it is', async () => {
        const cases = [
            [{ title: 'y', replies: [{ title: 'y1' }, { title: 'y2', body: null }] }, 'BAD_USER_INPUT', { argument: 'input[1].replies[1].body' }],
            [{ title: 'y', parent: { title: 'y1', ownerId: 'y' } }, 'BAD_USER_INPUT', { argument: 'input[1].parent.ownerId' }],
            [{ title: 'y', replies: [{ title: 'y1', replies: [{ title: 'y2' }, { title: 'y2' }] }] }, 'CONFLICT', { field: 'input[1].replies[0].replies[1].title' }],
            [{ title: 'y', replies: [{ title: 'y1' }, { title: 'y2', body: 'bad' }] }, 'BAD_USER_INPUT', { argument: 'input[1].replies[1].body' }],
            [{ title: 'y', parent: { title: 'one' } }, 'CONFLICT', { field: 'input[1].parent.title' }],
            [{ title: 'y', parent: { title: 'y1', ownerId: '2' } }, 'FORBIDDEN', {}],
            [{ title: 'y', replies: [{ title: 'swallowed' }] }, 'FORBIDDEN', {}],
            [{ title: 'one', parent: { title: 'y1' }, replies: [{ title: 'y2' }] }, 'CONFLICT', { field: 'input[1].title' }],
        ];
        const fields = cases.map((_, i) => `r${i}: addThreads(input: [{ title: "y0", replies: [{ title: "y00" }] }, $i${i}]) { count }`);
        const { errors } = await answer(`mutation (${cases.map((_, i) => `$i${i}: ThreadInput!`)}) { ${fields.join(' ')} }`, Object.fromEntries(cases.map(([input], i) => [`i${i}`, input])));
        for (const [i, [, code, further]] of cases.entries()) {
            const { requestId, ...extensions } = errors[i].extensions;
            assert.deepEqual([errors[i].path, extensions], [[`r${i}`], { code, ...further }]);
        }
        assert.equal(count("title LIKE 'y%'"), 0);
    });

    test('whatever shapes come after each other, in lists and within objects', async () => {
        const { number: below } = random(11);
        let number = 0;
        const title = () => `z${++number}`;
        const some = (members) => Object.fromEntries(Object.entries(members).filter(() => below(2) === 0).map(([name, make]) => [name, make()]));
        const list = (make, most) => Array.from({ length: below(most + 1) }, make);
        const last = () => ({ title: title(), ...some({ mood: () => 'CALM' }) });
        const reply = () => ({ title: title(), ...some({ body: () => 'b', replies: () => list(last, 2) }) });
        const parent = () => (below(3) === 0 ? null : { title: title(), ...some({ mood: () => 'HURRIED' }) });
        const thread = () => ({ title: title(), ...some({ body: () => 'b', tags: () => ['t'], parent, replies: () => list(reply, 3) }) });
        for (let i = 0; i < 60; i++) {
            const input = list(thread, 4);
            assert.deepEqual((await ask(add, { input })).addThreads, { count: input.length, notes: input.map(shown) }, JSON.stringify(input));
        }
        assert.equal(psql("WITH gone AS (DELETE FROM notes WHERE title ~ '^z[0-9]+$' RETURNING 1) SELECT count(*) FROM gone", database), `${number}`);
    });

    test('all of them count', async () => {
        const input = [{ title: 'l', replies: Array.from({ length: 250 }, (_, i) => ({ title: `l${i}`, replies: [{ title: `l${i}r` }] })) }];
        const { code, limit } = await refusal(add, { input });
        assert.deepEqual([code, limit], ['LIMIT_EXCEEDED', 'write_rows']);
    });
});

suite('a change of one row', () => {
    const change = `mutation ($id: ID!, $set: NotePatch!, $v: Int) {
        changeNote(id: $id, set: $set, ifVersion: $v) { id title count note { body mood tags revision owner { name } } owner { name notes(first: 100) { title } } } }`;

    test('what is given changes, null is null, and what is absent stays', async () => {
        const { id } = (await ask('mutation { addBareNote(input: { title: "u1", body: "b", tags: ["t"], mood: CALM }) { id } }')).addBareNote;
        const { changeNote } = await ask(change, { id, set: { title: 'u2', mood: null }, v: null });
        assert.deepEqual(changeNote.note, { body: 'b', mood: null, tags: ['t'], revision: 2, owner: { name: 'Ada' } });
        assert.ok(changeNote.owner.notes.some(({ title }) => title === 'u2'), 'read again after it was changed');
        const document = 'mutation ($id: ID!, $body: String, $tags: [String]) { changeNote(id: $id, set: { body: $body, tags: $tags }) { note { body tags } } }';
        assert.deepEqual((await ask(document, { id, tags: null })).changeNote.note, { body: 'b', tags: null });
        assert.equal((await refusal(document, { id, body: null })).argument, 'set.body');
        assert.equal((await refusal(document, { id })).message, 'Argument "set" changes nothing.');
    });

    test('of two writers with one version one wins, also when they write at the same time', async () => {
        const { id } = (await ask('mutation { addBareNote(input: { title: "v1" }) { id } }')).addBareNote;
        const write = (body) => answer(change, { id, set: { body }, v: 1 });
        const answers = await Promise.all([write('a'), write('b')]);
        const [lost] = answers.filter(({ errors }) => errors);
        assert.equal(answers.filter(({ errors }) => errors).length, 1);
        assert.deepEqual([lost.errors[0].extensions.code, lost.errors[0].extensions.argument], ['CONFLICT', 'ifVersion']);
        assert.equal(psql(`SELECT revision FROM notes WHERE id = ${id}`, database), '2');
        assert.equal((await ask(change, { id, set: { body: 'c' }, v: 2 })).changeNote.note.revision, 3);
    });

    test('no row is never silence', async () => {
        const cases = [
            ['not there', { id: '999' }, 'NOT_FOUND'],
            ['no key at all', { id: 'x' }, 'NOT_FOUND'],
            ['not to be seen', { id: '104' }, 'NOT_FOUND'],
            ['of another version', { id: '101', v: 7 }, 'CONFLICT'],
            ["a policy's USING", { id: '103' }, 'FORBIDDEN'],
            ["a policy's USING, of the right version", { id: '103', v: 2 }, 'FORBIDDEN'],
            ["another user's", { id: '102' }, 'FORBIDDEN'],
            ["a policy's WITH CHECK", { id: '101', set: { title: 'forbidden' } }, 'FORBIDDEN'],
            ['a value that is there already', { id: '101', set: { title: 'two' } }, 'CONFLICT'],
            ['a constraint', { id: '101', set: { body: 'bad' } }, 'BAD_USER_INPUT'],
            ['a trigger that leaves the row out', { id: '101', set: { title: 'swallowed' } }, 'FORBIDDEN'],
        ];
        const fields = cases.map((_, i) => `r${i}: changeNote(id: $id${i}, set: $s${i}, ifVersion: $v${i}) { id note { owner { name } } }`);
        const document = `mutation (${cases.map((_, i) => `$id${i}: ID!, $s${i}: NotePatch!, $v${i}: Int`)}) { ${fields.join(' ')} }`;
        const variables = {};
        for (const [i, [, { id, set = { body: 'never' }, v = null }]] of cases.entries())
            Object.assign(variables, { [`id${i}`]: id, [`s${i}`]: set, [`v${i}`]: v });
        const { data, errors } = await answer(document, variables);
        assert.deepEqual(Object.values(data), cases.map(() => null));
        for (const [i, [what, , code]] of cases.entries())
            assert.deepEqual([errors[i].path, errors[i].extensions.code], [[`r${i}`], code], what);
        assert.equal(count("body = 'never' OR body = 'bad'"), 0);
        assert.equal((await refusal(change, { id: '101', set: { body: 'never' } }, null)).code, 'UNAUTHENTICATED');
    });
});

suite('a row that may be there already', () => {
    const save = 'mutation ($input: TagInput!) { saveTag(input: $input) { inserted name count tag { name used note } } }';
    const find = 'mutation ($input: TagInput!) { findTag(input: $input) { inserted tag { name used note } } }';

    test('is made where it is not; else it gets what is given, and keeps what is not', async () => {
        const made = (await ask(save, { input: { name: 's1', used: 2 } })).saveTag;
        assert.deepEqual(made, { inserted: true, name: 's1', count: 1, tag: { name: 's1', used: 2, note: null } });
        const changed = (await ask(save, { input: { name: 's1', note: 'n' } })).saveTag;
        assert.deepEqual(changed, { inserted: false, name: 's1', count: 1, tag: { name: 's1', used: 2, note: 'n' } });
        assert.deepEqual((await ask(save, { input: { name: 's1', note: null, used: 3 } })).saveTag.tag, { name: 's1', used: 3, note: null });
        assert.deepEqual((await ask(save, { input: { name: 's1' } })).saveTag, { inserted: false, name: 's1', count: 1, tag: { name: 's1', used: 3, note: null } });
        assert.equal((await refusal(save, { input: { name: 's1', used: null } })).argument, 'input.used');
    });

    test('is shown as it is, where nothing is to change', async () => {
        assert.deepEqual((await ask(find, { input: { name: 'f1', used: 2 } })).findTag, { inserted: true, tag: { name: 'f1', used: 2, note: null } });
        assert.deepEqual((await ask(find, { input: { name: 'f1', used: 9, note: 'n' } })).findTag, { inserted: false, tag: { name: 'f1', used: 2, note: null } });
        assert.equal(psql("SELECT xmax FROM tags WHERE name = 'f1'", database), '0', 'not even locked');
        const { findNote } = await ask('mutation { findNote(input: { title: "two" }) { inserted note { id owner { name } } owner { name } } }');
        assert.deepEqual(findNote, { inserted: false, note: { id: '102', owner: { name: 'Grace' } }, owner: { name: 'Grace' } });
    });

    test('changes only what @upsert(update:) names', async () => {
        const note = 'mutation ($input: NoteInput!) { saveNote(input: $input) { body mood parent { title } revision } }';
        assert.deepEqual((await ask(note, { input: { title: 'u-made', parentId: '101' } })).saveNote, { body: '', mood: null, parent: { title: 'one' }, revision: 1 });
        assert.deepEqual((await ask(note, { input: { title: 'u-made', body: 'b', parentId: '103' } })).saveNote, { body: 'b', mood: null, parent: { title: 'one' }, revision: 2 });
    });

    test('is a conflict where it is not for the viewer, whatever is to change', async () => {
        const cases = [
            ['not to be seen', 'findNote', 'hidden of Grace', '1', 'CONFLICT'],
            ['not to be seen', 'saveNote', 'hidden of Grace', '1', 'CONFLICT'],
            ["a policy's USING", 'saveNote', 'locked', '1', 'CONFLICT'],
            ["a policy's WITH CHECK", 'saveNote', 'forbidden', '1', undefined],
            ["a policy's WITH CHECK, of a row that is there", 'saveNote', 'forbidden', '1', 'FORBIDDEN'],
            ['nobody is signed in', 'findNote', 'nobody', null, 'UNAUTHENTICATED'],
        ];
        for (const [what, field, title, key, code] of cases) {
            const { errors } = await answer(`mutation ($input: NoteInput!) { ${field}(input: $input) { __typename } }`, { input: { title, body: 'never' } }, key);
            assert.equal(errors?.[0].extensions.code, code, what);
            if (code === 'CONFLICT')
                assert.equal(errors[0].extensions.field, 'input.title', what);
        }
        assert.equal(count("body = 'never' AND title <> 'forbidden'"), 0);
    });

    test('is made once, by two at the same time', async () => {
        const write = async () => (await answer(find, { input: { name: 'race', used: 1 } }, null)).data.findTag;
        // The row that holds both up is not seen by their statements, and is by their next.
        const holder = new Session(database);
        await holder.run("BEGIN; INSERT INTO tags VALUES ('race', 7)");
        const answers = [write(), write()];
        const held = async () => (await backends(`datname = '${database}' AND wait_event_type = 'Lock'`)).length === 2;
        await until(held, 5000 * patience, 'both wait');
        await holder.run('COMMIT');
        holder.close();
        for (const found of await Promise.all(answers))
            assert.deepEqual(found, { inserted: false, tag: { name: 'race', used: 7, note: null } });
    });
});

suite('rows that may be there already', () => {
    const save = 'mutation ($input: [TagInput!]!) { saveTags(input: $input) { name used note } }';
    const find = 'mutation ($input: [TagInput!]!) { findTags(input: $input) { count tags { name used note } } }';

    test('are made, or get what is given, and keep what is not, in the order of the objects', async () => {
        const tag = (name, used, note = null) => ({ name, used, note });
        const made = [tag('l3', 3), tag('l1', 1, 'n'), tag('l2', 2)];
        assert.deepEqual((await ask(save, { input: made })).saveTags, made);
        const input = [{ name: 'l2', note: 'b' }, { name: 'l4' }, { name: 'l1' }, { name: 'l3', used: 7, note: null }, { name: 'l5', note: 'n' }];
        assert.deepEqual((await ask(save, { input })).saveTags, [tag('l2', 2, 'b'), tag('l4', 0), tag('l1', 1, 'n'), tag('l3', 7), tag('l5', 0, 'n')]);
        assert.deepEqual((await ask(save, { input: [] })).saveTags, []);
        const found = [{ name: 'l6', used: 6 }, { name: 'l1', used: 9, note: 'never' }, { name: 'l7', note: 'n' }, { name: 'l2' }, { name: 'l8' }];
        assert.deepEqual((await ask(find, { input: found })).findTags, { count: 5, tags: [tag('l6', 6), tag('l1', 1, 'n'), tag('l7', 0, 'n'), tag('l2', 2, 'b'), tag('l8', 0)] });
        assert.equal(psql("SELECT count(*) FROM tags WHERE name ~ '^l[0-9]$' AND xmax = 0", database), '6', 'those that are found are not even locked');
    });

    test('none is given twice, and all are for the viewer', async () => {
        const twice = await refusal(save, { input: [{ name: 'q1' }, { name: 'q2' }, { name: 'q1', used: 2 }] });
        assert.deepEqual([twice.code, twice.argument], ['BAD_USER_INPUT', 'input[2]']);
        const notes = 'mutation ($input: [NoteInput!]!) { saveNotes(input: $input) { count } }';
        const kept = await refusal(notes, { input: [{ title: 'q1', body: 'b' }, { title: 'locked', body: 'never' }] });
        assert.deepEqual([kept.code, kept.field], ['CONFLICT', 'input[1].title']);
        const bad = await refusal(notes, { input: [{ title: 'q1', body: 'b' }, { title: 'q2', body: 'b' }, { title: 'q3', body: 'bad' }] });
        assert.deepEqual([bad.code, bad.argument], ['BAD_USER_INPUT', 'input[2].body']);
        assert.equal(count("title LIKE 'q%' OR title = 'locked' AND body = 'never'"), 0);
        assert.equal(psql("SELECT count(*) FROM tags WHERE name LIKE 'q%'", database), '0');
    });
});

test('a row that is deleted is shown as it was, with what it belonged to', async () => {
    const { id } = (await ask('mutation { addBareNote(input: { title: "d1", body: "b" }) { id } }')).addBareNote;
    const remove = 'mutation ($id: ID!, $v: Int) { deleteNote(id: $id, ifVersion: $v) { id note { title body owner { name } replies { id } } owner { name } } }';
    assert.equal((await refusal(remove, { id, v: 2 })).code, 'CONFLICT');
    assert.deepEqual((await ask(remove, { id, v: 1 })).deleteNote, { id, note: { title: 'd1', body: 'b', owner: { name: 'Ada' }, replies: [] }, owner: { name: 'Ada' } });
    assert.equal(count(`id = ${id}`), 0);
    assert.equal((await refusal(remove, { id })).code, 'NOT_FOUND');
    assert.equal((await refusal(remove, { id: '103' })).code, 'FORBIDDEN');
    assert.equal((await refusal(remove, { id: '101' })).code, 'CONFLICT', 'a note below it refers to it');
    const kept = (await ask('mutation { addBareNote(input: { title: "d2", body: "kept" }) { id } }')).addBareNote;
    assert.equal((await refusal(remove, kept)).code, 'FORBIDDEN', 'a trigger leaves it out');
    assert.equal(count(`id = ${kept.id}`), 1);
    assert.equal(count('id IN (101, 103)'), 2);
});
