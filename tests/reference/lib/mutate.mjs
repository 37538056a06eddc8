// mutate.mjs - makes a document almost what it was: a change or a few to its tree, its tokens or its characters.
//
// SPDX-License-Identifier: MIT
import { Kind, parseConstValue, print } from 'graphql';

import { parse } from './reference.mjs';
import { anyLiteral } from './value.mjs';

// ---- The tree ---------------------------------------------------------------

const isNode = (value) => typeof value?.kind === 'string';

// Every node below `node` with where it hangs: { node, parent, key, list }.
function collect(node, found = []) {
    for (const [key, value] of Object.entries(node)) {
        if (key === 'loc')
            continue;
        if (Array.isArray(value)) {
            for (const item of value.filter(isNode)) {
                found.push({ node: item, parent: node, key, list: value });
                collect(item, found);
            }
        } else if (isNode(value)) {
            found.push({ node: value, parent: node, key, list: null });
            collect(value, found);
        }
    }
    return found;
}

const TYPES = [Kind.NAMED_TYPE, Kind.LIST_TYPE, Kind.NON_NULL_TYPE];
const SELECTIONS = [Kind.FIELD, Kind.FRAGMENT_SPREAD, Kind.INLINE_FRAGMENT];
const VALUES = [Kind.VARIABLE, Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT];
const FAMILIES = [TYPES, SELECTIONS, VALUES];
const familyOf = (kind) => FAMILIES.find((family) => family.includes(kind)) ?? [kind];

const put = ({ node, parent, key, list }, next) => {
    if (list)
        list[list.indexOf(node)] = next;
    else
        parent[key] = next;
};

const misspell = (random, name) => {
    const at = random.below(name.length + 1);
    return random.pick([
        () => name.slice(0, at) + name.slice(at + 1) || 'x',
        () => name.slice(0, at) + random.pick(['x', 's', '_', 'A', '1']) + name.slice(at),
        () => name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2),
        () => name.toUpperCase(),
    ])().replace(/^\d/, 'd');
};

// One place of a node that `isFit` takes; nothing happens to a document without.
const somewhere = (random, places, isFit, change) => {
    const fitting = places.filter(isFit);
    if (fitting.length > 0)
        change(random.pick(fitting), fitting);
};
const isKind = (...kinds) => ({ node }) => kinds.includes(node.kind);
const insert = (random, list, node) => list.splice(random.below(list.length + 1), 0, node);
const name = (value) => ({ kind: Kind.NAME, value });
const literal = (random, depth) => parseConstValue(anyLiteral(random, depth), { noLocation: true });
const firstDefinition = (text) => parse(text, { noLocation: true }).definitions[0];

// Names that mean something to GraphQL, or to JavaScript.
const NAMES = ['on', 'true', 'null', 'query', 'fragment', 'type', '__typename', '__schema', '__type', '__x', '_', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'Int', 'Boolean', 'x'.repeat(60)];
const OPTIONAL = ['alias', 'selectionSet', 'typeCondition', 'defaultValue', 'description'];
const STRANGERS = ['type X { y: Int }', 'extend type User { y: Int }', 'fragment F on User { id }', '{ __typename }', 'query Q { __typename }',
    'scalar S', 'subscription { __typename a: __typename }', 'mutation { __typename @skip(if: true) }', 'directive @d on FIELD', 'schema { query: Q }'];

