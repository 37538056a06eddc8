// bind.mjs - where each field of a contract comes from, found as docs/contract.md has it:
// directives first, convention where they say nothing.
//
// A binding is one of
//
//     { kind: 'column', column, join }         a cell of the row, or of one that is joined to it
//     { kind: 'computed', function }           what a function of the row gives
//     { kind: 'one', branches, join }          the row that is joined
//     { kind: 'list', branches, join, ... }    rows: joined ones, or all of a table
//     { kind: 'find', branches, ... }          the row that the arguments name
//     { kind: 'call', function, ... }          what a function of the arguments gives
//
// A branch is a type with its table; an interface or a union without a table has several. A
// join has pairs of columns that are equal: { from: [...], to: [...] }.
//
// SPDX-License-Identifier: MIT
import { directive, isAbstractType, isLeafType, isList, namedType, snakeCase } from './contract.mjs';

// Is the row one of the branch's type?
export const isOf = ({ table, discriminator }, row) => row.table === table && (!discriminator || discriminator.values.includes(row.cell(discriminator.column)));

export class Bindings {
    #schema;
    #catalog;
    #fields = new Map();

    constructor(schema, catalog) {
        this.#schema = schema;
        this.#catalog = catalog;
        for (const type of Object.values(schema.getTypeMap()))
            if (this.#isShown(type))
                for (const field of Object.values(type.getFields()))
                    this.#fields.set(`${type.name}.${field.name}`, this.#bind(type, field));
    }

    #isShown(type) {
        return type === this.#schema.getQueryType() || (!isAbstractType(type) && Boolean(directive(type, 'table') ?? directive(type, 'row')));
    }

    of(typeName, fieldName) {
        return this.#fields.get(`${typeName}.${fieldName}`);
    }

