// sqlstates.test.mjs - each error that PostgreSQL may raise, and what a client sees of it.
//
// A function raises every SQLSTATE of PostgreSQL's appendix A, with names that must stay
// secret in all that an error can carry.  Real constraints show which argument an error names.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { sockets } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';

const DATABASE = 'sqlstates';

const raise = (name, kind) => `
CREATE FUNCTION ${name}(state text) RETURNS integer LANGUAGE plpgsql ${kind} AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'SELECT of secret_column violates "secret_key"',
        DETAIL = '17', HINT = 'secret hint', SCHEMA = 'secret_schema', TABLE = 'secret_table',
        COLUMN = 'secret_column', CONSTRAINT = 'secret_key', DATATYPE = 'secret_type';
END $$;`;

const SQL = `
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS btree_gist;
${raise('refuse', 'STABLE')}
${raise('refuse_writing', 'VOLATILE')}

CREATE DOMAIN secret_amount AS integer CHECK (VALUE < 1000);
CREATE TABLE secret_owners (id integer PRIMARY KEY, owner_name text NOT NULL, tenant integer DEFAULT 1);
CREATE UNIQUE INDEX secret_lower ON secret_owners (lower(owner_name));
CREATE TABLE secret_items (
    id integer PRIMARY KEY, owner_id integer CONSTRAINT secret_reference REFERENCES secret_owners,
    code varchar(5) CONSTRAINT secret_unique UNIQUE, amount secret_amount CONSTRAINT secret_check CHECK (amount > 0),
    low integer, high integer, place integer,
    CONSTRAINT secret_order CHECK (low <= high), CONSTRAINT secret_pair UNIQUE (owner_id, place),
    CONSTRAINT secret_exclusion EXCLUDE USING gist (int4range(low, high) WITH &&));
INSERT INTO secret_owners VALUES (1, 'Ada'), (2, 'Bob');
INSERT INTO secret_items VALUES (1, 1, 'a', 5, 1, 3, 1);
ALTER TABLE secret_owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY secret_read ON secret_owners USING (true) WITH CHECK (tenant = 1);
CREATE POLICY secret_all ON secret_items USING (true);
CREATE TABLE secret_log (what text);
CREATE TABLE secret_late (
    id integer PRIMARY KEY, code text CONSTRAINT secret_late_code UNIQUE DEFERRABLE INITIALLY DEFERRED,
    owner_id integer CONSTRAINT secret_late_owner REFERENCES secret_owners DEFERRABLE INITIALLY DEFERRED);
INSERT INTO secret_late VALUES (1, 'a', 1);
ALTER TABLE secret_late ENABLE ROW LEVEL SECURITY;
CREATE POLICY secret_all ON secret_late USING (true);
GRANT SELECT, INSERT ON secret_late TO linnet_anon, linnet_user;
CREATE FUNCTION secret_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.code = 'own' THEN
        RAISE EXCEPTION 'Not this code.' USING ERRCODE = 'LN400', COLUMN = 'code';
    ELSIF NEW.code = 'masked' THEN
        RAISE EXCEPTION 'secret';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER secret_trigger AFTER INSERT ON secret_late DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION secret_check();
CREATE VIEW secret_view WITH (security_invoker = true) AS
    SELECT * FROM secret_items WHERE id < 900 WITH CHECK OPTION;
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_owners, secret_items TO linnet_anon, linnet_user;
GRANT SELECT, INSERT ON secret_view TO linnet_anon, linnet_user;

-- Some parameters have the names of columns, others only the arguments of the contract.
CREATE FUNCTION put_item(id integer, owner_id integer DEFAULT NULL, p_code text DEFAULT NULL,
    amount integer DEFAULT 5, new_low integer DEFAULT 10, new_high integer DEFAULT 20, place integer DEFAULT 9)
RETURNS secret_items LANGUAGE sql BEGIN ATOMIC
    INSERT INTO secret_items VALUES (id, owner_id, p_code, amount, new_low, new_high, place) RETURNING *;
END;
CREATE FUNCTION put_owner(id integer, p_name text, tenant integer DEFAULT 1) RETURNS secret_owners LANGUAGE sql
BEGIN ATOMIC INSERT INTO secret_owners VALUES (id, p_name, tenant) RETURNING *; END;
CREATE FUNCTION drop_owner(id integer) RETURNS secret_owners LANGUAGE sql
BEGIN ATOMIC DELETE FROM secret_owners WHERE secret_owners.id = drop_owner.id RETURNING *; END;
CREATE FUNCTION put_view(id integer) RETURNS secret_items LANGUAGE plpgsql AS $$
DECLARE made secret_items;
BEGIN
    INSERT INTO secret_view (id, low, high) VALUES (id, 900, 901);
    SELECT * INTO made FROM secret_items WHERE secret_items.id = put_view.id;
    RETURN made;
END $$;
CREATE FUNCTION put_late(id integer, code text, owner_id integer DEFAULT 1) RETURNS secret_late LANGUAGE sql
BEGIN ATOMIC INSERT INTO secret_late VALUES (id, code, owner_id) RETURNING *; END;
CREATE FUNCTION put_log(what text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN INSERT INTO secret_log VALUES (what); RETURN 1; END $$;
CREATE FUNCTION take_name(p_name text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    CASE p_name
        WHEN 'x' THEN RAISE EXCEPTION 'no' USING ERRCODE = 'LN400', COLUMN = 'p_name';
        WHEN 'y' THEN RAISE EXCEPTION 'no' USING ERRCODE = 'LN409', COLUMN = 'new_name';
        ELSE RAISE EXCEPTION 'no' USING ERRCODE = 'LN400', COLUMN = 'other';
    END CASE;
END $$;
CREATE FUNCTION write_reading() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN EXECUTE 'INSERT INTO secret_log VALUES (1)'; RETURN 1; END $$;
`;

