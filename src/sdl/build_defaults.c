/*
 * build_defaults.c - the defaults of arguments and input fields, coerced
 * (specification, 3.6.1 and 3.10: a default is coerced as a literal is).
 *
 * A literal of an input object takes the defaults of the fields that it leaves
 * out, so those are coerced first; build_check_input.c has made sure that there is no cycle.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_literal.h"
#include "sdl/build_stage.h"

static void coerce_default(struct build *b, struct input_value *input);

/* Coerce the defaults that this literal of the named type will take. */
static void
coerce_needed(struct build *b, const struct type *type, const struct ast_node *literal)
{
    if (literal->kind == AST_LIST)
        for (const struct ast_node *at = ast_as(value, literal)->values; at; at = at->next)
            coerce_needed(b, type, at);
    if (literal->kind != AST_OBJECT || type->kind != TYPE_INPUT_OBJECT)
        return;
    const struct value_literal_fields fields = value_literal_fields(b->arena, literal);
    for (int i = 0; i < type->input_count; i++) {
        const struct ast_node *given = value_literal_field(&fields, type->inputs[i].name);
        if (given)
            coerce_needed(b, type_named(type->inputs[i].type), given);
        else
            coerce_default(b, &type->inputs[i]);
    }
}

static void
coerce_default(struct build *b, struct input_value *input)
{
    const struct ast_node *literal = input->ast->default_value;
    bool is_absent;

    if (!literal || input->default_value)
        return;
    coerce_needed(b, type_named(input->type), literal);
    input->default_value =
        value_coerce_literal(b->arena, literal, input->type, NULL, &is_absent, NULL);
    assert(input->default_value); /* build_check() has judged it */
}

static void
coerce_defaults(struct build *b, struct input_value *inputs, int count)
{
    for (int i = 0; i < count; i++)
        coerce_default(b, &inputs[i]);
}

void
build_defaults(struct build *b)
{
    struct schema *schema = b->schema;

    for (int i = 0; i < schema->type_count; i++) {
        struct type *type = schema->types[i];
        coerce_defaults(b, type->inputs, type->input_count);
        for (int n = 0; n < type->field_count; n++)
            coerce_defaults(b, type->fields[n].arguments, type->fields[n].argument_count);
    }
    for (int i = 0; i < schema->directive_count; i++)
        coerce_defaults(b, schema->directives[i].arguments, schema->directives[i].argument_count);
}
