/*
 * mock_field.c - a lifelike field: its values could come from a database.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "binding/binding.h"
#include "contract/contract.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_leaf.h"
#include "mock/mock_names.h"
#include "mock_scalar/mock_seed.h"

/* Items of a list of values, unless @mock(count:) says otherwise: from 1 to this. */
enum { ITEMS = 3 };

/* --- leaves --- */

void
mock_field_leaf(struct run *run, struct buf *b, const struct mock_object *object,
                const struct field *field, uint64_t index)
{
    const struct mock *mock = binding_mock(field->binding);
    const struct type *type = type_named(field->type);
    uint64_t number = mock_seed_number(mock_seed_text(object->seed, field->name), index);

    if (mock->role == MOCK_KEY && object->id) {
        mock_entity_write_key(b, (struct mock_entity){ object->type, object->id });
    } else if (mock->role == MOCK_NUMBER && object->id && mock->value_count == 0) {
        mock_entity_write_number(b, object, type);
    } else if (mock->role == MOCK_ID && mock->value_count == 0) {
        mock_entity_write_referred(run->arena, b, object, field);
    } else if (object->mutation && object->id && str_is(field->name, "id")) {
        bool is_number = str_is(type->name, "Int"); /* of what was created, beside it */
        buf_printf(b, is_number ? "%lld" : "\"%lld\"", (long long)object->id);
    } else if (mock->role == MOCK_COUNT && mock->value_count == 0) {
        const struct type *target = binding_mock(mock->counted->binding)->target;
        bool is_known = target && mock_entity_count(target) > 0;
        buf_int64(b, is_known ? mock_page_count(run, object, mock->counted) : 0);
    } else if (mock->value_count > 0) {
        buf_put(b, mock->values[number % (uint64_t)mock->value_count]);
    } else if (type->kind == TYPE_ENUM) {
        json_write_string(b, type->values[number % (uint64_t)type->value_count].name);
    } else {
        const struct mock_leaf leaf = { .scalar = type,
                                        .type_name = object->type->name,
                                        .field_name = field->name,
                                        .object = object->seed,
                                        .value = number,
                                        .id = object->id,
                                        .count = binding_of_type(object->type)->mock->count };
        mock_leaf_write(b, &leaf);
    }
}

/* How many items a list of values has. */
static int
count_items(const struct mock *mock, uint64_t seed)
{
    return mock->count >= 0 ? mock->count : (int)(seed % ITEMS) + 1;
}

void
mock_field_items(struct run *run, struct buf *b, const struct mock_object *object,
                 const struct field *field)
{
    const struct mock *mock = binding_mock(field->binding);
    uint64_t seed = mock_seed_text(object->seed, field->name);
    int count = count_items(mock, seed);

    buf_byte(b, '[');
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? "," : "");
        mock_field_leaf(run, b, object, field, mock_seed_number(0, (uint64_t)i + 1));
    }
    buf_byte(b, ']');
}

/* --- objects that are part of others --- */

/* The object without id at a place of the field. */
static struct mock_object
make_value(const struct mock_call *call, const struct type *type, uint64_t index)
{
    const struct mock_object *parent = call->parent;
    const struct value *given =
        parent->given ? value_find(parent->given, call->field->definition->name) : NULL;
    struct mock_object object = { .type = type,
                                  .seed = mock_seed_number(call->seed, index),
                                  .mutation = parent->mutation };

    if (given && given->kind == VALUE_OBJECT)
        object.given = given;
    else if (parent->mutation)
        object.given = parent->given;
    else if (call->arguments->count > 0)
        object.given = call->arguments;
    if (parent->mutation)
        object.id = parent->id;
    return object;
}

bool
mock_field_object(struct mock_call *call, const struct mock_object *object, const struct path *path)
{
    assert(object->type);
    return write_fields(call->w, plan_fields_of(call->field, object->type),
                        (struct row){ .mock = object }, path);
}

/* Write a value of `type`, the field's or one that it wraps, whose objects have no ids. */
static bool
write_nested(struct mock_call *call, const struct type *type, uint64_t index,
             const struct path *path)
{
    const struct type *nullable = type_nullable(type);
    struct buf *b = call->w->buf;

    if (nullable->kind == TYPE_LIST) {
        int count = count_items(call->mock, call->seed);
        buf_byte(b, '[');
        for (int i = 0; i < count && !b->failed; i++) {
            struct path item = { .parent = path, .index = i };
            buf_put_c(b, i > 0 ? "," : "");
            size_t start = b->len;
            if (!write_nested(call, nullable->of, mock_seed_number(index, (uint64_t)i + 1),
                              &item) &&
                !write_stop(call->w, nullable->of, start))
                return false;
        }
        buf_byte(b, ']');
        return true;
    }
    if (type_is_leaf(nullable)) {
        mock_field_leaf(call->w->run, b, call->parent, call->field->definition, index);
        return true;
    }
    if (type_is_abstract(nullable)) {
        if (nullable->possible_count == 0)
            return write_null(call->w, call->field, type, path);
        nullable = nullable->possible[mock_seed_number(call->seed, index) %
                                      (uint64_t)nullable->possible_count];
    }
    struct mock_object object = make_value(call, nullable, index);
    return mock_field_object(call, &object, path);
}

/* --- the roles --- */

/* Does it say whether something holds for the viewer, and is nobody signed in?  Then it does
 * not hold. */
static bool
is_of_nobody(const struct mock_call *call)
{
    const struct field *field = call->field->definition;

    return mock_names_tells_of_viewer(field->name) &&
           str_is(type_nullable(field->type)->name, "Boolean") &&
           !call->w->run->options.viewer->user_id.ptr;
}

