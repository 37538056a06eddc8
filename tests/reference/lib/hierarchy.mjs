// hierarchy.mjs - makes interfaces that implement each other, types of several of them, and a document that asks a union
// for a field of theirs: in which order the types are suggested is not a total order, and so depends on how they are sorted.
//
// SPDX-License-Identifier: MIT

const name = (random, i) => `${String.fromCharCode(65 + random.below(26))}${i}`;

function shuffle(random, list) {
    for (let i = list.length - 1; i > 0; i--) {
        const k = random.below(i + 1);
        [list[i], list[k]] = [list[k], list[i]];
    }
    return list;
}

// Some of the interfaces, with all that these implement.
const choose = (random, interfaces, probability) =>
    shuffle(random, [...new Set(random.some(interfaces, probability).flatMap((one) => [one, ...one.above]))]);

const print = (keyword, { name: own, above }) =>
    `${keyword} ${own}${above.length > 0 ? ` implements ${above.map((one) => one.name).join(' & ')}` : ''} { f: Int }`;

// { schema, document }
export function makeHierarchy(random) {
    const interfaces = [], objects = [];
    for (let i = random.between(1, 9); i > 0; i--)
        interfaces.push({ name: name(random, i), above: choose(random, interfaces, 0.35) });
    for (let i = random.pick([3, 8, 40]); i > 0; i--)
        objects.push({ name: name(random, i + 10), above: choose(random, interfaces, 0.4) });
    return {
        schema: [
            ...interfaces.map((one) => print('interface', one)),
            ...objects.map((one) => print('type', one)),
            `union Un = ${objects.map((one) => one.name).join(' | ')}`,
            'type Query { u: Un }',
        ].join('\n'),
        document: '{ u { f } }',
    };
}
