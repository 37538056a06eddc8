// init.test.mjs - `linnet init`: the contract that it writes for databases of other applications passes
// `linnet check --strict`, and what it shows is what psql shows.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { parse } from 'graphql';

import { psql } from './lib/database.mjs';
import { isFull, program, root, sockets } from './lib/environment.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-init.`);
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const ROLES = 'linnet_anon, linnet_user, linnet_staff';
const PAGE = 100;

function run(database, user, ...command) {
    const { stdout, stderr, status } = spawnSync(
        program,
        [...command, '--database', `host=${sockets}/postgresql dbname=${database} user=${user}`],
        { env: environment, encoding: 'utf8' },
    );
    return { stdout, stderr, status };
}

// The contract for a database, as its superuser is shown it.
function init(database, ...options) {
    const { stdout, stderr, status } = run(database, 'postgres', 'init', '-o', '-', ...options);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return stdout;
}

function check(database, contract) {
    const { stdout, stderr } = run(database, 'linnet_login', 'check', '--strict', '--contract', contract);
    assert.equal(stderr, '');
    assert.equal(stdout, `${contract}: fits the database\n`);
}

const identifier = (name) => `"${name.replaceAll('"', '""')}"`;
// `Sales.orders`: no name in these schemas has a dot.
const tableName = (name) => name.split('.').map(identifier).join('.');
const valueOf = (node) =>
    node.kind === 'ListValue' ? node.values.map(valueOf) : node.value;

// What a directive says, or undefined.
function directive(node, name) {
    const found = (node.directives ?? []).find((one) => one.name.value === name);
    return found && Object.fromEntries((found.arguments ?? []).map((one) => [one.name.value, valueOf(one.value)]));
}

const namedType = (type) => (type.kind === 'NamedType' ? type.name.value : namedType(type.type));

// The tables that the contract reads: those of its types, and those between.
function tablesOf(document) {
    const types = document.definitions.filter((one) => one.kind === 'ObjectTypeDefinition');
    const own = types.map((type) => directive(type, 'table')?.name);
    const between = types.flatMap((type) => type.fields.map((field) => directive(field, 'through')?.table));
    return [...new Set([...own, ...between])].filter(Boolean);
}

function grant(database, document) {
    const tables = tablesOf(document);
    const schemas = new Set(tables.map((name) => (name.includes('.') ? name.split('.')[0] : 'public')));
    psql(
        [
            ...[...schemas].map((name) => `GRANT USAGE ON SCHEMA ${identifier(name)} TO ${ROLES};`),
            ...tables.map((name) => `GRANT SELECT ON ${tableName(name)} TO ${ROLES};`),
        ].join('\n'),
        database,
    );
}

// The columns of a type whose fields show texts of PostgreSQL's: by field.
function columnsOf(document, type, columns) {
    const plain = new Set(['ID', 'Int', 'BigInt', 'Decimal', 'String', 'Boolean', 'UUID', 'Date', 'Time']);
    const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return type.fields
        .filter((field) => (field.arguments ?? []).length === 0 && plain.has(namedType(field.type)) && !/List/.test(JSON.stringify(field.type)))
        .map((field) => {
            const said = directive(field, 'column')?.name;
            const name = said ?? (columns.includes(field.name.value) ? field.name.value : snake(field.name.value));
            return [field.name.value, name];
        });
}

const text = (value) => (value === null ? null : typeof value === 'boolean' ? (value ? 't' : 'f') : String(value).trimEnd());

// What the server says of several fields of Query at once.
function query(database, contract, document) {
    writeFileSync(`${directory}/document.graphql`, document);
    const { stdout, stderr } = run(database, 'linnet_login', 'query', `${directory}/document.graphql`, '--contract', contract);
    assert.equal(stderr, '');
    const { data, errors } = JSON.parse(stdout);
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
}

// Of each of these tables its columns, and those of its primary key.
function catalogOf(database, tables) {
    const names = tables.map((name) => `'${name.replaceAll("'", "''")}', '${tableName(name)}'::regclass`).join('), (');
    const rows = psql(
        `SELECT json_object_agg(name, json_build_object('columns', (SELECT json_agg(attname) FROM pg_attribute WHERE attrelid = oid AND attnum > 0),
         'key', (SELECT json_agg(a.attname ORDER BY k.n) FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = oid AND i.indisprimary)))
         FROM (VALUES (${names})) t(name, oid)`,
        database,
    );
    return JSON.parse(rows);
}

