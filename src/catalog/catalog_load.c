/*
 * catalog_load.c - read the catalog from PostgreSQL.
 *
 * One query answers with the lines of the catalog's text form (catalog.h), in
 * order, and catalog_parse() reads them: so there is one place that makes
 * catalogs, and what `linnet check --write` keeps is what was read.
 *
 * What belongs to an extension is left out, and so are partitions (their table
 * shows their rows), keys and foreign keys that the database does not vouch
 * for at every moment, and functions that a statement cannot call.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog_load.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "database/db.h"
#include "catalog/catalog.h"

/* clang-format off */

/* The tables; and each type as the one that a domain is made of. */
#define WITH_RELATIONS \
    "WITH relation AS (" \
    " SELECT c.oid, c.relname, c.relrowsecurity FROM pg_class c" \
    " WHERE c.relnamespace = current_schema()::regnamespace" \
    " AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition" \
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass" \
    "  AND d.objid = c.oid AND d.deptype = 'e'))," \
    " base AS (" \
    " SELECT t.oid, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END AS type," \
    " CASE t.typtype WHEN 'd' THEN t.typtypmod END AS modifier FROM pg_type t)"

#define ENUMS \
    " SELECT 0 AS section, '' AS name, 0 AS rank, 0 AS position," \
    " 'enum ' || format_type(enumtypid, NULL) ||" \
    " string_agg(' ' || quote_ident(enumlabel), '' ORDER BY enumsortorder) AS line" \
    " FROM pg_enum GROUP BY enumtypid"

#define TABLES \
    " SELECT 1, relname, 0, 0, 'table ' || quote_ident(relname) FROM relation"

#define COLUMNS \
    " SELECT 1, r.relname, 1, a.attnum, 'column ' || quote_ident(a.attname) || ' ' ||" \
    " format_type(b.type, coalesce(b.modifier, a.atttypmod)) ||" \
    " CASE WHEN a.attnotnull THEN ' not null' ELSE '' END" \
    " FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid JOIN base b ON b.oid = a.atttypid" \
    " WHERE a.attnum > 0 AND NOT a.attisdropped"

/* Primary keys, and unique indexes over whole rows and whole columns. */
#define KEYS \
    " SELECT 1, r.relname, CASE WHEN i.indisprimary THEN 2 ELSE 3 END, 0," \
    " CASE WHEN i.indisprimary THEN 'primary key' ELSE 'unique' END ||" \
    " (SELECT string_agg(' ' || quote_ident(a.attname), '' ORDER BY k.n)" \
    "  FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)" \
    "  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum" \
    "  WHERE k.n <= i.indnkeyatts)" \
    " FROM relation r JOIN pg_index i ON i.indrelid = r.oid" \
    " WHERE i.indisunique AND i.indisvalid AND (i.indisprimary OR i.indimmediate)" \
    " AND i.indpred IS NULL AND i.indexprs IS NULL"

#define FOREIGN_KEYS \
    " SELECT 1, r.relname, 4, 0, 'foreign key' ||" \
    " string_agg(' ' || quote_ident(f.attname), '' ORDER BY k.n) || ' references ' ||" \
    " quote_ident(t.relname) || string_agg(' ' || quote_ident(g.attname), '' ORDER BY k.n)" \
    " FROM pg_constraint c JOIN relation r ON r.oid = c.conrelid" \
    " JOIN relation t ON t.oid = c.confrelid" \
    " CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k(here, there, n)" \
    " JOIN pg_attribute f ON f.attrelid = r.oid AND f.attnum = k.here" \
    " JOIN pg_attribute g ON g.attrelid = t.oid AND g.attnum = k.there" \
    " WHERE c.contype = 'f' AND c.convalidated AND c.conparentid = 0" \
    " GROUP BY c.oid, r.relname, t.relname"

/* Row-level security, unless a permissive SELECT policy for this role is
 * constant true and no restrictive one is anything else. */
#define POLICIES \
    " SELECT 1, r.relname, 5, 0, 'policy hides rows' FROM relation r" \
    " CROSS JOIN LATERAL (SELECT" \
    "  bool_or(p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = 'true'" \
    "   AND (0 = ANY (p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) role" \
    "   WHERE role <> 0 AND pg_has_role(role, 'USAGE')))) AS shows," \
    "  bool_or(NOT p.polpermissive" \
    "   AND pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM 'true') AS hides" \
    "  FROM pg_policy p WHERE p.polrelid = r.oid AND p.polcmd IN ('r', '*')) policy" \
    " WHERE r.relrowsecurity AND (shows IS NOT TRUE OR hides)"

#define FUNCTIONS \
    " SELECT 2, p.proname, 0, 0, 'function ' || quote_ident(p.proname) || '(' || coalesce((" \
    "  SELECT string_agg(coalesce(quote_ident(nullif(a.name, '')), '\"\"') || ' ' ||" \
    "   format_type(b.type, NULL) ||" \
    "   CASE WHEN a.n > p.pronargs - p.pronargdefaults THEN ' default' ELSE '' END," \
    "   ', ' ORDER BY a.n)" \
    "  FROM (SELECT row_number() OVER (ORDER BY u.n) AS n, u.type, p.proargnames[u.n] AS name" \
    "   FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY u(type, n)" \
    "   WHERE coalesce(p.proargmodes[u.n], 'i') IN ('i', 'b', 'v')) a" \
    "  JOIN base b ON b.oid = a.type), '') || ') returns ' ||" \
    " CASE WHEN p.proretset THEN 'setof ' ELSE '' END || format_type(b.type, NULL) ||" \
    " CASE p.provolatile WHEN 'v' THEN ' volatile' ELSE ' stable' END" \
    " FROM pg_proc p JOIN base b ON b.oid = p.prorettype" \
    " WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'" \
    " AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)" \
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass" \
    "  AND d.objid = p.oid AND d.deptype = 'e')"

static const char catalog_sql[] =
    WITH_RELATIONS
    " SELECT line FROM ("
    ENUMS " UNION ALL" TABLES " UNION ALL" COLUMNS " UNION ALL" KEYS " UNION ALL"
    FOREIGN_KEYS " UNION ALL" POLICIES " UNION ALL" FUNCTIONS
    ") catalog ORDER BY section, name COLLATE \"C\", rank, position, line COLLATE \"C\"";

/* clang-format on */

const struct catalog *
catalog_load(struct arena *a, struct db *db, struct str *message)
{
    struct rows *rows = db_query(db, a, catalog_sql, 0, NULL, message);

    if (!rows)
        return NULL;
    struct buf *text = buf_new(a);
    for (int i = 0; i < rows_count(rows); i++) {
        buf_put(text, rows_get(rows, i, 0));
        buf_byte(text, '\n');
    }
    struct source source = { .name = STR("catalog"), .text = buf_str(text) };
    struct errors errors = { .arena = a };
    const struct catalog *catalog = catalog_parse(a, &source, &errors);
    if (!catalog)
        *message = errors.first->message;
    return catalog;
}
