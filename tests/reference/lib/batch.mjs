// batch.mjs - drives `linnet ... --batch`: cases go in as JSON lines, answers come back in their order.
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';

// To Linnet these would be settings, and there are none of these names.
export const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));

export class Batch {
    #program;
    #words;
    #child = null;
    #waiting = []; // { request, resolve, reject }, the oldest first

    // Starts the program with these words, such as ['validate', '--batch'], when it is first asked.
    constructor(program, words) {
        this.#program = program;
        this.#words = words;
    }

    // The answer to one case, an object without `id`. Cases may be asked while others wait. Fails when the
    // program ends before it has answered; what is asked after that asks a new process.
    ask(request) {
        this.#child ??= this.#start();
        return new Promise((resolve, reject) => {
            this.#waiting.push({ request, resolve, reject });
            this.#child.stdin.write(`${JSON.stringify({ id: 0, ...request })}\n`);
        });
    }

    // Of the process that answers now.
    get pid() {
        return this.#child?.pid;
    }

    // Ends the process.
    close() {
        this.#child?.stdin.end();
    }

    #start() {
        const child = spawn(this.#program, this.#words, { stdio: ['pipe', 'pipe', 'pipe'], env });
        let complaint = '';
        child.stderr.on('data', (piece) => {
            complaint = (complaint + piece).slice(-4000);
        });
        child.stdin.on('error', () => {}); // its end says why
        let rest = '';
        child.stdout.setEncoding('utf8').on('data', (piece) => {
            const lines = (rest + piece).split('\n'); // not readline, to which U+2028 ends a line too
            rest = lines.pop();
            for (const line of lines)
                this.#settle(line);
        });
        child.on('close', (status, signal) => {
            if (this.#child === child)
                this.#child = null;
            for (const { reject } of this.#waiting.splice(0))
                reject(new Error(`${this.#words.join(' ')} ended (${signal ?? status})\n${complaint}`));
        });
        return child;
    }

    #settle(line) {
        const { resolve, reject } = this.#waiting.shift();
        try {
            const { id, ...answer } = JSON.parse(line);
            resolve(answer);
        } catch (error) {
            reject(new Error(`${error.message}: ${line}`));
        }
    }
}