// Each list of Query, and what psql shows of its table: how many rows, and those of the first page.
function compare(database, contract, sdl) {
    const document = parse(sdl);
    const types = new Map(document.definitions.filter((one) => one.name).map((one) => [one.name.value, one]));
    const lists = types.get('Query').fields.filter((field) => (field.arguments ?? []).some((one) => one.name.value === 'first'));
    const catalog = catalogOf(database, tablesOf(document));
    const asked = lists.map((field) => {
        const shown = types.get(namedType(field.type));
        const isPage = !directive(shown, 'table');
        const type = isPage ? types.get(namedType(shown.fields.find((one) => one.name.value === 'nodes').type)) : shown;
        const { name: table, key } = directive(type, 'table');
        const order = key?.length > 0 ? key : (directive(field, 'order')?.by.split(', ') ?? catalog[table].key);
        const columns = columnsOf(document, type, catalog[table].columns);
        const fields = columns.map(([name]) => name).join(' ') || '__typename';
        const selection = isPage ? `{ totalCount nodes { ${fields} } }` : `{ ${fields} }`;
        const values = columns.map(([, column]) => identifier(column)).map((column) => `CASE WHEN num_nulls(${column}) = 0 THEN format('%s', ${column}) END`);
        const sql = `json_build_object('count', (SELECT count(*) FROM ${tableName(table)}), 'rows', (SELECT coalesce(json_agg(r), '[]') FROM
            (SELECT json_build_array(${values}) AS r FROM ${tableName(table)} ORDER BY ${order.map(identifier)} LIMIT ${PAGE}) t))`;
        return { name: field.name.value, isPage, columns, selection, sql };
    });
    assert.ok(asked.length > 0);
    const expected = JSON.parse(psql(`SET ROLE linnet_anon; SELECT json_build_array(${asked.map(({ sql }) => sql)})`, database));
    for (let at = 0; at < asked.length; at += 15) {
        const part = asked.slice(at, at + 15);
        const data = query(database, contract, `{ ${part.map((one) => `${one.name} ${one.selection}`).join('\n')} }`);
        part.forEach(({ name, isPage, columns }, i) => {
            const { count, rows } = expected[at + i];
            const found = isPage ? data[name].nodes : data[name];
            if (isPage) assert.equal(data[name].totalCount, count, name);
            assert.deepEqual(
                found.map((row) => columns.map(([field]) => text(row[field]))),
                rows.map((row) => row.map(text)),
                name,
            );
        });
    }
}

after(() => rmSync(directory, { recursive: true }));

const databases = [];
after(() => databases.forEach((name) => psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, 'postgres')));

