// schemas.mjs - contracts judged and printed by Linnet and by the reference implementation: those of
// tests/reference/contracts, and made ones, half of them spoilt.
//
//     node schemas.mjs [--cases N] [--seed S] [--only CASE] [--program LINNET]
//
// What is printed is printed again too, by both, and must not change. A difference is shrunk and shown, ready to become
// a case.  The last line says how many cases agreed.
//
// SPDX-License-Identifier: MIT
import { readCases } from './lib/cases.mjs';
import { makeContract } from './lib/contract.mjs';
import { mutateContract } from './lib/contract_mutate.mjs';
import { layOut } from './lib/mutate.mjs';
import { Random } from './lib/random.mjs';
import { answerPrintSchema } from './lib/reference.mjs';
import { Run } from './lib/run.mjs';

// Of a text that was printed: it is what is printed of it.
function answerAgain({ schema }) {
    const { text } = answerPrintSchema({ schema });
    return text === schema ? { text } : { text: `The reference implementation prints it otherwise:\n${text}` };
}

const words = ['print', 'schema', '--batch'];
const run = new Run({
    print: { words, answer: answerPrintSchema, texts: ['schema'] },
    again: { words, answer: answerAgain, texts: ['schema'] },
});

async function compare(title, schema) {
    await run.compare(title, 'print', { schema });
    const { text } = answerPrintSchema({ schema });
    if (text !== undefined)
        await run.compare(title, 'again', { schema: text });
}

function make(random, isSpoilt) {
    const text = makeContract(random);
    const spoilt = isSpoilt ? mutateContract(random, text) : text;
    return random.chance(0.1) ? layOut(random, spoilt) : spoilt;
}

for (const { title, document } of readCases(`${import.meta.dirname}/contracts`))
    await compare(title, document);
for (let i = 0; i < run.count; i++)
    await compare(`made ${run.seed}.${i}`, make(new Random(run.seed, i), i % 2 === 1));
await run.end();
