// issuers.test.mjs - tokens of another issuer, on a database of one's own: whose they are, what
// policies read of them, and keys that change.  tests/unit/test_issuer*.c has what is refused.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { psql } from './lib/database.mjs';
import { patience, program, sockets } from './lib/environment.mjs';
import { ourselves, serve, until } from './lib/processes.mjs';

const database = 'linnet_issuers';
const issuer = 'https://sso.example/realms/news';

const schema = `
    CREATE TABLE members (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, is_disabled boolean NOT NULL DEFAULT false);
    CREATE TABLE subjects (issuer text, subject text, member uuid NOT NULL REFERENCES members, PRIMARY KEY (issuer, subject));
    CREATE TABLE notes (id integer PRIMARY KEY, tenant text NOT NULL, member uuid);
    CREATE TABLE calls (subject text);
    ALTER TABLE members ENABLE ROW LEVEL SECURITY;
    CREATE POLICY members_all ON members USING (true);
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY notes_of_tenant ON notes USING (tenant = current_setting('linnet.claim.tenant', true));
    GRANT SELECT ON members, notes TO linnet_anon, linnet_user, linnet_staff;
    INSERT INTO members (name) VALUES ('ada'), ('bob');
    INSERT INTO subjects SELECT '${issuer}', name, id FROM members;
    INSERT INTO notes VALUES (1, 'red', null), (2, 'blue', null), (3, 'red', null);

    CREATE FUNCTION account_of_subject(issuer text, subject text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF subject = 'broken' THEN RAISE EXCEPTION 'secret words'; END IF;
        INSERT INTO calls VALUES (subject);
        RETURN (SELECT member FROM subjects s
                WHERE s.issuer = account_of_subject.issuer AND s.subject = account_of_subject.subject);
    END $$;
    CREATE FUNCTION account_succeeded(id uuid, address text, shown_user text, shown_login text) RETURNS integer
    LANGUAGE sql RETURN 0;
    CREATE FUNCTION me() RETURNS SETOF members LANGUAGE sql STABLE ROWS 1
    AS $$ SELECT * FROM members WHERE id = nullif(current_setting('linnet.user_id', true), '')::uuid $$;
    CREATE FUNCTION setting(name text) RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting(name, true), '') $$;
    CREATE FUNCTION register(name text) RETURNS members
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH made AS (INSERT INTO members (name) VALUES ($1) RETURNING *),
             linked AS (INSERT INTO subjects SELECT current_setting('linnet.issuer'), current_setting('linnet.subject'), id FROM made)
        SELECT * FROM made $$;
    CREATE FUNCTION account_check_session(session text, member uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF session IS NOT NULL OR (SELECT is_disabled FROM members WHERE id = member) THEN
            RAISE EXCEPTION USING ERRCODE = 'LN403', MESSAGE = 'This account is disabled.';
        END IF;
        RETURN true;
    END $$;
    CREATE FUNCTION rename(name text) RETURNS SETOF members
    LANGUAGE sql SECURITY DEFINER ROWS 1 SET search_path = public, pg_temp AS $$
        UPDATE members SET name = $1 WHERE id = nullif(current_setting('linnet.user_id', true), '')::uuid RETURNING * $$;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;`;

const contract = `
    schema @trusted(functions: ["account_of_subject", "account_check_session", "register", "rename"]) { query: Query mutation: Mutation }
    type Query {
        me: Member @function(name: "me") @signedIn(message: "Not logged in!")
        notes: [Note!]! @order(by: "id")
        setting(name: String!): String @function(name: "setting")
    }
    type Mutation {
        register(name: String!): Register @function(name: "register")
        rename(name: String!): Register @function(name: "rename") @signedIn
    }
    type Register @table(name: "members") { id: ID! name: String! }
    type Member @table(name: "members") { id: ID! name: String! }
    type Note @table(name: "notes") { id: ID! tenant: String! }`;

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

// --- the issuer --------------------------------------------------------------

const pairs = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const kid = (pair) =>
    createHash('sha256').update(JSON.stringify(pair.publicKey.export({ format: 'jwk' }))).digest('base64url');
