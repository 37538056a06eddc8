/*
 * value_variables.c - the variables of a request (specification, 6.1.2,
 * CoerceVariableValues; input coercion, 3.5 to 3.12).
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"
#include "type/scalar.h"
#include "type/schema.h"
#include "type/value.h"

/* The coercion of one variable's value; it ends with the first misfit. */
struct coercion {
    struct arena *arena;
    struct str why;            /* the misfit, a sentence */
    const struct value *value; /* ... of this value */
    struct str where;          /* `.url[0]` within the variable */
};

/* Say what does not fit where, and return NULL. */
static const struct value *
coercion_fail(struct coercion *c, const struct value *value, const struct path *path,
              const char *format, ...) PRINTF(4, 5);

static const struct value *
coercion_fail(struct coercion *c, const struct value *value, const struct path *path,
              const char *format, ...)
{
    struct buf where = { 0 };
    va_list args;

    va_start(args, format);
    c->why = str_vformat(c->arena, format, args);
    va_end(args);
    value_print_path(&where, path);
    c->where = buf_copy(c->arena, &where);
    buf_free(&where);
    c->value = value;
    return NULL;
}

/* JSON does not tell 1.0 from 1: the number as an integer, or NULL when it is none
 * or so large that a double does not hold every one. */
static const struct value *
as_integer(struct arena *a, const struct value *value)
{
    const double largest = 9007199254740992.0; /* 2^53 */
    struct value *integer;
    double number;

    if (value->kind != VALUE_FLOAT)
        return NULL;
    number = strtod(value->text.ptr, NULL);
    if (number != floor(number) || fabs(number) > largest)
        return NULL;
    integer = ARENA_NEW(a, struct value);
    integer->kind = VALUE_INT;
    integer->text = str_format(a, "%.0f", number);
    return integer;
}

static const struct value *
coerce_scalar(struct coercion *c, const struct value *value, const struct type *type,
              const struct path *path)
{
    struct str why = STR_NONE, ignored;
    const struct value *coerced = type->scalar->coerce(c->arena, value, &why);
    const struct value *integer = coerced ? NULL : as_integer(c->arena, value);

    if (integer)
        coerced = type->scalar->coerce(c->arena, integer, &ignored);
    if (coerced)
        return coerced;
    return coercion_fail(c, value, path, "%.*s: %.*s", STR_PRINT(why),
                         STR_PRINT(value_inspect(c->arena, value)));
}

static const struct value *
coerce_enum(struct coercion *c, const struct value *value, const struct type *type,
            const struct path *path)
{
    struct value *coerced;

    if (value->kind != VALUE_STRING)
        return coercion_fail(c, value, path,
                             "Enum \"%.*s\" cannot represent non-string value: %.*s.",
                             STR_PRINT(type->name), STR_PRINT(value_inspect(c->arena, value)));
    if (!schema_find_enum_value(type, value->text))
        return coercion_fail(c, value, path, "Value %.*s does not exist in \"%.*s\" enum.",
                             STR_PRINT(value_inspect(c->arena, value)), STR_PRINT(type->name));
    coerced = ARENA_NEW(c->arena, struct value);
    coerced->kind = VALUE_ENUM;
    coerced->text = value->text;
    return coerced;
}

static const struct value *coerce(struct coercion *c, const struct value *value,
                                  const struct type *type, const struct path *path);

/* 3.11: a value that is no list is a list of one. */
static const struct value *
coerce_list(struct coercion *c, const struct value *value, const struct type *type,
            const struct path *path)
{
    struct value *list = ARENA_NEW(c->arena, struct value);
    struct value **end = &list->items;
    struct path at = { .parent = path };
    const struct value *coerced;

    list->kind = VALUE_LIST;
    if (value->kind != VALUE_LIST) {
        coerced = coerce(c, value, type->of, path);
        if (!coerced)
            return NULL;
        value_append(c->arena, list, end, coerced, STR_NONE);
        return list;
    }
    for (const struct value *item = value->items; item; item = item->next, at.index++) {
        coerced = coerce(c, item, type->of, &at);
        if (!coerced)
            return NULL;
        end = value_append(c->arena, list, end, coerced, STR_NONE);
    }
    return list;
}

/* Is every field of the object one of the type, and does a one-of have one? */
static bool
check_fields(struct coercion *c, const struct value *value, const struct type *type,
             const struct path *path)
{
    for (const struct value *field = value->items; field; field = field->next)
        if (!schema_find_input(type, field->name)) {
            coercion_fail(c, value, path, "Field \"%.*s\" is not defined by type \"%.*s\".",
                          STR_PRINT(field->name), STR_PRINT(type->name));
            return false;
        }
    if (!type->is_one_of)
        return true;
    if (value->count != 1)
        coercion_fail(c, value, path, "Exactly one key must be specified for OneOf type \"%.*s\".",
                      STR_PRINT(type->name));
    else if (value->items->kind == VALUE_NULL)
        coercion_fail(c, value, path, "Field \"%.*s\" must be non-null.",
                      STR_PRINT(value->items->name));
    return !c->why.ptr;
}

