/*
 * bind_idempotent.h - @idempotent: the writes that may be sent again with a key.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BASE_BIND_IDEMPOTENT_H
#define BINDER_BASE_BIND_IDEMPOTENT_H

#include <stdbool.h>

struct argument_binding;
struct bind_site;
struct input_value;

/* Let the field's binding be idempotent if the field has @idempotent.  False after a misfit:
 * it is none of Mutation, or the database has not the functions that remember answers. */
bool bind_idempotent(struct bind_site *site);

/* Is it the argument, or the field of `input`, that has the key? */
bool bind_idempotent_is_key(const struct bind_site *site, const struct input_value *argument);
/* Bind that one; NULL after a misfit. */
const struct argument_binding *
bind_idempotent_key(const struct bind_site *site, const struct input_value *argument);

#endif
