/*
 * ast.h - a document as a tree: one struct for each production of the grammar
 * (specification, Appendix C, September 2025).
 *
 * The first member of every struct is a `struct ast_node`; ast_as() goes from
 * it to the whole and, in debug builds, asserts the kind.  A list is linked by
 * `next`, and its pointer is NULL when it is empty; a single child is a list
 * of one, so that one constant table of child offsets (ast_children) serves
 * every walk.  Names are slices of the source, so a name's place is its
 * offset there.  All is const once parsed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_AST_H
#define LANGUAGE_AST_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct map;
struct source;

/*  constant, struct */
#define AST_KINDS(X)                                                                               \
    X(DOCUMENT, document)                                                                          \
    X(OPERATION, operation)                                                                        \
    X(FRAGMENT, fragment)                                                                          \
    X(VARIABLE_DEFINITION, variable_definition)                                                    \
    X(FIELD, field)                                                                                \
    X(FRAGMENT_SPREAD, fragment_spread)                                                            \
    X(INLINE_FRAGMENT, inline_fragment)                                                            \
    X(ARGUMENT, argument)                                                                          \
    X(DIRECTIVE, directive)                                                                        \
    X(VARIABLE, value)                                                                             \
    X(INT, value)                                                                                  \
    X(FLOAT, value)                                                                                \
    X(STRING, value)                                                                               \
    X(BOOLEAN, value)                                                                              \
    X(NULL, value)                                                                                 \
    X(ENUM, value)                                                                                 \
    X(LIST, value)                                                                                 \
    X(OBJECT, value)                                                                               \
    X(OBJECT_FIELD, object_field)                                                                  \
    X(NAMED_TYPE, type)                                                                            \
    X(LIST_TYPE, type)                                                                             \
    X(NON_NULL_TYPE, type)                                                                         \
    X(SCHEMA_DEFINITION, schema_definition)                                                        \
    X(ROOT_OPERATION_TYPE, root_operation_type)                                                    \
    X(SCALAR_DEFINITION, type_definition)                                                          \
    X(OBJECT_DEFINITION, type_definition)                                                          \
    X(INTERFACE_DEFINITION, type_definition)                                                       \
    X(UNION_DEFINITION, type_definition)                                                           \
    X(ENUM_DEFINITION, type_definition)                                                            \
    X(INPUT_OBJECT_DEFINITION, type_definition)                                                    \
    X(FIELD_DEFINITION, field_definition)                                                          \
    X(INPUT_VALUE_DEFINITION, input_value_definition)                                              \
    X(ENUM_VALUE_DEFINITION, enum_value_definition)                                                \
    X(DIRECTIVE_DEFINITION, directive_definition)                                                  \
    X(DIRECTIVE_LOCATION, directive_location)

enum ast_kind {
#define AST_CONSTANT(constant, name) AST_##constant,
    AST_KINDS(AST_CONSTANT)
#undef AST_CONSTANT
        AST_KIND_COUNT
};

struct ast_node {
    enum ast_kind kind;
    uint32_t start, end;         /* bytes of the source: the node is [start, end) */
    const struct ast_node *next; /* in the list that the node is in, or NULL */
};

/* Document: Definition+ */
struct ast_document {
    struct ast_node node;
    const struct ast_node *definitions; /* of any kind that is a definition */
    const struct source *source;
    int token_count;     /* tokens of the source, without those that are ignored */
    int directive_count; /* directives applied anywhere in it */
};

enum ast_operation_type { OPERATION_QUERY, OPERATION_MUTATION, OPERATION_SUBSCRIPTION };

/* OperationDefinition; for the shorthand, `is_shorthand` and nothing but selections. */
struct ast_operation {
    struct ast_node node;
    const struct ast_node *description; /* AST_STRING or NULL */
    enum ast_operation_type type;
    bool is_shorthand;
    struct str name; /* or STR_NONE */
    const struct ast_node *variables;
    const struct ast_node *directives;
    const struct ast_node *selections;
    uint32_t selections_start; /* of the `{` */
};

