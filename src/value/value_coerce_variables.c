/*
 * value_coerce_variables.c - the variables of a request (specification, 6.1.2,
 * CoerceVariableValues; input coercion, 3.5 to 3.12).
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "value/scalar.h"
#include "value/value.h"
#include "value/value_coerce.h"

enum { SCANNED_MOST = 16 }; /* more members or variables are found by a map */

/* The members of a JSON object, to be found by name. */
struct members {
    const struct value *object; /* or NULL: none */
    struct map *by_name;        /* where there are many; or NULL */
};

static struct members
index_members(struct arena *a, const struct value *object)
{
    struct members members = { .object = object };

    if (!object || object->count <= SCANNED_MOST)
        return members;
    members.by_name = map_new(a);
    for (const struct value *at = object->items; at; at = at->next)
        map_put(members.by_name, at->name, (void *)at);
    return members;
}

static const struct value *
find_member(const struct members *members, struct str name)
{
    if (members->by_name)
        return map_get(members->by_name, name);
    return members->object ? value_find(members->object, name) : NULL;
}

/* Where the misfits of an operation's variables are reported. */
struct variable_errors {
    struct arena *arena;
    const struct source *source;
    struct errors *errors;
};

/* The coercion of one variable's value: each error in it is reported, until the list is full. */
struct coercion {
    const struct variable_errors *request;
    struct arena *arena;
    const struct ast_variable_definition *definition;
};

/* Report what is wrong with a variable, at its definition. */
static void
variable_fail(const struct variable_errors *r, const struct ast_variable_definition *definition,
              const char *format, ...) PRINTF(3, 4);

static void
variable_fail(const struct variable_errors *r, const struct ast_variable_definition *definition,
              const char *format, ...)
{
    struct str name = ast_as(value, definition->variable)->text;
    va_list args;
    va_start(args, format);
    struct str what = str_vformat(r->arena, format, args);
    va_end(args);

    struct error *error =
        source_error(r->errors, r->source, definition->node.start, ERROR_BAD_USER_INPUT,
                     "Variable \"$%.*s\" %.*s", STR_PRINT(name), STR_PRINT(what));
    error->argument = str_copy(r->errors->arena, name);
}

/* Say what does not fit where, and return NULL. */
static const struct value *
coercion_fail(struct coercion *c, const struct path *path, const char *format, ...) PRINTF(3, 4);

static const struct value *
coercion_fail(struct coercion *c, const struct path *path, const char *format, ...)
{
    struct buf where = { 0 };
    va_list args;

    if (errors_full(c->request->errors))
        return NULL;
    va_start(args, format);
    struct str why = str_vformat(c->arena, format, args);
    va_end(args);
    if (path)
        buf_put_c(&where, " at ");
    value_print_path(&where, path);
    variable_fail(c->request, c->definition, "has invalid value%.*s: %.*s",
                  STR_PRINT(buf_str(&where)), STR_PRINT(why));
    buf_free(&where);
    return NULL;
}

/* The digits of an integer as the reference implementation has them: the fewest that tell the
 * double from others, with zeros after them; with an exponent from 10^21 on (ECMAScript,
 * Number::toString). */
static struct str
integer_text(struct arena *a, double number)
{
    const char *sign = number < 0 ? "-" : "";
    char digits[32]; /* d.ddde+dd */
    int precision = 0;

    if (number == 0)
        return STR("0");
    do
        snprintf(digits, sizeof(digits), "%.*e", precision, fabs(number));
    while (strtod(digits, NULL) != fabs(number) && precision++ < 16);
    int exponent = atoi(strchr(digits, 'e') + 1);
    if (exponent >= 21)
        return str_format(a, "%s%.*se+%d", sign, precision > 0 ? precision + 2 : 1, digits,
                          exponent);
    /* The number is whole, so no digit stands after the point. */
    return str_format(a, "%s%c%.*s%.*s", sign, digits[0], precision, digits + 2,
                      exponent - precision, "00000000000000000000");
}

/* JSON does not tell 1.0 from 1: the number as an integer, or NULL when it is not one. */
static const struct value *
as_integer(struct arena *a, const struct value *value)
{
    struct value *integer;
    double number;

    if (value->kind != VALUE_FLOAT)
        return NULL;
    number = strtod(value->text.ptr, NULL);
    if (!isfinite(number) || number != floor(number))
        return NULL;
    integer = ARENA_NEW(a, struct value);
    integer->kind = VALUE_INT;
    integer->text = integer_text(a, number);
    return integer;
}

