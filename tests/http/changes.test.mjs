// changes.test.mjs - rows that are changed and deleted without a function, as a filter finds them:
// how many, what says nothing, and what stops them, in a database of their own.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';

import { Session, psql } from './lib/database.mjs';
import { patience, program, root, sockets } from './lib/environment.mjs';
import { until } from './lib/processes.mjs';
import { backends } from './lib/wait.mjs';

const database = 'linnet_changes_http';
const place = `${root}/tests/corpus/changes`;
psql(readFileSync(`${place}/database.sql`, 'utf8').replaceAll('linnet_changes', database));
after(() => psql(`DROP DATABASE ${database} WITH (FORCE)`));

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const connection = `host=${sockets}/postgresql dbname=${database} user=linnet_login`;
const options = ['--contract', `${place}/schema.graphql`, '--database', connection, '--limit-mutation-fields', '20'];

function run(words, input = '') {
    return spawnSync(program, [...words, ...options], { input, env: environment, encoding: 'utf8' });
}

const query = (variables, key) => ['query', '-', '--variables', JSON.stringify(variables), ...(key ? ['--as', key] : [])];

// One document as the user with that key, or as nobody.
function answer(document, variables = {}, key = '1') {
    const { stdout, stderr } = run(query(variables, key), document);
    assert.ok(stdout, stderr);
    return JSON.parse(stdout);
}

// The same while other things happen.
function answerLater(document, variables, key = '1') {
    return new Promise((resolve) => {
        const child = spawn(program, [...query(variables, key), ...options], { env: environment });
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (piece) => (text += piece)).on('close', () => resolve(JSON.parse(text)));
        child.stdin.end(document);
    });
}

function ask(document, variables, key) {
    const { data, errors } = answer(document, variables, key);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
}

// Many fields in one request: for each the error's code, message and argument, or what came.
function each(fields, variables, declared = '') {
    const { data, errors = [] } = answer(`mutation ${declared} { ${fields.map((field, i) => `f${i}: ${field}`).join(' ')} }`, variables);
    return fields.map((_, i) => {
        const error = errors.find(({ path }) => path[0] === `f${i}`);
        return error ? [error.extensions.code, error.message, error.extensions.argument] : data[`f${i}`];
    });
}

const rows = (condition) => psql(`SELECT coalesce(string_agg(title, ' ' ORDER BY id), '') FROM things WHERE ${condition}`, database);
const add = (values) => psql(`INSERT INTO things (id, owner_id, title, kind) VALUES ${values}`, database);

test('the contract fits its database', () => {
    const { status, stdout, stderr } = run(['check']);
    assert.equal(status, 0, stdout + stderr);
});

test('a constraint is said in the words of the contract, at the field that it names', () => {
    const fields = [
        'addThing(input: { title: "x", price: 0 }) { id }',
        'addThing(input: { title: "one" }) { id }',
        'addThing(input: { title: "x", shelf: 9 }) { id }',
        'addThing(input: { title: "x", low: 1, high: 9 }) { id }',
        'addThing(input: { title: "x", low: 9, high: 1 }) { id }',
        'changeThings(where: { id: { eq: 1 } }, set: { price: -1 }) { count }',
        'changeThings(where: { id: { eq: 1 } }, set: { title: "two" }) { count }',
    ];
    const { errors } = answer(`mutation { ${fields.map((field, i) => `f${i}: ${field}`).join(' ')} }`);
    const seen = errors.map(({ message, extensions: { requestId, ...further } }) => [message, further]);
    assert.deepEqual(seen, [
        ['Nothing is free.', { code: 'BAD_USER_INPUT', argument: 'input.price', constraint: 'things_price' }],
        ['There is one of this title.', { code: 'CONFLICT', field: 'input.title', constraint: 'things_title_key' }],
        ['There is no such shelf.', { code: 'NOT_FOUND', field: 'input.shelf', constraint: 'things_shelf_fkey' }],
        ['That is taken.', { code: 'CONFLICT', field: 'input.low', constraint: 'things_reserved' }],
        ['A value is not allowed here.', { code: 'BAD_USER_INPUT', argument: 'input.low' }],
        ['A price is more than 0.', { code: 'BAD_USER_INPUT', argument: 'set.title', constraint: 'things_price' }],
        ['There is already one with this value.', { code: 'CONFLICT', field: 'set.title' }],
    ]);
});

test('a version is shown, compared, and another after each change, also of many rows at once', () => {
    const { version } = ask('{ thing(id: 1) { version } }').thing;
    const change = (v, price) => `changeThing(id: 1, set: { price: ${price} }, ifVersion: ${v}) { version thing { version price } }`;
    const [changed, stale, wrong, any] = each([change(version, 2), change(version, 3), change('"x"', 4), change('null', 6)]);
    assert.notEqual(changed.version, version);
    assert.deepEqual(changed.thing, { version: changed.version, price: 2 });
    assert.deepEqual([stale[0], stale[2], wrong[0]], ['CONFLICT', 'ifVersion', 'BAD_USER_INPUT']);
    assert.equal(any.thing.price, 6);
    assert.equal(any.version, psql('SELECT xmin FROM things WHERE id = 1', database));
});

