// random_contract.mjs - random contracts over the tables of a catalog: ones that should fit, and ones
// with one thing in them that somebody may have got wrong.
//
// What fits is what docs/contract.md says, in its tables of scalars and of fields.
//
// SPDX-License-Identifier: MIT
import { snakeCase } from './binding/contract.mjs';
import { Lists } from './random_list.mjs';

// --- what shows what -----------------------------------------------------------

export const SCALARS = {
    int2: ['Int', 'Float', 'ID', 'String', 'BigInt', 'QuotedInt'],
    int4: ['Int', 'Float', 'ID', 'String', 'BigInt', 'QuotedInt'],
    int8: ['BigInt', 'ID', 'String', 'Float', 'Int', 'QuotedInt'],
    numeric: ['Decimal', 'String', 'ID', 'Float', 'QuotedDecimal'],
    float4: ['Float'],
    float8: ['Float'],
    bool: ['Boolean', 'String'],
    text: ['String', 'ID', 'Text'],
    varchar: ['String', 'ID', 'Text'],
    bpchar: ['String', 'ID', 'Text'],
    citext: ['String', 'Text'],
    uuid: ['ID', 'String', 'Text'],
    timestamptz: ['DateTime', 'DateTimeMicros', 'String'],
    timestamp: ['LocalDateTime', 'String'],
    date: ['Date', 'String'],
    interval: ['Interval', 'String'],
    bytea: ['Bytes', 'String'],
    json: ['JSON', 'String'],
    jsonb: ['JSON', 'String'],
};
const OTHERS = ['Text', 'String'];
const ALL = [...new Set([...Object.values(SCALARS).flat(), ...OTHERS])];

// Scalars of arguments that are compared, and what can be sorted and searched.
export const COMPARED = {
    int2: ['Int', 'ID'], int4: ['Int', 'ID'], int8: ['BigInt', 'ID'], numeric: ['Decimal'], bool: ['Boolean'], text: ['String', 'ID'],
    varchar: ['String'], bpchar: ['String'], citext: ['String'], uuid: ['ID'], timestamptz: ['DateTime', 'DateTimeMicros'], date: ['Date'],
};
export const SORTED = new Set([...Object.keys(COMPARED), 'float4', 'float8', 'interval', 'timestamp', 'inet']);
export const SEARCHED = new Set(['text', 'varchar', 'bpchar', 'citext']);

const HEAD = `${ALL.filter((name) => !['Int', 'Float', 'String', 'Boolean', 'ID'].includes(name)).map((name) => `scalar ${name}${name.startsWith('Quoted') ? ' @quoted' : ''}`).join('\n')}
enum Direction { ASC DESC ASC_NULLS_FIRST DESC_NULLS_LAST }`;

const quoted = JSON.stringify;
const list = (names) => (names.length === 1 ? quoted(names[0]) : `[${names.map(quoted).join(', ')}]`);
const camelCase = (name) => name.replace(/_([a-z])/g, (_, c) => c.toUpperCase());
export const nameOf = ({ schema, name }) => (schema === 'public' ? name : `${schema}.${name}`);
export const keyOf = (table) => table.ownKey ?? (table.kind === 'v' ? [table.columns[0].name] : null);

// --- a contract ------------------------------------------------------------------

class Writer {
    constructor(random, catalog, tables) {
        Object.assign(this, { random, catalog, names: 0 });
        const some = random.some(tables, 4 / tables.length);
        // Those that refer to each other are the more interesting ones.
        const more = some.flatMap((table) => table.foreignKeys.map((key) => key.to())).filter((table) => tables.includes(table) && random.chance(0.7));
        this.types = [...new Set([...some, ...more, ...some.length === 0 ? [random.pick(tables)] : []])]
            .map((table, i) => ({ name: `T${i}`, table, fields: [], head: this.#head(table) }));
        this.root = [];
        this.inputs = [];
        for (const type of this.types) {
            this.#columns(type);
            this.#joins(type);
            this.#roots(type);
        }
        for (const between of tables)
            this.#through(between);
        this.#union();
        this.forms = new Lists(this);
        for (const field of [...this.root, ...this.types.flatMap(({ fields }) => fields)])
            if (field.target && field.type.startsWith('[') && !field.called)
                this.forms.change(field);
        this.root.push(...this.types.flatMap((type) => this.forms.aggregates(type)));
    }

    // A list of rows of several tables.
    #union() {
        const { random } = this;
        const possible = random.some(this.types.filter(({ table }) => keyOf(table)), 0.7);
        if (possible.length < 2 || random.chance(0.5))
            return;
        this.inputs.push(`union Anything = ${possible.map(({ name }) => name).join(' | ')}`);
        const args = random.some([{ name: 'first', type: 'Int' }, { name: 'skip', type: 'Int' }], 0.7);
        this.root.push({ name: 'anything', args, type: '[Anything!]', bang: true });
    }

    #head(table) {
        const key = table.kind === 'v' ? [keyOf(table)[0]] : table.ownKey ? null : [];
        return { name: nameOf(table), key, zone: this.random.chance(0.3) ? 'UTC' : null };
    }

    // A field's name that nothing has yet, and the column's where convention does not find it.
    #nameOf(type, column) {
        const name = camelCase(column.name);
        const isFound = /^[a-z][a-zA-Z0-9]*$/.test(name) && (snakeCase(name) === column.name || name === column.name) &&
            // By its own name first.
            (name === column.name || !type.table.column(name));
        if (isFound && this.random.chance(0.7) && !type.fields.some((field) => field.name === name))
            return { name, column: null };
        return { name: `f${++this.names}`, column: column.name };
    }

