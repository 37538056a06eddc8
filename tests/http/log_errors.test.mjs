// log_errors.test.mjs - what PostgreSQL says of a value that it refuses is not in Linnet's log.  In its own,
// as ./up sets it up, there are messages alone; and none at all with the setting that docs/security.md names.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { assertErrors } from './lib/client.mjs';
import { psql } from './lib/database.mjs';
import { patience, root, sockets, state } from './lib/environment.mjs';
import { serve, until } from './lib/processes.mjs';

const DATABASE = 'log_errors', MARK = 'mark5d8e';

const SQL = `
CREATE DOMAIN short AS text CHECK (length(value) < 30);
CREATE TABLE things (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,
    size text CHECK (size <> '${MARK}-checked'), word short);
INSERT INTO things (name) VALUES ('${MARK}-there');
CREATE FUNCTION as_number(word text) RETURNS integer LANGUAGE sql STABLE AS $$ SELECT word::integer $$;
CREATE FUNCTION as_time(word text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN word::timestamptz; END $$;
CREATE FUNCTION as_json(word text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT word::json ->> 'a' $$;
CREATE FUNCTION raises(word text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN RAISE EXCEPTION 'no' USING DETAIL = word, HINT = word; END $$;
CREATE FUNCTION warns(word text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE WARNING 'no %', word; RETURN 'x'; END $$;
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_may ON things USING (true);
GRANT USAGE ON SCHEMA public TO linnet_anon, linnet_user;
GRANT SELECT, INSERT (name, size, word) ON things TO linnet_anon, linnet_user;
`;
const CONTRACT = `
type Query {
  things(first: Int = 10): [Thing!]! @order(by: "id")
  asNumber(word: String!): Int @function(name: "as_number")
  asTime(word: String!): String @function(name: "as_time")
  asJson(word: String!): String @function(name: "as_json")
  raises(word: String!): String @function(name: "raises")
  warns(word: String!): String @function(name: "warns")
}
type Mutation { addThing(input: ThingInput!): ThingPayload @insert(table: "things") }
type Thing @table(name: "things") { id: ID! name: String! }
input ThingInput @table(name: "things") { name: String! size: String word: String }
type ThingPayload { thing: Thing }
`;

suite('what PostgreSQL refuses', () => {
    let folder, server;
    const options = () => [
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1', '--connections', '1'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
    ];
    before(async () => {
        psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
        psql(`CREATE DATABASE ${DATABASE}`, 'postgres');
        psql(SQL, DATABASE);
        folder = mkdtempSync(`${tmpdir()}/linnet-log-errors.`);
        chmodSync(folder, 0o755);
        writeFileSync(`${folder}/schema.graphql`, CONTRACT);
        server = await serve(...options());
    });
    after(async () => {
        await server.stop();
        psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
        rmSync(folder, { recursive: true });
    });

    const add = 'mutation ($input: ThingInput!) { addThing(input: $input) { thing { id } } }';
    const theirs = () => readFileSync(`${state}/log/postgresql.log`, 'utf8');

    // The message itself quotes the value.
    const quoted = new Set(['22P02', '22007']);
    for (const [what, query, variables] of [
        ['a key that is there, 23505', add, { input: { name: `${MARK}-there` } }],
        ['a check, 23514', add, { input: { name: `${MARK}-1`, size: `${MARK}-checked` } }],
        ['a domain, 23514', add, { input: { name: `${MARK}-2`, word: MARK.repeat(9) } }],
        ['no number, 22P02', 'query ($word: String!) { asNumber(word: $word) }', { word: MARK }],
        ['no time, 22007', 'query ($word: String!) { asTime(word: $word) }', { word: MARK }],
        ['no JSON, 22P02', 'query ($word: String!) { asJson(word: $word) }', { word: MARK }],
        ['a literal, 22P02', `{ asNumber(word: "${MARK}") }`, {}],
    ])
        test(what, async () => {
            const from = server.log.length, size = theirs().length;
            const answer = await server.post(query, variables);
            assert.equal(assertErrors(answer).length, 1);
            await until(() => server.log.includes(answer.headers['x-request-id']), 5000 * patience, 'its line');
            // It has come that far, and the log says why.
            const lines = server.log.slice(from).trimEnd().split('\n').map((line) => JSON.parse(line));
            const [, code] = what.split(', ');
            assert.equal(lines.filter(({ message }) => message?.startsWith(`refused: ${code} `)).length, 1, server.log);
            assert.ok(!server.log.includes(MARK), server.log);
            if (!quoted.has(code)) assert.ok(!theirs().slice(size).includes(MARK));
        });
    test('in what PostgreSQL says beside its message, which a function has raised', async () => {
        const size = theirs().length;
        const answer = await server.post('query ($word: String!) { raises(word: $word) warns(word: $word) }', { word: MARK });
        assert.equal(assertErrors(answer).length, 1);
        await until(() => server.log.includes(answer.headers['x-request-id']), 5000 * patience, 'its line');
        assert.match(server.log, /statement failed: P0001 no; PL\/pgSQL function raises\(text\) line 2 at RAISE/);
        assert.ok(!server.log.includes(MARK), server.log);
        const lines = theirs().slice(size).split('\n').filter((line) => !line.includes('WARNING:'));
        assert.match(lines.join('\n'), /linnet_login@log_errors ERROR: {2}no$/m);
        assert.ok(!lines.join('\n').includes(MARK));
    });
    test("all of it, in PostgreSQL's log, by the setting of the manual", async () => {
        const statement = /ALTER ROLE linnet_login SET log_min_messages = \w+/.exec(readFileSync(`${root}/docs/security.md`, 'utf8'))[0];
        psql(statement.replace(' SET ', ` IN DATABASE ${DATABASE} SET `), DATABASE);
        const quiet = await serve(...options());
        const size = theirs().length, other = 'mark77aa';
        const answer = await quiet.post('query ($word: String!) { asNumber(word: $word) asTime(word: $word) warns(word: $word) }', { word: other });
        assert.equal(assertErrors(answer).length, 2);
        assert.ok(!theirs().slice(size).includes(other));
        assert.match((await quiet.stop(), quiet.log), /refused: 22P02 invalid input syntax for type integer: \.\.\./);
        assert.ok(!quiet.log.includes(other), quiet.log);
    });
});
