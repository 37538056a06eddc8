// django.test.mjs - `linnet import django`: a dump of the tutorial's project moves over, and its users
// sign in.  tests/django/make_project.py has made the dump; with --full it makes another one, on
// SQLite and on PostgreSQL, with Debian's Django.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after, suite, test } from 'node:test';

import { keyFile } from './lib/accounts.mjs';
import { psql } from './lib/database.mjs';
import { isFull, patience, program, root, sockets } from './lib/environment.mjs';
import { until } from './lib/processes.mjs';

const directory = mkdtempSync(`${tmpdir()}/linnet-django.`);
const databases = [];
after(() => {
    rmSync(directory, { recursive: true });
    for (const name of databases) psql(`DROP DATABASE ${name}`);
});

// To the program these would be settings of its own.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const conninfo = (database, user) => `host=${sockets}/postgresql dbname=${database} user=${user}`;
const linnet = (database, ...options) => [
    ...options,
    ...['--database', conninfo(database, 'linnet_login'), '--owner', 'linnet_owner'],
    ...['--contract', `${root}/sql/schema.graphql`, '--key-file', keyFile],
];

const freePort = () =>
    new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });

// A database without data.
function makeDatabase(name) {
    databases.push(name);
    psql(`DROP DATABASE IF EXISTS ${name}`);
    psql(`CREATE DATABASE ${name} OWNER linnet_owner TEMPLATE template0`);
    execFileSync(program, [...linnet(name, 'migrate'), '--database', conninfo(name, 'linnet_owner')], { env: environment });
    return name;
}

// What is said of an import: {status, out, err}; `dump` is its text.
function importDump(database, dump, ...options) {
    const { status, stdout, stderr } = spawnSync(program, linnet(database, 'import', 'django', '--from', '-', ...options), {
        input: dump,
        env: environment,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
    });
    return { status, out: stdout, err: stderr };
}
const importFrom = (database, from, ...options) =>
    spawnSync(program, linnet(database, 'import', 'django', '--from', from, ...options), { env: environment, encoding: 'utf8' });

function query(database, document, ...options) {
    const { stdout, stderr } = spawnSync(program, linnet(database, 'query', '-', ...options), {
        input: document,
        env: environment,
        encoding: 'utf8',
    });
    assert.equal(stderr, '');
    return JSON.parse(stdout);
}
const signIn = (database, username, password) =>
    query(
        database,
        `mutation { tokenAuth(username: ${JSON.stringify(username)}, password: ${JSON.stringify(password)}) {
            token payload user { id email } } }`,
    );

const records = JSON.parse(readFileSync(`${root}/tests/django/dump.json`, 'utf8'));
const write = (some) => JSON.stringify(some);
const countRows = (database) =>
    psql('SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM links), (SELECT count(*) FROM votes)', database);

const report = `auth.user 14: changed: the password is lost: its hash (pbkdf2_sha256) is of a kind that is not read, or costs too much
auth.user 15: changed: the password is lost: its hash (md5) is of a kind that is not read, or costs too much
auth.user 11: refused: the username "fiona" is that of user 12 in normal form (NFKC)
auth.user 13: refused: the username "No Name" is not 1 to 150 letters, digits and @.+-_
auth.user: 16 read, 14 taken, 2 changed, 2 refused
links.link 6: changed: posted by nobody, since there is no user 13 here
links.link 4: refused: the url is not one of http or https: ftp://ftp.example.com/pub
links.link 5: refused: the url is not one of http or https: javascript:alert(1)
links.link: 9 read, 7 taken, 1 changed, 2 refused
links.vote 2: merged: it repeats vote 1
links.vote 6: merged: it repeats vote 1
links.vote 12: merged: it repeats vote 3
links.vote 7: refused: there is no user 13 here
links.vote 8: refused: there is no link 4 here
links.vote 10: refused: there is no user 11 here
links.vote: 13 read, 7 taken, 3 merged, 3 refused
auth.permission: 32 left out
contenttypes.contenttype: 8 left out
`;

