// schemas.mjs - contracts judged and printed by Linnet and by the reference implementation: those of
// tests/reference/contracts, and made ones, half of them spoilt.
//
//     node schemas.mjs [--cases N] [--seed S] [--only CASE] [--program LINNET]
//
// What is printed is printed again too, by both, and must not change; and introspection, in full, must say the same in
// the same order, but for the descriptions of what is built in, which are everybody's own.  A difference is shrunk and
// shown, ready to become a case.  The last line says how many cases agreed.
//
// SPDX-License-Identifier: MIT
import { getIntrospectionQuery, introspectionFromSchema, specifiedDirectives } from 'graphql';

import { readCases } from './lib/cases.mjs';
import { makeContract } from './lib/contract.mjs';
import { mutateContract } from './lib/contract_mutate.mjs';
import { layOut } from './lib/mutate.mjs';
import { Random } from './lib/random.mjs';
import { answerPrintSchema, readSchema } from './lib/reference.mjs';
import { Run } from './lib/run.mjs';

// Of a text that was printed: it is what is printed of it.
function answerAgain({ schema }) {
    const { text } = answerPrintSchema({ schema });
    return text === schema ? { text } : { text: `The reference implementation prints it otherwise:\n${text}` };
}

const INTROSPECTED = 10; // one of so many: the reference implementation takes its time
const ALL = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true, experimentalDirectiveDeprecation: false };
const introspection = getIntrospectionQuery(ALL);

const BUILT_IN = ['Int', 'Float', 'String', 'Boolean', 'ID', ...specifiedDirectives.map(({ name }) => `@${name}`)];

// Without the descriptions of what is built in.
function strip({ __schema: { types, directives, ...schema } }) {
    const bare = (text) => JSON.parse(text, (key, value) => (key === 'description' ? null : value));
    const isBuiltIn = (name) => name.startsWith('__') || BUILT_IN.includes(name);
    return {
        ...schema,
        types: types.map((type) => (isBuiltIn(type.name) ? bare(JSON.stringify(type)) : type)),
        directives: directives.map((directive) => (isBuiltIn(`@${directive.name}`) ? bare(JSON.stringify(directive)) : directive)),
    };
}

// As a text, a line a member, in which a difference can be found.
const showIntrospection = ({ data, ...rest }) => (data?.__schema ? { text: JSON.stringify(strip(data), null, 1) } : rest);

function answerIntrospection({ schema: sdl }) {
    const { schema, ...faults } = readSchema(sdl);
    return schema ? showIntrospection({ data: introspectionFromSchema(schema, ALL) }) : faults;
}

const words = ['print', 'schema', '--batch'];
const run = new Run({
    print: { words, answer: answerPrintSchema, texts: ['schema'] },
    again: { words, answer: answerAgain, texts: ['schema'] },
    introspect: { words: ['mock', '--batch'], answer: answerIntrospection, read: showIntrospection, texts: ['schema'] },
});

async function compare(title, schema, isIntrospected) {
    await run.compare(title, 'print', { schema });
    const { text } = answerPrintSchema({ schema });
    if (text === undefined)
        return;
    if (isIntrospected)
        await run.compare(title, 'introspect', { schema, document: introspection });
    await run.compare(title, 'again', { schema: text });
}

const cases = readCases(`${import.meta.dirname}/contracts`);

// A spoilt one may have been one, or two, of those made by hand, which come closer to the rules.
function make(random, isSpoilt) {
    const isByHand = isSpoilt && random.chance(0.3);
    const text = isByHand
        ? random.many(random.between(1, 2), () => random.pick(cases).document).join('\n')
        : makeContract(random);
    const spoilt = isSpoilt ? mutateContract(random, text) : text;
    return random.chance(0.1) ? layOut(random, spoilt) : spoilt;
}

for (const { title, document } of cases)
    await compare(title, document, true);
for (let i = 0; i < run.count; i++)
    await compare(`made ${run.seed}.${i}`, make(new Random(run.seed, i), i % 2 === 1), i % INTROSPECTED === 0);
await run.end();