test('a global id of two columns finds the row that is changed or deleted', () => {
    const mark = (...key) => Buffer.from(`MarkNode:${JSON.stringify(key)}`).toString('base64');
    assert.deepEqual(each([
        `changeMark(id: "${mark(2, 'red')}", set: { note: "n" }) { id note }`,
        `removeMark(id: "${mark(2, 'red')}") { deletedId label }`,
        `removeMark(id: "${mark(2, 'red')}") { label }`,
        'changeMark(id: "no id", set: { note: "n" }) { id }',
    ]).map((one) => (Array.isArray(one) ? one[0] : one)), [
        { id: mark(2, 'red'), note: 'n' }, { deletedId: mark(2, 'red'), label: 'red' }, 'NOT_FOUND', 'NOT_FOUND',
    ]);
});

test('what a role may not write is refused before any SQL', () => {
    const refused = (document, ...words) => {
        const { stdout, stderr } = run([...query({}, '1'), ...words], document);
        assert.doesNotMatch(stderr, /permission denied|refused/);
        return JSON.parse(stdout).errors?.map(({ message, extensions }) => [extensions.code, message]);
    };
    psql('REVOKE DELETE ON things FROM linnet_user; REVOKE INSERT, UPDATE ON things FROM linnet_user; GRANT INSERT (title), UPDATE (price) ON things TO linnet_user', database);
    try {
        assert.deepEqual(refused('mutation { a: addThing(input: { title: "r", price: 2 }) { id } b: removeThings(where: { id: { eq: 1 } }) { count }'
            + ' c: changeThing(id: 1, set: { title: "r" }) { id } d: changeThing(id: 1, set: { price: 3 }) { id } e: addThing(input: { title: "may" }) { title } }'),
        [['FORBIDDEN', 'You may not use this field.'], ['FORBIDDEN', 'You may not use this field.'], ['FORBIDDEN', 'You may not use this field.']]);
    } finally {
        psql('GRANT INSERT, UPDATE, DELETE ON things TO linnet_user', database);
    }
    const { errors } = answer('mutation { removeThings(where: { id: { eq: 1 } }) { count } }', {}, null);
    assert.deepEqual([errors[0].extensions.code, errors[0].message], ['UNAUTHENTICATED', 'Not logged in!']);
});

