/*
 * build_document_redefined.c - definitions that a contract has of built-in directives
 * (specification, 3.13).
 *
 * A contract may repeat them, as the SDL that some tools write does.  It must not give their names
 * another meaning: what they do follows the specification.  Without bindings, in a batch, documents
 * are validated by whatever the schema defines, as in the reference implementation.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "language/print.h"
#include "sdl/build_document.h"

static const struct ast_node *
find_name(const struct ast_node *list, struct str name)
{
    while (list && !str_equal(ast_text(list), name))
        list = list->next;
    return list;
}

/* The built-in directive of that name, or NULL. */
static const struct ast_directive_definition *
find_builtin(const struct build *b, struct str name)
{
    for (const struct ast_node *at = b->builtin->definitions; at; at = at->next)
        if (at->kind == AST_DIRECTIVE_DEFINITION && str_equal(ast_text(at), name))
            return ast_as(directive_definition, at);
    return NULL;
}

/* Are these the same when they are printed?  Each may be NULL. */
static bool
is_same(const struct ast_node *a, const struct ast_node *b)
{
    struct buf one = { 0 }, other = { 0 };

    if (a)
        print_node(&one, a);
    if (b)
        print_node(&other, b);
    bool is_same = str_equal(buf_str(&one), buf_str(&other));
    buf_free(&one);
    buf_free(&other);
    return is_same;
}

/* Is the argument the built-in directive's?  Editions before 2025 have `reason: String` with the
 * same default. */
static bool
is_builtin_argument(const struct ast_node *own, const struct ast_node *builtin)
{
    const struct ast_input_value_definition *a = ast_as(input_value_definition, own);
    const struct ast_input_value_definition *b = ast_as(input_value_definition, builtin);
    bool is_older = b->default_value && b->type->kind == AST_NON_NULL_TYPE &&
                    is_same(a->type, ast_as(type, b->type)->of);

    return (is_older || is_same(a->type, b->type)) && is_same(a->default_value, b->default_value);
}

/* Is a contract's own definition that of the built-in directive?  It may have fewer locations:
 * earlier editions have. */
static bool
is_builtin_definition(const struct ast_directive_definition *own,
                      const struct ast_directive_definition *builtin)
{
    if (own->is_repeatable || ast_count(own->arguments) != ast_count(builtin->arguments))
        return false;
    for (const struct ast_node *at = builtin->arguments; at; at = at->next) {
        const struct ast_node *argument = find_name(own->arguments, ast_text(at));
        if (!argument || !is_builtin_argument(argument, at))
            return false;
    }
    for (const struct ast_node *at = own->locations; at; at = at->next)
        if (!find_name(builtin->locations, ast_text(at)))
            return false;
    return true;
}

/* The definition as text, without descriptions. */
static struct str
definition_text(struct arena *a, const struct ast_directive_definition *definition)
{
    struct ast_directive_definition bare = *definition;
    const struct ast_node **end = &bare.arguments;
    struct buf text = { 0 };

    bare.description = NULL;
    for (const struct ast_node *at = definition->arguments; at; at = at->next) {
        struct ast_input_value_definition *argument =
            ARENA_NEW(a, struct ast_input_value_definition);
        *argument = *ast_as(input_value_definition, at);
        argument->description = NULL;
        *end = &argument->node;
        end = &argument->node.next;
    }
    print_node(&text, &bare.node);
    struct str copy = buf_copy(a, &text);
    buf_free(&text);
    return copy;
}

void
build_document_redefined(struct document_check *c, const struct ast_directive_definition *own)
{
    const struct ast_directive_definition *builtin = find_builtin(c->build, own->name);

    if (!c->build->binding || !builtin || is_builtin_definition(own, builtin))
        return;
    build_error_name(c->build, own->name,
                     "Directive \"@%.*s\" is built in, and a contract must not define another of "
                     "that name. It is: %.*s",
                     STR_PRINT(own->name), STR_PRINT(definition_text(c->build->arena, builtin)));
}