/* FragmentDefinition */
struct ast_fragment {
    struct ast_node node;
    const struct ast_node *description;
    struct str name;
    const struct ast_node *type_condition; /* AST_NAMED_TYPE */
    const struct ast_node *directives;
    const struct ast_node *selections;
};

/* VariableDefinition: Description? Variable : Type DefaultValue? Directives[Const]? */
struct ast_variable_definition {
    struct ast_node node;
    const struct ast_node *description;
    const struct ast_node *variable; /* AST_VARIABLE */
    const struct ast_node *type;
    const struct ast_node *default_value; /* or NULL */
    const struct ast_node *directives;
};

/* Field: Alias? Name Arguments? Directives? SelectionSet? */
struct ast_field {
    struct ast_node node;
    struct str alias; /* or STR_NONE */
    struct str name;
    const struct ast_node *arguments;
    const struct ast_node *directives;
    const struct ast_node *selections; /* or NULL for a leaf */
};

/* FragmentSpread: ... FragmentName Directives? */
struct ast_fragment_spread {
    struct ast_node node;
    struct str name;
    const struct ast_node *directives;
};

/* InlineFragment: ... TypeCondition? Directives? SelectionSet */
struct ast_inline_fragment {
    struct ast_node node;
    const struct ast_node *type_condition; /* AST_NAMED_TYPE or NULL */
    const struct ast_node *directives;
    const struct ast_node *selections;
};

/* Argument: Name : Value */
struct ast_argument {
    struct ast_node node;
    struct str name;
    const struct ast_node *value;
    struct map *by_name; /* in the first of many: all of the list; or NULL */
};

/* Directive: @ Name Arguments? */
struct ast_directive {
    struct ast_node node;
    struct str name; /* without the @ */
    const struct ast_node *arguments;
};

/* Value, of every kind. */
struct ast_value {
    struct ast_node node;
    /* VARIABLE: the name without $.  INT, FLOAT: as written.  ENUM: the name.
     * BOOLEAN: `true` or `false`.  STRING: what it means, escapes and the
     * indentation of blocks resolved. */
    struct str text;
    bool is_block;                 /* STRING: written as """block""" */
    const struct ast_node *values; /* LIST: the items; OBJECT: AST_OBJECT_FIELDs */
};

/* ObjectField: Name : Value */
struct ast_object_field {
    struct ast_node node;
    struct str name;
    const struct ast_node *value;
};

/* Type: NamedType, ListType, NonNullType */
struct ast_type {
    struct ast_node node;
    struct str name;           /* NAMED_TYPE */
    const struct ast_node *of; /* LIST_TYPE, NON_NULL_TYPE */
};

/* SchemaDefinition, SchemaExtension */
struct ast_schema_definition {
    struct ast_node node;
    const struct ast_node *description;
    bool is_extension;
    const struct ast_node *directives;
    const struct ast_node *root_types; /* AST_ROOT_OPERATION_TYPE */
};

/* RootOperationTypeDefinition: OperationType : NamedType */
struct ast_root_operation_type {
    struct ast_node node;
    enum ast_operation_type operation;
    const struct ast_node *type; /* AST_NAMED_TYPE */
};

/* ScalarTypeDefinition ... InputObjectTypeDefinition, and their extensions. */
struct ast_type_definition {
    struct ast_node node;
    const struct ast_node *description;
    bool is_extension;
    struct str name;
    const struct ast_node *interfaces; /* AST_NAMED_TYPE: of objects, interfaces */
    const struct ast_node *directives;
    /* AST_FIELD_DEFINITION of objects and interfaces, AST_NAMED_TYPE of unions,
     * AST_ENUM_VALUE_DEFINITION, AST_INPUT_VALUE_DEFINITION of input objects. */
    const struct ast_node *members;
};

/* FieldDefinition */
struct ast_field_definition {
    struct ast_node node;
    const struct ast_node *description;
    struct str name;
    const struct ast_node *arguments; /* AST_INPUT_VALUE_DEFINITION */
    const struct ast_node *type;
    const struct ast_node *directives;
};

/* InputValueDefinition */
struct ast_input_value_definition {
    struct ast_node node;
    const struct ast_node *description;
    struct str name;
    const struct ast_node *type;
    const struct ast_node *default_value; /* or NULL */
    const struct ast_node *directives;
};

