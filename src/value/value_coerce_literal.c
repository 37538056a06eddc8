/*
 * value_coerce_literal.c - from literals to values (specification, 6.4.1, and "Input
 * Coercion" of 3.5 to 3.12), and the values of arguments.
 *
 * The document is valid: what can still go wrong is a variable that is null or
 * absent where a value is required, and a scalar out of range.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/scalar.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_literal.h"

struct literal {
    struct arena *arena;
    const struct variables *variables; /* or NULL */
    /* What went wrong first: a sentence, the node it is about, and ` at .urls[0]`. */
    struct str why; /* STR_NONE: nothing yet */
    const struct ast_node *at;
    struct str where;
};

/* Say why the literal fails, and return NULL. */
static const struct value *
literal_fail(struct literal *c, const struct ast_node *node, const struct path *path,
             const char *format, ...) PRINTF(4, 5);

static const struct value *
literal_fail(struct literal *c, const struct ast_node *node, const struct path *path,
             const char *format, ...)
{
    struct buf where = { 0 };
    va_list args;

    va_start(args, format);
    c->why = str_vformat(c->arena, format, args);
    va_end(args);
    if (path)
        buf_put_c(&where, " at ");
    value_print_path(&where, path);
    c->where = buf_copy(c->arena, &where);
    buf_free(&where);
    c->at = node;
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

    assert(ast_is_value(node->kind) && (leaf_kinds[node->kind] || node->kind == AST_NULL));
    value->kind = leaf_kinds[node->kind];
    value->text = str_copy(a, ast_as(value, node)->text);
    value->boolean = node->kind == AST_BOOLEAN && str_is(value->text, "true");
    return value;
}

const struct value *
value_of_literal(struct arena *a, const struct ast_node *node, const struct variables *variables)
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
            end = value_append(a, parent, end, value_of_literal(a, at, variables), STR_NONE);
            continue;
        }
        const struct ast_object_field *field = ast_as(object_field, at);
        if (!is_absent_variable(variables, field->value))
            end = value_append(a, parent, end, value_of_literal(a, field->value, variables),
                               str_copy(a, field->name));
    }
    return parent;
}

static const struct value *literal_value(struct literal *c, const struct ast_node *node,
                                         const struct type *type, const struct path *path);

/* The value of an item of a list, where an absent variable is null. */
static const struct value *
literal_item(struct literal *c, const struct ast_node *node, const struct type *type,
             const struct path *path)
{
    if (!is_absent_variable(c->variables, node))
        return literal_value(c, node, type, path);
    if (type->kind != TYPE_NON_NULL)
        return &value_null;
    return literal_fail(c, node, path,
                        "Expected variable \"$%.*s\" provided to type \"%.*s\" to provide a "
                        "runtime value.",
                        STR_PRINT(ast_as(value, node)->text), STR_PRINT(type_text(c->arena, type)));
}

/* 3.11: a value that is not a list is a list of one. */
static const struct value *
literal_list(struct literal *c, const struct ast_node *node, const struct type *type,
             const struct path *path)
{
    struct value *list = ARENA_NEW(c->arena, struct value);
    struct value **end = &list->items;
    bool is_list = node->kind == AST_LIST;
    struct path place = { .parent = path };

    list->kind = VALUE_LIST;
    for (const struct ast_node *at = is_list ? ast_as(value, node)->values : node; at;
         at = is_list ? at->next : NULL, place.index++) {
        const struct value *item = literal_item(c, at, type->of, is_list ? &place : path);
        if (!item)
            return NULL;
        end = value_append(c->arena, list, end, item, STR_NONE);
    }
    return list;
}

/* 3.10.1: of one field, that is not null, a variable may still say otherwise. */
static bool
check_one_of(struct literal *c, const struct ast_node *node, const struct type *type,
             const struct path *path)
{
    const struct ast_node *fields = ast_as(value, node)->values;

    if (!fields || fields->next) {
        literal_fail(c, node, path,
                     "Within OneOf Input Object type \"%.*s\", exactly one field must be "
                     "specified, and the value for that field must be non-null.",
                     STR_PRINT(type->name));
        return false;
    }
    const struct ast_object_field *field = ast_as(object_field, fields);
    const struct ast_node *given = field->value;
    bool is_absent = is_absent_variable(c->variables, given);
    if (given->kind != AST_VARIABLE ||
        !(is_absent || variable_value(c->variables, given)->kind == VALUE_NULL))
        return true;
    literal_fail(c, node, path,
                 "Expected variable \"$%.*s\" provided to field \"%.*s\" for OneOf Input Object "
                 "type \"%.*s\" %s.",
                 STR_PRINT(ast_as(value, given)->text), STR_PRINT(field->name),
                 STR_PRINT(type->name),
                 is_absent ? "to provide a runtime value" : "not to be null");
    return false;
}

/* A field of the object: what is given, which may be NULL, or the default.  NULL without either;
 * `*fits` is false then when there was a misfit. */
static const struct value *
literal_field(struct literal *c, const struct ast_node *given, const struct input_value *input,
              const struct path *path, bool *fits)
{
    const struct path place = { .parent = path, .name = input->name };
    const struct value *value = input->default_value;

    if (!given || is_absent_variable(c->variables, given)) {
        if (value || input->type->kind != TYPE_NON_NULL)
            return value;
        assert(given); /* by validation, 5.6.4 */
    }
    value = literal_item(c, given, input->type, &place);
    *fits = value != NULL;
    return value;
}

