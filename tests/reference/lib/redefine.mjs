// redefine.mjs - makes definitions of what is built in: directives with other arguments, locations or none, and scalars.
//
// What such a directive does follows its built-in definition, by the names of its arguments; what a document may write
// follows the definition of the schema.
//
// SPDX-License-Identifier: MIT

const CONDITIONS = ['if: Boolean!', 'if: Boolean', 'if: Boolean! = true', 'if: Boolean = null', 'if: [Boolean!]', 'if: Int', 'if: String! = "x"', 'x: Int'];
const REASONS = ['reason: String! = "No longer supported"', 'reason: String = "No longer supported"', 'reason: String', 'reason: Int', 'reason: [String]'];
const URLS = ['url: String!', 'url: String', 'url: Int', 'url: String = "x"'];
const OTHERS = ['x: Int', 'y: [Boolean]', 'z: String! = "z"'];

// By name: what the argument may be, and where the directive may stand; the first location is always there.
const DIRECTIVES = {
    skip: [CONDITIONS, ['FIELD', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT', 'QUERY', 'FRAGMENT_DEFINITION', 'VARIABLE_DEFINITION', 'OBJECT']],
    include: [CONDITIONS, ['INLINE_FRAGMENT', 'FIELD', 'FRAGMENT_SPREAD', 'MUTATION', 'SUBSCRIPTION']],
    deprecated: [REASONS, ['FIELD_DEFINITION', 'ARGUMENT_DEFINITION', 'INPUT_FIELD_DEFINITION', 'ENUM_VALUE', 'OBJECT', 'FIELD']],
    specifiedBy: [URLS, ['SCALAR', 'ENUM', 'FIELD']],
    oneOf: [['x: Int'], ['INPUT_OBJECT', 'OBJECT', 'QUERY']],
};

// `directive @skip(...) on ...`
function makeDirective(random, name) {
    const [own, locations] = DIRECTIVES[name];
    const list = [...random.chance(0.85) && name !== 'oneOf' ? [random.pick(own)] : [], ...random.some(OTHERS, 0.2)];
    const parameters = list.filter((one, i) => i === list.findIndex((other) => other.split(':')[0] === one.split(':')[0]));
    if (random.chance(0.3))
        parameters.reverse();
    const stands = [locations[0], ...random.some(locations.slice(1), 0.6)];
    return `directive @${name}${parameters.length > 0 ? `(${parameters.join(', ')})` : ''}${random.chance(0.2) ? ' repeatable' : ''} on ${stands.join(' | ')}`;
}

// A definition of one of the directives.
export const makeRedefinition = (random, names = Object.keys(DIRECTIVES)) => makeDirective(random, random.pick(names));

// `scalar ID`, which says nothing new; `applied` may follow.
export const makeScalar = (random, applied = '') => `${random.chance(0.3) ? '"ours" ' : ''}scalar ${random.pick(['ID', 'Int', 'Float', 'String', 'Boolean'])}${applied}`;

export const CONDITION_NAMES = ['skip', 'include'];
