/*
 * init_read.c - what the catalog does not have: comments, row-level security, and what the role of
 * the connection may not read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"

/* clang-format off */

/* Does a policy let others than the owner do it, or is none asked? */
#define LETS(command) \
    " NOT c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid" \
    "  AND p.polpermissive AND p.polcmd IN ('" command "', '*')" \
    "  AND EXISTS (SELECT FROM unnest(p.polroles) role WHERE role <> c.relowner))"

/* Of each table: its schema and name; may it be read; its comment; does no policy say which rows
 * there are; may a policy hide rows from some role; does none show any to others than the owner;
 * and does one let others insert, update and delete? */
static const char table_sql[] =
    "SELECT n.nspname, c.relname, has_schema_privilege(n.oid, 'USAGE')"
    "  AND has_any_column_privilege(c.oid, 'SELECT'),"
    " obj_description(c.oid, 'pg_class'),"
    " CASE c.relkind WHEN 'v' THEN NOT EXISTS (SELECT FROM unnest(c.reloptions) o"
    "   WHERE o ~* '^security_invoker=(t|y|on|1)') ELSE NOT c.relrowsecurity END,"
    " c.relrowsecurity AND NOT EXISTS (SELECT FROM (SELECT"
    "   bool_or(p.polpermissive AND 0 = ANY (p.polroles)"
    "    AND pg_get_expr(p.polqual, p.polrelid) = 'true') AS shows,"
    "   bool_or(NOT p.polpermissive"
    "    AND pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM 'true') AS hides"
    "   FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')) policy"
    "  WHERE shows AND NOT hides),"
    " c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid"
    "  AND p.polpermissive AND p.polcmd IN ('r', '*')"
    "  AND EXISTS (SELECT FROM unnest(p.polroles) role WHERE role <> c.relowner)),"
    LETS("a") "," LETS("w") "," LETS("d")
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition";

/* Of each column that has a comment or may not be read: its table, its name, and these. */
static const char column_sql[] =
    "SELECT n.nspname, c.relname, a.attname, has_column_privilege(c.oid, a.attnum, 'SELECT'),"
    " col_description(c.oid, a.attnum)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition"
    " AND (col_description(c.oid, a.attnum) IS NOT NULL"
    "  OR NOT has_column_privilege(c.oid, a.attnum, 'SELECT'))";

static const char enum_sql[] =
    "SELECT format_type(oid, NULL), obj_description(oid, 'pg_type') FROM pg_type"
    " WHERE typtype = 'e' AND obj_description(oid, 'pg_type') IS NOT NULL";

/* Functions that have the rights of their owner and that others may call, as @trusted names
 * them. */
static const char trusted_sql[] =
    "SELECT name FROM (SELECT CASE WHEN n.nspname = current_schema() THEN ''"
    "   ELSE n.nspname || '.' END || f.proname"
    "  || '(' || oidvectortypes(f.proargtypes) || ')' AS name"
    " FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace"
    " WHERE f.prosecdef AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
    " AND f.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass"
    "  AND d.objid = f.oid AND d.deptype = 'e')"
    " AND EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a"
    "  WHERE a.privilege_type = 'EXECUTE' AND a.grantee <> f.proowner)) f"
    " ORDER BY name COLLATE \"C\"";

/* clang-format on */

/* Tables that tools keep which write timestamps in UTC: Rails, Ecto, Prisma. */
static const char *const utc_tools[] = { "schema_migrations", "ar_internal_metadata",
                                         "_prisma_migrations" };

static struct init_table *
find(const struct init_model *m, struct str schema, struct str name)
{
    bool is_first = str_equal(schema, m->first_schema);

    return map_get(
        m->tables_by_name,
        is_first ? name : str_format(m->arena, "%.*s.%.*s", STR_PRINT(schema), STR_PRINT(name)));
}

static bool
is_true(struct str cell)
{
    return str_is(cell, "t");
}

static void
read_tables(struct init_model *m, const struct rows *rows)
{
    for (int i = 0; i < rows_count(rows); i++) {
        struct init_table *t = find(m, rows_get(rows, i, 0), rows_get(rows, i, 1));
        if (!t)
            continue;
        if (!is_true(rows_get(rows, i, 2)))
            t->reason = INIT_DENIED;
        t->description = rows_get(rows, i, 3);
        t->is_open = is_true(rows_get(rows, i, 4));
        /* Whichever role requests will have: the catalog was read for none. */
        t->table->may_hide_rows = is_true(rows_get(rows, i, 5));
        if (t->reason == INIT_SHOWN && is_true(rows_get(rows, i, 6)))
            t->reason = INIT_HIDDEN;
        t->may_insert = is_true(rows_get(rows, i, 7));
        t->may_update = is_true(rows_get(rows, i, 8));
        t->may_delete = is_true(rows_get(rows, i, 9));
    }
}

static void
read_columns(const struct init_model *m, const struct rows *rows)
{
    for (int i = 0; i < rows_count(rows); i++) {
        const struct init_table *t = find(m, rows_get(rows, i, 0), rows_get(rows, i, 1));
        const struct column *column = t ? table_find_column(t->table, rows_get(rows, i, 2)) : NULL;
        if (!column)
            continue;
        struct init_column *c = init_find_column(t, column);
        if (!is_true(rows_get(rows, i, 3)))
            c->reason = INIT_DENIED;
        c->description = rows_get(rows, i, 4);
    }
}

static void
read_enums(const struct init_model *m, const struct rows *rows)
{
    for (int i = 0; i < rows_count(rows); i++)
        for (int j = 0; j < m->enum_count; j++)
            if (str_equal(m->enums[j].type->name, rows_get(rows, i, 0)))
                m->enums[j].description = rows_get(rows, i, 1);
}

static void
read_trusted(struct init_model *m, const struct rows *rows)
{
    m->trusted_count = rows_count(rows);
    m->trusted = ARENA_ARRAY(m->arena, struct str, (size_t)m->trusted_count + 1);
    for (int i = 0; i < m->trusted_count; i++)
        m->trusted[i] = rows_get(rows, i, 0);
}

bool
init_read(struct init_model *m, struct db *db, struct str *message)
{
    const struct rows *first = db_query(db, m->arena, "SELECT current_schema()", 0, NULL, message);
    if (!first)
        return false;
    m->first_schema = rows_get(first, 0, 0);
    if (!m->first_schema.ptr)
        m->first_schema = STR("");
    const struct rows *tables = db_query(db, m->arena, table_sql, 0, NULL, message);
    const struct rows *columns =
        tables ? db_query(db, m->arena, column_sql, 0, NULL, message) : NULL;
    const struct rows *enums = columns ? db_query(db, m->arena, enum_sql, 0, NULL, message) : NULL;
    const struct rows *trusted =
        enums ? db_query(db, m->arena, trusted_sql, 0, NULL, message) : NULL;
    if (!trusted)
        return false;
    read_tables(m, tables);
    read_columns(m, columns);
    read_enums(m, enums);
    read_trusted(m, trusted);
    for (size_t i = 0; i < ARRAY_LENGTH(utc_tools); i++)
        m->is_utc |= find(m, m->first_schema, str_from(utc_tools[i])) != NULL;
    return true;
}
