// catalog.mjs - what the database has, read by our own queries: columns and their types, keys,
// foreign keys, functions.
//
// SPDX-License-Identifier: MIT

// A domain's type is that of its base, however many levels down.
const QUERY = `
WITH RECURSIVE base AS (
    SELECT oid, oid AS base, typtype, typbasetype FROM pg_type
    UNION ALL
    SELECT base.oid, pg_type.oid, pg_type.typtype, pg_type.typbasetype FROM base JOIN pg_type ON pg_type.oid = base.typbasetype
    WHERE base.typtype = 'd'
), kind AS (
    SELECT base.oid, pg_type.typname::text AS name, CASE WHEN pg_type.typcategory = 'A' THEN (SELECT typname::text FROM pg_type AS item WHERE item.oid = pg_type.typelem) END AS element, pg_type.typcategory AS category,
           pg_type.typtype AS form, quote_ident(nspname) || '.' || quote_ident(pg_type.typname) AS cast
    FROM base JOIN pg_type ON pg_type.oid = base.base JOIN pg_namespace ON pg_namespace.oid = typnamespace WHERE base.typtype <> 'd'
), relation AS (
    SELECT pg_class.oid, nspname::text AS schema, relname::text AS name, relkind FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
), named AS (
    SELECT conrelid, contype, confrelid, conindid,
           (SELECT json_agg(attname ORDER BY n) FROM unnest(conkey) WITH ORDINALITY AS k(attnum, n)
            JOIN pg_attribute ON attrelid = conrelid AND pg_attribute.attnum = k.attnum) AS columns,
           (SELECT json_agg(attname ORDER BY n) FROM unnest(confkey) WITH ORDINALITY AS k(attnum, n)
            JOIN pg_attribute ON attrelid = confrelid AND pg_attribute.attnum = k.attnum) AS targets
    FROM pg_constraint
)
SELECT json_build_object(
    'tables', (SELECT json_agg(json_build_object(
        'schema', schema, 'name', name, 'kind', relkind,
        'columns', (SELECT json_agg(json_build_object(
                'name', attname, 'type', format_type(atttypid, atttypmod), 'base', kind.name, 'form', kind.form,
                'category', kind.category, 'cast', kind.cast, 'element', kind.element, 'collation', attcollation, 'isNotNull', attnotnull, 'isNumbered', attidentity <> '') ORDER BY attnum)
            FROM pg_attribute JOIN kind ON kind.oid = atttypid WHERE attrelid = relation.oid AND attnum > 0 AND NOT attisdropped),
        'primaryKey', (SELECT columns FROM named WHERE conrelid = relation.oid AND contype = 'p'),
        'uniqueKeys', (SELECT coalesce(json_agg(columns), '[]') FROM (
            SELECT (SELECT json_agg(attname ORDER BY n) FROM unnest(indkey::smallint[]) WITH ORDINALITY AS k(attnum, n)
                    JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = k.attnum) AS columns
            FROM pg_index WHERE indrelid = relation.oid AND indisunique AND indpred IS NULL AND indexprs IS NULL) AS k),
        'foreignKeys', (SELECT coalesce(json_agg(json_build_object('columns', columns, 'targets', targets,
                'schema', target.schema, 'table', target.name)), '[]')
            FROM named JOIN relation AS target ON target.oid = confrelid WHERE conrelid = relation.oid AND contype = 'f')
        )) FROM relation),
    'functions', (SELECT coalesce(json_agg(json_build_object(
        'schema', nspname, 'name', proname, 'isSet', proretset, 'base', kind.name, 'form', kind.form, 'element', kind.element, 'cast', kind.cast, 'category', kind.category,
        'volatility', provolatile, 'isVariadic', provariadic <> 0,
        'outputs', (SELECT json_agg(json_build_object('name', proargnames[n], 'base', output.name, 'element', output.element, 'cast', output.cast, 'category', output.category) ORDER BY n)
            FROM unnest(proallargtypes, proargmodes::text[]) WITH ORDINALITY AS p(type, mode, n) JOIN kind AS output ON output.oid = type WHERE mode IN ('o', 't')),
        'parameters', (SELECT coalesce(json_agg(json_build_object('name', coalesce(proargnames[n], ''), 'type', format_type(type, NULL),
                'base', parameter.name, 'element', parameter.element) ORDER BY n), '[]')
            FROM unnest(proargtypes::oid[]) WITH ORDINALITY AS p(type, n) JOIN kind AS parameter ON parameter.oid = type)
        )), '[]') FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace JOIN kind ON kind.oid = prorettype
        WHERE nspname NOT IN ('pg_catalog', 'information_schema')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')))`;

export async function readCatalog(session) {
    const [[text]] = await session.rows(QUERY);
    return new Catalog(JSON.parse(text));
}

// Let a table find its columns, and a column its table.
function connect(table) {
    table.columns ??= [];
    table.column = (name) => table.columns.find((column) => column.name === name);
    table.columns.forEach((column, number) => Object.assign(column, { table, number }));
    return table;
}

class Catalog {
    constructor({ tables, functions }) {
        this.tables = tables ?? [];
        this.functions = functions;
        for (const one of functions)
            one.parameters.forEach((parameter, i) => { parameter.isLast = i === one.parameters.length - 1; });
        for (const table of this.tables) {
            connect(table);
            // Whatever key a contract declares.
            table.ownKey = table.primaryKey;
            for (const key of table.foreignKeys)
                key.to = () => this.table(`${key.schema}.${key.table}`);
        }
    }

    // By its name in the first schema, or with the schema's.
    table(name) {
        const find = (schema, rest) => this.tables.find((one) => one.schema === schema && one.name === rest);
        const dot = name.indexOf('.');
        return find('public', name) ?? (dot < 0 ? undefined : find(name.slice(0, dot), name.slice(dot + 1)));
    }

    // What the rows of a function have that returns a table of its own: like a table without keys.
    outputOf(name) {
        const [found] = this.functionsOf(name);
        found.table ??= connect({ schema: found.schema, name: found.name, kind: 'function', columns: found.outputs, primaryKey: null, foreignKeys: [] });
        return found.table;
    }

    // All of that name; several are overloaded.
    functionsOf(name) {
        const named = (schema, rest) => this.functions.filter((one) => one.schema === schema && one.name === rest);
        const dot = name.indexOf('.');
        const here = named('public', name);
        return here.length > 0 || dot < 0 ? here : named(name.slice(0, dot), name.slice(dot + 1));
    }
}
