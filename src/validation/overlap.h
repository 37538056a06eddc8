/*
 * overlap.h - what the two halves of field selection merging share.
 *
 * rules_overlap.c says quickly whether any fields of the document conflict;
 * only if so, overlap_conflicts.c looks for the conflicts pair by pair, in the
 * order and with the words of the reference implementation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_OVERLAP_H
#define VALIDATION_OVERLAP_H

#include <stdbool.h>

#include "language/ast.h"

struct overlap_search;
struct type;
struct walk;

/* How deep sets stand within sets and comparisons within comparisons: no document
 * has as many levels, so that only fragments in cycles reach it. */
enum { OVERLAP_DEPTH_MAXIMUM = 1000 };

/* How many comparisons are left, and whether more were wanted. */
struct overlap_budget {
    int left;
    bool is_exceeded;
};

/* Take `cost` comparisons; false when there are not so many. */
bool overlap_spend(struct overlap_budget *budget, int cost);

/* Do two fields have the same arguments with the same values? */
bool overlap_same_arguments(const struct ast_field *a, const struct ast_field *b);

/* Can values of the two types not stand in one place of a response (SameResponseShape)? */
bool overlap_types_conflict(const struct type *a, const struct type *b);

/* The type that a fragment's condition names, or NULL. */
const struct type *overlap_condition_type(const struct walk *w, const struct ast_node *condition);

/* A search for conflicts, which remembers what it has compared. */
struct overlap_search *overlap_search_new(struct walk *w, struct overlap_budget *budget);

/* Add an error for each conflict within the selections, whose fields are of `parent` or,
 * when it is NULL, of a type that is not known. */
void overlap_search_report(struct overlap_search *s, const struct type *parent,
                           const struct ast_node *selections);

#endif
