// public.test.mjs - answers that others may keep: which ones say so, for how long, and that these
// are the same for whoever asks.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { before, suite, test } from 'node:test';

import { as, asParameters, makeUsers } from './lib/accounts.mjs';
import { Application, open } from './lib/application.mjs';
import { post, request } from './lib/client.mjs';
import { Session } from './lib/database.mjs';
import { isFull, sockets, url } from './lib/environment.mjs';
import { serve } from './lib/processes.mjs';
import { randomDocuments } from './lib/random_documents.mjs';

const application = new Application(
    'linnet_public',
    `CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL, twin integer REFERENCES notes);
     CREATE TABLE tags (id integer PRIMARY KEY, note_id integer NOT NULL REFERENCES notes);
     CREATE TABLE secrets (id integer PRIMARY KEY, note_id integer NOT NULL REFERENCES notes, owner text);
     INSERT INTO notes SELECT n, 'note ' || n, n FROM generate_series(1, 9) n;
     INSERT INTO tags SELECT n, n FROM generate_series(1, 9) n;
     INSERT INTO secrets SELECT n, n, n FROM generate_series(1, 9) n;
     ${open('notes')} ${open('tags')}
     ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
     GRANT SELECT ON secrets TO linnet_anon, linnet_user, linnet_staff;
     CREATE POLICY secrets_own ON secrets USING (owner = current_setting('linnet.user_id', true));
     CREATE TABLE halves (id integer PRIMARY KEY);
     INSERT INTO halves VALUES (1);
     ALTER TABLE halves ENABLE ROW LEVEL SECURITY;
     GRANT SELECT ON halves TO linnet_anon, linnet_user, linnet_staff;
     CREATE POLICY halves_anon ON halves TO linnet_anon USING (true);
     CREATE POLICY halves_own ON halves TO linnet_user USING (id::text = current_setting('linnet.user_id', true));
     CREATE TABLE closed (id integer PRIMARY KEY);
     ${open('closed')}
     CREATE POLICY closed_now ON closed AS RESTRICTIVE USING (current_setting('linnet.user_id', true) IS NOT NULL);
     CREATE FUNCTION whoami() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('linnet.user_id', true) $$;
     CREATE FUNCTION version_name() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'one' $$;
     CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 2 * n $$;
     CREATE FUNCTION guess(n text DEFAULT current_setting('linnet.user_id', true)) RETURNS text
         LANGUAGE sql IMMUTABLE AS $$ SELECT n $$;
     CREATE FUNCTION length_of(notes) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT length($1.body) $$;
     CREATE FUNCTION mine(notes) RETURNS boolean LANGUAGE sql STABLE
         AS $$ SELECT $1.id::text = current_setting('linnet.user_id', true) $$;
     CREATE FUNCTION fails(notes) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 1 / ($1.id - 1) $$;
     CREATE VIEW shown AS SELECT id FROM notes;
     CREATE VIEW counted AS SELECT id, id * 2 AS double FROM notes;
     GRANT SELECT ON shown, counted TO linnet_anon, linnet_user, linnet_staff;`,
);
const CONTRACT = `type Query {
    note(id: ID!): Note
    notes(first: Int = 100): [Note!]! @cacheControl(maxAge: 10)
    plain: [Note!]! @cacheControl(inheritMaxAge: true)
    filtered(where: NoteFilter): [Note!]!
    bare(id: ID!): Bare
    secrets: [Secret!]!
    halves: [Half!]!
    closed: [Closed!]!
    shown: [Shown!]!
    counted: [Counted!]! @cacheControl(maxAge: 4)
    pages(first: Int, after: String): NotePages! @order(by: "id")
    whoami: String @function(name: "whoami")
    guess: String @function(name: "guess")
    versionName: String @function(name: "version_name", shared: true) @cacheControl(maxAge: 3600)
    twice(n: Int!): Int @function(name: "twice") @cacheControl(maxAge: 7)
    lone(n: Int!): Int @function(name: "twice")
}
type Note @table(name: "notes") @cacheControl(maxAge: 30, staleWhileRevalidate: 60) {
    id: ID!
    body: String!
    brief: String! @column(name: "body") @cacheControl(maxAge: 2, staleWhileRevalidate: 1)
    hidden: String! @column(name: "body") @cacheControl(scope: PRIVATE)
    lengthOf: Int @function(name: "length_of")
    mine: Boolean @function(name: "mine")
    fails: Int @function(name: "fails")
    twin: Note
    tags: [Tag!]!
    agedTags: [Tag!]! @cacheControl(maxAge: 20)
    secrets: [Secret!]!
}
type Bare @table(name: "notes") { id: ID! }
type Tag @table(name: "tags") { id: ID! note: Note! }
type Secret @table(name: "secrets") { id: ID! owner: String }
type Half @table(name: "halves") { id: ID! }
type Closed @table(name: "closed") { id: ID! }
type Shown @table(name: "shown", key: "id", rows: ALL) { id: ID }
type Counted @table(name: "counted", key: "id", rows: ALL, shared: true) { id: ID double: Int }
type NotePages { edges: [NoteEdge!]! pageInfo: PageInfo! totalCount: Int! }
type NoteEdge { node: Note! cursor: String! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
input NoteFilter { mine: Boolean @function(name: "mine") lengthOf: Int @function(name: "length_of") }`;
const PRIVATE = 'private, no-store';
const aged = (age, stale) =>
    `public, max-age=${age}` + (stale ? `, stale-while-revalidate=${stale}, stale-if-error=${stale}` : '');