/* EnumValueDefinition */
struct ast_enum_value_definition {
    struct ast_node node;
    const struct ast_node *description;
    struct str name;
    const struct ast_node *directives;
};

/* DirectiveDefinition */
struct ast_directive_definition {
    struct ast_node node;
    const struct ast_node *description;
    struct str name;                  /* without the @ */
    const struct ast_node *arguments; /* AST_INPUT_VALUE_DEFINITION */
    bool is_repeatable;
    const struct ast_node *locations; /* AST_DIRECTIVE_LOCATION */
};

/* DirectiveLocation */
struct ast_directive_location {
    struct ast_node node;
    struct str name; /* FIELD, QUERY, OBJECT ... */
};

/* The structs above; each is the shape of one or more kinds. */
#define AST_SHAPES(X)                                                                              \
    X(document)                                                                                    \
    X(operation)                                                                                   \
    X(fragment)                                                                                    \
    X(variable_definition)                                                                         \
    X(field)                                                                                       \
    X(fragment_spread)                                                                             \
    X(inline_fragment)                                                                             \
    X(argument)                                                                                    \
    X(directive)                                                                                   \
    X(value)                                                                                       \
    X(object_field)                                                                                \
    X(type)                                                                                        \
    X(schema_definition)                                                                           \
    X(root_operation_type)                                                                         \
    X(type_definition)                                                                             \
    X(field_definition)                                                                            \
    X(input_value_definition)                                                                      \
    X(enum_value_definition)                                                                       \
    X(directive_definition)                                                                        \
    X(directive_location)

enum ast_shape {
#define AST_SHAPE(name) AST_SHAPE_##name,
    AST_SHAPES(AST_SHAPE)
#undef AST_SHAPE
};

/* The shape of a kind. */
extern const uint8_t ast_shapes[AST_KIND_COUNT];

/* `node` as the struct of its kind: ast_as(field, node)->alias.  The node must
 * not be NULL and must be of a kind whose struct that is. */
#define ast_as(name, pointer) ((const struct ast_##name *)ast_check_##name(pointer))

#define AST_DECLARE_CHECK(name)                                                                    \
    static inline const void *ast_check_##name(const struct ast_node *node)                        \
    {                                                                                              \
        assert(ast_shapes[node->kind] == AST_SHAPE_##name);                                        \
        return node;                                                                               \
    }
AST_SHAPES(AST_DECLARE_CHECK)
#undef AST_DECLARE_CHECK

/* The lists of children of a kind, in the order of the source: offsets of
 * `const struct ast_node *` members, ended by 0. */
const uint16_t *ast_children(enum ast_kind kind);
/* The list at such an offset, or NULL. */
static inline const struct ast_node *
ast_child(const struct ast_node *node, uint16_t offset)
{
    return *(const struct ast_node *const *)((const char *)node + offset);
}

/* How many nodes the list has; 0 for NULL. */
int ast_count(const struct ast_node *list);

/* The name of a node, or the text of a value; STR_NONE where there is none. */
struct str ast_text(const struct ast_node *node);

/* "Field", "OperationDefinition": the specification's name of the production. */
const char *ast_kind_name(enum ast_kind kind);
/* "query", "mutation", "subscription". */
const char *ast_operation_type_name(enum ast_operation_type type);

/* The first argument of that name in a list of them, or NULL. */
const struct ast_argument *ast_find_argument(const struct ast_node *arguments, struct str name);
/* The first directive of that name in a list of them, or NULL. */
const struct ast_directive *ast_find_directive(const struct ast_node *directives, const char *name);

static inline bool
ast_is_value(enum ast_kind kind)
{
    return kind >= AST_VARIABLE && kind <= AST_OBJECT;
}

static inline bool
ast_is_type_definition(enum ast_kind kind)
{
    return kind >= AST_SCALAR_DEFINITION && kind <= AST_INPUT_OBJECT_DEFINITION;
}

/* The name that a field has in the response: its alias, or its name. */
static inline struct str
ast_response_name(const struct ast_field *field)
{
    return field->alias.ptr ? field->alias : field->name;
}

#endif
