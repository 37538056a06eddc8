/*
 * trial_function.h - what PostgreSQL says of the bodies of functions.
 *
 * EXPLAIN looks into a function only when it is inlined.  PostgreSQL's validator of functions in
 * SQL, which CREATE FUNCTION calls, looks into all of these, and calls none.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_FUNCTION_H
#define TRIAL_TRIAL_FUNCTION_H

#include "base/str.h"

struct arena;
struct db;
struct field;
struct schema;

/* A statement that is an error where the body of the field's function is; for a function that
 * is not in SQL it does nothing.  STR_NONE: the field has no function. */
struct str trial_function_sql(struct arena *a, const struct field *field);

/* How many functions of the contract are in a language whose bodies PostgreSQL looks into only
 * when they run; -1 after an error.  The connection is idle. */
int trial_function_unchecked(struct arena *a, struct db *db, const struct schema *schema);

#endif
