/*
 * catalog_load.c - read the catalog from PostgreSQL.
 *
 * One query answers with the lines of the catalog's text form (catalog.h), in
 * order, and catalog_parse() reads them: so there is one place that makes
 * catalogs, and what `linnet check --write` keeps is what was read.
 *
 * All schemas are read but the system's.  What belongs to an extension is left out, and
 * so are partitions (their table shows their rows), keys that may be broken within
 * a transaction, and functions that a statement cannot call.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog_load.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "database/db.h"
#include "database/statement.h"
#include "catalog/catalog.h"
#include "catalog/catalog_load_policies.h"

/* clang-format off */

/* Schemas, each with what stands before the names of what is in it. */
#define WITH_SCHEMAS \
    "WITH RECURSIVE schema AS (" \
    " SELECT oid, CASE WHEN nspname = current_schema() THEN ''" \
    "  ELSE quote_ident(nspname) || '.' END AS prefix" \
    " FROM pg_namespace" \
    " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')"

#define WITH_RELATIONS \
    ", relation AS (" \
    " SELECT c.oid, c.relnamespace, c.reltype, c.relkind, c.relrowsecurity, c.reltuples," \
    "  s.prefix || quote_ident(c.relname) AS name" \
    " FROM pg_class c JOIN schema s ON s.oid = c.relnamespace" \
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition" \
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass" \
    "  AND d.objid = c.oid AND d.deptype = 'e'))"

/* Each domain, and what it is made of when the domains between are followed. */
#define WITH_DOMAINS \
    ", step AS (" \
    " SELECT t.oid AS domain, t.typnamespace, t.typbasetype AS type, t.typtypmod AS modifier" \
    " FROM pg_type t WHERE t.typtype = 'd'" \
    " UNION ALL" \
    " SELECT s.domain, s.typnamespace, t.typbasetype, t.typtypmod" \
    " FROM step s JOIN pg_type t ON t.oid = s.type WHERE t.typtype = 'd')," \
    " domain AS (" \
    " SELECT s.* FROM step s JOIN pg_type t ON t.oid = s.type WHERE t.typtype <> 'd'" \
    " AND s.typnamespace IN (SELECT oid FROM schema))"

/* The columns of relations, and what they hold when domains are followed: these are the types. */
#define WITH_ATTRIBUTES \
    ", attribute AS (" \
    " SELECT a.*, coalesce(d.type, a.atttypid) AS type" \
    " FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid" \
    " LEFT JOIN domain d ON d.domain = a.atttypid" \
    " WHERE a.attnum > 0 AND NOT a.attisdropped)," \
    " used AS (SELECT DISTINCT type AS oid FROM attribute)"

#define ENUMS \
    " SELECT 0 AS section, '' AS name, 0 AS rank, 0 AS position," \
    " 'enum ' || format_type(enumtypid, NULL) ||" \
    " string_agg(' ' || quote_ident(enumlabel), '' ORDER BY enumsortorder) AS line" \
    " FROM pg_enum GROUP BY enumtypid"

#define DOMAINS \
    " SELECT 0, '', 1, 0, 'domain ' || format_type(domain, NULL) || ' ' ||" \
    " format_type(type, modifier) FROM domain"

/* What is not an array, not a domain, and cannot be sorted, but is used. */
#define BARE_TYPES \
    " SELECT 0, '', 2, 0, 'type ' || format_type(t.oid, NULL) ||" \
    " CASE WHEN EXISTS (SELECT FROM pg_operator o" \
    "  WHERE o.oprname = '=' AND o.oprleft = t.oid AND o.oprright = t.oid)" \
    "  THEN ' lacks order' ELSE ' lacks equality' END" \
    " FROM pg_type t WHERE t.typtype = 'b' AND t.typcategory <> 'A'" \
    " AND (t.oid IN (SELECT oid FROM used) OR t.typarray IN (SELECT oid FROM used))" \
    " AND NOT EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod" \
    "  WHERE m.amname = 'btree' AND o.opcdefault AND (o.opcintype = t.oid OR EXISTS (" \
    "   SELECT FROM pg_cast c WHERE c.castsource = t.oid AND c.casttarget = o.opcintype" \
    "   AND c.castmethod = 'b' AND c.castcontext = 'i')))"

