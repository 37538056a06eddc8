/*
 * row_shape.h - the shapes of the objects that a write is given: which fields they have.
 *
 * A text with a line for each shape: where objects of it stand, and the names of their fields.  It
 * has one line for all objects of one place and shape that follow each other there.
 *
 *     : url postedBy
 *     .postedBy: name
 *     : url
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
/* Has it these shapes? */
bool row_shapes_are(struct str shapes, const struct type *type, const struct value *value);

#endif