static const struct value *
coerce_scalar(struct coercion *c, const struct value *value, const struct type *type,
              const struct path *path)
{
    struct str why = STR_NONE;
    const struct value *coerced = type->scalar->coerce(c->arena, value, &why);
    const struct value *integer = coerced ? NULL : as_integer(c->arena, value);

    if (integer)
        coerced = type->scalar->coerce(c->arena, integer, &why);
    if (coerced)
        return coerced;
    return coercion_fail(c, path, "%.*s: %.*s", STR_PRINT(why),
                         STR_PRINT(value_inspect(c->arena, value)));
}

static const struct value *
coerce_enum(struct coercion *c, const struct value *value, const struct type *type,
            const struct path *path)
{
    struct value *coerced;

    if (value->kind != VALUE_STRING)
        return coercion_fail(c, path, "Enum \"%.*s\" cannot represent non-string value: %.*s.",
                             STR_PRINT(type->name), STR_PRINT(value_inspect(c->arena, value)));
    if (!schema_find_enum_value(type, value->text))
        return coercion_fail(c, path, "Value %.*s does not exist in \"%.*s\" enum.",
                             STR_PRINT(value_inspect(c->arena, value)), STR_PRINT(type->name));
    coerced = ARENA_NEW(c->arena, struct value);
    coerced->kind = VALUE_ENUM;
    coerced->text = value->text;
    return coerced;
}

static const struct value *coerce(struct coercion *c, const struct value *value,
                                  const struct type *type, const struct path *path);

/* 3.11: a value that is not a list is a list of one. */
static const struct value *
coerce_list(struct coercion *c, const struct value *value, const struct type *type,
            const struct path *path)
{
    struct value *list = ARENA_NEW(c->arena, struct value);
    struct value **end = &list->items;
    struct path at = { .parent = path };
    bool fits = true;

    list->kind = VALUE_LIST;
    if (value->kind != VALUE_LIST) {
        const struct value *coerced = coerce(c, value, type->of, path);
        if (coerced)
            value_append(c->arena, list, end, coerced, STR_NONE);
        return coerced ? list : NULL;
    }
    for (const struct value *item = value->items; item; item = item->next, at.index++) {
        const struct value *coerced = coerce(c, item, type->of, &at);
        fits = fits && coerced;
        if (fits)
            end = value_append(c->arena, list, end, coerced, STR_NONE);
    }
    return fits ? list : NULL;
}

/* Is every field of the object one of the type? */
static bool
check_known_fields(struct coercion *c, const struct value *value, const struct type *type,
                   const struct path *path)
{
    bool fits = true;

    for (const struct value *field = value->items; field; field = field->next) {
        if (schema_find_input(type, field->name))
            continue;
        coercion_fail(c, path,
                      "Expected value of type \"%.*s\" not to include unknown field \"%.*s\", "
                      "found: %.*s.",
                      STR_PRINT(type->name), STR_PRINT(field->name),
                      STR_PRINT(value_inspect(c->arena, value)));
        fits = false;
    }
    return fits;
}

/* 3.10.1: exactly one of the fields that the type has is given, and it is not null. */
static bool
check_one_of(struct coercion *c, const struct value *value, const struct type *type,
             const struct path *path)
{
    static const char message[] = "Within OneOf Input Object type \"%.*s\", exactly one field must "
                                  "be specified, and the value for that field must be non-null.";
    const struct value *known = NULL;
    int count = 0;

    for (const struct value *field = value->items; field; field = field->next) {
        if (!schema_find_input(type, field->name))
            continue;
        known = known ? known : field;
        count++;
    }
    if (count != 1)
        coercion_fail(c, path, message, STR_PRINT(type->name));
    if (known && known->kind == VALUE_NULL)
        coercion_fail(c, &(struct path){ .parent = path, .name = known->name }, message,
                      STR_PRINT(type->name));
    return count == 1 && known->kind != VALUE_NULL;
}

/* A field of the object: the value that is given, or the default.  NULL without either;
 * `*fits` is false then when there was a misfit. */
static const struct value *
coerce_field(struct coercion *c, const struct members *object, const struct type *type,
             const struct input_value *input, const struct path *path, bool *fits)
{
    const struct value *given = find_member(object, input->name);
    const struct value *coerced = input->default_value;

    if (given)
        coerced =
            coerce(c, given, input->type, &(struct path){ .parent = path, .name = input->name });
    else if (!coerced && input->type->kind == TYPE_NON_NULL)
        coercion_fail(
            c, path,
            "Expected value of type \"%.*s\" to include required field \"%.*s\", found: %.*s.",
            STR_PRINT(type->name), STR_PRINT(input->name),
            STR_PRINT(value_inspect(c->arena, object->object)));
    if (!coerced && (given || input->type->kind == TYPE_NON_NULL))
        *fits = false;
    return coerced;
}

