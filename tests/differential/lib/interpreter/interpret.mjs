// interpret.mjs - executes a document over rows in memory: what the server should answer.
//
// The npm package graphql does what the specification says: it collects fields, coerces
// arguments and variables, carries nulls up. Here is what a field's value is.
//
// SPDX-License-Identifier: MIT
import { execute, getNullableType, GraphQLError } from 'graphql';

import { isOf } from '../binding/bind.mjs';
import { directive, findColumn, isLeafType, namedType } from '../binding/contract.mjs';
import { Numeral } from '../number.mjs';
import { identifier, quote } from '../session.mjs';
import { aggregate, group } from './aggregates.mjs';
import { paginate } from './connections.mjs';
import { cut, find, LIMIT_PAGE, makeKeyTest, page, select, wrong } from './lists.mjs';
import { read, show } from './values.mjs';
import { writeRows } from './writes.mjs';

export class Interpreter {
    #schema;
    #bindings;

    constructor({ schema, bindings, judge, cursors }) {
        this.#schema = schema;
        this.#bindings = bindings;
        Object.assign(this, { judge, cursors });
    }

    // The response to a viewer who sees these rows, with isUndetermined when another would be right, too. `twin`: what
    // mutations write to.
    async answer({ document, variables, operationName, viewer, rows, twin }) {
        const contextValue = { viewer, rows, twin };
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
        const binding = this.#bindings.of(parentType.name, fieldName) ?? { kind: 'given', member: fieldName };
        const signedIn = directive(field, 'signedIn');
        if (signedIn && context.viewer.id === null)
            throw new GraphQLError(signedIn.message ?? 'Not logged in!', { extensions: { code: 'UNAUTHENTICATED' } });
        return this[binding.kind](binding, source, args, context, field);
    }

    // What lists and filters need to know.
    #world(context) {
        return { judge: this.judge, cursors: this.cursors, bindings: this.#bindings, context, rows: context.rows };
    }

    // --- one method for each kind of binding ---------------------------------------

    column({ column, join }, row, args, { rows }, field) {
        const home = join ? rows.joined(join, row)[0] : row;
        return home ? show(field.type, column, home.cell(column)) : null;
    }

    computed({ function: called }, row, args, context, field) {
        return show(field.type, called, row.computed.get(called) ?? null);
    }

    one({ branches: [branch] }, row, args, { rows }) {
        return rows.joined(branch.join, row).find((one) => isOf(branch, one)) ?? null;
    }