#define WITH_AGGREGATES \
    ", aggregate AS MATERIALIZED (" \
    " SELECT p.proname AS name, p.prorettype AS returns, i.oid, i.typtype, i.typispreferred" \
    " FROM pg_proc p JOIN pg_aggregate g ON g.aggfnoid = p.oid AND g.aggkind = 'n'" \
    " JOIN pg_type i ON i.oid = p.proargtypes[0]" \
    " WHERE p.proname IN ('min', 'max', 'sum', 'avg') AND p.pronargs = 1" \
    "  AND pg_function_is_visible(p.oid))"

/* What PostgreSQL calls for each type of a column: the function of this very type, of one that it
 * is as good as (varchar is text; the preferred one, of several), or of all enums or arrays. */
#define AGGREGATE_LINES \
    " SELECT 0, '', 2, 1, 'aggregate ' || w.name || '(' || format_type(u.oid, NULL) ||" \
    "  ') returns ' || format_type(f.returns, NULL)" \
    " FROM used u JOIN pg_type t ON t.oid = u.oid" \
    " CROSS JOIN (VALUES ('min'), ('max'), ('sum'), ('avg')) w(name)" \
    " CROSS JOIN LATERAL (SELECT CASE WHEN i.returns = i.oid AND i.typtype = 'p' THEN u.oid" \
    "   ELSE i.returns END AS returns" \
    "  FROM aggregate i WHERE i.name = w.name" \
    "   AND (i.oid = u.oid OR EXISTS (SELECT FROM pg_cast c WHERE c.castsource = u.oid" \
    "     AND c.casttarget = i.oid AND c.castmethod = 'b' AND c.castcontext = 'i')" \
    "    OR i.oid = 'anyenum'::regtype AND t.typtype = 'e'" \
    "    OR i.oid = 'anyarray'::regtype AND t.typcategory = 'A')" \
    "  ORDER BY i.oid = u.oid DESC, i.typtype = 'p', i.typispreferred DESC LIMIT 1) f"

#define TABLES \
    " SELECT 1, name, 0, 0, 'table ' || name || CASE relkind WHEN 'p' THEN ' partitioned'" \
    "  WHEN 'v' THEN ' view' WHEN 'm' THEN ' materialized view' WHEN 'f' THEN ' foreign'" \
    "  ELSE '' END FROM relation"

/* Those of small tables do not matter. */
#define ROWS \
    " SELECT 1, name, 0, 1, 'rows ' || reltuples::bigint FROM relation WHERE reltuples >= 1000"

/* NOT NULL that is NOT VALID (PostgreSQL 18) says nothing about the rows that are there.  A CHECK
 * of one column, as PostgreSQL writes it: (array_position(tags, NULL::text) IS NULL). */
