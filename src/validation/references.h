/*
 * references.h - the definitions of a document, and what each refers to: the
 * fragments that it spreads, the variables that it uses.
 *
 * Made before the rules run, since an operation is judged together with the
 * fragments that it reaches, and these may be defined after it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_REFERENCES_H
#define VALIDATION_REFERENCES_H

#include <stdbool.h>
#include <stdint.h>

#include "language/ast.h"

struct arena;
struct map;
struct type;

struct spread {
    const struct ast_fragment_spread *node;
    struct definition *fragment; /* never NULL: unknown fragments are left out */
};

/* A variable where a value is expected. */
struct usage {
    const struct ast_value *variable;
    const struct type *type;        /* that is expected there, or NULL */
    const struct type *object_type; /* of the input object of which it is a field, or NULL */
    bool has_default;               /* its place has a default value */
};

struct definition {
    const struct ast_node *node; /* AST_OPERATION or AST_FRAGMENT */
    struct str name;             /* or STR_NONE */
    const struct ast_node *selections;
    int index;              /* among the operations, or among the fragments */
    struct spread *spreads; /* level by level, inner levels last to first */
    int spread_count;
    struct usage *usages; /* in the order of the document */
    int usage_count;
    uint32_t mark; /* references_reach: the search that has seen it */
};

struct references {
    struct definition *operations;
    int operation_count;
    struct definition *fragments;
    int fragment_count;
    struct map *fragments_by_name; /* of two with one name the later; NULL: no fragments */
    uint32_t mark;                 /* of the last search */
    struct definition **reached;   /* by that search: the operations, then the fragments */
    int reached_count;
};

/* List the document's definitions and their spreads.  The usages are empty: usages_collect()
 * fills them (usages.h). */
struct references *references_new(struct arena *a, const struct ast_document *document);

/* The fragment of that name, or NULL. */
struct definition *references_find_fragment(const struct references *r, struct str name);

/* The first of the definitions of one kind that has the name of `d`: itself, if no other. */
const struct definition *
references_first_of_name(const struct definition *definitions, const struct definition *d);

/* Find the fragments that the operations reach, breadth first: `r->reached`. */
void references_reach(struct references *r, struct definition *operations, int count);

#endif
