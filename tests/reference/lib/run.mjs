// run.mjs - a comparison of Linnet with the reference implementation: asks both, keeps what differs, shrinks it and
// shows it.
//
// SPDX-License-Identifier: MIT
import { parseArgs } from 'node:util';

import { Batch } from './batch.mjs';
import { difference, showAnswer } from './compare.mjs';
import { findProgram } from './program.mjs';
import { isNewer } from './reference.mjs';
import { shrink } from './shrink.mjs';

const AHEAD = 256; // cases that wait for an answer
const CASES = 2000, SHOWN = 10;

function readOptions(cases) {
    const { values } = parseArgs({
        options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, program: { type: 'string' } },
    });
    return { count: Number(values.cases ?? cases), seed: Number(values.seed ?? 1), only: values.only, program: findProgram(values.program) };
}

export class Run {
    #forms;
    #waiting = [];
    #failures = [];
    #passed = 0;
    #newer = 0;
    #start = Date.now();

    // `forms`: by name, { words: of the command line, answer: (request) => what the reference says, texts: the
    // members of a request that can be shrunk, the first first, send: what our side is sent, if not the request,
    // read: (ours) => our answer, as far as it is compared; all of it unless there is such a function }.
    constructor(forms, cases = CASES) {
        Object.assign(this, readOptions(cases)); // count, seed, only, program
        this.#forms = Object.fromEntries(Object.entries(forms).map(([name, form]) =>
            [name, { read: (ours) => ours, ...form, name, batch: new Batch(this.program, form.words) }]));
    }

    // Asks both; waits only when many cases do.
    async compare(title, name, request) {
        if (this.only && title !== this.only)
            return;
        const form = this.#forms[name];
        const theirs = form.answer(request);
        if (!theirs) // to whom the case is too large
            return;
        const ours = this.#askOurs(form, request);
        this.#waiting.push(ours.then((answer) => this.#judge({ title, form, request, theirs, ours: answer })));
        if (this.#waiting.length >= AHEAD)
            await Promise.all(this.#waiting.splice(0, AHEAD / 2));
    }

    // Shrinks and shows what failed, says how many cases passed, and ends the process.
    async end() {
        await Promise.all(this.#waiting);
        // What is worst comes first.
        this.#failures.sort((a, b) => a.kind.startsWith('words') - b.kind.startsWith('words'));
        for (const failure of this.#failures.slice(0, SHOWN))
            await this.#show(failure);
        for (const { title, form, kind } of this.#failures.slice(SHOWN))
            console.log(`not ok ${title}: ${form.name}, ${kind}`);
        for (const { batch } of Object.values(this.#forms))
            batch.close();
        const seconds = (Date.now() - this.#start) / 1000;
        console.log(`seed ${this.seed}, ${seconds.toFixed(1)} s, ${this.#newer} with syntax that is newer than the edition`);
        console.log(`${this.#passed} passed, ${this.#failures.length} failed`);
        process.exitCode = this.#failures.length > 0 ? 1 : 0;
    }

    #judge({ title, form, request, theirs, ours }) {
        const kind = this.#kindOf(request, theirs, ours);
        if (kind === 'newer')
            this.#newer++;
        else if (kind)
            this.#failures.push({ title, form, request, kind });
        else
            this.#passed++;
    }

    #kindOf(request, theirs, ours) {
        const kind = 'crash' in ours ? 'crash' : difference(ours, theirs);
        if (kind && kind !== 'crash' && Object.values(request).some(isNewer))
            return 'newer';
        return kind && 'schemaErrors' in theirs ? `${kind} of the schema` : kind;
    }

    #askOurs(form, request) {
        return form.batch.ask(form.send?.(request) ?? request).then(form.read).catch((error) => ({ crash: error.message }));
    }

    // Asks both about one case: { theirs, ours, kind }.
    async #ask(form, request) {
        const theirs = form.answer(request);
        const ours = await this.#askOurs(form, request);
        return { theirs, ours, kind: this.#kindOf(request, theirs, ours) };
    }

    async #show({ title, form, request, kind: first }) {
        const before = await this.#ask(form, request);
        const kind = before.kind ?? first; // of many that waited, only one made the process end
        const isBad = async (candidate) => (await this.#ask(form, candidate)).kind === kind;
        const small = before.kind ? await shrink(request, form.texts, isBad) : request;
        const { ours, theirs } = await this.#ask(form, small);
        console.log(`not ok ${title}: ${form.name}, ${kind}`);
        for (const [name, text] of form.texts.map((one) => [one, small[one]]))
            console.log(`  --- ${name}\n${text}${/[^ -~\n]/.test(text) ? `\n      ${JSON.stringify(text)}` : ''}`);
        console.log(`  --- Linnet\n${ours.crash ?? showAnswer(ours, theirs)}\n  --- the reference implementation\n${showAnswer(theirs, ours)}\n`);
    }
}