#define COLUMNS \
    " SELECT 1, r.name, 1, a.attnum, 'column ' || quote_ident(a.attname) || ' ' ||" \
    " format_type(a.atttypid, a.atttypmod) ||" \
    " CASE WHEN a.attnotnull AND n.conrelid IS NULL THEN ' not null' ELSE '' END ||" \
    " CASE WHEN t.typcategory = 'A' AND EXISTS (SELECT FROM pg_constraint c" \
    "  CROSS JOIN LATERAL (SELECT pg_get_expr(c.conbin, c.conrelid) AS text," \
    "   '(array_position(' || quote_ident(a.attname) || ', NULL::' AS head) e" \
    "  WHERE c.conrelid = r.oid AND c.contype = 'c' AND c.convalidated" \
    "   AND c.conkey = ARRAY[a.attnum] AND starts_with(e.text, e.head)" \
    "   AND substr(e.text, length(e.head) + 1) ~ '^[^()]+(\\([0-9,]+\\))?[^()]*\\) IS NULL\\)$')" \
    "  THEN ' elements not null' ELSE '' END ||" \
    " CASE WHEN l.oid IS NULL THEN '' ELSE ' collation ' || quote_ident(concat_ws('.'," \
    "   nullif(l.collnamespace::regnamespace::text, 'pg_catalog'), l.collname)) ||" \
    "  CASE WHEN l.collisdeterministic THEN '' ELSE ' nondeterministic' END END ||" \
    " CASE WHEN a.attgenerated <> '' THEN ' generated' WHEN a.attidentity = 'a' THEN ' identity'" \
    "  WHEN a.atthasdef OR a.attidentity = 'd' THEN ' default' ELSE '' END" \
    " FROM relation r JOIN attribute a ON a.attrelid = r.oid" \
    " JOIN pg_type t ON t.oid = a.atttypid" \
    " LEFT JOIN pg_collation l" \
    "  ON l.oid = a.attcollation AND l.oid <> 'pg_catalog.default'::regcollation" \
    " LEFT JOIN pg_constraint n ON n.conrelid = r.oid AND n.contype = 'n'" \
    "  AND NOT n.convalidated AND n.conkey[1] = a.attnum"

/* Primary keys, and unique indexes over whole rows and whole columns. */
#define KEYS \
    " SELECT 1, r.name, CASE WHEN i.indisprimary THEN 2 ELSE 3 END, 0," \
    " CASE WHEN i.indisprimary THEN 'primary key' ELSE 'unique' END ||" \
    " (SELECT string_agg(' ' || quote_ident(a.attname), '' ORDER BY k.n)" \
    "  FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)" \
    "  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum" \
    "  WHERE k.n <= i.indnkeyatts)" \
    " FROM relation r JOIN pg_index i ON i.indrelid = r.oid" \
    " WHERE i.indisunique AND i.indisvalid AND (i.indisprimary OR i.indimmediate)" \
    " AND i.indpred IS NULL AND i.indexprs IS NULL"

/* Not those of periods (PostgreSQL 18): what they refer to is not equal. */
#define FOREIGN_KEYS \
    " SELECT 1, r.name, 4, 0, 'foreign key' ||" \
    " string_agg(' ' || quote_ident(f.attname), '' ORDER BY k.n) || ' references ' ||" \
    " t.name || string_agg(' ' || quote_ident(g.attname), '' ORDER BY k.n) ||" \
    " CASE WHEN c.convalidated THEN '' ELSE ' not valid ' || quote_ident(c.conname) END" \
    " FROM pg_constraint c JOIN relation r ON r.oid = c.conrelid" \
    " JOIN relation t ON t.oid = c.confrelid" \
    " JOIN pg_index i ON i.indexrelid = c.conindid AND NOT i.indisexclusion" \
    " CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k(here, there, n)" \
    " JOIN pg_attribute f ON f.attrelid = r.oid AND f.attnum = k.here" \
    " JOIN pg_attribute g ON g.attrelid = t.oid AND g.attnum = k.there" \
    " WHERE c.contype = 'f' AND c.conparentid = 0" \
    " GROUP BY c.oid, c.convalidated, c.conname, r.name, t.name"

/* The columns of an index: where it has expressions, those that they read, which it depends on. */
#define INDEX_COLUMNS \
    " CASE WHEN 0 <> ALL (i.indkey) THEN i.indkey::int2[] ELSE ARRAY(" \
    "  SELECT d.refobjsubid::int2 FROM pg_depend d" \
    "  WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid" \
    "  AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid" \
    "  AND d.refobjsubid > 0 ORDER BY d.refobjsubid) END"

