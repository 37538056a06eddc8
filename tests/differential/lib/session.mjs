// session.mjs - PostgreSQL's own answers: a psql that stays, asked by COPY.
//
// COPY writes each value as the type's output function has it, with nothing in between: no
// cast that adds a mask to an inet or cuts the spaces of a char(n).
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const unescape = (cell) => (cell.includes('\\') ? cell.replace(/\\([^])/g, (_, c) => ESCAPES[c] ?? c) : cell);
const readCell = (cell) => (cell === '\\N' ? null : unescape(cell));
const readLine = (line) => line.split('\t').map(readCell);

export const quote = (text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
export const identifier = (name) => `"${name.replaceAll('"', '""')}"`;

// What a request says of itself (docs/security.md): as the role, with the settings that
// policies ask for.
const become = ({ role, id, claim }) =>
    `SET LOCAL ROLE ${role}; SELECT set_config('linnet.user_id', ${quote(id ?? '')}, true), ` +
    `set_config('linnet.role', ${quote(claim ?? '')}, true)`;

// Texts that do not depend on what the database, or its superuser, has for settings.
const SETTINGS = `
    SET client_min_messages = error; SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601';
    SET bytea_output = 'hex'; SET extra_float_digits = 1; SET xmlbinary = 'base64'; SET lc_monetary = 'C'`;

const MARK = '-- the end --';
const ERROR = /ERROR: +([0-9A-Z]{5}): /;

export class Session {
    #process;
    #waiting = [];
    #pieces = '';
    #errors = '';
    #hasEnded = false;

    constructor(database) {
        const words = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--username=postgres', `--dbname=${database}`];
        this.#process = spawn('psql', words, { stdio: ['pipe', 'pipe', 'pipe'] });
        this.#process.stdout.setEncoding('utf8').on('data', (piece) => { this.#pieces += piece; this.#read(); });
        this.#process.stderr.setEncoding('utf8').on('data', (piece) => { this.#errors += piece; this.#read(); });
        this.#process.stdin.on('error', () => {});
        // Nothing answers any more: neither what waits, nor what is asked later.
        this.#process.on('close', () => {
            this.#hasEnded = true;
            this.#waiting.splice(0).forEach(({ reject }) => reject(new Error(this.#errors)));
        });
        this.#process.stdin.write(`\\set VERBOSITY verbose\n${SETTINGS};\n`);
    }

    // The rows of a query, each a list of texts and nulls. With a viewer: as that one sees them.
    async rows(query, viewer) {
        const copy = `COPY (${query}) TO STDOUT`;
        const lines = await this.#run(`BEGIN READ ONLY;\n${viewer ? `${become(viewer)} \\g /dev/null\n` : ''}${copy}`);
        return lines.map(readLine);
    }

    // The same, or null when PostgreSQL refuses the query or a value in it.
    async rowsOrNull(query, viewer) {
        try {
            return await this.rows(query, viewer);
        } catch (error) {
            if (!error.state)
                throw error;
            return null;
        }
    }

    // The rows of a query that writes, as a viewer, for good. Which of two errors comes first may depend on the
    // plan: so it is the server's kind.
    async write(query, viewer) {
        const copy = `COPY (${query}) TO STDOUT`;
        return (await this.#run(`BEGIN;\nSET LOCAL plan_cache_mode = force_generic_plan;\n${become(viewer)} \\g /dev/null\n${copy}`, 'COMMIT')).map(readLine);
    }

    // What `work(run)` does in one transaction of the viewer's, for good unless it throws. `run` gives the rows of a
    // query; `run.command` does without any.
    async transaction(viewer, work) {
        const run = (query) => this.#run(`COPY (${query}) TO STDOUT`, '').then((lines) => lines.map(readLine));
        run.command = (command) => this.#run(command, '');
        await run.command(`BEGIN;\n${become(viewer)} \\g /dev/null\n`);
        try {
            const result = await work(run);
            await run.command('COMMIT');
            return result;
        } catch (error) {
            await run.command('ROLLBACK');
            throw error;
        }
    }

    // Change something, for good.
    async change(script) {
        await this.#run(`BEGIN;\n${script};\nCOMMIT`);
    }

    // `end`: of the transaction, which a failure has ended already.
    #run(script, end = 'ROLLBACK') {
        if (this.#hasEnded)
            return Promise.reject(new Error(`psql has ended: ${this.#errors.slice(-2000)}`));
        return new Promise((resolve, reject) => {
            this.#waiting.push({ resolve, reject });
            this.#process.stdin.write(`${script};\n\\echo ${MARK}\n\\warn ${MARK}\n${end};\n`);
        });
    }

    // An answer is complete when both streams say so. psql's own ERROR knows nothing of what fails amid COPY.
    #read() {
        for (;;) {
            const ends = [this.#pieces, this.#errors].map((text) => text.indexOf(`${MARK}\n`));
            if (ends.includes(-1))
                return;
            const [text, errors] = [this.#pieces.slice(0, ends[0]), this.#errors.slice(0, ends[1])];
            this.#pieces = this.#pieces.slice(ends[0] + MARK.length + 1);
            this.#errors = this.#errors.slice(ends[1] + MARK.length + 1);
            const { resolve, reject } = this.#waiting.shift();
            const state = ERROR.exec(errors)?.[1];
            if (state)
                reject(Object.assign(new Error(`PostgreSQL refuses it: ${errors.slice(-2000)}`), { state }));
            else
                resolve(text.split('\n').slice(0, -1));
        }
    }

    close() {
        this.#process.stdin.end();
    }
}