// That a database holds what the report says.
function checkRows(database) {
    assert.equal(
        psql("SELECT string_agg(id || ' ' || username, ', ' ORDER BY id) FROM users", database),
        '1 admin, 2 ada, 3 grace, 4 linus, 5 edsger, 6 frances, 7 ken, 8 staffer, 9 gone, 10 oauth, 12 fiona, 14 slow, 15 old, 17 mélanie',
    );
    assert.equal(
        psql("SELECT string_agg(id || ' ' || coalesce(posted_by, 0) || ' ' || vote_count, ', ' ORDER BY id) FROM links", database),
        '1 1 3, 2 0 1, 3 2 2, 6 0 0, 7 4 0, 9 12 0, 10 17 1',
    );
    assert.equal(
        psql("SELECT string_agg(id::text, ' ' ORDER BY created_at) FROM links", database),
        '1 2 3 6 7 9 10',
    );
    assert.equal(
        psql("SELECT string_agg(id || ' ' || user_id || ' ' || link_id, ', ' ORDER BY created_at) FROM votes", database),
        '1 2 1, 3 3 1, 4 2 2, 5 1 1, 9 9 3, 11 12 3, 13 4 10',
    );
    assert.equal(psql("SELECT string_agg(user_id::text, ' ' ORDER BY user_id) FROM credentials WHERE is_staff", database), '1 8');
    assert.equal(psql("SELECT string_agg(user_id::text, ' ' ORDER BY user_id) FROM credentials WHERE is_disabled", database), '9');
    const answer = query(database, '{ links(orderBy: [{createdAt: ASC}], first: 3) { id description voteCount votes { id user { username } } } }');
    assert.deepEqual(answer.data.links.map(({ id, voteCount, votes }) => [id, voteCount, votes.length]), [['1', 3, 3], ['2', 1, 1], ['3', 2, 2]]);
    assert.equal(answer.data.links[2].description, 'Zwölf "Boxkämpfer" 🏃 \\ \n jagen');
}

const hashOf = (database, id) => psql(`SELECT password_hash FROM credentials WHERE user_id = ${id}`, database);
const isOurs = (hash) => hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$');

// That users sign in with every kind of hash, and get ours.
function checkSignIn(database) {
    const people = [
        [1, 'admin', 'pbkdf2_sha256$'],
        [3, 'grace', 'argon2$argon2id$'],
        [4, 'linus', 'bcrypt_sha256$$2b$'],
        [5, 'edsger', 'scrypt$'],
        [6, 'frances', 'pbkdf2_sha1$'],
        [7, 'ken', 'bcrypt$$2b$'],
    ];
    for (const [id, name, kind] of people) {
        const before = hashOf(database, id);
        assert.ok(before.startsWith(kind), before);
        const { data, errors } = signIn(database, name, `correct horse ${name}`);
        assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
        assert.deepEqual(data.tokenAuth.user, { id: String(id), email: `${name}@example.com` });
        assert.ok(isOurs(hashOf(database, id)), `${name}: ${hashOf(database, id)}`);
    }
    assert.equal(signIn(database, 'edsger', 'correct horse edsger').errors, undefined, 'again, with our hash');
    const refused = [
        ['ada', 'correct horse grace'], // another password
        ['gone', 'correct horse gone'], // is_active is false
        ['oauth', '!'], // no password
        ['slow', 'correct horse slow'], // 10^9 iterations
        ['old', 'correct horse old'], // MD5
    ];
    for (const [name, password] of refused) {
        const { errors } = signIn(database, name, password);
        assert.deepEqual(errors?.map(({ message }) => message), ['Please enter valid credentials'], name);
    }
    assert.ok(hashOf(database, 2).startsWith('pbkdf2_sha256$'), 'a wrong password changes no hash');
}

