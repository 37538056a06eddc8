/*
 * ast.c - what the tree's kinds are called, and where their children stand.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/ast.h"

#include <assert.h>
#include <stddef.h>

#include "base/map.h"

const uint8_t ast_shapes[AST_KIND_COUNT] = {
#define AST_SHAPE_OF(constant, name) [AST_##constant] = AST_SHAPE_##name,
    AST_KINDS(AST_SHAPE_OF)
#undef AST_SHAPE_OF
};

enum { CHILDREN_MAXIMUM = 5 };

struct kind_row {
    const char *name;
    uint16_t text;                           /* offset of the name or text, or 0 */
    uint16_t children[CHILDREN_MAXIMUM + 1]; /* offsets, ended by 0 */
};

#define AT(shape, member) offsetof(struct ast_##shape, member)

/* clang-format off */
static const struct kind_row rows[AST_KIND_COUNT] = {
    [AST_DOCUMENT] = { "Document", 0, { AT(document, definitions) } },
    [AST_OPERATION] = { "OperationDefinition", AT(operation, name),
        { AT(operation, description), AT(operation, variables), AT(operation, directives),
          AT(operation, selections) } },
    [AST_FRAGMENT] = { "FragmentDefinition", AT(fragment, name),
        { AT(fragment, description), AT(fragment, type_condition), AT(fragment, directives),
          AT(fragment, selections) } },
    [AST_VARIABLE_DEFINITION] = { "VariableDefinition", 0,
        { AT(variable_definition, description), AT(variable_definition, variable),
          AT(variable_definition, type), AT(variable_definition, default_value),
          AT(variable_definition, directives) } },
    [AST_FIELD] = { "Field", AT(field, name),
        { AT(field, arguments), AT(field, directives), AT(field, selections) } },
    [AST_FRAGMENT_SPREAD] = { "FragmentSpread", AT(fragment_spread, name),
        { AT(fragment_spread, directives) } },
    [AST_INLINE_FRAGMENT] = { "InlineFragment", 0,
        { AT(inline_fragment, type_condition), AT(inline_fragment, directives),
          AT(inline_fragment, selections) } },
    [AST_ARGUMENT] = { "Argument", AT(argument, name), { AT(argument, value) } },
    [AST_DIRECTIVE] = { "Directive", AT(directive, name), { AT(directive, arguments) } },
    [AST_VARIABLE] = { "Variable", AT(value, text), { 0 } },
    [AST_INT] = { "IntValue", AT(value, text), { 0 } },
    [AST_FLOAT] = { "FloatValue", AT(value, text), { 0 } },
    [AST_STRING] = { "StringValue", AT(value, text), { 0 } },
    [AST_BOOLEAN] = { "BooleanValue", AT(value, text), { 0 } },
    [AST_NULL] = { "NullValue", AT(value, text), { 0 } },
    [AST_ENUM] = { "EnumValue", AT(value, text), { 0 } },
    [AST_LIST] = { "ListValue", AT(value, text), { AT(value, values) } },
    [AST_OBJECT] = { "ObjectValue", AT(value, text), { AT(value, values) } },
    [AST_OBJECT_FIELD] = { "ObjectField", AT(object_field, name), { AT(object_field, value) } },
    [AST_NAMED_TYPE] = { "NamedType", AT(type, name), { 0 } },
    [AST_LIST_TYPE] = { "ListType", AT(type, name), { AT(type, of) } },
    [AST_NON_NULL_TYPE] = { "NonNullType", AT(type, name), { AT(type, of) } },
    [AST_SCHEMA_DEFINITION] = { "SchemaDefinition", 0,
        { AT(schema_definition, description), AT(schema_definition, directives),
          AT(schema_definition, root_types) } },
    [AST_ROOT_OPERATION_TYPE] = { "RootOperationTypeDefinition", 0,
        { AT(root_operation_type, type) } },
#define TYPE_ROW(prefix)                                                                           \
    { prefix "TypeDefinition", AT(type_definition, name),                                          \
        { AT(type_definition, description), AT(type_definition, interfaces),                       \
          AT(type_definition, directives), AT(type_definition, members) } }
    [AST_SCALAR_DEFINITION] = TYPE_ROW("Scalar"),
    [AST_OBJECT_DEFINITION] = TYPE_ROW("Object"),
    [AST_INTERFACE_DEFINITION] = TYPE_ROW("Interface"),
    [AST_UNION_DEFINITION] = TYPE_ROW("Union"),
    [AST_ENUM_DEFINITION] = TYPE_ROW("Enum"),
    [AST_INPUT_OBJECT_DEFINITION] = TYPE_ROW("InputObject"),
#undef TYPE_ROW
    [AST_FIELD_DEFINITION] = { "FieldDefinition", AT(field_definition, name),
        { AT(field_definition, description), AT(field_definition, arguments),
          AT(field_definition, type), AT(field_definition, directives) } },
    [AST_INPUT_VALUE_DEFINITION] = { "InputValueDefinition", AT(input_value_definition, name),
        { AT(input_value_definition, description), AT(input_value_definition, type),
          AT(input_value_definition, default_value), AT(input_value_definition, directives) } },
    [AST_ENUM_VALUE_DEFINITION] = { "EnumValueDefinition", AT(enum_value_definition, name),
        { AT(enum_value_definition, description), AT(enum_value_definition, directives) } },
    [AST_DIRECTIVE_DEFINITION] = { "DirectiveDefinition", AT(directive_definition, name),
        { AT(directive_definition, description), AT(directive_definition, arguments),
          AT(directive_definition, locations) } },
    [AST_DIRECTIVE_LOCATION] = { "DirectiveLocation", AT(directive_location, name), { 0 } },
};
/* clang-format on */

const uint16_t *
ast_children(enum ast_kind kind)
{
    assert((unsigned)kind < AST_KIND_COUNT);
    return rows[kind].children;
}

int
ast_count(const struct ast_node *list)
{
    int count = 0;

    for (; list; list = list->next)
        count++;
    return count;
}

struct str
ast_text(const struct ast_node *node)
{
    assert((unsigned)node->kind < AST_KIND_COUNT);
    uint16_t offset = rows[node->kind].text;
    return offset ? *(const struct str *)((const char *)node + offset) : STR_NONE;
}

const char *
ast_kind_name(enum ast_kind kind)
{
    assert((unsigned)kind < AST_KIND_COUNT);
    return rows[kind].name;
}

const char *
ast_operation_type_name(enum ast_operation_type type)
{
    static const char *const names[] = {
        [OPERATION_QUERY] = "query",
        [OPERATION_MUTATION] = "mutation",
        [OPERATION_SUBSCRIPTION] = "subscription",
    };
    assert((unsigned)type < sizeof(names) / sizeof(names[0]));
    return names[type];
}

const struct ast_argument *
ast_find_argument(const struct ast_node *arguments, struct str name)
{
    if (arguments && ast_as(argument, arguments)->by_name)
        return map_get(ast_as(argument, arguments)->by_name, name);
    for (const struct ast_node *node = arguments; node; node = node->next)
        if (str_equal(ast_as(argument, node)->name, name))
            return ast_as(argument, node);
    return NULL;
}

const struct ast_directive *
ast_find_directive(const struct ast_node *directives, const char *name)
{
    for (const struct ast_node *node = directives; node; node = node->next)
        if (str_is(ast_as(directive, node)->name, name))
            return ast_as(directive, node);
    return NULL;
}
