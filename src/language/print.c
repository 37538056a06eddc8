/*
 * print.c - a tree as text again.
 *
 * Each production is put into a layout (print_layout.h), which then decides on
 * the line breaks; the rules are the reference implementation's, down to what
 * they leave out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/print.h"

#include "base/arena.h"
#include "base/buf.h"
#include "language/print_layout.h"

/* clang-format off */
static const struct layout_style arguments_style =  { BREAK_WIDE,   true,  '(', ')', "",  ", " };
static const struct layout_style directive_style =  { BREAK_NEVER,  true,  '(', ')', "",  ", " };
static const struct layout_style parameters_style = { BREAK_LINES,  true,  '(', ')', "",  ", " };
static const struct layout_style variables_style =  { BREAK_LINES,  false, '(', ')', "",  ", " };
static const struct layout_style list_style =       { BREAK_WIDE,   true,  '[', ']', "",  ", " };
static const struct layout_style object_style =     { BREAK_WIDE,   true,  '{', '}', " ", ", " };
static const struct layout_style block_style =      { BREAK_ALWAYS, true,  '{', '}', "",  ""   };
/* clang-format on */

static void put_node(struct layout *l, const struct ast_node *node);

/* ---- Parts that many productions have ------------------------------------ */

static void
put_group(struct layout *l, const struct layout_style *style, size_t width_start,
          const struct ast_node *items)
{
    struct layout_group group;

    layout_open(l, &group, style, width_start);
    for (const struct ast_node *item = items; item; item = item->next) {
        layout_item(l, &group);
        put_node(l, item);
    }
    layout_close(l, &group);
}

/* A group, if it has any items. */
static void
put_items(struct layout *l, const struct layout_style *style, size_t width_start,
          const struct ast_node *items)
{
    if (items)
        put_group(l, style, width_start, items);
}

static void
put_separated(struct layout *l, const struct ast_node *items, const char *before,
              const char *between)
{
    for (const struct ast_node *item = items; item; item = item->next) {
        layout_put_c(l, item == items ? before : between);
        put_node(l, item);
    }
}

static void
put_directives(struct layout *l, const struct ast_node *directives)
{
    put_separated(l, directives, " ", " ");
}

static void
put_block(struct layout *l, const struct ast_node *items)
{
    if (items)
        layout_put_c(l, " ");
    put_items(l, &block_style, l->width, items);
}

static void
put_description(struct layout *l, const struct ast_node *description)
{
    if (description) {
        put_node(l, description);
        layout_put_c(l, "\n");
    }
}

static void
put_default(struct layout *l, const struct ast_node *value)
{
    put_separated(l, value, " = ", "");
}

/* `name: ` */
static void
put_label(struct layout *l, struct str name)
{
    layout_put(l, name);
    layout_put_c(l, ": ");
}

/* ---- Executable definitions ---------------------------------------------- */

static void
put_document(struct layout *l, const struct ast_node *node)
{
    put_separated(l, ast_as(document, node)->definitions, "", "\n\n");
}

/* A query with nothing but selections is written as the shorthand. */
static void
put_operation(struct layout *l, const struct ast_node *node)
{
    const struct ast_operation *operation = ast_as(operation, node);
    bool has_more = operation->name.ptr || operation->variables || operation->directives;

    put_description(l, operation->description);
    if (operation->type != OPERATION_QUERY || has_more || operation->description) {
        layout_put_c(l, ast_operation_type_name(operation->type));
        if (operation->name.ptr || operation->variables)
            layout_put_c(l, " ");
        if (operation->name.ptr)
            layout_put(l, operation->name);
        put_items(l, &variables_style, l->width, operation->variables);
        put_directives(l, operation->directives);
        layout_put_c(l, " ");
    }
    put_items(l, &block_style, l->width, operation->selections);
}

static void
put_fragment(struct layout *l, const struct ast_node *node)
{
    const struct ast_fragment *fragment = ast_as(fragment, node);

    put_description(l, fragment->description);
    layout_put_c(l, "fragment ");
    layout_put(l, fragment->name);
    layout_put_c(l, " on ");
    put_node(l, fragment->type_condition);
    put_directives(l, fragment->directives);
    put_block(l, fragment->selections);
}

