// batch.test.mjs - the batch forms themselves: what is answered to what kind of line, when, and at what cost.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { Batch, env } from './lib/batch.mjs';
import { makeDocument } from './lib/document.mjs';
import { findProgram } from './lib/program.mjs';
import { Random } from './lib/random.mjs';
import { readSchema } from './lib/reference.mjs';
import { makeSchema } from './lib/schema.mjs';

// A sanitizer keeps what is freed, which would look like growth.
env.ASAN_OPTIONS = `${env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1`;

const program = findProgram();
const batches = [];
const start = (...words) => {
    const batch = new Batch(program, words);
    batches.push(batch);
    return batch;
};
after(() => batches.forEach((batch) => batch.close()));

// What a process answers to all of its input, as it comes: { lines, status }.
function run(input, ...words) {
    return new Promise((resolve) => {
        const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], env });
        const pieces = [];
        child.stdout.on('data', (piece) => pieces.push(piece));
        child.on('close', (status) => resolve({ lines: Buffer.concat(pieces).toString().split('\n'), status }));
        child.stdin.end(input);
    });
}

const memoryOf = ({ pid }) => Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

const SCHEMA = 'type Query { a: Int }';
const UNKNOWN = { errors: [{ message: 'Cannot query field "b" on type "Query". Did you mean "a"?', locations: [{ line: 1, column: 3 }] }] };

test('each form answers in its own words', async () => {
    const validate = start('validate', '--batch'), document = start('print', 'document', '--batch'), schema = start('print', 'schema', '--batch');
    assert.deepEqual(await validate.ask({ schema: SCHEMA, document: '{ a }' }), { errors: [] });
    assert.deepEqual(await validate.ask({ schema: SCHEMA, document: '{ b }' }), UNKNOWN);
    assert.deepEqual(await validate.ask({ schema: 'type Query { a: B }', document: '{ a }' }), { schemaErrors: [{ message: 'Unknown type "B".', locations: [{ line: 1, column: 17 }] }] });
    assert.deepEqual(await document.ask({ document: '{a}' }), { text: '{\n  a\n}' });
    assert.deepEqual(await document.ask({ document: '{' }), { errors: [{ message: 'Syntax Error: Expected Name, found <EOF>.', locations: [{ line: 1, column: 2 }] }] });
    assert.deepEqual(await schema.ask({ schema: SCHEMA }), { text: 'type Query {\n  a: Int\n}' });
    assert.deepEqual(await schema.ask({ schema: 'type Query' }), { schemaErrors: [{ message: 'Type Query must define one or more fields.', locations: [{ line: 1, column: 1 }] }] });
});

test('ids come back as they were', async () => {
    const ids = ['"\\ud83d"', '"x\\udc00y"', '{"\\ud83d":["\\udbff"]}', '"a\\u0000b"', '{"\\u0000":1}', '"\u202eabc"', '"\\u2028"', '1e20', '1', '"a"', 'null', 'true', '-1.50e+3', '12345678901234567890', '[1,[]]', '{"a":{"b":null}}', '"\\"\\\\\\u0001\u00e4"', '""'];
    const { lines, status } = await run(`${ids.map((id) => `{"document":"{a}","id":${id}}`).join('\n')}\n`, 'print', 'document', '--batch');
    assert.equal(status, 0);
    assert.deepEqual(lines, [...ids.map((id) => `{"id":${id},"text":"{\\n  a\\n}"}`), '']);
});

