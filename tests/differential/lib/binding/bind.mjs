// bind.mjs - where each field of a contract comes from, found as docs/contract.md has it:
// directives first, convention where they say nothing.
//
// A binding is one of
//
//     { kind: 'column', column, join }         a cell of the row, or of one that is joined to it
//     { kind: 'computed', function }           what a function of the row gives
//     { kind: 'one', branches, join }          the row that is joined
//     { kind: 'list', branches, join, ... }    rows: joined ones, or all of a table
//     { kind: 'connection', branches, ... }    the same as pages
//     { kind: 'find', branches, ... }          the row that the arguments name
//     { kind: 'call', function, ... }          what a function of the arguments gives
//     { kind: 'write', function, ... }         the same of a mutation, which has an effect
//     { kind: 'writeRows', action, ... }       rows that a mutation writes without a function (write.mjs)
//     { kind: 'itself' }                       of a payload, the row that was written
//     { kind: 'echo' }                         what the client has sent with the mutation
//     { kind: 'aggregate', branches, ... }     what the rows have together
//     { kind: 'groups', branches, ... }        the same for each group of them
//     { kind: 'node' | 'nodes' }               the rows that global ids name
//     { kind: 'globalId', type, columns }      a global id; of the row that the columns refer to, or of the row
//     { kind: 'given' }                        a member of what the parent is: of a connection, an edge, a page info
//
// A branch is a type with its table; an interface or a union without a table has several. A
// join has pairs of columns that are equal: { from: [...], to: [...] }.
//
// SPDX-License-Identifier: MIT
import { bindAggregate, bindGroups } from './aggregate.mjs';
import { directive, findColumn, isAbstractType, isLeafType, isList, isObjectType, namedType, snakeCase } from './contract.mjs';
import { bindFilter, isFilter } from './filter.mjs';
import { GlobalIds } from './global_id.mjs';
import { findJoin, joinByName } from './join.mjs';
import { inputOf, readPayloads, writesOf } from './mutation.mjs';
import { bindOrder, readOrder } from './order.mjs';
import { edgeOf, nodeOf } from './shape.mjs';
import { bindWrite, bindWritten, readRowPayloads, rowWritesOf } from './write.mjs';

// Is the row one of the branch's type?
export const isOf = ({ table, discriminator }, row) => row.table === table && (!discriminator || discriminator.values.includes(row.cell(discriminator.column)));

// Arguments that say which rows of a list, in what order, and not what they hold.
const OF_PAGES = new Set(['first', 'skip', 'last', 'after', 'before', 'orderBy', 'by']);

export class Bindings {
    #schema;
    #catalog;
    #fields = new Map();
    #filters = new Map();
    #called = []; // functions of rows, beside those that fields show
    #payloads;
    #written; // the payloads of writes without a function

    constructor(schema, catalog) {
        this.#schema = schema;
        this.#catalog = catalog;
        this.globalIds = new GlobalIds(schema, (type) => this.tableOf(type));
        this.#written = readRowPayloads(schema, catalog);
        this.#payloads = new Map([...readPayloads(schema, catalog), ...this.#written]);
        for (const field of rowWritesOf(schema))
            this.#fields.set(`${schema.getMutationType().name}.${field.name}`, bindWrite(this, catalog, field));
        for (const field of writesOf(schema))
            this.#fields.set(`${schema.getMutationType().name}.${field.name}`, { ...this.#bindCall(field, directive(field, 'function').name), kind: 'write' });
        for (const type of Object.values(schema.getTypeMap()))
            if (this.#isShown(type))
                for (const field of Object.values(type.getFields()))
                    this.#fields.set(`${type.name}.${field.name}`, { name: `${type.name}.${field.name}`, ...this.#bind(type, field) });
        for (const type of Object.values(schema.getTypeMap()))
            if (edgeOf(type))
                this.#bindConnection(type);
    }

    #isShown(type) {
        return type === this.#schema.getQueryType() || this.#payloads.has(type) || (isObjectType(type) && Boolean(directive(type, 'table') ?? directive(type, 'row')) && !directive(type, 'aggregate'));
    }

    of(typeName, fieldName) {
        return this.#fields.get(`${typeName}.${fieldName}`);
    }

    // Is it a connection, an edge, a page info, or what aggregates are shown as?
    isPart(type) {
        return type !== this.#schema.getMutationType() && !this.#isShown(type);
    }

