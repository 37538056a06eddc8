// variables.mjs - makes the variables of a request, as JSON texts: mostly ones that fit, and some that nearly do.
//
// SPDX-License-Identifier: MIT
import { isEnumType, isInputObjectType, isListType, isNonNullType, typeFromAST } from 'graphql';

const INTS = ['0', '1', '-1', '42', '2147483647', '-2147483648', '1.0', '-0', '1e0', '10e-1', '4.2e1', '2147483647.0', '-2.147483648e9'];
const LARGE = ['2147483648', '2147483648.0', '-2147483649', '4.3e9', '9007199254740991', '9007199254740993', '1e15', '1e16', '1e20', '-1e20', '1e21', '1.5e3', '1e22', '123456789012345678901234567890', '1e308', '1e309', '1e-5', '0e0', '-0.0', '9.5e1'];
const FLOATS = [...INTS, ...LARGE, '0.5', '-1.25e-7', '1e308', '9007199254740993'];
const STRINGS = ['""', '"a"', '"1"', '"\\u00e4"', '"\\ud83d\\ude00"', '"a\\nb"', '"\\u0000"', '"a\\u0000b"', '"\\ud83d"', '"\\udc00x"', '"\\u202ea"'];
const ANY = ['null', 'true', '2147483648', '-2147483649', '1.5', '9007199254740991', '12345678901234567890', '"x"', '"ASC"', '"BEST"', '[]', '[1]', '[null]', '[[1]]', '{}', '{"a": 1}', '{"z": null}'];

const SCALARS = {
    Int: (random) => random.pick(random.chance(0.97) ? INTS : LARGE),
    Float: (random) => random.pick(FLOATS),
    String: (random) => random.pick(STRINGS),
    Boolean: (random) => random.pick(['true', 'false']),
    ID: (random) => random.pick([...STRINGS, '0', '7', '-12', ...LARGE]),
};

function makeObject(random, type, depth) {
    const fields = Object.values(type.getFields());
    const chosen = type.isOneOf
        ? (random.chance(0.85) ? [random.pick(fields)] : random.some(fields, 0.5))
        : fields.filter((field) => (isNonNullType(field.type) && !field.astNode.defaultValue ? random.chance(0.97) : depth > 0 && random.chance(0.4)));
    const members = chosen.map((field) => `${JSON.stringify(field.name)}: ${makeValue(random, field.type, depth - 1)}`);
    if (random.chance(0.03))
        members.push(`"unknown": ${random.pick(ANY)}`);
    return `{${members.join(', ')}}`;
}

// A JSON text for the type.
export function makeValue(random, type, depth = 4) {
    if (random.chance(0.03))
        return random.pick(ANY);
    if (isNonNullType(type))
        return makeValue(random, type.ofType, depth);
    if (random.chance(0.12))
        return 'null';
    if (isListType(type)) {
        if (random.chance(0.25)) // one is a list of one
            return makeValue(random, type.ofType, depth);
        return `[${random.many(depth > 0 ? random.below(3) : 0, () => makeValue(random, type.ofType, depth - 1)).join(', ')}]`;
    }
    if (SCALARS[type.name])
        return SCALARS[type.name](random);
    if (isEnumType(type))
        return JSON.stringify(random.pick(type.getValues()).name);
    if (isInputObjectType(type))
        return makeObject(random, type, depth);
    return random.pick(ANY); // a scalar of one's own takes anything
}

// The variables of an operation, some of which are left out.
export function makeVariables(random, schema, operation) {
    const members = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }) => {
        const type = typeFromAST(schema, node);
        const isNeeded = isNonNullType(type) && !defaultValue;
        if (!type || random.chance(isNeeded ? 0.03 : 0.35))
            return [];
        return [`${JSON.stringify(variable.name.value)}: ${makeValue(random, type)}`];
    });
    return `{${members.join(', ')}}`;
}

// What a JSON text says, or nothing where shrinking has spoilt it.
export function readVariables(text, reviver) {
    try {
        const value = JSON.parse(text, reviver);
        return value && typeof value === 'object' && !Array.isArray(value) ? value : {};
    } catch {
        return {};
    }
}

// The same, to be sent with the digits that were written.
export const sendVariables = (text) =>
    readVariables(text, (name, value, { source }) => (typeof value === 'number' ? JSON.rawJSON(source) : value));
