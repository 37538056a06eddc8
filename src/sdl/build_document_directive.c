/*
 * build_document_directive.c - directives applied in a type system document
 * (specification, 5.4 and 5.7): they are known, stand where they may, and have the
 * arguments that they ask for.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/suggest.h"
#include "language/print.h"
#include "language/source.h"
#include "sdl/build_document.h"

/* Where a directive on a node of this kind stands, and where the node has its directives. */
/* clang-format off */
static const struct {
    enum directive_location location;
    uint16_t directives; /* offset; 0: such nodes have none */
} applied[AST_KIND_COUNT] = {
#define AT(kind, location, shape) [kind] = { location, offsetof(struct ast_##shape, directives) }
    AT(AST_OPERATION, LOCATION_QUERY, operation), /* or as build_document_location() says */
    AT(AST_FRAGMENT, LOCATION_FRAGMENT_DEFINITION, fragment),
    AT(AST_VARIABLE_DEFINITION, LOCATION_VARIABLE_DEFINITION, variable_definition),
    AT(AST_FIELD, LOCATION_FIELD, field),
    AT(AST_FRAGMENT_SPREAD, LOCATION_FRAGMENT_SPREAD, fragment_spread),
    AT(AST_INLINE_FRAGMENT, LOCATION_INLINE_FRAGMENT, inline_fragment),
    AT(AST_SCHEMA_DEFINITION, LOCATION_SCHEMA, schema_definition),
    AT(AST_SCALAR_DEFINITION, LOCATION_SCALAR, type_definition),
    AT(AST_OBJECT_DEFINITION, LOCATION_OBJECT, type_definition),
    AT(AST_INTERFACE_DEFINITION, LOCATION_INTERFACE, type_definition),
    AT(AST_UNION_DEFINITION, LOCATION_UNION, type_definition),
    AT(AST_ENUM_DEFINITION, LOCATION_ENUM, type_definition),
    AT(AST_INPUT_OBJECT_DEFINITION, LOCATION_INPUT_OBJECT, type_definition),
    AT(AST_FIELD_DEFINITION, LOCATION_FIELD_DEFINITION, field_definition),
    AT(AST_INPUT_VALUE_DEFINITION, LOCATION_ARGUMENT_DEFINITION, input_value_definition),
    AT(AST_ENUM_VALUE_DEFINITION, LOCATION_ENUM_VALUE, enum_value_definition),
#undef AT
};
/* clang-format on */

enum directive_location
build_document_location(const struct ast_node *node, enum directive_location outer)
{
    static const enum directive_location operations[] = {
        [OPERATION_QUERY] = LOCATION_QUERY,
        [OPERATION_MUTATION] = LOCATION_MUTATION,
        [OPERATION_SUBSCRIPTION] = LOCATION_SUBSCRIPTION,
    };

    if (node->kind == AST_OPERATION)
        return operations[ast_as(operation, node)->type];
    if (node->kind == AST_INPUT_VALUE_DEFINITION && outer == LOCATION_INPUT_OBJECT)
        return LOCATION_INPUT_FIELD_DEFINITION;
    return applied[node->kind].directives ? applied[node->kind].location : outer;
}

/* The directives applied so far at this place: a definition and its
 * extensions are one place. */
static struct map *
applied_at(struct document_check *c, const struct ast_node *node)
{
    struct map *seen;

    if (node->kind == AST_SCHEMA_DEFINITION)
        return c->schema_applied;
    if (!ast_is_type_definition(node->kind))
        return map_new(c->build->arena);
    seen = map_get(c->seen_applied, ast_as(type_definition, node)->name);
    if (!seen) {
        seen = map_new(c->build->arena);
        map_put(c->seen_applied, ast_as(type_definition, node)->name, seen);
    }
    return seen;
}

