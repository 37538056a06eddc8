/*
 * usage.c - what a document uses of a schema, and which changes of that it would notice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/usage.h"

#include "base/arena.h"
#include "base/map.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "diff/change.h"

struct usage {
    struct arena *arena;
    const struct schema *schema;
    struct map *used; /* a set of coordinates, and of the types that variables hold */
};

static void
use(struct usage *u, struct str coordinate)
{
    map_add(u->used, coordinate, u);
}

static struct str
member(struct usage *u, const struct type *type, struct str name)
{
    return str_format(u->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(name));
}

/* ---- Input ------------------------------------------------------------------------ */

/* Use all that a variable of the type may hold. */
static void
use_input_type(struct usage *u, const struct type *type)
{
    type = type_named(type);
    if (map_add(u->used, type->name, u))
        return;
    for (int i = 0; i < type->value_count; i++)
        use(u, member(u, type, type->values[i].name));
    for (int i = 0; i < type->input_count; i++) {
        use(u, member(u, type, type->inputs[i].name));
        use_input_type(u, type->inputs[i].type);
    }
}

static void
use_literal(struct usage *u, const struct type *type, const struct ast_node *literal)
{
    type = type_named(type);
    if (literal->kind == AST_ENUM)
        use(u, member(u, type, ast_text(literal)));
    if (literal->kind != AST_LIST && literal->kind != AST_OBJECT)
        return;
    for (const struct ast_node *at = ast_as(value, literal)->values; at; at = at->next) {
        if (literal->kind == AST_LIST) {
            use_literal(u, type, at);
            continue;
        }
        const struct ast_object_field *field = ast_as(object_field, at);
        const struct input_value *input =
            type->kind == TYPE_INPUT_OBJECT ? schema_find_input(type, field->name) : NULL;
        if (!input)
            continue;
        use(u, member(u, type, field->name));
        use_literal(u, input->type, field->value);
    }
}

static void
use_variables(struct usage *u, const struct ast_node *variables)
{
    for (const struct ast_node *node = variables; node; node = node->next) {
        const struct ast_variable_definition *variable = ast_as(variable_definition, node);
        const struct type *type = schema_type_of_ast(u->arena, u->schema, variable->type);
        if (type)
            use_input_type(u, type);
    }
}

/* ---- Selections --------------------------------------------------------------------- */

/* Use a field of `type`, with the arguments that are given. */
static void
use_field(struct usage *u, const struct type *type, const struct field *field,
          const struct ast_node *arguments)
{
    struct str coordinate = member(u, type, field->name);

    use(u, coordinate);
    for (const struct ast_node *node = arguments; node; node = node->next) {
        const struct ast_argument *given = ast_as(argument, node);
        const struct input_value *argument = schema_find_argument(field, given->name);
        if (!argument)
            continue;
        use(u, str_format(u->arena, "%.*s(%.*s:)", STR_PRINT(coordinate), STR_PRINT(given->name)));
        use_literal(u, argument->type, given->value);
    }
}

static void
use_selections(struct usage *u, const struct type *type, const struct ast_node *selections);

/* An object's own field stands for that of its interface in the answer. */
static void
use_selected(struct usage *u, const struct type *type, const struct ast_field *selected)
{
    const struct field *field = schema_find_field(u->schema, type, selected->name);

    if (!field)
        return;
    use_field(u, type, field, selected->arguments);
    for (int i = 0; type->kind == TYPE_INTERFACE && i < type->possible_count; i++) {
        const struct field *own = schema_find_field(u->schema, type->possible[i], selected->name);
        if (own)
            use_field(u, type->possible[i], own, selected->arguments);
    }
    use(u, type_named(field->type)->name);
    use_selections(u, type_named(field->type), selected->selections);
}

static void
use_selections(struct usage *u, const struct type *type, const struct ast_node *selections)
{
    for (const struct ast_node *node = selections; node; node = node->next) {
        if (node->kind == AST_FIELD)
            use_selected(u, type, ast_as(field, node));
        if (node->kind != AST_INLINE_FRAGMENT)
            continue;
        const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);
        const struct type *of =
            fragment->type_condition
                ? schema_find_type(u->schema, ast_text(fragment->type_condition))
                : type;
        if (of)
            use_selections(u, of, fragment->selections);
    }
}

static void
use_definition(struct usage *u, const struct ast_node *node)
{
    const struct type *type = NULL;
    const struct ast_node *selections = NULL;

    if (node->kind == AST_OPERATION) {
        const struct ast_operation *operation = ast_as(operation, node);
        use_variables(u, operation->variables);
        type = schema_root_type(u->schema, operation->type);
        selections = operation->selections;
    } else if (node->kind == AST_FRAGMENT) {
        const struct ast_fragment *fragment = ast_as(fragment, node);
        type = schema_find_type(u->schema, ast_text(fragment->type_condition));
        selections = fragment->selections;
    }
    if (type)
        use_selections(u, type, selections);
}

/* ---- Changes ------------------------------------------------------------------------- */

/* Kinds that a document which is still valid does not notice. */
static bool
is_for_validation(enum change_kind kind)
{
    switch (kind) {
    case CHANGE_TYPE_REMOVED:
    case CHANGE_TYPE_REMOVED_FROM_UNION:
    case CHANGE_IMPLEMENTED_INTERFACE_REMOVED:
    case CHANGE_REQUIRED_ARG_ADDED:
    case CHANGE_ARG_BECAME_REQUIRED:
        return true;
    default:
        return false;
    }
}

/* Is it about something that is used?  A variable may lack a field that was added. */
static bool
is_used(const struct usage *u, const struct change *change)
{
    struct str of = change->coordinate;

    if (change->kind == CHANGE_REQUIRED_INPUT_FIELD_ADDED)
        of.len = str_find(of, '.');
    return map_get(u->used, of) != NULL;
}

const struct change *
usage_find_breaking(struct arena *a, const struct schema *before,
                    const struct ast_document *document, const struct changes *changes)
{
    struct usage u = { a, before, map_new(a) };

    for (const struct ast_node *node = document->definitions; node; node = node->next)
        use_definition(&u, node);
    for (const struct change *change = changes->first; change; change = change->next)
        if (change_severity(change) == SEVERITY_BREAKING && !is_for_validation(change->kind) &&
            is_used(&u, change))
            return change;
    return NULL;
}
