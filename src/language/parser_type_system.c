/*
 * parser_type_system.c - definitions and extensions of schemas, types and
 * directives (specification, section 3).
 *
 * The six kinds of types differ in a keyword and in what their members are; a
 * row of a table says so, and one function parses them all.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/parser_internal.h"

/* ---- Members of types ---------------------------------------------------- */

/* InputValueDefinition: Description? Name : Type DefaultValue? Directives[Const]? */
static struct ast_node *
parse_input_value(struct parser *p)
{
    struct ast_input_value_definition *input =
        PARSER_NEW(p, input_value_definition, AST_INPUT_VALUE_DEFINITION, p->token.start);

    input->description = parser_read_description(p);
    input->name = parser_read_name(p);
    parser_expect(p, TOKEN_COLON);
    input->type = parser_read_type(p);
    input->default_value = parser_read_default(p);
    input->directives = parser_read_directives(p, true);
    return parser_end(p, &input->node);
}

/* ArgumentsDefinition?: ( InputValueDefinition+ ) */
static const struct ast_node *
parse_arguments_definition(struct parser *p)
{
    return parser_read_optional(p, TOKEN_PAREN_OPEN, parse_input_value, TOKEN_PAREN_CLOSE);
}

/* FieldDefinition: Description? Name ArgumentsDefinition? : Type Directives[Const]? */
static struct ast_node *
parse_field_definition(struct parser *p)
{
    struct ast_field_definition *field =
        PARSER_NEW(p, field_definition, AST_FIELD_DEFINITION, p->token.start);

    field->description = parser_read_description(p);
    field->name = parser_read_name(p);
    field->arguments = parse_arguments_definition(p);
    parser_expect(p, TOKEN_COLON);
    field->type = parser_read_type(p);
    field->directives = parser_read_directives(p, true);
    return parser_end(p, &field->node);
}

/* EnumValue: Name but not true, false or null */
static struct str
parse_enum_value_name(struct parser *p)
{
    struct str name = p->token.text;
    struct str found = parser_describe_token(p, &p->token);

    if (str_is(name, "true") || str_is(name, "false") || str_is(name, "null"))
        parser_fail(p, p->token.start, "%.*s is reserved and cannot be used for an enum value.",
                    STR_PRINT(found));
    return parser_read_name(p);
}

/* EnumValueDefinition: Description? EnumValue Directives[Const]? */
static struct ast_node *
parse_enum_value(struct parser *p)
{
    struct ast_enum_value_definition *value =
        PARSER_NEW(p, enum_value_definition, AST_ENUM_VALUE_DEFINITION, p->token.start);

    value->description = parser_read_description(p);
    value->name = parse_enum_value_name(p);
    value->directives = parser_read_directives(p, true);
    return parser_end(p, &value->node);
}

/* FieldsDefinition?: { FieldDefinition+ } */
static const struct ast_node *
parse_fields(struct parser *p)
{
    return parser_read_optional(p, TOKEN_BRACE_OPEN, parse_field_definition, TOKEN_BRACE_CLOSE);
}

/* EnumValuesDefinition?: { EnumValueDefinition+ } */
static const struct ast_node *
parse_enum_values(struct parser *p)
{
    return parser_read_optional(p, TOKEN_BRACE_OPEN, parse_enum_value, TOKEN_BRACE_CLOSE);
}

/* InputFieldsDefinition?: { InputValueDefinition+ } */
static const struct ast_node *
parse_input_fields(struct parser *p)
{
    return parser_read_optional(p, TOKEN_BRACE_OPEN, parse_input_value, TOKEN_BRACE_CLOSE);
}

/* UnionMemberTypes?: = |? NamedType (| NamedType)* */
static const struct ast_node *
parse_union_members(struct parser *p)
{
    if (!parser_accept(p, TOKEN_EQUALS))
        return NULL;
    return parser_read_separated(p, TOKEN_PIPE, parser_read_named_type);
}

/* A scalar has none. */
static const struct ast_node *
parse_no_members(struct parser *p)
{
    (void)p;
    return NULL;
}

/* ---- Types --------------------------------------------------------------- */

struct type_row {
    const char *keyword;
    enum ast_kind kind;
    bool may_implement; /* interfaces */
    const struct ast_node *(*members)(struct parser *p);
};

/* clang-format off */
static const struct type_row type_rows[] = {
    { "scalar",    AST_SCALAR_DEFINITION,       false, parse_no_members },
    { "type",      AST_OBJECT_DEFINITION,       true,  parse_fields },
    { "interface", AST_INTERFACE_DEFINITION,    true,  parse_fields },
    { "union",     AST_UNION_DEFINITION,        false, parse_union_members },
    { "enum",      AST_ENUM_DEFINITION,         false, parse_enum_values },
    { "input",     AST_INPUT_OBJECT_DEFINITION, false, parse_input_fields },
};
/* clang-format on */

/* The row whose keyword is the current token, or NULL. */
static const struct type_row *
find_type_row(const struct parser *p)
{
    for (size_t i = 0; i < ARRAY_LENGTH(type_rows); i++) {
        if (parser_is_word(p, type_rows[i].keyword))
            return &type_rows[i];
    }
    return NULL;
}

/* ImplementsInterfaces?: implements &? NamedType (& NamedType)* */
static const struct ast_node *
parse_interfaces(struct parser *p)
{
    if (!parser_accept_word(p, "implements"))
        return NULL;
    return parser_read_separated(p, TOKEN_AMP, parser_read_named_type);
}