test('a directive of a built-in name does what the built-in one does', async () => {
    const batch = start('mock', '--batch');
    const ask = (parameters, document, variables) =>
        batch.ask({ schema: `directive @skip${parameters} on FIELD type Query { a: Int b: Query }`, document, variables });
    const failure = (message, column, path) =>
        ({ message, locations: [{ line: 1, column }], ...path && { path }, extensions: { code: 'BAD_USER_INPUT', argument: 'if' } });
    const missing = 'Argument "if" of required type "Boolean!" was not provided.';
    const invalid = (reason) => `Argument "if" has invalid value: ${reason}`;
    assert.deepEqual(await ask('(if: Boolean)', '{ a @skip }'), { errors: [failure(missing, 5)], data: null });
    assert.deepEqual(await ask('', '{ a b { a @skip } }'), { errors: [failure(missing, 11, ['b'])], data: { a: 42, b: null } });
    assert.deepEqual(await ask('(x: Int, if: Boolean!)', '{ a @skip(x: 1, if: true) c: a @skip(if: false, x: 1) }'), { data: { c: 42 } });
    assert.deepEqual(await ask('(if: Boolean)', '{ a @skip(if: null) }'),
        { errors: [failure(invalid('Expected value of non-null type "Boolean!" not to be null.'), 15)], data: null });
    assert.deepEqual(await ask('(if: [Int])', '{ a @skip(if: [1]) }'),
        { errors: [failure(invalid('Boolean cannot represent a non boolean value: [1]'), 15)], data: null });
    assert.deepEqual(await ask('(if: Boolean)', 'query ($v: Boolean) { a @skip(if: $v) }'),
        { errors: [failure(invalid('Expected variable "$v" provided to type "Boolean!" to provide a runtime value.'), 35)], data: null });
    assert.deepEqual(await ask('(if: String)', '{ a @skip(if: """x""") }'),
        { errors: [failure(invalid('Boolean cannot represent a non boolean value: """x"""'), 15)], data: null });
    assert.deepEqual(await ask('(if: String)', 'query ($v: String) { a @skip(if: $v) }', { v: 'true' }), { data: { a: 42 } });
});

test('a subscription is answered with one event', async () => {
    const batch = start('mock', '--batch');
    assert.deepEqual(await batch.ask({ schema: 'type Query { a: Int } type Subscription { b: [Query!]! }', document: 'subscription { b { a } }' }),
        { data: { b: [{ a: 42 }, { a: 42 }] } });
});

test('a message shows all of a value', async () => {
    const batch = start('validate', '--batch');
    const schema = 'type Query { a(b: String): Int }';
    assert.equal((await batch.ask({ schema, document: '{ a(b: ID"a\\u0000b") }' })).errors[0].message, 'Syntax Error: Expected Name, found String "a\0b".');
    const long = (await batch.ask({ schema, document: `{ a(b: [${'"😀" '.repeat(300)}]) }` })).errors[0].message;
    assert.ok(long.isWellFormed() && !long.includes('\ufffd') && long.endsWith('...'));
    assert.ok(Buffer.byteLength(long) > 950 && Buffer.byteLength(long) < 1100);
});

test('a line that is not a case is answered, and the next one is read', async () => {
    const bad = ['', 'x', '{', '[]', '1', '{"id":1}', '{"id":1,"document":null}', '{"id":1,"document":{}}', '{"id":1,"document":"a","document":"b"}', '{"id":1,"document":"{a}"} x'];
    const input = Buffer.concat([...bad.map((line) => Buffer.from(`${line}\n`)), Buffer.from([0xff, 0x0a]), Buffer.from('{"id":2,"document":"{a}"}')]);
    const { lines, status } = await run(input, 'print', 'document', '--batch');
    assert.equal(status, 0);
    assert.equal(lines.pop(), '');
    assert.equal(lines.pop(), '{"id":2,"text":"{\\n  a\\n}"}'); // though nothing ended that line
    assert.equal(lines.length, bad.length + 1);
    for (const line of lines) {
        const { errors } = JSON.parse(line);
        assert.equal(errors.length, 1, line);
        assert.equal(typeof errors[0].message, 'string');
    }
    assert.equal(lines[5], '{"id":1,"errors":[{"message":"The member \\"document\\" is missing."}]}');
});

