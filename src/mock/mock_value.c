/*
 * mock_value.c - made-up values as JSON texts, to be compared with each other and with what
 * documents ask for.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_seed.h"

const struct field *
mock_value_field(const struct type *type, const struct field *field)
{
    for (int i = 0; i < type->field_count; i++)
        if (&type->fields[i] == field || str_equal(type->fields[i].name, field->name))
            return &type->fields[i];
    return NULL;
}

struct mock_entity
mock_value_refer(struct mock_entity entity, const struct field *field)
{
    const struct mock_object object = mock_entity_object(entity);
    const struct field *own = mock_value_field(entity.type, field);

    return own ? mock_entity_refer(&object, own) : (struct mock_entity){ NULL, 0 };
}

bool
mock_value_is_null(const struct mock_object *object, const struct field *field)
{
    const struct mock *mock = binding_mock(field->binding);

    return (uint64_t)mock->nulls > mock_seed_text(object->seed, field->name) % 100;
}

struct str
mock_value_leaf(struct run *run, struct mock_entity entity, const struct field *field)
{
    const struct mock_object object = mock_entity_object(entity);
    const struct field *own = mock_value_field(entity.type, field);
    struct buf b = { 0 };

    if (!own || mock_value_is_null(&object, own))
        return STR_NONE;
    if (type_nullable(own->type)->kind == TYPE_LIST)
        mock_field_items(run, &b, &object, own);
    else
        mock_field_leaf(run, &b, &object, own, 0);
    struct str text = buf_copy(run->arena, &b);
    buf_free(&b);
    return text;
}

struct str
mock_value_text(struct arena *a, const struct value *value)
{
    struct buf b = { 0 };

    value_write_json(&b, value);
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

struct str
mock_value_bare(struct str json)
{
    bool is_text = json.len >= 2 && json.ptr[0] == '"';

    return is_text ? (struct str){ json.ptr + 1, json.len - 2 } : json;
}

/* A number, also one in quotes. */
static bool
read_number(struct str text, double *number)
{
    struct str bare = mock_value_bare(text);
    char digits[64], *end;

    if (bare.len == 0 || bare.len >= sizeof(digits) ||
        !str_is_digit((unsigned char)bare.ptr[bare.len - 1]))
        return false; /* nor `inf`, `nan` */
    for (size_t i = 0; i < bare.len; i++)
        digits[i] = bare.ptr[i];
    digits[bare.len] = '\0';
    *number = strtod(digits, &end);
    return *end == '\0';
}

int
mock_value_compare(struct str one, struct str other)
{
    double a, b;

    if (read_number(one, &a) && read_number(other, &b))
        return a < b ? -1 : a > b;
    return str_compare(mock_value_bare(one), mock_value_bare(other));
}

bool
mock_value_equals(struct run *run, struct mock_entity entity, const struct field *field,
                  const struct value *value)
{
    const struct type *named = type_named(field->type);
    const struct field *key = binding_of_type(entity.type)->mock->key;
    struct str text = mock_value_text(run->arena, value);

    if (key && str_equal(key->name, field->name))
        return mock_entity_equal(entity,
                                 mock_entity_find(run->arena, entity.type, mock_value_bare(text)));
    if (type_is_composite(named)) {
        const struct mock_entity other = mock_value_refer(entity, field);
        return other.type &&
               mock_entity_equal(other, mock_entity_find(run->arena, named, mock_value_bare(text)));
    }
    struct str leaf = mock_value_leaf(run, entity, field);
    return leaf.ptr && mock_value_compare(leaf, text) == 0;
}

/* Without regard to the case of letters of ASCII. */
static bool
contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (str_equal_nocase((struct str){ text.ptr + i, part.len }, part))
            return true;
    return false;
}

bool
mock_value_contains(struct str json, const struct value *part, struct arena *a)
{
    return json.ptr && contains(mock_value_bare(json), mock_value_bare(mock_value_text(a, part)));
}