    // What the column can be shown as: { type, zone }.
    #shown(column, zone) {
        const { random } = this;
        const items = column.element && SCALARS[column.element];
        if (column.element)
            return items && random.chance(0.6) && column.element !== 'timestamp' ? `[${random.pick(items)}]` : random.pick(['Text', 'String']);
        if (column.base === 'timestamp' && zone)
            return random.pick(['DateTime', 'DateTimeMicros']);
        return random.pick(SCALARS[column.base] ?? OTHERS);
    }

    #columns(type) {
        const { random } = this;
        const columns = random.some(type.table.columns, 0.6);
        for (const column of columns.length > 0 ? columns : type.table.columns.slice(0, 1)) {
            const { name, column: named } = this.#nameOf(type, column);
            const zone = column.base === 'timestamp' && !type.head.zone && random.chance(0.3) ? 'UTC' : null;
            const shown = this.#shown(column, zone ?? type.head.zone);
            type.fields.push({ name, of: column, args: [], type: shown, bang: column.isNotNull && random.chance(0.7), column: named, zone });
        }
    }

    // By each foreign key between types of the contract, in both directions.
    #joins(type) {
        const { random } = this;
        for (const other of this.types) {
            const keys = other.table.foreignKeys.filter((key) => key.to() === type.table);
            const named = (key) => (keys.length > 1 || type === other || random.chance(0.3) ? { column: key.columns } : null);
            for (const key of keys) {
                const isBetween = type.table !== other.table && type.table.foreignKeys.some((one) => one.to() === other.table);
                other.fields.push({ name: `j${++this.names}`, args: [], type: type.name, join: isBetween ? { column: key.columns } : named(key), target: type });
                if (keyOf(other.table) && random.chance(0.8))
                    type.fields.push(this.#list(`j${++this.names}`, other, { join: isBetween ? { column: key.columns } : named(key) }));
            }
        }
        const [first] = keyOf(type.table) ?? [];
        if (first && type.table.ownKey?.length === 1 && random.chance(0.2))
            type.fields.push({ name: `j${++this.names}`, args: [], type: type.name, join: { column: [first], to: [first] }, target: type });
    }

    #through(between) {
        const { random } = this;
        for (const here of this.types)
            for (const there of this.types) {
                const to = (type) => between.foreignKeys.filter((key) => key.to() === type.table);
                if (here === there || to(here).length !== 1 || to(there).length !== 1 || !keyOf(there.table) || random.chance(0.4))
                    continue;
                here.fields.push(this.#list(`m${++this.names}`, there, { through: { table: nameOf(between) } }));
            }
    }

    // --- lists ---------------------------------------------------------------------

    #order(table) {
        const { random } = this;
        const columns = table.columns.filter(({ name, base, element }) => SORTED.has(base) && !element && /^[a-z_][a-z0-9_]*$/.test(name));
        return random.many(random.between(1, 2), () => `${random.pick(columns).name}${random.pick(['', ' ASC', ' DESC'])}`).join(', ');
    }

    #list(name, target, binding) {
        const { random } = this;
        const { table } = target;
        const args = random.some([{ name: 'first', type: 'Int' }, { name: 'skip', type: 'Int' }], 0.7);
        for (const column of random.some(table.columns.filter(({ base, element }) => COMPARED[base] && !element), 0.25)) {
            const { name: argument, column: named } = this.#nameOf({ table, fields: args }, column);
            args.push({ name: argument, type: random.pick(COMPARED[column.base]), column: named });
        }
        const texts = table.columns.filter(({ base, element, isDeterministic }) => SEARCHED.has(base) && !element && isDeterministic !== false);
        if (texts.length > 0 && random.chance(0.3))
            args.push({ name: 'search', type: 'String', search: [...new Set(random.many(2, () => random.pick(texts).name))] });
        const input = random.chance(0.4) ? this.#input(table) : null;
        if (input)
            args.push({ name: 'orderBy', type: random.chance(0.7) ? `[${input}!]` : input });
        const order = !keyOf(table) ? this.#total(table) : random.chance(0.5) ? this.#order(table) : null;
        return { name, args, type: `[${target.name}!]`, bang: true, order, target, ...binding };
    }

    // Where no key breaks ties: all that can be sorted.
    #total(table) {
        return table.columns.filter(({ base }) => SORTED.has(base)).map(({ name }) => name).join(', ');
    }

    #input(table) {
        const columns = this.random.some(table.columns.filter(({ base, element }) => SORTED.has(base) && !element), 0.5);
        if (columns.length === 0)
            return null;
        const name = `O${this.inputs.length}`;
        this.inputs.push(`input ${name} @oneOf { ${columns.map((column, i) => `o${i}: Direction @column(name: ${quoted(column.name)})`).join(' ')} }`);
        return name;
    }

    #roots(type) {
        const { random } = this;
        this.root.push(this.#list(`${type.name.toLowerCase()}s`, type, {}));
        const keys = [type.table.ownKey, ...type.table.uniqueKeys ?? []].filter((key) => key && key.every((name) => COMPARED[type.table.column(name).base]));
        if (keys.length > 0 && keyOf(type.table) && random.chance(0.7))
            this.root.push({
                name: type.name.toLowerCase(), type: type.name, target: type, isFind: true,
                args: random.pick(keys).map((name, i) => ({ name: `k${i}`, type: `${random.pick(COMPARED[type.table.column(name).base])}!`, column: name })),
            });
    }

    // --- as a text -------------------------------------------------------------------

    // One field in each line: { sdl, line }, where that of the fault is.
    print(fault) {
        const lines = [...HEAD.split('\n'), 'extend schema @trusted(functions: ["viewer_tenant", "remember", "linnet_claim_request", "linnet_keep_answer"])',
            'type Sales @table(name: "category_sales", key: ["category_id"], rows: ALL) { name: String }', 'type Query {',
            ...this.root.map((field) => [printField(field), field]), '}', ...this.inputs];
        const all = lines.map((line) => (Array.isArray(line) ? line : [line, null]));
        for (const type of this.types)
            all.push([`type ${type.name} ${printHead(type.head)} {`, type], ...type.fields.map((field) => [printField(field), field]), ['}', null]);
        return { sdl: all.map(([line]) => line).join('\n'), line: 1 + all.findIndex(([, it]) => fault && it === fault.at) };
    }
}

