/*
 * rule.h - what a rule of validation is.
 *
 * A rule is a constant: functions that the walk (walk.h) calls when it enters or
 * leaves a node of some kind.  They look at the node and at its scope, keep what
 * they must remember in a state of their own, and report with walk_error().  All
 * rules run in one walk, at each node in the order of the table in validate.c,
 * so that errors come in the order of the reference implementation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_RULE_H
#define VALIDATION_RULE_H

#include <stddef.h>

#include "language/ast.h"

struct walk;

/* `state` is the rule's own memory, zeroed when the walk begins. */
typedef void rule_fn(struct walk *w, void *state, const struct ast_node *node);

/* The kinds of nodes that executable documents are made of come first. */
enum { RULE_KIND_COUNT = AST_NON_NULL_TYPE + 1 };

struct rule {
    const char *name;    /* also of its corpus file */
    const char *section; /* of the specification; "" for bounds of ours */
    rule_fn *enter[RULE_KIND_COUNT];
    rule_fn *leave[RULE_KIND_COUNT];
    /* Before the selections of an operation, a fragment definition or a field
     * (the node), when arguments and directives have been walked. */
    rule_fn *selections;
    size_t state_size;
};

#endif
