// walk.mjs - walks over random rows in random orders, page by page: forwards, backwards, between two
// cursors, below other rows, while rows come and go, and from cursors that are none.
//
//     node walk.mjs [--cases N] [--seed S] [--only CASE]
//
// The order of all rows is PostgreSQL's own; which of them are on a page is Relay's algorithm, as its
// specification has it (GraphQL Cursor Connections, 4.4).
//
// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { Random } from '../reference/lib/random.mjs';
import { Server } from './lib/server.mjs';
import { Session } from './lib/session.mjs';
import { contract, makeList } from './walk/contract.mjs';
import { forge, spoil } from './walk/cursors.mjs';
import { insertItems, makeItem, makeRows } from './walk/rows.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ANON = { name: 'anon', role: 'linnet_anon', id: null };
const WALKS_PER_ROWS = 20;
const LEAST_SHOWN = 5;

class Difference extends Error {}

function expect(actual, expected, what) {
    if (!isDeepStrictEqual(actual, expected))
        throw new Difference(`${what}\n    Linnet:   ${JSON.stringify(actual)}\n    expected: ${JSON.stringify(expected)}`);
}

// --- what a page has -----------------------------------------------------------

// Of `all`, the rows behind `after` and in front of `before`, which are places of rows.
function relayPage(all, { first, last, after, before }, most) {
    const from = after === undefined ? 0 : after + 1, to = before ?? all.length;
    const between = all.slice(from, Math.max(from, to));
    const count = first ?? last ?? most;
    const isBackward = last !== undefined;
    const isCut = between.length > count;
    const isMoreBehind = before !== undefined && before < all.length, isMoreInFront = after !== undefined && after >= 0;
    return {
        keys: isBackward ? between.slice(Math.max(0, between.length - count)) : between.slice(0, count),
        hasNextPage: isBackward ? isMoreBehind : isCut,
        hasPreviousPage: isBackward ? isCut : isMoreInFront,
    };
}

const write = ({ first, last, after, before }, cursors) => [
    first !== undefined && `first: ${first}`, last !== undefined && `last: ${last}`,
    after !== undefined && `after: ${JSON.stringify(cursors[after])}`, before !== undefined && `before: ${JSON.stringify(cursors[before])}`,
].filter(Boolean).join(', ');

// --- the walks -----------------------------------------------------------------

class Walk {
    constructor(world, random) {
        this.random = random;
        this.world = world;
        this.list = makeList(random);
        this.size = random.between(1, 9);
    }

    selection(page, field = this.list.field) {
        const { given, orderBy, node } = this.list;
        const inside = [given, page, orderBy !== '[]' && `orderBy: ${orderBy}`].filter(Boolean).join(', ');
        return `${field}${inside && `(${inside})`} {
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${node} } } }`;
    }

    async ask(query) {
        const response = await this.world.ask(query);
        if (response.errors)
            throw new Difference(`${query}\n    errors: ${JSON.stringify(response.errors)}`);
        return response.data;
    }

    page = async (text) => (await this.ask(`{ ${this.selection(text)} }`))[this.list.field];

    keys = ({ edges }) => edges.map(({ node }) => this.list.keyOf(node));

    async readAll() {
        this.rows = await this.world.session.rows(this.list.sql, ANON);
        this.all = this.rows.map(([key]) => key);
    }

    // Pages forwards until there is no next one; the cursors in their order.
    async forwards() {
        const cursors = [], keys = [];
        for (let after = null; ;) {
            const page = await this.page(`first: ${this.size}${after ? `, after: "${after}"` : ''}`);
            keys.push(...this.keys(page));
            cursors.push(...page.edges.map(({ cursor }) => cursor));
            expect(page.pageInfo.hasPreviousPage, after !== null, 'hasPreviousPage');
            expect(page.pageInfo.endCursor, cursors.at(-1) ?? null, 'endCursor');
            after = page.pageInfo.endCursor;
            if (!page.pageInfo.hasNextPage || keys.length > this.all.length)
                break;
            expect(page.edges.length, this.size, 'a page with a next one is full');
        }
        expect(keys, this.all, 'pages forwards');
        return cursors;
    }

    async backwards(cursors) {
        const keys = [], found = [];
        for (let before = null; ;) {
            const page = await this.page(`last: ${this.size}${before ? `, before: "${before}"` : ''}`);
            keys.unshift(...this.keys(page));
            found.unshift(...page.edges.map(({ cursor }) => cursor));
            expect(page.pageInfo.hasNextPage, before !== null, 'hasNextPage');
            before = page.pageInfo.startCursor;
            if (!page.pageInfo.hasPreviousPage || keys.length > this.all.length)
                break;
        }
        expect(keys, this.all, 'pages backwards');
        expect(found, cursors, 'cursors backwards');
    }

