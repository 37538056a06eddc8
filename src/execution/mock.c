/*
 * mock.c - values that are made up, where no database is.
 *
 * A field's arguments are coerced as any server must, and errors and nulls take
 * the way that they take from rows (write.h); the values alone come from nowhere.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/mock.h"

#include "base/json.h"
#include "type/schema.h"
#include "type/value.h"

/* The items of a list of comparable values. */
enum { COMPARABLE_ITEMS = 2 };

/* Comparable values of the scalars that are not custom. */
static const struct {
    const char *name;
    const char *json;
} comparable[] = {
    { "Int", "42" },
    { "Float", "3.14" },
    { "Boolean", "true" },
    { "ID", "\"1\"" },
};

/* Custom scalars are shown as what String is. */
static const char comparable_text[] = "\"mock\"";

static bool write_value(struct writer *w, const struct plan_field *field, const struct type *type,
                        const struct path *path);

static void
write_scalar(struct writer *w, const struct type *type)
{
    const char *json = comparable_text;

    for (size_t i = 0; i < sizeof(comparable) / sizeof(comparable[0]); i++)
        if (str_is(type->name, comparable[i].name))
            json = comparable[i].json;
    buf_put_c(w->buf, json);
}

static bool
write_items(struct writer *w, const struct plan_field *field, const struct type *type,
            const struct path *path)
{
    buf_byte(w->buf, '[');
    for (int i = 0; i < COMPARABLE_ITEMS && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        size_t start;
        if (i > 0)
            buf_byte(w->buf, ',');
        start = w->buf->len;
        if (!write_value(w, field, type->of, &item) && !write_stop(w, type->of, start))
            return false;
    }
    buf_byte(w->buf, ']');
    return true;
}

/* Write a value of `type`, which is the field's or one that it wraps. */
static bool
write_value(struct writer *w, const struct plan_field *field, const struct type *type,
            const struct path *path)
{
    const struct type *object = type_nullable(type);
    const struct row row = { 0 };

    switch (object->kind) {
    case TYPE_LIST:
        return write_items(w, field, object, path);
    case TYPE_INTERFACE:
    case TYPE_UNION:
        if (object->possible_count == 0)
            return write_null(w, field, type, path);
        object = object->possible[0];
        return write_fields(w, plan_fields_of(field, object), row, path);
    case TYPE_ENUM:
        json_string(w->buf, object->values[0].name);
        return true;
    case TYPE_SCALAR:
        write_scalar(w, object);
        return true;
    default:
        return write_fields(w, field->fields, row, path);
    }
}

/* Can the arguments be coerced?  If not, `errors` has one. */
static bool
check_arguments(const struct run *run, const struct plan_field *field, struct errors *errors)
{
    const struct field *definition = field->definition;

    for (int i = 0; i < definition->argument_count && errors->count == 0; i++) {
        bool is_absent = false;
        (void)value_of_argument(run->arena, field->ast->arguments, &definition->arguments[i],
                                run->options.variables, &is_absent, errors);
    }
    return errors->count == 0;
}

bool
mock_write(struct writer *w, const struct plan_field *field, const struct mock_object *object,
           const struct path *path)
{
    struct errors errors = { .arena = w->run->arena };
    size_t start = w->buf->len;

    (void)object;
    if (!check_arguments(w->run, field, &errors))
        return write_failure(w, field, field->type, path, errors.first);
    return write_value(w, field, field->type, path) || write_stop(w, field->type, start);
}