    // By branch, the rows that there are before arguments say which.
    #candidates({ branches }, row, { rows }) {
        return branches.map(({ table, join }) => (join ? rows.listed(join, row) : rows.of(table)));
    }

    list(binding, row, args, context) {
        return cut(this.#world(context), binding, args, this.#candidates(binding, row, context));
    }

    async connection(binding, row, args, context) {
        return this.#paginate(binding, args, context, this.#candidates(binding, row, context));
    }

    async #paginate(binding, args, context, candidates) {
        const world = this.#world(context);
        return paginate(world, binding, args, await select(world, binding, args, candidates));
    }

    // A member of a connection, an edge, a page info or an aggregate.
    given({ member, aggregated, atMost, columnName }, source, args, context, field) {
        if (aggregated)
            return aggregate(this.#world(context), aggregated, source.entries.map(({ row }) => row));
        // A column of the row between, on an edge.
        if (!(member in source) && source.node?.between) {
            const column = findColumn(source.node.between.table, field, columnName);
            return show(field.type, column, source.node.between.cell(column));
        }
        const value = source[member];
        if (typeof value === 'function')
            return value();
        if (typeof value === 'number')
            return new Numeral(String(atMost ? Math.min(value, atMost + 1) : value));
        return value;
    }

    find(binding, row, args, context) {
        return find(this.#world(context), binding, args, [context.rows.of(binding.branches[0].table)]);
    }

    async aggregate(binding, row, args, context) {
        const world = this.#world(context);
        const entries = await select(world, binding, args, this.#candidates(binding, row, context));
        return aggregate(world, binding.aggregated, entries.map((one) => one.row));
    }

    async groups(binding, row, args, context) {
        const world = this.#world(context);
        const entries = await select(world, binding, args, this.#candidates(binding, row, context));
        return group(world, binding, args, entries.map((one) => one.row));
    }

    // --- global ids ------------------------------------------------------------------

    globalId({ type, columns }, row) {
        return this.#bindings.globalIds.write(type, row, columns);
    }

    async node(binding, source, { id }, context) {
        const named = this.#bindings.globalIds.read(id);
        const types = !named ? [] : named.type ? [named.type] : this.#schema.getPossibleTypes(this.#bindings.globalIds.node);
        for (const type of types) {
            const branch = this.#bindings.branchOf(type);
            const key = branch.table.primaryKey.map(branch.table.column);
            const test = named.texts.length === key.length && await makeKeyTest(this.#world(context), key, named.texts);
            const row = test && context.rows.of(branch.table).find((one) => isOf(branch, one) && test(one));
            if (row)
                return Object.assign(Object.create(row), { type });
        }
        return null;
    }

    nodes(binding, source, { ids }, context) {
        if (ids.length > LIMIT_PAGE)
            throw wrong('too many ids', { argument: 'ids' });
        return ids.map((id) => this.node(binding, source, { id }, context));
    }

    // --- functions ---------------------------------------------------------------------

    async call(binding, row, args, context, field) {
        return this.#called(binding, args, context, field, await this.judge.call(this.#query(binding, args, field), context.viewer));
    }

    // The database that is written to is the context's; what is read below sees what was written.
    async write(binding, row, args, context, field) {
        const given = binding.input ? args[binding.input.name] : args;
        const outcome = await context.twin.write(this.#query(binding, given, field), context.viewer);
        if (!outcome.state)
            ({ rows: context.rows, judge: this.judge } = await context.twin.read(context.viewer));
        const shown = await this.#called(binding, args, context, field, outcome);
        return binding.input && shown ? Object.assign(Object.create(shown), { clientMutationId: given.clientMutationId ?? null }) : shown;
    }

    // Rows that are written without a function.
    async writeRows(binding, row, args, context, field) {
        const { rows, judge, written } = await writeRows(this.#world(context), binding, args, context);
        Object.assign(context, { rows });
        this.judge = judge;
        if (!binding.isMany)
            return written[0];
        if (!binding.isPayload)
            return written;
        const [list] = Object.values(namedType(field.type).getFields()).filter((one) => !isLeafType(namedType(one.type)));
        return { count: written.length, ...list && { [list.name]: written } };
    }

    itself(binding, row) {
        return row;
    }

    echo(binding, row) {
        return row.clientMutationId;
    }

    #query(binding, args, field) {
        const { schema, name } = binding.function;
        const call = `${identifier(schema)}.${identifier(name)}(${this.#parameters(binding, args)})`;
        return isLeafType(namedType(field.type)) ? `SELECT ${call}` : `SELECT r.* FROM ${call} AS r`;
    }

    // What the field shows of what the function has given.
    #called(binding, args, context, field, { rows: found, state, message }) {
        const called = binding.function;
        if (state)
            throw new GraphQLError(`The function failed: ${state}`, { extensions: { code: this.#codeOf(state, message) } });
        if (!isLeafType(namedType(field.type)))
            return this.#calledRows(binding, args, found, context);
        if (!called.isSet)
            return show(field.type, called, found[0]?.[0] ?? null);
        const item = getNullableType(field.type).ofType;
        return page(binding, args, found).map(([text]) => show(item, called, text));
    }

    // The code of an error that a function has raised.
    #codeOf(state, message) {
        if (state === '23503' && /update or delete on table/.test(message))
            return 'CONFLICT'; // others refer to the row
        const codes = {
            23505: 'CONFLICT', 23503: 'NOT_FOUND', 42501: 'FORBIDDEN', 44000: 'BAD_USER_INPUT',
            LN400: 'BAD_USER_INPUT', LN401: 'UNAUTHENTICATED', LN403: 'FORBIDDEN', LN404: 'NOT_FOUND', LN409: 'CONFLICT',
        };
        return state in codes || /^2[23]/.test(state) ? codes[state] ?? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
    }

    // What a function has returned as rows, of a table or of its own.
    #calledRows(binding, args, found, context) {
        const [branch] = binding.branches;
        // A row that is null as a whole is none.
        const some = found.filter((cells) => cells.some((cell) => cell !== null)).map((cells) => context.rows.find(branch.table, cells));
        if (binding.isConnection)
            return this.#paginate(binding, args, context, [some]);
        if (!binding.isList)
            return some.find((one) => isOf(branch, one)) ?? null;
        return cut(this.#world(context), binding, args, [some], true);
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
}
