/*
 * fuzz_response.c - what must hold of any response.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz_response.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_json.h"
#include "plan/plan.h"
#include "tests/fuzz/fuzz.h"

/* A response, for messages. */
struct judge {
    struct str text;
};

static void
demand(const struct judge *j, bool holds, const char *what)
{
    if (!holds)
        fuzz_fail(what, j->text, STR_NONE);
}

static bool
fits_leaf(const struct type *type, const struct value *value)
{
    if (type->kind == TYPE_ENUM) {
        for (int i = 0; i < type->value_count; i++)
            if (value->kind == VALUE_STRING && str_equal(type->values[i].name, value->text))
                return true;
        return false;
    }
    if (str_is(type->name, "Int"))
        return value->kind == VALUE_INT;
    if (str_is(type->name, "Float"))
        return value->kind == VALUE_INT || value->kind == VALUE_FLOAT;
    if (str_is(type->name, "Boolean"))
        return value->kind == VALUE_BOOLEAN;
    if (str_is(type->name, "ID") || str_is(type->name, "String") || str_is(type->name, "DateTime"))
        return value->kind == VALUE_STRING;
    return true;
}

static void
check_object(const struct judge *j, const struct plan_field *fields, const struct value *value);

static bool may_have_fields(const struct plan_field *fields, const struct value *object);

/* Can the value be one of the field, or an item of it? */
static bool
may_be_value(const struct plan_field *field, const struct type *type, const struct value *value)
{
    if (value->kind == VALUE_NULL)
        return type->kind != TYPE_NON_NULL;
    type = type_nullable(type);
    if (type->kind == TYPE_LIST) {
        const struct value *item = value->kind == VALUE_LIST ? value->items : NULL;
        while (item && may_be_value(field, type->of, item))
            item = item->next;
        return value->kind == VALUE_LIST && !item;
    }
    if (!type_is_composite(type))
        return true;
    if (!field->variants)
        return may_have_fields(field->fields, value);
    const struct plan_variant *variant = field->variants;
    while (variant && !may_have_fields(variant->fields, value))
        variant = variant->next;
    return variant != NULL;
}

/* Can the object be one with these fields?  Types may have fields of the same names, which
 * differ in what is below them. */
static bool
may_have_fields(const struct plan_field *fields, const struct value *object)
{
    const struct value *member = object->items;

    for (; fields && member; fields = fields->next, member = member->next)
        if (!str_equal(member->name, fields->name) || !may_be_value(fields, fields->type, member) ||
            (fields->kind == PLAN_TYPENAME && !str_equal(member->text, fields->parent_type->name)))
            return false;
    return !fields && !member;
}

/* The fields of the object: of an abstract type those of some possible type. */
static const struct plan_field *
find_fields(const struct judge *j, const struct plan_field *field, const struct value *object)
{
    const struct plan_variant *variant = field->variants;

    if (!variant)
        return field->fields;
    while (variant && !may_have_fields(variant->fields, object))
        variant = variant->next;
    demand(j, variant, "an object of an abstract type is one of a possible type");
    return variant->fields;
}

/* The value of a field, or an item of it (6.4.3). */
static void
check_value(const struct judge *j, const struct plan_field *field, const struct type *type,
            const struct value *value)
{
    if (value->kind == VALUE_NULL) {
        demand(j, type->kind != TYPE_NON_NULL, "what is non-null is never null");
        return;
    }
    type = type_nullable(type);
    if (type->kind == TYPE_LIST) {
        demand(j, value->kind == VALUE_LIST, "a list is a list");
        for (const struct value *item = value->items; item; item = item->next)
            check_value(j, field, type->of, item);
    } else if (type_is_composite(type)) {
        demand(j, value->kind == VALUE_OBJECT, "an object is an object");
        check_object(j, find_fields(j, field, value), value);
    } else {
        demand(j, fits_leaf(type, value), "a leaf is of its type");
    }
}

