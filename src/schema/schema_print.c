/*
 * schema_print.c - a schema as SDL again, in the form that the reference
 * implementation's printSchema gives it: directives, then types, in the order
 * of the contract, without what is built in and without bindings.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "language/print.h"
#include "schema/schema.h"
#include "schema/schema_print.h"

/* Write the description, if there is one; a member that is not the first is set off
 * by an empty line. */
static void
describe(struct buf *b, struct str text, int indent, bool is_first)
{
    if (!text.ptr)
        return;
    if (!is_first)
        buf_byte(b, '\n');
    print_description(b, text, indent);
}

/* What `@deprecated` alone says: builtin.graphql. */
static const char default_reason[] = "No longer supported";

static void
print_deprecated(struct buf *b, struct str reason)
{
    if (!reason.ptr)
        return;
    buf_put_c(b, " @deprecated");
    if (str_is(reason, default_reason))
        return;
    buf_put_c(b, "(reason: ");
    print_string(b, reason);
    buf_byte(b, ')');
}

/* name: Type = default */
static void
print_input(struct buf *b, const struct input_value *input)
{
    buf_put(b, input->name);
    buf_put_c(b, ": ");
    type_print(b, input->type);
    if (input->ast->default_value) {
        buf_put_c(b, " = ");
        print_node(b, input->ast->default_value);
    }
    print_deprecated(b, input->deprecation_reason);
}

/* On one line, unless there are descriptions. */
static void
print_arguments(struct buf *b, const struct input_value *arguments, int count, int indent)
{
    bool is_described = false;

    if (count == 0)
        return;
    for (int i = 0; i < count; i++)
        is_described = is_described || arguments[i].description.ptr;
    buf_put_c(b, is_described ? "(\n" : "(");
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_put_c(b, is_described ? "\n" : ", ");
        if (is_described) {
            describe(b, arguments[i].description, indent + 2, i == 0);
            buf_repeat(b, ' ', indent + 2);
        }
        print_input(b, &arguments[i]);
    }
    if (is_described) {
        buf_byte(b, '\n');
        buf_repeat(b, ' ', indent);
    }
    buf_byte(b, ')');
}

static void
print_scalar(struct buf *b, const struct type *type)
{
    buf_printf(b, "scalar %.*s", STR_PRINT(type->name));
    if (type->specified_by_url.ptr) {
        buf_put_c(b, " @specifiedBy(url: ");
        print_string(b, type->specified_by_url);
        buf_byte(b, ')');
    }
}

static void
print_fields(struct buf *b, const struct type *type)
{
    buf_printf(b, "%s %.*s", type->kind == TYPE_OBJECT ? "type" : "interface",
               STR_PRINT(type->name));
    for (int i = 0; i < type->interface_count; i++)
        buf_printf(b, "%s%.*s", i == 0 ? " implements " : " & ",
                   STR_PRINT(type->interfaces[i]->name));
    buf_put_c(b, " {\n");
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        describe(b, field->description, 2, i == 0);
        buf_put_c(b, "  ");
        buf_put(b, field->name);
        print_arguments(b, field->arguments, field->argument_count, 2);
        buf_put_c(b, ": ");
        type_print(b, field->type);
        print_deprecated(b, field->deprecation_reason);
        buf_byte(b, '\n');
    }
    buf_byte(b, '}');
}

static void
print_union(struct buf *b, const struct type *type)
{
    buf_printf(b, "union %.*s", STR_PRINT(type->name));
    for (int i = 0; i < type->possible_count; i++)
        buf_printf(b, "%s%.*s", i == 0 ? " = " : " | ", STR_PRINT(type->possible[i]->name));
}

static void
print_enum(struct buf *b, const struct type *type)
{
    buf_printf(b, "enum %.*s {\n", STR_PRINT(type->name));
    for (int i = 0; i < type->value_count; i++) {
        const struct enum_value *value = &type->values[i];
        describe(b, value->description, 2, i == 0);
        buf_put_c(b, "  ");
        buf_put(b, value->name);
        print_deprecated(b, value->deprecation_reason);
        buf_byte(b, '\n');
    }
    buf_byte(b, '}');
}

static void
print_input_object(struct buf *b, const struct type *type)
{
    buf_printf(b, "input %.*s%s {\n", STR_PRINT(type->name), type->is_one_of ? " @oneOf" : "");
    for (int i = 0; i < type->input_count; i++) {
        describe(b, type->inputs[i].description, 2, i == 0);
        buf_put_c(b, "  ");
        print_input(b, &type->inputs[i]);
        buf_byte(b, '\n');
    }
    buf_byte(b, '}');
}

static void (*const printers[])(struct buf *, const struct type *) = {
    [TYPE_SCALAR] = print_scalar,    [TYPE_OBJECT] = print_fields,
    [TYPE_INTERFACE] = print_fields, [TYPE_UNION] = print_union,
    [TYPE_ENUM] = print_enum,        [TYPE_INPUT_OBJECT] = print_input_object,
};

static void
print_directive(struct buf *b, const struct directive_definition *directive)
{
    buf_printf(b, "directive @%.*s", STR_PRINT(directive->name));
    print_arguments(b, directive->arguments, directive->argument_count, 0);
    if (directive->is_repeatable)
        buf_put_c(b, " repeatable");
    for (const struct ast_node *at = directive->ast->locations; at; at = at->next)
        buf_printf(b, "%s%.*s", at == directive->ast->locations ? " on " : " | ",
                   STR_PRINT(ast_as(directive_location, at)->name));
}

/* Would the schema have these roots without saying so? */
static bool
has_default_roots(const struct schema *schema)
{
    return schema->query == schema_find_type(schema, STR("Query")) &&
           schema->mutation == schema_find_type(schema, STR("Mutation")) &&
           schema->subscription == schema_find_type(schema, STR("Subscription"));
}

static void
print_schema_definition(struct buf *b, const struct schema *schema)
{
    buf_put_c(b, "schema {\n");
    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++)
        if (schema_root_type(schema, i))
            buf_printf(b, "  %s: %.*s\n", ast_operation_type_name(i),
                       STR_PRINT(schema_root_type(schema, i)->name));
    buf_byte(b, '}');
}

/* An empty line between definitions. */
static void
separate(struct buf *b, size_t start)
{
    if (b->len > start)
        buf_put_c(b, "\n\n");
}

void
schema_print(struct buf *b, const struct schema *schema)
{
    size_t start = b->len;

    if (schema->description.ptr || !has_default_roots(schema)) {
        describe(b, schema->description, 0, true);
        print_schema_definition(b, schema);
    }
    for (int i = 0; i < schema->directive_count; i++) {
        const struct directive_definition *directive = &schema->directives[i];
        if (directive->is_builtin || directive->is_binding)
            continue;
        separate(b, start);
        describe(b, directive->description, 0, true);
        print_directive(b, directive);
    }
    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (type->is_builtin)
            continue;
        separate(b, start);
        describe(b, type->description, 0, true);
        printers[type->kind](b, type);
    }
}
