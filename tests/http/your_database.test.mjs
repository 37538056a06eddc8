// your_database.test.mjs - a stranger's database, with hostile names and secrets in it: `./up --database`
// reads it and changes nothing but the role that it asks for, `linnet print rights` gives what the
// contract needs and no more, and no secret is in any answer, contract, script or error.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, suite, test } from 'node:test';

import { buildClientSchema, getIntrospectionQuery, isLeafType, getNamedType } from 'graphql';

import { program, root } from './lib/environment.mjs';
import { instance } from './lib/processes.mjs';

// The instance's own cluster lets nobody in by a password.
const folder = mkdtempSync(`${tmpdir()}/linnet-yours.`);
const state = `${folder}/state`;
const kept = `${state}/database`;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
const dsn = (user, more = '', database = 'yours') => `host=${folder} dbname=${database} user=${user}${more}`;
const maintenance = dsn('postgres', '', 'postgres');

function run(command, words, options = {}) {
    const { stdout, stderr, status } = spawnSync(command, words, { env: environment, encoding: 'utf8', cwd: folder, ...options });
    return { stdout, stderr, status };
}
const psql = (sql, connection = dsn('postgres')) => run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', sql, connection]);
function good({ stdout, stderr, status }) {
    assert.equal(status, 0, `${stdout}\n${stderr}`);
    return stdout;
}
const linnet = (user, ...words) => run(program, [...words, '--database', dsn(user)]);
// pg_dump draws a word for each dump.
const dump = (...options) =>
    good(run('pg_dump', [...options, '-U', 'postgres', '-h', folder, 'yours'])).replace(/^\\(un)?restrict .*$/gm, '');
const roles = () => good(psql("SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'linnet_reader%'")).trim();

const CANARY = 'cAnArY';
const schema = `
CREATE ROLE "Own'er"; CREATE ROLE app LOGIN; ALTER DATABASE yours OWNER TO "Own'er"; SET ROLE "Own'er";
CREATE SCHEMA "sel""ect";
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL UNIQUE, password_digest text, bio text, remark text, data jsonb, pinned boolean);
CREATE TABLE "sel""ect"."Order" ("user" int PRIMARY KEY REFERENCES people, "a""b'c" text, "apiKey" text, "group" int);
CREATE TABLE members (person_id int PRIMARY KEY REFERENCES people);
CREATE TABLE notes (id int PRIMARY KEY, person_id int NOT NULL REFERENCES people, text text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON notes FOR SELECT USING (text NOT LIKE 'private%' AND person_id IN (SELECT person_id FROM members));
CREATE TABLE closed (id int PRIMARY KEY, text text);
ALTER TABLE closed ENABLE ROW LEVEL SECURITY;
CREATE POLICY closed_app ON closed TO app USING (true);
CREATE TABLE sessions (sid text PRIMARY KEY, data text);
CREATE TABLE schema_migrations (version text PRIMARY KEY);
CREATE VIEW "my people" WITH (security_invoker = true) AS SELECT id, name FROM people;
CREATE FUNCTION peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT password_digest FROM people LIMIT 1 $$;
INSERT INTO people SELECT n, 'p' || n, '${CANARY}0-' || n, CASE n WHEN 30 THEN '$2b$12$${CANARY}1000000000000' END, 'says ' || n,
    CASE n WHEN 7 THEN '{"deep": ["sk_live_${CANARY}2000000"]}'::jsonb END, false FROM generate_series(1, 40) n;
INSERT INTO "sel""ect"."Order" SELECT n, 'x' || n, '${CANARY}3', n FROM generate_series(1, 5) n;
INSERT INTO notes VALUES (1, 1, 'public'), (2, 1, 'private ${CANARY}4'), (3, 2, 'of no member ${CANARY}5');
INSERT INTO members VALUES (1);
INSERT INTO closed VALUES (1, '${CANARY}6');
INSERT INTO sessions VALUES ('${CANARY}7', '${CANARY}8');
INSERT INTO schema_migrations VALUES ('${CANARY}9');
ANALYZE;
`;

const freePort = () =>
    new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(String(port)));
        });
    });

async function cluster() {
    chmodSync(folder, 0o755);
    await instance(`install -d "${folder}/pg"; ! is_root || chown "$CLUSTER_USER:" "${folder}/pg" "${folder}"
        as_user "$CLUSTER_USER" "$POSTGRESQL/initdb" --pgdata="${folder}/pg/data" --username=postgres \\
            --encoding=UTF8 --locale=C.UTF-8 --auth=trust --no-sync > /dev/null
        printf 'local all postgres,linnet_login,writer trust\\nlocal all all scram-sha-256\\n' > "${folder}/pg/data/pg_hba.conf"
        as_user "$CLUSTER_USER" "$POSTGRESQL/pg_ctl" --pgdata="${folder}/pg/data" --silent --wait --log="${folder}/pg/log" \\
            --options="-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c unix_socket_directories='${folder}'" start > /dev/null 2>&1`);
    if (process.getuid() === 0) execFileSync('chown', ['root:', folder]);
    chmodSync(folder, 0o777);
}