    randomArguments() {
        const { random, all } = this;
        const place = () => random.below(all.length);
        return {
            ...random.chance(0.5) && { first: random.below(this.size + 1) }, ...random.chance(0.4) && { last: random.below(this.size + 1) },
            ...all.length > 0 && random.chance(0.6) && { after: place() }, ...all.length > 0 && random.chance(0.6) && { before: place() },
        };
    }

    // All sixteen sets of arguments come in time.
    async anyPage(cursors) {
        const given = this.randomArguments();
        const text = write(given, cursors);
        if (given.first !== undefined && given.last !== undefined) {
            const { errors } = await this.world.ask(`{ ${this.selection(text)} }`);
            expect([errors?.length, errors?.[0].extensions], [1, { ...errors?.[0].extensions, code: 'BAD_USER_INPUT', argument: 'last' }], text);
            return;
        }
        const page = await this.page(text);
        const { keys, ...info } = relayPage(this.all, given, 100);
        expect(this.keys(page), keys, `(${text})`);
        const at = (place) => (place === undefined ? null : cursors[place]);
        expect(page.pageInfo, { ...info, startCursor: page.edges[0]?.cursor ?? at(given.before),
            endCursor: page.edges.at(-1)?.cursor ?? at(given.after) }, `pageInfo of (${text})`);
    }

    // The pages of each owner are those of his own rows; a cursor is the same place in each list.
    async below() {
        if (this.list.field !== 'items')
            return;
        const flat = await this.page('first: 100');
        const cursors = flat.edges.map(({ cursor }) => cursor);
        const ownCursors = new Map((await this.ask(`{ owners { id ${this.selection('first: 100', 'items')} } }`)).owners
            .flatMap(({ items }) => items.edges.map(({ cursor, node }) => [node.id, cursor])));
        const given = this.randomArguments();
        delete given[this.random.pick(['first', 'last'])];
        const ranks = new Map(this.all.map((key, i) => [key, i]));
        // A place of somebody's row, whoever's list it is.
        const mine = this.all.filter((key) => ownCursors.has(key));
        if (mine.length === 0 || cursors.length !== this.all.length)
            return;
        for (const name of ['after', 'before'])
            if (given[name] !== undefined)
                given[name] = ranks.get(mine[given[name] % mine.length]);
        const text = write(given, this.all.map((key) => ownCursors.get(key)));
        const { owners } = await this.ask(`{ owners { id ${this.selection(text, 'items')} } }`);
        for (const { id, items } of owners) {
            const own = this.rows.filter(([, owner]) => owner === id).map(([key]) => key);
            // Where the places of all rows are among his.
            const behind = (place) => own.filter((key) => ranks.get(key) <= place).length - 1;
            const inFront = (place) => own.filter((key) => ranks.get(key) < place).length;
            const { keys, ...info } = relayPage(own, { ...given,
                ...given.after !== undefined && { after: behind(given.after) },
                ...given.before !== undefined && { before: inFront(given.before) } }, 100);
            expect(this.keys(items), keys, `owner ${id} (${text})`);
            expect([items.pageInfo.hasNextPage, items.pageInfo.hasPreviousPage], [info.hasNextPage, info.hasPreviousPage], `owner ${id}'s pageInfo (${text})`);
        }
    }

    // Rows come and go between pages: one that stays comes exactly once.
    async change() {
        if (!['items', 'sorted'].includes(this.list.field))
            return;
        const seen = [], stays = new Set(this.all);
        for (let after = null, i = 0; ; i++) {
            const page = await this.page(`first: ${this.size}${after ? `, after: "${after}"` : ''}`);
            seen.push(...this.keys(page));
            after = page.pageInfo.endCursor;
            if (!page.pageInfo.hasNextPage || i > 200)
                break;
            const gone = this.random.some([...stays], 0.1);
            gone.forEach((key) => stays.delete(key));
            const come = this.random.chance(0.5) ? [makeItem(this.random, 100000 + this.world.next++)] : [];
            await this.world.session.change(`${gone.length > 0 ? `DELETE FROM items WHERE id IN (${gone.join(', ')});` : ''}${insertItems(come)}`);
        }
        const counted = [...stays].filter((key) => seen.filter((other) => other === key).length !== 1);
        expect(counted, [], 'rows that stay come once');
        expect(new Set(seen).size, seen.length, 'no row comes twice');
        await this.readAll();
    }

