/*
 * bind_constraint.c - @constraint: what a client is told when a constraint of the database refuses
 * a row.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_constraint.h"

#include "base/arena.h"
#include "base/suggest.h"

static bool
is_of_input(const struct ast_node *node, const struct type *input)
{
    return ast_is_type_definition(node->kind) &&
           str_equal(ast_as(type_definition, node)->name, input->name);
}

/* ` Did you mean "links_url_form"?`, or "". */
static struct str
suggest(struct binder *b, const struct table *table, struct str name)
{
    struct str *names = ARENA_ARRAY(b->arena, struct str, (size_t)table->constraint_count + 1);

    for (int i = 0; i < table->constraint_count; i++)
        names[i] = table->constraints[i].name;
    int count = suggest_close(b->arena, name, names, table->constraint_count);
    return suggest_text(b->arena, NULL, names, count);
}

/* NULL after a misfit. */
static struct bound_constraint *
bind_constraint(struct binder *b, const struct type *input, const struct table *table,
                const struct ast_directive *directive)
{
    struct bound_constraint *bound = ARENA_NEW(b->arena, struct bound_constraint);
    struct str name = binder_directive_text(b, directive, "name");
    struct str field = binder_directive_text(b, directive, "field");

    *bound = (struct bound_constraint){
        .constraint = table_find_constraint(table, name),
        .field = field.ptr ? schema_find_input(input, field) : NULL,
        .message = binder_directive_text(b, directive, "message"),
    };
    if (!bound->constraint)
        binder_misfit(b, directive->node.start, input->name,
                      "table %.*s has no constraint \"%.*s\", and no unique index of that name; "
                      "name another with @constraint(name:).%.*s",
                      STR_PRINT(table->name), STR_PRINT(name), STR_PRINT(suggest(b, table, name)));
    else if (field.ptr && !bound->field)
        binder_misfit(b, directive->node.start, input->name,
                      "it has no field \"%.*s\"; name one that it has with @constraint(field:).",
                      STR_PRINT(field));
    else
        return bound;
    return NULL;
}

const struct bound_constraint *
bind_constraints(struct binder *b, const struct type *input, const struct table *table, bool *fits)
{
    struct bound_constraint *first = NULL;

    for (const struct ast_node *node = b->schema->document->definitions; node; node = node->next) {
        if (!is_of_input(node, input))
            continue;
        const struct ast_node *use = ast_as(type_definition, node)->directives;
        for (; use; use = use->next) {
            if (!str_is(ast_as(directive, use)->name, "constraint"))
                continue;
            struct bound_constraint *bound =
                bind_constraint(b, input, table, ast_as(directive, use));
            *fits = *fits && bound;
            if (!bound)
                continue;
            bound->next = first;
            first = bound;
        }
    }
    return first;
}

/* --- uses --- */

/* Does the argument, or one within it, set columns by the input object? */
static bool
is_set_by(const struct argument_binding *values, const struct type *input)
{
    if (!values || values->role != ARGUMENT_VALUES)
        return false;
    if (values->input == input)
        return true;
    for (int i = 0; i < values->input->input_count; i++)
        if (is_set_by(values->inputs[i], input))
            return true;
    return false;
}

static bool
is_written(const struct binder *b, const struct type *input)
{
    const struct type *mutation = b->schema->mutation;

    for (int i = 0; mutation && i < mutation->field_count; i++)
        for (int j = 0; j < mutation->fields[i].argument_count; j++)
            if (is_set_by(mutation->fields[i].arguments[j].binding, input))
                return true;
    return false;
}

void
bind_constraint_check_uses(struct binder *b)
{
    /* Of what is hidden, or was not bound, nothing is known. */
    if (b->schema->whole || b->has_misfit)
        return;
    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        const struct ast_directive *directive =
            type->kind == TYPE_INPUT_OBJECT ? binder_type_directive(b, type, "constraint") : NULL;
        if (directive && !is_written(b, type))
            binder_misfit(b, directive->node.start, type->name,
                          "no mutation writes rows of it, by @insert, @upsert or @update; remove "
                          "@constraint.");
    }
}