static void
put_variable_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_variable_definition *definition = ast_as(variable_definition, node);

    put_description(l, definition->description);
    put_node(l, definition->variable);
    layout_put_c(l, ": ");
    put_node(l, definition->type);
    put_default(l, definition->default_value);
    put_directives(l, definition->directives);
}

static void
put_field(struct layout *l, const struct ast_node *node)
{
    const struct ast_field *field = ast_as(field, node);
    size_t width_start = l->width;

    if (field->alias.ptr)
        put_label(l, field->alias);
    layout_put(l, field->name);
    put_items(l, &arguments_style, width_start, field->arguments);
    put_directives(l, field->directives);
    put_block(l, field->selections);
}

static void
put_fragment_spread(struct layout *l, const struct ast_node *node)
{
    const struct ast_fragment_spread *spread = ast_as(fragment_spread, node);

    layout_put_c(l, "...");
    layout_put(l, spread->name);
    put_directives(l, spread->directives);
}

static void
put_inline_fragment(struct layout *l, const struct ast_node *node)
{
    const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);

    layout_put_c(l, "...");
    put_separated(l, fragment->type_condition, " on ", "");
    put_directives(l, fragment->directives);
    put_block(l, fragment->selections);
}

/* ---- Values, arguments, directives, types -------------------------------- */

static void
put_argument(struct layout *l, const struct ast_node *node)
{
    put_label(l, ast_as(argument, node)->name);
    put_node(l, ast_as(argument, node)->value);
}

static void
put_object_field(struct layout *l, const struct ast_node *node)
{
    put_label(l, ast_as(object_field, node)->name);
    put_node(l, ast_as(object_field, node)->value);
}

static void
put_directive(struct layout *l, const struct ast_node *node)
{
    layout_put_c(l, "@");
    layout_put(l, ast_as(directive, node)->name);
    put_items(l, &directive_style, l->width, ast_as(directive, node)->arguments);
}

static void
put_variable(struct layout *l, const struct ast_node *node)
{
    layout_put_c(l, "$");
    layout_put(l, ast_text(node));
}

/* What is written as its name or text is. */
static void
put_text(struct layout *l, const struct ast_node *node)
{
    layout_put(l, ast_text(node));
}

static void
put_string(struct layout *l, const struct ast_node *node)
{
    const struct ast_value *string = ast_as(value, node);
    struct buf *b = buf_new(l->arena);

    if (string->is_block)
        print_block_string(b, string->text);
    else
        print_string(b, string->text);
    layout_put(l, buf_str(b));
}

static void
put_list(struct layout *l, const struct ast_node *node)
{
    put_group(l, &list_style, l->width, ast_as(value, node)->values);
}

static void
put_object(struct layout *l, const struct ast_node *node)
{
    put_group(l, &object_style, l->width, ast_as(value, node)->values);
}

static void
put_list_type(struct layout *l, const struct ast_node *node)
{
    layout_put_c(l, "[");
    put_node(l, ast_as(type, node)->of);
    layout_put_c(l, "]");
}

static void
put_non_null_type(struct layout *l, const struct ast_node *node)
{
    put_node(l, ast_as(type, node)->of);
    layout_put_c(l, "!");
}

/* ---- Type system definitions --------------------------------------------- */

static void
put_schema_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_schema_definition *schema = ast_as(schema_definition, node);

    put_description(l, schema->description);
    layout_put_c(l, schema->is_extension ? "extend schema" : "schema");
    put_directives(l, schema->directives);
    put_block(l, schema->root_types);
}

static void
put_root_operation_type(struct layout *l, const struct ast_node *node)
{
    const struct ast_root_operation_type *root = ast_as(root_operation_type, node);

    put_label(l, str_from(ast_operation_type_name(root->operation)));
    put_node(l, root->type);
}

static void
put_type_definition(struct layout *l, const struct ast_node *node)
{
    static const char *const keywords[AST_KIND_COUNT] = {
        [AST_SCALAR_DEFINITION] = "scalar ",       [AST_OBJECT_DEFINITION] = "type ",
        [AST_INTERFACE_DEFINITION] = "interface ", [AST_UNION_DEFINITION] = "union ",
        [AST_ENUM_DEFINITION] = "enum ",           [AST_INPUT_OBJECT_DEFINITION] = "input ",
    };
    const struct ast_type_definition *type = ast_as(type_definition, node);

    put_description(l, type->description);
    if (type->is_extension)
        layout_put_c(l, "extend ");
    layout_put_c(l, keywords[node->kind]);
    layout_put(l, type->name);
    put_separated(l, type->interfaces, " implements ", " & ");
    put_directives(l, type->directives);
    if (node->kind == AST_UNION_DEFINITION)
        put_separated(l, type->members, " = ", " | ");
    else
        put_block(l, type->members);
}

