/*
 * db_fake_rows.h - rows such as PostgreSQL could send, and the parameters that
 * it would read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_DB_FAKE_ROWS_H
#define FUZZ_DB_FAKE_ROWS_H

#include "base/str.h"

struct arena;
struct db_call;
struct fuzz_bytes;
struct plan;
struct rows;

/* The rows that answer the call: of a statement of the plan, or of any other. */
struct rows *fake_rows(struct fuzz_bytes *bytes, struct arena *a, const struct plan *plan,
                       const struct db_call *call);
/* Is it a call of a statement of the plan? */
bool fake_is_of_plan(const struct plan *plan, const struct db_call *call);
/* Any text, or STR_NONE. */
struct str fake_text(struct fuzz_bytes *bytes, struct arena *a);
/* Would PostgreSQL read the texts as the types that they are cast to? */
void fake_check_parameters(const struct plan *plan, const struct db_call *call);

#endif
