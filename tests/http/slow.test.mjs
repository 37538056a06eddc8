// slow.test.mjs - statements that take long: their lines in the log, and PostgreSQL's plan of them,
// without any value of a request.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';

import { asParameters, makeUsers } from './lib/accounts.mjs';
import { psql, Session } from './lib/database.mjs';
import { patience, sockets } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';

const DATABASE = 'slow';
const SQL = `
CREATE FUNCTION delay() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_sleep(0.25); RETURN true; END $$;
CREATE TABLE secrets (id integer PRIMARY KEY, word text NOT NULL);
INSERT INTO secrets VALUES (1, 'canary-one'), (2, 'canary-two');
CREATE TABLE words (id integer PRIMARY KEY, word text NOT NULL);
INSERT INTO words VALUES (1, 'canary-one');
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE words ENABLE ROW LEVEL SECURITY;
CREATE POLICY slowly ON secrets USING (delay() AND current_setting('linnet.user_id', true) <> '');
CREATE POLICY all_may ON words USING (true);
CREATE FUNCTION add_word(id integer, word text) RETURNS words LANGUAGE sql AS $$ INSERT INTO words SELECT id, word FROM pg_sleep(0.25) RETURNING * $$;
GRANT USAGE ON SCHEMA public TO linnet_anon, linnet_user;
GRANT SELECT ON secrets TO linnet_user;
GRANT SELECT, INSERT ON words TO linnet_anon, linnet_user;
`;
const CONTRACT = `
type Query {
  secrets(word: String): [Secret!]! @order(by: "id")
  words(word: String): [Word!]! @order(by: "id")
}
type Mutation { addWord(id: Int!, word: String!): Word @function(name: "add_word") }
type Secret @table(name: "secrets") { id: ID! word: String! }
type Word @table(name: "words") { id: ID! word: String! }
`;

let folder, ada, server;
before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE}`, 'postgres');
    psql(SQL, DATABASE);
    folder = mkdtempSync(`${tmpdir()}/linnet-slow.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
    const session = new Session();
    [ada] = await makeUsers(session, 1, { prefix: 'slow' });
    session.close();
});
after(() => {
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

async function during(options, work) {
    server = await serve(
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1', '--connections', '2'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
        ...options,
    );
    try {
        await work();
    } finally {
        await server.stop();
    }
}

const lines = (event) =>
    server.log.split('\n').slice(0, -1).map((line) => JSON.parse(line)).filter((line) => line.event === event);
const ask = (query, variables, user) => server.post(query, variables, { parameters: asParameters(user) });
const find = 'query Find($w: String) { secrets(word: $w) { id word } }';

async function planOf(requestId) {
    const parts = await until(() => {
        const found = lines('plan').filter((line) => line.requestId === requestId);
        return found.length > 0 && found.length === found[0].parts && found;
    }, 10000 * patience, 'a plan');
    assert.deepEqual(parts.map(({ part }) => part), parts.map((_, i) => i + 1));
    return JSON.parse(parts.map(({ plan }) => plan).join(''));
}

test('a slow statement is logged, and its plan as the role of the request, once', () =>
    during(['--slow-statement', '200'], async () => {
        const fast = await ask('{ words(word: "canary-one") { id } }');
        assert.deepEqual(fast.json, { data: { words: [{ id: '1' }] } });
        const answers = [];
        for (const w of ['canary-one', 'canary-two']) answers.push(await ask(find, { w }, ada));
        assert.equal(answers[0].json.data.secrets[0].word, 'canary-one', answers[0].text);
        const id = answers[0].headers['x-request-id'];
        const slow = await until(() => lines('slow').length >= 2 && lines('slow'), 5000 * patience, 'two lines');
        assert.equal(slow.length, 2);
        assert.equal(slow[0].level, 'warning');
        assert.equal(slow[0].requestId, id);
        assert.equal(slow[0].documentHash, createHash('sha256').update(find).digest('hex').slice(0, 12));
        assert.deepEqual([slow[0].wave, slow[0].rows], [1, 1]);
        assert.ok(slow[0].milliseconds >= 200, slow[0].milliseconds);
        assert.match(slow[0].sql, /^SELECT .*secrets.*\$1/);
        const [{ Plan: plan }] = await planOf(id);
        const text = JSON.stringify(plan);
        assert.match(text, /"Relation Name":"secrets"/);
        assert.match(text, /delay\(\)/, "the policy is a part of it, so it is the user's plan");
        assert.match(text, /\$1/, 'it is a generic one');
        // The connection that it was asked on is as it was.
        assert.equal((await ask(find, { w: 'canary-two' }, ada)).json.data.secrets[0].id, '2');
        assert.equal((await ask('{ words { id } }')).json.data.words.length, 1);
        await until(() => lines('slow').length === 3, 5000 * patience, 'a third line');
        assert.deepEqual(new Set(lines('plan').map(({ requestId }) => requestId)), new Set([id]), 'one plan');
        assert.doesNotMatch(server.log, /canary/);
        assert.doesNotMatch(server.log, /cannot be explained|connection lost/);
    }));

test('a write, too, which is not done again by that', () =>
    during(['--slow-statement', '200'], async () => {
        const added = await ask('mutation { addWord(id: 5, word: "canary-five") { id } }', {}, ada);
        assert.deepEqual(added.json, { data: { addWord: { id: '5' } } }, added.text);
        const [{ Plan: plan }] = await planOf(added.headers['x-request-id']);
        assert.ok(plan['Node Type']);
        assert.equal(psql('SELECT count(*) FROM words WHERE id = 5', DATABASE), '1');
        assert.doesNotMatch(server.log, /canary/);
    }));

test('0: none is slow', () =>
    during(['--slow-statement', '0'], async () => {
        await ask(find, { w: 'canary-one' }, ada);
        await until(() => lines('request').length >= 2, 5000 * patience, 'its line');
        assert.deepEqual([lines('slow'), lines('plan')], [[], []]);
        assert.doesNotMatch(server.log, /canary/);
    }));

test('what is refused or times out says no value either', () =>
    during(['--slow-statement', '50', '--limit-database-time', '100'], async () => {
        const late = await ask(find, { w: 'canary-one' }, ada);
        assert.equal(late.json.errors?.[0].extensions.code, 'TIMEOUT', late.text);
        await ask('{ words(word: "canary \\" \' $1") { id } }');
        await ask('{ words(canary: "canary") { id } }');
        await ask('{ words(word: canary) { id } }');
        await ask('query ($canary: Int!) { words(word: $canary) { id } }', { canary: 'canary' });
        await until(() => lines('slow').length > 0 && lines('request').length >= 5, 5000 * patience, 'lines');
        assert.doesNotMatch(server.log, /canary/);
    }));
