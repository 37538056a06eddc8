/*
 * build_applied.c - the arguments that a contract gives to directives: are they
 * of the types that the directives declare (specification, 5.6.1)?
 *
 * Checked are the built-in directives where they have a meaning, by their built-in
 * definitions, whatever a contract may define under their names; and the binding
 * directives everywhere.  Arguments of other directives are not checked, nor does
 * the reference implementation check them; the order of checks is also its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/print.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_literal.h"
#include "sdl/build_stage.h"

/* An argument that is judged. */
struct applied {
    struct build *build;
    const struct ast_directive *directive;
    const struct ast_input_value_definition *argument;
};

static bool
report_literal(void *context, struct str message, const struct ast_node *node,
               const struct path *path)
{
    const struct applied *applied = context;
    struct buf where = { 0 };

    value_print_path(&where, path);
    build_error(applied->build, node, "Argument \"@%.*s(%.*s:)\" has invalid value%s%.*s: %.*s",
                STR_PRINT(applied->directive->name), STR_PRINT(applied->argument->name),
                where.len > 0 ? " at " : "", STR_PRINT(buf_str(&where)), STR_PRINT(message));
    buf_free(&where);
    return !errors_full(applied->build->errors);
}

/* An argument that is not given must not be a required one. */
static void
check_absent(const struct applied *applied)
{
    struct buf type = { 0 };

    if (applied->argument->type->kind != AST_NON_NULL_TYPE || applied->argument->default_value)
        return;
    print_node(&type, applied->argument->type);
    build_error(applied->build, &applied->directive->node,
                "Argument \"@%.*s(%.*s:)\" of required type \"%.*s\" was not provided.",
                STR_PRINT(applied->directive->name), STR_PRINT(applied->argument->name),
                STR_PRINT(buf_str(&type)));
    buf_free(&type);
}

/* Judge a directive by a definition of our own. */
static void
check_applied(struct build *b, const struct ast_directive *directive)
{
    const struct ast_directive_definition *definition =
        map_get(b->known_directives, directive->name);

    for (const struct ast_node *node = definition->arguments; node; node = node->next) {
        struct applied applied = { b, directive, ast_as(input_value_definition, node) };
        const struct ast_node *given = directive->arguments;
        while (given && !str_equal(ast_text(given), applied.argument->name))
            given = given->next;
        if (given)
            value_literal_check(b->arena, ast_as(argument, given)->value,
                                build_type_of(b, applied.argument->type), true, report_literal,
                                &applied);
        else
            check_absent(&applied);
    }
}

static void
check_named(struct build *b, const struct ast_node *directives, const char *name)
{
    const struct ast_directive *directive = ast_find_directive(directives, name);

    if (directive)
        check_applied(b, directive);
}

static void
check_applied_to_arguments(struct build *b, const struct ast_node *arguments)
{
    for (; arguments; arguments = arguments->next)
        check_named(b, ast_as(input_value_definition, arguments)->directives, "deprecated");
}

static void
check_specified_by(struct build *b, const struct type *type)
{
    for (const struct part *part = map_get(b->parts, type->name); part; part = part->next)
        check_named(b, part->ast->directives, "specifiedBy");
}

static void
check_members(struct build *b, const struct type *type)
{
    for (const struct part *part = map_get(b->parts, type->name); part; part = part->next) {
        if (type->kind == TYPE_INPUT_OBJECT)
            check_applied_to_arguments(b, part->ast->members);
        else
            for (const struct ast_node *node = part->ast->members; node; node = node->next) {
                const struct ast_field_definition *field = ast_as(field_definition, node);
                check_applied_to_arguments(b, field->arguments);
                check_named(b, field->directives, "deprecated");
            }
    }
}

static void
check_values(struct build *b, const struct type *type)
{
    for (int i = 0; i < type->value_count; i++)
        check_named(b, type->values[i].ast->directives, "deprecated");
}

/* Judge the bindings on the node and within it. */
static void
check_bindings(struct build *b, const struct ast_node *node)
{
    if (node->kind == AST_DIRECTIVE) {
        const struct ast_directive *directive = ast_as(directive, node);
        if (schema_find_directive(b->schema, directive->name)->is_binding)
            check_applied(b, directive);
        return;
    }
    for (const uint16_t *child = ast_children(node->kind); *child; child++)
        for (const struct ast_node *at = ast_child(node, *child); at; at = at->next)
            check_bindings(b, at);
}

static void (*const checks[])(struct build *, const struct type *) = {
    [TYPE_SCALAR] = check_specified_by, [TYPE_OBJECT] = check_members,
    [TYPE_INTERFACE] = check_members,   [TYPE_UNION] = NULL,
    [TYPE_ENUM] = check_values,         [TYPE_INPUT_OBJECT] = check_members,
};

/* Look at the contract's types of these kinds: a bit for each. */
static void
check_types(struct build *b, unsigned kinds)
{
    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        if (!type->is_builtin && kinds & 1u << type->kind)
            checks[type->kind](b, type);
    }
}

void
build_applied_check(struct build *b)
{
    check_types(b, 1u << TYPE_SCALAR);
    for (int i = 0; i < b->schema->directive_count; i++)
        check_applied_to_arguments(b, b->schema->directives[i].ast->arguments);
    check_types(b, 1u << TYPE_OBJECT | 1u << TYPE_INTERFACE | 1u << TYPE_INPUT_OBJECT);
    check_types(b, 1u << TYPE_ENUM);
    for (const struct ast_node *node = b->document->definitions; b->binding && node;
         node = node->next)
        if (build_is_type_system(node->kind))
            check_bindings(b, node);
}
