// trial.test.mjs - linnet check asks the database: rights, functions, policies, locks; and what
// a role may not use is refused to it before any SQL.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { Session, psql } from './lib/database.mjs';
import { program, sockets } from './lib/environment.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-trial.`);
const database = `trial_${process.pid}`;
const contract = `${directory}/schema.graphql`;

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));

const schema = `
    CREATE TABLE open (id int PRIMARY KEY, name text NOT NULL, secret text);
    CREATE TABLE closed (id int PRIMARY KEY, open_id int REFERENCES open);
    CREATE TABLE guarded (id int PRIMARY KEY);
    CREATE TABLE numbered (id serial PRIMARY KEY, open_id int REFERENCES open, name text);
    INSERT INTO open VALUES (1, 'one', 'hidden');
    GRANT SELECT, INSERT ON numbered TO linnet_anon, linnet_user, linnet_staff;
    GRANT USAGE ON SEQUENCE numbered_id_seq TO linnet_staff;
    GRANT SELECT (id, name) ON open TO linnet_anon;
    GRANT SELECT ON open TO linnet_user, linnet_staff;
    GRANT SELECT ON guarded TO linnet_anon, linnet_user, linnet_staff;
    CREATE FUNCTION refused() RETURNS int LANGUAGE sql STABLE RETURN 1;
    REVOKE EXECUTE ON FUNCTION refused() FROM PUBLIC;
    CREATE FUNCTION double(open) RETURNS int LANGUAGE sql STABLE RETURN $1.id * 2;
    CREATE FUNCTION add(name text) RETURNS open LANGUAGE sql
        AS 'INSERT INTO open (id, name) VALUES (2, name) RETURNING *';
    CREATE FUNCTION who() RETURNS int LANGUAGE plpgsql IMMUTABLE
        AS 'BEGIN RAISE EXCEPTION ''nobody is signed in''; END';
    ALTER TABLE open ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE closed ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    ALTER TABLE numbered ENABLE ROW LEVEL SECURITY;
    CREATE POLICY all_rows ON numbered USING (true);
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY all_rows ON open USING (true);
    CREATE POLICY own_rows ON guarded USING (id = who());`;

function run(sdl, command, options = [], input = '') {
    writeFileSync(contract, sdl);
    const { stdout, stderr, status } = spawnSync(
        program,
        [
            ...[command, ...options, '--contract', contract],
            ...['--database', `host=${sockets}/postgresql dbname=${database} user=linnet_login`],
        ],
        { input, env: environment, encoding: 'utf8' },
    );
    return { lines: stdout.replaceAll(/^.*schema\.graphql:/gm, '').replaceAll(/^ /gm, '').trim().split('\n'), stderr, status };
}

const check = (sdl, ...options) => run(sdl, 'check', options);

function ask(sdl, document, ...options) {
    const { lines, stderr, status } = run(sdl, 'query', ['-', ...options], document);
    assert.equal(stderr, '');
    const { data, errors = [] } = JSON.parse(lines[0]);
    assert.equal(status, errors.length > 0 ? 1 : 0);
    return { data, codes: errors.map(({ path, extensions }) => `${path.join('.')} ${extensions.code}`) };
}

const type = 'type Open @table(name: "open") { id: ID! name: String! secret: String }';

before(() => {
    psql(`CREATE DATABASE ${database}`);
    psql(schema, database);
});
after(() => {
    psql(`DROP DATABASE ${database} WITH (FORCE)`);
    rmSync(directory, { recursive: true });
});

