/*
 * bind_setter.h - fields of a write's input object, each of which sets a column.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_SETTER_H
#define BINDER_WRITE_BIND_SETTER_H

#include "binder_base/binder.h"

/* Report a misfit of a field of the input object `values`, at its name. */
void bind_setter_misfit(const struct bind_site *site, const struct type *values,
                        const struct input_value *input, struct str message);

#endif
