/*
 * build_visible.c - what one role sees of a contract: the schema without the parts
 * that @auth(roles:) keeps for others.
 *
 * A part goes when its own @auth does not name the role, or when its type goes.  What is left
 * is judged like any other schema.  A hidden argument that has a default is not gone: its field
 * keeps it, out of the client's sight, and it always has its default.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

/* The texts that @auth lists: one, or several. */
static const struct ast_node *
list_roles(const struct ast_directive *auth)
{
    const struct ast_node *argument = auth->arguments;

    while (argument && !str_is(ast_text(argument), "roles"))
        argument = argument->next;
    const struct ast_node *value = argument ? ast_as(argument, argument)->value : NULL;
    return value && value->kind == AST_LIST ? ast_as(value, value)->values : value;
}

bool
build_is_hidden(const struct build *b, const struct ast_node *directives)
{
    const struct ast_directive *auth = b->whole ? ast_find_directive(directives, "auth") : NULL;

    if (!auth)
        return false;
    for (const struct ast_node *node = list_roles(auth); node; node = node->next)
        if (str_equal(ast_as(value, node)->text, b->role))
            return false;
    return true;
}

bool
build_is_type_hidden(const struct build *b, const struct ast_node *type)
{
    while (type->kind != AST_NAMED_TYPE)
        type = ast_as(type, type)->of;
    return b->hidden_types && map_get(b->hidden_types, ast_as(type, type)->name) != NULL;
}

void
build_hide_types(struct build *b)
{
    if (!b->whole)
        return;
    b->hidden_types = map_new(b->arena);
    for (const struct ast_node *node = b->document->definitions; node; node = node->next) {
        if (!ast_is_type_definition(node->kind))
            continue;
        const struct ast_type_definition *ast = ast_as(type_definition, node);
        if (!map_get(b->builtin_types, ast->name) && build_is_hidden(b, ast->directives))
            map_put(b->hidden_types, ast->name, (void *)node);
    }
}

/* Must the client give it? */
static bool
is_required(const struct input_value *input)
{
    return input->type->kind == TYPE_NON_NULL && !input->default_value;
}

/* Report what must be given and is hidden.  `before` and `after` make its coordinate. */
static void
refuse_required(struct build *b, const struct input_value *input, const char *what,
                struct str before, const char *after)
{
    build_error_name(b, input->ast->name,
                     "%s %.*s%.*s%s is required, but hidden; give it a default, or hide what needs "
                     "it too.",
                     what, STR_PRINT(before), STR_PRINT(input->name), after);
}

/* The arguments that the field has lost: they keep their defaults. */
static void
fix_arguments(struct build *b, const struct type *type, struct field *field,
              const struct field *whole)
{
    struct str before =
        str_format(b->arena, "%.*s.%.*s(", STR_PRINT(type->name), STR_PRINT(field->name));

    for (int i = 0; i < whole->argument_count; i++) {
        const struct input_value *argument = &whole->arguments[i];
        if (schema_find_argument(field, argument->name))
            continue;
        if (is_required(argument))
            refuse_required(b, argument, "Argument", before, ":)");
        if (argument->default_value) {
            struct input_value *fixed = &field->arguments[field->argument_count];
            fixed += field->fixed_count++;
            *fixed = *argument;
            fixed->binding = NULL;
            fixed->is_fixed = true;
        }
    }
}

static void
check_inputs(struct build *b, const struct type *type, const struct type *whole)
{
    struct str before = str_format(b->arena, "%.*s.", STR_PRINT(type->name));

    for (int i = 0; i < whole->input_count; i++)
        if (!schema_find_input(type, whole->inputs[i].name) && is_required(&whole->inputs[i]))
            refuse_required(b, &whole->inputs[i], "Input field", before, "");
}

static void
check_directives(struct build *b)
{
    for (int i = 0; i < b->schema->directive_count; i++) {
        const struct directive_definition *directive = &b->schema->directives[i];
        const struct directive_definition *whole = schema_find_directive(b->whole, directive->name);
        struct str before = str_format(b->arena, "@%.*s(", STR_PRINT(directive->name));
        for (int n = 0; n < whole->argument_count; n++)
            if (!schema_find_directive_argument(directive, whole->arguments[n].name) &&
                is_required(&whole->arguments[n]))
                refuse_required(b, &whole->arguments[n], "Argument", before, ":)");
    }
}

void
build_visible(struct build *b)
{
    b->schema->whole = b->whole;
    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        const struct type *whole = schema_find_type(b->whole, type->name);
        if (type->is_builtin)
            continue;
        for (int n = 0; n < type->field_count; n++)
            fix_arguments(b, type, &type->fields[n],
                          map_get(whole->fields_by_name, type->fields[n].name));
        if (type->kind == TYPE_INPUT_OBJECT)
            check_inputs(b, type, whole);
    }
    check_directives(b);
}