const CONTRACT = `
type Query {
  refuse(state: String!): Int @function(name: "refuse")
  item(id: ID!): Item
  writeReading: Int @function(name: "write_reading")
}
type Mutation {
  refuseWriting(state: String!): Int @function(name: "refuse_writing")
  putItem(id: Int!, ownerId: Int, code: String @column(name: "p_code"), amount: Int, low: Int @column(name: "new_low"),
    high: Int @column(name: "new_high"), place: Int): Item @function(name: "put_item")
  putOwner(id: Int!, ownerName: String! @column(name: "p_name"), tenant: Int): Owner @function(name: "put_owner")
  dropOwner(id: Int!): Owner @function(name: "drop_owner")
  putView(id: Int!): Item @function(name: "put_view")
  takeName(newName: String! @column(name: "p_name")): Int @function(name: "take_name")
  putLate(id: Int!, code: String!, ownerId: Int): Late @function(name: "put_late")
  putLog(what: String!): Int @function(name: "put_log")
}
type Item @table(name: "secret_items") { id: ID! }
type Late @table(name: "secret_late") { id: ID! }
type Owner @table(name: "secret_owners") { id: ID! }
`;

// The codes that clients see, by the beginning of the SQLSTATE; the longest one counts.
const expected = {
    '': 'INTERNAL_SERVER_ERROR',
    LN400: 'BAD_USER_INPUT',
    LN401: 'UNAUTHENTICATED',
    LN403: 'FORBIDDEN',
    LN404: 'NOT_FOUND',
    LN409: 'CONFLICT',
    LN429: 'RATE_LIMITED',
    '08': 'SERVICE_UNAVAILABLE',
    22: 'BAD_USER_INPUT',
    23: 'BAD_USER_INPUT',
    23001: 'CONFLICT',
    23503: 'NOT_FOUND',
    23505: 'CONFLICT',
    '23P01': 'CONFLICT',
    40001: 'SERVICE_UNAVAILABLE',
    '40P01': 'SERVICE_UNAVAILABLE',
    42501: 'FORBIDDEN',
    44000: 'BAD_USER_INPUT',
    54000: 'BAD_USER_INPUT', // a value too large for an index
    53: 'SERVICE_UNAVAILABLE',
    57014: 'TIMEOUT',
    '57P': 'SERVICE_UNAVAILABLE',
    '55P03': 'TIMEOUT',
};
const codeOf = (state) =>
    expected[
        Object.keys(expected)
            .filter((begin) => state.startsWith(begin))
            .sort((a, b) => b.length - a.length)[0]
    ];

// All states of PostgreSQL, as it lists them itself; and classes that it does not have.
const share = execFileSync('pg_config', ['--sharedir'], { encoding: 'utf8' }).trim();
const states = [
    ...new Set(readFileSync(`${share}/errcodes.txt`, 'utf8').match(/^[0-9A-Z]{5}(?=\s+[EWS]\s)/gm)),
    ...['LN400', 'LN401', 'LN403', 'LN404', 'LN409', 'LN429', 'LN499', 'ZZ001', 'U0001'],
].filter((state) => state !== '00000'); // which is not an error

