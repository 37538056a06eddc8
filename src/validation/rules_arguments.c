/*
 * rules_arguments.c - arguments of fields and directives (specification, 5.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "schema/schema.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.4.1: an argument is one of the field's or the directive's definition. */

static struct str
suggest_argument(struct walk *w, const struct input_value *arguments, int count, struct str name)
{
    struct str *names = ARENA_ARRAY(w->arena, struct str, (size_t)count);

    for (int i = 0; i < count; i++)
        names[i] = arguments[i].name;
    return walk_suggest(w, NULL, name, names, count);
}

/* A field as messages name it: `Query.link`. Meta fields belong to no type. */
static struct str
field_name(struct walk *w)
{
    struct str name = w->scope->field->name;

    if (str_starts_with(name, STR("__")))
        return str_format(w->arena, "<meta>.%.*s", STR_PRINT(name));
    return str_format(w->arena, "%.*s.%.*s", STR_PRINT(w->scope->parent_type->name),
                      STR_PRINT(name));
}

static void
known_argument_of_field(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    if (w->scope->is_in_directive || w->scope->argument || !w->scope->field)
        return;
    struct str name = walk_name(node);
    struct str suggestion =
        suggest_argument(w, w->scope->field->arguments, w->scope->field->argument_count, name);
    walk_error(w, node->start, "Unknown argument \"%.*s\" on field \"%.*s\".%.*s", STR_PRINT(name),
               STR_PRINT(field_name(w)), STR_PRINT(suggestion));
}

static void
known_arguments_of_directive(struct walk *w, void *state, const struct ast_node *node)
{
    const struct directive_definition *directive = w->scope->directive;

    (void)state;
    if (!directive)
        return;
    for (node = ast_as(directive, node)->arguments; node; node = node->next) {
        struct str name = walk_name(node);

        if (schema_find_directive_argument(directive, name))
            continue;
        struct str suggestion =
            suggest_argument(w, directive->arguments, directive->argument_count, name);
        walk_error(w, node->start, "Unknown argument \"%.*s\" on directive \"@%.*s\".%.*s",
                   STR_PRINT(name), STR_PRINT(directive->name), STR_PRINT(suggestion));
    }
}

const struct rule rule_argument_names = {
    .name = "argument-names",
    .section = "5.4.1",
    .enter = { [AST_ARGUMENT] = known_argument_of_field,
               [AST_DIRECTIVE] = known_arguments_of_directive },
};

/* 5.4.2: no two arguments of a field or a directive have the same name. */

static void
unique_arguments(struct walk *w, const struct ast_node *list)
{
    if (!walk_has_duplicates(w, list))
        return;
    for (const struct ast_node *node = list; node; node = node->next) {
        struct error *error = NULL;

        if (walk_first_of_name(list, node) != node)
            continue;
        for (const struct ast_node *other = node->next; other; other = other->next) {
            if (!str_equal(walk_name(other), walk_name(node)))
                continue;
            if (!error)
                error = walk_error(w, node->start, "There can be only one argument named \"%.*s\".",
                                   STR_PRINT(walk_name(node)));
            walk_error_place(w, error, other->start);
        }
    }
}

static void
unique_arguments_of_field(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    unique_arguments(w, ast_as(field, node)->arguments);
}

static void
unique_arguments_of_directive(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    unique_arguments(w, ast_as(directive, node)->arguments);
}

const struct rule rule_argument_uniqueness = {
    .name = "argument-uniqueness",
    .section = "5.4.2",
    .enter = { [AST_FIELD] = unique_arguments_of_field,
               [AST_DIRECTIVE] = unique_arguments_of_directive },
};

/* 5.4.3: an argument whose type is non-null and that has no default is given. */

static bool
is_missing(const struct input_value *argument, const struct ast_node *given)
{
    if (argument->type->kind != TYPE_NON_NULL || argument->default_value)
        return false;
    return !ast_find_argument(given, argument->name);
}

static void
required_arguments_of_field(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    for (int i = 0; w->scope->field && i < w->scope->field->argument_count; i++) {
        const struct input_value *argument = &w->scope->field->arguments[i];

        if (is_missing(argument, ast_as(field, node)->arguments))
            walk_error(w, node->start,
                       "Argument \"%.*s(%.*s:)\" of type \"%.*s\" is required, "
                       "but it was not provided.",
                       STR_PRINT(field_name(w)), STR_PRINT(argument->name),
                       STR_PRINT(type_text(w->arena, argument->type)));
    }
}

static void
required_arguments_of_directive(struct walk *w, void *state, const struct ast_node *node)
{
    const struct directive_definition *directive = w->scope->directive;

    (void)state;
    for (int i = 0; directive && i < directive->argument_count; i++) {
        const struct input_value *argument = &directive->arguments[i];

        if (is_missing(argument, ast_as(directive, node)->arguments))
            walk_error(w, node->start,
                       "Argument \"@%.*s(%.*s:)\" of type \"%.*s\" is required, "
                       "but it was not provided.",
                       STR_PRINT(directive->name), STR_PRINT(argument->name),
                       STR_PRINT(type_text(w->arena, argument->type)));
    }
}

const struct rule rule_required_arguments = {
    .name = "required-arguments",
    .section = "5.4.3",
    .leave = { [AST_FIELD] = required_arguments_of_field,
               [AST_DIRECTIVE] = required_arguments_of_directive },
};
