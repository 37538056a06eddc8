// comparison.mjs - one contract's answers by Linnet and by the interpreter, document by document.
//
// SPDX-License-Identifier: MIT
import { parse, validate } from 'graphql';

import { Bindings } from './binding/bind.mjs';
import { readCatalog } from './binding/catalog.mjs';
import { difference } from './compare.mjs';
import { readContract } from './binding/contract.mjs';
import { Generator } from './generator/generate.mjs';
import { Cursors } from './interpreter/cursors.mjs';
import { Interpreter } from './interpreter/interpret.mjs';
import { Judge } from './interpreter/judge.mjs';
import { findKnown } from './known.mjs';
import { readJson } from './number.mjs';
import { Pools } from './generator/pools.mjs';
import { Rows } from './interpreter/rows.mjs';
import { Server } from './server.mjs';
import { Session } from './session.mjs';

const CONNECTIONS = 4;
const TRIES = 10; // for a document that is valid

// The numbers of its data keep their digits; those of its errors are places.
function readResponse(text) {
    const { data, errors } = readJson(text);
    return { ...data !== undefined && { data }, ...errors && { errors: JSON.parse(text).errors } };
}

// Each request has its own id, which errors name.
const withoutIds = (text) => text?.replaceAll(/"requestId":"[0-9a-f]*"/g, '');

// A database, and what each viewer sees of it.
export class Database {
    // `computedOf`: of the catalog, by table the functions of its rows that contracts show.
    static async read({ database, viewers }, computedOf) {
        const it = new Database();
        it.name = database;
        it.viewers = viewers;
        it.session = new Session(database);
        it.catalog = await readCatalog(it.session);
        const computed = computedOf(it.catalog);
        it.rows = new Map();
        for (const viewer of viewers)
            it.rows.set(viewer, await Rows.read(it.session, it.catalog, viewer, computed));
        it.judge = new Judge(it.session, it.catalog, [...it.rows.values()]);
        // The staff see the most.
        it.pools = new Pools(it.rows.get(viewers.at(-1)), it.catalog);
        return it;
    }

    close() {
        this.session.close();
    }
}

export class Comparison {
    // Serves the contract from the database; `settings` are the server's, beside those of all.
    static async start({ database, sdl, program, host, fields, settings }) {
        const it = new Comparison();
        const schema = readContract(sdl);
        const bindings = new Bindings(schema, database.catalog);
        it.database = database;
        it.schema = schema;
        it.cursors = new Cursors();
        it.asked = new Map(); // by query, the cursors in its answer
        it.interpreter = new Interpreter({ schema, bindings, judge: database.judge, cursors: it.cursors });
        it.generator = new Generator({ schema, bindings, pools: database.pools, fields });
        it.server = await Server.start({ program, database: `host=${host} dbname=${database.name} user=linnet_login`, contract: sdl, connections: CONNECTIONS, settings });
        return it;
    }

    // A document: { query, variables, viewer }.
    make(random) {
        const viewer = random.pick(this.database.viewers);
        for (let i = 0; i < TRIES; i++) {
            const made = this.generator.make(random);
            if (this.#read(made.query))
                return { ...made, viewer };
        }
        return { query: '{ __typename }', variables: '{}', viewer };
    }

    #read(query) {
        try {
            const document = parse(query);
            return validate(this.schema, document).length === 0 ? document : null;
        } catch {
            return null;
        }
    }

    // How the two answers differ; null when they do not, or when the document is not valid.
    async judge({ query, variables, viewer, cursors = [] }) {
        const texts = await Promise.all(cursors.map((one) => this.#cursor(one)));
        const fill = (text) => text.replaceAll(/@cursor(\d+)@/g, (_, number) => texts[number]);
        const found = await this.#compare({ query: fill(query), variables: fill(variables), viewer });
        return found?.what ? found : null;
    }

    // One of those in the answer to a query, which the staff ask.
    async #cursor({ query, place }) {
        if (!this.asked.has(query))
            this.asked.set(query, this.#ask(query));
        const found = await this.asked.get(query);
        return found.length > 0 ? found[place % found.length] : 'AA';
    }

    async #ask(query) {
        const found = await this.#compare({ query, variables: '{}', viewer: this.database.viewers.at(-1) });
        const all = [];
        JSON.parse(found?.actual ?? '{}', (name, value) => { if (name === 'cursor' && typeof value === 'string') all.push(value); return value; });
        return [...new Set(all)];
    }

    async #compare({ query, variables, viewer }) {
        const document = this.#read(query);
        let values;
        try {
            values = readJson(variables);
        } catch {
            return null;
        }
        if (!document || values === null || typeof values !== 'object' || Array.isArray(values))
            return null;
        const asked = this.server.askTwice(`{"query":${JSON.stringify(query)},"variables":${variables}}`, viewer);
        const expected = await this.interpreter.answer({ document, variables: values, viewer, rows: this.database.rows.get(viewer) });
        const [first, text] = await asked;
        if (withoutIds(first) !== withoutIds(text))
            return { what: 'the second answer', detail: `first: ${first}`, query, variables, actual: text, expected };
        const actual = text === null ? null : readResponse(text);
        const found = actual ? difference(actual, expected, this.cursors) : { what: 'no answer', detail: this.server.log.slice(-2000) };
        const isOpen = found?.what === 'data' && expected.isUndetermined;
        const known = found && actual && findKnown(actual, expected);
        return { ...!isOpen && found, ...known && { what: 'known', detail: known }, query, variables, actual: text, expected };
    }

    stop() {
        return this.server.stop();
    }
}