/* Of unique indexes and of constraints, by the names that errors have. */
#define CONSTRAINTS \
    " SELECT 1, r.name, 5, 0, 'constraint ' || quote_ident(c.name) || coalesce((" \
    "  SELECT string_agg(' ' || quote_ident(a.attname), '' ORDER BY k.n)" \
    "  FROM unnest(c.columns) WITH ORDINALITY k(attnum, n)" \
    "  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum), '')" \
    " FROM relation r JOIN (" \
    "  SELECT i.indrelid AS oid, x.relname AS name," INDEX_COLUMNS " AS columns" \
    "  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid" \
    "  WHERE i.indisunique OR i.indisexclusion" \
    "  UNION ALL SELECT conrelid, conname, conkey FROM pg_constraint" \
    "  WHERE contype IN ('c', 'f')) c USING (oid)"

/* The roles that requests take on: $1, in which order they are numbered. */
#define WITH_ROLES \
    ", role AS (SELECT u.name, u.n FROM unnest($1::text[]) WITH ORDINALITY u(name, n)" \
    " WHERE EXISTS (SELECT FROM pg_roles r WHERE r.rolname = u.name))"

/* The indexes of pg_trgm over all rows, on a column or on lower() of it.  That a statement makes
 * the pattern lower-case as the index does the column is known for the database's own collation. */
#define SEARCHES \
    " SELECT 1, r.name, 7, 0, 'search ' || s.form ||" \
    " string_agg(' ' || quote_ident(s.attname), '' ORDER BY s.attnum)" \
    " FROM relation r CROSS JOIN LATERAL (" \
    "  SELECT a.attname, a.attnum," \
    "   min(CASE WHEN k.attnum = 0 THEN 'lower' ELSE 'plain' END) AS form" \
    "  FROM pg_index i" \
    "  CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[])" \
    "   WITH ORDINALITY k(attnum, class, locale, n)" \
    "  JOIN pg_opclass o ON o.oid = k.class AND o.opcname IN ('gin_trgm_ops', 'gist_trgm_ops')" \
    "  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attcollation = k.locale" \
    "   AND a.attnum > 0 AND NOT a.attisdropped AND (a.attnum = k.attnum" \
    "    OR k.attnum = 0 AND k.locale = 'pg_catalog.default'::regcollation" \
    "    AND pg_get_indexdef(i.indexrelid, k.n::integer, false) IN" \
    "     ('lower(' || quote_ident(a.attname) || ')'," \
    "      'lower((' || quote_ident(a.attname) || ')::text)'))" \
    "  LEFT JOIN domain d ON d.domain = a.atttypid" \
    "  WHERE i.indrelid = r.oid AND i.indisvalid AND i.indpred IS NULL" \
    "   AND coalesce(d.type, a.atttypid) IN ('text'::regtype, 'varchar'::regtype)" \
    "  GROUP BY a.attname, a.attnum) s" \
    " GROUP BY r.name, s.form"

/* The valid indexes: of each column or expression, what it can be compared by, and how it is
 * sorted.  Columns that are only included are left out. */
#define INDEXES \
    " SELECT 1, r.name, 7, 1, 'index ' || quote_ident(m.amname) || ' ' ||" \
    " string_agg(coalesce(quote_ident(a.attname), '(' || quote_ident(pg_get_indexdef(" \
    "   i.indexrelid, k.n::integer, false)) || ')') ||" \
    "  CASE WHEN o.list = '< <= = > >=' THEN '' ELSE ' by ' || quote_ident(o.list) END ||" \
    "  CASE WHEN k.locale <> a.attcollation THEN ' collated' ELSE '' END ||" \
    "  CASE WHEN l.is_bytewise THEN ' bytewise' ELSE '' END ||" \
    "  CASE k.sorting & 3 WHEN 1 THEN ' desc nulls last' WHEN 2 THEN ' nulls first'" \
    "   WHEN 3 THEN ' desc' ELSE '' END, ', ' ORDER BY k.n) ||" \
    " coalesce(' where ' || quote_ident(pg_get_expr(i.indpred, i.indrelid)), '')" \
    " FROM relation r JOIN pg_index i ON i.indrelid = r.oid" \
    " JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam" \
    " CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]," \
    "  i.indoption::int2[]) WITH ORDINALITY k(attnum, class, locale, sorting, n)" \
    " JOIN pg_opclass c ON c.oid = k.class" \
    " JOIN operators o ON o.family = c.opcfamily AND o.type = c.opcintype" \
    " LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = nullif(k.attnum, 0)" \
    " LEFT JOIN locale l ON l.oid = k.locale" \
    " WHERE i.indisvalid AND k.n <= i.indnkeyatts" \
    " GROUP BY i.indexrelid, i.indpred, i.indrelid, r.name, m.amname"

