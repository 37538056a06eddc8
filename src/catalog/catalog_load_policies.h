/*
 * catalog_load_policies.h - the part of the catalog's query that asks which rows policies show.
 *
 * It is included by catalog_load.c alone, whose WITH has `relation` and `role`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_CATALOG_LOAD_POLICIES_H
#define CATALOG_CATALOG_LOAD_POLICIES_H

/* clang-format off */

/* Those that read tables: the roles that requests take on or, where there are none, the
 * connection's own; with their policies of each table that are asked when rows are read. */
#define WITH_VIEWERS \
    ", viewer AS (" \
    " SELECT r.oid, x.name, x.n FROM pg_roles r LEFT JOIN role x ON x.name = r.rolname" \
    " WHERE x.name IS NOT NULL OR r.rolname = current_user AND NOT EXISTS (SELECT FROM role))," \
    " policy AS MATERIALIZED (SELECT r.oid, p.polname AS policy, p.polpermissive AS shows," \
    "  pg_get_expr(p.polqual, p.polrelid) IS NOT DISTINCT FROM 'true' AS is_true, p.polroles" \
    " FROM relation r JOIN pg_policy p ON p.polrelid = r.oid AND p.polcmd IN ('r', '*')" \
    " WHERE r.relrowsecurity)," \
    " hidden AS MATERIALIZED (" \
    " SELECT r.name AS table, v.name, v.n, coalesce(p.hides, p.policy) AS policy" \
    " FROM relation r CROSS JOIN viewer v" \
    " CROSS JOIN LATERAL (SELECT bool_or(o.shows AND o.is_true AND o.is_own) AS shows," \
    "   min(o.policy) FILTER (WHERE NOT o.is_true AND (o.is_own OR NOT o.shows)) AS policy," \
    "   min(o.policy) FILTER (WHERE NOT o.is_true AND NOT o.shows) AS hides" \
    "  FROM (SELECT p.*, 0 = ANY (p.polroles) OR EXISTS (SELECT FROM unnest(p.polroles) role" \
    "     WHERE role <> 0 AND pg_has_role(v.oid, role, 'USAGE')) AS is_own" \
    "   FROM policy p WHERE p.oid = r.oid) o) p" \
    " WHERE r.relrowsecurity AND has_any_column_privilege(v.oid, r.oid, 'SELECT')" \
    "  AND (p.shows IS NOT TRUE OR p.hides IS NOT NULL))"

/* Row-level security, unless for each of these roles that may read the table a permissive SELECT
 * policy is constant true and no restrictive one is anything else. */
#define POLICIES \
    " SELECT DISTINCT 1, h.table, 6, 0, 'policy hides rows' FROM hidden h"

/* By which policy, of several the first, it is not so for which roles.  None where no policy shows
 * them any row. */
#define PERSONAL \
    " SELECT 1, h.table, 6, 1, 'personal ' || quote_ident(h.policy) ||" \
    " coalesce(string_agg(' ' || quote_ident(h.name), '' ORDER BY h.n), '')" \
    " FROM hidden h WHERE h.policy IS NOT NULL GROUP BY h.table, h.policy"

/* clang-format on */

#endif
