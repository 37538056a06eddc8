// heavy.test.mjs - requests that cost PostgreSQL much: how long it works for one of them in all, and
// that there are always connections for others.  Judged by what runs, what is cancelled and what is
// answered.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, suite, test } from 'node:test';

import { psql, Session } from './lib/database.mjs';
import { patience, sockets, state } from './lib/environment.mjs';
import { Connection } from './lib/fastcgi.mjs';
import { serve, until } from './lib/processes.mjs';
import { backends, untilLocked, untilLogged } from './lib/wait.mjs';

const DATABASE = 'linnet_heavy';

const SQL = `
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE notes (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users);
CREATE TABLE works (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ms integer);
CREATE TABLE texts (id integer PRIMARY KEY, body text NOT NULL);
INSERT INTO texts SELECT n, repeat('not what is looked for ', 40) FROM generate_series(1, 500) AS n;
INSERT INTO users VALUES (1); INSERT INTO notes VALUES (1, 1);
${['users', 'notes', 'works', 'texts']
    .map((table) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY all_rows ON ${table} USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT ON ${table} TO linnet_anon;`)
    .join('')}
CREATE FUNCTION nap(ms integer) RETURNS integer LANGUAGE plpgsql STABLE
    AS 'BEGIN PERFORM pg_sleep(ms / 1000.0); RETURN ms; END';
CREATE FUNCTION rest(users) RETURNS integer LANGUAGE sql STABLE AS 'SELECT nap(800)';
CREATE FUNCTION rest(notes) RETURNS integer LANGUAGE sql STABLE AS 'SELECT nap(800)';
CREATE FUNCTION work(ms integer) RETURNS works LANGUAGE sql
    AS 'SELECT nap(ms); INSERT INTO works (ms) VALUES (ms) RETURNING *';
`;

const CONTRACT = `
type Query {
  users(first: Int = 5): [User!]! @order(by: "id")
  nap(ms: Int!): Int @function(name: "nap")
  texts(search: String @search(columns: ["body"]), first: Int = 1): [Text!]!
}
type Text @table(name: "texts") { id: ID! }
type Mutation { work(ms: Int!): Work @function(name: "work") }
type User @table(name: "users") {
  id: ID!
  rest: Int @function(name: "rest")
  notes(first: Int = 5): [Note!]! @order(by: "id")
}
type Note @table(name: "notes") { id: ID! rest: Int @function(name: "rest") }
type Work @table(name: "works") { id: ID! ms: Int }
`;

const fast = '{ users(first: 1) { id } }';
const fastAnswer = '{"data":{"users":[{"id":"1"}]}}';
const oneNap = 'query ($ms: Int!) { nap(ms: $ms) }';
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const from = (address) => ({ REMOTE_ADDR: address });

const reasons = () => readFileSync(`${state}/log/postgresql.log`, 'utf8');
const cancelled = (why) => reasons().split(`canceling statement due to ${why}`).length - 1;

let folder, server;

before(() => {
    psql(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`, 'postgres');
    psql(`CREATE DATABASE ${DATABASE} OWNER linnet_owner`, 'postgres');
    psql(`SET ROLE linnet_owner; ${SQL}`, DATABASE);
    folder = mkdtempSync(`${tmpdir()}/linnet-heavy.`);
    chmodSync(folder, 0o755);
    writeFileSync(`${folder}/schema.graphql`, CONTRACT);
});
afterEach(async () => {
    await server?.stop();
    server = null;
});
after(() => {
    psql(`DROP DATABASE ${DATABASE} WITH (FORCE)`, 'postgres');
    rmSync(folder, { recursive: true });
});

const start = (...options) =>
    serve(
        ...['--contract', `${folder}/schema.graphql`, '--workers', '1'],
        ...['--database', `host=${sockets}/postgresql dbname=${DATABASE} user=linnet_login`],
        ...['--request-time', '60000', '--limit-heavy-requests', '100'],
        ...options,
    );

