/*
 * mock_entity.c - objects with ids: how many there are, and which refers to which.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "value/base64.h"
#include "value/value.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_seed.h"

static const struct mock_entity none = { NULL, 0 };

int
mock_entity_count(const struct type *type)
{
    int count = 0;

    if (type->kind == TYPE_OBJECT)
        return binding_of_type(type)->mock->shape == MOCK_ENTITY
                   ? binding_of_type(type)->mock->count
                   : 0;
    for (int i = 0; i < type->possible_count; i++)
        count += mock_entity_count(type->possible[i]);
    return count;
}

/* In `*types`, how many of the possible types have ids above `id`; return how many of these ids
 * all of those types have. */
static int
count_more(const struct type *type, int id, int *types)
{
    int least = 0;

    *types = 0;
    for (int i = 0; i < type->possible_count; i++) {
        int more = mock_entity_count(type->possible[i]) - id;
        if (more <= 0)
            continue;
        least = *types == 0 || more < least ? more : least;
        ++*types;
    }
    return least;
}

/* The type at that place among those with ids above `id`. */
static const struct type *
find_more(const struct type *type, int id, int place)
{
    int i = 0;

    while (mock_entity_count(type->possible[i]) <= id || place-- > 0)
        i++;
    return type->possible[i];
}

/* An abstract type has the objects of its types in turn, by their ids. */
struct mock_entity
mock_entity_at(const struct type *type, int index)
{
    int id = 0; /* ids up to it have been counted */

    assert(index >= 0 && index < mock_entity_count(type));
    if (type->kind == TYPE_OBJECT)
        return (struct mock_entity){ type, index + 1 };
    for (;;) {
        int types, more = count_more(type, id, &types);
        if (index < types * more)
            return (struct mock_entity){ find_more(type, id, index % types),
                                         id + index / types + 1 };
        index -= types * more;
        id += more;
    }
}

struct mock_object
mock_entity_object(struct mock_entity entity)
{
    assert(entity.type);
    return (struct mock_object){ .type = entity.type,
                                 .id = entity.id,
                                 .seed = mock_seed_text((uint64_t)entity.id, entity.type->name) };
}

bool
mock_entity_equal(struct mock_entity one, struct mock_entity other)
{
    return one.type == other.type && one.id == other.id;
}

/* A few objects are referred to most often: the square of a uniform number from 0 to 1 is
 * mostly small. */
static int
choose_skewed(uint64_t number, int count)
{
    uint64_t half = number >> 32;

    return (int)((half * half >> 32) * (uint64_t)count >> 32);
}

struct mock_entity
mock_entity_refer(const struct mock_object *object, const struct field *field)
{
    const struct mock *mock = binding_mock(field->binding);
    const struct type *type = mock->target;
    uint64_t number = mock_seed_text(object->seed, field->name);

    if ((uint64_t)mock->nulls > number % 100 || type_is_leaf(type))
        return none;
    if (type_is_abstract(type) && type->possible_count > 0)
        type = type->possible[number % (uint64_t)type->possible_count];
    int count = mock_entity_count(type);
    return count > 0 ? mock_entity_at(type, choose_skewed(number, count)) : none;
}

/* --- keys --- */

/* `"7"`, or 7. */
static void
write_number(struct buf *b, int64_t id, bool is_number)
{
    buf_put_c(b, is_number ? "" : "\"");
    buf_int64(b, id);
    buf_put_c(b, is_number ? "" : "\"");
}

/* `Item:7` in base64, which clients should not read the type and the number out of; or `item_7`. */
static void
write_opaque(struct buf *b, struct mock_entity entity)
{
    struct buf text = { 0 };

    struct str prefix = binding_of_type(entity.type)->mock->prefix;

    buf_printf(&text, "%.*s%c%lld", STR_PRINT(prefix.ptr ? prefix : entity.type->name),
               prefix.ptr ? '_' : ':', (long long)entity.id);
    buf_byte(b, '"');
    if (prefix.ptr)
        buf_put(b, buf_str(&text));
    else
        base64_write(b, buf_str(&text));
    buf_byte(b, '"');
    buf_free(&text);
}

enum { UUID_LENGTH = 36, UUID_LAST = 24 };

/* A UUID that no object of another type has: a number of its type's name, and its id. */
static struct str
make_uuid(char text[static UUID_LENGTH + 1], struct mock_entity entity)
{
    snprintf(text, UUID_LENGTH + 1, "%08x-0000-4000-8000-%012llx",
             (unsigned)mock_seed_text(0, entity.type->name),
             (unsigned long long)entity.id & 0xffffffffffff);
    return str_from(text);
}

/* The object of the type that has that UUID, by the digits behind the last hyphen. */
static struct mock_entity
find_by_uuid(const struct type *type, struct str key)
{
    char text[UUID_LENGTH + 1], *end;

    if (key.len != UUID_LENGTH)
        return none;
    memcpy(text, key.ptr, UUID_LENGTH);
    text[UUID_LENGTH] = '\0';
    const struct mock_entity entity = { type, strtoll(text + UUID_LAST, &end, 16) };
    return str_equal_nocase(make_uuid(text, entity), key) ? entity : none;
}

