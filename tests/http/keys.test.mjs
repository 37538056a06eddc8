// keys.test.mjs - accounts with keys of other types than integer: for each type a database
// with a table of users and the functions that signing up and in needs.  Roles have other
// names, too.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, suite, test } from 'node:test';

import { goodPassword } from './lib/accounts.mjs';
import { psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-keys.`);
after(() => rmSync(directory, { recursive: true }));

const keyFile = `${directory}/key`;
writeFileSync(keyFile, '0123456789abcdef0123456789abcdef', { mode: 0o600 });
const contract = `${directory}/schema.graphql`;
writeFileSync(
    contract,
    `type Query { me: Member @function(name: "me") @signedIn }
    type Mutation {
        createUser(username: String!, password: String!, email: String!): CreateUser
            @resolver(name: "create_user")
        tokenAuth(username: String!, password: String!): Token @resolver(name: "token_auth")
    }
    type Member @table(name: "members") { id: ID! username: String! }
    type CreateUser { user: Member }
    type Token { token: String! user: Member }`,
);

// A hash of `password1` in 8 MiB and one pass: less than the server's own.
const weakHash =
    '$argon2id$v=19$m=8192,t=1,p=1$ibGEgwxm4r1E304dBQ+PLw$XZiM1f2g0Hy+RyjUHoB0ik8lkLAhPB6Jc2nWp1L1Kwc';

// What the server asks for, and no more.
const schema = (type, initial) => `
    CREATE SEQUENCE ids START 9007199254740993;
    CREATE TABLE members (
        id ${type} PRIMARY KEY DEFAULT ${initial},
        username text NOT NULL UNIQUE,
        hash text NOT NULL,
        logins integer NOT NULL DEFAULT 0,
        renewals integer NOT NULL DEFAULT 0
    );
    GRANT SELECT ON members TO linnet_anon, linnet_user;
    CREATE FUNCTION account_may_create(name text, address text, most integer, span integer)
    RETURNS integer
    LANGUAGE sql RETURN 0;
    CREATE FUNCTION account_not_created(address text) RETURNS void
    LANGUAGE sql AS '';
    CREATE FUNCTION account_create(name text, hash text, email text) RETURNS ${type}
    LANGUAGE sql SECURITY DEFINER
    AS 'INSERT INTO members (username, hash) VALUES ($1, $2) RETURNING id';
    CREATE FUNCTION account_find(name text)
    RETURNS TABLE (user_id ${type}, username text, password_hash text, is_disabled boolean, role text)
    LANGUAGE sql SECURITY DEFINER
    AS 'SELECT id, username, hash, false, ''member'' FROM members WHERE username = name';
    CREATE FUNCTION account_delay(name text, address text, shown_user text, shown_login text)
    RETURNS integer
    LANGUAGE sql RETURN 0;
    CREATE FUNCTION account_failed(name text, address text, shown_user text, shown_login text)
    RETURNS integer
    LANGUAGE sql RETURN 0;
    CREATE FUNCTION account_succeeded(user_id ${type}, address text, shown_user text, shown_login text)
    RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    AS 'UPDATE members SET logins = logins + 1 WHERE id = user_id RETURNING 0';
    CREATE FUNCTION account_set_hash(user_id ${type}, old_hash text, new_hash text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    AS 'UPDATE members SET hash = new_hash, renewals = renewals + 1
        WHERE id = user_id AND hash = old_hash RETURNING true';
    CREATE FUNCTION me() RETURNS SETOF members
    LANGUAGE sql STABLE ROWS 1
    AS 'SELECT * FROM members
        WHERE id = nullif(current_setting(''linnet.user_id'', true), '''')::${type}';`;

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

function answer(database, document, options) {
    const { stdout, stderr } = spawnSync(
        program,
        [
            ...['query', '-', '--contract', contract, '--key-file', keyFile],
            ...['--database', `host=${sockets}/postgresql dbname=${database} user=linnet_login`],
            ...['--roles', 'member:linnet_user keeper'],
            ...options,
        ],
        { input: document, env: environment, encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    return JSON.parse(stdout);
}

function ask(database, document, options = []) {
    const { data, errors } = answer(database, document, options);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
}

const types = [
    { type: 'bigint', initial: "nextval('ids')", form: /^9007199254740993$/ },
    { type: 'uuid', initial: 'gen_random_uuid()', form: /^[0-9a-f]{8}-[0-9a-f-]{27}$/ },
    { type: 'text', initial: `'a "\\' || nextval('ids')`, form: /^a "\\9007199254740993$/ },
];

for (const { type, initial, form } of types)
    suite(`users with a key of ${type}`, () => {
        const database = `linnet_keys_${type}`;
        const account = `username: "ada", password: "${goodPassword}"`;

        psql(`SET client_min_messages = warning; DROP DATABASE IF EXISTS ${database};`);
        psql(`CREATE DATABASE ${database}`);
        psql(schema(type, initial), database);

        test('sign up, sign in, and ask who one is', () => {
            const { user } = ask(
                database,
                `mutation { createUser(${account}, email: "a@example.org") { user { id username } } }`,
            ).createUser;
            assert.match(user.id, form);
            assert.deepEqual(user, { id: psql('SELECT id FROM members', database), username: 'ada' });
            // No code of LN: the table refuses it.
            const { errors } = answer(database, `mutation { createUser(${account}, email: "a@example.org") { user { id } } }`, []);
            assert.deepEqual([errors[0].extensions.code, errors[0].extensions.field], ['CONFLICT', 'username']);

            const { tokenAuth } = ask(database, `mutation { tokenAuth(${account}) { token user { id } } }`);
            assert.equal(tokenAuth.user.id, user.id);
            const claims = JSON.parse(Buffer.from(tokenAuth.token.split('.')[1], 'base64url'));
            assert.equal(claims.sub, user.id);
            assert.equal(claims.role, 'member');
            assert.equal(psql('SELECT logins FROM members', database), '1');

            assert.deepEqual(ask(database, '{ me { id username } }', ['--as', user.id]).me, user);
        });

        if (type !== 'text')
            test('a key that is not one is an invalid token', () => {
                const { data, errors } = answer(database, '{ me { id } }', ['--as', 'x']);
                assert.deepEqual(data, { me: null });
                assert.equal(errors[0].extensions.code, 'TOKEN_INVALID');
            });

        test('a weak hash is replaced at the login', () => {
            psql(`UPDATE members SET hash = '${weakHash}'`, database);
            ask(database, 'mutation { tokenAuth(username: "ada", password: "password1") { token } }');
            assert.equal(psql('SELECT renewals FROM members', database), '1');
        });
    });
