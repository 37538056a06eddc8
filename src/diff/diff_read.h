/*
 * diff_read.h - a schema to be compared, from whatever text it is in.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_DIFF_READ_H
#define DIFF_DIFF_READ_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct diff_side;
struct errors;

/* Build the schema of a text: a contract, other SDL, or JSON that answers an introspection.  Of a
 * contract, what `role` sees; STR_NONE: all of it.  All lives in the arena; `text` must live as
 * long.  False after adding errors, with their places in the text. */
bool diff_read(struct arena *a, struct str name, struct str text, struct str role,
               struct diff_side *side, struct errors *errors) MUST_CHECK;

#endif