test('cases may come from a file, and cannot from what is none', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'linnet-batch-'));
    const file = path.join(folder, 'cases');
    writeFileSync(file, '{"id":1,"document":"{a}"}\n');
    const end = (...words) => spawnSync(program, words, { env, encoding: 'utf8' });
    assert.deepEqual(end('print', 'document', '--batch', file).stdout, '{"id":1,"text":"{\\n  a\\n}"}\n');
    for (const [name, status] of [[path.join(folder, 'nothing'), 66], [folder, 74]]) {
        const { status: ended, stdout, stderr } = end('print', 'document', '--batch', name);
        assert.equal(ended, status);
        assert.equal(stdout, '');
        assert.match(stderr, new RegExp(`^${name}: `));
    }
    assert.equal(end('print', 'plan', '--batch', file).status, 64); // there is no such form
    rmSync(folder, { recursive: true });
});

test('answers that cannot be written end the program', () => {
    const full = openSync('/dev/full', 'w');
    for (const count of [1, 5000]) {
        const { status } = spawnSync(program, ['print', 'document', '--batch'], { env, input: '{"document":"{a}"}\n'.repeat(count), stdio: ['pipe', full, 'pipe'] });
        assert.equal(status, 74);
    }
    closeSync(full);
});

test('a line may be long, but not endless', async () => {
    const long = `{"id":1,"document":"{ a(x: \\"${'x'.repeat(5e6)}\\") }"}`;
    const endless = `{"id":2,"document":"${' '.repeat(65 * 1024 * 1024)}"}`;
    const { lines, status } = await run(`${long}\n${endless}\n${long}\n`, 'print', 'document', '--batch');
    assert.equal(status, 0);
    assert.equal(lines.length, 4);
    assert.equal(JSON.parse(lines[0]).text.length, JSON.parse(lines[2]).text.length);
    assert.match(lines[1], /^\{"id":null,"errors":\[\{"message":"The line has more than \d+ bytes\."\}\]\}$/);
});

test('a deep document is refused, and an even deeper line', async () => {
    const batch = start('print', 'document', '--batch');
    const nest = (depth) => `{${'a{'.repeat(depth)}b${'}'.repeat(depth)}}`;
    assert.ok('text' in await batch.ask({ document: nest(990) }));
    assert.match((await batch.ask({ document: nest(100000) })).errors[0].message, /nests deeper/);
    const { lines } = await run(`{"id":1,"document":"{a}","more":${'['.repeat(1e6)}`, 'print', 'document', '--batch');
    assert.equal(lines[0], '{"id":null,"errors":[{"message":"The JSON is nested too deeply."}]}');
});

test('a document may have many tokens, and not too many', async () => {
    const batch = start('validate', '--batch');
    const chain = (length) => `{ ...F0 } ${Array.from({ length }, (_, i) => `fragment F${i} on Query { ${i + 1 < length ? `...F${i + 1}` : 'a'} }`).join(' ')}`;
    assert.deepEqual(await batch.ask({ schema: SCHEMA, document: chain(12000) }), { errors: [] });
    assert.deepEqual(await batch.ask({ schema: SCHEMA, document: `{${' a'.repeat(100000)} }` }),
        { errors: [{ message: 'The document has more than 100000 tokens.', locations: [{ line: 1, column: 200001 }] }] });
});

test('the last schema is kept, and no other taken for it', async () => {
    const batch = start('validate', '--batch');
    const other = 'type Query { b: Int }';
    for (const schema of [SCHEMA, SCHEMA, other, SCHEMA, 'type Query', 'type Query', other, '', SCHEMA]) {
        const answer = await batch.ask({ schema, document: '{ b }' });
        const expected = schema === SCHEMA ? UNKNOWN : schema === other ? { errors: [] } : null;
        if (expected)
            assert.deepEqual(answer, expected);
        else
            assert.equal(answer.schemaErrors.length, 1);
    }
});

