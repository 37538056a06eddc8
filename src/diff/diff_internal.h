/*
 * diff_internal.h - what the files of the comparison share.
 *
 *     diff.c             types, and what is said of all of them
 *     diff_field.c       fields and arguments
 *     diff_directive.c   definitions of directives
 *     diff_binding.c     binding directives that are applied
 *
 * Only these include it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_DIFF_INTERNAL_H
#define DIFF_DIFF_INTERNAL_H

#include <stdbool.h>

#include "base/str.h"
#include "diff/change.h"

struct arena;
struct ast_node;
struct directive_definition;
struct input_value;
struct places;
struct schema;
struct type;

struct side {
    const struct schema *schema;
    struct places *places; /* NULL: it has no text of its own */
};

struct diff {
    struct arena *arena;
    struct changes *changes;
    struct side before, after;
    bool has_bindings; /* both have them */
    bool has_roles;    /* both are all of a contract: @auth is compared */
};

/* Something that both schemas have: what it is called, and where: its names in the two documents,
 * STR_NONE where it is not. */
struct spot {
    struct str coordinate;
    struct str before, after;
};

/* Add a change, with the places of the spot. */
void diff_add(struct diff *d, enum change_kind kind, const struct spot *spot, const char *format,
              ...) PRINTF(4, 5);

/* Compare the descriptions of what `what` calls, "The description" and so on. */
void diff_description(struct diff *d, const struct spot *spot, struct str before, struct str after);
/* Compare reasons of deprecation. */
void diff_deprecation(struct diff *d, const struct spot *spot, struct str before, struct str after);

/* --- diff_field.c --- */

/* Compare the fields of two objects or interfaces. */
void diff_fields(struct diff *d, const struct type *before, const struct type *after);
/* Compare the fields of two input objects. */
void diff_inputs(struct diff *d, const struct type *before, const struct type *after);
/* What an argument's coming and going is called. */
struct argument_changes {
    enum change_kind removed, required_added, optional_added;
};
/* Compare an argument of the field or directive at `owner`; one of the two may be NULL. */
void diff_argument(struct diff *d, struct str owner, const struct argument_changes *changes,
                   const struct input_value *before, const struct input_value *after);

/* --- diff_directive.c --- */

/* Compare the definitions of all directives but the binding ones. */
void diff_directives(struct diff *d);

/* --- diff_binding.c --- */

/* Compare the binding directives of what is at the spot and has this name; nothing happens where
 * not both sides are contracts.  `before` and `after` are lists of applied directives. */
void diff_bindings(struct diff *d, const struct spot *spot, struct str name,
                   const struct ast_node *before, const struct ast_node *after);
/* The same of a type that both schemas have, with its extensions. */
void diff_type_bindings(struct diff *d, const struct spot *spot, const struct type *type);
/* The same for the schemas themselves. */
void diff_schema_bindings(struct diff *d);

#endif