    // Never SQL's error, and never one without the argument.
    async nonsense(cursors) {
        if (cursors.length === 0)
            return;
        const cursor = this.random.pick(cursors), argument = this.random.pick(['after', 'before']);
        const isForged = this.random.chance(0.5);
        const text = isForged ? forge(this.random, cursor) : spoil(this.random, cursor);
        const { data, errors } = await this.world.ask(`{ ${this.selection(`${argument}: ${JSON.stringify(text)}`)} }`);
        if (isForged && data && !errors)
            return; // it may be a place like any other
        expect([data, errors?.length, errors?.[0].message, errors?.[0].extensions.argument],
            [null, 1, `"${argument}" is no cursor.`, argument], `the ${isForged ? 'forged' : 'spoilt'} cursor ${text} of ${this.list.field}(orderBy: ${this.list.orderBy})`);
        const other = makeList(this.random);
        if (other.field === this.list.field && other.orderBy === this.list.orderBy)
            return;
        const answer = await this.world.ask(`{ ${other.field}(${other.given} ${argument}: "${cursor}", orderBy: ${other.orderBy}) { nodes { ${other.node} } } }`);
        if (answer.errors) // another text may say the same order
            expect([answer.errors[0].message, answer.errors[0].extensions.code],
                [`"${argument}" is a cursor of another list or order.`, 'BAD_USER_INPUT'], 'a cursor of another order');
        else
            expect(other.field, this.list.field, 'a cursor of another field');
    }

    async run() {
        await this.readAll();
        const cursors = await this.forwards();
        expect(new Set(cursors).size, cursors.length, 'each row has its own cursor');
        await this.backwards(cursors);
        for (let i = 0; i < 4; i++)
            await this.anyPage(cursors);
        await this.below();
        for (let i = 0; i < 2; i++)
            await this.nonsense(cursors);
        if (this.random.chance(0.2))
            await this.change();
    }
}

// --- all of them -----------------------------------------------------------------

class World {
    next = 0;

    static async start({ program, host }) {
        const it = new World();
        const psql = (user, database, ...words) => execFileSync('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1',
            `--username=${user}`, `--dbname=${database}`, ...words], { env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } });
        psql('postgres', 'postgres', '--command=DROP DATABASE IF EXISTS walk WITH (FORCE)');
        psql('postgres', 'postgres', "--command=CREATE DATABASE walk OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'");
        psql('linnet_owner', 'walk', `--file=${HERE}/walk/database.sql`);
        it.session = new Session('walk');
        it.server = await Server.start({ program, database: `host=${host} dbname=walk user=linnet_login`, contract, connections: 1 });
        return it;
    }

    async ask(query) {
        const text = await this.server.ask(JSON.stringify({ query }), ANON);
        if (!text)
            throw new Difference(`no answer to ${query}\n${this.server.log.slice(-2000)}`);
        return JSON.parse(text);
    }
}

const { values } = parseArgs({ options: { cases: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } } });
const seed = Number(values.seed), cases = Number(values.cases);
const world = await World.start({ program: process.env.LINNET_PROGRAM, host: process.env.PGHOST });
const first = values.only === undefined ? 0 : Number(values.only), end = values.only === undefined ? cases : first + 1;
let failed = 0;
for (let i = first; i < end && failed < LEAST_SHOWN; i++) {
    // A walk may change the rows: those after it in their group see that, so that one alone begins its group.
    const group = i - i % WALKS_PER_ROWS;
    if (i === group || i === first)
        await world.session.change(makeRows(new Random(seed, 31, group)));
    const walk = new Walk(world, new Random(seed, 37, i));
    try {
        await walk.run();
    } catch (error) {
        if (!(error instanceof Difference))
            throw error;
        failed++;
        console.log(`not ok walk --seed ${seed} --only ${i}: ${walk.list.field}(orderBy: ${walk.list.orderBy}), ${walk.all?.length} rows, pages of ${walk.size}\n  ${error.message}`);
    }
}
const reports = await world.server.stop();
world.session.close();
if (reports)
    console.log(`not ok a sanitizer says:\n${reports}`);
console.log(`walks: ${end - first - failed} passed, ${failed} failed`);
process.exit(failed > 0 || reports ? 1 : 0);
