/*
 * row_shape.h - the shapes of the objects that a write is given: which fields they have.
 *
 * A text with a line for each shape, which has the names of the fields.  The first lines are those
 * of the objects that are no field of another, one for all that follow each other; behind an empty
 * line are the others, in any order, with the places where they stand.
 *
 *     url postedBy
 *     url
 *
 *     .postedBy: name
 *
 * A list of objects is none of the fields, since no column holds it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_ROW_SHAPE_H
#define PLAN_ROW_SHAPE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct type;
struct value;

/* The shapes in a value that is coerced to the type, an input object's or a list's of them; of
 * NULL, which is absent, none. */
struct str row_shapes_of(struct arena *a, const struct type *type, const struct value *value);
/* Has it these shapes, in their order, and within its objects no others than these? */
bool row_shapes_include(struct str shapes, const struct type *type, const struct value *value);

#endif
