/*
 * value_ast.c - from literals to values (specification, 6.4.1, and "Input
 * Coercion" of 3.5 to 3.12), and the values of arguments.
 *
 * The document is valid: what is left to go wrong is a variable that is null or
 * absent where that cannot be.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "language/ast.h"
#include "type/scalar.h"
#include "type/schema.h"
#include "type/value.h"
#include "type/value_literal.h"

struct literal {
    struct arena *arena;
    const struct variables *variables; /* or NULL */
    struct str why;                    /* what went wrong, a sentence; STR_NONE: nothing yet */
};

/* Say why the literal fails, and return NULL. */
static const struct value *literal_fail(struct literal *c, const char *format, ...) PRINTF(2, 3);

static const struct value *
literal_fail(struct literal *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    c->why = str_vformat(c->arena, format, args);
    va_end(args);
    return NULL;
}

/* What the variable holds, or NULL when it is absent. */
static const struct value *
variable_value(const struct variables *variables, const struct ast_node *node)
{
    const struct variable *variable = variables_find(variables, ast_as(value, node)->text);

    return variable ? variable->value : NULL;
}

static bool
is_absent_variable(const struct variables *variables, const struct ast_node *node)
{
    return node->kind == AST_VARIABLE && !variable_value(variables, node);
}

/* The kind of value that a literal without items is. */
static const enum value_kind leaf_kinds[AST_KIND_COUNT] = {
    [AST_INT] = VALUE_INT,         [AST_FLOAT] = VALUE_FLOAT, [AST_STRING] = VALUE_STRING,
    [AST_BOOLEAN] = VALUE_BOOLEAN, [AST_NULL] = VALUE_NULL,   [AST_ENUM] = VALUE_ENUM,
};

static const struct value *
untyped_leaf(struct arena *a, const struct ast_node *node)
{
    struct value *value = ARENA_NEW(a, struct value);

    value->kind = leaf_kinds[node->kind];
    value->text = str_copy(a, ast_as(value, node)->text);
    value->boolean = node->kind == AST_BOOLEAN && str_is(value->text, "true");
    return value;
}

const struct value *
value_untyped(struct arena *a, const struct ast_node *node, const struct variables *variables)
{
    struct value *parent;
    struct value **end;

    if (node->kind == AST_VARIABLE) {
        const struct value *held = variable_value(variables, node);
        return held ? held : &value_null;
    }
    if (node->kind != AST_LIST && node->kind != AST_OBJECT)
        return node->kind == AST_NULL ? &value_null : untyped_leaf(a, node);

    parent = ARENA_NEW(a, struct value);
    parent->kind = node->kind == AST_LIST ? VALUE_LIST : VALUE_OBJECT;
    end = &parent->items;
    for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next) {
        if (node->kind == AST_LIST) {
            end = value_append(a, parent, end, value_untyped(a, at, variables), STR_NONE);
            continue;
        }
        const struct ast_object_field *field = ast_as(object_field, at);
        if (!is_absent_variable(variables, field->value))
            end = value_append(a, parent, end, value_untyped(a, field->value, variables),
                               str_copy(a, field->name));
    }
    return parent;
}

static const struct value *
literal_value(struct literal *c, const struct ast_node *node, const struct type *type);

/* The value of an item of a list, where an absent variable is null. */
static const struct value *
literal_item(struct literal *c, const struct ast_node *node, const struct type *type)
{
    if (!is_absent_variable(c->variables, node))
        return literal_value(c, node, type);
    if (type->kind != TYPE_NON_NULL)
        return &value_null;
    return literal_fail(c,
                        "Expected variable \"$%.*s\" provided to type \"%.*s\" to provide a "
                        "runtime value.",
                        STR_PRINT(ast_as(value, node)->text), STR_PRINT(type_text(c->arena, type)));
}

/* 3.11: a value that is no list is a list of one. */
static const struct value *
literal_list(struct literal *c, const struct ast_node *node, const struct type *type)
{
    struct value *list = ARENA_NEW(c->arena, struct value);
    struct value **end = &list->items;
    bool is_list = node->kind == AST_LIST;

    list->kind = VALUE_LIST;
    for (const struct ast_node *at = is_list ? ast_as(value, node)->values : node; at;
         at = is_list ? at->next : NULL) {
        const struct value *item = literal_item(c, at, type->of);
        if (!item)
            return NULL;
        end = value_append(c->arena, list, end, item, STR_NONE);
    }
    return list;
}

/* 3.10.1: exactly one field is given, and it is not null. */
static bool
is_one_of(const struct value *object, const struct ast_node *node)
{
    const struct ast_node *given = ast_as(value, node)->values;

    return given && !given->next && object->count == 1 && object->items->kind != VALUE_NULL;
}

/* 3.10: the fields in the order of the type, with defaults for what is absent. */
static const struct value *
literal_object(struct literal *c, const struct ast_node *node, const struct type *type)
{
    struct value *object = ARENA_NEW(c->arena, struct value);
    struct value **end = &object->items;

    if (node->kind != AST_OBJECT)
        return literal_fail(c, "Expected value of type \"%.*s\" to be an object.",
                            STR_PRINT(type->name));
    object->kind = VALUE_OBJECT;
    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *input = &type->inputs[i];
        const struct ast_node *given = value_literal_field(node, input->name);
        const struct value *value = input->default_value;

        if (given && !is_absent_variable(c->variables, given)) {
            value = literal_value(c, given, input->type);
            if (!value)
                return NULL;
        } else if (!value && input->type->kind == TYPE_NON_NULL) {
            return literal_fail(c,
                                "Expected value of type \"%.*s\" to include required field "
                                "\"%.*s\".",
                                STR_PRINT(type->name), STR_PRINT(input->name));
        }
        if (value)
            end = value_append(c->arena, object, end, value, input->name);
    }
    if (type->is_one_of && !is_one_of(object, node))
        return literal_fail(c,
                            "Within OneOf Input Object type \"%.*s\", exactly one field must be "
                            "specified, and the value for that field must be non-null.",
                            STR_PRINT(type->name));
    return object;
}

