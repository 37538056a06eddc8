// documents.mjs - documents judged and printed by Linnet and by the reference implementation: those of
// tests/reference/cases, and made ones, half of them spoilt.
//
//     node documents.mjs [--cases N] [--seed S] [--only CASE] [--program LINNET]
//
// A difference is shrunk and shown, ready to become a case.  The last line says how many cases agreed.
//
// SPDX-License-Identifier: MIT
import { isEnumType, isInputObjectType } from 'graphql';

import { readCases } from './lib/cases.mjs';
import { makeContract } from './lib/contract.mjs';
import { deepCases } from './lib/deep.mjs';
import { makeDocument } from './lib/document.mjs';
import { makeHierarchy } from './lib/hierarchy.mjs';
import { layOut, mutate } from './lib/mutate.mjs';
import { Random } from './lib/random.mjs';
import { answerPrint, answerValidate, readSchema } from './lib/reference.mjs';
import { Run } from './lib/run.mjs';
import { makeSchema } from './lib/schema.mjs';

const DOCUMENTS = 25; // for one schema
const SUGGESTED = 10; // one hierarchy of types for so many cases

const run = new Run({
    validate: { words: ['validate', '--batch'], answer: answerValidate, texts: ['document', 'schema'] },
    print: { words: ['print', 'document', '--batch'], answer: answerPrint, texts: ['document'] },
});

const wordsOf = (schema) => Object.values(schema.getTypeMap()).flatMap((type) => [
    type.name,
    ...isEnumType(type) || isInputObjectType(type) || !type.getFields ? [] : Object.keys(type.getFields()),
]).filter((name) => !name.startsWith('__'));

// A document for the schema; of a spoilt half, the tree, the tokens or the characters.
function make(random, schema, words) {
    const text = makeDocument(random, schema);
    const spoilt = random.chance(0.55) ? mutate(random, text, words) : text;
    return random.chance(0.3) ? layOut(random, spoilt) : spoilt;
}

for (const { title, schema, document } of [...readCases(`${import.meta.dirname}/cases`), ...deepCases()]) {
    await run.compare(title, 'print', { document });
    if (schema)
        await run.compare(title, 'validate', { schema, document });
}
for (let i = 0; i < run.count; i += SUGGESTED)
    await run.compare(`hierarchy ${run.seed}.${i}`, 'validate', makeHierarchy(new Random(run.seed, 3, i)));
for (let i = 0; i < run.count; i++) {
    const place = Math.floor(i / DOCUMENTS);
    const sdl = (place % 4 === 3 ? makeContract : makeSchema)(new Random(run.seed, place));
    const { schema } = readSchema(sdl);
    if (!schema)
        continue;
    const random = new Random(run.seed, place, i);
    const document = make(random, schema, wordsOf(schema));
    await run.compare(`made ${run.seed}.${i}`, 'validate', { schema: sdl, document });
    await run.compare(`made ${run.seed}.${i}`, 'print', { document: random.chance(0.2) ? mutate(random, sdl, wordsOf(schema)) : document });
}
await run.end();