// A database of its own for one of the schemas.
function load(schema, suffix = '') {
    const database = `init_${schema}${suffix}_${process.pid}`;
    databases.push(database);
    if (schema === 'shop') {
        execFileSync(`${root}/tests/shop/load.sh`, [database], { stdio: ['ignore', 'ignore', 'inherit'] });
        return database;
    }
    psql(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
    psql(`SET client_min_messages = warning; ${readFileSync(`${root}/tests/init/${schema}.sql`, 'utf8')}`, database);
    return database;
}

const STYLES = {
    music: [''],
    orders: ['', '--plain-lists'],
    films: ['', '--relay'],
    forum: [''],
    shop: [''],
};

for (const schema of Object.keys(STYLES))
    suite(`the database ${schema}`, () => {
        const contract = `${directory}/${schema}.graphql`;
        let database;

        before(() => {
            database = load(schema);
        });

        for (const style of STYLES[schema])
            test(`init ${style}`, () => {
                const options = style ? [style] : [];
                const sdl = init(database, ...options);
                writeFileSync(contract, sdl);
                if (!style) grant(database, parse(sdl));
                check(database, contract);
                if (style !== '--relay') compare(database, contract, sdl);
                if (!style) assert.equal(init(database), sdl, 'the second time');
            });
        if (schema === 'forum')
            test('references without a foreign key, once somebody has decided that they are some', () => {
                const sdl = readFileSync(contract, 'utf8');
                const decided = sdl.replace(/^ {2}# (\w+(?:\(.*\))?: .* @join\(column: .*, to: .*)$/gm, '  $1');
                assert.match(decided, /^ {2}user: User @join\(column: "user_id", to: "id"\)$/m);
                assert.match(decided, /^ {2}comments\(.*\): CommentConnection! @join\(column: "id", to: "user_id"\)/m);
                assert.doesNotMatch(decided, /commentable:/);
                writeFileSync(contract, decided);
                check(database, contract);
                const { users } = query(database, contract, '{ users(first: 1) { nodes { comments { totalCount nodes { user { id } } } } } }');
                assert.equal(String(users.nodes[0].comments.totalCount), psql('SELECT count(*) FROM comments WHERE user_id = 1', database));
                assert.equal(users.nodes[0].comments.nodes[0].user.id, '1');
            });
        if (schema === 'music')
            test('a nested query with a filter', () => {
                const data = query(
                    database,
                    contract,
                    `{ albums(where: { artist: { name: { eq: "Artist 3" } } }, orderBy: [TITLE_DESC]) {
                         nodes { title artist { name } tracks { totalCount nodes { name playlists { nodes { name } } } } } } }`,
                );
                const expected = JSON.parse(
                    psql(
                        `SELECT json_agg(json_build_object('title', title, 'tracks', (SELECT json_agg(name ORDER BY track_id)
                         FROM tracks t WHERE t.album_id = a.album_id)) ORDER BY title DESC)
                         FROM albums a JOIN artists USING (artist_id) WHERE name = 'Artist 3'`,
                        database,
                    ),
                );
                assert.deepEqual(
                    data.albums.nodes.map(({ title, tracks }) => ({ title, tracks: tracks.nodes.map((one) => one.name) })),
                    expected,
                );
                assert.ok(expected.length > 1);
            });
    });

// rights.sql with each of its questions answered with yes, and then what the check asks for.
function decide(database, contract) {
    const rights = run(database, 'postgres', 'print', 'rights', '--for', 'anon', '--contract', contract);
    assert.equal(rights.stderr, '');
    psql(rights.stdout.replace(/^--\? /gm, ''), database);
    const fix = run(database, 'linnet_login', 'check', '--fix-sql', '--contract', contract);
    psql(fix.stdout, database);
    return rights.stdout;
}

suite('--writes', () => {
    const contract = `${directory}/writes.graphql`;
    const passes = (schema, ...options) => {
        const database = load(schema, '_writes');
        writeFileSync(contract, init(database, '--writes', ...options));
        const rights = decide(database, contract);
        check(database, contract);
        return { database, rights, sdl: readFileSync(contract, 'utf8') };
    };

    test('what may be written passes the check, once rights and policies are decided', () => {
        const { rights, sdl } = passes('films', '--relay');
        assert.match(sdl, /^ {2}updateFilm\(id: ID! @column\(name: "film_id"\) @globalId\(of: "Film"\), set: FilmPatch!\): FilmPayload$/m);
        assert.match(sdl, /^ {2}languageId: ID @globalId\(of: "Language"\)$/m);
        assert.match(sdl, /^ {2}club: Club$/m);
        assert.match(sdl, /^type FilmList implements Node @table\(name: "film_list"[^]*^type FilmListRowConnection \{$/m);
        assert.match(sdl, /^ {2}# createRental: left out: no policy lets a row be added$/m);
        assert.match(sdl, /^type Rental .*@table\(name: "rental"\) \{$/m);
        assert.match(rights, /^GRANT INSERT \(actor_id, first_name, last_name\) ON actor TO linnet_user, linnet_staff;$/m);
        assert.doesNotMatch(rights, /(INSERT|UPDATE|DELETE).* ON rental\b/);
        if (!isFull) return;
        passes('orders', '--plain-lists');
        passes('forum');
    });

    test('rows are written, and by nobody who is not signed in', () => {
        const { database, rights } = passes('music');
        const mutate = (document, ...words) => {
            writeFileSync(`${directory}/mutation.graphql`, `mutation { ${document} }`);
            const { stdout } = run(database, 'linnet_login', 'query', `${directory}/mutation.graphql`, '--contract', contract, ...words);
            return JSON.parse(stdout);
        };
        const add = 'createArtist(input: { name: "New" }) { artist { id name } }';
        assert.equal(mutate(add).errors[0].extensions.code, 'UNAUTHENTICATED');
        assert.doesNotMatch(rights, /^GRANT (INSERT|UPDATE|DELETE).*linnet_anon/m);
        const { data } = mutate(`${add} createAlbum(input: { title: "First", artistId: 1 }) { album { title artist { name } } }
            saveArtist(input: { name: "Artist 2" }) { artist { id } } deleteInvoiceLine(id: 50) { invoiceLine { quantity } }
            updateTrack(id: 3, set: { albumId: null, name: "Changed" }) { track { name album { title } } }`, '--as', '1');
        assert.deepEqual(data, {
            createArtist: { artist: { id: '13', name: 'New' } },
            createAlbum: { album: { title: 'First', artist: { name: 'Artist 1' } } },
            saveArtist: { artist: { id: '2' } },
            deleteInvoiceLine: { invoiceLine: { quantity: 50 } },
            updateTrack: { track: { name: 'Changed', album: null } },
        });
        assert.equal(psql("SELECT (SELECT count(*) FROM invoice_lines), (SELECT string_agg(name, '|') FROM artists WHERE artist_id > 12)", database), '49|New');
    });

    test('what says who may do what, and what the database fills, has no input', () => {
        const database = `init_powers_${process.pid}`;
        databases.push(database);
        psql(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
        psql(
            `CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, role text DEFAULT 'reader', is_admin boolean, api_key text,
                 score int GENERATED ALWAYS AS (1) STORED, set int, created_at timestamptz NOT NULL DEFAULT now());
             CREATE TABLE parts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), role text NOT NULL, made_at timestamptz NOT NULL);
             CREATE TABLE keys (id int PRIMARY KEY, secret text NOT NULL, line text); CREATE TABLE singles (id serial PRIMARY KEY);
             CREATE TABLE settings (set int, user_id int REFERENCES users, value text, PRIMARY KEY (set, user_id))`,
            database,
        );
        const sdl = init(database, '--writes', '--include', '*,users.api_key');
        const inputs = [...sdl.matchAll(/^input (\w+(?:Input|Patch)) \{\n([^}]*)\}/gm)].map(([, name, body]) => [name, body.replace(/\n {2}/g, ' ').trim()]);
        assert.deepEqual(Object.fromEntries(inputs), {
            UserInput: 'email: String! # role: no input, since it may say what somebody is allowed to do ' +
                '# is_admin: no input, since it may say what somebody is allowed to do apiKey: String set: Int',
            UserPatch: 'email: String # role: no input, since it may say what somebody is allowed to do ' +
                '# is_admin: no input, since it may say what somebody is allowed to do apiKey: String set: Int',
            PartInput: 'role: String! madeAt: DateTime!',
            PartPatch: 'role: String madeAt: DateTime',
            KeyPatch: 'line: String',
            SettingInput: 'set: Int! userId: ID! value: String',
            SettingPatch: 'value: String',
        });
        assert.match(sdl, /^ {2}# createKey: left out: a new row needs secret, which has no input$/m);
        assert.match(sdl, /^ {2}updateSetting\(set: Int!, userId: ID!, patch: SettingPatch!\)/m);
        assert.doesNotMatch(sdl, /createSingle|updateSingle/);
        assert.equal(run(database, 'postgres', 'init', '-o', '-', '--writes', '--read-only').status, 64);

        // Into a contract that is there.
        const file = `${directory}/powers.graphql`;
        writeFileSync(file, init(database));
        const update = () => run(database, 'postgres', 'init', '--update', '--writes', '-o', file).stdout;
        assert.match(update(), /^\+ {2}createUser\(input: UserInput!\)/m);
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll('UserInput', 'NewUser').replace('  createUser(', '  signUp(').replace(/^ {2}deletePart.*$/m, '  # deletePart: never'));
        assert.equal(update().split('\n')[0], `${file}: nothing is new`);
        const proposed = run(database, 'postgres', 'propose', 'parts', '--writes', '--contract', file).stdout;
        assert.match(proposed, /^extend type Mutation \{\n {2}createPart[^]*^ {2}updatePart[^]*^ {2}deletePart/m);
    });
});

suite('--update', () => {
    const database = `init_update_${process.pid}`;
    const file = `${directory}/update.graphql`;
    const update = () => {
        const { stdout, stderr, status } = run(database, 'postgres', 'init', '--update', '-o', file);
        assert.equal(stderr, '');
        assert.equal(status, 0);
        return stdout;
    };

    before(() => {
        databases.push(database);
        psql(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
        psql(
            `CREATE TYPE mood AS ENUM ('so so', 'happy');
             CREATE TABLE films (id int PRIMARY KEY, title text NOT NULL UNIQUE, mood mood, note text);
             CREATE TABLE reviews (id int PRIMARY KEY, film_id int NOT NULL REFERENCES films, body text);
             CREATE INDEX ON reviews (film_id, id); CREATE TABLE log (line text); CREATE TABLE drafts (id int PRIMARY KEY)`,
            database,
        );
        writeFileSync(file, init(database));
    });

    test('nothing is new', () => {
        const text = readFileSync(file, 'utf8');
        assert.equal(update().split('\n')[0], `${file}: nothing is new`);
        assert.equal(readFileSync(file, 'utf8'), text);
    });

    test('what was edited stays, and what is new is added', () => {
        const edited = readFileSync(file, 'utf8')
            .replaceAll('Review', 'Opinion')
            .replace(/^ {2}reviews\(/m, '  opinions(')
            .replace(/^ {2}review\(/m, '  opinion(')
            .replace('  title: String!', '  heading: String! @column(name: "title") # as we call it')
            .replace('  note: String', '  # note: String')
            .replace('  film: Film!', '  of: Film!')
            .replace('  HAPPY @label', '  GLAD @label')
            .replace(/\btype Draft[^]*?^}\n|^ {2}drafts?\([^]*?\).*\n/gm, '')
            .concat('\n# drafts: nobody should see them\n');
        writeFileSync(file, edited);
        psql(
            `ALTER TABLE films ADD year int; ALTER TYPE mood ADD VALUE 'sad';
             CREATE TABLE actors (id int PRIMARY KEY, film_id int REFERENCES films, name text); CREATE INDEX ON actors (film_id, id)`,
            database,
        );
        const printed = update();
        assert.match(printed, /^@@ Film @@\n\+ {2}year: Int\n\+ {2}actors\(.*\): ActorConnection!\n/m);
        assert.match(printed, /^@@ Mood @@\n\+ {2}SAD @label\(of: "sad"\)\n@@/m);
        assert.match(printed, /^\+type Actor @table/m);
        assert.doesNotMatch(printed, /title|note|[Dd]raft|HAPPY|review/);
        // The old lines are there in their order, and between them what was printed.
        const lines = readFileSync(file, 'utf8').split('\n');
        const old = edited.split('\n');
        let at = 0;
        for (const line of lines) if (line === old[at]) at++;
        assert.equal(at, old.length);
        assert.equal(update().split('\n')[0], `${file}: nothing is new`);
        grant(database, parse(readFileSync(file, 'utf8')));
        check(database, file);
    });

    test('a file that is not there, or that is no contract', () => {
        const none = run(database, 'postgres', 'init', '--update', '-o', `${directory}/none.graphql`);
        assert.equal(none.status, 66);
        writeFileSync(`${directory}/bad.graphql`, 'type {');
        const bad = run(database, 'postgres', 'init', '--update', '-o', `${directory}/bad.graphql`);
        assert.equal(bad.status, 66);
        assert.match(bad.stderr, /bad\.graphql:1:6: Syntax Error/);
        assert.equal(readFileSync(`${directory}/bad.graphql`, 'utf8'), 'type {');
    });
});

suite('the options', () => {
    const database = `init_options_${process.pid}`;
    const types = (text) => [...text.matchAll(/^type (\w+) @table\(name: "([^"]*)"/gm)].map(([, type, table]) => `${type} ${table}`);

    before(() => {
        databases.push(database);
        psql(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`, 'postgres');
        psql(
            `CREATE SCHEMA sales; CREATE TABLE a (id int PRIMARY KEY, secret text, b int); CREATE TABLE sales.a (id int PRIMARY KEY);
             CREATE TABLE sales.ab (id int PRIMARY KEY, a_id int REFERENCES sales.a, token text)`,
            database,
        );
    });

    test('--schema, --include and --exclude', () => {
        const all = init(database);
        assert.deepEqual(types(all), ['A a', 'SalesA sales.a', 'Ab sales.ab']);
        assert.deepEqual(types(init(database, '--schema', 'sales')), ['A sales.a', 'Ab sales.ab']);
        assert.deepEqual(types(init(database, '--schema', 'public')), ['A a']);
        assert.deepEqual(types(init(database, '--include', 'sales.*')), ['A sales.a', 'Ab sales.ab']);
        assert.deepEqual(types(init(database, '--include', 'a?', '--exclude', 'x, y*')), ['Ab sales.ab']);
        assert.deepEqual(types(init(database, '--exclude', '*.ab,public.a')), ['A sales.a']);
        // One that is named as such is shown, whatever its name says.
        assert.match(all, /^ {2}# secret: left out/m);
        assert.match(init(database, '--include', 'a.secret'), /^ {2}secret: String$/m);
        assert.match(init(database, '--exclude', 'a.b'), /^ {2}# b: left out as asked for$/m);
        const none = run(database, 'postgres', 'init', '-o', '-', '--include', 'nothing*,no.*');
        assert.equal(none.status, 1);
        assert.match(none.stderr, /there is no table to show/);
    });

    test('a file that is there is not overwritten', () => {
        const file = `${directory}/there.graphql`;
        const first = run(database, 'postgres', 'init', '-o', file);
        assert.equal(first.stdout.split('\n')[0], `${file}: written, with 3 of 3 tables and views`);
        const text = readFileSync(file, 'utf8');
        const second = run(database, 'postgres', 'init', '-o', file);
        assert.equal(second.status, 73);
        assert.match(second.stderr, /there is such a file/);
        assert.equal(readFileSync(file, 'utf8'), text);
    });
});

test('what PostgreSQL 18 has new promises no more than it keeps', { skip: psql('SHOW server_version_num') < 180000 }, () => {
    const database = 'init_18';
    psql(`CREATE DATABASE ${database}`);
    try {
        psql('CREATE EXTENSION btree_gist', database);
        psql(
            `CREATE TABLE rooms (id int PRIMARY KEY, wide int NOT NULL, area int GENERATED ALWAYS AS (wide * 2) VIRTUAL, late int);
            ALTER TABLE rooms ADD CONSTRAINT late_there NOT NULL late NOT VALID;
            CREATE TABLE prices (room_id int REFERENCES rooms, valid daterange, PRIMARY KEY (room_id, valid WITHOUT OVERLAPS));
            CREATE TABLE stays (id int PRIMARY KEY, room_id int, during daterange,
                FOREIGN KEY (room_id, PERIOD during) REFERENCES prices (room_id, PERIOD valid));`,
            database,
        );
        const contract = init(database, '--writes');
        const typeOf = (name) => new RegExp(`^type ${name} [^]*?^}`, 'm').exec(contract)[0];
        assert.match(typeOf('Room'), /^  late: Int$/m, 'there may be rows without');
        assert.match(typeOf('Room'), /^  area: Int$/m);
        assert.match(typeOf('Stay'), /^  roomId: Int$/m);
        assert.doesNotMatch(typeOf('Stay'), /price/i, 'a period is not equal to what contains it');
        assert.match(contract, /^ {2}price\(roomId: ID!, valid: String!\): Price$/m);
        assert.doesNotMatch(/^input RoomInput [^]*?^}/m.exec(contract)[0], /area/);
    } finally {
        psql(`DROP DATABASE ${database} WITH (FORCE)`);
    }
});
