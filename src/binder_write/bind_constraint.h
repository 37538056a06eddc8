/*
 * bind_constraint.h - @constraint: what a client is told when a constraint of the database refuses
 * a row.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_CONSTRAINT_H
#define BINDER_WRITE_BIND_CONSTRAINT_H

#include "binder_base/binder.h"

/* Find what each @constraint of the input object names, for rows of the table that it is written
 * to; NULL: it has none.  `*fits` becomes false after a misfit. */
const struct bound_constraint *
bind_constraints(struct binder *b, const struct type *input, const struct table *table, bool *fits);
/* The contract is bound: report each @constraint on an input object of which no row is written. */
void bind_constraint_check_uses(struct binder *b);

#endif
