// interpret.mjs - executes a document over rows in memory: what the server should answer.
//
// The npm package graphql does what the specification says: it collects fields, coerces
// arguments and variables, carries nulls up. Here is what a field's value is.
//
// SPDX-License-Identifier: MIT
import { execute, getNullableType, GraphQLError } from 'graphql';

import { isOf } from './bind.mjs';
import { directive, isLeafType, namedType } from './contract.mjs';
import { cut, find, page, wrong } from './lists.mjs';
import { identifier, quote } from './session.mjs';
import { read, show } from './values.mjs';

export class Interpreter {
    #schema;
    #bindings;

    constructor({ schema, bindings, judge }) {
        this.#schema = schema;
        this.#bindings = bindings;
        this.judge = judge;
    }

    // The response to a viewer who sees these rows, with isUndetermined when another would be right, too.
    async answer({ document, variables, operationName, viewer, rows }) {
        const contextValue = { viewer, rows };
        const response = await execute({
            schema: this.#schema,
            document,
            variableValues: variables,
            operationName,
            contextValue,
            fieldResolver: (source, args, context, info) => this.#resolve(source, args, context, info),
            typeResolver: (row, context, info, type) => this.#bindings.typeOf(row, type)?.name,
        });
        return contextValue.isUndetermined ? { ...response, isUndetermined: true } : response;
    }

    #resolve(source, args, context, { parentType, fieldName }) {
        const field = parentType.getFields()[fieldName];
        const binding = this.#bindings.of(parentType.name, fieldName);
        const signedIn = directive(field, 'signedIn');
        if (signedIn && context.viewer.id === null)
            throw new GraphQLError(signedIn.message ?? 'Not logged in!', { extensions: { code: 'UNAUTHENTICATED' } });
        return this[binding.kind](binding, source, args, context, field);
    }

    // --- one method for each kind of binding ---------------------------------------

    column({ column, join }, row, args, { rows }, field) {
        const home = join ? this.#joined(rows, join, row)[0] : row;
        return home ? show(field.type, column, home.cell(column)) : null;
    }

    computed({ function: called }, row, args, context, field) {
        return show(field.type, called, row.computed.get(called) ?? null);
    }

    one({ branches: [branch] }, row, args, { rows }) {
        return this.#joined(rows, branch.join, row).find((one) => isOf(branch, one)) ?? null;
    }

    list(binding, row, args, context) {
        const { rows } = context;
        const candidates = binding.branches.map(({ table, join }) => (join ? this.#joined(rows, join, row) : rows.of(table)));
        return cut({ judge: this.judge, context }, binding, args, candidates);
    }

    find(binding, row, args, { rows }) {
        return find(this, binding, args, [rows.of(binding.branches[0].table)]);
    }

    async call(binding, row, args, context, field) {
        const { viewer } = context;
        const called = binding.function;
        const isRows = !isLeafType(namedType(field.type));
        const name = `${identifier(called.schema)}.${identifier(called.name)}(${this.#parameters(binding, args)})`;
        const { rows: found, state } = await this.judge.call(isRows ? `SELECT r.* FROM ${name} AS r` : `SELECT ${name}`, viewer);
        if (state)
            throw new GraphQLError(`The function failed: ${state}`, { extensions: { code: this.#codeOf(state) } });
        if (isRows)
            return this.#calledRows(binding, args, found, context);
        if (!called.isSet)
            return show(field.type, called, found[0]?.[0] ?? null);
        const item = getNullableType(field.type).ofType;
        return page(binding, args, found).map(([text]) => show(item, called, text));
    }

    // The code of an error that a function has raised.
    #codeOf(state) {
        const codes = { 23505: 'CONFLICT', 23503: 'NOT_FOUND', 42501: 'FORBIDDEN', 44000: 'BAD_USER_INPUT' };
        return state in codes || /^2[23]/.test(state) ? codes[state] ?? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
    }

    // What a function has returned as rows, of a table or of its own.
    #calledRows(binding, args, found, context) {
        const [branch] = binding.branches;
        // A row that is null as a whole is none.
        const some = found.filter((cells) => cells.some((cell) => cell !== null)).map((cells) => context.rows.find(branch.table, cells));
        if (!binding.isList)
            return some.find((one) => isOf(branch, one)) ?? null;
        return cut({ judge: this.judge, context }, binding, args, [some], true);
    }

    // Those that are given: by name, or by position where they have none.
    #parameters({ function: { isVariadic }, parameters }, args) {
        const words = [];
        for (const [{ name, type }, parameter] of parameters) {
            if (!parameter || args[name] === undefined)
                continue;
            const text = args[name] === null ? null : read(type, parameter, args[name]);
            if (text === null && args[name] !== null)
                throw wrong('no value of the type', { argument: name });
            const before = `${isVariadic && parameter.isLast ? 'VARIADIC ' : ''}${parameter.name ? `${identifier(parameter.name)} => ` : ''}`;
            words.push(`${before}${text === null ? 'NULL' : `${quote(text)}::${parameter.type}`}`);
        }
        return words.join(', ');
    }

    // The rows that belong to this one; none where a column is null. Through a table between,
    // a row as often as there are rows between.
    #joined(rows, { from, to, further }, row) {
        const [first, ...rest] = to.map((column, i) => ({ column, text: row.cell(from[i]) }));
        const found = rows.by(first.column, first.text).filter((one) => rest.every(({ column, text }) => text !== null && one.cell(column) === text));
        return further ? found.flatMap((one) => this.#joined(rows, further, one)) : found;
    }
}