/* Whether texts are compared byte by byte, then a prefix is a range.  Of the database's own
 * collation it is the provider, of PostgreSQL 15, that says what its names mean. */
#define WITH_LOCALES \
    ", locale AS (" \
    " SELECT c.oid, CASE coalesce(p.provider, c.collprovider::text)" \
    "  WHEN 'b' THEN true WHEN 'c' THEN coalesce(p.name, c.collcollate) IN ('C', 'POSIX')" \
    "  ELSE false END AS is_bytewise" \
    " FROM pg_collation c LEFT JOIN LATERAL (" \
    "  SELECT d.datcollate AS name, coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS provider" \
    "  FROM pg_database d WHERE d.datname = current_database()" \
    "   AND c.collprovider = 'd') p ON true)," \
    " operators AS (" \
    " SELECT f.family, f.type, string_agg(f.name, ' ' ORDER BY f.name COLLATE \"C\") AS list" \
    " FROM (SELECT DISTINCT a.amopfamily AS family, a.amoplefttype AS type, o.oprname AS name" \
    "  FROM pg_amop a JOIN pg_operator o ON o.oid = a.amopopr WHERE a.amoppurpose = 's') f" \
    " GROUP BY f.family, f.type)"

#define WITH_LEAKY \
    ", leaky AS MATERIALIZED (SELECT DISTINCT c.opcintype AS oid FROM pg_opclass c" \
    " JOIN pg_am m ON m.oid = c.opcmethod" \
    " JOIN pg_amop a ON a.amopfamily = c.opcfamily AND a.amoplefttype = c.opcintype" \
    "  AND a.amoprighttype = c.opcintype JOIN pg_operator o ON o.oid = a.amopopr" \
    " JOIN pg_proc p ON p.oid = o.oprcode" \
    " WHERE m.amname = 'btree' AND c.opcdefault AND NOT p.proleakproof)"

/* Types of columns whose order and equality, as B-trees have it, are not leakproof. */
#define LEAKY_TYPES \
    " SELECT 0, '', 3, -1, 'type ' || format_type(t.oid, NULL) || ' not leakproof'" \
    " FROM used u JOIN pg_type t ON t.oid = u.oid WHERE EXISTS (SELECT FROM leaky l" \
    "  WHERE l.oid = t.oid OR l.oid = 'anyenum'::regtype AND t.typtype = 'e'" \
    "   OR l.oid = 'anyrange'::regtype AND t.typtype = 'r'" \
    "   OR l.oid = 'anyarray'::regtype AND t.typcategory = 'A')"

#define ROLES \
    " SELECT 0, '', -1, 0, 'roles' || string_agg(' ' || quote_ident(name), '' ORDER BY n)" \
    " FROM role HAVING count(*) > 0"

/* What each of them may do in each table: in some of its columns at least, or in all of it. */
#define WITH_RIGHTS \
    ", may AS (" \
    " SELECT x.name AS role, x.n, r.oid, r.name," \
    "  has_schema_privilege(x.name, r.relnamespace, 'USAGE') AS enters," \
    "  has_table_privilege(x.name, r.oid, 'SELECT') AS reads," \
    "  has_any_column_privilege(x.name, r.oid, 'SELECT') AS reads_any," \
    "  has_any_column_privilege(x.name, r.oid, 'INSERT') AS inserts," \
    "  has_any_column_privilege(x.name, r.oid, 'UPDATE') AS updates," \
    "  has_table_privilege(x.name, r.oid, 'DELETE') AS deletes" \
    " FROM role x CROSS JOIN relation r)"

