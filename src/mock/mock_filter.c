/*
 * mock_filter.c - which objects a filter lets pass.
 *
 * Filters have two values: a condition on a null is false, and `not` of it true.  What holds of
 * an object is remembered, so that objects that many others lead to are judged once.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/map.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

/* --- parts --- */

/* What the input of that name means, or STR_NONE. */
static struct str
word_of(const struct mock_part *part, struct str name)
{
    for (int i = 0; i < part->type->input_count; i++)
        if (str_equal(part->type->inputs[i].name, name))
            return part->words[i];
    return STR_NONE;
}

static bool
passes_operators(struct run *run, const struct mock_part *part, const struct value *value,
                 struct mock_entity entity)
{
    struct mock_comparison c = { .run = run, .entity = entity, .field = part->field };

    if (type_is_leaf(type_named(part->field->type)))
        c.leaf = mock_value_leaf(run, entity, part->field);
    for (const struct value *item = value->items; item; item = item->next) {
        c.value = item;
        if (item->kind != VALUE_NULL && !mock_operator_holds(word_of(part, item->name), &c))
            return false;
    }
    return true;
}

static bool
passes_value(struct run *run, const struct mock_part *part, const struct value *value,
             struct mock_entity entity)
{
    struct mock_comparison c = {
        .run = run, .entity = entity, .field = part->field, .value = value
    };

    if (type_is_leaf(type_named(part->field->type)))
        c.leaf = mock_value_leaf(run, entity, part->field);
    return mock_operator_holds(part->words[0], &c);
}

static bool
passes_one(struct run *run, const struct mock_part *part, const struct value *value,
           struct mock_entity entity)
{
    const struct mock_entity other = mock_value_refer(entity, part->field);

    return other.type && mock_filter_passes(run, part->filter, value, other);
}

/* Of the objects in the list, how many pass. */
static int
count_passing(struct run *run, const struct mock_part *part, const struct value *value,
              struct mock_entity entity, int *all)
{
    const struct mock_object object = mock_entity_object(entity);
    const struct field *own = mock_value_field(entity.type, part->field);
    int count = 0;

    *all = 0;
    if (!own)
        return 0;
    const struct mock_places places = mock_page_places(run, &object, own);
    const struct type *target = binding_mock(own->binding)->target;
    for (int i = 0; i < places.count; i++)
        count +=
            mock_filter_passes(run, part->filter, value, mock_entity_at(target, places.list[i]));
    *all = places.count;
    return count;
}

static bool
passes_many(struct run *run, const struct mock_part *part, const struct value *value,
            struct mock_entity entity)
{
    for (const struct value *item = value->items; item; item = item->next) {
        struct str word = word_of(part, item->name);
        int all, some = item->kind == VALUE_NULL ? 0 : count_passing(run, part, item, entity, &all);
        if (item->kind == VALUE_NULL)
            continue;
        if (str_is(word, "some") ? some == 0 : str_is(word, "none") ? some > 0 : some < all)
            return false;
    }
    return true;
}

static bool
passes_any(struct run *run, const struct mock_part *part, const struct value *value,
           struct mock_entity entity, bool is_and)
{
    const struct value *item = value->kind == VALUE_LIST ? value->items : value;

    for (; item; item = value->kind == VALUE_LIST ? item->next : NULL)
        if (mock_filter_passes(run, part->filter, item, entity) != is_and)
            return !is_and;
    return is_and;
}

static bool
passes_part(struct run *run, const struct mock_part *part, const struct value *value,
            struct mock_entity entity)
{
    switch (part->kind) {
    case MOCK_PART_AND:
    case MOCK_PART_OR:
        return passes_any(run, part, value, entity, part->kind == MOCK_PART_AND);
    case MOCK_PART_NOT:
        return !mock_filter_passes(run, part->filter, value, entity);
    case MOCK_PART_VALUE:
        return passes_value(run, part, value, entity);
    case MOCK_PART_SEARCH:
        return mock_match_is_found(run, entity, part->searched, value);
    case MOCK_PART_OPERATORS:
        return passes_operators(run, part, value, entity);
    case MOCK_PART_ONE:
        return passes_one(run, part, value, entity);
    case MOCK_PART_MANY:
        return passes_many(run, part, value, entity);
    case MOCK_PART_UNKNOWN:
        break;
    }
    return true;
}

static bool
judge(struct run *run, const struct mock_filter *filter, const struct value *value,
      struct mock_entity entity)
{
    for (const struct value *item = value->items; item; item = item->next)
        for (int i = 0; i < filter->type->input_count; i++)
            if (str_equal(filter->type->inputs[i].name, item->name) && item->kind != VALUE_NULL &&
                !passes_part(run, &filter->parts[i], item, entity))
                return false;
    return true;
}

/* --- what is remembered --- */

/* An object and what is asked of it. */
struct memo_key {
    const struct value *value;
    const struct type *type;
    int64_t id;
};

bool
mock_filter_passes(struct run *run, const struct mock_filter *filter, const struct value *value,
                   struct mock_entity entity)
{
    static const char passed, failed;
    struct memo_key *key = ARENA_NEW(run->arena, struct memo_key);

    assert(entity.type);
    *key = (struct memo_key){ value, entity.type, entity.id };
    struct str name = { (const char *)key, sizeof(*key) };
    if (!run->mock_filtered)
        run->mock_filtered = map_new(run->arena);
    const char *known = map_get(run->mock_filtered, name);
    if (!known) {
        known = judge(run, filter, value, entity) ? &passed : &failed;
        map_put(run->mock_filtered, name, (void *)known);
    }
    return known == &passed;
}
