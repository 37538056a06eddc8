// database.mjs - PostgreSQL's own answer, which the server's is compared with.
//
// Importing it loads data.sql, beside which the sample data stays as ./up loaded it.
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from 'node:child_process';
import { after } from 'node:test';

import { root } from './environment.mjs';

const arguments_ = [
    '--no-psqlrc',
    '--quiet',
    '--tuples-only',
    '--no-align',
    '--set=ON_ERROR_STOP=1',
];

execFileSync('psql', [...arguments_, `--file=${root}/tests/http/data.sql`]);

// Runs statements by a psql of their own, in the database that is named; what they printed.
export function psql(sql, connection = process.env.PGDATABASE) {
    return execFileSync('psql', [...arguments_, `--dbname=${connection}`], {
        input: sql,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
    }).trim();
}

// What a test leaves open would keep this process from ending.
const open = new Set();
after(() => open.forEach((one) => one.close()));

// A psql that stays: statements go in, lines come out up to a mark.
export class Session {
    constructor(database = process.env.PGDATABASE) {
        open.add(this);
        this.process = spawn('psql', [...arguments_, `--dbname=${database}`], {
            stdio: ['pipe', 'pipe', 'inherit'],
        });
        this.pieces = this.process.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
        this.text = '';
        this.last = Promise.resolve();
    }

    // Runs statements; what they printed.
    run(sql) {
        const result = this.last.then(() => this.#exchange(sql));
        this.last = result.catch(() => {});
        return result;
    }

    async #exchange(sql) {
        const mark = '-- the end --\n';
        this.process.stdin.write(`${sql};\n\\echo ${mark}`);
        while (!this.text.endsWith(mark)) {
            const { value, done } = await this.pieces.next();
            if (done) throw new Error(`psql gave up on: ${sql}`);
            this.text += value;
        }
        const printed = this.text.slice(0, -mark.length);
        this.text = '';
        return printed;
    }

    // The rows of a query as objects.  In base64, since psql leaves out what a terminal cannot show.
    async rows(query) {
        const text = await this.run(
            `SELECT encode(convert_to(coalesce(json_agg(t), '[]')::text, 'UTF8'), 'base64') FROM (${query}) t`,
        );
        return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    }

    // Its only row.
    async row(query) {
        const all = await this.rows(query);
        if (all.length !== 1) throw new Error(`${all.length} rows: ${query}`);
        return all[0];
    }

    close() {
        this.process.kill();
        open.delete(this);
    }
}

const session = new Session();

export const rows = (query) => session.rows(query);
export const row = (query) => session.row(query);

// Texts and times as SQL and as the contract write them.
export const quote = (text) => `'${text.replaceAll("'", "''")}'`;
export const time = (column) =>
    `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

// Subselects that give what a selection below a field gives.
export const one = (query) => `(SELECT to_json(o) FROM (${query}) o)`;
export const list = (query) => `(SELECT coalesce(json_agg(m), '[]') FROM (${query}) m)`;
