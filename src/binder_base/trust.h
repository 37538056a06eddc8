/*
 * trust.h - what a contract declares to be seen without a policy: `@table(rows: ALL)` and
 * `@trusted`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BASE_TRUST_H
#define BINDER_BASE_TRUST_H

#include "base/str.h"

struct arena;
struct binder;
struct schema;

/* Tables and functions, as JSON arrays of names. */
struct trust {
    struct str for_all;
    struct str functions;
};

/* Collect what the contract declares, whether or not it fits a database. */
struct trust trust_collect(struct arena *a, const struct schema *schema);

/* Are the functions there that the contract trusts, and on fields that have one?  Misfits
 * are reported. */
void trust_check(struct binder *b);

#endif
