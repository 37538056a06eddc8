/*
 * parser.c - documents, operations and fragments (specification, 2.2 to 2.8).
 *
 * Recursive descent with one token in hand.  Each function that parses is named
 * after its production, which stands above it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/parser.h"

#include "language/parser_internal.h"
#include "language/source.h"

/* ---- Selections ---------------------------------------------------------- */

static struct ast_node *parse_selection(struct parser *p);

/* SelectionSet: { Selection+ } */
static const struct ast_node *
parse_selections(struct parser *p)
{
    const struct ast_node *selections = NULL;

    if (parser_enter(p))
        selections = parser_read_many(p, TOKEN_BRACE_OPEN, parse_selection, TOKEN_BRACE_CLOSE);
    parser_leave(p);
    return selections;
}

/* Field: Alias? Name Arguments? Directives? SelectionSet? */
static struct ast_node *
parse_field(struct parser *p)
{
    struct ast_field *field = PARSER_NEW(p, field, AST_FIELD, p->token.start);

    field->name = parser_read_name(p);
    if (parser_accept(p, TOKEN_COLON)) {
        field->alias = field->name;
        field->name = parser_read_name(p);
    }
    field->arguments = parser_read_arguments(p, false);
    field->directives = parser_read_directives(p, false);
    if (p->token.kind == TOKEN_BRACE_OPEN)
        field->selections = parse_selections(p);
    return parser_end(p, &field->node);
}

/* FragmentName: Name but not `on` */
static struct str
parse_fragment_name(struct parser *p)
{
    if (str_is(p->token.text, "on"))
        parser_fail_token(p, &p->token);
    return parser_read_name(p);
}

/* FragmentSpread: ... FragmentName Directives?, after the dots */
static struct ast_node *
parse_fragment_spread(struct parser *p, uint32_t start)
{
    struct ast_fragment_spread *spread = PARSER_NEW(p, fragment_spread, AST_FRAGMENT_SPREAD, start);

    spread->name = parse_fragment_name(p);
    spread->directives = parser_read_directives(p, false);
    return parser_end(p, &spread->node);
}

/* InlineFragment: ... TypeCondition? Directives? SelectionSet, after the dots */
static struct ast_node *
parse_inline_fragment(struct parser *p, uint32_t start)
{
    struct ast_inline_fragment *fragment =
        PARSER_NEW(p, inline_fragment, AST_INLINE_FRAGMENT, start);

    if (parser_accept_word(p, "on"))
        fragment->type_condition = parser_read_named_type(p);
    fragment->directives = parser_read_directives(p, false);
    fragment->selections = parse_selections(p);
    return parser_end(p, &fragment->node);
}

/* Selection: Field, FragmentSpread, InlineFragment */
static struct ast_node *
parse_selection(struct parser *p)
{
    uint32_t start = p->token.start;

    if (!parser_accept(p, TOKEN_SPREAD))
        return parse_field(p);
    if (p->token.kind == TOKEN_NAME && !parser_is_word(p, "on"))
        return parse_fragment_spread(p, start);
    return parse_inline_fragment(p, start);
}

/* ---- Operations and fragments -------------------------------------------- */

/* OperationType: one of query mutation subscription */
enum ast_operation_type
parser_read_operation_type(struct parser *p)
{
    struct token word = p->token;

    if (!parser_expect(p, TOKEN_NAME))
        return OPERATION_QUERY;
    for (int type = OPERATION_QUERY; type <= OPERATION_SUBSCRIPTION; type++) {
        if (str_is(word.text, ast_operation_type_name(type)))
            return type;
    }
    parser_fail_token(p, &word);
    return OPERATION_QUERY;
}

/* VariableDefinition: Description? Variable : Type DefaultValue? Directives[Const]? */
static struct ast_node *
parse_variable_definition(struct parser *p)
{
    struct ast_variable_definition *definition =
        PARSER_NEW(p, variable_definition, AST_VARIABLE_DEFINITION, p->token.start);

    definition->description = parser_read_description(p);
    definition->variable = parser_read_variable(p);
    parser_expect(p, TOKEN_COLON);
    definition->type = parser_read_type(p);
    definition->default_value = parser_read_default(p);
    definition->directives = parser_read_directives(p, true);
    return parser_end(p, &definition->node);
}

