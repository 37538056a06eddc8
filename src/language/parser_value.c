/*
 * parser_value.c - what operations and type definitions have in common:
 * values, directives and types (specification, 2.9 to 2.13).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/limits.h"
#include "base/map.h"
#include "language/parser_internal.h"

/* Name */
struct str
parser_read_name(struct parser *p)
{
    struct str name = p->token.text;

    parser_expect(p, TOKEN_NAME);
    return name;
}

/* ---- Values -------------------------------------------------------------- */

/* A value that is the current token. */
static struct ast_node *
parse_literal(struct parser *p, enum ast_kind kind)
{
    struct ast_value *value = PARSER_NEW(p, value, kind, p->token.start);

    value->text = p->token.text;
    value->is_block = p->token.kind == TOKEN_BLOCK_STRING;
    parser_advance(p);
    return parser_end(p, &value->node);
}

/* BooleanValue, NullValue, EnumValue */
static struct ast_node *
parse_word(struct parser *p)
{
    if (parser_is_word(p, "true") || parser_is_word(p, "false"))
        return parse_literal(p, AST_BOOLEAN);
    return parse_literal(p, parser_is_word(p, "null") ? AST_NULL : AST_ENUM);
}

/* Variable: $ Name */
struct ast_node *
parser_read_variable(struct parser *p)
{
    struct ast_value *variable = PARSER_NEW(p, value, AST_VARIABLE, p->token.start);

    parser_expect(p, TOKEN_DOLLAR);
    variable->text = parser_read_name(p);
    return parser_end(p, &variable->node);
}

/* A variable where none may be. */
static struct ast_node *
refuse_variable(struct parser *p)
{
    struct token dollar = p->token;

    parser_advance(p);
    if (p->token.kind == TOKEN_NAME)
        parser_fail(p, dollar.start, "Unexpected variable \"$%.*s\" in constant value.",
                    STR_PRINT(p->token.text));
    parser_fail_token(p, &dollar);
    return NULL;
}

static struct ast_node *
parse_value(struct parser *p)
{
    return parser_read_value(p, false);
}

static struct ast_node *
parse_const_value(struct parser *p)
{
    return parser_read_value(p, true);
}

/* ListValue: [ Value* ] */
static struct ast_node *
parse_list(struct parser *p, bool is_const)
{
    struct ast_value *list = PARSER_NEW(p, value, AST_LIST, p->token.start);

    if (parser_enter(p))
        list->values = parser_read_any(
            p, TOKEN_BRACKET_OPEN, is_const ? parse_const_value : parse_value, TOKEN_BRACKET_CLOSE);
    parser_leave(p);
    return parser_end(p, &list->node);
}

/* ObjectField: Name : Value */
static struct ast_node *
parse_object_field_of(struct parser *p, bool is_const)
{
    struct ast_object_field *field = PARSER_NEW(p, object_field, AST_OBJECT_FIELD, p->token.start);

    field->name = parser_read_name(p);
    parser_expect(p, TOKEN_COLON);
    field->value = parser_read_value(p, is_const);
    return parser_end(p, &field->node);
}

static struct ast_node *
parse_object_field(struct parser *p)
{
    return parse_object_field_of(p, false);
}

static struct ast_node *
parse_const_object_field(struct parser *p)
{
    return parse_object_field_of(p, true);
}

/* ObjectValue: { ObjectField* } */
static struct ast_node *
parse_object(struct parser *p, bool is_const)
{
    struct ast_value *object = PARSER_NEW(p, value, AST_OBJECT, p->token.start);

    if (parser_enter(p))
        object->values = parser_read_any(p, TOKEN_BRACE_OPEN,
                                         is_const ? parse_const_object_field : parse_object_field,
                                         TOKEN_BRACE_CLOSE);
    parser_leave(p);
    return parser_end(p, &object->node);
}

/* Value: Variable, IntValue, FloatValue, StringValue, BooleanValue, NullValue,
 * EnumValue, ListValue, ObjectValue */
struct ast_node *
parser_read_value(struct parser *p, bool is_const)
{
    switch (p->token.kind) {
    case TOKEN_DOLLAR:
        return is_const ? refuse_variable(p) : parser_read_variable(p);
    case TOKEN_INT:
        return parse_literal(p, AST_INT);
    case TOKEN_FLOAT:
        return parse_literal(p, AST_FLOAT);
    case TOKEN_STRING:
    case TOKEN_BLOCK_STRING:
        return parse_literal(p, AST_STRING);
    case TOKEN_NAME:
        return parse_word(p);
    case TOKEN_BRACKET_OPEN:
        return parse_list(p, is_const);
    case TOKEN_BRACE_OPEN:
        return parse_object(p, is_const);
    default:
        parser_fail_token(p, &p->token);
        return NULL;
    }
}