/* 3.10: the fields in the order of the type, with defaults for what is absent. */
static const struct value *
literal_object(struct literal *c, const struct ast_node *node, const struct type *type,
               const struct path *path)
{
    struct value *object = ARENA_NEW(c->arena, struct value);
    struct value **end = &object->items;
    bool fits = true;

    assert(node->kind == AST_OBJECT); /* by validation, 5.6.1 */
    object->kind = VALUE_OBJECT;
    if (type->is_one_of && !check_one_of(c, node, type, path))
        return NULL;
    const struct value_literal_fields fields = value_literal_fields(c->arena, node);
    for (int i = 0; i < type->input_count && fits; i++) {
        const struct input_value *input = &type->inputs[i];
        const struct value *value =
            literal_field(c, value_literal_field(&fields, input->name), input, path, &fits);
        if (value)
            end = value_append(c->arena, object, end, value, input->name);
    }
    return fits ? object : NULL;
}

static const struct value *
literal_leaf(struct literal *c, const struct ast_node *node, const struct type *type,
             const struct path *path)
{
    const struct value *value = value_of_literal(c->arena, node, c->variables);
    const struct value *coerced = NULL;
    struct str why = STR_NONE;

    if (type->kind == TYPE_SCALAR)
        coerced = type->scalar->coerce(c->arena, value, &why);
    else if (value->kind == VALUE_ENUM && schema_find_enum_value(type, value->text))
        coerced = value;
    if (coerced)
        return coerced;
    /* As it is written, unless variables say what it is. */
    struct str text = value_literal_has_variable(node) ? value_inspect(c->arena, value)
                                                       : value_literal_text(c->arena, node);
    if (why.ptr)
        return literal_fail(c, node, path, "%.*s: %.*s", STR_PRINT(why), STR_PRINT(text));
    return literal_fail(c, node, path, "Expected value of type \"%.*s\", found: %.*s.",
                        STR_PRINT(type->name), STR_PRINT(text));
}

/* The value of a literal, which must not be an absent variable; NULL after saying why. */
static const struct value *
literal_value(struct literal *c, const struct ast_node *node, const struct type *type,
              const struct path *path)
{
    const struct type *nullable = type_nullable(type);

    if (node->kind == AST_VARIABLE) {
        const struct value *held = variable_value(c->variables, node);
        if (held->kind == VALUE_NULL && nullable != type)
            return literal_fail(c, node, path,
                                "Expected variable \"$%.*s\" provided to non-null type \"%.*s\" "
                                "not to be null.",
                                STR_PRINT(ast_as(value, node)->text),
                                STR_PRINT(type_text(c->arena, type)));
        return held;
    }
    if (node->kind == AST_NULL && nullable != type)
        return literal_fail(c, node, path,
                            "Expected value of non-null type \"%.*s\" not to be null.",
                            STR_PRINT(type_text(c->arena, type)));
    if (node->kind == AST_NULL)
        return &value_null;
    if (nullable->kind == TYPE_LIST)
        return literal_list(c, node, nullable, path);
    if (nullable->kind == TYPE_INPUT_OBJECT)
        return literal_object(c, node, nullable, path);
    return literal_leaf(c, node, nullable, path);
}

const struct value *
value_coerce_literal(struct arena *a, const struct ast_node *node, const struct type *type,
                     const struct variables *variables, bool *is_absent, struct errors *errors)
{
    struct literal c = { .arena = a, .variables = variables };
    const struct value *value;

    *is_absent = is_absent_variable(variables, node);
    if (*is_absent)
        return NULL;
    value = literal_value(&c, node, type, NULL);
    if (!value && errors)
        errors_add(errors, ERROR_BAD_USER_INPUT, "%.*s", STR_PRINT(c.why));
    return value;
}

/* Report what is wrong with an argument, and return NULL; `node` is what it is about, or NULL. */
static const struct value *
argument_fail(struct errors *errors, const struct input_value *argument,
              const struct ast_node *node, const char *format, ...) PRINTF(4, 5);

static const struct value *
argument_fail(struct errors *errors, const struct input_value *argument,
              const struct ast_node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str what = str_vformat(errors->arena, format, args);
    va_end(args);

    struct error *error = errors_add(errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" %.*s",
                                     STR_PRINT(argument->name), STR_PRINT(what));
    error->argument = argument->name;
    error->offset = node ? node->start : 0;
    return NULL;
}

const struct value *
value_coerce_argument(struct arena *a, const struct ast_node *arguments,
                      const struct input_value *argument, const struct variables *variables,
                      bool *is_absent, struct errors *errors)
{
    const struct ast_argument *given = ast_find_argument(arguments, argument->name);
    const struct ast_node *node = given ? given->value : NULL;
    const struct type *type = argument->type;
    struct literal c = { .arena = a, .variables = variables };
    bool is_given = node && !is_absent_variable(variables, node);

    *is_absent = !is_given && !argument->default_value && type->kind != TYPE_NON_NULL;
    if (*is_absent || (!is_given && argument->default_value))
        return argument->default_value;
    if (!node)
        return argument_fail(errors, argument, NULL, "of required type \"%.*s\" was not provided.",
                             STR_PRINT(type_text(a, type)));
    const struct value *value = literal_item(&c, node, type, NULL);
    if (value)
        return value;
    return argument_fail(errors, argument, c.at, "has invalid value%.*s: %.*s", STR_PRINT(c.where),
                         STR_PRINT(c.why));
}
