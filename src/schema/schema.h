/*
 * schema.h - the type system (specification, section 3): what a contract
 * declares, built from its SDL by build.h and then constant.
 *
 * Wrapping types are types too: `[Link!]!` is NON_NULL of LIST of NON_NULL of
 * Link, each a `struct type` of its own, made once for each wrapped type, so
 * that equal types of a schema are equal pointers.
 *
 * All arrays are in the order of the SDL.  A type, a field and an argument each have a
 * pointer to their binding (src/binding).  It is set after the schema is built, and is
 * not part of the schema that clients see.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "language/ast.h"

struct arena;
struct argument_binding;
struct binding;
struct buf;
struct map;
struct scalar;
struct source;
struct type_binding;
struct value;

enum type_kind {
    TYPE_SCALAR,
    TYPE_OBJECT,
    TYPE_INTERFACE,
    TYPE_UNION,
    TYPE_ENUM,
    TYPE_INPUT_OBJECT,
    TYPE_LIST,
    TYPE_NON_NULL
};

struct input_value { /* an argument, or a field of an input object */
    struct str name;
    struct str description; /* or STR_NONE, as everywhere below */
    const struct type *type;
    const struct value *default_value; /* coerced; NULL: none */
    struct str deprecation_reason;     /* STR_NONE: not deprecated */
    const struct ast_input_value_definition *ast;
    const struct argument_binding *binding; /* of arguments; NULL until bound */
    bool is_fixed; /* hidden: it has its default, and clients are told nothing of it */
};

struct field {
    struct str name;
    struct str description;
    struct input_value *arguments;
    int argument_count;
    /* After the arguments: how many more are hidden from the schema's role.  They are part of no
     * schema, and always have their defaults. */
    int fixed_count;
    struct map *arguments_by_name; /* where there are many; or NULL */
    const struct type *type;
    struct str deprecation_reason;
    const struct ast_field_definition *ast;
    const struct binding *binding; /* NULL until bound, and in introspection's types */
};

struct enum_value {
    struct str name;
    struct str description;
    struct str deprecation_reason;
    const struct ast_enum_value_definition *ast;
};

struct type {
    enum type_kind kind;
    struct str name; /* of named types */
    struct str description;
    const struct type *of; /* of LIST and NON_NULL: what they wrap */

    struct field *fields; /* OBJECT, INTERFACE */
    int field_count;
    const struct type **interfaces; /* OBJECT, INTERFACE */
    int interface_count;
    struct map *interfaces_by_name; /* where there are many; or NULL */
    const struct type **possible;   /* INTERFACE: objects that implement it; UNION: members */
    int possible_count;
    struct enum_value *values; /* ENUM */
    int value_count;
    struct input_value *inputs; /* INPUT_OBJECT */
    int input_count;
    bool is_one_of;              /* INPUT_OBJECT with @oneOf */
    struct str specified_by_url; /* SCALAR */
    const struct scalar *scalar; /* SCALAR: its coercions (scalar.h) */

    bool is_builtin;                       /* of builtin.graphql: not printed */
    const struct ast_type_definition *ast; /* the definition; NULL for wrapping types */
    bool is_extended;                      /* the document has extensions of it, too */
    const struct type_binding *binding;    /* OBJECT, INTERFACE, UNION; NULL until bound */
    struct map *fields_by_name;   /* struct field, or struct input_value, or struct enum_value */
    struct type *list, *non_null; /* the wrapping types of this one, or NULL */
};

/* clang-format off */
enum directive_location {
    LOCATION_QUERY, LOCATION_MUTATION, LOCATION_SUBSCRIPTION, LOCATION_FIELD,
    LOCATION_FRAGMENT_DEFINITION, LOCATION_FRAGMENT_SPREAD, LOCATION_INLINE_FRAGMENT,
    LOCATION_VARIABLE_DEFINITION, LOCATION_SCHEMA, LOCATION_SCALAR, LOCATION_OBJECT,
    LOCATION_FIELD_DEFINITION, LOCATION_ARGUMENT_DEFINITION, LOCATION_INTERFACE, LOCATION_UNION,
    LOCATION_ENUM, LOCATION_ENUM_VALUE, LOCATION_INPUT_OBJECT, LOCATION_INPUT_FIELD_DEFINITION,
    LOCATION_COUNT
};
/* clang-format on */

