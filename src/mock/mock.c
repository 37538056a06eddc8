/*
 * mock.c - made-up values in place of a database.
 *
 * Arguments are coerced, and errors and nulls propagate, as they do with rows
 * (write.h); only the values are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock/mock.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/map.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_seed.h"

/* The items of a list of comparable values. */
enum { COMPARABLE_ITEMS = 2 };

/* Comparable values of the built-in scalars. */
static const struct {
    const char *name;
    const char *json;
} comparable[] = {
    { "Int", "42" },
    { "Float", "3.14" },
    { "Boolean", "true" },
    { "ID", "\"1\"" },
};

/* Of String and of custom scalars. */
static const char comparable_text[] = "\"mock\"";

static bool write_comparable(struct writer *w, const struct plan_field *field,
                             const struct type *type, const struct path *path);

static void
write_scalar(struct writer *w, const struct type *type)
{
    const char *json = comparable_text;

    for (size_t i = 0; i < ARRAY_LENGTH(comparable); i++)
        if (str_is(type->name, comparable[i].name))
            json = comparable[i].json;
    buf_put_c(w->buf, json);
}

static bool
write_comparable_items(struct writer *w, const struct plan_field *field, const struct type *type,
                       const struct path *path)
{
    buf_byte(w->buf, '[');
    for (int i = 0; i < COMPARABLE_ITEMS && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        size_t start;
        if (i > 0)
            buf_byte(w->buf, ',');
        start = w->buf->len;
        if (!write_comparable(w, field, type->of, &item) && !write_stop(w, type->of, start))
            return false;
    }
    buf_byte(w->buf, ']');
    return true;
}

/* Write a value of `type`: the field's, or one that it wraps. */
static bool
write_comparable(struct writer *w, const struct plan_field *field, const struct type *type,
                 const struct path *path)
{
    const struct type *object = type_nullable(type);
    const struct row row = { 0 };

    switch (object->kind) {
    case TYPE_LIST:
        return write_comparable_items(w, field, object, path);
    case TYPE_INTERFACE:
    case TYPE_UNION:
        if (object->possible_count == 0)
            return write_null(w, field, type, path);
        object = object->possible[0];
        return write_fields(w, plan_fields_of(field, object), row, path);
    case TYPE_ENUM:
        json_write_string(w->buf, object->values[0].name);
        return true;
    case TYPE_SCALAR:
        write_scalar(w, object);
        return true;
    default:
        return write_fields(w, field->fields, row, path);
    }
}

/* A field's arguments: the same for each of its objects. */
struct arguments {
    const struct plan_field *field; /* the key */
    const struct value *values;     /* an object; NULL: */
    const struct error *error;      /* why they cannot be coerced */
};

static const struct arguments *
find_arguments(struct run *run, const struct plan_field *field)
{
    static const struct value nothing = { .kind = VALUE_OBJECT };
    static const struct arguments none = { .values = &nothing };
    const struct str key = { (const char *)&field, sizeof(field) };

    if (field_call_count(field->definition) == 0)
        return &none;
    if (!run->mock_arguments)
        run->mock_arguments = map_new(run->arena);
    struct arguments *known = map_get(run->mock_arguments, key);
    if (!known) {
        struct errors errors = { .arena = run->arena };
        known = ARENA_NEW(run->arena, struct arguments);
        known->field = field;
        known->values = execute_arguments(run, field, &errors);
        known->error = errors.first;
        if (known->values && binding_mock(field->definition->binding))
            known->error = mock_write_judge(run, field->definition, known->values);
        map_put(run->mock_arguments, (struct str){ (const char *)&known->field, sizeof(field) },
                known);
    }
    return known;
}

/* The parent of the root fields; of a mutation's, with what it was given. */
static struct mock_object
make_root(const struct run *run, const struct plan_field *field, const struct value *arguments)
{
    struct mock_object root = { .type = field->parent_type };

    if (run->is_mutation) {
        root.mutation = field->definition;
        root.given = mock_mutation_given(run->arena, arguments);
        root.id = mock_mutation_fresh(mock_write_count(field->definition, root.given));
    }
    return root;
}

static bool
write_lifelike(struct writer *w, const struct plan_field *field, const struct mock_object *object,
               const struct value *arguments, const struct path *path)
{
    const struct mock_object root = make_root(w->run, field, arguments);
    const struct mock_object *parent = object ? object : &root;
    struct mock_call call = { .w = w,
                              .field = field,
                              .mock = binding_mock(field->definition->binding),
                              .parent = parent,
                              .arguments = arguments,
                              .path = path,
                              .seed = mock_seed_text(parent->seed, field->definition->name) };

    return mock_field_write(&call);
}

bool
mock_write(struct writer *w, const struct plan_field *field, const struct mock_object *object,
           const struct path *path)
{
    size_t start = w->buf->len;
    const struct arguments *arguments = find_arguments(w->run, field);

    if (arguments->error)
        return write_failure(w, field, field->type, path, arguments->error);
    bool is_written = binding_mock(field->definition->binding)
                          ? write_lifelike(w, field, object, arguments->values, path)
                          : write_comparable(w, field, field->type, path);
    return is_written || write_stop(w, field->type, start);
}
