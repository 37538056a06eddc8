/*
 * trial_literal.h - plausible values of types.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_LITERAL_H
#define TRIAL_TRIAL_LITERAL_H

#include <stdbool.h>

struct buf;
struct input_value;
struct type;

/* Write a literal of the type. */
void trial_literal_write(struct buf *b, const struct type *type);
/* May the argument, or the field of an input object, be left out? */
bool trial_literal_is_optional(const struct input_value *argument);

#endif
