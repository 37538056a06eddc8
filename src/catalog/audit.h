/*
 * audit.h - would row-level security hold what the application relies on?
 *
 * PostgreSQL applies no policy to a superuser, to a role with BYPASSRLS or, unless it is
 * forced, to a table's owner.  A server that logs in as one of them would show every row
 * to every client; so this is checked before the first request.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_AUDIT_H
#define CATALOG_AUDIT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct db;
struct rows;

/* What is wrong with the login role and the tables: one sentence per row, in column 0; no
 * row when nothing is wrong.  `has_single_role`: the login role switches to no other, and so
 * may be the tables' owner, but only where row-level security is forced.  NULL after an
 * error: `*message` is PostgreSQL's. */
struct rows *
audit_find(struct arena *a, struct db *db, bool has_single_role, struct str *message) MUST_CHECK;

#endif