/* OperationDefinition: SelectionSet */
static struct ast_node *
parse_shorthand(struct parser *p)
{
    struct ast_operation *operation = PARSER_NEW(p, operation, AST_OPERATION, p->token.start);

    operation->is_shorthand = true;
    operation->selections_start = p->token.start;
    operation->selections = parse_selections(p);
    return parser_end(p, &operation->node);
}

/* OperationDefinition: Description? OperationType Name? VariablesDefinition?
 * Directives? SelectionSet, after the description */
static struct ast_node *
parse_operation(struct parser *p, uint32_t start, const struct ast_node *description)
{
    struct ast_operation *operation = PARSER_NEW(p, operation, AST_OPERATION, start);

    operation->description = description;
    operation->type = parser_read_operation_type(p);
    if (p->token.kind == TOKEN_NAME)
        operation->name = parser_read_name(p);
    operation->variables =
        parser_read_optional(p, TOKEN_PAREN_OPEN, parse_variable_definition, TOKEN_PAREN_CLOSE);
    operation->directives = parser_read_directives(p, false);
    operation->selections_start = p->token.start;
    operation->selections = parse_selections(p);
    return parser_end(p, &operation->node);
}

/* FragmentDefinition: Description? fragment FragmentName TypeCondition
 * Directives? SelectionSet, after the description */
static struct ast_node *
parse_fragment(struct parser *p, uint32_t start, const struct ast_node *description)
{
    struct ast_fragment *fragment = PARSER_NEW(p, fragment, AST_FRAGMENT, start);

    fragment->description = description;
    parser_expect_word(p, "fragment");
    fragment->name = parse_fragment_name(p);
    parser_expect_word(p, "on");
    fragment->type_condition = parser_read_named_type(p);
    fragment->directives = parser_read_directives(p, false);
    fragment->selections = parse_selections(p);
    return parser_end(p, &fragment->node);
}

/* ---- Documents ----------------------------------------------------------- */

/* The definition that the current token, a keyword, begins; NULL if none. */
static struct ast_node *
parse_described(struct parser *p, uint32_t start, const struct ast_node *description)
{
    if (parser_is_word(p, "query") || parser_is_word(p, "mutation") ||
        parser_is_word(p, "subscription"))
        return parse_operation(p, start, description);
    if (parser_is_word(p, "fragment"))
        return parse_fragment(p, start, description);
    return parser_read_type_system(p, start, description);
}

/* Definition: ExecutableDefinition, TypeSystemDefinitionOrExtension */
static struct ast_node *
parse_definition(struct parser *p)
{
    uint32_t start = p->token.start;

    if (p->token.kind == TOKEN_BRACE_OPEN)
        return parse_shorthand(p);

    const struct ast_node *description = parser_read_description(p);
    if (p->token.kind == TOKEN_NAME) {
        struct ast_node *definition = parse_described(p, start, description);
        if (definition)
            return definition;
        if (description)
            parser_fail(p, start,
                        "Unexpected description, only GraphQL definitions support descriptions.");
        if (parser_is_word(p, "extend"))
            return parser_read_extension(p);
    }
    if (description && p->token.kind == TOKEN_BRACE_OPEN)
        parser_fail(p, start,
                    "Unexpected description, descriptions are not supported on shorthand queries.");
    parser_fail_token(p, &p->token);
    return NULL;
}

/* Document: Definition+ */
const struct ast_document *
parser_parse(struct arena *a, const struct source *source, const struct limits *limits,
             struct errors *errors)
{
    struct parser p;
    parser_start(&p, a, source, limits, errors);

    struct ast_document *document = PARSER_NEW(&p, document, AST_DOCUMENT, 0);
    document->definitions = parser_read_items(&p, parse_definition, TOKEN_EOF);
    if (p.failed)
        return NULL;

    document->node.end = (uint32_t)source->text.len;
    document->source = source;
    document->token_count = p.token_count;
    document->directive_count = p.directive_count;
    return document;
}

const struct ast_node *
parser_parse_value(struct arena *a, const struct source *source, const struct limits *limits,
                   struct errors *errors)
{
    struct parser p;
    parser_start(&p, a, source, limits, errors);

    const struct ast_node *value = parser_read_value(&p, true);
    parser_expect(&p, TOKEN_EOF);
    return p.failed ? NULL : value;
}