const tagOf = (answer) => /^W\/"[0-9a-f]{32}"$/.exec(answer.headers.etag)?.[0];

let server;
const get = (query, parameters = {}, method = 'GET') =>
    server.request({
        parameters: {
            ...{ REQUEST_METHOD: method, QUERY_STRING: new URLSearchParams({ query }).toString(), HTTP_ACCEPT: 'application/json' },
            ...{ CONTENT_TYPE: '', CONTENT_LENGTH: '', ...parameters },
        },
    });

suite('what an answer says of caches', () => {
    before(async () => {
        writeFileSync(`${application.directory}/schema.graphql`, CONTRACT);
        server = await serve(
            ...['--workers', '1', '--contract', `${application.directory}/schema.graphql`],
            ...['--database', `host=${sockets}/postgresql dbname=${application.database} user=linnet_login`],
        );
    });

    const cases = {
        // The least of all that has an age, and of how long an old one may stand in.
        '{ note(id: 1) { id body } }': aged(30, 60),
        '{ notes { id } }': aged(10),
        '{ note(id: 1) { id brief } }': aged(2, 1),
        '{ note(id: 1) { id } notes { id } }': aged(10),
        '{ note(id: 1) { twin { twin { brief } } } }': aged(2, 1),
        '{ note(id: 1) { agedTags { id } } }': aged(20),
        'query ($no: Boolean = false) { note(id: 1) { id brief @include(if: $no) } }': aged(30, 60),
        'query ($yes: Boolean = true) { note(id: 1) { id brief @include(if: $yes) } }': aged(2, 1),
        '{ note(id: 1) { ...b } } fragment b on Note { brief }': aged(2, 1),
        '{ __typename note(id: 1) { __typename } }': aged(30, 60),
        '{ plain { id } }': PRIVATE,
        '{ plain { brief } }': aged(2, 1),
        '{ filtered(where: { lengthOf: 6 }) { id } }': aged(30, 60),
        '{ filtered { id } }': aged(30, 60),
        '{ note(id: 1) { lengthOf } }': aged(30, 60),
        '{ versionName }': aged(3600),
        '{ counted { double } }': aged(4),
        '{ twice(n: 2) }': aged(7),
        // The parts of a page say nothing themselves; who shows it does.
        '{ pages(first: 2) { edges { cursor node { id } } pageInfo { endCursor } totalCount } }': PRIVATE,
        // Nothing is said of a root field, or of other rows.
        '{ bare(id: 1) { id } }': PRIVATE,
        '{ lone(n: 2) }': PRIVATE,
        '{ note(id: 1) { tags { id } } }': PRIVATE,
        '{ note(id: 1) { id } bare(id: 1) { id } }': PRIVATE,
        '{ __typename }': PRIVATE,
        '{ note(id: 1) { id } __schema { queryType { name } } }': PRIVATE,
        '{ note(id: 1) { hidden } }': PRIVATE,
        // Others may see something else.
        '{ note(id: 1) { id secrets { id } } }': PRIVATE,
        '{ note(id: 1) { mine } }': PRIVATE,
        '{ filtered(where: { mine: false }) { id } }': PRIVATE,
        '{ note(id: 1) { id } whoami }': PRIVATE,
        '{ note(id: 1) { id } guess }': PRIVATE,
        '{ note(id: 1) { id } closed { id } }': PRIVATE,
        '{ note(id: 1) { id } shown { id } }': PRIVATE,
        // Of errors, whole and in part, nothing is kept.
        '{ note(id: 1) { id fails } }': PRIVATE,
        '{ note(id: 1) { id nothing } }': PRIVATE,
        '{ note': PRIVATE,
        '{ notes(first: 101) { id } }': PRIVATE,
    };
    for (const [query, expected] of Object.entries(cases))
        test(query, async () => {
            const answer = await get(query);
            const isPublic = expected !== PRIVATE;
            assert.equal(answer.headers['cache-control'], expected, answer.text);
            assert.equal(tagOf(answer) !== undefined, isPublic);
            assert.equal(answer.headers.vary, isPublic ? 'Accept, Authorization, Linnet-Cookies, Origin' : 'Origin');
            // What was planned before is planned no more.
            assert.equal((await get(query)).headers['cache-control'], expected);
            const posted = await server.post(query);
            assert.equal(posted.headers['cache-control'], PRIVATE);
            assert.equal(posted.headers.etag, undefined);
            if (isPublic) assert.equal(posted.text, answer.text);
        });

    test('only to whoever says nothing of who it is', async () => {
        const query = '{ note(id: 1) { id } }';
        const [ada] = await makeUsers(new Session(), 1);
        for (const parameters of [
            asParameters(ada),
            { HTTP_AUTHORIZATION: 'JWT nonsense' },
            { HTTP_AUTHORIZATION: 'Basic YTpi' },
            { HTTP_LINNET_COOKIES: '1' },
            { HTTP_COOKIE: 'a=b; __Secure-linnet-token=x.y.z' },
            { HTTP_COOKIE: 'linnet-refresh-only=x' },
            { HTTP_LINNET_DOCUMENT: 'any' },
            { HTTP_LINNET_EXPLAIN: '1' },
        ]) {
            const answer = await get(query, parameters);
            assert.equal(answer.headers['cache-control'], PRIVATE, JSON.stringify(parameters));
            assert.equal(answer.headers.etag, undefined);
        }
        for (const parameters of [{}, { HTTP_COOKIE: 'session=1; theme=dark' }, { HTTP_AUTHORIZATION: '' }])
            assert.equal((await get(query, parameters)).headers['cache-control'], aged(30, 60), JSON.stringify(parameters));
    });

    test('HEAD has the headers of GET', async () => {
        const [got, head] = [await get('{ note(id: 2) { id } }'), await get('{ note(id: 2) { id } }', {}, 'HEAD')];
        assert.equal(head.body.length, 0);
        for (const name of ['cache-control', 'etag', 'content-length', 'vary']) assert.equal(head.headers[name], got.headers[name]);
    });

    test('304 to who has it', async () => {
        const query = '{ note(id: 3) { id body } }';
        const first = await get(query);
        for (const tag of [tagOf(first), tagOf(first).slice(2), `"x", ${tagOf(first)}`, '*']) {
            const again = await get(query, { HTTP_IF_NONE_MATCH: tag });
            assert.equal(again.status, 304, tag);
            assert.equal(again.body.length, 0);
            assert.equal(again.headers['content-type'], undefined);
            assert.equal(again.headers['cache-control'], aged(30, 60));
            assert.equal(again.headers.etag, tagOf(first));
        }
        assert.equal((await get(query, { HTTP_IF_NONE_MATCH: '"x"' })).status, 200);
        // Not of what is not public, and not when it has changed.
        assert.equal((await get('{ bare(id: 1) { id } }', { HTTP_IF_NONE_MATCH: '*' })).status, 200);
        application.psql("UPDATE notes SET body = 'changed' WHERE id = 3");
        const changed = await get(query, { HTTP_IF_NONE_MATCH: tagOf(first) });
        assert.equal(changed.status, 200);
        assert.deepEqual(changed.json, { data: { note: { id: '3', body: 'changed' } } });
        assert.notEqual(tagOf(changed), tagOf(first));
    });

    test('the check names what cannot be public', () => {
        const public_ = '@cacheControl(maxAge: 5)';
        const lines = (sdl) => application.check(sdl).lines.filter((line) => /PUBLIC/.test(line)).join('\n');
        const secret = 'type Secret @table(name: "secrets") { id: ID! }';
        assert.match(lines(`type Query { s: [Secret!]! ${public_} } ${secret}`), /^1:28: .*policy secrets_own of table secrets/m);
        assert.match(lines(`type Query { s: [Secret!]! } ${secret.replace('{', `${public_} {`)}`), /policy secrets_own/);
        assert.match(lines(`type Query { w: String @function(name: "whoami") ${public_} }`), /^1:50: .*function whoami/m);
        assert.match(lines(`type Query { s: [S!]! ${public_} } type S @table(name: "shown", key: "id", rows: ALL) { id: ID }`), /view shown/);
        assert.match(lines(`type Query { c: [C!]! ${public_} } type C @table(name: "closed") { id: ID! }`), /policy closed_now/);
        assert.equal(lines(`type Query { h: [H!]! ${public_} } type H @table(name: "halves") { id: ID! }`), '');
    });

    test('a plan says whose it is', () => {
        const plan = (query) =>
            application.run(CONTRACT, 'print', ['plan'], query).stdout.split('\n').filter((line) => line.startsWith('Viewers'));
        const all = ['Viewers: all of linnet_anon', 'Viewers: all of linnet_user', 'Viewers: all of linnet_staff'];
        assert.deepEqual(plan('{ note(id: 1) { id tags { id } } }'), all);
        assert.deepEqual(plan('{ halves { id } }'), [all[0], 'Viewers: each of linnet_user (policy halves_own on halves)', all[2]]);
        assert.deepEqual(
            plan('{ note(id: 1) { secrets { id } } }'),
            all.map((line) => `${line.replace('all', 'each')} (policy secrets_own on secrets)`),
        );
        assert.deepEqual(plan('{ whoami }'), all.map((line) => `${line.replace('all', 'each')} (function whoami)`));
        assert.deepEqual(plan('{ shown { id } }'), all.map((line) => `${line.replace('all', 'each')} (view shown)`));
    });
});

// The shipped application, whose policies are the same for all roles: what is public to nobody in
// particular is the same, byte for byte, for two users of each role and for nobody.
suite('public answers are the same for all', () => {
    test(`of ${isFull ? 10000 : 300} random documents`, async () => {
        const session = new Session();
        const [ada, bob] = await makeUsers(session, 2, { prefix: 'viewers' });
        const [eve] = await makeUsers(session, 1, { prefix: 'staff', role: 'staff' });
        await session.run(`INSERT INTO votes (user_id, link_id) VALUES (${ada.id}, 910011)`);
        const next = randomDocuments(11);
        const counts = { public: 0, private: 0 };
        for (let i = 0; i < (isFull ? 10000 : 300); i++) {
            const made = next();
            // Some ask for what differs.
            const query = i % 3 ? made.query : made.query.replaceAll(/\bid\b(?! *:)/g, (word) => (i % 2 ? 'id viewerHasVoted' : word));
            const { variables } = made;
            const path = `${url.pathname}?${new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) })}`;
            if (path.length > 6000) continue;
            const nobody = await request({ method: 'GET', path, headers: { accept: 'application/json', 'linnet-document': 'any' } });
            const answer = await request({ method: 'GET', path, headers: { accept: 'application/json' } });
            const isPublic = answer.headers['cache-control'].startsWith('public');
            counts[isPublic ? 'public' : 'private']++;
            if (!isPublic) continue;
            assert.deepEqual(Object.keys(answer.json), ['data'], query);
            assert.equal(answer.text, nobody.text, query);
            for (const user of [ada, bob, eve]) assert.equal((await post(query, variables, as(user))).text, answer.text, query);
        }
        assert.ok(counts.public > 50 && counts.private > 50, JSON.stringify(counts));
        await session.run(`DELETE FROM votes WHERE user_id = ${ada.id}`);
    });
});