suite('a dump', () => {
    const database = makeDatabase('linnet_django');
    const dump = write(records);

    test('is tried without a trace', () => {
        const { status, out, err } = importDump(database, dump, '--dry-run');
        assert.equal(err, 'auth.user: 16 records read\nlinks.link: 9 records read\nlinks.vote: 13 records read\n');
        assert.equal(out, `${report}this was a trial: nothing has changed\n`);
        assert.equal(status, 0);
        assert.equal(countRows(database), '0|0|0');
        assert.equal(psql("SELECT last_value || ' ' || is_called FROM users_id_seq", database), '1 false');
    });

    test('that is malformed changes nothing', () => {
        const dumps = [
            [dump.slice(0, -1), /^linnet: standard input:1: the dump is cut off: its last \] is missing\nlinnet: nothing was imported\n$/],
            [dump.slice(0, 6000), /^linnet: standard input:1: the dump ends within this record\nlinnet: nothing was imported\n$/],
            [dump.replace('},{', '} {'), /^linnet: standard input:1: a comma is missing between two records\nlinnet: nothing was imported\n$/],
            ['', /: this is not a dump of `manage.py dumpdata`/],
            [readFileSync(program).subarray(0, 9999), /: this is not a dump of `manage.py dumpdata`/],
            ['[]', /\nlinnet: there are no records of these models: auth.user, links.link, links.vote\nlinnet: nothing was imported\n$/],
            [write(records.map((one) => ({ ...one, model: one.model.replace('links.', 'news.').replace('auth.', 'x.') }))), /there are no records/],
        ];
        for (const [text, message] of dumps) {
            const { status, err } = importDump(database, text);
            assert.match(err, message);
            assert.equal(status, 1);
        }
        assert.equal(countRows(database), '0|0|0');
    });

    test('is imported', () => {
        const { status, out } = importDump(database, dump);
        assert.equal(out, report);
        assert.equal(status, 0);
        checkRows(database);
    });

    test('lets its users sign in, whose hashes are replaced', () => checkSignIn(database));

    test('is imported again, and finds what came before', () => {
        const before = countRows(database), hash = hashOf(database, 1);
        const { status, out } = importDump(database, `${records.map((one) => JSON.stringify(one)).reverse().join('\n')}\n`);
        assert.equal(status, 0);
        for (const line of [
            'auth.user: 16 read, 0 taken, 2 refused, 14 taken before',
            'links.link: 9 read, 0 taken, 2 refused, 7 taken before',
            'links.vote: 13 read, 0 taken, 3 refused, 10 taken before',
        ])
            assert.ok(out.includes(`${line}\n`), out);
        assert.equal(countRows(database), before);
        assert.equal(hashOf(database, 1), hash);
    });

    test('leaves free keys for those who come after it', () => {
        const { data, errors } = query(database, 'mutation { createUser(username: "newcomer", password: "correct horse battery", email: "a@b.example") { user { id } } }');
        assert.equal(errors, undefined, JSON.stringify(errors));
        assert.equal(data.createUser.user.id, '18');
    });

    test('may hold what a terminal or PostgreSQL does not take', () => {
        const { out, status } = importDump(
            database,
            write([
                { model: 'links.link', pk: 50, fields: { url: 'ftp://\u001b]0;owned\u0007\u009b\u007f', description: '' } },
                { model: 'links.link', pk: 53, fields: { url: 'ftp://\u202egro.elpmaxe\u2028', description: '' } },
                { model: 'links.link', pk: 51, fields: { url: 'https://nul.example/', description: 'a\0b\ud800' } },
                { model: 'links.link', pk: { a: 1 }, fields: { url: ['x'], posted_by: {} } },
                { model: 'links.vote', pk: 52, fields: { user: 1e300, link: -1 } },
                { model: '\u001b[2J', pk: 1, fields: {} },
            ]),
        );
        assert.equal(status, 0);
        assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
        assert.equal(psql('SELECT description FROM links WHERE id = 51', database), 'a\ufffdb\ufffd\ufffd\ufffd');
    });

    test('may have times that cannot be shown', () => {
        const times = {
            '2020-02-29T12:34:56.789Z': '2020-02-29 12:34:56.789+00',
            '2020-02-29 12:34:56+05:30': '2020-02-29 07:04:56+00',
            '0044-03-15T12:00:00+00:00 BC': '-',
            '0001-01-01T00:00:00+12:00': '-',
            '9999-12-31T23:59:59-12:00': '-',
            '2023-02-29T12:00:00Z': '-',
            'now': '-',
        };
        const users = Object.keys(times).map((time, i) => ({ model: 'auth.user', pk: 60 + i, fields: { username: `timely${i}`, password: '!', last_login: time, date_joined: time } }));
        assert.equal(importDump(database, write(users)).status, 0);
        const rows = psql("SELECT coalesce(last_login::text, '-') FROM user_private WHERE user_id >= 60 ORDER BY user_id", database);
        assert.deepEqual(rows.split('\n'), Object.values(times));
        assert.equal(psql("SELECT count(*) FROM users WHERE id >= 60 AND extract(year FROM date_joined) < 2020", database), '0');
    });

    test('does not keep anybody from signing in while it is read', async () => {
        const reading = spawn(program, linnet(database, 'import', 'django', '--from', '-'), { env: environment });
        const isOver = once(reading, 'exit');
        after(() => reading.kill());
        const hasBegun = () => psql("SELECT count(*) FROM pg_locks WHERE relation = 'django_imports'::regclass", database) !== '0';
        await until(hasBegun, 5000 * patience, 'the import has begun');
        const { data, errors } = signIn(database, 'edsger', 'correct horse edsger');
        const other = importDump(database, dump, '--limit-lock-time', '20');
        reading.stdin.end();
        assert.equal(errors, undefined, JSON.stringify(errors));
        assert.equal(data.tokenAuth.user.email, 'edsger@example.com');
        assert.deepEqual(await isOver, [1, null]);
        assert.equal(
            other.err,
            'linnet: Another import, or a long transaction, is writing to this database.\n' +
                'HINT:  Try again later, or wait longer: --limit-lock-time.\n',
        );
        assert.equal(other.status, 1);
    });
});