    // By table, the functions of its rows that the contract shows, sorts by or filters by.
    get computed() {
        const all = [...[...this.#fields.values()].filter(({ kind }) => kind === 'computed'), ...this.#called];
        return new Map([...Map.groupBy(all, ({ table }) => table)].map(([table, some]) => [table, [...new Set(some.map((one) => one.function))]]));
    }

    // --- types -------------------------------------------------------------------

    tableOf(type) {
        if (this.#payloads.has(type))
            return this.#payloads.get(type);
        const rowOf = directive(type, 'row')?.of;
        if (rowOf)
            return this.#catalog.outputOf(rowOf);
        const found = directive(type, 'table');
        const table = found && this.#catalog.table(found.name);
        // The key of a view is what the contract says.
        if (found?.key)
            table.primaryKey = found.key;
        return table;
    }

    // The types that rows are of, with their tables; those of one table come as one.
    #branches(type) {
        const table = this.tableOf(type);
        if (table)
            return [{ type, table, discriminator: this.#discriminator(type) }];
        // In the order of their names, which is that of rows that are equal otherwise.
        return this.#schema.getPossibleTypes(type).toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((one) => ({ type: one, table: this.tableOf(one), discriminator: this.#discriminator(one) }));
    }

    // What tells the rows of an object type from others in its table, or null.
    #discriminator(type) {
        if (isAbstractType(type))
            return null;
        const over = Object.values(this.#schema.getTypeMap()).find((one) => isAbstractType(one) && directive(one, 'discriminator') &&
            this.#schema.isSubType(one, type));
        return over && { column: this.tableOf(over).column(directive(over, 'discriminator').column), values: valuesOf(type) };
    }

    // The object type of a row, where an interface or a union is asked for; none when no type has its value.
    typeOf(row, abstract) {
        if (row.type) // what a global id says
            return row.type;
        return this.#schema.getPossibleTypes(abstract).find((type) => isOf({ table: this.tableOf(type), discriminator: this.#discriminator(type) }, row));
    }

    // The branch of an object type alone.
    branchOf(type) {
        return this.#branches(type)[0];
    }

    // --- fields ------------------------------------------------------------------

    #bind(type, field) {
        const called = directive(field, 'function');
        const target = namedType(field.type);
        const isRoot = type === this.#schema.getQueryType();
        const written = this.#written.has(type) ? bindWritten(this, this.tableOf(type), field) : null;
        if (written)
            return written;
        if (directive(target, 'aggregate'))
            return this.#bindAggregate(type, field, target, isRoot);
        if (isRoot && this.globalIds.isNode(target))
            return { kind: isList(field.type) ? 'nodes' : 'node' };
        if (called)
            return isRoot ? this.#bindCall(field, called.name) : this.#bindComputed(type, called.name);
        if (field.name === 'id' && this.globalIds.has(type))
            return { kind: 'globalId', type };
        if (field.name === 'clientMutationId' && this.#payloads.has(type))
            return { kind: 'echo' };
        const referred = this.globalIds.typeOf(field);
        if (referred)
            return { kind: 'globalId', type: referred, columns: this.#referring(type, field) };
        if (isLeafType(target))
            return this.#bindColumn(this.tableOf(type), field);
        const isMany = isList(field.type) || Boolean(nodeOf(target));
        const kind = nodeOf(target) ? 'connection' : isRoot ? 'find' : 'one';
        const branches = this.#branches(nodeOf(target) ?? target);
        const joined = isRoot ? branches : branches.map((branch) => ({ ...branch, join: findJoin(this.#catalog, this.tableOf(type), branch.table, field, isMany) }));
        return isMany || isRoot ? { ...this.#rowsOf(field, joined), kind: isList(field.type) ? 'list' : kind } : { kind, branches: joined };
    }

    // The fields of a connection, its edges and its page info: the rows are those of the field that shows it.
    #bindConnection(type) {
        const edge = edgeOf(type);
        for (const one of [type, edge, namedType(type.getFields().pageInfo.type)])
            for (const field of Object.values(one.getFields())) {
                const aggregated = directive(namedType(field.type), 'aggregate') && bindAggregate(this, namedType(field.type), this.tableOf(namedType(field.type)));
                const atMost = directive(field, 'count')?.atMost ?? null;
                this.#fields.set(`${one.name}.${field.name}`, { kind: 'given', member: field.name, aggregated, atMost: atMost && Number(atMost), columnName: directive(field, 'column')?.name });
            }
    }

    #bindComputed(type, name) {
        const table = this.tableOf(type);
        return { kind: 'computed', table, function: this.#rowFunction(table, name) };
    }

    #rowFunction(table, name) {
        return this.#catalog.functionsOf(name).find(({ parameters }) => parameters[0]?.base === table.name);
    }

    // A function of the table's rows, which are to be read with it.
    functionOf(table, name) {
        const found = this.#rowFunction(table, name);
        this.#called.push({ table, function: found });
        return found;
    }

    // What such a function gives, as if it were a column of the table.
    computedColumn(table, name) {
        const called = this.functionOf(table, name);
        return { ...called, table, called };
    }

    #bindColumn(table, field) {
        const { name = null, table: other = null } = directive(field, 'column') ?? {};
        const home = other ? this.#catalog.table(other) : table;
        const column = findColumn(home, field, name);
        return { kind: 'column', column, join: home === table ? null : findJoin(this.#catalog, table, home, field, false) };
    }

    // The column that refers to the row whose global id a field shows; none: the row of the payload itself.
    #referring(type, field) {
        const column = findColumn(this.tableOf(type), field, directive(field, 'column')?.name);
        return column && [column];
    }

    #bindCall(field, name) {
        const target = namedType(field.type);
        const candidates = this.#catalog.functionsOf(name);
        const input = inputOf(field);
        const args = input ? Object.values(namedType(input.type).getFields()).filter((one) => one.name !== 'clientMutationId') : field.args;
        const given = args.map((argument) => snakeCase(argument.name));
        // Of several, the one that has these arguments.
        const found = candidates.length < 2 ? candidates[0] : candidates.find(({ parameters }) => parameters.every((one) => given.includes(one.name)));
        const byPosition = found.parameters.every((one) => one.name === '');
        const parameters = new Map(args.map((argument, i) =>
            [argument, byPosition ? found.parameters[i] : found.parameters.find((one) => one.name === snakeCase(argument.name))]));
        const shared = { kind: 'call', function: found, parameters, input, isList: isList(field.type), isConnection: Boolean(nodeOf(target)) };
        const branches = isLeafType(target) ? [] : this.#branches(nodeOf(target) ?? target);
        return { ...this.#rowsOf(input ? { ...field, args: [] } : field, branches), ...shared };
    }

    #bindAggregate(type, field, target, isRoot) {
        const table = this.tableOf(target);
        const branch = { type: target, table, discriminator: null };
        const joined = isRoot ? branch : { ...branch, join: findJoin(this.#catalog, this.tableOf(type), table, field, true) };
        const shared = this.#rowsOf(field, [joined]);
        return isList(field.type) ? { ...shared, kind: 'groups', ...bindGroups(this, field, target, table) }
            : { ...shared, kind: 'aggregate', aggregated: bindAggregate(this, target, table) };
    }

    // --- relations of input objects -------------------------------------------------

    // What a filter, or an order, by a field of its input object asks of the table's rows: { table, join, type, discriminator }.
    relation(table, field, isMany, inner = null) {
        const shows = Object.values(this.#schema.getTypeMap()).filter((type) => isObjectType(type) && !directive(type, 'aggregate') && this.tableOf(type) === table);
        const like = shows.map((type) => type.getFields()[field.name]).find((one) => one && !isLeafType(namedType(one.type)));
        const named = (inner && directive(inner, 'table')) ?? null;
        if (!like && !named && !directive(field, 'join'))
            return { ...joinByName(this.#catalog, table, field, isMany), type: null, discriminator: null };
        const target = like && (nodeOf(namedType(like.type)) ?? namedType(like.type));
        const there = named ? this.#catalog.table(named.name) : this.tableOf(target);
        const says = directive(field, 'join') || directive(field, 'through') ? field : like ?? field;
        return { table: there, type: target ?? null, join: findJoin(this.#catalog, table, there, says, isMany), discriminator: target ? this.#discriminator(target) : null };
    }

    // What a filter's input object asks of rows of these branches.
    filterOf(type, branches) {
        const id = `${type.name} ${branches.map(({ table, discriminator }) => `${table.schema}.${table.name} ${discriminator?.values ?? ''}`)}`;
        if (!this.#filters.has(id)) {
            this.#filters.set(id, { parts: new Map() });
            Object.assign(this.#filters.get(id), bindFilter(this, type, branches));
        }
        return this.#filters.get(id);
    }

    // --- lists -------------------------------------------------------------------

    // What the arguments of a field with rows are for, and the rows' order.
    #rowsOf(field, branches) {
        const all = (name, it) => branches.map(({ table }) => findColumn(table, it, name));
        const search = [], equal = [], filters = [];
        const isCalled = Boolean(directive(field, 'function'));
        for (const argument of field.args) {
            const searched = directive(argument, 'search');
            const named = directive(argument, 'column')?.name;
            if (searched)
                search.push({ argument, columns: branches.map(({ table }) => [searched.columns].flat().map(table.column).filter(Boolean)) });
            else if (OF_PAGES.has(argument.name))
                continue;
            else if (isFilter(argument))
                filters.push({ argument, filter: this.filterOf(namedType(argument.type), branches) });
            else if (argument.name === 'id' && branches.length === 1 && this.globalIds.has(branches[0].type) && !isCalled)
                equal.push({ argument, globalOf: branches[0].type, columns: branches.map(() => undefined) });
            else if (!isCalled)
                equal.push({ argument, columns: all(named, argument), globalOf: this.globalIds.typeOf(argument) });
        }
        const orderBy = field.args.find(({ name }) => name === 'orderBy');
        return {
            branches, search, equal, filters,
            orderBy: orderBy && !directive(namedType(field.type), 'aggregate') ? bindOrder(this, orderBy, branches) : null,
            // What `first` and `skip` are unless they are given.
            bounds: Object.fromEntries(field.args.filter(({ name, astNode }) => OF_PAGES.has(name) && astNode.defaultValue).map(({ name, astNode }) => [name, Number(astNode.defaultValue.value)])),
            order: readOrder(directive(field, 'order')?.by, branches),
            isExactlyOne: Boolean(directive(field, 'exactlyOne')),
        };
    }
}

// What a discriminator holds in rows of the type.
function valuesOf(type) {
    const variant = directive(type, 'variant')?.value;
    const snake = snakeCase(type.name);
    return variant ? [variant] : [snake, snake.toUpperCase(), type.name];
}
