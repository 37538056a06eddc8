/*
 * script_judge.c - may a role serve?
 *
 * Somebody's first connection string is mostly that of an owner or a superuser, whom no policy
 * and no missing GRANT binds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "database/db.h"
#include "script/script.h"

/* clang-format off */

/* All that the login role may become counts. */
static const char judge_sql[] =
    "WITH me AS (SELECT r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,"
    "  r.oid = l.oid AS is_login"
    " FROM pg_roles l JOIN pg_roles r"
    "  ON r.oid = l.oid OR NOT l.rolsuper AND pg_has_role(l.oid, r.oid, 'MEMBER')"
    " WHERE l.rolname = session_user),"
    " relation AS (SELECT c.oid, c.relowner, c.oid::regclass::text AS name FROM pg_class c"
    "  JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_(catalog|toast)'"
    "   AND n.nspname <> 'information_schema')"
    " SELECT what FROM ("
    " SELECT 1 AS n, format('%I is a superuser, whom nothing binds.', rolname) AS what FROM me"
    "  WHERE rolsuper"
    " UNION ALL SELECT 2, format('%I passes row-level security (BYPASSRLS).', rolname) FROM me"
    "  WHERE rolbypassrls AND NOT rolsuper"
    " UNION ALL SELECT 3, format('%I may create roles.', rolname) FROM me"
    "  WHERE rolcreaterole AND NOT rolsuper"
    " UNION ALL SELECT 4, format('%I owns the database.', m.rolname) FROM me m"
    "  JOIN pg_database d ON d.datdba = m.oid"
    "  WHERE d.datname = current_database() AND NOT m.rolsuper"
    " UNION ALL SELECT 5, format('%I owns tables, such as %s.', m.rolname, min(r.name))"
    "  FROM me m JOIN relation r ON r.relowner = m.oid WHERE NOT m.rolsuper GROUP BY m.rolname"
    " UNION ALL SELECT 6, format('%I may write, such as to %s.', m.rolname, min(r.name))"
    "  FROM me m CROSS JOIN relation r"
    "  WHERE NOT m.rolsuper AND r.relowner <> m.oid"
    "   AND (has_any_column_privilege(m.oid, r.oid, 'INSERT, UPDATE')"
    "    OR has_table_privilege(m.oid, r.oid, 'DELETE, TRUNCATE'))"
    "  GROUP BY m.rolname) reason ORDER BY n, what";

/* clang-format on */

struct str
script_judge_role(struct arena *a, struct db *db, struct str *message)
{
    struct buf *b = buf_new(a);

    *message = STR_NONE;
    const struct rows *rows = db_query(db, a, judge_sql, 0, NULL, message);
    for (int i = 0; rows && i < rows_count(rows); i++) {
        buf_put(b, rows_get(rows, i, 0));
        buf_put_c(b, "\n");
    }
    return b->len > 0 ? buf_copy(a, b) : STR_NONE;
}
