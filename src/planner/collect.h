/*
 * collect.h - which fields a selection set asks of an object type
 * (specification, 6.3.2, CollectFields and MergeSelectionSets).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_COLLECT_H
#define PLANNER_COLLECT_H

#include "base/str.h"
#include "plan/guard.h"

struct arena;
struct ast_document;
struct ast_field;
struct ast_node;
struct error;
struct map;
struct schema;
struct type;
struct variables;

struct collector {
    struct arena *arena; /* of what is collected */
    const struct schema *schema;
    const struct variables *variables;
    struct guards *guards; /* gets the variables of @skip and @include */
    struct arena *guard_arena;
    struct map *fragments;      /* collected_fragment by name */
    const struct error *failed; /* why a @skip or @include could not be judged; or NULL */
    int round;                  /* counts the selection sets, to visit a fragment once in each */
};

/* One of the fields that share a response name. */
struct collected_node {
    const struct ast_field *field;
    const struct collected_node *next;
};

/* A field of the response, and all that the document says of it. */
struct collected {
    struct str name; /* the response name */
    struct collected_node first;
    struct collected_node *last;
    struct collected *next;
};

/* Begin with a document. */
void collect_begin(struct collector *c, const struct ast_document *document);
/* The fields that the selections ask of `object`, in the order of the document. */
struct collected *
collect_fields(struct collector *c, const struct type *object, const struct ast_node *selections);
/* The fields below a field that was collected, its nodes' selections merged. */
struct collected *
collect_subfields(struct collector *c, const struct type *object, const struct collected *field);

#endif