// What is done to a tree, whose places are given, with words that mean something.
const spoilers = [
    // another name: one of the document, of the schema, or nearly this one
    (random, places, words) => somewhere(random, places, isKind(Kind.NAME), ({ node }, names) => {
        node.value = random.pick([() => random.pick(names).node.value, () => random.pick(words), () => misspell(random, node.value), () => random.pick(NAMES)])();
    }),
    // nothing in its place
    (random, places) => somewhere(random, places, ({ list, key }) => list || OPTIONAL.includes(key), ({ node, parent, key, list }) => {
        if (list)
            list.splice(list.indexOf(node), 1);
        else
            parent[key] = undefined;
    }),
    // the same again
    (random, places) => somewhere(random, places, ({ list }) => list, ({ node, list }) => insert(random, list, structuredClone(node))),
    // one node in the place of another of its family, or beside it
    (random, places) => somewhere(random, places, () => true, (place) => {
        const family = familyOf(place.node.kind);
        const source = structuredClone(random.pick(places.filter(isKind(...family))).node);
        if (place.list && random.chance(0.5))
            insert(random, place.list, source);
        else
            put(place, source);
    }),
    // another value
    (random, places) => somewhere(random, places, isKind(...VALUES), (place, values) => {
        const copy = structuredClone(place.node);
        put(place, random.pick([
            () => literal(random),
            () => ({ kind: Kind.NULL }),
            () => ({ kind: Kind.LIST, values: [copy] }),
            () => structuredClone(random.pick(values).node),
            () => ({ kind: Kind.OBJECT, fields: [{ kind: Kind.OBJECT_FIELD, name: name('z'), value: copy }] }),
        ])());
    }),
    // another type of a variable
    (random, places, words) => somewhere(random, places, ({ node, parent }) => TYPES.includes(node.kind) && parent.kind === Kind.VARIABLE_DEFINITION, (place) => {
        const { node } = place;
        put(place, random.pick([
            () => ({ kind: Kind.LIST_TYPE, type: node }),
            () => (node.kind === Kind.NON_NULL_TYPE ? node.type : { kind: Kind.NON_NULL_TYPE, type: node }),
            () => node.type ?? node,
            () => ({ kind: Kind.NAMED_TYPE, name: name(random.pick(words)) }),
        ])());
    }),
    // one more directive
    (random, places, words) => somewhere(random, places, ({ node }) => Array.isArray(node.directives), ({ node }) => {
        const applied = random.pick(['skip', 'include', 'deprecated', 'specifiedBy', 'oneOf', 'tag', 'tag2', 'unknown', random.pick(words)]);
        const given = random.chance(0.6) ? `(${random.pick(['if', 'reason', 'first', 'x'])}: ${anyLiteral(random, 1)})` : '';
        insert(random, node.directives, firstDefinition(`{ x @${applied}${given} }`).selectionSet.selections[0].directives[0]);
    }),
    // one more argument
    (random, places, words) => somewhere(random, places, isKind(Kind.FIELD, Kind.DIRECTIVE), ({ node }) => {
        const given = random.pick(['id', 'first', 'x', 'if', random.pick(words)]);
        node.arguments = [...node.arguments ?? [], { kind: Kind.ARGUMENT, name: name(given), value: literal(random) }];
    }),
    // a field once more, by another name of the same response, or with other arguments
    (random, places) => somewhere(random, places, isKind(Kind.FIELD), (place, fields) => {
        const other = structuredClone(random.chance(0.5) ? place.node : random.pick(fields).node);
        const response = (place.node.alias ?? place.node.name).value;
        if (other.name.value !== response)
            other.alias = name(response);
        if (other.arguments?.length > 0 && random.chance(0.5))
            other.arguments.splice(random.below(other.arguments.length), 1);
        const { selections } = random.pick(places.filter(isKind(Kind.SELECTION_SET))).node;
        insert(random, random.chance(0.6) ? place.list : selections, other);
    }),
    // a fragment anywhere
    (random, places) => somewhere(random, places, isKind(Kind.SELECTION_SET), ({ node }) => {
        const fragments = places.filter(isKind(Kind.FRAGMENT_DEFINITION));
        const spread = fragments.length > 0 ? random.pick(fragments).node.name.value : 'Nobody';
        insert(random, node.selections, { kind: Kind.FRAGMENT_SPREAD, name: name(spread), directives: [] });
    }),
    // a definition from elsewhere
    (random, places) => somewhere(random, places, ({ key }) => key === 'definitions', ({ list }) => insert(random, list, firstDefinition(random.pick(STRANGERS)))),
];