/* All fields are there, in the order in which they were asked for (6.3.2). */
static void
check_object(const struct judge *j, const struct plan_field *fields, const struct value *value)
{
    const struct value *member = value->items;

    for (; fields; fields = fields->next, member = member->next) {
        demand(j, member && str_equal(member->name, fields->name), "a field has its place");
        check_value(j, fields, fields->type, member);
    }
    demand(j, !member, "there are no other fields");
}

/* 7.1.2 */
static void
check_errors(const struct judge *j, const struct value *errors)
{
    demand(j, errors->kind == VALUE_LIST && errors->count > 0, "errors is a list of some");
    for (const struct value *error = errors->items; error; error = error->next) {
        const struct value *message = value_find(error, STR("message"));
        const struct value *extensions = value_find(error, STR("extensions"));
        demand(j, message && message->kind == VALUE_STRING && message->text.len > 0,
               "an error has a message");
        demand(j, extensions && value_find(extensions, STR("code")), "an error has a code");
    }
}

/* The head; return the status. */
static int
check_head(const struct judge *j, struct str head, size_t body_length)
{
    int64_t status, length;
    struct str line = { head.ptr, str_find(head, '\r') };
    const char *named = strstr(head.ptr, "\r\nContent-Length: ");

    demand(j, str_starts_with(line, STR("Status: ")) && line.len > 12 && line.ptr[11] == ' ',
           "a head begins with the status");
    demand(j, str_read_int64((struct str){ line.ptr + 8, 3 }, &status), "a status is a number");
    demand(j, named != NULL, "a head has a length");
    struct str rest = str_from(named + strlen("\r\nContent-Length: "));
    demand(j,
           str_read_int64((struct str){ rest.ptr, str_find(rest, '\r') }, &length) &&
               length == (int64_t)body_length,
           "a body is as long as it says");
    for (size_t i = 0; i < head.len; i++)
        demand(j, (unsigned char)head.ptr[i] >= 0x20 || memchr("\r\n", head.ptr[i], 2),
               "a head has no control characters");
    return (int)status;
}

static const struct value *
parse_body(const struct judge *j, struct arena *a, struct str body)
{
    struct limits limits = limits_default;
    struct errors errors = { .arena = a };

    limits.json_depth = 1000;
    limits.json_values = 1000000;
    limits.json_string = limits.json_number = 1 << 24;
    const struct value *value = value_json_parse(a, body, &limits, &errors);
    if (!value)
        fuzz_fail("a body is JSON", j->text, errors.first->message);
    return value;
}

struct str
fuzz_check_response(struct arena *a, struct str response, const struct plan *plan)
{
    struct judge j = { .text = str_copy(a, response) };
    const char *end = strstr(j.text.ptr, "\r\n\r\n");

    demand(&j, end != NULL, "a head ends");
    struct str head = str_copy(a, (struct str){ j.text.ptr, (size_t)(end + 2 - j.text.ptr) });
    struct str body = { end + 4, j.text.len - head.len - 2 };
    int status = check_head(&j, head, body.len);
    const struct value *root = parse_body(&j, a, body);
    const struct value *errors = value_find(root, STR("errors"));
    const struct value *data = value_find(root, STR("data"));

    const struct value *extensions = value_find(root, STR("extensions"));

    demand(&j, root->count == (errors != NULL) + (data != NULL) + (extensions != NULL),
           "errors, data and extensions are all");
    demand(&j, errors || data, "there is one of them");
    demand(&j, !errors || root->items == errors, "errors come first");
    if (errors)
        check_errors(&j, errors);
    if (!data) {
        demand(&j, status >= 200 && status < 600, "a status that is one");
        return body;
    }
    demand(&j, status == 200, "with data, all is well");
    demand(&j, plan != NULL, "data comes from a plan");
    if (data->kind == VALUE_NULL)
        demand(&j, errors != NULL, "no data without an error");
    else
        check_object(&j, plan->fields, data);
    return body;
}