struct directive_definition {
    struct str name;
    struct str description;
    struct input_value *arguments;
    int argument_count;
    struct map *arguments_by_name; /* where there are many; or NULL */
    bool is_repeatable;
    uint32_t locations; /* a bit for each enum directive_location; `ast` has their order */
    bool is_builtin;
    bool is_binding; /* of binding.graphql: shown nowhere */
    const struct ast_directive_definition *ast;
};

struct schema {
    struct str description;
    const struct type *query, *mutation, *subscription; /* or NULL */
    /* Named types: the contract's in its order, and among them the built-in ones: each
     * after the first that refers to it, without the scalars that nothing refers to (3.5). */
    struct type **types;
    int type_count;
    struct directive_definition *directives; /* the contract's, then the built-in ones */
    int directive_count;
    struct map *types_by_name;
    struct map *directives_by_name;
    const struct ast_document *document; /* the contract's SDL */
    const struct schema *whole; /* of which this is what a role sees (@auth); NULL: it is whole */
    /* The meta fields (4.1, 4.2): __typename of every composite type; the others of query. */
    const struct field *typename_field, *schema_field, *type_field;
    /* `if` of the built-in @skip and @include, whatever the contract defines by these names. */
    const struct input_value *condition;
};

/* What the schema has of that name; NULL, and nothing reported, when there is none. */
const struct type *schema_find_type(const struct schema *schema, struct str name);
const struct directive_definition *
schema_find_directive(const struct schema *schema, struct str name);
/* The field `name` that may be selected on `parent`, meta fields included. */
const struct field *
schema_find_field(const struct schema *schema, const struct type *parent, struct str name);
const struct input_value *schema_find_argument(const struct field *field, struct str name);
/* How many arguments a call of the field has: the fixed ones follow those of the schema. */
static inline int
field_call_count(const struct field *field)
{
    return field->argument_count + field->fixed_count;
}
const struct input_value *
schema_find_directive_argument(const struct directive_definition *directive, struct str name);
const struct input_value *schema_find_input(const struct type *input_object, struct str name);
const struct enum_value *schema_find_enum_value(const struct type *type, struct str name);
/* The root type, or NULL: the schema does not support the operation. */
const struct type *schema_root_type(const struct schema *schema, enum ast_operation_type operation);
/* The type that a document's type names, e.g. `[ID!]`; NULL when there is no such named type.
 * Wrapping types that the schema itself does not use are made in the arena, so that documents
 * cannot make the schema grow; type_is_sub_type() takes them like any other. */
const struct type *
schema_type_of_ast(struct arena *a, const struct schema *schema, const struct ast_node *type);

/* The named type within all wrapping types. */
const struct type *type_named(const struct type *type);
/* The type without its outermost NON_NULL. */
const struct type *type_nullable(const struct type *type);
/* Is the named type within one for input, or for output (3.4.2)? */
bool type_is_input(const struct type *type);
bool type_is_output(const struct type *type);
/* These are false for wrapping types. */
bool type_is_leaf(const struct type *type);      /* scalar, enum */
bool type_is_composite(const struct type *type); /* object, interface, union */
bool type_is_abstract(const struct type *type);  /* interface, union */
/* Does the type name the interface among those that it implements? */
bool type_implements(const struct type *type, const struct type *interface);
/* Is `object` one of the possible types of `abstract`, or that type itself? */
bool type_is_possible(const struct type *abstract, const struct type *object);
/* Is a value of `sub` one of `super` too (3.6.1, IsSubType)? */
bool type_is_sub_type(const struct type *sub, const struct type *super);
/* Write `[Link!]!`. */
void type_print(struct buf *b, const struct type *type);
/* The same as text in the arena, for messages. */
struct str type_text(struct arena *a, const struct type *type);
/* "QUERY", "FIELD_DEFINITION"; and back: LOCATION_COUNT for none. */
const char *directive_location_name(enum directive_location location);
enum directive_location directive_location_find(struct str name);

#endif