static const struct value *
literal_leaf(struct literal *c, const struct ast_node *node, const struct type *type)
{
    const struct value *value = value_untyped(c->arena, node, c->variables);
    const struct value *coerced = NULL;
    struct str why = STR_NONE;

    if (type->kind == TYPE_SCALAR)
        coerced = type->scalar->coerce(c->arena, value, &why);
    else if (value->kind == VALUE_ENUM && schema_find_enum_value(type, value->text))
        coerced = value;
    if (coerced)
        return coerced;
    if (why.ptr)
        return literal_fail(c, "%.*s: %.*s", STR_PRINT(why),
                            STR_PRINT(value_inspect(c->arena, value)));
    return literal_fail(c, "Expected value of type \"%.*s\", found: %.*s.", STR_PRINT(type->name),
                        STR_PRINT(value_inspect(c->arena, value)));
}

/* The value of a literal, which is no absent variable; NULL after saying why. */
static const struct value *
literal_value(struct literal *c, const struct ast_node *node, const struct type *type)
{
    const struct type *nullable = type_nullable(type);

    if (node->kind == AST_VARIABLE) {
        const struct value *held = variable_value(c->variables, node);
        if (held->kind == VALUE_NULL && nullable != type)
            return literal_fail(c,
                                "Expected variable \"$%.*s\" provided to non-null type \"%.*s\" "
                                "not to be null.",
                                STR_PRINT(ast_as(value, node)->text),
                                STR_PRINT(type_text(c->arena, type)));
        return held;
    }
    if (node->kind == AST_NULL && nullable != type)
        return literal_fail(c, "Expected value of non-null type \"%.*s\" not to be null.",
                            STR_PRINT(type_text(c->arena, type)));
    if (node->kind == AST_NULL)
        return &value_null;
    if (nullable->kind == TYPE_LIST)
        return literal_list(c, node, nullable);
    if (nullable->kind == TYPE_INPUT_OBJECT)
        return literal_object(c, node, nullable);
    return literal_leaf(c, node, nullable);
}

const struct value *
value_from_ast(struct arena *a, const struct ast_node *node, const struct type *type,
               const struct variables *variables, bool *is_absent, struct errors *errors)
{
    struct literal c = { .arena = a, .variables = variables };
    const struct value *value;

    *is_absent = is_absent_variable(variables, node);
    if (*is_absent)
        return NULL;
    value = literal_value(&c, node, type);
    if (!value && errors)
        errors_add(errors, ERROR_BAD_USER_INPUT, "%.*s", STR_PRINT(c.why));
    return value;
}

/* Report what is wrong with an argument, and return NULL. */
static const struct value *argument_fail(struct errors *errors, const struct input_value *argument,
                                         const char *format, ...) PRINTF(3, 4);

static const struct value *
argument_fail(struct errors *errors, const struct input_value *argument, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str what = str_vformat(errors->arena, format, args);
    va_end(args);

    struct error *error = errors_add(errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" %.*s",
                                     STR_PRINT(argument->name), STR_PRINT(what));
    error->argument = argument->name;
    return NULL;
}

static const struct ast_node *
find_argument(const struct ast_node *arguments, struct str name)
{
    for (const struct ast_node *at = arguments; at; at = at->next)
        if (str_equal(ast_as(argument, at)->name, name))
            return ast_as(argument, at)->value;
    return NULL;
}

/* The argument is not given, or by an absent variable, `node`: its default, if any. */
static const struct value *
argument_default(struct arena *a, const struct input_value *argument, const struct ast_node *node,
                 bool *is_absent, struct errors *errors)
{
    struct str type;

    if (argument->default_value)
        return argument->default_value;
    *is_absent = argument->type->kind != TYPE_NON_NULL;
    if (*is_absent)
        return NULL;
    type = type_text(a, argument->type);
    if (!node)
        return argument_fail(errors, argument, "of required type \"%.*s\" was not provided.",
                             STR_PRINT(type));
    return argument_fail(errors, argument,
                         "of required type \"%.*s\" was provided the variable \"$%.*s\" which was "
                         "not provided a runtime value.",
                         STR_PRINT(type), STR_PRINT(ast_as(value, node)->text));
}

const struct value *
value_of_argument(struct arena *a, const struct ast_node *arguments,
                  const struct input_value *argument, const struct variables *variables,
                  bool *is_absent, struct errors *errors)
{
    const struct ast_node *node = find_argument(arguments, argument->name);
    struct literal c = { .arena = a, .variables = variables };
    const struct value *value;

    *is_absent = false;
    if (!node || is_absent_variable(variables, node))
        return argument_default(a, argument, node, is_absent, errors);
    value = literal_value(&c, node, argument->type);
    if (value)
        return value;
    if (argument->type->kind == TYPE_NON_NULL &&
        value_untyped(a, node, variables)->kind == VALUE_NULL)
        return argument_fail(errors, argument, "of non-null type \"%.*s\" must not be null.",
                             STR_PRINT(type_text(a, argument->type)));
    return argument_fail(errors, argument, "has an invalid value: %.*s", STR_PRINT(c.why));
}
