/*
 * audit.h - may a request see or change rows that no policy is asked about?
 *
 * PostgreSQL applies no policy to a superuser, to a role with BYPASSRLS or, unless it is
 * forced, to a table's owner; nor where row-level security is not enabled, in materialized
 * views and foreign tables, and below views and functions that run with the rights of their
 * owner.  The audit looks at everything that a request's role has any right on, whether the
 * contract names it or not, and is held before the first request.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_AUDIT_H
#define CATALOG_AUDIT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct db;

/* What the configuration and the contract say.  The lists are JSON arrays of names. */
struct audit_scope {
    bool has_single_role;  /* requests have the login role, and there is no other */
    struct str roles;      /* else the roles that requests have in the database */
    struct str for_all;    /* tables and views with `rows: ALL` */
    struct str trusted;    /* functions with @trusted: `name` or `name(types)` */
    bool is_script_wanted; /* audit->script */
};

/* One thing that is wrong, and all that it is wrong with. */
struct audit_finding {
    bool is_note;       /* worth knowing; nothing is shown that should not be */
    struct str message; /* one line */
    struct str *mends;  /* what to write: one statement per object, or none */
    int mend_count;
    struct str hint; /* what else would do, or STR_NONE */
    struct audit_finding *next;
};

struct audit {
    const struct audit_finding *first;
    int misfit_count, note_count;
    /* The statements that mend all of it, one transaction of SQL for a person to read. */
    struct str script;
};

/* Audit the database of the connection, which is the server's own.  NULL after an error:
 * `*message` is PostgreSQL's. */
const struct audit *audit_run(struct arena *a, struct db *db, const struct audit_scope *scope,
                              struct str *message) MUST_CHECK;

#endif