suite('an import is refused', () => {
    test('where others have filled the database', () => {
        const { status, out, err } = importDump('linnet', write(records));
        assert.equal(
            err,
            'linnet: This database has users or links that did not come from Django.\n' +
                'HINT:  Import into an empty database: ./up --empty makes one without sample data.\n',
        );
        assert.equal(out, '');
        assert.equal(status, 1);
    });

    test('to whom the tables do not belong', () => {
        const { stderr, status } = spawnSync(program, [...linnet('linnet', 'import', 'django', '--from', '-'), '--owner', ''], { env: environment, input: '[]', encoding: 'utf8' });
        assert.match(stderr, /^linnet: the role "linnet_login" may not import: connect as the owner of the tables/);
        assert.equal(status, 1);
    });

    test('from a database that cannot be reached, without a word of its password', () => {
        for (const rest of ['[::1/x', '127.0.0.1:1x', '127.0.0.1/%zz', '127.0.0.1:1/x?pass word=1']) {
            for (const password of ['geheim', 'a@geheim', 'a/geheim', 'geheim/', 'geheim"x%zz']) {
                const { status, stderr } = importFrom('linnet_django', `postgresql://django:${password}@${rest}`);
                assert.match(stderr, /"message":"database: cannot connect: /);
                assert.doesNotMatch(stderr, /geheim/);
                assert.equal(status, 69);
            }
        }
        const { stderr } = importFrom('linnet_django', 'host=127.0.0.1 password=a geheim');
        assert.match(stderr, /cannot connect: missing \\"\.\.\.\\" in connection info string/);
        assert.match(importFrom('linnet_django', 'host=/absent dbname=x').stderr, /cannot connect: connection to server on socket \\"\/absent/);
    });

    test('from what is not there', () => {
        const cases = [
            [['import', 'django', '--from', `${directory}/none`], /none: No such file or directory\n$/, 66],
            [['import', 'rails', '--from', '-'], /^linnet: this database has no function import_rails_models\(\)/, 1],
            [['import', 'x(); DROP', '--from', '-'], /^usage: linnet import/, 64],
            [['import', 'django'], /^usage: linnet import/, 64],
        ];
        for (const [words, message, code] of cases) {
            const { stderr, status } = spawnSync(program, linnet('linnet_django', ...words), { env: environment, input: '[]', encoding: 'utf8' });
            assert.match(stderr, message);
            assert.equal(status, code);
        }
    });
});

suite('a database of Django', () => {
    const source = 'linnet_django_source';
    databases.push(source);
    psql(`DROP DATABASE IF EXISTS ${source}`);
    psql(`CREATE DATABASE ${source} TEMPLATE template0`);
    const column = { integer: 'integer', text: 'text', boolean: 'boolean', time: 'timestamptz' };
    psql(
        `CREATE TABLE auth_user (id ${column.integer}, password text, last_login timestamptz, is_superuser boolean, username text,
            first_name text, last_name text, email text, is_staff boolean, is_active boolean, date_joined timestamptz);
        CREATE TABLE links_link (id integer, url text, description text, posted_by_id integer);`,
        source,
    );
    const rowsOf = (model) => records.filter((one) => one.model === model).map(({ pk, fields }) => ({ id: pk, ...fields, posted_by_id: fields.posted_by, user_id: fields.user, link_id: fields.link }));
    const fill = (table, model) =>
        `INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, '${write(rowsOf(model)).replaceAll("'", "''")}');`;
    psql(fill('auth_user', 'auth.user') + fill('links_link', 'links.link'), source);

    test('lacks a table', () => {
        const database = makeDatabase('linnet_django_tables');
        const { stderr, status } = importFrom(database, conninfo(source, 'postgres'));
        assert.equal(stderr, 'linnet: relation "links_vote" does not exist\nlinnet: nothing was imported\n');
        assert.equal(status, 1);
        assert.equal(countRows(database), '0|0|0');
    });

    test('is imported', () => {
        psql(`CREATE TABLE links_vote (id integer, user_id integer, link_id integer); ${fill('links_vote', 'links.vote')}`, source);
        const { stdout, stderr, status } = importFrom('linnet_django_tables', `postgresql:///${source}?host=${sockets}/postgresql&user=postgres`);
        assert.equal(stdout, report.split('\n').slice(0, -3).join('\n') + '\n');
        assert.equal(status, 0, stderr);
        checkRows('linnet_django_tables');
    });
});

test('models of one’s own are taken by functions of one’s own', () => {
    const database = 'linnet_django_tables';
    psql(
        `SET ROLE linnet_owner;
        CREATE TABLE "Stories" (id integer PRIMARY KEY, title text);
        CREATE FUNCTION import_news_models() RETURNS TABLE (model text, source text, function text)
            LANGUAGE sql BEGIN ATOMIC VALUES ('news.story', 'News', 'Take stories'); END;
        CREATE FUNCTION "Take stories"() RETURNS TABLE (outcome text, count bigint, key text, reason text)
            LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO "Stories" SELECT (record -> 'pk')::integer, record #>> '{fields,title}' FROM pg_temp.import_records;
                RETURN QUERY VALUES ('told', 2::bigint, null, null), ('untold', null, '7', 'it is about ' || E'\\u001b');
            END $$;`,
        database,
    );
    const run = (dump) =>
        spawnSync(program, linnet(database, 'import', 'news', '--from', '-'), { env: environment, input: dump, encoding: 'utf8' });
    const dump = write([1, 2].map((pk) => ({ model: 'news.story', pk, fields: { title: `No. ${pk}` } })));
    const { stdout, stderr } = run(dump);
    assert.equal(stderr, 'news.story: 2 records read\n');
    assert.equal(stdout, 'news.story 7: untold: it is about ?\nnews.story: 2 read, 2 told, 1 untold\n');
    assert.equal(psql('SELECT string_agg(title, \', \') FROM "Stories"', database), 'No. 1, No. 2');
    // What they refuse is not half done, and does not show where it was.
    const again = run(dump);
    assert.equal(again.stderr, 'news.story: 2 records read\nlinnet: duplicate key value violates unique constraint "Stories_pkey"\nlinnet: nothing was imported\n');
    assert.equal(again.status, 1);
});

// The real thing.
suite('Debian’s Django', { skip: !isFull }, () => {
    const make = (name, ...options) => {
        execFileSync('/usr/bin/python3', [`${root}/tests/django/make_project.py`, `${directory}/${name}`, ...options], { env: environment });
        return `${directory}/${name}`;
    };

    test('writes a dump, which moves over', () => {
        const project = make('sqlite'), database = makeDatabase('linnet_django_sqlite');
        const { stdout, stderr, status } = importFrom(database, `${project}/dump.json`);
        assert.equal(stdout, report);
        assert.equal(status, 0, stderr);
        checkRows(database);
        checkSignIn(database);
        assert.match(importFrom(database, `${project}/db.sqlite3`).stderr, /is a SQLite database: write a dump with/);
    });

    test('moves over in one command, to ./up --empty', async () => {
        const state = `${directory}/state`, port = String(await freePort());
        const here = { env: environment, encoding: 'utf8' };
        after(() => spawnSync(`${root}/down`, ['--purge', '--state', state], here));
        chmodSync(directory, 0o755);
        execFileSync(`${root}/up`, ['--detach', '--no-web', '--empty', '--port', port, '--state', state, '--program', program], here);
        const words = ['import', 'django', '--from', `${directory}/sqlite/dump.json`, '--config', `${state}/linnet.conf`];
        assert.equal(execFileSync(program, words, here), report);
        const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: 'mutation { tokenAuth(username: "ada", password: "correct horse ada") { user { id } } }' }),
        });
        assert.deepEqual(await response.json(), { data: { tokenAuth: { user: { id: '2' } } } });
        const again = spawnSync(`${root}/up`, ['--detach', '--no-web', '--empty', '--port', port, '--state', state, '--program', program], here);
        assert.match(again.stderr, /the database has data already, and keeps it/);
    });

    test('fills a database, which moves over', () => {
        psql('DROP DATABASE IF EXISTS linnet_django_real');
        psql('CREATE DATABASE linnet_django_real TEMPLATE template0');
        databases.push('linnet_django_real');
        make('postgresql', `${sockets}/postgresql`, 'linnet_django_real', 'postgres');
        const database = makeDatabase('linnet_django_moved');
        const { stdout, stderr, status } = importFrom(database, conninfo('linnet_django_real', 'postgres'));
        assert.equal(stdout, report.split('\n').slice(0, -3).join('\n') + '\n');
        assert.equal(status, 0, stderr);
        checkRows(database);
        checkSignIn(database);
    });
});
