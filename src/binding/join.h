/*
 * join.h - how rows of one table are joined to those of another.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_JOIN_H
#define BINDING_JOIN_H

#include <stdbool.h>

struct column;
struct table;

/* target.`to` = parent.`from`, for each pair of columns. */
struct join {
    const struct table *table;        /* the target */
    const struct column *const *from; /* of the parent's table; NULL: a resolver's OUTPUT_KEY */
    const struct column *const *to;   /* of the target */
    int count;
    /* Many to many: how rows of a table between are joined to the parent's; `from` is then of
     * that table.  NULL: none is between. */
    const struct join *through;
};

/* Do both join the same rows? */
bool join_equal(const struct join *a, const struct join *b);
/* The part of the join that compares with the parent's row. */
const struct join *join_to_parent(const struct join *join);

#endif
