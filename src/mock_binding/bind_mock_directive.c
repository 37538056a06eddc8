/*
 * bind_mock_directive.c - @mock: values of one's own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "language/source.h"
#include "value/value_json.h"
#include "mock_binding/bind_mock_internal.h"

/* A value is a line that a person has written: no more than this is read of it. */
static const struct value_json_bounds value_bounds = {
    .depth = 64, .values = 10000, .string = 65536, .number = 40
};

/* The literal of a directive's argument, which is not null; or NULL. */
static const struct ast_node *
find_literal(const struct ast_directive *directive, const char *argument)
{
    for (const struct ast_node *node = directive ? directive->arguments : NULL; node;
         node = node->next)
        if (str_is(ast_as(argument, node)->name, argument) &&
            ast_as(argument, node)->value->kind != AST_NULL)
            return ast_as(argument, node)->value;
    return NULL;
}

int
bind_mock_number(struct binder *b, const struct ast_directive *directive, const char *argument,
                 struct str subject, int otherwise)
{
    const struct ast_node *literal = find_literal(directive, argument);
    int64_t number = otherwise;

    if (!literal)
        return otherwise;
    if (!str_read_int64(ast_as(value, literal)->text, &number) || number < 0 || number > MOCK_MOST)
        binder_misfit(b, literal->start, subject, "@mock(%s:) must be a number from 0 to %d.",
                      argument, MOCK_MOST);
    return (int)number;
}

struct str
bind_mock_word(const struct ast_directive *directive, const char *argument)
{
    const struct ast_node *literal = find_literal(directive, argument);

    return literal && literal->kind == AST_ENUM ? ast_as(value, literal)->text : STR_NONE;
}

/* What @count(atMost:) says; -1: nothing that is a number. */
static int
read_at_most(const struct ast_directive *directive)
{
    const struct ast_node *literal = find_literal(directive, "atMost");
    int64_t number;

    if (!literal || !str_read_int64(ast_as(value, literal)->text, &number) || number < 0)
        return -1;
    return number < INT32_MAX ? (int)number : -1;
}

/* Is the text a number of the scalar, as JSON has it? */
static bool
is_number(struct arena *a, const struct type *type, struct str text)
{
    struct value_json_fault fault;
    int64_t number;

    if (str_is(type->name, "Int"))
        return str_read_int64(text, &number) && number >= INT32_MIN && number <= INT32_MAX;
    return text.len > 0 && (text.ptr[0] == '-' || (text.ptr[0] >= '0' && text.ptr[0] <= '9')) &&
           value_json_read(a, text, &value_bounds, &fault) &&
           isfinite(strtod(str_copy_c(a, text), NULL));
}

/* Write the text as a value of the type; false when it is none. */
static bool
write_item(struct arena *a, struct buf *b, const struct type *type, struct str text)
{
    struct value_json_fault fault;
    bool is_builtin_text = str_is(type->name, "String") || str_is(type->name, "ID");
    bool is_bare = false;

    if (type->kind == TYPE_ENUM && !schema_find_enum_value(type, text))
        return false;
    if (str_is(type->name, "Int") || str_is(type->name, "Float")) {
        if (!is_number(a, type, text))
            return false;
        is_bare = true;
    } else if (str_is(type->name, "Boolean")) {
        if (!str_is(text, "true") && !str_is(text, "false"))
            return false;
        is_bare = true;
    } else if (type->kind == TYPE_SCALAR && !is_builtin_text) {
        is_bare = value_json_read(a, text, &value_bounds, &fault) != NULL;
    }
    if (is_bare)
        buf_put(b, text);
    else
        json_write_string(b, text);
    return true;
}

/* Is it the name of an enum's value that is hidden from the schema's role (@auth)? */
static bool
is_hidden_value(const struct binder *b, const struct type *type, struct str text)
{
    return type->kind == TYPE_ENUM && !schema_find_enum_value(type, text) &&
           schema_find_enum_value(binder_whole(b, type), text);
}

/* Read `values` of the directive, a list of texts or one of them. */
static void
read_values(struct binder *b, const struct ast_directive *directive, struct str subject,
            const struct type *type, struct mock *mock)
{
    const struct ast_node *literal = find_literal(directive, "values");
    const struct ast_node *first =
        literal && literal->kind == AST_LIST ? ast_as(value, literal)->values : literal;
    int count = 0;

    if (!literal)
        return;
    for (const struct ast_node *node = first; node; node = node->next)
        count++;
    if (count == 0 || !type_is_leaf(type)) {
        binder_misfit(b, literal->start, subject,
                      count == 0 ? "@mock(values:) names no value."
                                 : "@mock(values:) is only for scalars and enums.");
        return;
    }
    struct str *values = ARENA_ARRAY(b->arena, struct str, (size_t)count);
    mock->values = values;
    for (const struct ast_node *node = first; node; node = node->next) {
        struct buf *text = buf_new(b->arena);
        if (is_hidden_value(b, type, ast_as(value, node)->text))
            continue;
        if (!write_item(b->arena, text, type, ast_as(value, node)->text))
            binder_misfit(b, node->start, subject, "\"%.*s\" is not a value of %.*s.",
                          STR_PRINT(ast_as(value, node)->text), STR_PRINT(type->name));
        values[mock->value_count++] = buf_str(text);
    }
}

void
bind_mock_directive(struct binder *b, const struct type *parent, const struct field *field,
                    struct mock *mock)
{
    const struct ast_directive *directive = ast_find_directive(field->ast->directives, "mock");
    const struct type *named = type_named(field->type);
    struct str subject =
        str_format(b->arena, "%.*s.%.*s", STR_PRINT(parent->name), STR_PRINT(field->name));
    bool is_list = type_nullable(field->type)->kind == TYPE_LIST || mock->role == MOCK_PAGE;

    mock->count = bind_mock_number(b, directive, "count", subject, -1);
    mock->nulls = bind_mock_number(b, directive, "nulls", subject, 0);
    mock->at_most = read_at_most(ast_find_directive(field->ast->directives, "count"));
    if (mock->count >= 0 && !is_list)
        binder_misfit(b, directive->node.start, subject, "@mock(count:) is only for lists.");
    if (mock->nulls > 0 && field->type->kind == TYPE_NON_NULL)
        binder_misfit(
            b, directive->node.start, subject,
            "@mock(nulls:) is only for nullable fields; remove the \"!\", or the argument.");
    read_values(b, directive, subject, named, mock);
    if (mock->value_count == 0 && type_is_leaf(named) && named->ast)
        read_values(b, binder_type_directive(b, named, "mock"), named->name, named, mock);
}
