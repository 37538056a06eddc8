/*
 * validate.h - is a document one that the schema can execute (specification,
 * section 5)?
 *
 * A rule is a constant, struct rule (rule.h); the table in validate.c lists
 * them; one walk (walk.h) runs all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_VALIDATE_H
#define VALIDATION_VALIDATE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
struct errors;
struct limits;
struct schema;

struct validate_options {
    const struct limits *limits; /* depth, aliases, root_fields, fields, overlaps; NULL: none */
    bool has_suggestions;        /* "Did you mean ...?" */
};

/* Judge the document.  False after adding errors, with their places:
 * VALIDATION_FAILED, or LIMIT_EXCEEDED for a bound.  It stops when the list of
 * errors is full, and says so in a last error. */
bool
validate_document(struct arena *a, const struct schema *schema, const struct ast_document *document,
                  const struct validate_options *options, struct errors *errors) MUST_CHECK;

/* A rule's name and section, for tests and `check-rules`; NULL beyond the last. */
const char *validate_rule_name(int index);

#endif
