// contract.mjs - makes contracts that are valid by construction and say everything that can be said in one: every kind of
// type and of directive, descriptions in every form of string, interfaces that implement interfaces, defaults within
// defaults, extensions of everything, in any order.
//
// SPDX-License-Identifier: MIT

import { Implementer } from './implement.mjs';
import { makeRedefinition, makeScalar } from './redefine.mjs';

const BUILTIN = ['Int', 'Float', 'String', 'Boolean', 'ID'];
const INTROSPECTION_OUTPUT = ['__Schema', '__Type', '__TypeKind', '__InputValue', '__DirectiveLocation'];
const INTROSPECTION_INPUT = ['__TypeKind', '__DirectiveLocation'];
const EXECUTABLE = ['QUERY', 'MUTATION', 'SUBSCRIPTION', 'FIELD', 'FRAGMENT_DEFINITION', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT', 'VARIABLE_DEFINITION'];
const TYPE_SYSTEM = ['SCHEMA', 'SCALAR', 'OBJECT', 'FIELD_DEFINITION', 'ARGUMENT_DEFINITION', 'INTERFACE', 'UNION', 'ENUM', 'ENUM_VALUE', 'INPUT_OBJECT', 'INPUT_FIELD_DEFINITION'];
const FIELDS = ['id', 'ids', 'name', 'nmae', 'title', 'url', 'user', 'users', 'link', 'a', 'b', 'ab', 'item1', 'item2', 'item10', '_x', 'on', 'type', 'input', 'query', 'implements', 'repeatable', 'constructor', 'toString', 'null_'];
const VALUES = ['ASC', 'DESC', 'asc', 'HOT', 'on', 'enum', 'extend', 'A_1', '_', 'toString'];

// Texts of descriptions and reasons: as they are written, quotes included.
const STRINGS = [
    '""', '"plain"', '"two words"', '"No longer supported"', '"tab\\tand \\"quotes\\""', '"back\\\\slash"', '"ends in \\\\"', '"ends in \\""', '"line\\nbreak"',
    '"\\u00e9\\u{1F600}"', '"\\uD83D\\uDE00 pair"', '"é 😀 漢"', '" leading"', '"trailing "', '"\\u0007 bell \\u007f"', '"a \\"\\"\\" b"', '"\\n"', '"\\n  x\\n y"', '"   "', '"\\r\\nx"', '"/\\/"',
    '""""""', '"""block"""', '"""\n  block\n    deeper\n\n  end\n  """', '"""  first\n  second"""', '"""\n\n\n  blank before\n\n"""', '"""say \\""" it"""', '"""ends in \\\\ """',
    '""" "quoted" """', '"""\ttab\n\tmore"""', '"""\r\n  crlf\r\n  x\r\n"""', '"""x\n """', '"""\n  "\n"""', '"""é 😀"""', '"""a long line, so long that it will not stand on one line with anything that is long too, of more than seventy characters"""',
    '"a long line, so long that it will not stand on one line with anything that is long too, of more than seventy characters"', '"""\n  # no comment\n  """', '"a\0b"', '"""\0\n  \0"""', '"\u202e\u2066"', '"""\u200d\u2069\ufeff"""', '"#"', '"""   \n   """', '"\\u0000"', '"\\u2028"', '"""\\n"""',
];

const named = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i === 0 ? '' : i + 1}`);
const inner = (type) => /\w+/.exec(type)[0];

class Maker extends Implementer {
    constructor(random) {
        super();
        this.random = random;
        this.isDescribed = random.pick([0, 0.15, 0.5]); // how often
        this.isApplied = random.pick([0, 0.1, 0.3]);
        this.scalars = named('Date', random.below(3));
        this.enums = named('Order', random.below(3));
        this.inputs = named('Filter', random.below(5));
        this.interfaces = named('Node', random.below(5));
        this.objects = named('User', random.between(1, 4));
        this.unions = named('Any', random.below(3));
        this.values = new Map(this.enums.map((name) => [name, this.distinct(VALUES, random.between(1, 4))]));
        this.shapes = new Map(); // of input objects: { isOneOf, fields: [{ name, type, default }] }
        this.directives = [];
        this.definitions = [];
    }

    distinct(list, count) {
        const { random } = this;
        const rest = [...list];
        return random.many(Math.min(count, rest.length), () => rest.splice(random.below(rest.length), 1)[0]);
    }

    // --- Pieces of text

    string() {
        return this.random.pick(STRINGS);
    }

    description() {
        return this.random.chance(this.isDescribed) ? `${this.string()}${this.random.pick([' ', '\n'])}` : '';
    }

    wrap(name) {
        const { random } = this;
        let type = name;
        for (let depth = random.pick([0, 0, 0, 0, 1, 1, 2, 3]); depth > 0; depth--)
            type = `[${type}${random.chance(0.3) ? '!' : ''}]`;
        return random.chance(0.25) ? `${type}!` : type;
    }

    inputType() {
        const { random } = this;
        const leaves = [...BUILTIN, ...this.scalars, ...this.enums];
        if (random.chance(0.02))
            return this.wrap(random.pick(INTROSPECTION_INPUT));
        return this.wrap(this.inputs.length > 0 && random.chance(0.35) ? random.pick(this.inputs) : random.pick(leaves));
    }

    outputType() {
        const { random } = this;
        if (random.chance(0.02))
            return this.wrap(random.pick(INTROSPECTION_OUTPUT));
        return this.wrap(random.chance(0.5)
            ? random.pick([...BUILTIN, ...this.scalars, ...this.enums])
            : random.pick([...this.objects, ...this.interfaces, ...this.unions]));
    }

    // --- Literals

    leaf(name) {
        const { random } = this;
        switch (name) {
        case 'Int': return random.pick(['0', '-0', '7', '-2147483648', '2147483647']);
        case 'Float': return random.pick(['0', '1.5', '-0.0', '1e10', '1E-3', '123456789012345678901234567890', '0.1', '1e+2']);
        case 'Boolean': return random.pick(['true', 'false']);
        case 'String': return this.string();
        case 'ID': return random.pick(['1', '-5', '"1"', '""', this.string()]);
        case '__TypeKind': return random.pick(['SCALAR', 'NON_NULL']);
        case '__DirectiveLocation': return random.pick(['QUERY', 'ENUM_VALUE']);
        }
        if (this.values.has(name))
            return random.pick(this.values.get(name));
        return random.pick(['1', '1.50', 'true', '"date"', 'ANY', '[1, "a", null]', '{ a: 1, b: [{ c: X }], a2: null }', '{}', '[]', '-1e400', this.string()]);
    }

    // Of input objects, only with fields whose types have been made: a default cannot need itself then.
    literal(type, depth = 0) {
        const { random } = this;
        if (type.endsWith('!'))
            return this.literalNotNull(type.slice(0, -1), depth);
        return random.chance(0.15) ? 'null' : this.literalNotNull(type, depth);
    }

    literalNotNull(type, depth) {
        const { random } = this;
        if (type.startsWith('[')) {
            const item = type.slice(1, -1);
            if (random.chance(0.2)) // no list: one within all lists
                return this.literalNotNull(inner(type), depth);
            return `[${random.many(depth > 3 ? 0 : random.below(4), () => this.literal(item, depth + 1)).join(random.pick([', ', ' ', ',']))}]`;
        }
        const shape = this.shapes.get(type);
        return shape ? this.object(shape, depth) : this.leaf(type);
    }

    object({ isOneOf, fields }, depth) {
        const { random } = this;
        const isMade = ({ type }) => !this.inputs.includes(inner(type)) || (depth < 3 && this.shapes.has(inner(type)));
        if (isOneOf) {
            const field = random.pick(fields.filter(isMade));
            return `{ ${field.name}: ${this.literalNotNull(field.type, depth + 1)} }`;
        }
        const given = fields.filter((field) => (field.type.endsWith('!') && !field.default) || (random.chance(0.4) && isMade(field)));
        if (random.chance(0.3))
            given.reverse();
        return `{${given.map(({ name, type }) => `${name}: ${this.literal(type, depth + 1)}`).join(', ')}}`;
    }

    // A default for the type, whose input objects have all been made; or nothing.
    defaultOf(type) {
        if (!this.random.chance(0.3) || (this.inputs.includes(inner(type)) && !this.shapes.has(inner(type))))
            return '';
        return this.literal(type);
    }

    // --- Directives

    makeDirectives() {
        const { random } = this;
        this.directives = named('tag', random.below(5)).map((name) => ({
            name,
            arguments: this.makeArguments(false),
            isRepeatable: random.chance(0.4),
            locations: random.some([...EXECUTABLE, ...TYPE_SYSTEM], random.pick([0.1, 0.5, 1])).concat(random.chance(0.3) ? [] : ['FIELD_DEFINITION'], ['OBJECT']).filter((one, i, all) => all.indexOf(one) === i),
        }));
        if (random.chance(0.05)) // a definition of a built-in one
            this.definitions.push(random.pick([
                'directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT',
                'directive @deprecated(reason: String! = "No longer supported") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE',
                'directive @specifiedBy(url: String!, note: Int) repeatable on SCALAR',
                '"ours" directive @oneOf on INPUT_OBJECT',
                makeRedefinition(random, ['skip', 'include', 'oneOf']),
            ]));
    }

    // Applications of directives at a location, ` @tag(a: 1)`, and of deprecation, which comes anywhere among them.
    applied(location, ...own) {
        const { random } = this;
        const fit = this.directives.filter(({ locations }) => locations.includes(location));
        const list = random.some(fit, this.isApplied).flatMap((directive) =>
            random.many(directive.isRepeatable ? random.between(1, 3) : 1, () => this.apply(directive)));
        for (const one of own)
            list.splice(random.below(list.length + 1), 0, one);
        return list.map((one) => ` ${one}`).join('');
    }

    apply({ name, arguments: parameters }) {
        const { random } = this;
        const given = parameters.filter(({ type, default: text }) => (type.endsWith('!') && !text) || random.chance(0.5));
        return `@${name}${given.length > 0 ? `(${given.map((one) => `${one.name}: ${this.literal(one.type)}`).join(', ')})` : ''}`;
    }

    deprecated(probability) {
        const { random } = this;
        return random.chance(probability) ? [random.chance(0.4) ? '@deprecated' : `@deprecated(reason: ${this.string()})`] : [];
    }

    // --- Members

    makeArguments(isApplied = true) {
        const { random } = this;
        if (random.chance(0.5))
            return [];
        return this.distinct(FIELDS, random.between(1, 3)).map((name) => this.makeInput(name, this.inputType(), 'ARGUMENT_DEFINITION', isApplied));
    }

    makeInput(name, type, location, isApplied = true) {
        const text = this.defaultOf(type);
        const isRequired = type.endsWith('!') && !text;
        return { name, type, default: text, isRequired, location, own: isRequired ? [] : this.deprecated(0.15), isApplied };
    }

    makeInputs() {
        const { random } = this;
        for (const [i, name] of this.inputs.entries()) {
            const isOneOf = random.chance(0.25);
            const names = this.distinct(FIELDS, random.between(1, 4)).concat('z');
            const fields = names.map((field, n) => {
                // What is non-null refers to those before, so that a value ends; and so does the last.
                let type = this.inputType();
                const isLater = this.inputs.indexOf(inner(type)) >= i;
                if (isOneOf || isLater)
                    type = type.replace(/!$/, '');
                if (n === names.length - 1 && this.inputs.includes(inner(type)))
                    type = 'Int';
                const input = this.makeInput(field, type, 'INPUT_FIELD_DEFINITION');
                return isOneOf ? { ...input, default: '', isRequired: false } : input;
            });
            this.shapes.set(name, { isOneOf, fields });
        }
    }

    makeFields() {
        const { random } = this;
        const make = (count) => new Map(this.distinct(FIELDS, count).map((name) => [name, { arguments: this.makeArguments(), type: this.outputType(), own: this.deprecated(0.1) }]));
        for (const [i, name] of this.interfaces.entries())
            this.complete(name, make(random.between(1, 4)), random.some(this.interfaces.slice(0, i), 0.4));
        for (const name of this.objects)
            this.complete(name, make(random.between(1, 4)), random.some(this.interfaces, 0.4));
    }

    // A field may promise more than its interface does, and take more, and its deprecation may be left out.
    narrow(fields, interfaces) {
        const { random } = this;
        for (const [name, field] of fields) {
            const isPromised = interfaces.some((one) => this.fields.get(one).has(name));
            if (!isPromised || !random.chance(0.3))
                continue;
            const type = field.type.replace(/Node\d*/, (one) => random.pick([one, ...this.objects.filter((object) => this.implemented.get(object)?.includes(one))]));
            const more = this.distinct(['more', 'still'], 1).map((one) => this.makeInput(one, 'Int', 'ARGUMENT_DEFINITION'));
            fields.set(name, {
                arguments: [...field.arguments, ...random.chance(0.3) ? more : []],
                type: type.endsWith('!') || random.chance(0.5) ? type : `${type}!`,
                own: random.chance(0.5) ? field.own : [],
            });
        }
        return fields;
    }

    // --- Printing

    printInput({ name, type, default: text, location, own, isApplied }) {
        return `${this.description()}${name}: ${type}${text ? ` = ${text}` : ''}${isApplied ? this.applied(location, ...own) : own.map((one) => ` ${one}`).join('')}`;
    }

    printArguments(list) {
        return list.length > 0 ? `(${list.map((one) => this.printInput(one)).join(this.random.pick([', ', ' ', '\n', ',,']))})` : '';
    }

    // Divides the members among the definition and extensions of it.
    divide(members) {
        const { random } = this;
        if (!random.chance(0.2) || members.length < 2)
            return [members];
        const at = random.between(1, members.length - 1);
        return [members.slice(0, at), ...this.divide(members.slice(at))];
    }

    // The definition and the extensions of a type; an extension may have directives alone.
    define(keyword, name, location, members, print, { interfaces = [], own = [] } = {}) {
        const { random } = this;
        const parts = this.divide(members);
        let left = [...interfaces];
        const seen = new Set(); // directives that are not repeatable, once for all parts
        const apply = (...list) => this.applied(location, ...list).replace(/ @(\w+)(\((?:[^()"]|"""[^]*?"""|"(?:\\.|[^"\\])*")*\))?/g, (text, directive) => {
            const isRepeatable = this.directives.find((one) => one.name === directive)?.isRepeatable;
            const isAgain = seen.has(directive);
            seen.add(directive);
            return isAgain && !isRepeatable ? '' : text;
        });
        parts.forEach((part, i) => {
            const here = i === parts.length - 1 ? left : left.splice(0, random.below(left.length + 1));
            const list = here.length > 0 ? ` implements ${random.chance(0.1) ? '& ' : ''}${here.join(' & ')}` : '';
            this.definitions.push(`${i === 0 ? this.description() : 'extend '}${keyword} ${name}${list}${apply(...i === 0 ? own : [])}${print(part)}`);
        });
        if (random.chance(0.1))
            this.extend(`${keyword} ${name}`, apply());
    }

    // An extension that has directives alone.
    extend(what, applied) {
        if (applied)
            this.definitions.push(`extend ${what}${applied}`);
    }

    block(lines) {
        return ` {${this.random.pick([' ', '\n  '])}${lines.join(this.random.pick(['\n  ', ', ', ' ']))} }`;
    }

    defineFields(keyword, name) {
        this.define(keyword, name, keyword === 'type' ? 'OBJECT' : 'INTERFACE', [...this.fields.get(name)],
            (fields) => this.block(fields.map(([field, { arguments: list, type, own }]) => `${this.description()}${field}${this.printArguments(list)}: ${type}${this.applied('FIELD_DEFINITION', ...own)}`)),
            { interfaces: this.implemented.get(name) });
    }

    defineRoots() {
        const { random } = this;
        const names = random.chance(0.3) ? { query: 'Root', mutation: 'Change', subscription: 'Feed' } : { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
        const roots = Object.entries(names).filter(([operation]) => operation === 'query' || random.chance(0.4));
        for (const [, name] of roots) {
            this.complete(name, new Map(this.distinct(FIELDS, random.between(1, 4)).map((field) => [field, { arguments: this.makeArguments(), type: this.outputType(), own: this.deprecated(0.1) }])), random.some(this.interfaces, 0.1));
            this.defineFields('type', name);
        }
        if (names.query === 'Root' || random.chance(0.2))
            this.define('schema', '', 'SCHEMA', roots, (part) => this.block(part.map(([operation, name]) => `${operation}: ${name}`)));
        else if (this.isApplied > 0)
            this.extend('schema', this.applied('SCHEMA'));
    }

    defineDirectives() {
        const { random } = this;
        for (const { name, arguments: list, isRepeatable, locations } of this.directives)
            this.definitions.push(`${this.description()}directive @${name}${this.printArguments(list)}${isRepeatable ? ' repeatable' : ''} on ${random.chance(0.1) ? '| ' : ''}${locations.join(' | ')}`);
    }

    shuffle(list) {
        for (let i = list.length - 1; i > 0; i--) {
            const k = this.random.below(i + 1);
            [list[i], list[k]] = [list[k], list[i]];
        }
        return list;
    }

    print() {
        const { random } = this;
        this.makeInputs();
        this.makeDirectives();
        this.makeFields();
        this.defineRoots();
        this.defineDirectives();
        if (random.chance(0.1))
            this.definitions.push(makeScalar(random, this.applied('SCALAR')));
        for (const name of this.scalars)
            this.define('scalar', name, 'SCALAR', [], () => '', { own: random.chance(0.3) ? [`@specifiedBy(url: ${this.string()})`] : [] });
        for (const name of this.enums)
            this.define('enum', name, 'ENUM', this.values.get(name), (values) => this.block(values.map((value) => `${this.description()}${value}${this.applied('ENUM_VALUE', ...this.deprecated(0.2))}`)));
        for (const name of this.inputs)
            this.define('input', name, 'INPUT_OBJECT', this.shapes.get(name).fields, (fields) => this.block(fields.map((field) => this.printInput(field))), { own: this.shapes.get(name).isOneOf ? ['@oneOf'] : [] });
        for (const name of this.interfaces)
            this.defineFields('interface', name);
        for (const name of this.objects)
            this.defineFields('type', name);
        for (const name of this.unions)
            this.define('union', name, 'UNION', this.distinct(this.objects, random.between(1, 4)), (members) => ` =${random.chance(0.1) ? ' |' : ''} ${members.join(' | ')}`);
        const all = random.chance(0.5) ? this.shuffle(this.definitions) : this.definitions;
        return `${random.chance(0.02) ? '\uFEFF' : ''}${all.join(random.pick(['\n\n', '\n', ' ', '\n# a comment\n', '\r\n', ',\t']))}${random.pick(['', '\n', ' # end'])}`;
    }
}

export const makeContract = (random) => new Maker(random).print();