let port;
// Longer than a line of the configuration may be.
const long = ` application_name=${'a'.repeat(60)} keepalives=1 keepalives_idle=60 keepalives_interval=10 keepalives_count=5`;
const up = (...words) =>
    run(`${root}/up`, ['--database', dsn('postgres', long), '--detach', '--no-web', '--port', port, '--state', state, '--program', program, ...words], { input: '' });
async function ask(query, headers = {}) {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
    });
    return response.text();
}

suite('a database of somebody', () => {
    let data, rights;

    before(async () => {
        await cluster();
        good(psql('CREATE DATABASE yours', maintenance));
        good(run('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', dsn('postgres')], { input: schema }));
        port = await freePort();
        data = dump('--no-acl');
        rights = dump('--schema-only');
    });
    after(async () => {
        run(`${root}/down`, ['--purge', '--state', state]);
        await instance(`as_user "$CLUSTER_USER" "$POSTGRESQL/pg_ctl" --pgdata="${folder}/pg/data" --silent --mode=immediate stop > /dev/null 2>&1`);
        rmSync(folder, { recursive: true, force: true });
    });

    test('without a yes nothing is made', () => {
        const { stdout, status } = up();
        assert.equal(status, 1);
        assert.match(stdout, /postgres is a superuser, whom nothing binds\.\n/);
        assert.match(stdout, /CREATE ROLE linnet_reader_[0-9a-f]{8}\n {4}LOGIN NOSUPERUSER NOBYPASSRLS /);
        assert.match(stdout, /Nothing was changed\./);
        assert.equal(dump('--no-acl'), data);
        assert.equal(dump('--schema-only'), rights);
        assert.equal(roles(), '');
    });

    test('./up --database --yes serves as a role that only reads', async () => {
        good(up('--yes'));
        assert.match(roles(), /^linnet_reader_[0-9a-f]{8}$/);
        assert.equal(dump('--no-acl'), data);
        assert.equal(
            good(psql(`SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = '${roles()}'`)),
            'f|f|f|f|f\n',
        );
        const answer = JSON.parse(await ask('{ people(first: 2) { nodes { id name remark pinned } } notes { nodes { text person { name } } } orders { nodes { aBC group } } }'));
        assert.deepEqual(answer, {
            data: {
                people: { nodes: [1, 2].map((n) => ({ id: String(n), name: `p${n}`, remark: `says ${n}`, pinned: false })) },
                notes: { nodes: [{ text: 'public', person: { name: 'p1' } }] },
                orders: { nodes: [1, 2, 3, 4, 5].map((n) => ({ aBC: `x${n}`, group: n })) },
            },
        });
        assert.match(await ask('{ __typename }', { host: 'evil.example' }), /data/); // fetch sets its own
        const other = run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Host: evil.example', `http://127.0.0.1:${port}/graphql`]);
        assert.equal(other.stdout, '421');
        for (const name of ['source', 'reader.sql', 'reader.password'])
            assert.equal(statSync(`${kept}/${name}`).mode & 0o77, 0, name);
        assert.equal(statSync(`${state}/linnet.conf`).mode & 0o77, 0);
        const clear = readFileSync(`${kept}/reader.password`, 'utf8');
        assert.ok(!readFileSync(`${kept}/reader.sql`, 'utf8').includes(clear));
    });

    test('that role reads no secret, and writes nothing', () => {
        const reader = dsn(roles(), ` password=${readFileSync(`${kept}/reader.password`, 'utf8')}`);
        assert.equal(good(psql('SELECT count(name) FROM people', reader)), '40\n');
        assert.match(psql('INSERT INTO people (id) VALUES (99)', reader).stderr, /read-only transaction/);
        for (const sql of ['SELECT password_digest FROM people', 'SELECT bio FROM people', 'SELECT data FROM people', 'TABLE sessions',
            'SELECT "apiKey" FROM "sel""ect"."Order"', 'BEGIN READ WRITE; INSERT INTO people (id) VALUES (99)'])
            assert.match(psql(sql, reader).stderr, /permission denied/, sql);
        assert.equal(run(program, ['reader', 'check', '--database', reader]).status, 0);
    });

    test('no secret is in an answer, a script, a file or a log', async () => {
        const introspected = JSON.parse(await ask(getIntrospectionQuery()));
        const types = buildClientSchema(introspected.data).getTypeMap();
        const query = types.Query.getFields();
        let asked = 0;
        for (const field of Object.values(query)) {
            const nodes = getNamedType(field.type).getFields?.().nodes;
            if (!nodes) continue;
            const leaves = Object.values(getNamedType(nodes.type).getFields()).filter((one) => isLeafType(getNamedType(one.type)) && !one.args.length);
            const text = await ask(`{ ${field.name}(first: 100) { nodes { ${leaves.map((one) => one.name).join(' ')} } } }`);
            assert.ok(!text.includes(CANARY) && JSON.parse(text).data, text);
            asked++;
        }
        assert.ok(asked >= 5, `${asked}`);
        const texts = [JSON.stringify(introspected)];
        for (const document of ['{ people { nodes { passwordDigest } } }', '{ people(where: { passwordDigest: { eq: "a" } }) { nodes { id } } }',
            '{ people(where: { bio: { startsWith: "$2" } }) { nodes { id } } }', '{ people(orderBy: [BIO_ASC]) { nodes { id } } }', '{ sessions { nodes { sid } } }']) {
            const text = await ask(document);
            assert.match(text, /GRAPHQL_VALIDATION_FAILED/, document);
            texts.push(text);
        }
        for (const name of readdirSync(kept)) texts.push(readFileSync(`${kept}/${name}`, 'utf8'));
        for (const name of readdirSync(`${state}/log`)) texts.push(readFileSync(`${state}/log/${name}`, 'utf8'));
        for (const text of texts) assert.ok(!text.includes(CANARY), text);
        const contract = readFileSync(`${kept}/schema.graphql`, 'utf8');
        for (const line of ['password_digest', 'bio', 'data', 'apiKey']) assert.match(contract, new RegExp(`# ${line}: left out`));
        assert.doesNotMatch(contract, /type (Session|SchemaMigration)\b/);
    });

    test('the next time it is there, with the contract as it was edited', async () => {
        appendFileSync(`${kept}/schema.graphql`, '\n# edited\n');
        const before = roles();
        assert.doesNotMatch(good(up()), /CREATE ROLE/);
        assert.equal(roles(), before);
        assert.match(readFileSync(`${kept}/schema.graphql`, 'utf8'), /# edited\n$/);
        assert.match(await ask('{ people(first: 1) { nodes { id } } }'), /"id":"1"/);
        const other = run(`${root}/up`, ['--database', dsn('app'), '--detach', '--no-web', '--port', port, '--state', state, '--program', program]);
        assert.match(other.stderr, /is about another connection string/);
    });

    test('who must not serve, and why', () => {
        good(psql('CREATE ROLE writer LOGIN; GRANT INSERT (id) ON people TO writer; CREATE TABLE own (); ALTER TABLE own OWNER TO writer'));
        const { stdout, status } = linnet('writer', 'reader', 'check');
        assert.equal(stdout, 'writer owns tables, such as own.\nwriter may write, such as to people.\n');
        assert.equal(status, 1);
        good(psql('DROP TABLE own'));
    });

    test('rights.sql and indexes.sql are what linnet check wants', () => {
        good(run('psql', ['-Xq', '-f', `${root}/scripts/roles.sql`, maintenance]));
        const contract = `${kept}/schema.graphql`;
        const check = (...words) => linnet('linnet_login', 'check', ...words, '--contract', contract);
        const staff = good(linnet('postgres', 'print', 'rights', '--contract', contract));
        assert.equal(staff.replace('what kept', ''), readFileSync(`${kept}/rights.sql`, 'utf8').replaceAll('schema.graphql', contract));
        good(run('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', dsn('postgres')], { input: staff }));
        assert.match(good(check()), /note: .*linnet_anon/);
        assert.equal(good(psql("SELECT has_any_column_privilege('linnet_anon', 'people', 'SELECT'), has_column_privilege('linnet_staff', 'people', 'name', 'SELECT')")), 'f|t\n');
        const all = good(linnet('postgres', 'print', 'rights', '--for', 'anon', '--contract', contract));
        assert.equal(all, staff.replace(/^(.*) TO linnet_staff;\n--\? .*\n/gm, '$1 TO linnet_anon, linnet_user, linnet_staff;\n'));
        good(run('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', dsn('postgres')], { input: all }));
        assert.match(all, /^GRANT SELECT ON members TO /m); // a policy reads it
        // Nobody but the application's role has a policy there, which strict tells.
        assert.match(check('--strict').stdout, /^note: linnet_anon, linnet_staff, linnet_user may read tables, but no policy shows any row of: closed\n/);
        good(psql('CREATE POLICY closed_ours ON closed FOR SELECT TO linnet_user USING (id > 1)'));
        assert.match(good(check('--strict')), /fits the database\n$/);
        assert.equal(
            good(psql("SELECT count(*) FROM pg_attribute WHERE attname IN ('password_digest', 'bio', 'apiKey', 'sid') AND has_column_privilege('linnet_staff', attrelid, attname, 'SELECT')")),
            '0\n',
        );
        for (const line of readFileSync(`${kept}/indexes.sql`, 'utf8').split('\n').filter((one) => one.startsWith('CREATE')))
            good(psql(line));
        const indexes = good(linnet('postgres', 'print', 'indexes', '--contract', contract));
        assert.doesNotMatch(indexes, /^CREATE/m);
    });
});
