/*
 * build.h - from SDL to a schema, and back.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TYPE_BUILD_H
#define TYPE_BUILD_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
struct buf;
struct errors;
struct schema;

enum build_options {
    BUILD_PLAIN = 0,
    BUILD_BINDINGS = 1 /* the binding directives (binding.graphql) are declared, and hidden */
};

/* Build the schema that the document defines, extensions merged in, together
 * with the built-in definitions (builtin.graphql), and judge it by section 3
 * and by the rules on type system documents.  All lives in the arena; the
 * document must live as long.  Return NULL after adding VALIDATION_FAILED
 * errors with their places. */
struct schema *build_schema(struct arena *a, const struct ast_document *document,
                            enum build_options options, struct errors *errors) MUST_CHECK;

/* Write the schema as SDL, without built-in definitions and without bindings,
 * as the reference implementation's printSchema has it; without a line end at the end. */
void build_print(struct buf *b, const struct schema *schema);

#endif