/* 3.10: the fields in the order of the type, with defaults for what is absent. */
static const struct value *
coerce_object(struct coercion *c, const struct value *value, const struct type *type,
              const struct path *path)
{
    struct value *object = ARENA_NEW(c->arena, struct value);
    struct value **end = &object->items;
    bool fits = true;

    object->kind = VALUE_OBJECT;
    if (value->kind != VALUE_OBJECT)
        return coercion_fail(c, path,
                             "Expected value of type \"%.*s\" to be an object, found: %.*s.",
                             STR_PRINT(type->name), STR_PRINT(value_inspect(c->arena, value)));
    const struct members members = index_members(c->arena, value);
    for (int i = 0; i < type->input_count; i++) {
        const struct value *coerced =
            coerce_field(c, &members, type, &type->inputs[i], path, &fits);
        if (fits && coerced)
            end = value_append(c->arena, object, end, coerced, type->inputs[i].name);
    }
    fits &= check_known_fields(c, value, type, path);
    if (type->is_one_of)
        fits &= check_one_of(c, value, type, path);
    return fits ? object : NULL;
}

/* Coerce a value that came as JSON; NULL after reporting what does not fit. */
static const struct value *
coerce(struct coercion *c, const struct value *value, const struct type *type,
       const struct path *path)
{
    switch (type->kind) {
    case TYPE_NON_NULL:
        if (value->kind == VALUE_NULL)
            return coercion_fail(c, path,
                                 "Expected value of non-null type \"%.*s\" not to be null.",
                                 STR_PRINT(type_text(c->arena, type)));
        return coerce(c, value, type->of, path);
    default:
        break;
    }
    if (value->kind == VALUE_NULL)
        return &value_null;
    switch (type->kind) {
    case TYPE_LIST:
        return coerce_list(c, value, type, path);
    case TYPE_INPUT_OBJECT:
        return coerce_object(c, value, type, path);
    case TYPE_ENUM:
        return coerce_enum(c, value, type, path);
    default:
        return coerce_scalar(c, value, type, path);
    }
}

/* The request gives no value: the default, if there is one. */
static bool
coerce_absent(const struct variable_errors *r, const struct ast_variable_definition *definition,
              const struct type *type, struct variable *out)
{
    bool is_absent;

    if (definition->default_value) {
        out->value =
            value_coerce_literal(r->arena, definition->default_value, type, NULL, &is_absent, NULL);
        if (!out->value)
            variable_fail(r, definition, "has invalid default value.");
        return out->value != NULL;
    }
    if (type->kind != TYPE_NON_NULL)
        return true;
    variable_fail(r, definition,
                  "has invalid value: Expected a value of non-null type \"%.*s\" to be provided.",
                  STR_PRINT(type_text(r->arena, type)));
    return false;
}

static bool
coerce_given(const struct variable_errors *r, const struct ast_variable_definition *definition,
             const struct type *type, const struct value *given, struct variable *out)
{
    struct coercion c = { .request = r, .arena = r->arena, .definition = definition };

    out->value = coerce(&c, given, type, NULL);
    return out->value != NULL;
}

const struct variable *
variables_find(const struct variables *v, struct str name)
{
    if (v && v->by_name)
        return map_get(v->by_name, name);
    for (int i = 0; v && i < v->count; i++)
        if (str_equal(v->list[i].name, name))
            return &v->list[i];
    return NULL;
}

bool
value_coerce_variables(struct arena *a, const struct schema *schema,
                       const struct ast_document *document, const struct ast_operation *operation,
                       const struct value *json, struct variables *out, struct errors *errors)
{
    struct variable_errors r = { a, document->source, errors };
    const struct members members = index_members(a, json);
    struct variable *list;
    bool is_valid = true;

    out->count = ast_count(operation->variables);
    out->by_name = out->count > SCANNED_MOST ? map_new(a) : NULL;
    out->list = list = ARENA_ARRAY(a, struct variable, out->count);
    for (const struct ast_node *at = operation->variables; at; at = at->next, list++) {
        const struct ast_variable_definition *definition = ast_as(variable_definition, at);
        const struct type *type = schema_type_of_ast(a, schema, definition->type);
        const struct value *given;

        assert(type && type_is_input(type)); /* by validation, 5.8.2 */
        list->name = ast_as(value, definition->variable)->text;
        given = find_member(&members, list->name);
        if (out->by_name)
            map_put(out->by_name, list->name, list);
        if (given ? !coerce_given(&r, definition, type, given, list)
                  : !coerce_absent(&r, definition, type, list))
            is_valid = false;
    }
    return is_valid;
}
