/*
 * shape.h - the shape of a filter's value: which conditions it has, whatever they compare with.
 *
 * Two values of one shape have the same SQL.  It is which fields objects have, how many
 * objects are in a list, and whether `isNull` and its like are true; of all other values no
 * more than that they are there.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SHAPE_H
#define PLAN_SHAPE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct type;
struct value;

/* The shape of the value, which is coerced to the type, or NULL: absent. */
struct str shape_of(struct arena *a, const struct type *type, const struct value *value);
/* Is it of that shape?  Nothing is allocated. */
bool shape_is(struct str shape, const struct type *type, const struct value *value);

#endif
