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
#include "planner/planner.h"
#include "type/schema.h"

/* What the variants depend on, as bytes: the abstract type, and the document's fields whose
 * selections are merged. */
static struct str
variants_key(struct planner *p, const struct type *type, const struct collected *collected)
{
    size_t count = 1, i = 0;

    for (const struct collected_node *node = &collected->first; node; node = node->next)
        count++;
    const void **parts = ARENA_ARRAY(p->scratch, const void *, count);
    parts[i++] = type;
    for (const struct collected_node *node = &collected->first; node; node = node->next)
        parts[i++] = node->field;
    return (struct str){ (const char *)parts, count * sizeof(*parts) };
}

static struct error *
too_many_fields(struct planner *p)
{
    struct error *error =
        errors_add(&p->errors, ERROR_LIMIT_EXCEEDED,
                   "The selections ask for more than %d fields, all possible types counted.",
                   p->limits->fields);

    error->limit = "fields";
    error->maximum = p->limits->fields;
    return error;
}

/* The possible types that the field can show. */
static int
count_possible(const struct plan_field *field, const struct type *type)
{
    const struct binding *binding = field->definition->binding;
    bool is_first = binding->kind == BINDING_MOCK && !binding->mock;

    return is_first && type->possible_count > 0 ? 1 : type->possible_count;
}

static const struct plan_variant *
make_variants(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct plan_relation *relation)
{
    const struct type *type = type_named(field->type);
    const struct plan_variant *first = NULL, **end = &first;
    int count = count_possible(field, type);

    for (int i = 0; i < count && p->plan->field_count <= p->limits->fields; i++) {
        const struct type *possible = type->possible[i];
        const struct collected *below = collect_subfields(&p->collector, possible, collected);
        struct plan_variant *variant = ARENA_NEW(p->arena, struct plan_variant);
        p->plan->field_count++;
        variant->type = possible;
        variant->fields = plan_collected(p, possible, below, relation);
        *end = variant;
        end = &variant->next;
    }
    return first;
}

void
plan_variants(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct plan_relation *relation)
{
    struct str key = variants_key(p, type_named(field->type), collected);

    if (!p->variants)
        p->variants = map_new(p->scratch);
    if (!relation)
        field->variants = map_get(p->variants, key);
    if (!field->variants)
        field->variants = make_variants(p, field, collected, relation);
    if (p->plan->field_count > p->limits->fields)
        plan_refuse(p, field, too_many_fields(p));
    else if (!relation && field->variants)
        map_add(p->variants, key, (void *)field->variants);
}
