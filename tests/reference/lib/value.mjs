// value.mjs - makes literals: of a type, or of any kind.
//
// SPDX-License-Identifier: MIT

const INTS = ['0', '-0', '1', '-1', '42', '2147483647', '-2147483648'];
const LARGE = ['2147483648', '-2147483649', '9007199254740991', '9007199254740993', '-9223372036854775809', '18446744073709551616', '123456789012345678901234567890'];
const FLOATS = ['0.0', '-0.0', '1.5', '1e3', '-1.25E-7', '1e308', '0e0', '12345678901234567890.5', '5e-324', '1e-400', '1.7976931348623157e308', '2147483648.0', '1e20', '-1e21'];
const STRINGS = ['""', '"a"', '"a b"', '"\\n"', '"\\u00e4"', '"\\u{1F600}"', '"\\uD83D\\uDE00"', '"ä😀"', '"\\"\\\\\\/"', '"""block"""', '"""\n  two\n    lines\n"""', '"""\\""" quoted"""', '"#,"'];

const PIECES = ['a', 'b c', ' ', '  ', '\t', '"', '\\', "'", '#', '{', 'ä', '😀', '\u00a0', '\u2028', '\ufeff', '\u0085', '\u007f', '\u0001', '\0', '\u202e', '\u2066', '\u200d'];
const ESCAPES = ['\\n', '\\r', '\\t', '\\b', '\\f', '\\/', '\\\\', '\\"', '\\u00e4', '\\u0000', '\\u001f', '\\u007F', '\\u{9f}', '\\u{1F600}', '\\uD83D\\uDE00', '\\u2028'];
const LINES = ['\n', '\n', '\r\n', '\r', '\n  ', '\n    ', '\n\t', '\\"""', 'x'.repeat(75)];
const PLAIN = PIECES.filter((piece) => piece !== '"' && piece !== '\\');

const joined = (random, count, ...lists) => random.many(random.below(count), () => random.pick(random.pick(lists))).join('');
const quoted = (random) => `"${joined(random, 6, ESCAPES, PLAIN)}"`;
// Quotes and backslashes at the end would belong to the quotes that close it.
const block = (random) => `"""${joined(random, 8, LINES, PIECES).replace(/"""/g, '""').replace(/["\\]+$/, '')}"""`;
const digits = (random, most) => random.many(random.between(1, most), () => random.below(10)).join('');
const number = (random) => `${random.pick(['', '-'])}${random.pick(['0', '7', '12345'])}.${digits(random, 12)}${random.pick(['', `e${digits(random, 2)}`, `E-${digits(random, 2)}`])}`;

export const intLiteral = (random) => random.pick(random.chance(0.9) ? INTS : LARGE);
export const floatLiteral = (random) => (random.chance(0.8) ? random.pick(FLOATS) : number(random));
export const stringLiteral = (random) => (random.chance(0.6) ? random.pick(STRINGS) : random.pick([quoted, block])(random));

const scalars = {
    Int: (random) => random.pick(INTS),
    Float: (random) => (random.chance(0.5) ? random.pick(INTS) : floatLiteral(random)),
    String: stringLiteral,
    Boolean: (random) => random.pick(['true', 'false']),
    ID: (random) => (random.chance(0.5) ? intLiteral(random) : stringLiteral(random)),
};

// A literal of any kind, which may fit nowhere.
export function anyLiteral(random, depth = 2) {
    const make = random.pick([
        intLiteral, floatLiteral, stringLiteral,
        () => random.pick(['true', 'false', 'null']),
        () => random.pick(['ASC', 'DESC', 'asc', 'HOT', 'BEST', 'BETS', 'on']),
        ...depth > 0 ? [
            () => `[${random.many(random.below(3), () => anyLiteral(random, depth - 1)).join(', ')}]`,
            () => `{${random.many(random.below(3), () => `${random.pick(['id', 'name', 'z', 'a', 'b'])}: ${anyLiteral(random, depth - 1)}`).join(', ')}}`,
        ] : [],
    ]);
    return make(random);
}

// A literal of the type, which is written as in SDL. `findEnum` gives the names of an enum's values, `findInput`
// { isOneOf, fields: [{ name, type, value }] }, where `value` is ` = ...` or empty; `variable` may give a variable to
// stand for a value, or nothing.
export function makeLiteral(random, type, context, depth = 3) {
    const { findEnum, findInput, variable, hasDefault } = context;
    const substitute = variable?.(type, hasDefault);
    const inner = { ...context, hasDefault: false };
    if (substitute)
        return substitute;
    if (type.endsWith('!'))
        return makeLiteral(random, type.slice(0, -1), { ...inner, isNonNull: true, variable: undefined, inner: variable }, depth);
    const next = { ...inner, isNonNull: false, variable: variable ?? context.inner };
    if (!context.isNonNull && random.chance(0.1))
        return 'null';
    if (type.startsWith('[')) {
        if (!type.startsWith('[[') && random.chance(0.2)) // of lists in lists, one would be taken for the outer
            return makeLiteral(random, type.slice(1, -1), { ...next, isNonNull: true }, depth);
        return `[${random.many(depth > 0 ? random.below(3) : 0, () => makeLiteral(random, type.slice(1, -1), next, depth - 1)).join(', ')}]`;
    }
    if (scalars[type])
        return scalars[type](random);
    const values = findEnum(type);
    if (values)
        return random.pick(values);
    const shape = findInput(type);
    if (!shape)
        return anyLiteral(random, 1); // a scalar of one's own takes anything
    return `{${makeFields(random, shape, next, depth).join(', ')}}`;
}

function makeFields(random, { isOneOf, fields }, context, depth) {
    const make = ({ name, type, value }) => `${name}: ${makeLiteral(random, type, { ...context, hasDefault: value !== '' }, depth - 1)}`;
    if (isOneOf) {
        const { name, type } = random.pick(fields);
        return [`${name}: ${makeLiteral(random, `${type}!`, context, depth - 1)}`];
    }
    return fields.filter(({ type, value }) => (type.endsWith('!') && value === '') || (depth > 0 && random.chance(0.4))).map(make);
}