function mutateTree(random, text, words) {
    const document = parse(text, { noLocation: true });
    for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) {
        const places = collect(document);
        if (places.length > 0)
            random.pick(spoilers)(random, places, words);
    }
    return print(document);
}

// ---- Tokens -----------------------------------------------------------------

const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|-?\d[\d.eE+-]*|[A-Za-z_]\w*|[!$&():=@[\]{|}]/g;
const PIECES = ['{', '}', '(', ')', '[', ']', ':', '=', '!', '$', '@', '|', '&', '...', '..', '.', 'on', 'fragment', 'query', 'extend', 'type', 'input', 'enum', 'directive', 'repeatable', 'implements', 'true', 'false', 'null', 'x', '$x', '@x', '"d"', '"""d"""', '{}', '()', '[]', '{ x }', '(x: 1)', ': Int', '= 1', '00', '01', '1.', '.5', '1e', '1x', '-', '1.5.', '0x1', '"', '"\\x"', "'a'", '#', '?', '%'];
const IGNORED = [' ', ' ', ' ', ' ', '  ', ',', ', ', '\n', '\n  ', '\r\n', '\r', '\t', ' # said\n', '#ä😀\r\n', '\ufeff', ' ,\n, '];

export const lex = (text) => text.match(TOKEN) ?? [];

function mutateTokens(random, text) {
    const tokens = lex(text);
    for (let i = random.pick([1, 1, 2]); i > 0; i--) {
        const at = random.below(tokens.length + 1);
        random.pick([
            () => tokens.splice(at, 1),
            () => tokens.splice(at, 0, random.pick(PIECES)),
            () => tokens.splice(at, 1, random.pick(PIECES)),
            () => tokens.splice(at, 0, random.pick(tokens) ?? 'x'),
            () => tokens.splice(at, random.below(5)),
            () => tokens.splice(at, 2, tokens[at + 1] ?? 'x', tokens[at] ?? 'x'),
        ])();
    }
    return tokens.join(' ');
}

// The same tokens with other things between them.
export function layOut(random, text) {
    const ignored = random.some(IGNORED, 0.4).concat(' ');
    const isTight = random.chance(0.3);
    const tokens = lex(text);
    return tokens.map((token, i) => {
        const needsSpace = /^[\w"-]/.test(token) && /[\w"]$/.test(tokens[i - 1] ?? '');
        return (isTight && !needsSpace ? '' : random.pick(ignored)) + token;
    }).join('') + random.pick(['', '', '\n', '# end', '#']);
}

// ---- Characters -------------------------------------------------------------

const CHARACTERS = ['"', '\\', '\n', '\r', '\t', ' ', ',', '#', '{', '}', '0', '1', '.', '-', '+', 'e', 'E', 'u', '\\u', '\\u{', '\\ud83d', '\\ude00', '\\"""', '"""', 'a', '_', '\u00e4', '\u{1F600}', '\ufeff', '\u2028', '\u202e', '\u00a0', '\u0007', '\u007f', '\u0085', '\uffff', '\u{10ffff}', '`', "'", '$', '@', '/', '*', '&', '|', '<', '\v', '\f', '\b', '\0', '\ud800', '\udc00', '\ud83d\ude00'];

function mutateCharacters(random, text) {
    const characters = random.chance(0.2) ? text.split('') : [...text]; // halves of pairs, or none
    for (let i = random.pick([1, 1, 2, 4]); i > 0; i--)
        characters.splice(random.below(characters.length + 1), random.pick([0, 0, 1, 1, 2]), random.chance(0.8) ? random.pick(CHARACTERS) : '');
    return characters.join('');
}

// Changes the document, in one of the ways. `words` are names that mean something.
export function mutate(random, text, words) {
    const kind = random.below(10);
    if (kind < 7)
        return mutateTree(random, text, words);
    return kind < 9 ? mutateTokens(random, text) : mutateCharacters(random, text);
}
