// interpret.mjs - executes a document over rows in memory: what the server should answer.
//
// The npm package graphql does what the specification says: it collects fields, coerces
// arguments and variables, carries nulls up. Here is what a field's value is.
//
// SPDX-License-Identifier: MIT
import { execute, GraphQLError } from 'graphql';

import { isOf } from './bind.mjs';
import { directive, isLeafType, namedType } from './contract.mjs';
import { cut, find, wrong } from './lists.mjs';
import { identifier, quote } from './session.mjs';
import { read, show } from './values.mjs';

export class Interpreter {
    #schema;
    #bindings;
    #judge;
    #isLater;

    // `isLater`: as it is to be when all of tests/shop/later.graphql is kept.
    constructor({ schema, bindings, judge, isLater }) {
        this.#schema = schema;
        this.#bindings = bindings;
        this.#judge = judge;
        this.#isLater = isLater;
    }

    // The response to a viewer who sees these rows.
    answer({ document, variables, operationName, viewer, rows }) {
        return execute({
            schema: this.#schema,
            document,
            variableValues: variables,
            operationName,
            contextValue: { viewer, rows },
            fieldResolver: (source, args, context, info) => this.#resolve(source, args, context, info),
            typeResolver: (row, context, info, type) => this.#bindings.typeOf(row, type)?.name,
        });
    }

    #resolve(source, args, context, { parentType, fieldName }) {
        const field = parentType.getFields()[fieldName];
        const binding = this.#bindings.of(parentType.name, fieldName);
        const signedIn = directive(field, 'signedIn');
        if (signedIn && context.viewer.id === null)
            throw new GraphQLError(signedIn.message ?? 'Not logged in!', { extensions: { code: 'UNAUTHENTICATED' } });
        return this[binding.kind](binding, source, args, context, namedType(field.type));
    }

    // --- one method for each kind of binding ---------------------------------------

    column({ column, join }, row, args, { rows }, type) {
        const home = join ? this.#joined(rows, join, row)[0] : row;
        return home ? show(type, column.base, home.cell(column)) : null;
    }

    computed({ function: called }, row, args, context, type) {
        return show(type, called.returns, row.computed.get(called) ?? null);
    }

    one({ branches: [branch] }, row, args, { rows }) {
        return this.#joined(rows, branch.join, row).find((one) => isOf(branch, one)) ?? null;
    }

    list(binding, row, args, { rows }) {
        const candidates = binding.branches.map(({ table, join }) => (join ? this.#joined(rows, join, row) : rows.of(table)));
        return cut(this.#judge, binding, args, candidates);
    }

    find(binding, row, args, { rows }) {
        return find(this.#judge, binding, args, [rows.of(binding.branches[0].table)]);
    }

    async call(binding, row, args, { viewer, rows }, type) {
        const called = binding.function;
        const isRows = !isLeafType(type);
        const name = `${identifier(called.schema)}.${identifier(called.name)}(${this.#parameters(binding, args)})`;
        const found = await this.#judge.call(isRows ? `SELECT r.* FROM ${name} AS r` : `SELECT ${name}`, viewer);
        if (!found)
            throw new GraphQLError('The function failed.', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
        if (!isRows)
            return show(type, called.returns, found[0][0]);
        const { table } = binding.branches[0];
        // A row that is null as a whole.
        const some = found.filter((cells) => cells.some((cell) => cell !== null)).map((cells) => rows.find(table, cells));
        if (!binding.isList)
            return some.find((one) => isOf(binding.branches[0], one)) ?? null;
        return cut(this.#judge, binding, args, [some], this.#isLater);
    }

    // Those that are given, by name.
    #parameters({ parameters }, args) {
        const words = [];
        for (const [{ name, type: wrapped }, parameter] of parameters) {
            const type = namedType(wrapped);
            if (!parameter || args[name] === undefined)
                continue;
            const text = args[name] === null ? null : read(type, parameter.base, args[name]);
            if (text === null && args[name] !== null && (type.name !== 'ID' || this.#isLater))
                throw wrong('no value of the type', { argument: name });
            words.push(`${identifier(parameter.name)} => ${text === null ? 'NULL' : `${quote(text)}::${parameter.type}`}`);
        }
        return words.join(', ');
    }

    // The rows that belong to this one; none where a column is null.
    #joined(rows, { from, to }, row) {
        const [first, ...rest] = to.map((column, i) => ({ column, text: row.cell(from[i]) }));
        return rows.by(first.column, first.text).filter((one) => rest.every(({ column, text }) => text !== null && one.cell(column) === text));
    }
}
