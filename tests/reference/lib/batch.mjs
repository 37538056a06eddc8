// batch.mjs - drives `linnet ... --batch`: cases go in as JSON lines, answers come back in their order.
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';

// To Linnet these would be settings, and there are none of these names.
export const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));

// Ids of cases, which come back as they are: in turn, so that a run is always the same.
const IDS = [0, 'a', null, '\ud83d', 'x\udc00', '\0', 'a\0b', '\u202eabc\u202c', '\u2028', '😀', 1e20, -1.5, [[], '\ude00\ud83d'], { '': { '\ud83d': null, '\0': 1 } }, '\u007f\u0085', true];

export class Batch {
    #program;
    #asked = 0;
    #words;
    #child = null;
    #waiting = []; // { id: as JSON, resolve, reject }, the oldest first

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
            const id = IDS[this.#asked++ % IDS.length];
            this.#waiting.push({ id: JSON.stringify(id), resolve, reject });
            this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
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
        const { id: asked, resolve, reject } = this.#waiting.shift();
        try {
            const { id, ...answer } = JSON.parse(line);
            if (JSON.stringify(id) !== asked)
                throw new Error(`the id ${asked} came back otherwise`);
            resolve(answer);
        } catch (error) {
            reject(new Error(`${error.message}: ${line}`));
        }
    }
}
