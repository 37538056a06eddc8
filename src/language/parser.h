/*
 * parser.h - from a source to its tree (specification, section 2 and Appendix C).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_PARSER_H
#define LANGUAGE_PARSER_H

#include "language/ast.h"

struct arena;
struct errors;
struct limits;
struct source;

/* Parse a document of any definitions: validation says which of them may stand in
 * it.  The tree lives in the arena and points into `source`, which must live as
 * long.  Return NULL after adding exactly one error, with its place:
 * PARSE_FAILED, or LIMIT_EXCEEDED for a bound of `limits` (document, tokens,
 * nesting, directives), which may be NULL for texts of our own. */
const struct ast_document *
parser_parse(struct arena *a, const struct source *source, const struct limits *limits,
             struct errors *errors) MUST_CHECK;

/* Parse one value without variables.  Result and errors are as those of parser_parse(). */
const struct ast_node *
parser_parse_value(struct arena *a, const struct source *source, const struct limits *limits,
                   struct errors *errors) MUST_CHECK;

#endif
