/*
 * audit.c - would row-level security hold what the application relies on?
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/audit.h"

#include "database/db.h"

/* clang-format off */

/* The login role, whatever role the connection has by now, and all that it may become;
 * of a superuser, who may become everybody, itself. */
#define WITH_ROLES \
    "WITH me AS (" \
    " SELECT r.oid, r.rolname, r.oid = session_user::regrole AS is_login, r.rolsuper," \
    "  r.rolbypassrls" \
    " FROM pg_roles r" \
    " WHERE r.oid = session_user::regrole OR (pg_has_role(session_user, r.oid, 'MEMBER')" \
    "  AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = session_user::regrole)))"

#define WITH_TABLES \
    ", guarded AS (" \
    " SELECT c.relname, c.relowner, c.relrowsecurity AND c.relforcerowsecurity AS is_forced" \
    " FROM pg_class c" \
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')" \
    "  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass" \
    "   AND d.objid = c.oid AND d.deptype = 'e'))"

#define POWERS \
    " SELECT format(CASE WHEN is_login THEN 'the login role \"%s\" '" \
    "   ELSE 'the login role may become \"%s\", which ' END" \
    "  || CASE WHEN rolsuper THEN 'is a superuser' ELSE 'has BYPASSRLS' END, rolname) AS problem" \
    " FROM me WHERE rolsuper OR rolbypassrls"

#define OWNERS \
    " SELECT format('the login role is or may become \"%s\", the owner of table \"%s\"'," \
    "  rolname, min(relname))" \
    " FROM me JOIN guarded ON relowner = me.oid WHERE NOT $1::boolean GROUP BY rolname"

#define UNFORCED \
    " SELECT format('table \"%s\" is without row-level security that is enabled and forced'," \
    "  relname)" \
    " FROM guarded WHERE NOT is_forced"

static const char audit_sql[] =
    WITH_ROLES WITH_TABLES
    POWERS " UNION ALL" OWNERS " UNION ALL" UNFORCED " ORDER BY problem";

/* clang-format on */

struct rows *
audit_find(struct arena *a, struct db *db, bool has_single_role, struct str *message)
{
    const char *values[] = { has_single_role ? "true" : "false" };

    return db_query(db, a, audit_sql, 1, values, message);
}