const printArgument = ({ name, type, column, search }) =>
    `${name}: ${type}${column ? ` @column(name: ${quoted(column)})` : ''}${search ? ` @search(columns: ${list(search)})` : ''}`;

function printField({ name, args, type, bang, column, zone, join, through, order, called }) {
    const parts = [`${name}${args.length > 0 ? `(${args.map(printArgument).join(', ')})` : ''}: ${type}${bang ? '!' : ''}`];
    if (column || zone)
        parts.push(`@column(${[column && `name: ${quoted(column)}`, zone && `zone: ${quoted(zone)}`].filter(Boolean).join(', ')})`);
    if (join)
        parts.push(`@join(column: ${list(join.column)}${join.to ? `, to: ${list(join.to)}` : ''})`);
    if (through)
        parts.push(`@through(table: ${quoted(through.table)})`);
    if (order)
        parts.push(`@order(by: ${quoted(order)})`);
    if (called)
        parts.push(`@function(name: ${quoted(called)})`);
    return `  ${parts.join(' ')}`;
}

const printHead = ({ name, key, zone }) =>
    `@table(name: ${quoted(name)}${key ? `, key: [${key.map(quoted).join(', ')}]` : ''}${zone ? `, zone: ${quoted(zone)}` : ''})`;

// --- one thing wrong -----------------------------------------------------------------