#define DENIED_COLUMNS \
    " SELECT 1, m.name, 8, m.n, 'denied ' || quote_ident(m.role) ||" \
    " string_agg(' ' || quote_ident(a.attname), '' ORDER BY a.attnum)" \
    " FROM may m JOIN attribute a ON a.attrelid = m.oid" \
    " WHERE NOT (m.enters AND (m.reads OR" \
    "  m.reads_any AND has_column_privilege(m.role, m.oid, a.attnum, 'SELECT')))" \
    " GROUP BY m.name, m.role, m.n"

/* The roles that may read columns, but not the table as a whole. */
#define PARTS \
    " SELECT 1, name, 9, 0, 'parts' || string_agg(' ' || quote_ident(role), '' ORDER BY n)" \
    " FROM may WHERE enters AND reads_any AND NOT reads GROUP BY name"

/* What roles may write: no column is named where they may write all. */
#define WRITERS \
    " SELECT 1, m.name, 10, m.n, w.word || ' ' || quote_ident(m.role) ||" \
    " CASE WHEN bool_and(h.may) THEN ''" \
    "  ELSE string_agg(' ' || quote_ident(a.attname), '' ORDER BY a.attnum) FILTER (WHERE h.may)" \
    " END FROM may m CROSS JOIN (VALUES ('insert', 'INSERT'), ('update', 'UPDATE')) w(word, name)" \
    " JOIN attribute a ON a.attrelid = m.oid" \
    " CROSS JOIN LATERAL (" \
    "  SELECT has_column_privilege(m.role, m.oid, a.attnum, w.name) AS may) h" \
    " WHERE m.enters AND CASE w.word WHEN 'insert' THEN m.inserts ELSE m.updates END" \
    " GROUP BY m.name, m.role, m.n, w.word" \
    " UNION ALL SELECT 1, name, 10, n, 'delete ' || quote_ident(role)" \
    " FROM may WHERE enters AND deletes"

/* Sequences from which defaults draw, and roles that may insert rows and not draw. */
#define SEQUENCES \
    " SELECT 1, x.name, 11, a.attnum, 'sequence ' || quote_ident(a.attname) || ' ' || s.prefix ||" \
    "  quote_ident(c.relname) || ' denied' ||" \
    "  string_agg(' ' || quote_ident(x.role), '' ORDER BY x.n)" \
    " FROM may x JOIN pg_attrdef f ON f.adrelid = x.oid" \
    " JOIN attribute a ON a.attrelid = x.oid AND a.attnum = f.adnum" \
    " JOIN (SELECT DISTINCT objid, refobjid FROM pg_depend WHERE classid = 'pg_attrdef'::regclass" \
    "  AND refclassid = 'pg_class'::regclass) d ON d.objid = f.oid" \
    " JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'S'" \
    " JOIN schema s ON s.oid = c.relnamespace" \
    " WHERE x.inserts AND NOT has_sequence_privilege(x.role, c.oid, 'USAGE, UPDATE')" \
    "  AND pg_get_expr(f.adbin, f.adrelid) LIKE '%nextval(%'" \
    " GROUP BY x.name, a.attnum, a.attname, s.prefix, c.relname"

#define SCHEMAS \
    " SELECT 0, '', 3, 0, 'schema ' || quote_ident(n.nspname) ||" \
    " CASE WHEN s.prefix = '' THEN ' first' ELSE '' END ||" \
    " coalesce(' denied' || string_agg(' ' || quote_ident(x.name), '' ORDER BY x.n), '')" \
    " FROM schema s JOIN pg_namespace n ON n.oid = s.oid" \
    " LEFT JOIN role x ON NOT has_schema_privilege(x.name, n.oid, 'USAGE')" \
    " WHERE (x.name IS NOT NULL OR s.prefix = '' AND n.nspname <> 'public')" \
    " AND (EXISTS (SELECT FROM relation r WHERE r.relnamespace = n.oid)" \
    "  OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid))" \
    " GROUP BY n.nspname, s.prefix"