test('a schema is given once under a schemaId', async () => {
    const validate = start('validate', '--batch'), mock = start('mock', '--batch'), print = start('print', 'schema', '--batch');
    const other = 'type Query { b: Int }';
    const missing = (id) => ({ errors: [{ message: `No schema is kept under the schemaId ${id}: give it again, as "schema".` }] });
    assert.deepEqual(await validate.ask({ schemaId: 1, schema: SCHEMA, document: '{ b }' }), UNKNOWN);
    assert.deepEqual(await validate.ask({ schemaId: 2, schema: other }), { schemaErrors: [] });
    assert.deepEqual(await validate.ask({ schema: 'type Query { c: Int }', document: '{ c }' }), { errors: [] });
    assert.deepEqual(await validate.ask({ schemaId: 1, document: '{ b }' }), UNKNOWN);
    assert.deepEqual(await validate.ask({ schemaId: 2, document: '{ b }' }), { errors: [] });
    assert.deepEqual(await validate.ask({ schemaId: '2', document: '{ b }' }), missing('"2"'));
    assert.deepEqual(await validate.ask({ schemaId: 3, document: '{ b }' }), missing(3));
    assert.deepEqual(await validate.ask({ schemaId: 1, schema: other, document: '{ b }' }), { errors: [] });
    assert.deepEqual(await validate.ask({ schemaId: 1, document: '{ b }' }), { errors: [] });
    assert.equal((await validate.ask({ schemaId: 1, schema: 'type Query', document: '{ b }' })).schemaErrors.length, 1);
    assert.equal((await validate.ask({ schemaId: 1, document: '{ b }' })).schemaErrors.length, 1);
    assert.deepEqual(await validate.ask({ schemaId: [], document: '{ b }' }), { errors: [{ message: 'The member "schemaId" must be a whole number or a string.' }] });
    assert.deepEqual(await validate.ask({ schemaId: null, document: '{ b }' }), { errors: [{ message: 'The member "schema" is missing.' }] });
    assert.deepEqual(await validate.ask({ schemaId: 2 }), { errors: [{ message: 'The member "document" is missing.' }] });
    assert.deepEqual(await mock.ask({ schemaId: 'x', schema: SCHEMA }), { schemaErrors: [] });
    assert.deepEqual(await mock.ask({ schemaId: 'x', document: '{ a }' }), { data: { a: 42 } });
    assert.deepEqual(await mock.ask({ schemaId: 'x', document: '{ a }' }), { data: { a: 42 } });
    assert.deepEqual(await print.ask({ schemaId: 0, schema: '{' }).then(({ schemaErrors }) => schemaErrors.length), 1);
    assert.deepEqual(await print.ask({ schemaId: 0, schema: SCHEMA }), await print.ask({ schemaId: 0 }));
});

test('of the schemas with a schemaId, those that were used last are kept', async () => {
    const batch = start('validate', '--batch');
    const schema = (id) => `type Query { a${id}: Int }`;
    const ask = (id, text) => batch.ask({ schemaId: id, ...text && { schema: text }, document: `{ a${id} }` });
    await ask('first', schema('first'));
    const before = memoryOf(batch);
    for (let id = 0; id < 16; id++)
        assert.deepEqual(await ask(id, schema(id)), { errors: [] });
    assert.deepEqual(await ask(0), { errors: [] });
    assert.deepEqual(await ask(16, schema(16)), { errors: [] });
    assert.deepEqual(await ask(0), { errors: [] });
    assert.match((await ask(1)).errors[0].message, /^No schema is kept/);
    for (let id = 17; id < 3000; id++)
        await ask(id, schema(id));
    for (let id = 3000 - 16; id < 3000; id++)
        assert.deepEqual(await ask(id), { errors: [] });
    assert.ok(memoryOf(batch) - before < 32 * 1024, `${memoryOf(batch) - before} kB more`);
});

// Of the process, in ticks of the clock.
const workOf = ({ pid }) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0);