suite('C functions', () => {
    const statement = (field) => `type Query { open: [Open!]! } ${type} type Mutation { ${field} }`;
    const token = ' } type Token { token: String refreshToken: String!';
    const revoke = 'revokeToken(refreshToken: String): Done @resolver(name: "revoke_token") } type Done { revoked: Int';

    test('one whose SQL functions the database does not have is a misfit', () => {
        for (const [field, missing] of [
            ['createUser(username: String!, password: String!, email: String!): User @resolver(name: "create_user") } type User { user: Open', 'account_may_create'],
            ['tokenAuth(username: String!, password: String!): Auth @resolver(name: "token_auth") } type Auth { token: String', 'account_delay'],
            ['refreshToken(token: String, refreshToken: String): Refresh @resolver(name: "refresh_token") } type Refresh { token: String', 'account_open_session'],
            [revoke, 'account_open_session'],
            ['changePassword(oldPassword: String!, newPassword: String!): Done @resolver(name: "change_password") } type Done { changed: Boolean', 'account_owner'],
        ]) {
            const { lines, status } = check(statement(field));
            assert.equal(status, 1);
            const found = lines.filter((line) => !line.includes('note: '));
            assert.equal(found.length, 2, lines.join('\n'));
            const [name] = field.split('(');
            assert.match(found[0], new RegExp(`^1:\\d+: Mutation.${name}: PostgreSQL refuses a statement of resolver \\w+: function ${missing}\\(.*\\) does not exist \\(42883\\); add what is missing`));
        }
    });

    test('so is one that the anonymous role may not call, or that takes other types', () => {
        const misfit = () => check(statement(revoke)).lines.filter((line) => !line.includes('note: '))[0];
        psql(`CREATE FUNCTION account_open_session(integer, text, text, bigint, integer, integer, text DEFAULT NULL, OUT session_id uuid, OUT ends bigint, OUT role text)
                LANGUAGE plpgsql AS 'BEGIN RETURN; END';
            CREATE FUNCTION account_refresh(text, text, integer, integer, OUT outcome text, OUT session_id uuid, OUT user_id integer,
                OUT username text, OUT role text, OUT login bigint, OUT ends bigint) LANGUAGE plpgsql AS 'BEGIN RETURN; END';
            CREATE FUNCTION account_revoke(integer) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'`, database);
        assert.match(misfit(), /function account_revoke\(text\) does not exist/);
        psql(`DROP FUNCTION account_revoke; CREATE FUNCTION account_revoke(text) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
            REVOKE EXECUTE ON FUNCTION account_revoke FROM PUBLIC`, database);
        assert.match(misfit(), /permission denied for function account_revoke \(42501\)/);
        psql('GRANT EXECUTE ON FUNCTION account_revoke TO linnet_anon', database);
        assert.match(misfit(), /^fits the database/);
        psql('DROP FUNCTION account_revoke, account_refresh, account_open_session', database);
    });

    test('so is a mutation whose session cannot be asked for', () => {
        const found = () => check(`type Query { open: [Open!]! } ${type} type Mutation { add(name: String!): Open @function(name: "add") }`).lines;
        psql(`CREATE FUNCTION account_check_session(text, int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
            REVOKE EXECUTE ON FUNCTION account_check_session FROM PUBLIC`, database);
        assert.match(found().find((line) => !line.includes('note: ')), /PostgreSQL refuses a statement of the server: permission denied for function account_check_session \(42501\); GRANT/);
        psql('GRANT EXECUTE ON FUNCTION account_check_session TO linnet_anon', database);
        assert.match(found().at(-1), /^fits the database/);
        psql('DROP FUNCTION account_check_session', database);
    });

    test('a refresh token that is null must not have a "!"', () => {
        const refresh = 'refreshToken(token: String, refreshToken: String): Token @resolver(name: "refresh_token")' + token;
        assert.match(check(statement(refresh)).lines[0], /: Token.refreshToken: resolver refresh_token may return null here; remove the "!"\.$/);
        psql(`CREATE FUNCTION account_delay(text, text, text, text) RETURNS int LANGUAGE sql RETURN 0;
            CREATE FUNCTION account_failed(text, text, text, text) RETURNS int LANGUAGE sql RETURN 0;
            CREATE FUNCTION account_succeeded(int, text, text, text) RETURNS int LANGUAGE sql RETURN 0;
            CREATE FUNCTION account_set_hash(int, text, text) RETURNS int LANGUAGE sql RETURN 0;
            CREATE FUNCTION account_find(text, OUT user_id int, OUT username text, OUT password_hash text, OUT is_disabled boolean,
                OUT role text) LANGUAGE plpgsql AS 'BEGIN RETURN; END'`, database);
        const signIn = 'tokenAuth(username: String!, password: String!): Token @resolver(name: "token_auth")' + token;
        const { lines } = check(statement(signIn));
        assert.match(lines.find((line) => !line.includes('note: ')), /: Token.refreshToken: it is null, since the database has no function account_open_session\(\); remove the "!"\.$/);
        assert.match(check(statement(signIn).replace('refreshToken: String!', 'refreshToken: String')).lines.at(-1), /^fits the database/);
        psql('DROP FUNCTION account_delay, account_failed, account_succeeded, account_set_hash, account_find', database);
    });
});