void
build_document_unique_directives(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "The directive \"@",
                                          "\" can only be used once at this location." };
    const struct ast_node *list;
    struct map *seen;

    assert(applied[node->kind].directives);
    list = ast_child(node, applied[node->kind].directives);
    if (!list)
        return;
    seen = applied_at(c, node);
    for (; list; list = list->next) {
        struct str name = ast_as(directive, list)->name;
        struct str at = { c->build->document->source->text.ptr + list->start, 0 }; /* its `@` */
        const struct ast_directive_definition *definition = map_get(c->directives, name);
        if (definition && !definition->is_repeatable)
            build_document_unique(c, seen, name, at, &once);
    }
}

static bool
may_stand(const struct ast_directive_definition *definition, enum directive_location location)
{
    const char *name = directive_location_name(location);

    for (const struct ast_node *at = definition->locations; at; at = at->next)
        if (str_is(ast_as(directive_location, at)->name, name))
            return true;
    return false;
}

static bool
has_name(const struct ast_node *list, struct str name)
{
    for (; list; list = list->next)
        if (str_equal(ast_text(list), name))
            return true;
    return false;
}

static struct str
suggest_argument(struct document_check *c, struct str name,
                 const struct ast_directive_definition *definition)
{
    struct arena *scratch;
    struct str *names;
    struct str text;
    int n = 0;

    for (const struct ast_node *at = definition->arguments; at; at = at->next)
        n++;
    scratch = arena_new("names");
    names = ARENA_ARRAY(scratch, struct str, n);
    n = 0;
    for (const struct ast_node *at = definition->arguments; at; at = at->next)
        names[n++] = ast_text(at);
    text = suggest_text(c->build->arena, NULL, names, suggest_close(scratch, name, names, n));
    arena_free(scratch);
    return text;
}

/* Where directives stand on what an argument, of a directive for instance, is made of. */
static const bool is_of_inputs[LOCATION_COUNT + 1] = {
    [LOCATION_SCALAR] = true,       [LOCATION_ARGUMENT_DEFINITION] = true,
    [LOCATION_ENUM] = true,         [LOCATION_ENUM_VALUE] = true,
    [LOCATION_INPUT_OBJECT] = true, [LOCATION_INPUT_FIELD_DEFINITION] = true,
};

void
build_document_directive(struct document_check *c, const struct ast_node *node)
{
    const struct ast_directive *ast = ast_as(directive, node);
    const struct ast_directive_definition *definition = map_get(c->directives, ast->name);

    if (is_of_inputs[c->location])
        map_put(c->build->applied_to_inputs, ast->name, (void *)ast);
    if (!definition)
        build_error(c->build, node, "Unknown directive \"@%.*s\".", STR_PRINT(ast->name));
    else if (!may_stand(definition, c->location))
        build_error(c->build, node, "Directive \"@%.*s\" may not be used on %s.",
                    STR_PRINT(ast->name), directive_location_name(c->location));
    for (const struct ast_node *at = definition ? ast->arguments : NULL; at; at = at->next) {
        struct str name = ast_text(at);
        if (has_name(definition->arguments, name))
            continue;
        struct str suggestion = suggest_argument(c, name, definition);
        build_error(c->build, at, "Unknown argument \"%.*s\" on directive \"@%.*s\".%.*s",
                    STR_PRINT(name), STR_PRINT(ast->name), STR_PRINT(suggestion));
    }
    build_document_unique_arguments(c, ast->arguments);
}

void
build_document_required(struct document_check *c, const struct ast_node *node)
{
    const struct ast_directive *ast = ast_as(directive, node);
    const struct ast_directive_definition *definition = map_get(c->directives, ast->name);

    for (const struct ast_node *at = definition ? definition->arguments : NULL; at; at = at->next) {
        const struct ast_input_value_definition *argument = ast_as(input_value_definition, at);
        if (argument->type->kind != AST_NON_NULL_TYPE || argument->default_value ||
            has_name(ast->arguments, argument->name))
            continue;
        struct buf type = { 0 };
        print_node(&type, argument->type);
        build_error(c->build, &ast->node,
                    "Argument \"@%.*s(%.*s:)\" of type \"%.*s\" is required, but it was not "
                    "provided.",
                    STR_PRINT(ast->name), STR_PRINT(argument->name), STR_PRINT(buf_str(&type)));
        buf_free(&type);
    }
}