let folder, server;
before(async () => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE}`, 'postgres');
    psql(SQL, DATABASE);
    folder = mkdtempSync(`${tmpdir()}/linnet-sqlstates.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
    server = await serve(
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1', '--mode', 'production'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
        ...['--limit-root-fields', '1000', '--limit-mutation-fields', '1000'],
    );
});
after(async () => {
    await server.stop();
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

// The error of each alias.
function errorsOf(answer) {
    assert.ok(answer.json.errors?.every(({ path }) => path), answer.text.slice(0, 500));
    const errors = Object.fromEntries(answer.json.errors.map((error) => [error.path[0], error]));
    assert.equal(Object.keys(errors).length, answer.json.errors.length, 'one for each');
    return errors;
}

function assertSilent(text) {
    assert.doesNotMatch(text, /secret|SELECT|INSERT|relation|constraint|violates|PL\/pgSQL/i);
}

test('there are as many states as there should be', () => {
    assert.ok(states.length > 250, String(states.length));
});

// What the application says itself goes to the client as it is, and is all that does.
function assertOwn(state, { message, extensions: { argument, field, constraint, retryAfter } }) {
    assert.equal(message, 'SELECT of secret_column violates "secret_key"');
    assert.deepEqual(
        { argument, field, constraint, retryAfter },
        {
            argument: state === 'LN400' ? 'secret_column' : undefined,
            field: state === 'LN409' ? 'secret_column' : undefined,
            constraint: state === 'LN409' ? 'secret_key' : undefined,
            retryAfter: state === 'LN429' ? 17 : undefined,
        },
    );
}
const isOwn = (state) => state !== 'LN499' && state.startsWith('LN');

for (const [kind, field] of [
    ['query', 'refuse'],
    ['mutation', 'refuseWriting'],
])
    test(`each state, raised in a ${kind}, has its code`, async () => {
        const errors = {};
        for (let i = 0; i < states.length; i += 30) {
            const fields = states.slice(i, i + 30).map((state) => `s${state}: ${field}(state: "${state}")`);
            Object.assign(errors, errorsOf(await server.post(`${kind} { ${fields.join(' ')} }`)));
        }
        const codes = (code) => Object.fromEntries(states.map((state) => [state, code(state)]));
        assert.deepEqual(codes((state) => errors[`s${state}`]?.extensions.code), codes(codeOf));
        for (const state of states) {
            if (isOwn(state)) assertOwn(state, errors[`s${state}`]);
            else assertSilent(JSON.stringify(errors[`s${state}`]));
        }
        assert.deepEqual((await server.post('{ item(id: 1) { id } }')).json, { data: { item: { id: '1' } } });
    });

test('a column that the application names is the argument for it', async () => {
    const answer = await server.post('mutation { a: takeName(newName: "x") b: takeName(newName: "y") c: takeName(newName: "z") }');
    const { a, b, c } = errorsOf(answer);
    assert.equal(a.extensions.argument, 'newName'); // the parameter
    assert.equal(b.extensions.field, 'newName'); // the argument itself
    assert.equal(c.extensions.argument, 'other'); // neither: as it says
});

suite('a real violation', () => {
    const cases = [
        // [field, code, the argument that is named]
        ['putItem(id: 1)', 'CONFLICT', 'id'],
        ['putItem(id: 2, code: "a")', 'CONFLICT', 'code'],
        ['putItem(id: 2, code: "abcdef")', 'BAD_USER_INPUT', undefined],
        ['putItem(id: 2, ownerId: 99)', 'NOT_FOUND', 'ownerId'],
        ['putItem(id: 2, ownerId: 1, place: 1)', 'CONFLICT', 'ownerId'],
        ['putItem(id: 2, amount: 0)', 'BAD_USER_INPUT', 'amount'],
        ['putItem(id: 2, amount: 1000)', 'BAD_USER_INPUT', 'amount'],
        ['putItem(id: 2, low: 30)', 'BAD_USER_INPUT', 'low'],
        ['putItem(id: 2, low: 2, high: 4)', 'CONFLICT', 'low'],
        ['putOwner(id: 3, ownerName: "ADA")', 'CONFLICT', 'ownerName'],
        ['putOwner(id: 3, ownerName: "Eve", tenant: 2)', 'FORBIDDEN', undefined],
        ['dropOwner(id: 1)', 'CONFLICT', undefined],
        // These are found when the transaction ends.
        ['putLate(id: 2, code: "a")', 'CONFLICT', 'code'],
        ['putLate(id: 2, code: "b", ownerId: 99)', 'NOT_FOUND', 'ownerId'],
        ['putLate(id: 2, code: "own")', 'BAD_USER_INPUT', 'code'],
        ['putLate(id: 2, code: "masked")', 'INTERNAL_SERVER_ERROR', undefined],
        ['putView(id: 900)', 'BAD_USER_INPUT', undefined],
    ];
    for (const [field, code, argument] of cases)
        test(`${field} is ${code}${argument ? ` of ${argument}` : ''}`, async () => {
            const answer = await server.post(`mutation { a: ${field} { id } }`);
            const { extensions, message } = errorsOf(answer).a;
            assert.equal(extensions.code, code, message);
            assert.equal(code === 'BAD_USER_INPUT' ? extensions.argument : extensions.field, argument, answer.text);
            assert.equal(extensions.constraint, undefined);
            assertSilent(answer.text);
        });

    test('a right that is missing is FORBIDDEN', async () => {
        const answer = await server.post('mutation { a: putLog(what: "x") }');
        assert.equal(errorsOf(answer).a.extensions.code, 'FORBIDDEN');
        assertSilent(answer.text);
    });

    test('a function that writes in a query is our mistake, and says so', async () => {
        const answer = await server.post('{ a: writeReading }');
        assert.ok(['INTERNAL_SERVER_ERROR', 'FORBIDDEN'].includes(errorsOf(answer).a.extensions.code));
        assertSilent(answer.text);
    });
});