suite('rights', () => {
    test('a table that nobody may read is a misfit, with the GRANT', () => {
        const { lines, status } = check('type Query { closed: [Closed!]! } type Closed @table(name: "closed") { id: ID! }');
        assert.deepEqual(lines, [
            '1:14: Query.closed: linnet_anon, linnet_user, linnet_staff may not read table closed; GRANT SELECT ON closed TO linnet_anon, linnet_user, linnet_staff;',
            'does not fit the database: 1 misfit, 0 notes',
        ]);
        assert.equal(status, 1);
    });

    test('so is a function that nobody may call', () => {
        const { lines } = check('type Query { refused: Int @function(name: "refused") }');
        assert.match(lines[0], /^1:14: Query.refused: .* may not call function refused; GRANT EXECUTE ON FUNCTION refused\(\) TO/);
    });

    test('a default that draws from a sequence needs a right of its own', () => {
        const sdl = (id) => `type Query { numbered: [Numbered!]! } type Numbered @table(name: "numbered") { id: ID! name: String }
            type Mutation { add(input: NumberedInput!): Numbered @insert(table: "numbered")  all(input: [NumberedInput!]!): [Numbered!] @insert(table: "numbered") }
            input NumberedInput { ${id} name: String }`;
        const found = (id) => check(sdl(id)).lines.filter((line) => /\.(add|all):/.test(line)).map((line) => line.replace(/^\d+:\d+: /, ''));
        const lacks = (roles) => `${roles} may not use the sequence for the default of numbered.id; GRANT USAGE ON SEQUENCE numbered_id_seq TO ${roles};`;
        const draws = 'mutation { add(input: { name: "x" }) { name } all(input: [{ id: 7 }, { name: "x" }]) { name } }';
        assert.deepEqual(found('id: ID'), ['add', 'all'].map((name) => `note: Mutation.${name}: ${lacks('linnet_anon, linnet_user')}`));
        assert.deepEqual(found('id: ID!'), []);
        assert.deepEqual(ask(sdl('id: ID'), draws, '--as', '1'), { data: { add: null, all: null }, codes: ['add FORBIDDEN', 'all FORBIDDEN'] });
        assert.deepEqual(ask(sdl('id: ID'), 'mutation { add(input: { id: 5, name: "x" }) { id } }'), { data: { add: { id: '5' } }, codes: [] });
        psql('REVOKE USAGE ON SEQUENCE numbered_id_seq FROM linnet_staff', database);
        assert.deepEqual(found('id: ID'), ['add', 'all'].map((name) => `Mutation.${name}: ${lacks('linnet_anon, linnet_user, linnet_staff')}`));
        psql('GRANT USAGE ON SEQUENCE numbered_id_seq TO linnet_staff, linnet_user, linnet_anon', database);
        assert.deepEqual(found('id: ID'), []);
        assert.deepEqual(ask(sdl('id: ID'), draws, '--as', '1').codes, []);
    });

    test('a relation to it is a misfit at the field alone', () => {
        const { lines } = check(
            `type Query { open: [Open!]! } type Open @table(name: "open") { id: ID! closeds: [Closed!]! }
            type Closed @table(name: "closed") { id: ID! }`,
        );
        assert.equal(lines.length, 2, lines.join('\n'));
        assert.match(lines[0], /: Open.closeds: .* may not read table closed/);
    });

    test('a condition is tried where a field of Query takes its filter, and not within each other', () => {
        const { lines } = check(
            `type Query { others(where: OtherFilter): [Open!]!  secrets(where: OpenFilter): [Open!]! }
            ${type} input S { eq: String } input OpenFilter @table(name: "open") { secret: S  and: [OpenFilter!] }
            input OtherFilter @table(name: "open") { name: S  and: [OpenFilter!] }`,
        );
        assert.deepEqual(lines.filter((line) => line.includes('where:')).map((line) => line.replace(/^\d+:\d+: (.*Filter\.\w+):.*$/, '$1')), [
            'note: Query.secrets(where:) OpenFilter.secret',
        ]);
    });

    test('what some roles may use is a note, and --strict takes it for a misfit', () => {
        const sdl = `type Query { open: [Open!]! } ${type}`;
        const { lines, status } = check(sdl);
        assert.equal(lines[0].replace(/^\d+:\d+: /, ''), 'note: Open.secret: linnet_anon may not read column open.secret; GRANT SELECT (secret) ON open TO linnet_anon;');
        assert.equal(lines[1], 'fits the database, with 1 note');
        assert.equal(status, 0);
        assert.equal(check(sdl, '--strict').status, 1);
        assert.deepEqual(check(sdl, '--offline', '--strict').lines, ['fits the database']);
    });

    test('--strict counts the keys that the contract declares', () => {
        const sdl = (key) => `type Query { pairs: [Pair!]! } type Pair @table(name: "pairs", key: [${key}], rows: ALL) { a: Int }`;
        psql(`CREATE VIEW pairs AS SELECT * FROM (VALUES (1, 1), (1, 2), (2, 1)) AS p(a, b);
            GRANT SELECT ON pairs TO linnet_anon, linnet_user, linnet_staff`, database);
        assert.deepEqual(check(sdl('"a", "b"'), '--strict').lines, ['fits the database']);
        assert.deepEqual(check(sdl('"a"')).lines, ['fits the database']);
        const { lines, status } = check(sdl('"a"'), '--strict');
        assert.equal(lines[0], '1:37: note: Pair: 1 values of the key ("a") have several rows of pairs each; declare one that identifies a row with @table(key:).');
        assert.equal(status, 1);
        psql('DROP VIEW pairs', database);
    });

    test('a field with @signedIn is not tried for anonymous requests', () => {
        const sdl = `type Query { open: [Open!]! @signedIn } ${type}`;
        assert.deepEqual(check(sdl).lines, ['fits the database']);
    });

    test('to such a role the field is refused, and its neighbours are answered', () => {
        const sdl = `type Query { open(secret: String): [Open!]! } ${type}`;
        const document = '{ open { id secret } }';
        assert.deepEqual(ask(sdl, document), {
            data: { open: [{ id: '1', secret: null }] },
            codes: ['open.0.secret UNAUTHENTICATED'],
        });
        assert.deepEqual(ask(sdl, document, '--as', '7'), { data: { open: [{ id: '1', secret: 'hidden' }] }, codes: [] });
        assert.deepEqual(ask(sdl, '{ a: open(secret: "hidden") { id } b: open { id } }').codes, ['a UNAUTHENTICATED']);
    });

    test('a row function needs all columns of its table', () => {
        const sdl = `type Query { open: [Open!]! }
            type Open @table(name: "open") { id: ID! double: Int @function(name: "double") }`;
        assert.deepEqual(ask(sdl, '{ open { id double } }').codes, ['open.0.double UNAUTHENTICATED']);
        assert.deepEqual(ask(sdl, '{ open { id double } }', '--as', '7').data, { open: [{ id: '1', double: 2 }] });
    });
});

