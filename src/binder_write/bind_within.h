/*
 * bind_within.h - objects within those of a write's input, which are written with them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_WITHIN_H
#define BINDER_WRITE_BIND_WITHIN_H

#include "binder_base/binder.h"

/* May a field of the input object `values`, which stands at that level, from 1, have objects?
 * False after a misfit. */
bool bind_within_check(const struct bind_site *site, const struct type *values,
                       const struct input_value *input, int level);
/* May they be joined like this?  False after a misfit. */
bool bind_within_check_join(const struct bind_site *site, const struct type *values,
                            const struct input_value *input, const struct join *join);
/* What the field does: rows of `objects`, joined to those of the table. */
const struct argument_binding *
bind_within_join(struct binder *b, const struct table *table, const struct input_value *input,
                 const struct join *join, const struct argument_binding *objects);

#endif
