/*
 * bind.h - bind a contract: hold its directives against the catalog, and find where
 * each field comes from (binding.h).
 *
 * Convention carries what no directive names: a scalar field `createdAt` is the
 * column created_at, a field whose type has @table is the foreign key between the
 * two tables, a root field whose type has @table is that table.  An object type
 * without @table is a payload: of the row that a mutation's function returns, or of
 * what a C function puts out.  An interface or a union shows the rows of one table,
 * whose discriminator tells their types, or those of its possible types' tables.
 * docs/contract.md is the manual of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BIND_H
#define BINDER_BIND_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/binding.h"

struct arena;
struct catalog;
struct errors;
struct resolver_signature;
struct schema;

/* Bind every field of the contract's object types, input objects used as orders
 * and arguments, and report each misfit as VALIDATION_FAILED with its place in
 * the contract: what is wrong, and what would mend it.  The schema's bindings,
 * which are NULL before, are set; false when there was a misfit.  `resolvers`
 * are the C functions, ended by NULL. */
bool
bind_schema(struct arena *a, struct schema *schema, const struct catalog *catalog,
            const struct resolver_signature *const *resolvers, struct errors *errors) MUST_CHECK;

#endif