/* 3.10: the fields in the order of the type, with defaults for what is absent. */
static const struct value *
coerce_object(struct coercion *c, const struct value *value, const struct type *type,
              const struct path *path)
{
    struct value *object = ARENA_NEW(c->arena, struct value);
    struct value **end = &object->items;

    object->kind = VALUE_OBJECT;
    if (value->kind != VALUE_OBJECT)
        return coercion_fail(c, value, path, "Expected type \"%.*s\" to be an object.",
                             STR_PRINT(type->name));
    if (!check_fields(c, value, type, path))
        return NULL;
    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *input = &type->inputs[i];
        const struct value *given = value_find(value, input->name);
        const struct value *coerced = input->default_value;

        if (given)
            coerced = coerce(c, given, input->type,
                             &(struct path){ .parent = path, .name = input->name });
        else if (!coerced && input->type->kind == TYPE_NON_NULL)
            return coercion_fail(
                c, value, path, "Field \"%.*s\" of required type \"%.*s\" was not provided.",
                STR_PRINT(input->name), STR_PRINT(type_text(c->arena, input->type)));
        if (coerced)
            end = value_append(c->arena, object, end, coerced, input->name);
        else if (given)
            return NULL;
    }
    return object;
}

/* Coerce a value that came as JSON; NULL after saying what does not fit. */
static const struct value *
coerce(struct coercion *c, const struct value *value, const struct type *type,
       const struct path *path)
{
    switch (type->kind) {
    case TYPE_NON_NULL:
        if (value->kind == VALUE_NULL)
            return coercion_fail(c, value, path,
                                 "Expected non-nullable type \"%.*s\" not to be null.",
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

struct request {
    struct arena *arena;
    const struct source *source;
    struct errors *errors;
};

/* Report what is wrong with a variable, at its definition. */
static void variable_fail(struct request *r, const struct ast_variable_definition *definition,
                          const char *format, ...) PRINTF(3, 4);

static void
variable_fail(struct request *r, const struct ast_variable_definition *definition,
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

/* The request gives no value: the default, if there is one. */
static bool
coerce_absent(struct request *r, const struct ast_variable_definition *definition,
              const struct type *type, struct variable *out)
{
    bool is_absent;

    if (definition->default_value) {
        out->value =
            value_from_ast(r->arena, definition->default_value, type, NULL, &is_absent, NULL);
        if (!out->value)
            variable_fail(r, definition, "has an invalid default value.");
        return out->value != NULL;
    }
    if (type->kind != TYPE_NON_NULL)
        return true;
    variable_fail(r, definition, "of required type \"%.*s\" was not provided.",
                  STR_PRINT(type_text(r->arena, type)));
    return false;
}

static bool
coerce_given(struct request *r, const struct ast_variable_definition *definition,
             const struct type *type, const struct value *given, struct variable *out)
{
    struct coercion c = { .arena = r->arena };

    if (given->kind == VALUE_NULL && type->kind == TYPE_NON_NULL) {
        variable_fail(r, definition, "of non-null type \"%.*s\" must not be null.",
                      STR_PRINT(type_text(r->arena, type)));
        return false;
    }
    out->value = coerce(&c, given, type, NULL);
    if (out->value)
        return true;
    struct str invalid = value_inspect(r->arena, c.value);
    if (c.where.len == 0)
        variable_fail(r, definition, "got invalid value %.*s; %.*s", STR_PRINT(invalid),
                      STR_PRINT(c.why));
    else
        variable_fail(r, definition, "got invalid value %.*s at \"$%.*s%.*s\"; %.*s",
                      STR_PRINT(invalid), STR_PRINT(out->name), STR_PRINT(c.where),
                      STR_PRINT(c.why));
    return false;
}

bool
value_coerce_variables(struct arena *a, const struct schema *schema,
                       const struct ast_document *document, const struct ast_operation *operation,
                       const struct value *json, struct variables *out, struct errors *errors)
{
    struct request r = { a, document->source, errors };
    struct variable *list;
    bool is_valid = true;

    out->count = 0;
    for (const struct ast_node *at = operation->variables; at; at = at->next)
        out->count++;
    out->list = list = ARENA_ARRAY(a, struct variable, out->count);
    for (const struct ast_node *at = operation->variables; at; at = at->next, list++) {
        const struct ast_variable_definition *definition = ast_as(variable_definition, at);
        const struct type *type = schema_type_of_ast(a, schema, definition->type);
        const struct value *given;

        assert(type && type_is_input(type)); /* by validation, 5.8.2 */
        list->name = ast_as(value, definition->variable)->text;
        given = json ? value_find(json, list->name) : NULL;
        if (given ? !coerce_given(&r, definition, type, given, list)
                  : !coerce_absent(&r, definition, type, list))
            is_valid = false;
    }
    return is_valid;
}
