/*
 * plan_node.c - root fields that find objects by their global ids.
 *
 * Each possible type has a statement of its own, which is sent only if an id of the type was
 * given: so the plan does not depend on the ids.  The statements are batches whose keys are what
 * the ids have.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "catalog/catalog.h"
#include "schema/schema.h"
#include "codec/global_id.h"
#include "planner/planner.h"

/* Must the role not read the key of the rows?  Then it finds none of them. */
static bool
is_hidden(struct planner *p, const struct join *join)
{
    uint32_t denied = 0;

    for (int i = 0; i < join->count; i++)
        denied |= join->to[i]->denied;
    if (denied & p->role)
        p->plan->refused_role = p->role;
    else
        p->plan->denied |= denied;
    return (denied & p->role) != 0;
}

/* The objects of one type; what is below them counts their rows alone. */
static struct plan_variant *
plan_possible(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct position at, int number)
{
    const struct type *type = type_named(field->type)->possible[number];
    const struct join *join = &binding_node(field->definition->binding)->joins[number];
    struct plan_variant *variant = ARENA_NEW(p->arena, struct plan_variant);

    p->plan->field_count++;
    variant->type = type;
    if (is_hidden(p, join))
        return variant;
    struct plan_relation *relation = plan_relation_node(p, at, join, type, field->name);
    plan_relation_add(p, relation);
    at.relation = relation;
    variant->relation = relation;
    variant->fields =
        plan_collected(p, type, collect_subfields(&p->collector, type, collected), at);
    return variant;
}

/* An id is of one type, unless it does not tell. */
static bool
is_of_one(const struct type *type)
{
    const struct global_id *id = binding_of_type(type)->global_id;

    return id->form != GLOBAL_ID_KEY;
}

void
plan_node(struct planner *p, struct plan_field *field, const struct collected *collected,
          struct position at)
{
    const struct type *type = type_named(field->type);
    const struct plan_variant **end = &field->variants;
    int64_t before = p->plan->nodes, most = before + 1;
    int sent_before = p->plan->sent_count, sent_most = sent_before;

    field->kind = PLAN_NODE;
    for (int i = 0; i < type->possible_count && p->plan->field_count <= p->limits->fields; i++) {
        p->plan->nodes = before;
        if (is_of_one(type->possible[i]))
            p->plan->sent_count = sent_before;
        struct plan_variant *variant = plan_possible(p, field, collected, at, i);
        most = p->plan->nodes > most ? p->plan->nodes : most;
        sent_most = p->plan->sent_count > sent_most ? p->plan->sent_count : sent_most;
        *end = variant;
        end = &variant->next;
    }
    p->plan->nodes = most;
    p->plan->sent_count = sent_most;
    field->nodes = most - before;
    plan_check_fields(p, field);
}
