// changes.mjs - two contracts compared by Linnet and by the reference implementation: those of tests/reference/contracts and
// made ones, each beside what a few changes make of it.
//
//     node changes.mjs [--cases N] [--seed S] [--only CASE] [--program LINNET]
//
// Each change must be of the same kind, of the same severity and about the same thing.  Linnet reads the new contract once
// as SDL, and once as the answer to introspection.  Of pairs, those count of which both are valid.
//
// SPDX-License-Identifier: MIT
import { introspectionFromSchema } from 'graphql';

import { readCases } from './lib/cases.mjs';
import { answerDiff, readDiff } from './lib/changes.mjs';
import { makeContract } from './lib/contract.mjs';
import { mutateContract } from './lib/contract_mutate.mjs';
import { Random } from './lib/random.mjs';
import { readSchema } from './lib/reference.mjs';
import { Run } from './lib/run.mjs';

const words = ['diff', '--batch'];
const ALL = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true, experimentalDirectiveDeprecation: false };
const STRANGE = /\\u0000|\\ud[89a-f]/; // which our JSON refuses
function asJson({ old, new: text }) {
    const { schema } = readSchema(text);
    const json = schema && JSON.stringify(introspectionFromSchema(schema, ALL));
    return { old, new: json && !STRANGE.test(json) ? json : text };
}
const run = new Run({
    diff: { words, answer: answerDiff, read: readDiff, texts: ['old', 'new'] },
    introspected: { words, answer: answerDiff, read: readDiff, send: asJson, texts: ['old', 'new'] },
});

const INTROSPECTED = 5; // one of so many
const TRIES = 8; // to find a change that leaves the contract valid

// A contract that is valid, and made of `text` by some changes; or `text` itself.
function change(random, text) {
    let changed = text;
    for (let i = random.pick([1, 1, 2, 3]); i > 0; i--)
        for (let tried = 0; tried < TRIES; tried++) {
            const next = mutateContract(random, changed);
            if (readSchema(next).schemaErrors)
                continue;
            changed = next;
            break;
        }
    return changed;
}

const cases = readCases(`${import.meta.dirname}/contracts`).filter(({ document }) => !readSchema(document).schemaErrors);

const PAIRS = 10; // one pair for so many cases of the other comparisons: the reference implementation takes its time
for (let i = 0; i < run.count / PAIRS; i++) {
    const random = new Random(run.seed, i);
    const old = random.chance(0.3) ? random.pick(cases).document : makeContract(random);
    const request = random.chance(0.5) ? { old, new: change(random, old) } : { new: old, old: change(random, old) };
    const title = `made ${run.seed}.${i}`;
    await run.compare(title, i % INTROSPECTED === 0 ? 'introspected' : 'diff', request);
}
await run.end();