/* The functions that a statement can call, and what they return when domains are followed. */
#define WITH_ROUTINES \
    ", routine AS MATERIALIZED (" \
    " SELECT p.*, s.prefix, coalesce(d.type, p.prorettype) AS type" \
    " FROM schema s JOIN pg_proc p ON p.pronamespace = s.oid" \
    " LEFT JOIN domain d ON d.domain = p.prorettype" \
    " WHERE p.prokind = 'f'" \
    " AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)" \
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass" \
    "  AND d.objid = p.oid AND d.deptype = 'e'))"

/* The parameters of functions, numbered; those that go in, and the columns that come out: of
 * parameters, or of a composite type, which one parameter alone may have too. */
#define WITH_PARAMETERS \
    ", parameter AS (" \
    " SELECT p.oid, u.n, coalesce(p.proargmodes[u.n], 'i') AS mode," \
    "  p.pronargs - p.pronargdefaults AS required," \
    "  row_number() OVER (PARTITION BY p.oid, coalesce(p.proargmodes[u.n], 'i') IN ('o', 't')" \
    "   ORDER BY u.n) AS number," \
    "  nullif(p.proargnames[u.n], '') AS name, coalesce(r.name, format_type(u.type, -1)) AS type" \
    " FROM routine p CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))" \
    "  WITH ORDINALITY u(type, n)" \
    " LEFT JOIN relation r ON r.reltype = u.type)," \
    " input AS (" \
    " SELECT oid, string_agg(CASE WHEN mode = 'v' THEN 'variadic ' ELSE '' END ||" \
    "  coalesce(quote_ident(name), '\"\"') || ' ' || type ||" \
    "  CASE WHEN number > required THEN ' default' ELSE '' END, ', ' ORDER BY n) AS list" \
    " FROM parameter WHERE mode IN ('i', 'b', 'v') GROUP BY oid)," \
    " result AS (" \
    " SELECT o.oid, bool_or(o.mode = 't' OR p.prorettype = 'record'::regtype) AS is_row," \
    "  string_agg(coalesce(quote_ident(o.name), 'column' || o.place) || ' ' || o.type, ', '" \
    "   ORDER BY o.n) AS columns" \
    " FROM (SELECT *, row_number() OVER (PARTITION BY oid ORDER BY n) AS place FROM parameter" \
    "  WHERE mode IN ('o', 'b', 't')) o" \
    " JOIN routine p ON p.oid = o.oid JOIN pg_type t ON t.oid = p.type" \
    " WHERE t.typtype <> 'c' GROUP BY o.oid" \
    " UNION ALL" \
    " SELECT p.oid, true, string_agg(quote_ident(a.attname) || ' ' ||" \
    "  format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)" \
    " FROM routine p JOIN pg_type t ON t.oid = p.type" \
    " JOIN pg_attribute a ON a.attrelid = t.typrelid" \
    " WHERE t.typrelid NOT IN (SELECT oid FROM relation)" \
    " AND a.attnum > 0 AND NOT a.attisdropped" \
    " GROUP BY p.oid)"

