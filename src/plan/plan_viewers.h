/*
 * plan_viewers.h - is a plan's answer the same for all viewers of a role, and for how long may it
 * be kept?
 *
 * It is the same where every table that the plan reads shows all viewers of the role the same rows
 * (viewers_personal()), and every function that it calls returns the same for them
 * (viewers_share_function()).  A mutation's never is.
 *
 * The planner says each table, function and field once, when it comes upon it.  What it does not
 * use in the end may make a plan personal that is not, never the other way round.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_VIEWERS_H
#define PLAN_PLAN_VIEWERS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct catalog;
struct field;
struct function;
struct plan;
struct schema;
struct table;

/* What makes a plan personal to roles to which it was not before. */
struct plan_cause {
    const struct table *table;       /* or NULL: */
    const struct function *function; /* or NULL: that it is a mutation */
    uint32_t roles;
    const struct plan_cause *next;
};

void
plan_viewers_add_table(struct plan *plan, const struct schema *schema, const struct table *table);
void
plan_viewers_add_function(struct plan *plan, const struct function *function, bool is_promised);
/* A field of the response: what @cacheControl says of it, and what its function is. */
void plan_viewers_add_field(struct plan *plan, const struct field *field, bool is_root);
/* The schema itself is asked for: the answer is not kept. */
void plan_viewers_add_introspection(struct plan *plan);

/* Is the answer the same for all viewers of the role, which is a bit of the catalog, or 0 where
 * that has no roles? */
bool plan_is_shared(const struct plan *plan, const struct catalog *catalog, uint32_t role);

/* Write a line for each role: `Viewers: all of linnet_anon`, or `Viewers: each of linnet_user
 * (policy user_private_read on user_private)`. */
void plan_print_viewers(struct buf *b, const struct plan *plan, const struct catalog *catalog);

#endif