suite('rows that a filter finds', () => {
    const change = `mutation ($where: ThingFilter!, $set: ThingPatch!, $most: Int! = 1) {
        changeThings(where: $where, set: $set, atMost: $most) { count things { title price owner { name } } } }`;
    const remove = 'mutation ($where: ThingFilter!, $most: Int! = 1) { removeThings(where: $where, atMost: $most) { count things { title owner { name } marks { label } } } }';

    test('are changed, none or as many as may be, in the order of their keys', () => {
        const all = `changeThings(where: { kind: { eq: "a" } }, set: { price: 7, kind: "b" }, atMost: 3) { count things { title price owner { name } } }`;
        const none = 'changeThings(where: { kind: { eq: "a" } }, set: { price: 8 }) { count things { title } }';
        const list = 'changeThingList(kind: "b", where: { not: { id: { in: [11, 12] } } }, set: { kind: "a", tags: ["t", null] }, atMost: 1) { title tags }';
        assert.deepEqual(each([all, none, list]), [
            { count: 3, things: ['a1', 'a2', 'a3'].map((title) => ({ title, price: 7, owner: { name: 'Ada' } })) },
            { count: 0, things: [] },
            [{ title: 'a3', tags: ['t', null] }],
        ]);
    });

    test('are deleted, and shown as they were', () => {
        add("(21, 1, 'd1', 'd'), (22, 1, 'd2', 'd')");
        psql("INSERT INTO marks VALUES (21, 'x')", database);
        const where = { kind: { eq: 'd' }, marks: { some: { label: { eq: 'x' } } }, owner: { name: { eq: 'Ada' } } };
        assert.deepEqual(ask(remove, { where }).removeThings, { count: 1, things: [{ title: 'd1', owner: { name: 'Ada' }, marks: [] }] });
        assert.equal(rows("kind = 'd'"), 'd2');
    });

    test('are left as they are, if one more is there than may be written', () => {
        const before = rows('true');
        assert.deepEqual(each([
            'removeThings(where: { title: { startsWith: "a" } }) { count }',
            'removeThings(where: { title: { startsWith: "a" } }, atMost: 2) { count }',
            'removeThings(where: { title: { startsWith: "a" } }, atMost: 0) { count }',
            'removeThings(where: { title: { eq: "nothing" } }, atMost: 0) { count }',
            'removeThings(where: { title: { startsWith: "a" } }, atMost: 501) { count }',
            'changeThings(where: { title: { startsWith: "a" } }, set: {}, atMost: 9) { count }',
        ]), [
            ['BAD_USER_INPUT', 'More than 1 row.', 'atMost'],
            ['BAD_USER_INPUT', 'More than 2 rows.', 'atMost'],
            ['BAD_USER_INPUT', 'More than 0 rows.', 'atMost'],
            { count: 0 },
            ['BAD_USER_INPUT', 'Argument "atMost" must be from 0 to 500, not 501.', 'atMost'],
            ['BAD_USER_INPUT', 'Argument "set" changes nothing.', 'set'],
        ]);
        assert.equal(rows('true'), before);
    });

    test('are never all of them because a part of the filter says nothing', () => {
        const before = rows('true');
        const nothing = [
            ['{}', 'where'], ['{ id: {} }', 'where.id'], ['{ id: { eq: $i } }', 'where.id'], ['{ and: [] }', 'where.and'],
            ['{ id: { eq: 1 }, or: [] }', 'where.or'], ['{ or: [{ id: { eq: 1 } }, { title: {} }] }', 'where.or[1].title'],
            ['{ not: {} }', 'where.not'], ['{ marks: { some: {} } }', 'where.marks.some'], ['{ marks: {} }', 'where.marks'],
            ['{ owner: {} }', 'where.owner'], ['{ id: { in: $l } }', 'where.id.in'], ['{ id: { nin: [] } }', 'where.id.nin'],
            ['{ data: { contains: {} } }', 'where.data.contains'], ['$f', 'where.and[1]'],
        ];
        const answers = each(nothing.map(([where]) => `removeThings(where: ${where}, atMost: 500) { count }`),
            { l: [], f: { and: [{ kind: { eq: 'a' } }, {}] } }, '($i: ID, $l: [ID!]!, $f: ThingFilter!)');
        assert.deepEqual(answers, nothing.map(([, argument]) => ['BAD_USER_INPUT', `"${argument}" says nothing.`, argument]));
        assert.equal(rows('true'), before);
    });

    test('are all written, or none', () => {
        const before = rows('true');
        const remove2 = (...titles) => `removeThings(where: { title: { in: ${JSON.stringify(titles)} } }, atMost: 2) { count }`;
        const change2 = (set, ...titles) => `changeThings(where: { title: { in: ${JSON.stringify(titles)} } }, set: { ${set} }, atMost: 2) { count }`;
        const refused = [
            ['a policy keeps one', remove2('one', 'locked'), 'FORBIDDEN'],
            ["another user's", remove2('one', 'two'), 'FORBIDDEN'],
            ['a trigger leaves one out', change2('price: 9', 'one', 'kept'), 'FORBIDDEN'],
            ['a constraint', change2('price: 0', 'a1', 'a2'), 'BAD_USER_INPUT'],
            ['a value that is there', change2('title: "same"', 'a1', 'a2'), 'CONFLICT'],
        ];
        const answers = each([...refused.map(([, field]) => field), remove2('hidden of Grace')]);
        assert.deepEqual(answers.pop(), { count: 0 });
        assert.deepEqual(answers.map(([code], i) => [refused[i][0], code]), refused.map(([what, , code]) => [what, code]));
        assert.equal(answer(remove, { where: { title: { eq: 'one' } } }, null).errors[0].extensions.code, 'UNAUTHENTICATED');
        assert.equal(rows('true'), before);
        assert.equal(rows('price IN (0, 9)'), '');
    });

    test('of a key of two columns, one of which changes', () => {
        const marks = 'changeMarks(where: { thing: { id: { eq: 1 } } }, set: { label: "green" }, atMost: 2) { label }';
        const one = 'changeMarks(where: { label: { eq: "blue" }, thing: { title: { eq: "one" } } }, set: { label: "green", note: null }) { label note thing { title } }';
        const [both, alone] = each([marks, one]);
        assert.equal(both[0], 'CONFLICT', 'both would be the same');
        assert.deepEqual(alone, [{ label: 'green', note: null, thing: { title: 'one' } }]);
    });

    test('that are gone or changed when they are reached are a conflict', async () => {
        add("(31, 1, 'c1', 'c'), (32, 1, 'c2', 'c')");
        for (const meanwhile of ['DELETE FROM things WHERE id = 32', "UPDATE things SET kind = 'e' WHERE id = 31"]) {
            const holder = new Session(database);
            await holder.run(`BEGIN; ${meanwhile}`);
            const answered = answerLater(change, { where: { kind: { eq: 'c' } }, set: { price: 5 }, most: 2 });
            await until(async () => (await backends(`datname = '${database}' AND wait_event_type = 'Lock'`)).length === 1, 5000 * patience, 'it waits');
            await holder.run('COMMIT');
            holder.close();
            const { errors } = await answered;
            assert.equal(errors?.[0].extensions.code, 'CONFLICT', meanwhile);
        }
        assert.equal(rows('price = 5'), '');
    });
});