#define FUNCTIONS \
    " SELECT 2, p.prefix || p.proname, 0, 0," \
    " 'function ' || p.prefix || quote_ident(p.proname) || '(' || coalesce(i.list, '') ||" \
    " ') returns ' ||" \
    " CASE WHEN u.is_row" \
    "  THEN CASE WHEN p.proretset THEN 'table(' ELSE 'row(' END || u.columns || ')'" \
    "  ELSE CASE WHEN p.proretset THEN 'setof ' ELSE '' END ||" \
    "   coalesce(r.name, format_type(p.prorettype, -1)) END ||" \
    " CASE p.provolatile WHEN 'v' THEN ' volatile' WHEN 'i' THEN ' immutable'" \
    "  ELSE ' stable' END ||" \
    /* What PostgreSQL asks of one whose query becomes part of the statement's. */ \
    " CASE WHEN p.proretset AND p.provolatile <> 'v' AND (p.prolang <> l.oid OR p.proisstrict" \
    "   OR p.prosecdef OR p.proconfig IS NOT NULL) THEN ' not inlined' ELSE '' END ||" \
    " CASE WHEN p.prosecdef THEN ' definer ' || quote_ident(pg_get_userbyid(p.proowner))" \
    "  ELSE '' END ||" \
    " coalesce((SELECT ' denied' || string_agg(' ' || quote_ident(x.name), '' ORDER BY x.n)" \
    "  FROM role x WHERE NOT (has_function_privilege(x.name, p.oid, 'EXECUTE')" \
    "   AND has_schema_privilege(x.name, p.pronamespace, 'USAGE'))), '')" \
    " FROM routine p JOIN pg_language l ON l.lanname = 'sql'" \
    " LEFT JOIN input i ON i.oid = p.oid LEFT JOIN result u ON u.oid = p.oid" \
    " LEFT JOIN relation r ON r.reltype = p.type"

static const char catalog_sql[] =
    WITH_SCHEMAS WITH_RELATIONS WITH_DOMAINS WITH_ATTRIBUTES WITH_AGGREGATES WITH_ROLES
    WITH_VIEWERS WITH_RIGHTS WITH_ROUTINES WITH_PARAMETERS WITH_LOCALES WITH_LEAKY
    " SELECT line FROM ("
    ENUMS " UNION ALL" ROLES " UNION ALL" DOMAINS " UNION ALL" BARE_TYPES " UNION ALL"
    LEAKY_TYPES " UNION ALL" AGGREGATE_LINES " UNION ALL" SCHEMAS " UNION ALL"
    TABLES " UNION ALL" ROWS " UNION ALL" COLUMNS
    " UNION ALL" KEYS " UNION ALL" FOREIGN_KEYS " UNION ALL" CONSTRAINTS
    " UNION ALL" POLICIES " UNION ALL" PERSONAL " UNION ALL" SEARCHES " UNION ALL" INDEXES
    " UNION ALL" DENIED_COLUMNS " UNION ALL" PARTS " UNION ALL" WRITERS
    " UNION ALL" SEQUENCES " UNION ALL" FUNCTIONS
    ") catalog ORDER BY section, name COLLATE \"C\", rank, position, line COLLATE \"C\"";

/* clang-format on */

/* The roles as the text of an array (PostgreSQL, 8.15.2). */
static const char *
roles_array(struct arena *a, const struct str *roles, int count)
{
    struct buf *b = buf_new(a);

    buf_byte(b, '{');
    for (int i = 0; i < count && i < CATALOG_ROLES; i++) {
        buf_put_c(b, i > 0 ? ",\"" : "\"");
        for (size_t j = 0; j < roles[i].len; j++) {
            if (roles[i].ptr[j] == '"' || roles[i].ptr[j] == '\\')
                buf_byte(b, '\\');
            buf_byte(b, roles[i].ptr[j]);
        }
        buf_byte(b, '"');
    }
    buf_byte(b, '}');
    return buf_copy(a, b).ptr;
}

void
catalog_ask(struct arena *a, const struct catalog *as, struct db_call *call)
{
    static const struct statement statement = { .sql = { catalog_sql, sizeof(catalog_sql) - 1 },
                                                .parameter_count = 1 };
    const char **values = ARENA_NEW(a, const char *);

    values[0] = roles_array(a, as->roles, as->role_count);
    *call = (struct db_call){ .statement = &statement, .values = values };
}

const struct catalog *
catalog_read(struct arena *a, const struct rows *rows, struct str *message)
{
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

const struct catalog *
catalog_load(struct arena *a, struct db *db, const struct str *roles, int role_count,
             struct str *message)
{
    const char *values[] = { roles_array(a, roles, role_count) };
    struct rows *rows = db_query(db, a, catalog_sql, ARRAY_LENGTH(values), values, message);

    return rows ? catalog_read(a, rows, message) : NULL;
}
