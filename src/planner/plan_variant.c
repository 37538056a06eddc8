/*
 * plan_variant.c - the fields below a field of an abstract type.
 *
 * Each possible type has fields of its own, since fragments may ask more of one
 * than of another, and the same field may come from elsewhere.  A union of a
 * hundred types within itself would have a hundred times as many fields on each
 * level: what depends on the document alone is planned once and shared, and
 * limits->fields bounds the rest.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "schema/schema.h"
#include "planner/planner.h"

struct str
plan_key(struct planner *p, const void *one, const void *other, const struct collected *collected)
{
    size_t count = 2, i = 0;

    for (const struct collected_node *node = &collected->first; node; node = node->next)
        count++;
    const void **parts = ARENA_ARRAY(p->scratch, const void *, count);
    parts[i++] = one;
    parts[i++] = other;
    for (const struct collected_node *node = &collected->first; node; node = node->next)
        parts[i++] = node->field;
    return (struct str){ (const char *)parts, count * sizeof(*parts) };
}

static struct error *
too_many_fields(struct planner *p)
{
    return errors_add_limit(
        &p->errors, "fields", p->limits->fields,
        "The selections ask for more than %d fields, counted over all possible types.",
        p->limits->fields);
}

/* The possible types that the field can show. */
static int
count_possible(const struct plan_field *field, const struct type *type)
{
    const struct binding *binding = field->definition->binding;
    bool is_first = binding->kind == BINDING_MOCK && !binding_mock(binding);

    return is_first && type->possible_count > 0 ? 1 : type->possible_count;
}

/* The fields of rows of the possible type: where they come from a relation, what is
 * below them counts those rows alone. */
static const struct plan_field *
make_fields(struct planner *p, const struct type *possible, const struct collected *collected,
            struct position at)
{
    struct collected *list = collect_subfields(&p->collector, possible, collected);

    if (at.relation) {
        struct plan_condition *condition = ARENA_NEW(p->arena, struct plan_condition);
        *condition = (struct plan_condition){ at.relation, { possible, NULL }, at.conditions };
        at.conditions = condition;
        if (at.relation->source == PLAN_UNION)
            at.relation = plan_union_find(at.relation, possible);
    }
    return plan_collected(p, possible, list, at);
}

static const struct plan_variant *
make_variants(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct position at)
{
    const struct type *type = type_named(field->type);
    const struct plan_variant *first = NULL, **end = &first;
    int64_t before = p->plan->nodes, most = before; /* a row is of one type */
    int count = count_possible(field, type);

    for (int i = 0; i < count && p->plan->field_count <= p->limits->fields; i++) {
        struct plan_variant *variant = ARENA_NEW(p->arena, struct plan_variant);
        p->plan->field_count++;
        p->plan->nodes = before;
        variant->type = type->possible[i];
        variant->fields = make_fields(p, variant->type, collected, at);
        most = p->plan->nodes > most ? p->plan->nodes : most;
        *end = variant;
        end = &variant->next;
    }
    p->plan->nodes = most;
    return first;
}

bool
plan_check_fields(struct planner *p, struct plan_field *field)
{
    if (p->plan->field_count <= p->limits->fields)
        return true;
    plan_refuse(p, field, too_many_fields(p));
    return false;
}

void
plan_variants(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct position at)
{
    struct str key = plan_key(p, type_named(field->type), NULL, collected);

    if (!p->variants)
        p->variants = map_new(p->scratch);
    if (!at.relation)
        field->variants = map_get(p->variants, key);
    if (!field->variants)
        field->variants = make_variants(p, field, collected, at);
    if (plan_check_fields(p, field) && !at.relation && field->variants)
        map_add(p->variants, key, (void *)field->variants);
}
