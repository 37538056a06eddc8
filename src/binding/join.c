/*
 * join.c - how rows of one table are joined to those of another.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/join.h"

#include <stddef.h>

bool
join_equal(const struct join *a, const struct join *b)
{
    if (!a || !b || a->table != b->table || a->count != b->count)
        return a == b;
    for (int i = 0; i < a->count; i++)
        if (a->from[i] != b->from[i] || a->to[i] != b->to[i])
            return false;
    return join_equal(a->through, b->through);
}

const struct join *
join_to_parent(const struct join *join)
{
    return join->through ? join->through : join;
}