// Each changes the contract, and gives what it has changed; nothing where there is no such thing.
const FAULTS = {
    column: ({ random, columns }) => change(random, columns, (field) => { field.column = `${field.of.name}s`; }),
    scalar: ({ random, columns }) => change(random, columns, (field) => { field.type = random.pick(ALL); }),
    list: ({ random, columns }) => change(random, columns, (field) => { field.type = field.type.startsWith('[') ? 'Int' : `[${field.type}]`; }),
    bang: ({ random, columns }) => change(random, columns.filter(({ of }) => !of.isNotNull), (field) => { field.bang = true; }),
    joinBang: ({ random, joins }) => change(random, joins, (field) => { field.bang = true; }),
    zone: ({ random, columns }) => change(random, columns, (field) => { field.zone = 'UTC'; field.column ??= field.of.name; }),
    table: ({ random, types }) => change(random, types, (type) => { type.head.name += 's'; }),
    otherTable: ({ random, types }) => change(random, types, (type) => { type.head.name = random.pick(types).head.name; }),
    key: ({ random, types }) => change(random, types, (type) => { type.head.key = ['nothing']; }),
    noKey: ({ random, types }) => change(random, types, (type) => { type.head.key = []; }),
    join: ({ random, joins }) => change(random, joins, (field) => { field.join = { column: [random.pick(field.target.table.columns).name] }; }),
    joinTo: ({ random, joins }) => change(random, joins.filter(({ join }) => join), (field) => { field.join.to = [random.pick(field.target.table.columns).name]; }),
    cardinality: ({ random, joins }) => change(random, joins, (field) => {
        const isList = field.type.startsWith('[');
        Object.assign(field, isList ? { type: field.target.name, bang: false, args: [], order: null } : { type: `[${field.target.name}!]`, bang: true });
    }),
    target: ({ random, joins, types }) => change(random, joins, (field) => {
        const other = random.pick(types);
        field.type = field.type.replace(/T\d+/, other.name);
    }),
    argument: ({ random, lists }) => change(random, lists, (field) => { field.args.push({ name: 'nothing', type: 'Int' }); }),
    argumentType: ({ random, lists }) => change(random, lists.filter(({ args }) => args.length > 0), (field) => { random.pick(field.args).type = random.pick(['Int', 'Boolean', '[Int]', 'JSON', 'DateTime']); }),
    noArgument: ({ random, finds }) => change(random, finds, (field) => { field.args.pop(); }),
    optional: ({ random, finds }) => change(random, finds, (field) => { field.args[0].type = field.args[0].type.replace('!', ''); }),
    order: ({ random, lists }) => change(random, lists, (field) => { field.order = random.pick(['nothing', 'id UP', random.pick(field.target.table.columns).name]); }),
    search: ({ random, lists }) => change(random, lists, (field) => { field.args = [...field.args.filter(({ name }) => name !== 'search'), { name: 'search', type: 'String', search: [random.pick(field.target.table.columns).name] }]; }),
    through: ({ random, lists, names }) => change(random, lists, (field) => { field.through = { table: random.pick(names) }; field.join = null; }),
    called: ({ random, root, functions, types }) => change(random, root, (field) => {
        const called = random.pick(functions);
        const type = random.pick(['Int', 'String', '[Int]!', '[String]!', random.pick(types).name, `[${random.pick(types).name}!]!`]);
        Object.assign(field, {
            type, bang: false, order: null, called: called.schema === 'public' ? called.name : `${called.schema}.${called.name}`,
            args: random.some(called.parameters, 0.9).map(({ name, base }, i) => ({ name: name ? camelCase(name) : `p${i}`, type: `${random.pick(COMPARED[base] ?? OTHERS)}${random.pick(['', '!'])}` })),
        });
    }),
};

Object.assign(FAULTS, {
    noAfter: ({ random, connections }) => change(random, connections, (field) => { field.args = field.args.filter(({ name }) => name !== random.pick(['after', 'first'])); }),
    defaultFirst: ({ random, connections }) => change(random, connections, (field) => { field.args.find(({ name }) => name === 'first').type = 'Int = 10'; }),
    skipPages: ({ random, connections }) => change(random, connections, (field) => { field.args.push({ name: 'skip', type: random.pick(['Int', 'String']) }); }),
    otherFilter: ({ random, lists, filters }) => change(random, filters.length > 0 ? lists : [], (field) => { field.args.push({ name: 'filter', type: random.pick(filters) }); }),
    filterOfOne: ({ random, finds, filters }) => change(random, filters.length > 0 ? finds : [], (field) => { field.args.push({ name: 'filter', type: random.pick(filters) }); }),
});

function change(random, all, how) {
    if (all.length === 0)
        return null;
    const at = random.pick(all);
    how(at);
    return at;
}

// A contract: { sdl, fault }, where a fault has a name and a line; it may still fit.
export function makeContract(random, { catalog, tables, functions }) {
    const writer = new Writer(random, catalog, tables);
    if (random.chance(0.4))
        return { ...writer.print(null), fault: null };
    const { types, root, forms } = writer;
    const fields = types.flatMap((type) => type.fields);
    const all = [...fields, ...root];
    const lists = all.filter(({ type, target }) => target && type.startsWith('['));
    const name = random.pick(Object.keys(FAULTS));
    const at = FAULTS[name]({
        random, types, root, lists, functions, columns: fields.filter(({ of }) => of), joins: fields.filter(({ target }) => target),
        finds: root.filter(({ isFind }) => isFind), names: tables.map(nameOf), filters: forms.filters,
        connections: all.filter(({ isConnection }) => isConnection),
    });
    const { sdl, line } = writer.print(at && { at });
    return { sdl, fault: at && { name, line } };
}
