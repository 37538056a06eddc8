/*
 * mock_mutation.c - what mutations answer: what they were given.
 *
 * Each field of the answer that has the name of an argument shows the argument's value.  So
 * does the object that the mutation is about: the one that its name tells (mock_names.h), or
 * whose id it was given.  What it creates gets a new id.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <time.h>

#include "base/arena.h"
#include "base/json.h"
#include "binding/binding.h"
#include "contract/contract.h"
#include "mock/mock_internal.h"
#include "mock/mock_names.h"

/* --- what was given --- */

static struct value **
append_all(struct arena *a, struct value *object, struct value **end, const struct value *from)
{
    for (const struct value *member = from->items; member; member = member->next)
        if (!value_find(object, member->name))
            end = value_append(a, object, end, member, member->name);
    return end;
}

const struct value *
mock_mutation_given(struct arena *a, const struct value *arguments)
{
    struct value *given = ARENA_NEW(a, struct value), **end = &given->items;

    assert(arguments->kind == VALUE_OBJECT);
    given->kind = VALUE_OBJECT;
    end = append_all(a, given, end, arguments);
    for (const struct value *member = arguments->items; member; member = member->next)
        if (member->kind == VALUE_OBJECT)
            end = append_all(a, given, end, member);
    return given;
}

/* Can the value be shown as the named type? */
static bool
fits(const struct type *type, const struct value *value)
{
    bool is_number = value->kind == VALUE_INT || value->kind == VALUE_FLOAT;
    int64_t number;

    if (type->kind == TYPE_ENUM)
        return (value->kind == VALUE_ENUM || value->kind == VALUE_STRING) &&
               schema_find_enum_value(type, value->text);
    if (str_is(type->name, "Int"))
        return value->kind == VALUE_INT && str_read_int64(value->text, &number) &&
               number >= INT32_MIN && number <= INT32_MAX;
    if (str_is(type->name, "Float"))
        return is_number;
    if (str_is(type->name, "Boolean"))
        return value->kind == VALUE_BOOLEAN;
    if (str_is(type->name, "String") || str_is(type->name, "ID"))
        return value->kind == VALUE_STRING;
    return true;
}

static bool
fits_list(const struct type *type, const struct value *value)
{
    const struct type *nullable = type_nullable(type);

    if (value->kind == VALUE_NULL)
        return type->kind != TYPE_NON_NULL;
    if (nullable->kind != TYPE_LIST)
        return fits(nullable, value);
    if (value->kind != VALUE_LIST)
        return false;
    for (const struct value *item = value->items; item; item = item->next)
        if (!fits_list(nullable->of, item))
            return false;
    return true;
}

bool
mock_mutation_write(struct mock_call *call, bool *is_written)
{
    const struct field *field = call->field->definition;
    const struct value *value =
        call->parent->given ? value_find(call->parent->given, field->name) : NULL;

    /* `deleteItem(id: 7): ID` */
    if (!value && call->parent->mutation == field && str_is(type_nullable(field->type)->name, "ID"))
        value = value_find(call->parent->given, STR("id"));
    *is_written = value && call->mock->role != MOCK_ID && type_is_leaf(type_named(field->type)) &&
                  fits_list(field->type, value);
    if (!*is_written)
        return false;
    value_write_json(call->w->buf, value);
    return true;
}

/* --- the object that it is about --- */

/* Milliseconds of now, so that several workers seldom give the same id. */
int64_t
mock_mutation_fresh(int count)
{
    static int64_t next;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    int64_t fresh = MOCK_FRESH + ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000) % 2000000000;
    fresh = fresh > next ? fresh : next;
    next = fresh + count;
    return fresh;
}

/* Does the mutation's name tell a type that it is about? */
static bool
names_a_type(const struct schema *schema, const struct field *mutation)
{
    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (binding_of_type(type)->mock && binding_of_type(type)->mock->shape == MOCK_ENTITY &&
            mock_names_is_about(mutation->name, type->name))
            return true;
    }
    return false;
}

struct mock_entity
mock_mutation_viewer(const struct mock_call *call, const struct type *type)
{
    const struct schema *schema = call->w->run->options.contract->schema;
    const struct viewer *viewer = call->w->run->options.viewer;

    if (!viewer->user_id.ptr)
        return (struct mock_entity){ NULL, 0 };
    for (const struct str *name = mock_names_viewer; name->ptr; name++) {
        const struct field *field = schema_find_field(schema, schema->query, *name);
        if (field && type_named(field->type) == type)
            return mock_entity_at(type, 0);
    }
    return (struct mock_entity){ NULL, 0 };
}

/* The object whose id was given: `itemId` for a field `item` or `itemNode`, or `id` for the type
 * that the mutation names. */
static struct mock_entity
find_given(const struct mock_call *call, const struct type *type, bool is_named, bool *is_asked)
{
    struct arena *a = call->w->run->arena;
    const struct value *given = call->parent->given;
    struct str field = call->field->definition->name, noun = mock_names_find_noun(field);
    struct str name = str_format(a, "%.*sId", STR_PRINT(field));
    const struct value *value = given ? value_find(given, name) : NULL;

    if (given && !value && noun.len < field.len)
        value = value_find(given, str_format(a, "%.*sId", STR_PRINT(noun)));
    if (given && !value && is_named)
        value = value_find(given, STR("id"));
    *is_asked = value && value->text.ptr;
    return *is_asked ? mock_entity_find_given(a, type, value->text)
                     : (struct mock_entity){ NULL, 0 };
}

/* The object that the field shows when no id was given for it. */
static struct mock_entity
choose_entity(const struct mock_call *call, const struct type *type, bool is_of_answer)
{
    const struct mock_object *parent = call->parent;
    struct mock_entity entity = { NULL, 0 };

    if (is_of_answer && type->kind == TYPE_OBJECT &&
        mock_names_creates(parent->mutation->name, type->name))
        return (struct mock_entity){ type, parent->id };
    if (is_of_answer || parent->id >= MOCK_FRESH) /* what is created belongs to who creates it */
        entity = mock_mutation_viewer(call, type);
    return entity.type ? entity : mock_entity_refer(parent, call->field->definition);
}

struct mock_object
mock_mutation_entity(const struct mock_call *call)
{
    const struct field *mutation = call->parent->mutation;
    const struct schema *schema = call->w->run->options.contract->schema;
    const struct type *type = call->mock->target;
    bool is_of_answer = binding_of_type(call->parent->type)->mock->shape != MOCK_ENTITY;
    bool is_named = is_of_answer && mock_names_is_about(mutation->name, type->name), is_asked;
    struct mock_entity entity = find_given(call, type, is_named, &is_asked);

    if (!is_asked)
        entity = choose_entity(call, type, is_of_answer);
    if (!entity.type)
        return (struct mock_object){ 0 };
    struct mock_object object = mock_entity_object(entity);
    if (is_named || (is_of_answer && !names_a_type(schema, mutation)))
        object.given = call->parent->given;
    object.mutation = mutation;
    return object;
}
