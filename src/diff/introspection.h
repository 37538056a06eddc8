/*
 * introspection.h - the schema that an answer to introspection describes (specification, 4).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_INTROSPECTION_H
#define DIFF_INTROSPECTION_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct errors;

/* The query whose answer has all that a schema shows: introspection.graphql. */
extern const char introspection_graphql[];

/* Write the SDL of the schema that `json` describes: a response with `data`, or the data alone.
 * Built-in types and directives are left out.  False after adding one error, with its place if it
 * is the JSON that is wrong; what is written is then of no use.  That the SDL is a schema is not
 * judged here. */
bool introspection_write_sdl(struct arena *a, struct buf *sdl, struct str json,
                             struct errors *errors) MUST_CHECK;

#endif