static bool
write_some_value(struct mock_call *call)
{
    if (is_of_nobody(call)) {
        json_write_bool(call->w->buf, false);
        return true;
    }
    return write_nested(call, call->field->type, 0, call->path);
}

static bool
write_single(struct mock_call *call)
{
    const struct type *type = type_nullable(call->field->type);
    const struct mock_object *parent = call->parent;
    struct mock_object object = { 0 };

    if (type->kind == TYPE_LIST || mock_entity_count(type) == 0)
        return write_some_value(call);
    if (parent->mutation) {
        object = mock_mutation_entity(call);
    } else {
        struct mock_entity entity = { NULL, 0 };
        if (parent->type == call->w->run->options.plan->root_type && call->arguments->count == 0)
            entity = mock_mutation_viewer(call, type);
        if (!entity.type)
            entity = mock_match_one(call);
        if (entity.type)
            object = mock_entity_object(entity);
    }
    if (!object.type)
        return write_null(call->w, call->field, call->field->type, call->path);
    return mock_field_object(call, &object, call->path);
}

/* Count the objects against limits->nodes; false after adding an error. */
static bool
count_rows(struct run *run, int count, struct errors *errors)
{
    int most = run->options.limits->nodes;

    run->row_count += count;
    if (run->row_count <= most)
        return true;
    errors_add_limit(errors, "nodes", most, "The request fetches more than %d rows.", most);
    return false;
}

static bool
write_objects(struct mock_call *call)
{
    const struct type *type = type_nullable(call->field->type);
    struct run *run = call->w->run;
    struct errors errors = { .arena = run->arena };
    struct buf *b = call->w->buf;
    struct mock_page page;

    if (!mock_page_find(call, &page, &errors) || !count_rows(run, page.end - page.start, &errors))
        return write_failure(call->w, call->field, call->field->type, call->path, errors.first);
    buf_byte(b, '[');
    for (int i = page.start; i < page.end && !b->failed; i++) {
        struct path item = { .parent = call->path, .index = i - page.start };
        buf_put_c(b, i > page.start ? "," : "");
        if (!page.list[i].type) {
            buf_put_c(b, "null");
            continue;
        }
        const struct mock_object object = mock_entity_object(page.list[i]);
        size_t start = b->len;
        if (!mock_field_object(call, &object, &item) && !write_stop(call->w, type->of, start))
            return false;
    }
    buf_byte(b, ']');
    return true;
}

static bool
write_connection(struct mock_call *call)
{
    struct run *run = call->w->run;
    struct errors errors = { .arena = run->arena };
    struct mock_page page;
    const struct mock_object connection = { .type = type_named(call->field->type),
                                            .seed = call->seed,
                                            .page = &page };

    if (!mock_page_find(call, &page, &errors) || !count_rows(run, page.end - page.start, &errors))
        return write_failure(call->w, call->field, call->field->type, call->path, errors.first);
    return mock_field_object(call, &connection, call->path);
}

static bool (*const roles[])(struct mock_call *call) = {
    [MOCK_LEAF] = write_some_value,        [MOCK_KEY] = write_some_value,
    [MOCK_COUNT] = write_some_value,       [MOCK_NUMBER] = write_some_value,
    [MOCK_ID] = write_some_value,          [MOCK_OBJECT] = write_single,
    [MOCK_LIST] = write_objects,           [MOCK_PAGE] = write_connection,
    [MOCK_TOTALS] = mock_aggregate_totals, [MOCK_GROUPS] = mock_group_write,
};

/* @exactlyOne, as the planner checks it for tables. */
static bool
check_exactly_one(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    int count = 0;

    if (!field->binding->is_exactly_one)
        return true;
    for (int i = 0; i < field_call_count(field); i++) {
        const struct value *value = value_find(call->arguments, field->arguments[i].name);
        enum argument_role role = field->arguments[i].binding->role;
        count += value && value->kind != VALUE_NULL &&
                 (role == ARGUMENT_EQUALS || role == ARGUMENT_SEARCH);
    }
    return count == 1;
}

/* Is it a field of a mutation's answer that stays empty, and may it be so? */
static bool
is_empty(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    bool may_be_empty =
        type_nullable(field->type)->kind == TYPE_LIST || field->type->kind != TYPE_NON_NULL;

    return call->parent->mutation && may_be_empty && mock_names_is_empty(field->name);
}

static bool
write_empty(struct mock_call *call)
{
    if (type_nullable(call->field->type)->kind != TYPE_LIST)
        return write_null(call->w, call->field, call->field->type, call->path);
    buf_put_c(call->w->buf, "[]");
    return true;
}

bool
mock_field_write(struct mock_call *call)
{
    const struct field *field = call->field->definition;
    bool is_written;

    if (!check_exactly_one(call)) {
        struct errors errors = { .arena = call->w->run->arena };
        return write_failure(call->w, call->field, field->type, call->path,
                             plan_exactly_one_error(&errors, field));
    }
    struct mock_object row;
    bool is_good = mock_write_write(call, &is_written);
    if (is_written)
        return is_good;
    mock_write_enter(call, &row);
    is_good = mock_write_within(call, &is_written);
    if (!is_written)
        is_good = mock_mutation_write(call, &is_written);
    if (!is_written)
        is_good = mock_connection_write(call, &is_written);
    if (!is_written)
        is_good = mock_aggregate_write(call, &is_written);
    if (is_written)
        return is_good;
    if (mock_value_is_null(call->parent, field))
        return write_null(call->w, call->field, field->type, call->path);
    if (is_empty(call))
        return write_empty(call);
    return roles[call->mock->role](call);
}
