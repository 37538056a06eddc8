// engine.mjs - graphql-jit with look-ahead: the resolvers of the root fetch all that is selected below
// them, by one flat statement for each level of lists, so that the compiled query waits for no field.
//
// It serves the schema that `linnet print schema` prints, as far as the workloads of bench/compare go,
// without tokens.
//
// SPDX-License-Identifier: MIT
import { GraphQLError, buildSchema, parse, validate } from 'graphql';
import { compileQuery, fieldExpansionEnricher, isCompiledQuery } from 'graphql-jit';

const COLUMNS = {
    User: { id: 'id', username: 'username', dateJoined: 'date_joined::text' },
    Link: { id: 'id', url: 'url', description: 'description', createdAt: 'created_at::text', voteCount: 'vote_count' },
    Vote: { id: 'id', createdAt: 'created_at::text' },
    CreateLink: { id: 'id', url: 'url', description: 'description' },
};
const TO_ONE = {
    'Link.postedBy': ['users', 'posted_by', 'User'],
    'CreateLink.postedBy': ['users', 'posted_by', 'User'],
    'Vote.user': ['users', 'user_id', 'User'],
    'Vote.link': ['links', 'link_id', 'Link'],
};
const MOST_DOCUMENTS = 1000;

// 2024-02-07 22:40:00.12+00 -> 2024-02-07T22:40:00.120Z (the connection's zone is UTC).
function iso(text) {
    const fraction = text[19] === '.' ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000';
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

// What to select for an object, and a compiled function from its row to the object.
class Shape {
    columns = [];
    joins = '';
    aliases = 0;
    batches = [];

    constructor(type, fields, columns = []) {
        this.columns = columns;
        const code = this.object(type, fields, 't');
        this.make = new Function('iso', `return (row, batches) => (${code})`)(iso);
        this.list = this.columns.join(', ') || '1';
    }

    column(name) {
        const i = this.columns.indexOf(name);
        return i < 0 ? this.columns.push(name) - 1 : i;
    }

    object(type, fields, alias) {
        return `{${Object.entries(fields).map(([name, below]) => `${name}: ${this.field(type, name, below, alias)}`).join(', ')}}`;
    }

    field(type, name, below, alias) {
        const column = COLUMNS[type]?.[name];
        if (column) {
            const i = this.column(`${alias}.${column}`);
            return column.endsWith('::text') ? `iso(row[${i}])` : `row[${i}]`;
        }
        const one = TO_ONE[`${type}.${name}`];
        if (one) {
            const [table, key, target] = one;
            const other = `j${++this.aliases}`;
            this.joins += ` left join ${table} ${other} on ${other}.id = ${alias}.${key}`;
            return `row[${this.column(`${other}.id`)}] === null ? null : ${this.object(target, below[target], other)}`;
        }
        if (`${type}.${name}` !== 'Link.votes') throw new GraphQLError(`${type}.${name} is not served`);
        const key = this.column(`${alias}.id`);
        const n = this.batches.push({ key, votes: new Votes(below) }) - 1;
        return `batches[${n}].get(row[${key}]) ?? []`;
    }

    // The objects of rows; a promise, where there are lists below.
    objects(database, rows) {
        if (this.batches.length === 0) return rows.map((row) => this.make(row));
        return Promise.all(this.batches.map(({ key, votes }) => votes.load(database, rows, key)))
            .then((batches) => rows.map((row) => this.make(row, batches)));
    }
}

class Votes {
    constructor(below) {
        this.shape = new Shape('Vote', below.Vote, ['t.link_id', 't.id']);
        this.sql = `select ${this.shape.list} from (select * from votes where link_id = any($1::integer[]) offset 0) t${this.shape.joins}`;
    }

    // The votes of all these rows: a map of links to lists, the oldest vote first.
    async load(database, rows, key) {
        const votes = await database(this.sql, [`{${[...new Set(rows.map((row) => row[key]))].join(',')}}`]);
        votes.sort((a, b) => a[1] - b[1]);
        const objects = await this.shape.objects(database, votes);
        const lists = new Map();
        votes.forEach(([link], i) => {
            const list = lists.get(link);
            if (list) list.push(objects[i]);
            else lists.set(link, [objects[i]]);
        });
        return lists;
    }
}

const one = async (database, shape, rows) => (await shape.objects(database, await rows))[0] ?? null;

const RESOLVERS = {
    Query: {
        link: (_, { id }, database, { shape }) =>
            /^\d{1,9}$/.test(id) ? one(database, shape, database(shape.sql ??= `select ${shape.list} from links t${shape.joins} where t.id = $1::integer`, [id])) : null,
        async links(_, { first, orderBy }, database, { shape }) {
            if (orderBy && JSON.stringify(orderBy) !== '[{"createdAt":"DESC"}]') throw new GraphQLError('That order is not served');
            const limit = Math.max(0, first ?? 100);
            return shape.objects(database, await database((shape.pages ??= {})[limit] ??=
                `select ${shape.list} from (select * from links order by created_at desc, id desc limit ${limit}) t` +
                `${shape.joins} order by t.created_at desc, t.id desc`, []));
        },
    },
    Mutation: {
        createLink: (_, { url, description }, database, { shape }) => one(database, shape, database(
            shape.sql ??= `with t as (insert into links (url, description, posted_by) values ($1, $2, 1) returning *) select ${shape.list} from t${shape.joins}`,
            [url, description])),
    },
};

function makeSchema(text) {
    // (graphql-jit's own writer of JSON knows no scalar but the built-in ones.)
    const schema = buildSchema(text.replaceAll(': DateTime', ': String'));
    for (const [type, fields] of Object.entries(RESOLVERS))
        for (const [name, resolve] of Object.entries(fields)) schema.getType(type).getFields()[name].resolve = resolve;
    return schema;
}

const OPTIONS = {
    customJSONSerializer: true,
    disablingCapturingStackErrors: true,
    customSerializers: { ID: String, String: String },
    resolverInfoEnricher(input) {
        const [[type, fields] = []] = Object.entries(fieldExpansionEnricher(input).fieldExpansion);
        return type in COLUMNS ? { shape: new Shape(type, fields) } : {};
    },
};

const refused = (errors) => ({ constant: JSON.stringify({ errors }) });
const isSchema = (selection) => (selection.kind === 'Field'
    ? selection.name.value.startsWith('__')
    : selection.kind === 'InlineFragment' && selection.selectionSet.selections.every(isSchema));

function compile(schema, query, name) {
    let document;
    try {
        document = parse(query);
    } catch (error) {
        return refused([error]);
    }
    const errors = validate(schema, document);
    if (errors.length) return refused(errors);
    const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
    const operation = name == null ? operations.length === 1 && operations[0] : operations.find((each) => each.name?.value === name);
    if (!operation) return refused([new GraphQLError('Which operation?')]);
    const compiled = compileQuery(schema, document, name ?? undefined, OPTIONS);
    if (!isCompiledQuery(compiled)) return refused(compiled.errors);
    // An answer that depends on the schema alone is written once.
    if (!operation.variableDefinitions?.length && operation.selectionSet.selections.every(isSchema))
        return { constant: JSON.stringify(compiled.query(null, null, {})) };
    return compiled;
}

// answer(body) -> the response, or a promise of it.
export function makeEngine(database, text) {
    const schema = makeSchema(text);
    const known = new Map();
    return (body) => {
        const { query, operationName, variables } = JSON.parse(body);
        const key = operationName == null ? query : `${operationName}\n${query}`;
        let compiled = known.get(key);
        if (!compiled) {
            compiled = compile(schema, query, operationName);
            if (known.size >= MOST_DOCUMENTS) known.delete(known.keys().next().value);
            known.set(key, compiled);
        }
        if (compiled.constant) return compiled.constant;
        const result = compiled.query(null, database, variables ?? {});
        return result.then ? result.then(compiled.stringify) : compiled.stringify(result);
    };
}
