/*
 * trial_document.h - documents that show given fields of a type, with all their arguments.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_DOCUMENT_H
#define TRIAL_TRIAL_DOCUMENT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct field;
struct input_value;
struct map;
struct schema;
struct type;

/* How documents come from a root type to an object type: what stands before and after the
 * fields of that. */
struct trial_path {
    const struct type *type;
    const struct field *root; /* the root field that it begins with; NULL: it is a root type */
    struct str before, after;
    /* The names of the filters that fields of the query type take; one set for all paths. */
    const struct map *filters;
    struct trial_path *next;
};

/* A field of a type, with some of its arguments. */
struct trial_item {
    const struct field *field;
    /* Of arguments that may be left out, this one alone; NULL: all of them. */
    const struct input_value *argument;
    bool is_bare; /* none of them */
    /* Of `argument`, which is a filter, the condition of this number, from 1; 0: all of them. */
    int condition;
    int term; /* of an argument that orders: the first that is tried */
};

/* The shortest way to each object type that fields of the query type lead to, or else of the
 * mutation type; the root types come first. */
const struct trial_path *trial_paths(struct arena *a, const struct schema *schema);

/* The fields of the type, each once; one of which exactly one argument must be given, once
 * for each of these.  Sets `*count`. */
struct trial_item *trial_items(struct arena *a, const struct type *type, int *count);

/* A document that asks for the items; none: for `__typename` alone.  It ends in NUL. */
struct str trial_document(struct arena *a, const struct trial_path *path,
                          const struct trial_item *items, int count);

#endif