const jwk = (pair) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid: kid(pair), alg: 'ES256', use: 'sig' });

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(sub, { pair = pairs[0], ...changes } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: ['news'], sub, iat: now, exp: now + 300, tenant: { id: 'red' }, ...changes };
    const text = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: kid(pair) })}.${encode(claims)}`;
    return `${text}.${sign('sha256', text, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

let folder, server;
const writeKeys = (...keys) => writeFileSync(`${folder}/jwks.json`, JSON.stringify({ keys: keys.map(jwk) }));

before(async () => {
    psql(`SET client_min_messages = warning; DROP DATABASE IF EXISTS ${database};`);
    psql(`CREATE DATABASE ${database}`);
    psql(schema, database);
    folder = mkdtempSync(`${tmpdir()}/linnet-issuers.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, contract);
    writeFileSync(`${folder}/key`, '0123456789abcdef0123456789abcdef', { mode: 0o600 });
    writeKeys(pairs[0]);
    writeFileSync(
        `${folder}/linnet.conf`,
        `contract = schema.graphql
key_file = key
database = host=${sockets}/postgresql dbname=${database} user=linnet_login
user = ${ourselves}
workers = 1
connections = 1
[issuer sso]
issuer = ${issuer}
audience = news
algorithms = ES256
jwks = jwks.json
role = roles
roles = boss:staff
settings = tenant:tenant.id
`,
    );
    server = await serve('--config', `${folder}/linnet.conf`);
});
after(async () => {
    await server?.stop();
    psql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    rmSync(folder, { recursive: true });
});

const send = async (query, text) => {
    const answer = await server.post(query, {}, { parameters: text ? { HTTP_AUTHORIZATION: `Bearer ${text}` } : {} });
    return answer.json;
};
const ask = async (query, text) => {
    const { data, errors } = await send(query, text);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
};
const calls = (subject) => Number(psql(`SELECT count(*) FROM calls WHERE subject = '${subject}'`, database));

// --- whose tokens they are ---------------------------------------------------

test('a subject is the user that the application says, who is asked for once', async () => {
    const text = token('ada');
    for (let i = 0; i < 20; i++) assert.equal((await ask('{ me { name } }', text)).me.name, 'ada');
    assert.equal(calls('ada'), 1);
    assert.equal((await ask('{ me { name } }', token('bob', { jti: '2' }))).me.name, 'bob');
});

test('policies read the claims that are allowed, and nothing stays on the connection', async () => {
    const query = `{ notes { id } a: setting(name: "linnet.claim.tenant") b: setting(name: "linnet.subject")
        c: setting(name: "linnet.role") d: setting(name: "role") e: setting(name: "linnet.claim.other") }`;
    const nobody = { notes: [], a: null, b: null, c: null, d: 'linnet_anon', e: null };
    const red = { notes: [{ id: '1' }, { id: '3' }], a: 'red', b: 'ada', c: 'user', d: 'linnet_user', e: null };
    const blue = { notes: [{ id: '2' }], a: 'blue', b: 'bob', c: 'staff', d: 'linnet_staff', e: null };
    for (let i = 0; i < 3; i++) {
        assert.deepEqual(await ask(query), nobody);
        assert.deepEqual(await ask(query, token('ada', { other: 'x' })), red);
        assert.deepEqual(await ask(query), nobody);
        assert.deepEqual(await ask(query, token('bob', { tenant: { id: 'blue' }, roles: ['x', 'boss'] })), blue);
        // One statement, which needs no transaction of its own.
        assert.deepEqual(await ask('{ notes { id } }', token('bob', { tenant: {} })), { notes: [] });
        assert.deepEqual(await ask('{ setting(name: "linnet.claim.tenant") }'), { setting: null });
    }
});

test('a subject that is not known is nobody, and may be signed up', async () => {
    const text = token('eve');
    const { data, errors } = await send('{ notes { id } me { name } s: setting(name: "linnet.subject") }', text);
    assert.deepEqual(data, { notes: [{ id: '1' }, { id: '3' }], me: null, s: 'eve' });
    assert.deepEqual(errors.map(({ message, path, extensions }) => [message, path, extensions.code]), [
        ['Not logged in!', ['me'], 'UNAUTHENTICATED'],
    ]);
    const { id } = (await ask('mutation { register(name: "Eve") { id } }', text)).register;
    assert.deepEqual((await ask('{ me { id name } }', text)).me, { id, name: 'Eve' });
    assert.deepEqual((await ask('{ me { id name } }', token('eve', { jti: '2' }))).me, { id, name: 'Eve' });
});

test('who is disabled writes no more at once, though the token is remembered', async () => {
    const text = token('bob', { jti: '3' });
    assert.deepEqual(await ask('mutation { rename(name: "Bob") { name } }', text), { rename: { name: 'Bob' } });
    psql("UPDATE members SET is_disabled = true WHERE name = 'Bob'", database);
    const { data, errors } = await send('mutation { rename(name: "bob") { name } }', text);
    assert.deepEqual([data, errors[0].message, errors[0].extensions.code], [
        { rename: null },
        'This account is disabled.',
        'FORBIDDEN',
    ]);
    assert.equal((await ask('{ me { name } }', text)).me.name, 'Bob');
    psql("UPDATE members SET is_disabled = false, name = 'bob' WHERE name = 'Bob'", database);
});

test('a subject that is a key here is not that user', async () => {
    const id = psql("SELECT id FROM members WHERE name = 'ada'", database);
    assert.equal((await send('{ me { name } }', token(id))).errors[0].extensions.code, 'UNAUTHENTICATED');
});

test('what the function raises is for the log alone', async () => {
    const { data, errors } = await send('{ notes { id } }', token('broken'));
    assert.equal(data, undefined);
    assert.deepEqual(errors.map(({ message, extensions }) => [message, extensions.code]), [
        ['Internal server error.', 'INTERNAL_SERVER_ERROR'],
    ]);
    assert.match(server.log, /account_of_subject\(\): .*secret words/);
    assert.deepEqual(await ask('{ setting(name: "role") }'), { setting: 'linnet_anon' });
});

test('a database that does not know whose subjects they are is a misfit', () => {
    const check = () =>
        spawnSync(program, ['check', '--offline', '--config', `${folder}/linnet.conf`], { env: environment, encoding: 'utf8' });
    const before = check();
    assert.equal(before.status, 0, before.stdout);
    psql('ALTER FUNCTION account_of_subject RENAME TO whose', database);
    const { status, stdout } = check();
    psql('ALTER FUNCTION whose RENAME TO account_of_subject; REVOKE EXECUTE ON FUNCTION account_of_subject FROM PUBLIC, linnet_anon', database);
    const refused = spawnSync(program, ['check', '--config', `${folder}/linnet.conf`], { env: environment, encoding: 'utf8' });
    psql('GRANT EXECUTE ON FUNCTION account_of_subject TO linnet_anon', database);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /PostgreSQL refuses a statement of the server: permission denied for function account_of_subject \(42501\)/);
    assert.equal(status, 1);
    assert.match(stdout, /\[issuer sso\] needs the function account_of_subject\(issuer, subject\)/);
});

test('linnet key list shows the keys of tokens and of issuers, each with its use', () => {
    const { status, stdout } = spawnSync(program, ['key', 'list', '--config', `${folder}/linnet.conf`], {
        env: environment,
        encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.deepEqual(
        stdout.trim().split('\n').slice(1).map((line) => line.split(/  +/)),
        [
            ['HS256', '-', 'signs and verifies our tokens'],
            ['ES256', kid(pairs[0]), 'verifies tokens of sso'],
        ],
    );
});

suite('keys', () => {
    const codeFor = async (text) => (await send('{ me { name } }', text)).errors?.[0].extensions.code;

    test('a file that has changed is read again: new tokens are taken, and known ones are not', async () => {
        const before = token('ada', { jti: 'before' }), later = token('ada', { pair: pairs[1] });
        assert.equal(await codeFor(before), undefined);
        assert.equal(await codeFor(later), 'TOKEN_INVALID');
        writeKeys(pairs[1]);
        await until(async () => (await codeFor(later)) === undefined, 5000 * patience, 'the new key');
        assert.equal(await codeFor(before), 'TOKEN_INVALID');
    });
});
