/*
 * build_stage.h - what the stages of build.c hand on, one to the next.
 *
 *     document   the rules on type system documents      build_document*.c
 *     types      from definitions to a schema            build_types.c
 *     publish    the order in which clients see types    build_publish.c
 *     visible    of one role: what it has lost           build_visible.c
 *     applied    what directives are given               build_applied.c
 *     check      section 3, on the schema                build_check*.c
 *     defaults   coerced, after they were checked        build_defaults.c
 *
 * Only build.c and these include it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SDL_BUILD_STAGE_H
#define SDL_BUILD_STAGE_H

#include <stdbool.h>

#include "base/str.h"
#include "language/ast.h"

struct arena;
struct error;
struct errors;
struct input_value;
struct map;
struct places;
struct schema;
struct type;

/* A type's definition, then its extensions in the order of the document. */
struct part {
    const struct ast_type_definition *ast;
    struct part *next;
    struct part *last; /* of the definition: the last extension, or itself */
};

struct build {
    struct arena *arena;
    struct errors *errors;
    struct places *places;               /* of the contract; NULL until there is an error */
    int place_count;                     /* of all errors */
    bool has_failed;                     /* an error was found, whether or not the list took it */
    const struct ast_document *document; /* the contract */
    const struct ast_document *builtin;  /* builtin.graphql */
    const struct ast_document *binding;  /* binding.graphql, or NULL: not declared */
    struct schema *schema;
    const struct schema *whole; /* of which `role` sees a part; NULL: all is built */
    struct str role;
    struct map *hidden_types;  /* struct ast_type_definition by name; NULL: none is hidden */
    struct map *builtin_types; /* struct ast_type_definition by name */
    struct map *own_scalars;   /* struct type by name: built-in scalars that the contract defines */
    /* struct ast_directive_definition by name: the built-in and binding ones */
    struct map *known_directives;
    struct map *parts;       /* struct part by the type's name: its definition */
    struct map *types;       /* struct type by name: every one that was made */
    struct map *looked_into; /* struct default_state by `Type.field`: build_check_input.c */
    /* By name, the directives that are applied to what an argument of one can depend on. */
    struct map *applied_to_inputs;
};

/* Add an error, placed at a node of the contract; NULL: at no place. */
struct error *
build_error(struct build *b, const struct ast_node *node, const char *format, ...) PRINTF(3, 4);
/* The same, placed at a name in the contract. */
struct error *
build_error_name(struct build *b, struct str name, const char *format, ...) PRINTF(3, 4);
/* Add a place to an error: of a node, or of a name. */
void build_add_place(struct build *b, struct error *error, const struct ast_node *node);
void build_add_name(struct build *b, struct error *error, struct str name);
/* Add a place at each part of a type. */
void build_add_parts(struct build *b, struct error *error, const struct part *part);

/* Are definitions of this kind part of a schema?  A document may have operations and
 * fragments too, which are ignored. */
bool build_is_type_system(enum ast_kind kind);
/* Is the definition an extension? */
bool build_is_extension(const struct ast_node *definition);

/* Judge the contract by the rules on type system documents: names that are unique,
 * names that are known, directives, what can be extended. */
void build_document_check(struct build *b);

/* Of one role: find the types that @auth hides. */
void build_hide_types(struct build *b);
/* Is what has these directives hidden, by its own @auth? */
bool build_is_hidden(const struct build *b, const struct ast_node *directives);
/* Is the named type within this one hidden? */
bool build_is_type_hidden(const struct build *b, const struct ast_node *type);
/* Of one role: judge what was left out, and let fields keep the defaults of hidden arguments. */
void build_visible(struct build *b);

/* Make the schema's types, directives and roots.  The document has been checked. */
void build_types(struct build *b);
/* The type that a node means; wrapping types are made when there are none yet. */
struct type *build_type_of(struct build *b, const struct ast_node *node);

/* Put the types into their order, and list in each interface what implements it. */
void build_publish(struct build *b);

/* Check the arguments of built-in and binding directives. */
void build_applied_check(struct build *b);

/* Judge the schema by section 3. */
void build_check(struct build *b);
/* ... the interfaces of an object or interface (3.6, 3.7, Type Validation). */
void build_check_interfaces(struct build *b, const struct type *type);
/* ... that every input object can be given a finite value (3.10, Circular References). */
void build_check_finite(struct build *b);
/* ... that no default of the input object needs itself (3.10, Type Validation). */
void build_check_default_cycles(struct build *b, const struct type *type);
/* ... that no directive is used in its own definition (3.13, Type Validation). */
void build_check_directives(struct build *b);

/* Coerce all defaults; they are valid and without cycles. */
void build_defaults(struct build *b);

#endif
