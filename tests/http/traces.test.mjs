// traces.test.mjs - the header traceparent: what the log says of it, and what PostgreSQL is told.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { asParameters, makeUsers } from './lib/accounts.mjs';
import { request } from './lib/client.mjs';
import { psql, Session } from './lib/database.mjs';
import { patience, sockets } from './lib/environment.mjs';
import { logLines, serve, until } from './lib/processes.mjs';

const DATABASE = 'traces';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736', PARENT = '00f067aa0ba902b7';
const sampled = `00-${TRACE}-${PARENT}-01`, notSampled = `00-${TRACE}-${PARENT}-00`;

const SQL = `
CREATE FUNCTION named() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('application_name') $$;
CREATE TABLE things (id integer PRIMARY KEY, name text NOT NULL DEFAULT current_setting('application_name'));
CREATE TABLE parts (id integer PRIMARY KEY, thing_id integer NOT NULL REFERENCES things);
INSERT INTO things VALUES (1, 'one'), (2, 'two');
INSERT INTO parts VALUES (1, 1), (2, 1), (3, 2);
CREATE FUNCTION make_thing(id integer) RETURNS things LANGUAGE sql AS $$ INSERT INTO things (id) VALUES (id) RETURNING * $$;
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
ALTER TABLE parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_may ON things USING (true);
CREATE POLICY all_may ON parts USING (true);
GRANT USAGE ON SCHEMA public TO linnet_anon, linnet_user;
GRANT SELECT, INSERT ON things, parts TO linnet_anon, linnet_user;
`;
const CONTRACT = `
type Query {
  named: String @function(name: "named")
  things(first: Int = 10): [Thing!]! @order(by: "id")
}
type Mutation { makeThing(id: Int!): Thing @function(name: "make_thing") }
type Thing @table(name: "things") {
  id: ID!
  name: String!
  parts(first: Int = 10): [Part!]! @join(column: "id", to: "thing_id") @order(by: "id")
}
type Part @table(name: "parts") { id: ID! }
`;

let folder, tracing, silent;
before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE}`, 'postgres');
    psql(SQL, DATABASE);
    folder = mkdtempSync(`${tmpdir()}/linnet-traces.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
    const options = [
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1', '--connections', '1'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
    ];
    tracing = await serve(...options, '--trace-sql', 'yes');
    silent = await serve(...options);
});
after(async () => {
    await tracing.stop();
    await silent.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

const send = (server, query, traceparent, parameters) =>
    server.post(query, {}, { parameters: { ...(traceparent && { HTTP_TRACEPARENT: traceparent }), ...parameters } });

// The line of the log of that answer.
function lineOf(server, answer) {
    const id = answer.headers['x-request-id'];
    const lines = () => server.log.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    return until(() => lines().find((line) => line.event === 'request' && line.requestId === id), 5000 * patience, 'its line');
}

suite('the log', () => {
    test('has trace, parent, and a span of its own', async () => {
        const lines = [];
        for (const header of [sampled, notSampled, sampled]) lines.push(await lineOf(silent, await send(silent, '{ named }', header)));
        for (const { trace, parent, span } of lines) {
            assert.deepEqual([trace, parent], [TRACE, PARENT]);
            assert.match(span, /^[0-9a-f]{16}$/);
            assert.notEqual(span, PARENT);
        }
        assert.equal(new Set(lines.map(({ span }) => span)).size, 3);
    });
    test('has none of these for others', async () => {
        const malformed = [undefined, '', 'x', sampled.slice(1), `${sampled}-00`, sampled.toUpperCase(), `${sampled}, ${sampled}`,
            `01${sampled.slice(2)}`, `00-${'0'.repeat(32)}-${PARENT}-01`, '"; DROP TABLE things; --'];
        for (const header of malformed) {
            const answer = await send(tracing, '{ named }', header);
            assert.equal(answer.status, 200, header);
            assert.equal(answer.json.data.named, 'linnet');
            const line = await lineOf(tracing, answer);
            for (const name of ['trace', 'parent', 'span']) assert.ok(!(name in line), `${name} for ${header}`);
        }
    });
    test('says what was asked of PostgreSQL, and for which document', async () => {
        const query = '{ things { id parts(first: 5) { id } } }';
        const { statements, rows, waves, documentHash } = await lineOf(silent, await send(silent, query));
        assert.deepEqual([statements, rows, waves], [2, 5, 2]);
        assert.equal(documentHash, createHash('sha256').update(query).digest('hex').slice(0, 12));
        const refused = await lineOf(silent, await send(silent, '{ nothing }'));
        assert.deepEqual([refused.statements, refused.rows, refused.waves, refused.documentHash], [0, 0, 0, null]);
    });
    test('has it through nginx', async () => {
        const body = JSON.stringify({ query: '{ users(first: 1) { id } }' });
        const answer = await request({
            path: '/graphql',
            method: 'POST',
            headers: { 'content-type': 'application/json', 'content-length': body.length, traceparent: sampled },
            body,
        });
        assert.equal(answer.status, 200);
        const line = await until(
            () => logLines().find(({ event, requestId }) => event === 'request' && requestId === answer.headers['x-request-id']),
            5000 * patience,
            'its line',
        );
        assert.deepEqual([line.trace, line.parent], [TRACE, PARENT]);
    });
    test('says nothing by which a password could be guessed', async () => {
        const body = JSON.stringify({ query: 'mutation { tokenAuth(username: "nobody", password: "canary-1") { token } }' });
        const answer = await request({
            path: '/graphql',
            method: 'POST',
            headers: { 'content-type': 'application/json', 'content-length': body.length },
            body,
        });
        const line = await until(
            () => logLines().find(({ event, requestId }) => event === 'request' && requestId === answer.headers['x-request-id']),
            5000 * patience,
            'its line',
        );
        assert.equal(line.documentHash, null);
    });
});

suite('PostgreSQL', () => {
    const name = async (server, header, parameters) => (await send(server, '{ named }', header, parameters)).json.data.named;

    test('is told of a sampled request, for its transaction alone', async () => {
        assert.equal(await name(tracing, sampled), `linnet/${TRACE}`);
        assert.equal(await name(tracing), 'linnet', 'on the same connection');
        assert.equal(await name(tracing, notSampled), 'linnet');
    });
    test('also for somebody who is signed in, and at the same time for others', async () => {
        const session = new Session();
        const [ada] = await makeUsers(session, 1, { prefix: 'traces' });
        session.close();
        const names = await Promise.all(
            Array.from({ length: 30 }, (_, i) => name(tracing, i % 2 ? sampled : undefined, i % 3 ? asParameters(ada) : {})),
        );
        names.forEach((told, i) => assert.equal(told, i % 2 ? `linnet/${TRACE}` : 'linnet'));
    });
    test('in a mutation and what it reads', async () => {
        const { json, text } = await send(tracing, 'mutation { makeThing(id: 7) { name parts { id } } }', sampled);
        assert.equal(json.data?.makeThing.name, `linnet/${TRACE}`, text);
        assert.equal(await name(tracing), 'linnet');
    });
    test('is told nothing where trace_sql is off', async () => {
        assert.equal(await name(silent, sampled), 'linnet');
    });
    test('never in the text of a statement', async () => {
        const texts = psql(`SELECT string_agg(query, ' ') FROM pg_stat_activity WHERE datname = '${DATABASE}'`, 'postgres');
        assert.doesNotMatch(texts, new RegExp(TRACE));
        assert.match(texts, /SELECT|COMMIT/);
    });
});