/* Keyword Name ImplementsInterfaces? Directives[Const]? Members? */
static struct ast_type_definition *
parse_type(struct parser *p, uint32_t start, const struct type_row *row)
{
    struct ast_type_definition *type = PARSER_NEW(p, type_definition, row->kind, start);

    parser_advance(p);
    type->name = parser_read_name(p);
    if (row->may_implement)
        type->interfaces = parse_interfaces(p);
    type->directives = parser_read_directives(p, true);
    type->members = row->members(p);
    parser_end(p, &type->node);
    return type;
}

/* ---- Schemas ------------------------------------------------------------- */

/* RootOperationTypeDefinition: OperationType : NamedType */
static struct ast_node *
parse_root_type(struct parser *p)
{
    struct ast_root_operation_type *root =
        PARSER_NEW(p, root_operation_type, AST_ROOT_OPERATION_TYPE, p->token.start);

    root->operation = parser_read_operation_type(p);
    parser_expect(p, TOKEN_COLON);
    root->type = parser_read_named_type(p);
    return parser_end(p, &root->node);
}

/* SchemaDefinition: Description? schema Directives[Const]?
 * { RootOperationTypeDefinition+ } */
static struct ast_node *
parse_schema(struct parser *p, uint32_t start, const struct ast_node *description)
{
    struct ast_schema_definition *schema =
        PARSER_NEW(p, schema_definition, AST_SCHEMA_DEFINITION, start);

    parser_advance(p);
    schema->description = description;
    schema->directives = parser_read_directives(p, true);
    schema->root_types = parser_read_many(p, TOKEN_BRACE_OPEN, parse_root_type, TOKEN_BRACE_CLOSE);
    return parser_end(p, &schema->node);
}

/* SchemaExtension: extend schema Directives[Const]? { RootOperationTypeDefinition+ },
 * extend schema Directives[Const]; after `extend` */
static struct ast_node *
parse_schema_extension(struct parser *p, uint32_t start)
{
    struct ast_schema_definition *schema =
        PARSER_NEW(p, schema_definition, AST_SCHEMA_DEFINITION, start);

    parser_advance(p);
    schema->is_extension = true;
    schema->directives = parser_read_directives(p, true);
    schema->root_types =
        parser_read_optional(p, TOKEN_BRACE_OPEN, parse_root_type, TOKEN_BRACE_CLOSE);
    if (!schema->directives && !schema->root_types)
        parser_fail_token(p, &p->token);
    return parser_end(p, &schema->node);
}

/* ---- Directives ---------------------------------------------------------- */

static const char *const directive_locations[] = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
};

static bool
is_directive_location(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(directive_locations); i++) {
        if (str_is(name, directive_locations[i]))
            return true;
    }
    return false;
}

/* DirectiveLocation: ExecutableDirectiveLocation, TypeSystemDirectiveLocation */
static struct ast_node *
parse_directive_location(struct parser *p)
{
    struct token word = p->token;
    struct ast_directive_location *location =
        PARSER_NEW(p, directive_location, AST_DIRECTIVE_LOCATION, word.start);

    location->name = parser_read_name(p);
    if (!p->failed && !is_directive_location(location->name))
        parser_fail_token(p, &word);
    return parser_end(p, &location->node);
}

/* DirectiveDefinition: Description? directive @ Name ArgumentsDefinition?
 * repeatable? on DirectiveLocations */
static struct ast_node *
parse_directive_definition(struct parser *p, uint32_t start, const struct ast_node *description)
{
    struct ast_directive_definition *directive =
        PARSER_NEW(p, directive_definition, AST_DIRECTIVE_DEFINITION, start);

    parser_advance(p);
    directive->description = description;
    parser_expect(p, TOKEN_AT);
    directive->name = parser_read_name(p);
    directive->arguments = parse_arguments_definition(p);
    directive->is_repeatable = parser_accept_word(p, "repeatable");
    parser_expect_word(p, "on");
    directive->locations = parser_read_separated(p, TOKEN_PIPE, parse_directive_location);
    return parser_end(p, &directive->node);
}

/* ---- Definitions and extensions ------------------------------------------ */

/* TypeSystemDefinition: SchemaDefinition, TypeDefinition, DirectiveDefinition */
struct ast_node *
parser_read_type_system(struct parser *p, uint32_t start, const struct ast_node *description)
{
    if (parser_is_word(p, "schema"))
        return parse_schema(p, start, description);
    if (parser_is_word(p, "directive"))
        return parse_directive_definition(p, start, description);

    const struct type_row *row = find_type_row(p);
    if (!row)
        return NULL;

    struct ast_type_definition *type = parse_type(p, start, row);
    type->description = description;
    return &type->node;
}

/* TypeSystemExtension: SchemaExtension, TypeExtension */
struct ast_node *
parser_read_extension(struct parser *p)
{
    uint32_t start = p->token.start;

    parser_advance(p);
    if (parser_is_word(p, "schema"))
        return parse_schema_extension(p, start);

    const struct type_row *row = find_type_row(p);
    if (!row) {
        parser_fail_token(p, &p->token);
        return NULL;
    }

    struct ast_type_definition *type = parse_type(p, start, row);
    type->is_extension = true;
    if (!type->interfaces && !type->directives && !type->members)
        parser_fail_token(p, &p->token);
    return &type->node;
}