const active = async () =>
    (await backends(`datname = '${DATABASE}' AND state = 'active' AND query ~ 'nap'`)).length;
const pids = async () =>
    (await backends(`datname = '${DATABASE}'`)).map(({ pid }) => pid).sort((a, b) => a - b);

async function askFast(address, count = 1) {
    const connection = new Connection(server.socket);
    for (let i = 0; i < count; i++)
        assert.equal((await connection.post(fast, {}, from(address))).text, fastAnswer);
    connection.close();
}

suite('the time that PostgreSQL works for a request', () => {
    const isTimeout = ({ extensions }) => extensions.code === 'TIMEOUT';

    test('is limited over all statements of a flush; the connection is kept', async () => {
        server = await start('--connections', '1', '--limit-database-time', '1000');
        await askFast('192.0.2.2');
        const [kept, own, others] = [await pids(), cancelled('user request'), cancelled('statement timeout')];
        const { json } = await server.post(`{ ${times(8, (i) => `a${i}: nap(ms: 300)`).join(' ')} }`);
        const done = Object.values(json.data).filter((value) => value === 300).length;
        assert.ok(done < 8, `${done} are done`);
        assert.equal(json.errors.length, 8 - done);
        assert.ok(json.errors.every(isTimeout), JSON.stringify(json.errors));
        // Each of the others was sent, and is cancelled when its turn comes.
        assert.ok(cancelled('user request') > own);
        assert.equal(cancelled('statement timeout') - others, 0);
        await askFast('192.0.2.2');
        assert.deepEqual(await pids(), kept);
    });

    test('is limited over all waves', async () => {
        server = await start('--limit-database-time', '1000');
        const one = (await server.post('{ users { rest } }')).json;
        assert.deepEqual(one, { data: { users: [{ rest: 800 }] } });
        const { json } = await server.post('{ users { rest notes { rest } } }');
        assert.equal(json.data, null);
        assert.ok(json.errors.every(isTimeout), JSON.stringify(json.errors));
    });

    test('is limited over all fields of a mutation: what was not done says so', async () => {
        server = await start('--limit-database-time', '1000');
        const fields = times(5, (i) => `a${i}: work(ms: 400) { ms }`).join(' ');
        const { json } = await server.post(`mutation { ${fields} }`);
        const done = Object.values(json.data).filter(Boolean).length;
        assert.ok(done < 5, `${done} are done`);
        assert.equal(json.errors.length, 5 - done);
        assert.ok(json.errors.every(isTimeout), JSON.stringify(json.errors));
        assert.equal(psql('SELECT count(*) FROM works', DATABASE), String(done));
    });
});