test('beside a large schema, documents cost what they cost beside a small one', async (t) => {
    const batch = start('mock', '--batch');
    const type = (i) => `type Type${i} {\n${Array.from({ length: 44 }, (_, f) => `  field${f}(first: Int = 10): [Type${(i * 7 + f) % 1500}!]!\n`).join('')}  id: ID!\n}\n`;
    const small = 'type Query { root: Type0 }\ntype Type0 { id: ID! field1(first: Int = 10): [Type0!]! }';
    const large = `type Query { root: Type0 }\n${Array.from({ length: 1500 }, (_, i) => type(i)).join('')}`;
    const document = (i) => `query ($id: Int) { root { a${i}: id field1(first: $id) { id b: field1(first: ${i}) { id __typename } } } }`;
    const work = [];
    for (const [id, schema] of [['small', small], ['large', large]]) {
        assert.deepEqual(await batch.ask({ schemaId: id, schema }), { schemaErrors: [] });
        await batch.ask({ schemaId: id, document: document(0) });
        const before = workOf(batch);
        for (let i = 0; i < 10000; i += 1000)
            await Promise.all(Array.from({ length: 1000 }, (_, k) => batch.ask({ schemaId: id, document: document(i + k) })));
        work.push(workOf(batch) - before);
    }
    t.diagnostic(`${large.split('\n').length} lines: ${work.join(' and ')} ticks for 10000 documents`);
    assert.ok(work[1] <= 3 * work[0] + 5, work.join(' and '));
});

test('texts that are not Unicode are refused where they are not', async () => {
    const batch = start('print', 'document', '--batch');
    assert.deepEqual(await batch.ask({ document: '{ a \ud800 }' }), { errors: [{ message: 'Syntax Error: Invalid character: U+D800.', locations: [{ line: 1, column: 5 }] }] });
    assert.deepEqual(await batch.ask({ document: '{ a \0 }' }), { errors: [{ message: 'Syntax Error: Unexpected character: U+0000.', locations: [{ line: 1, column: 5 }] }] });
    assert.deepEqual(await batch.ask({ document: '{ a(x: "\0") }' }), { text: '{\n  a(x: "\\u0000")\n}' });
});

test('bindings are not declared', async () => {
    const batch = start('print', 'schema', '--batch');
    assert.deepEqual(await batch.ask({ schema: 'type Query @table(name: "a") { a: Int }' }),
        { schemaErrors: [{ message: 'Unknown directive "@table".', locations: [{ line: 1, column: 12 }] }] });
    const own = 'directive @table on OBJECT\n\ntype Query {\n  a: Int\n}';
    assert.deepEqual(await batch.ask({ schema: own }), { text: own });
});

test('no line of an answer can be taken for two', async () => {
    const { lines } = await run('{"document":"{a(x:\\"\\u2028\\u2029\\u0085\\")}"}\n', 'print', 'document', '--batch');
    assert.equal(lines.join('').split(/[\u2028\u2029]/).length, 1);
    assert.equal(JSON.parse(lines[0]).text, '{\n  a(x: "\u2028\u2029\\u0085")\n}');
});

function makeCases(seed, schemas, documents) {
    return Array.from({ length: schemas }, (_, i) => {
        const text = makeSchema(new Random(seed, i));
        const { schema } = readSchema(text);
        return schema ? Array.from({ length: documents }, (__, k) => ({ schema: text, document: makeDocument(new Random(seed, i, k), schema) })) : [];
    }).flat();
}

test('thousands of cases, without growth', async (t) => {
    const batch = start('validate', '--batch');
    const cases = makeCases(5, 40, 25);
    const askAll = () => Promise.all(cases.map((one) => batch.ask(one)));
    await askAll();
    const before = memoryOf(batch);
    const begin = performance.now();
    for (let i = 0; i < 10; i++)
        await askAll();
    const seconds = (performance.now() - begin) / 1000;
    const grown = memoryOf(batch) - before;
    t.diagnostic(`${Math.round(10 * cases.length / seconds)} cases a second, of about ${Math.round(JSON.stringify(cases).length / cases.length)} bytes; ${before} kB, then ${grown} kB more`);
    assert.ok(grown < 1024, `${grown} kB more after ${10 * cases.length} cases`);
});

test('one case after the other is fast too', async (t) => {
    const batch = start('validate', '--batch');
    const begin = performance.now();
    for (let i = 0; i < 1000; i++)
        await batch.ask({ schema: SCHEMA, document: '{ a }' });
    t.diagnostic(`${Math.round(1e6 / (performance.now() - begin))} cases a second`);
});
