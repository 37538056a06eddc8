// mutation.mjs - what a mutation calls, and the row that its payload shows.
//
// SPDX-License-Identifier: MIT
import { directive, isObjectType, namedType } from './contract.mjs';

// The argument `input` of a mutation that has no other, whose fields are what the function is given; or null.
export function inputOf(field) {
    const [argument] = field.args;
    return field.args.length === 1 && argument.name === 'input' && namedType(argument.type).getFields ? argument : null;
}

// The fields of the mutation type that call functions of the database.
export const writesOf = (schema) => Object.values(schema.getMutationType()?.getFields() ?? {}).filter((field) => directive(field, 'function'));

// By payload, the table whose row it shows.
export function readPayloads(schema, catalog) {
    const payloads = new Map();
    for (const field of writesOf(schema)) {
        const type = namedType(field.type);
        if (!isObjectType(type) || directive(type, 'table') || directive(type, 'row'))
            continue;
        const [{ base, outputs }] = catalog.functionsOf(directive(field, 'function').name);
        payloads.set(type, outputs ? catalog.outputOf(directive(field, 'function').name) : catalog.table(base));
    }
    return payloads;
}
