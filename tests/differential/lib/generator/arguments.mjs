// arguments.mjs - random arguments of fields, as literals or variables.
//
// SPDX-License-Identifier: MIT
import { getNullableType, isListType, isNonNullType } from 'graphql';

import { directive, isEnumType, isLeafType, isList, namedType, snakeCase } from '../binding/contract.mjs';
import { nodeOf } from '../binding/shape.mjs';
import { Numeral, writeJson } from '../number.mjs';
import { makeFilter } from './filters.mjs';
import { Inner, literal, Variable } from './literal.mjs';
import { Word } from './pools.mjs';
import { makeKey, makeValues } from './writes.mjs';

const FIRST = ['0', '1', '2', '3', '5', '7', '20', '100'], BAD_FIRST = ['-1', '101', '2147483647', '-2147483648'];
const SKIP = ['0', '1', '2', '5', '30', '10000'], BAD_SKIP = ['-1', '10001', '2147483647'];
const BAD_CURSORS = ['', 'AA', 'abc', '=', 'AQ', ' ', 'x'.repeat(200)];
const COUNTS = new Set(['first', 'last']), CURSORS = new Set(['after', 'before']);

const isNeeded = (argument) => isNonNullType(argument.type) && argument.defaultValue === undefined && !argument.default;

export class ArgumentWriter {
    constructor(random, { schema, bindings, pools, ways }) {
        Object.assign(this, { random, schema, bindings, pools, ways });
        this.definitions = []; // of variables
        this.variables = {};
        this.cursors = []; // that must be asked for first
        this.names = 0;
    }

    // The text of a field's arguments. `size`: how many rows it may have.
    arguments(field, type, size) {
        const { random } = this;
        const binding = this.bindings.of(type.name, field.name);
        const only = binding?.isExactlyOne && random.chance(0.9) ? random.pick(field.args) : null;
        const isChosen = this.#choose(field, size);
        const values = new Map();
        for (const argument of field.args)
            if (only ? argument === only : isChosen(argument))
                values.set(argument, this.#value(argument, binding, size, isNeeded(argument) || Boolean(only) || (COUNTS.has(argument.name) && size < 100)));
        for (const argument of values.keys())
            if (CURSORS.has(argument.name) && values.get(argument) !== null)
                values.set(argument, this.#cursor(field, type, values));
        const given = [...values].map(([argument, value]) => `${argument.name}: ${this.#written(argument.type, value, COUNTS.has(argument.name) && size < 100)}`);
        return given.length > 0 ? `(${given.join(', ')})` : '';
    }

    // Which arguments are given; where there is room for few rows, one that says how many.
    #choose(field, size) {
        const { random } = this;
        const counts = field.args.filter(({ name }) => COUNTS.has(name));
        const bound = counts.length > 0 && (size < 100 || random.chance(0.6)) ? random.pick(counts) : null;
        return (argument) => {
            if (isNeeded(argument) || argument === bound)
                return true;
            if (argument.name === 'idempotencyKey')
                return random.chance(0.6);
            if (COUNTS.has(argument.name))
                return counts.length > 1 && random.chance(0.03);
            return random.chance(CURSORS.has(argument.name) ? 0.3 : 0.25);
        };
    }

    // As a literal or a variable.
    #written(type, value, isFixed) {
        const { random } = this;
        // JSON with U+0000 is refused as a whole.
        if (!random.chance(0.3) || writeJson(value).includes('\\u0000'))
            return literal(this.#withVariables(value));
        const nullable = String(getNullableType(type));
        const isNonNull = isNonNullType(type) || (value !== null && random.chance(0.2));
        return this.variable(isNonNull ? `${nullable}!` : nullable, value, !isFixed);
    }

    // With variables where inner values may be such; which nobody need give.
    #withVariables(value) {
        if (value instanceof Inner)
            return new Variable(this.variable(value.type, value.value, true));
        if (Array.isArray(value))
            return value.map((one) => this.#withVariables(one));
        if (value === null || typeof value !== 'object' || value instanceof Numeral || value instanceof Word)
            return value;
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#withVariables(one)]));
    }

    // `$v1`, which has that value: given, or by default; or which nobody gives.
    variable(type, value, mayBeAbsent) {
        const { random } = this;
        const name = `v${++this.names}`;
        const isNonNull = type.endsWith('!');
        const byDefault = random.chance(0.2) && value !== null;
        this.definitions.push(`$${name}: ${type}${byDefault ? ` = ${literal(value)}` : ''}`);
        const isAbsent = byDefault ? random.chance(0.7) : !isNonNull && mayBeAbsent && random.chance(0.15);
        if (!isAbsent)
            this.variables[name] = value;
        return `$${name}`;
    }

    #value(argument, binding, size, mustBeGiven) {
        const { random } = this;
        if (!mustBeGiven && !isNonNullType(argument.type) && random.chance(0.08))
            return null;
        if (COUNTS.has(argument.name))
            return new Numeral(size < 100 || !random.chance(0.08) ? this.#countUpTo(size) : random.pick(BAD_FIRST));
        if (argument.name === 'skip')
            return new Numeral(random.pick(random.chance(0.1) ? BAD_SKIP : SKIP));
        if (argument.name === 'orderBy')
            return this.#orderBy(argument.type);
        if (argument.name === 'by' && binding?.kind === 'groups')
            return random.many(random.pick([0, 1, 1, 2, 2, 3]), () => new Word(random.pick(namedType(argument.type).getValues()).name));
        if (binding?.kind === 'writeRows')
            return argument === binding.values?.argument ? makeValues(this, binding) : makeKey(this, binding, argument);
        if (argument === binding?.input)
            return this.#input(argument, binding);
        const filtered = binding?.filters?.find((one) => one.argument === argument);
        if (filtered)
            return makeFilter(this, filtered.filter);
        return this.#leaf(argument, binding);
    }

    // The fields that a mutation takes instead of arguments.
    #input(argument, binding) {
        const fields = Object.values(namedType(argument.type).getFields()).filter((field) => isNeeded(field) || this.random.chance(0.6));
        return Object.fromEntries(fields.map((field) => [field.name, this.#leaf(field, binding)]));
    }

    #countUpTo(size) {
        return this.random.pick(FIRST.filter((text) => Number(text) <= size));
    }

    // --- orders ------------------------------------------------------------------------

    #orderBy(type) {
        const { random } = this;
        const one = () => this.#orderTerm(namedType(type), 0);
        return isListType(getNullableType(type)) && !random.chance(0.2) ? random.many(random.pick([0, 1, 1, 2, 3]), one) : one();
    }

    #orderTerm(type, depth) {
        const { random } = this;
        if (isEnumType(type))
            return new Word(random.pick(type.getValues()).name);
        const fields = Object.values(type.getFields()).filter((field) => depth < 2 || isLeafType(namedType(field.type)));
        const field = random.pick(fields);
        return { [field.name]: this.#orderTerm(namedType(field.type), depth + 1) };
    }

    // --- cursors -----------------------------------------------------------------------

    // A text that stands for a cursor of the field until the server has been asked for one: of the same order, or of another.
    #cursor(field, type, values) {
        const { random } = this;
        if (random.chance(0.06))
            return random.pick(BAD_CURSORS);
        const wanted = [...values].filter(([argument, value]) => value !== null && (isNeeded(argument) || argument.name === 'orderBy') && !(argument.name === 'orderBy' && random.chance(0.05)));
        const ofFunction = directive(field, 'function') ? [...values].filter(([argument, value]) => value !== null && !COUNTS.has(argument.name) && !CURSORS.has(argument.name) && argument.name !== 'skip' && argument.name !== 'orderBy' && !isNeeded(argument)) : [];
        const args = ['first: 100', ...[...wanted, ...ofFunction].map(([argument, value]) => `${argument.name}: ${literal(value)}`)].join(', ');
        const way = this.ways.to(type);
        if (!way || !nodeOf(namedType(field.type)))
            return random.pick(BAD_CURSORS);
        this.cursors.push({ query: way(`${field.name}(${args}) { edges { cursor } }`), place: random.below(1000) });
        return `@cursor${this.cursors.length - 1}@`;
    }

