/*
 * trial_literal.h - plausible values of types.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_LITERAL_H
#define TRIAL_TRIAL_LITERAL_H

#include <stdbool.h>

/* As many terms of an order are tried; CURSOR_TERMS is more, by those of a key. */
enum { TRIAL_LITERAL_TERMS = 30 };

struct buf;
struct input_value;
struct type;

/* Write a literal of the type. */
void trial_literal_write(struct buf *b, const struct type *type);
/* May the argument, or the field of an input object, be left out? */
bool trial_literal_is_optional(const struct input_value *argument);

#endif
