// execution.mjs - operations executed by Linnet and by the reference implementation, on the comparable values of mock.
//
//     node execution.mjs [--cases N] [--seed S] [--only CASE] [--program LINNET]
//
// A case is a schema, a document, variables, of which some do not fit, and the name of an operation, which may be none.
// Errors, nulls and their ways up come of variables that are null where a default would have been: what can be coerced
// is judged while the operation is executed.
//
// SPDX-License-Identifier: MIT
import { Kind } from 'graphql';

import { makeDocument } from './lib/document.mjs';
import { answerMock } from './lib/execution.mjs';
import { mutate } from './lib/mutate.mjs';
import { Random } from './lib/random.mjs';
import { parse, readSchema } from './lib/reference.mjs';
import { Run } from './lib/run.mjs';
import { makeSchema } from './lib/schema.mjs';
import { makeVariables, sendVariables } from './lib/variables.mjs';

const DOCUMENTS = 25; // for one schema
const CASES = 1500;

const run = new Run({
    mock: {
        words: ['mock', '--batch'],
        answer: answerMock,
        send: ({ variables, operationName, ...rest }) =>
            ({ ...rest, variables: sendVariables(variables), operationName: operationName || null }),
        texts: ['document', 'variables', 'schema'],
    },
}, CASES);

const readOperations = (text) => {
    try {
        return parse(text).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    } catch {
        return [];
    }
};

for (let i = 0; i < run.count; i++) {
    const place = Math.floor(i / DOCUMENTS);
    const sdl = makeSchema(new Random(run.seed, 7, place));
    const { schema } = readSchema(sdl);
    if (!schema)
        continue;
    const random = new Random(run.seed, 7, place, i);
    const made = makeDocument(random, schema);
    const document = random.chance(0.05) ? mutate(random, made, ['id', 'User']) : made;
    const operations = readOperations(document);
    if (operations.length === 0)
        continue;
    const operation = random.pick(operations);
    const named = operations.length > 1 && random.chance(0.9) ? operation.name?.value ?? '' : '';
    await run.compare(`made ${run.seed}.${i}`, 'mock', {
        schema: sdl,
        document,
        variables: makeVariables(random, schema, operation),
        operationName: random.chance(0.02) ? 'nobody' : named,
    });
}
await run.end();
