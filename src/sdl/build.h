/*
 * build.h - from SDL to a schema.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SDL_BUILD_H
#define SDL_BUILD_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
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

/* Build what a role sees of a schema that was built with bindings: what @auth(roles:) does not
 * let it see is not there.  `whole` must live as long.  NULL after adding errors: what is left is
 * not a schema. */
struct schema *build_schema_for_role(struct arena *a, const struct schema *whole, struct str role,
                                     struct errors *errors) MUST_CHECK;

#endif
