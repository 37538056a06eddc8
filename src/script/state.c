/*
 * state.c - what scripts must know of the database beside its catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "script/state.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "database/db.h"

/* clang-format off */

/* $1: the names of roles, an array of JSON.  A row has what it is about and five texts. */
static const char state_sql[] =
    "WITH space AS ("
    " SELECT oid, nspname,"
    "  CASE WHEN nspname = current_schema() THEN '' ELSE nspname || '.' END AS prefix"
    " FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),"
    " relation AS ("
    " SELECT c.oid, s.prefix || c.relname AS name, c.relrowsecurity AS is_guarded,"
    "  c.relkind = 'v' AND coalesce((SELECT option_value::boolean"
    "   FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker'), false)"
    "   AS is_invoker"
    " FROM pg_class c JOIN space s ON s.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')),"
    " policy AS ("
    " SELECT p.oid, p.polrelid, r.name, p.polname, p.polpermissive,"
    "  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'"
    "   WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS verb,"
    "  pg_get_expr(p.polqual, p.polrelid) AS condition,"
    "  (SELECT string_agg(CASE WHEN o.oid = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o.oid)::text END,"
    "    ', ' ORDER BY o.oid) FROM unnest(p.polroles) o(oid)) AS roles,"
    "  0 = ANY (p.polroles) OR EXISTS (SELECT FROM pg_roles w"
    "   JOIN jsonb_array_elements_text($1::jsonb) n(name) ON n.name = w.rolname"
    "   JOIN unnest(p.polroles) o(oid) ON o.oid <> 0 AND pg_has_role(w.oid, o.oid, 'USAGE'))"
    "   AS is_ours"
    " FROM pg_policy p JOIN relation r ON r.oid = p.polrelid AND r.is_guarded),"
    " used AS ("
    " SELECT 'pg_rewrite'::regclass AS class, w.oid, r.oid AS by, r.name"
    " FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE r.is_invoker"
    " UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid, name FROM policy"
    " WHERE is_ours AND verb IN ('SELECT', 'ALL'))"
    " SELECT 'login', session_user::text, current_database()::text,"
    "  has_database_privilege('public', current_database(), 'CONNECT')::text, '', ''"
    " UNION ALL (SELECT 'guarded', name, '', '', '', '' FROM relation WHERE is_guarded)"
    " UNION ALL (SELECT 'policy', name, polname::text, 'for ' || verb || ' to ' || roles ||"
    "   CASE WHEN polpermissive THEN '' ELSE ', restrictive' END, condition,"
    "   (is_ours AND polpermissive AND verb IN ('SELECT', 'ALL'))::text"
    "  FROM policy ORDER BY name COLLATE \"C\", polname COLLATE \"C\")"
    " UNION ALL (SELECT DISTINCT 'read', u.name, r.name, a.attname::text, '', ''"
    "  FROM used u JOIN pg_depend d ON d.classid = u.class AND d.objid = u.oid"
    "   AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.refobjid <> u.by"
    "  JOIN relation r ON r.oid = d.refobjid"
    "  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)"
    " UNION ALL (SELECT DISTINCT 'sequence', r.name, d.refobjid::regclass::text, '', '', ''"
    "  FROM relation r JOIN pg_attrdef f ON f.adrelid = r.oid"
    "  JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid"
    "   AND d.refclassid = 'pg_class'::regclass"
    "  JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'"
    "  ORDER BY 2, 3)"
    " UNION ALL (SELECT 'schema', nspname::text, '', '', '', '' FROM space"
    "  WHERE NOT has_schema_privilege('public', oid, 'USAGE') ORDER BY nspname)";

/* clang-format on */

static const char *
roles_json(struct arena *a, const struct str *roles, int count)
{
    struct buf *b = buf_new(a);

    buf_byte(b, '[');
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? "," : "");
        json_write_string(b, roles[i]);
    }
    buf_byte(b, ']');
    return buf_copy(a, b).ptr;
}

static struct str
cell(struct arena *a, const struct rows *rows, int row, int column)
{
    struct str text = rows_get(rows, row, column);

    return text.ptr ? str_copy(a, text) : STR_NONE;
}

static void
add_name(struct arena *a, struct state_name **names, struct str name)
{
    struct state_name *added = ARENA_NEW(a, struct state_name);

    *added = (struct state_name){ name, *names };
    *names = added;
}

/* Add it at `at`; return where the next goes, so that the order is kept. */
static struct state_policy **
add_policy(struct arena *a, struct state_policy **at, const struct rows *rows, int row)
{
    struct state_policy *policy = ARENA_NEW(a, struct state_policy);

    policy->table = cell(a, rows, row, 1);
    policy->name = cell(a, rows, row, 2);
    policy->about = cell(a, rows, row, 3);
    policy->condition = cell(a, rows, row, 4);
    policy->is_for_requests = str_is(rows_get(rows, row, 5), "true");
    *at = policy;
    return &policy->next;
}

static void
add_sequence(struct arena *a, struct state *state, const struct rows *rows, int row)
{
    struct state_sequence *added = ARENA_NEW(a, struct state_sequence);

    *added =
        (struct state_sequence){ cell(a, rows, row, 1), cell(a, rows, row, 2), state->sequences };
    state->sequences = added;
}

static void
add_read(struct arena *a, struct state *state, const struct rows *rows, int row)
{
    struct state_read *read = ARENA_NEW(a, struct state_read);

    *read = (struct state_read){ cell(a, rows, row, 1), cell(a, rows, row, 2),
                                 cell(a, rows, row, 3), state->reads };
    state->reads = read;
}

const struct state *
state_read(struct arena *a, struct db *db, const struct str *roles, int count, struct str *message)
{
    const char *const values[] = { roles_json(a, roles, count) };
    const struct rows *rows = db_query(db, a, state_sql, 1, values, message);
    struct state *state = rows ? ARENA_NEW(a, struct state) : NULL;
    struct state_policy **policy = state ? &state->policies : NULL;

    for (int i = 0; rows && i < rows_count(rows); i++) {
        struct str kind = rows_get(rows, i, 0);
        if (str_is(kind, "login")) {
            state->login = cell(a, rows, i, 1);
            state->database = cell(a, rows, i, 2);
            state->may_all_connect = str_is(rows_get(rows, i, 3), "true");
        } else if (str_is(kind, "guarded"))
            add_name(a, &state->guarded, cell(a, rows, i, 1));
        else if (str_is(kind, "policy"))
            policy = add_policy(a, policy, rows, i);
        else if (str_is(kind, "sequence"))
            add_sequence(a, state, rows, i);
        else if (str_is(kind, "read"))
            add_read(a, state, rows, i);
        else
            add_name(a, &state->schemas, cell(a, rows, i, 1));
    }
    return state;
}

bool
state_has_name(const struct state_name *names, struct str name)
{
    for (; names; names = names->next)
        if (str_equal(names->name, name))
            return true;
    return false;
}
