/*
 * mock_json.c - what is in lists and in values of JSON that are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "mock/mock_internal.h"
#include "value/value_json.h"

/* Made-up values are small. */
static const struct value_json_bounds bounds = {
    .depth = 64, .values = 100000, .string = 1 << 20, .number = 1 << 20
};

static const struct value *
read(struct arena *a, struct str json)
{
    struct value_json_fault fault;
    const struct value *value = json.ptr ? value_json_read(a, json, &bounds, &fault) : NULL;

    return value ? value : &value_null;
}

static bool
is_text(const struct value *value)
{
    return value->kind == VALUE_STRING || value->kind == VALUE_ENUM;
}

static bool
is_number(const struct value *value)
{
    return value->kind == VALUE_INT || value->kind == VALUE_FLOAT;
}

/* Two values that have none within. */
static bool
is_same(struct arena *a, const struct value *one, const struct value *other)
{
    if (is_text(one) && is_text(other))
        return str_equal(one->text, other->text);
    if (is_number(one) && is_number(other))
        return mock_value_compare(mock_value_text(a, one), mock_value_text(a, other)) == 0;
    return one->kind == other->kind && one->kind <= VALUE_BOOLEAN && one->boolean == other->boolean;
}

static bool contains(struct arena *a, const struct value *whole, const struct value *part);

static bool
contains_item(struct arena *a, const struct value *list, const struct value *part)
{
    for (const struct value *item = list->items; item; item = item->next)
        if (contains(a, item, part))
            return true;
    return false;
}

static bool
contains(struct arena *a, const struct value *whole, const struct value *part)
{
    if (part->kind != VALUE_OBJECT && part->kind != VALUE_LIST)
        return is_same(a, whole, part);
    if (part->kind != whole->kind)
        return false;
    for (const struct value *item = part->items; item; item = item->next) {
        const struct value *found =
            part->kind == VALUE_OBJECT ? value_find(whole, item->name) : NULL;
        if (part->kind == VALUE_OBJECT ? !found || !contains(a, found, item)
                                       : !contains_item(a, whole, item))
            return false;
    }
    return true;
}

bool
mock_json_contains(struct arena *a, struct str json, const struct value *part)
{
    const struct value *whole = read(a, json);
    bool is_single = part->kind != VALUE_OBJECT && part->kind != VALUE_LIST;

    if (whole->kind == VALUE_LIST && is_single) /* at the top alone */
        return contains_item(a, whole, part);
    return json.ptr && contains(a, whole, part);
}

bool
mock_json_has_key(struct arena *a, struct str json, struct str key)
{
    const struct value *whole = read(a, json);

    if (whole->kind == VALUE_OBJECT)
        return value_find(whole, key) != NULL;
    if (whole->kind != VALUE_LIST)
        return is_text(whole) && str_equal(whole->text, key);
    for (const struct value *item = whole->items; item; item = item->next)
        if (is_text(item) && str_equal(item->text, key))
            return true;
    return false;
}

bool
mock_json_is_within(struct arena *a, struct str json, const struct value *items)
{
    for (const struct value *item = read(a, json)->items; item; item = item->next) {
        const struct value *other = items->items;
        while (other &&
               mock_value_compare(mock_value_text(a, item), mock_value_text(a, other)) != 0)
            other = other->next;
        if (!other)
            return false;
    }
    return json.ptr != NULL;
}