suite('bodies of functions', () => {
    test('a body whose columns are no longer those of its table is a misfit, also where nothing is inlined', () => {
        psql(
            `CREATE TABLE grown (id int PRIMARY KEY);
            ALTER TABLE grown ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            GRANT SELECT, INSERT ON grown TO linnet_anon, linnet_user, linnet_staff;
            CREATE POLICY all_rows ON grown USING (true);
            CREATE FUNCTION all_grown() RETURNS SETOF grown LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM grown; END;
            CREATE FUNCTION grow(id int) RETURNS grown LANGUAGE sql BEGIN ATOMIC INSERT INTO grown VALUES (id) RETURNING *; END;
            CREATE FUNCTION regrow(id int) RETURNS grown LANGUAGE sql AS 'INSERT INTO grown VALUES (id) RETURNING *';
            ALTER TABLE grown ADD COLUMN height int`,
            database,
        );
        const { lines } = check(
            `type Query { all: [Grown!]! @function(name: "all_grown") }
            type Mutation { grow(id: ID!): Grown @function(name: "grow") regrow(id: ID!): Grown @function(name: "regrow") }
            type Grown @table(name: "grown") { id: ID! height: Int }`,
        );
        assert.equal(lines.length, 3, lines.join('\n'));
        assert.match(lines[0], /: Query.all: the body of the function does not return what it declares/);
        assert.match(lines[1], /: Mutation.grow: the body of the function does not return what it declares/);
    });

    test('those in plpgsql are said to be unchecked', () => {
        psql(
            `CREATE FUNCTION twice(i int) RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 2 * i; END'`,
            database,
        );
        const { lines, status } = check('type Query { twice(i: Int!): Int @function(name: "twice") }', '--strict');
        assert.match(lines[0], /^not checked: the bodies of 1 function in languages/);
        assert.equal(lines[1], 'fits the database');
        assert.equal(status, 0);
    });
});