/* DefaultValue?: = Value[Const] */
const struct ast_node *
parser_read_default(struct parser *p)
{
    return parser_accept(p, TOKEN_EQUALS) ? parser_read_value(p, true) : NULL;
}

/* Description?: StringValue */
const struct ast_node *
parser_read_description(struct parser *p)
{
    bool is_string = p->token.kind == TOKEN_STRING || p->token.kind == TOKEN_BLOCK_STRING;

    return is_string ? parse_literal(p, AST_STRING) : NULL;
}

/* ---- Arguments and directives -------------------------------------------- */

/* Argument: Name : Value */
static struct ast_node *
parse_argument_of(struct parser *p, bool is_const)
{
    struct ast_argument *argument = PARSER_NEW(p, argument, AST_ARGUMENT, p->token.start);

    argument->name = parser_read_name(p);
    parser_expect(p, TOKEN_COLON);
    argument->value = parser_read_value(p, is_const);
    return parser_end(p, &argument->node);
}

static struct ast_node *
parse_argument(struct parser *p)
{
    return parse_argument_of(p, false);
}

static struct ast_node *
parse_const_argument(struct parser *p)
{
    return parse_argument_of(p, true);
}

enum { SCANNED_MOST = 16 }; /* more arguments are found by a map */

/* Arguments?: ( Argument+ ) */
const struct ast_node *
parser_read_arguments(struct parser *p, bool is_const)
{
    const struct ast_node *list = parser_read_optional(
        p, TOKEN_PAREN_OPEN, is_const ? parse_const_argument : parse_argument, TOKEN_PAREN_CLOSE);

    if (ast_count(list) <= SCANNED_MOST)
        return list;
    struct map *by_name = map_new(p->arena);
    for (const struct ast_node *node = list; node; node = node->next)
        map_add(by_name, ast_as(argument, node)->name, (void *)node);
    ((struct ast_argument *)list)->by_name = by_name;
    return list;
}

/* Directive: @ Name Arguments? */
static struct ast_node *
parse_directive(struct parser *p, bool is_const)
{
    struct ast_directive *directive = PARSER_NEW(p, directive, AST_DIRECTIVE, p->token.start);

    if (p->directive_count++ == p->limits->directives)
        parser_fail_limit(p, p->token.start, "directives", p->limits->directives,
                          "The document has more than %d directives.");
    parser_expect(p, TOKEN_AT);
    directive->name = parser_read_name(p);
    directive->arguments = parser_read_arguments(p, is_const);
    return parser_end(p, &directive->node);
}

/* Directives?: Directive+ */
const struct ast_node *
parser_read_directives(struct parser *p, bool is_const)
{
    const struct ast_node *first = NULL, **last = &first;

    while (p->token.kind == TOKEN_AT) {
        struct ast_node *node = parse_directive(p, is_const);
        *last = node;
        last = &node->next;
    }
    return first;
}

/* ---- Types --------------------------------------------------------------- */

/* NamedType: Name */
struct ast_node *
parser_read_named_type(struct parser *p)
{
    struct ast_type *type = PARSER_NEW(p, type, AST_NAMED_TYPE, p->token.start);

    type->name = parser_read_name(p);
    return parser_end(p, &type->node);
}

/* ListType: [ Type ] */
static struct ast_node *
parse_list_type(struct parser *p)
{
    struct ast_type *list = PARSER_NEW(p, type, AST_LIST_TYPE, p->token.start);

    if (parser_enter(p)) {
        parser_expect(p, TOKEN_BRACKET_OPEN);
        list->of = parser_read_type(p);
        parser_expect(p, TOKEN_BRACKET_CLOSE);
    }
    parser_leave(p);
    return parser_end(p, &list->node);
}

/* Type: NamedType, ListType, NonNullType */
struct ast_node *
parser_read_type(struct parser *p)
{
    bool is_list = p->token.kind == TOKEN_BRACKET_OPEN;
    struct ast_node *type = is_list ? parse_list_type(p) : parser_read_named_type(p);

    if (!parser_accept(p, TOKEN_BANG))
        return type;

    struct ast_type *non_null = PARSER_NEW(p, type, AST_NON_NULL_TYPE, type->start);
    non_null->of = type;
    return parser_end(p, &non_null->node);
}