suite('of four connections', () => {
    test('one stays for requests that cost little, and these are never refused', async () => {
        server = await start('--connections', '4');
        await askFast('192.0.2.2');
        const document = `query ($ms: Int!) { ${times(19, (i) => `a${i}: nap(ms: $ms)`).join(' ')} }`;
        let left = 9;
        const answers = times(9, async () => {
            const answer = await server.post(document, { ms: 50 }, { parameters: from('192.0.2.1') });
            left--;
            return answer;
        });
        await until(async () => (await active()) === 3, 10000 * patience, 'three run');
        while (left > 0) {
            await askFast('192.0.2.2', 10);
            assert.ok((await active()) <= 3);
        }
        for (const answer of await Promise.all(answers)) {
            assert.equal(answer.status, 200);
            assert.equal(Object.values(answer.json.data).filter((value) => value === 50).length, 19);
        }
    });

    test('one stays for others while nine clients search without an index', async () => {
        server = await start('--connections', '4');
        await askFast('192.0.2.2');
        const search = JSON.stringify('%'.repeat(100));
        const document = `{ ${times(19, (i) => `a${i}: texts(search: ${search}) { id }`).join(' ')} }`;
        const searching = async () =>
            (await backends(`datname = '${DATABASE}' AND state = 'active' AND query ~ 'texts'`)).length;
        let isOver = false, most = 0;
        const load = times(9, async () => {
            while (!isOver) {
                const answer = await server.post(document, {}, { parameters: from('192.0.2.1') });
                assert.equal(answer.status, 200);
                assert.ok(Object.values(answer.json.data).every((found) => found.length === 0));
            }
        });
        await until(searching, 10000 * patience, 'they search');
        for (let i = 0; i < 20; i++) {
            await askFast('192.0.2.2', 10);
            most = Math.max(most, await searching());
        }
        isOver = true;
        await Promise.all(load);
        assert.ok(most > 0 && most <= 3, `${most} at once`);
    });

    test('all are for statements that have cost little, until they cost much', async () => {
        server = await start('--connections', '4');
        const nap = (ms) => server.post(oneNap, { ms });
        await nap(0);
        for (const most of [4, 3]) {
            const seen = [];
            let isOver = false;
            const answers = Promise.all(times(6, () => nap(1000))).finally(() => (isOver = true));
            while (!isOver) seen.push(await active());
            assert.equal(Math.max(...seen), most);
            for (const answer of await answers) assert.equal(answer.text, '{"data":{"nap":1000}}');
        }
    });

    test('one stays for others when one address takes what it can get', async () => {
        server = await start('--connections', '4', '--limit-heavy-time', '600000');
        await server.post(oneNap, { ms: 0 }); // so that none of what follows is heavy
        const load = (address, ms, count) =>
            times(count, () => server.post(oneNap, { ms }, { parameters: from(address) }));
        const alone = Promise.all(load('192.0.2.1', 1000, 6));
        await until(async () => (await active()) === 4, 10000 * patience, 'alone it has all');
        await alone;
        await Promise.all(load('192.0.2.2', 0, 1));
        const beside = Promise.all(load('192.0.2.1', 1000, 6));
        await until(async () => (await active()) === 3, 10000 * patience, 'three run');
        for (const answer of await Promise.all(load('192.0.2.2', 0, 20)))
            assert.equal(answer.text, '{"data":{"nap":0}}');
        assert.ok((await active()) <= 3);
        await beside;
    });

    test('whoever has the fewest is next: nobody waits for all that another has sent', async () => {
        server = await start('--connections', '4');
        const load = (address, ms, document) =>
            server.post(document, { ms }, { parameters: from(address) });
        let answered = 0;
        const flood = times(30, () => load('192.0.2.1', 200, oneNap).then(() => answered++));
        await until(async () => (await active()) === 3, 10000 * patience, 'three run');
        // It has not run before, and so counts as heavy, too.
        const { text } = await load('192.0.2.2', 0, 'query ($ms: Int!) { other: nap(ms: $ms) users { id } }');
        assert.equal(text, '{"data":{"other":0,"users":[{"id":"1"}]}}');
        assert.ok(answered < 15, `${answered} were answered before`);
        await Promise.all(flood);
    });

    test('some are for requests that cost much, however many cost little', async () => {
        server = await start('--connections', '4');
        await askFast('192.0.2.2');
        let isOver = false;
        const load = times(16, async () => {
            while (!isOver) await askFast('192.0.2.2', 10);
        });
        for (const answer of await Promise.all(times(6, () => server.post(oneNap, { ms: 100 }))))
            assert.equal(answer.text, '{"data":{"nap":100}}');
        isOver = true;
        await Promise.all(load);
    });

    test('a worker with one connection serves all with it', async () => {
        server = await start('--connections', '1');
        const naps = times(3, () => server.post(oneNap, { ms: 100 }));
        await askFast('192.0.2.2', 3);
        for (const answer of await Promise.all(naps)) assert.equal(answer.text, '{"data":{"nap":100}}');
    });

    test('what is left in the queue is not done', async () => {
        server = await start('--connections', '1', '--limit-lock-time', '60000', '--limit-database-time', '60000');
        const session = new Session(DATABASE);
        await session.run('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
        const works = () => psql('SELECT count(*) FROM works', DATABASE);
        const before = works();
        const held = server.post(fast);
        await untilLocked(1);
        const [worker] = server.workers();
        const descriptors = () => readdirSync(`/proc/${worker}/fd`).length;
        const least = descriptors();
        const clients = times(50, () => new Connection(server.socket));
        clients.forEach((client) => client.post('mutation { work(ms: 0) { ms } }'));
        await until(() => descriptors() >= least + 50, 10000 * patience, 'all are there');
        await server.post('{ __typename }'); // so that most have been read
        clients.forEach((client) => client.close());
        await until(() => descriptors() <= least, 10000 * patience, 'all have gone');
        await untilLogged(() => server.log, /the client has disconnected/);
        await session.run('ROLLBACK');
        session.close();
        assert.equal((await held).text, fastAnswer);
        await askFast('192.0.2.1', 10);
        assert.equal(works(), before);
    });
});

suite('of two workers', () => {
    const most = async (work) => {
        let highest = 0, isOver = false;
        const over = work.finally(() => (isOver = true));
        while (!isOver) highest = Math.max(highest, await active());
        await over;
        return highest;
    };
    const heavy = async (document = oneNap) => {
        const answer = await server.post(document, { ms: 40 }, { parameters: from('192.0.2.1') });
        assert.equal(answer.json.data?.nap, 40, answer.text);
    };
    // Until both workers know what they cost, one runs at a time, and this stays so.
    const untilTurns = async (makeRound, what) => {
        let inTurn = 0;
        const isInTurn = async () => {
            inTurn = (await most(Promise.all(makeRound()))) === 1 ? inTurn + 1 : 0;
            return inTurn === 3;
        };
        await until(isInTurn, 20000 * patience, what);
    };

    test('queries that are known to be heavy take turns', async () => {
        const limits = ['--limit-heavy-requests', '1', '--limit-heavy-time', '20'];
        server = await start('--workers', '2', '--connections', '4', ...limits);
        await untilTurns(() => times(8, () => heavy()), 'they take turns');
        const load = Promise.all(times(12, () => heavy()));
        await askFast('192.0.2.2', 50);
        await load;
        // Documents that are new, of an address whose others have been heavy.
        let count = 0;
        const next = () => {
            const [naps, users] = [count % 9, Math.floor(count++ / 9)];
            return heavy(`query ($ms: Int!) { nap(ms: $ms)
                ${times(naps, (n) => `a${n}: nap(ms: 0)`).join(' ')}
                ${times(users, (n) => `b${n}: users { id }`).join(' ')} }`);
        };
        await untilTurns(() => times(3, next), 'new ones take turns, too');
        // A worker that dies gives its turn back.
        const [died] = server.workers();
        process.kill(died, 'SIGKILL');
        const isReplaced = () => server.workers().length === 2 && !server.workers().includes(died);
        await until(isReplaced, 10000 * patience, 'there is another worker');
        await Promise.all(times(4, () => heavy()));
    });

    test('whoever keeps PostgreSQL busy by queries that cost little takes turns, while others ask', async () => {
        const limits = ['--limit-heavy-requests', '1', '--limit-heavy-time', '600000'];
        server = await start('--workers', '2', '--connections', '4', ...limits);
        const round = () => times(6, async () => {
            for (let i = 0; i < 4; i++) await heavy();
        });
        // Nobody else is there: it may be a proxy.
        await Promise.all(round());
        assert.ok((await most(Promise.all(round()))) > 1);
        // Each worker gets to know that there are others, and none of them waits.
        const others = () => times(4, (i) => askFast(`192.0.2.${2 + i}`));
        await untilTurns(() => [...round(), ...others()], 'they take turns');
    });
});