suite('misfits say what to write', () => {
    before(() =>
        psql(
            `CREATE TABLE artist (artist_id int PRIMARY KEY);
            CREATE TABLE album (album_id int PRIMARY KEY, artist_id int);
            ALTER TABLE album ADD CONSTRAINT album_of_artist FOREIGN KEY (artist_id) REFERENCES artist NOT VALID;
            ALTER TABLE artist ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            ALTER TABLE album ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY all_rows ON artist USING (true);
            CREATE POLICY all_rows ON album USING (true);
            GRANT SELECT ON artist, album TO linnet_anon, linnet_user, linnet_staff`,
            database,
        ),
    );
    const first = (sdl) => check(sdl).lines[0].replace(/^[\d:]+ /, '');

    test('a table that is close', () => {
        assert.equal(
            first('type Query { all: [Artist!]! } type Artist @table(name: "artists") { id: ID! }'),
            'Artist: there is no table "artists"; create it, or name another with @table(name:). Did you mean "artist"?',
        );
    });

    test('the primary key, where there is no id', () => {
        assert.equal(
            first('type Query { all: [Artist!]! } type Artist @table(name: "artist") { id: ID! }'),
            'Artist.id: table artist has no column "id"; add the column, or name another with @column(name:). Did you mean "artist_id"?',
        );
    });

    test('the statement that validates a foreign key', () => {
        assert.match(
            first(
                `type Query { all: [Album!]! } type Artist @table(name: "artist") { artistId: ID! }
                type Album @table(name: "album") { albumId: ID! artist: Artist }`,
            ),
            /note: Album.artist: the foreign key album.artist_id is NOT VALID, .*; check them: ALTER TABLE album VALIDATE CONSTRAINT album_of_artist;$/,
        );
    });
});

suite('what cannot be judged', () => {
    test('a policy that raises without an identity is a note', () => {
        const { lines, status } = check('type Query { guarded: [Guarded!]! } type Guarded @table(name: "guarded") { id: ID! }');
        assert.match(lines[0], /note: Query.guarded: could not be tried as linnet_anon, linnet_user, linnet_staff: nobody is signed in \(P0001\)/);
        assert.equal(status, 0);
    });

    test('a table that somebody alters is not waited for', async () => {
        const session = new Session(database);
        await session.run('BEGIN; LOCK closed');
        const { lines, status } = check('type Query { closed: [Closed!]! } type Closed @table(name: "closed") { id: ID! }');
        await session.run('ROLLBACK');
        session.close();
        assert.match(lines[0], /note: Query.closed: could not be tried .* \(55P03\)/);
        assert.equal(status, 0);
    });

    test('statements of which each is in time are waited for, however many there are', () => {
        const views = Array.from({ length: 12 }, (_, i) => `slow_${i}`);
        psql(
            `CREATE FUNCTION slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM pg_sleep(0.2); RETURN n; END';
            ${views.map((view, i) => `CREATE VIEW ${view} WITH (security_invoker = true) AS SELECT id FROM open WHERE slow(${i}) >= 0;
                GRANT SELECT ON ${view} TO linnet_anon, linnet_user, linnet_staff;`).join('\n')}`,
            database,
        );
        const config = `${directory}/slow.conf`;
        writeFileSync(config, 'limit_database_time = 2000\n');
        const types = views.map((view) => `type ${view} @table(name: "${view}", key: ["id"]) { id: ID }`);
        const { lines, status } = check(
            `type Query { open: [Open!]! }
            type Open @table(name: "open") { id: ID! ${views.map((view) => `${view}: [${view}!]! @join(column: "id", to: "id")`).join(' ')} }
            ${types.join('\n')}`,
            ...['--config', config],
        );
        assert.equal(status, 0, lines.join('\n'));
        assert.match(lines.at(-1), /fits the database/);
    });

    test('nothing is written: a mutation is explained, not called', () => {
        const sdl = `type Query { open: [Open!]! } ${type}
            type Mutation { add(name: String!): Open @function(name: "add") }`;
        check(sdl);
        assert.equal(psql('SELECT count(*) FROM open', database).trim(), '1');
    });
});

