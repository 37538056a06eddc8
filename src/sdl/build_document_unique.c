/*
 * build_document_unique.c - names that a type system document may define, or give,
 * only once (specification, 3.6 to 3.13, and 5.4.2).
 *
 * Names that definitions and extensions share stand in different places, so each
 * repetition is reported with the first; those of one list are reported
 * together, with all their places.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "sdl/build_document.h"

void
build_document_unique(struct document_check *c, struct map *seen, struct str key, struct str name,
                      const struct sentence *sentence)
{
    struct str first = { map_add(seen, key, (void *)name.ptr), 0 };

    if (!first.ptr)
        return;
    struct error *error = build_error_name(c->build, first, "%s%.*s%s", sentence->before,
                                           STR_PRINT(key), sentence->after);
    build_add_name(c->build, error, name);
}

/* A name of a list, and where it is there again. */
struct occurrence {
    struct str name;
    struct occurrence *again, *last_again;
    struct occurrence *next; /* the next name of the list */
};

/* The names of a list, in order; each with the places where it is there again. */
static struct occurrence *
group(struct document_check *c, const struct ast_node *list)
{
    struct map *seen = map_new(c->build->arena);
    struct occurrence *first = NULL, **end = &first;

    for (; list; list = list->next) {
        struct occurrence *here = ARENA_NEW(c->build->arena, struct occurrence);
        here->name = ast_text(list);
        struct occurrence *same = map_add(seen, here->name, here);
        if (!same) {
            *end = here;
            end = &here->next;
            continue;
        }
        if (same->last_again)
            same->last_again->again = here;
        else
            same->again = here;
        same->last_again = here;
    }
    return first;
}

/* Check that the nodes of the list have different names; the message has `owner` before the
 * name. */
static void
check_list(struct document_check *c, const struct ast_node *list, struct str owner,
           const struct sentence *sentence)
{
    if (!list || !list->next)
        return;
    for (struct occurrence *at = group(c, list); at; at = at->next) {
        if (!at->again)
            continue;
        struct error *error =
            build_error_name(c->build, at->name, "%s%.*s%.*s%s", sentence->before, STR_PRINT(owner),
                             STR_PRINT(at->name), sentence->after);
        for (struct occurrence *again = at->again; again; again = again->again)
            build_add_name(c->build, error, again->name);
    }
}

static const struct sentence parameter_once = { "Argument \"", ":)\" can only be defined once." };

void
build_document_unique_members(struct document_check *c, const struct ast_type_definition *ast)
{
    static const struct sentence once = { "Field \"", "\" can only be defined once." };
    static const struct sentence once_value = { "Enum value \"", "\" can only be defined once." };
    bool is_enum = ast->node.kind == AST_ENUM_DEFINITION;

    if (ast->node.kind == AST_UNION_DEFINITION)
        return; /* its members are defined elsewhere */
    for (const struct ast_node *node = ast->members; node; node = node->next) {
        struct str name = ast_text(node);
        struct str key =
            str_format(c->build->arena, "%.*s.%.*s", STR_PRINT(ast->name), STR_PRINT(name));
        build_document_unique(c, is_enum ? c->seen_values : c->seen_members, key, name,
                              is_enum ? &once_value : &once);
    }
    for (const struct ast_node *node = ast->members; node; node = node->next) {
        if (node->kind != AST_FIELD_DEFINITION)
            return;
        const struct ast_field_definition *field = ast_as(field_definition, node);
        if (!field->arguments)
            continue;
        check_list(
            c, field->arguments,
            str_format(c->build->arena, "%.*s.%.*s(", STR_PRINT(ast->name), STR_PRINT(field->name)),
            &parameter_once);
    }
}

void
build_document_unique_parameters(struct document_check *c,
                                 const struct ast_directive_definition *ast)
{
    check_list(c, ast->arguments, str_format(c->build->arena, "@%.*s(", STR_PRINT(ast->name)),
               &parameter_once);
}

void
build_document_unique_arguments(struct document_check *c, const struct ast_node *arguments)
{
    static const struct sentence once = { "There can be only one argument named \"", "\"." };

    check_list(c, arguments, STR(""), &once);
}