    // By table, the functions of its rows that the contract shows.
    get computed() {
        const all = [...this.#fields.values()].filter(({ kind }) => kind === 'computed');
        return new Map([...Map.groupBy(all, ({ table }) => table)].map(([table, some]) => [table, [...new Set(some.map((one) => one.function))]]));
    }

    // --- types -------------------------------------------------------------------

    tableOf(type) {
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
        return this.#schema.getPossibleTypes(abstract).find((type) => isOf({ table: this.tableOf(type), discriminator: this.#discriminator(type) }, row));
    }

    // --- fields ------------------------------------------------------------------

    #bind(type, field) {
        const called = directive(field, 'function');
        const target = namedType(field.type);
        const isRoot = type === this.#schema.getQueryType();
        if (called)
            return isRoot ? this.#bindCall(field, called.name) : this.#bindComputed(type, called.name);
        if (isLeafType(target))
            return this.#bindColumn(this.tableOf(type), field);
        const branches = this.#branches(target);
        if (isRoot)
            return { ...this.#rowsOf(field, branches), kind: isList(field.type) ? 'list' : 'find' };
        const joined = branches.map((branch) => ({ ...branch, join: this.#join(this.tableOf(type), branch.table, field, isList(field.type)) }));
        return isList(field.type) ? { ...this.#rowsOf(field, joined), kind: 'list' } : { kind: 'one', branches: joined };
    }

    #bindComputed(type, name) {
        const table = this.tableOf(type);
        const found = this.#catalog.functionsOf(name).find(({ parameters }) => parameters[0]?.base === table.name);
        return { kind: 'computed', table, function: found };
    }

    #bindColumn(table, field) {
        const { name = null, table: other = null } = directive(field, 'column') ?? {};
        const home = other ? this.#catalog.table(other) : table;
        const column = findColumn(home, field, name);
        return { kind: 'column', column, join: home === table ? null : this.#join(table, home, field, false) };
    }

    #bindCall(field, name) {
        const target = namedType(field.type);
        const candidates = this.#catalog.functionsOf(name);
        const given = field.args.map((argument) => snakeCase(argument.name));
        // Of several, the one that has these arguments.
        const found = candidates.length < 2 ? candidates[0] : candidates.find(({ parameters }) => parameters.every((one) => given.includes(one.name)));
        const byPosition = found.parameters.every((one) => one.name === '');
        const parameters = new Map(field.args.map((argument, i) =>
            [argument, byPosition ? found.parameters[i] : found.parameters.find((one) => one.name === snakeCase(argument.name))]));
        const shared = { kind: 'call', function: found, parameters, isList: isList(field.type) };
        return { ...this.#rowsOf(field, isLeafType(target) ? [] : this.#branches(target)), ...shared };
    }

    // --- joins -------------------------------------------------------------------

    // How rows of `there` belong to a row of `here`: by a foreign key of either, or by a column of that name in both.
    #join(here, there, field, isMany) {
        const through = directive(field, 'through');
        if (through)
            return this.#joinThrough(here, this.#catalog.table(through.table), there, through);
        const { column: named = null, to = null } = directive(field, 'join') ?? {};
        const names = named === null ? [] : [named].flat();
        if (to)
            return { from: names.map(here.column), to: [to].flat().map(there.column) };
        // One that has these columns alone, or else one that has them too.
        const meant = (keys) => {
            const found = keys.filter((key) => names.every((one) => key.columns.includes(one)));
            const exact = found.filter((key) => key.columns.length === names.length);
            return exact.length > 0 ? exact : found;
        };
        const away = meant(here.foreignKeys.filter((key) => key.to() === there));
        const back = meant(there.foreignKeys.filter((key) => key.to() === here));
        const pairs = (from, fromNames, to_, toNames) => ({ from: fromNames.map(from.column), to: toNames.map(to_.column) });
        if (!isMany && away.length === 1)
            return pairs(here, away[0].columns, there, away[0].targets);
        if (back.length === 1)
            return pairs(here, back[0].targets, there, back[0].columns);
        if (named && here === there)
            return { from: names.map(here.column), to: names.map(here.column) };
        throw new Error(`no join for ${field.name} from ${here.name} to ${there.name}`);
    }

    // Many to many: to the rows between, and from them; by foreign keys, or by the keys of the two tables.
    #joinThrough(here, between, there, { column = [], to = [] }) {
        const leg = (table, names, other) => {
            const keys = between.foreignKeys.filter((key) => key.to() === table && key !== other && names.every((one) => key.columns.includes(one)));
            if (keys.length > 1 || keys.length + names.length === 0)
                throw new Error(`no way by ${between.name} to ${table.name}`);
            return keys[0] ?? { columns: names, targets: table.primaryKey };
        };
        const toHere = leg(here, [column].flat(), null), toThere = leg(there, [to].flat(), toHere);
        return {
            from: toHere.targets.map(here.column), to: toHere.columns.map(between.column),
            further: { from: toThere.columns.map(between.column), to: toThere.targets.map(there.column) },
        };
    }

    // --- lists -------------------------------------------------------------------

    // What the arguments of a field with rows are for, and the rows' order.
    #rowsOf(field, branches) {
        const all = (name, it) => branches.map(({ table }) => findColumn(table, it, name));
        const search = [], equal = [];
        for (const argument of field.args) {
            const searched = directive(argument, 'search');
            const named = directive(argument, 'column')?.name;
            if (searched)
                search.push({ argument, columns: branches.map(({ table }) => [searched.columns].flat().map(table.column).filter(Boolean)) });
            else if (!['first', 'skip', 'orderBy'].includes(argument.name) && !directive(field, 'function'))
                equal.push({ argument, columns: all(named, argument) });
        }
        const orderBy = field.args.find(({ name }) => name === 'orderBy');
        const sortable = orderBy && Object.fromEntries(Object.values(namedType(orderBy.type).getFields())
            .map((one) => [one.name, all(directive(one, 'column')?.name, one)]));
        return {
            branches, search, equal, sortable,
            // What `first` and `skip` are unless they are given.
            bounds: Object.fromEntries(field.args.filter(({ astNode }) => astNode.defaultValue).map(({ name, astNode }) => [name, Number(astNode.defaultValue.value)])),
            order: readOrder(directive(field, 'order')?.by).map(({ name, isDescending }) => ({ columns: branches.map(({ table }) => table.column(name)), isDescending })),
            isExactlyOne: Boolean(directive(field, 'exactlyOne')),
        };
    }
}

// A column by the name that the contract gives, or the field's as it is, or in snake case.
const findColumn = (table, field, name) => (name ? table.column(name) : table.column(field.name) ?? table.column(snakeCase(field.name)));

const readOrder = (by) => (by ?? '').split(',').map((term) => term.trim().split(/\s+/)).filter(([name]) => name)
    .map(([name, way = 'ASC']) => ({ name, isDescending: way.toUpperCase() === 'DESC' }));

// What a discriminator holds in rows of the type.
function valuesOf(type) {
    const variant = directive(type, 'variant')?.value;
    const snake = snakeCase(type.name);
    return variant ? [variant] : [snake, snake.toUpperCase(), type.name];
}
