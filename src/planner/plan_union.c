/*
 * plan_union.c - rows of an abstract type whose objects stand in tables of their
 * own: a relation without a table, and a branch for each of them.
 *
 * The union's statement sees a branch's rows through its cells alone: each is a
 * column of the union, null in the rows of all other branches.  A join from a
 * branch starts from such a cell, and finds nothing where it is null.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "schema/schema.h"
#include "planner/planner.h"

void
plan_union_branches(struct planner *p, struct plan_relation *relation,
                    const struct bound_rows *bound, const struct type *type)
{
    for (int i = 0; i < bound->branch_count; i++) {
        const struct bound_rows *of = binding_rows(bound->branches[i]);
        const struct type *object = type->possible[i];
        struct plan_relation *branch =
            plan_relation_inner(p, PLAN_BRANCH, relation, of->join, of->table, object);
        branch->name = object->name;
    }
}

struct plan_relation *
plan_union_find(const struct plan_relation *relation, const struct type *object)
{
    struct plan_relation *branch = relation->children;

    while (branch && !str_equal(branch->name, object->name))
        branch = branch->next;
    assert(branch);
    return branch;
}