void
mock_entity_write_key(struct buf *b, struct mock_entity entity)
{
    const struct mock_type *mock = binding_of_type(entity.type)->mock;
    bool is_number = str_is(type_named(mock->key->type)->name, "Int");
    char text[UUID_LENGTH + 1];

    if (mock->has_plain_ids && !is_number) {
        json_write_string(b, make_uuid(text, entity));
        return;
    }

    if (mock->is_global && !is_number) {
        write_opaque(b, entity);
        return;
    }
    write_number(b, entity.id, is_number);
}

void
mock_entity_write_number(struct buf *b, const struct mock_object *object, const struct type *scalar)
{
    const struct mock_entity entity = { object->type, object->id };
    bool is_number = str_is(scalar->name, "Int");

    if (binding_of_type(object->type)->mock->has_plain_ids && !is_number)
        mock_entity_write_key(b, entity);
    else
        write_number(b, object->id, is_number);
}

/* The object whose key the mutation was given: as `name`, or as `id`. */
static struct mock_entity
find_given(struct arena *a, const struct mock_object *object, const struct type *type,
           struct str name)
{
    const struct value *given = object->given ? value_find(object->given, name) : NULL;
    int64_t id;

    if (object->given && !given)
        given = value_find(object->given, STR("id"));
    if (!given || !given->text.ptr)
        return none;
    struct mock_entity found = mock_entity_find(a, type, given->text);
    if (!found.type && str_read_int64(given->text, &id))
        found = (struct mock_entity){ type, id };
    return found;
}

void
mock_entity_write_referred(struct arena *a, struct buf *b, const struct mock_object *object,
                           const struct field *field)
{
    const struct type *type = binding_mock(field->binding)->target;
    struct mock_entity entity = find_given(a, object, type, field->name);

    if (!entity.type)
        entity = mock_entity_at(type, choose_skewed(mock_seed_text(object->seed, field->name),
                                                    mock_entity_count(type)));
    mock_entity_write_key(b, entity);
}

static struct mock_entity
find_by_number(const struct type *type, struct str key)
{
    const struct mock_type *mock = binding_of_type(type)->mock;
    int64_t id = 0;
    bool is_one = mock->shape == MOCK_ENTITY && str_read_int64(key, &id) &&
                  ((id >= 1 && id <= mock->count) || (id >= MOCK_FRESH && id <= INT32_MAX));

    return is_one ? (struct mock_entity){ type, id } : none;
}

/* The type's object with that key, or none. */
static struct mock_entity
find_in_type(struct arena *a, const struct type *type, struct str key)
{
    const struct mock_type *mock = binding_of_type(type)->mock;

    if (mock->shape != MOCK_ENTITY)
        return none;
    if (mock->has_plain_ids && !str_is(type_named(mock->key->type)->name, "Int")) {
        const struct mock_entity entity = find_by_uuid(type, key);
        bool is_one = entity.type && (entity.id <= mock->count || entity.id >= MOCK_FRESH);
        return is_one && entity.id >= 1 ? entity : none;
    }
    if (mock->is_global && !str_is(type_named(mock->key->type)->name, "Int")) {
        struct str text = mock->prefix.ptr ? key : base64_read(a, key);
        struct str name = mock->prefix.ptr ? mock->prefix : type->name;
        if (!text.ptr || text.len <= name.len || !str_starts_with(text, name) ||
            text.ptr[name.len] != (mock->prefix.ptr ? '_' : ':'))
            return none;
        key = (struct str){ text.ptr + name.len + 1, text.len - name.len - 1 };
    }
    return find_by_number(type, key);
}

struct mock_entity
mock_entity_find(struct arena *a, const struct type *type, struct str key)
{
    if (type->kind == TYPE_OBJECT)
        return find_in_type(a, type, key);
    for (int i = 0; i < type->possible_count; i++) {
        struct mock_entity found = find_in_type(a, type->possible[i], key);
        if (found.type)
            return found;
    }
    return none;
}

struct mock_entity
mock_entity_find_given(struct arena *a, const struct type *type, struct str key)
{
    struct mock_entity found = mock_entity_find(a, type, key);

    return found.type || type->kind != TYPE_OBJECT ? found : find_by_number(type, key);
}

const struct type *
mock_entity_named(const struct type *type, struct str name)
{
    if (type->kind == TYPE_OBJECT)
        return str_equal(type->name, name) && mock_entity_count(type) > 0 ? type : NULL;
    for (int i = 0; i < type->possible_count; i++)
        if (str_equal(type->possible[i]->name, name) && mock_entity_count(type->possible[i]) > 0)
            return type->possible[i];
    return NULL;
}