    // --- leaves -----------------------------------------------------------------------

    #leaf(argument, binding) {
        const { random } = this;
        const type = namedType(argument.type);
        if (argument.name === 'ids' && binding?.kind === 'nodes')
            return random.many(random.below(5), () => this.globalId());
        if (isList(argument.type))
            return random.many(random.below(4), () => (isNonNullType(getNullableType(argument.type).ofType) || random.chance(0.8) ? this.pools.edge(random, type) : null));
        const equal = binding?.equal?.find((one) => one.argument === argument);
        if (binding?.kind === 'node' || equal?.globalOf)
            return this.globalId(equal?.globalOf);
        const searched = binding?.search?.find((one) => one.argument === argument);
        if (searched)
            return random.chance(0.8) ? this.pools.needle(random, searched.columns) : this.pools.edge(random, type);
        const pool = equal ? this.pools.ofColumn(random.pick(equal.columns), type) : this.#parameterPool(argument, binding, type);
        // What is no value never goes into a function: what happens then is its own question.
        const mayBeWrong = Boolean(equal) || type.name !== 'ID';
        return pool.length > 0 && (!mayBeWrong || random.chance(0.75)) ? random.pick(pool) : mayBeWrong ? this.pools.edge(random, type) : '1';
    }

    // Values for a parameter; what is written to is, most of the time, a row of the table itself, and often one of the last.
    #parameterPool(argument, binding, type) {
        const { random } = this;
        const column = binding.kind === 'write' && binding.branches[0]?.table.column(snakeCase(argument.name));
        if (!column || random.chance(0.1))
            return this.pools.ofParameter(snakeCase(argument.name), type);
        const pool = this.pools.ofColumn(column, type);
        return random.chance(0.5) ? pool.slice(-20) : pool;
    }

    globalId(type = null) {
        const { random, bindings } = this;
        const types = this.schema.getPossibleTypes(bindings.globalIds.node);
        const one = type && random.chance(0.8) ? type : random.pick(types);
        const row = this.pools.row(random, bindings.tableOf(one));
        return row && random.chance(0.9) ? bindings.globalIds.write(one, row) : random.pick(['', 'x', 'TGluazo=', `${one.name}:1`, Buffer.from(`${one.name}:`).toString('base64'), Buffer.from(`${one.name}:01`).toString('base64'), Buffer.from(`${one.name}:x`).toString('base64'), Buffer.from('Nothing:1').toString('base64')]);
    }
}