suite('a search', () => {
    const columns = {
        plain: 'text',
        short: 'varchar(40)',
        named: 'word',
        bytes: 'text COLLATE "C"',
        fixed: 'char(8)',
    };
    before(() => {
        psql(`CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions; CREATE DOMAIN word AS text;
            CREATE TABLE words (id int PRIMARY KEY, ${Object.entries(columns).map((pair) => pair.join(' ')).join(', ')});
            INSERT INTO words SELECT 1, 'Übel_%', 'Übel_%', 'Übel_%', 'Übel_%', 'Übel_%';
            GRANT SELECT ON words TO linnet_anon, linnet_user, linnet_staff;
            ALTER TABLE words ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY all_rows ON words USING (true)`, database);
    });

    // The condition that is sent, what `check` notes, and how many are found.
    function look(column, index, text = 'bel_%') {
        const sdl = `type Query { words(find: String @search(columns: ["${column}"])): [Word!]! @order(by: "id") }
            type Word @table(name: "words") { id: ID! }`;
        const document = `{ words(find: "${text}") { id } }`;
        psql(`DROP INDEX IF EXISTS found; ${index ? `CREATE INDEX found ON words ${index}` : ''}`, database);
        const [, sql] = run(sdl, 'print', ['sql', '-'], document).lines;
        return {
            condition: /WHERE \(?(.*?)\)? ORDER/.exec(sql)[1].replaceAll('w1."', '"'),
            note: check(sdl).lines.find((line) => /note/.test(line)),
            found: ask(sdl, document).data.words.length,
        };
    }
    const operators = 'extensions.gin_trgm_ops';
    const ilike = (column) => `"${column}" ILIKE $1::text`;
    const lower = (column) => `lower("${column}") LIKE lower($1::text)`;

    for (const column of ['plain', 'short', 'named']) {
        test(`in a ${columns[column]} has the form of the index that is there`, () => {
            const forms = [
                [`USING gin (lower(${column}) ${operators})`, lower(column)],
                [`USING gist (id, lower(${column}) extensions.gist_trgm_ops)`, lower(column)],
                [`USING gin (${column} ${operators})`, ilike(column)],
            ];
            psql('CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions', database);
            for (const [index, condition] of forms)
                assert.deepEqual(look(column, index), { condition, note: undefined, found: 1 });
        });

        test(`in a ${columns[column]} without an index is by ILIKE, and a note says so`, () => {
            const others = [
                '',
                `(lower(${column}))`,
                `USING gin (lower(${column}) ${operators}) WHERE id > 0`,
                `USING gin (upper(${column}) ${operators})`,
            ];
            for (const index of others) {
                const { note, ...rest } = look(column, index);
                assert.deepEqual(rest, { condition: ilike(column), found: 1 });
                assert.equal(
                    note.replace(/^[0-9:]+ /, ''),
                    `note: Query.words(find:): no index finds texts in words.${column}, so that a search reads the whole table; ` +
                        `where pg_trgm is installed: CREATE INDEX ON words USING gin (lower(${column}) gin_trgm_ops);`,
                );
            }
        });
    }

    test('is by ILIKE where lower() of the pattern and of the column would not agree', () => {
        const { condition, found } = look('bytes', `USING gin (lower(bytes) ${operators})`, 'Ü');
        assert.deepEqual({ condition, found }, { condition: ilike('bytes'), found: 1 });
        assert.equal(look('bytes', `USING gin (bytes ${operators})`).note, undefined);
    });

    test('in what no such index can be on says so', () => {
        assert.match(look('fixed', '').note, /words\.fixed, .*; only text and character varying can have one\.$/);
    });

    test('is answered by the index', () => {
        psql(`INSERT INTO words (id, plain) SELECT n, 'word ' || n FROM generate_series(2, 2000) AS n`, database);
        for (const form of ['lower(plain)', 'plain']) {
            const { condition } = look('plain', `USING gin (${form} ${operators})`);
            const plan = psql(
                `SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan; ANALYZE words;
                PREPARE s(text) AS SELECT FROM words WHERE ${condition}; EXPLAIN EXECUTE s('%ord 77%')`, database);
            assert.match(plan, /Bitmap Index Scan on found/);
        }
    });
});