static void
put_field_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_field_definition *field = ast_as(field_definition, node);

    put_description(l, field->description);
    layout_put(l, field->name);
    put_items(l, &parameters_style, l->width, field->arguments);
    layout_put_c(l, ": ");
    put_node(l, field->type);
    put_directives(l, field->directives);
}

static void
put_input_value_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_input_value_definition *input = ast_as(input_value_definition, node);

    put_description(l, input->description);
    put_label(l, input->name);
    put_node(l, input->type);
    put_default(l, input->default_value);
    put_directives(l, input->directives);
}

static void
put_enum_value_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_enum_value_definition *value = ast_as(enum_value_definition, node);

    put_description(l, value->description);
    layout_put(l, value->name);
    put_directives(l, value->directives);
}

static void
put_directive_definition(struct layout *l, const struct ast_node *node)
{
    const struct ast_directive_definition *directive = ast_as(directive_definition, node);

    put_description(l, directive->description);
    layout_put_c(l, "directive @");
    layout_put(l, directive->name);
    put_items(l, &parameters_style, l->width, directive->arguments);
    if (directive->is_repeatable)
        layout_put_c(l, " repeatable");
    put_separated(l, directive->locations, " on ", " | ");
}

/* ---- All of them --------------------------------------------------------- */

typedef void put_fn(struct layout *l, const struct ast_node *node);

static put_fn *const put_functions[AST_KIND_COUNT] = {
    [AST_DOCUMENT] = put_document,
    [AST_OPERATION] = put_operation,
    [AST_FRAGMENT] = put_fragment,
    [AST_VARIABLE_DEFINITION] = put_variable_definition,
    [AST_FIELD] = put_field,
    [AST_FRAGMENT_SPREAD] = put_fragment_spread,
    [AST_INLINE_FRAGMENT] = put_inline_fragment,
    [AST_ARGUMENT] = put_argument,
    [AST_DIRECTIVE] = put_directive,
    [AST_VARIABLE] = put_variable,
    [AST_INT] = put_text,
    [AST_FLOAT] = put_text,
    [AST_STRING] = put_string,
    [AST_BOOLEAN] = put_text,
    [AST_NULL] = put_text,
    [AST_ENUM] = put_text,
    [AST_LIST] = put_list,
    [AST_OBJECT] = put_object,
    [AST_OBJECT_FIELD] = put_object_field,
    [AST_NAMED_TYPE] = put_text,
    [AST_LIST_TYPE] = put_list_type,
    [AST_NON_NULL_TYPE] = put_non_null_type,
    [AST_SCHEMA_DEFINITION] = put_schema_definition,
    [AST_ROOT_OPERATION_TYPE] = put_root_operation_type,
    [AST_SCALAR_DEFINITION] = put_type_definition,
    [AST_OBJECT_DEFINITION] = put_type_definition,
    [AST_INTERFACE_DEFINITION] = put_type_definition,
    [AST_UNION_DEFINITION] = put_type_definition,
    [AST_ENUM_DEFINITION] = put_type_definition,
    [AST_INPUT_OBJECT_DEFINITION] = put_type_definition,
    [AST_FIELD_DEFINITION] = put_field_definition,
    [AST_INPUT_VALUE_DEFINITION] = put_input_value_definition,
    [AST_ENUM_VALUE_DEFINITION] = put_enum_value_definition,
    [AST_DIRECTIVE_DEFINITION] = put_directive_definition,
    [AST_DIRECTIVE_LOCATION] = put_text,
};

static void
put_node(struct layout *l, const struct ast_node *node)
{
    put_functions[node->kind](l, node);
}

void
print_node(struct buf *b, const struct ast_node *node)
{
    struct layout layout = { .arena = arena_new("print") };

    put_node(&layout, node);
    layout_write(&layout, b);
    arena_free(layout.arena);
}
