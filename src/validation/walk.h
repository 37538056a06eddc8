/*
 * walk.h - one walk over a document, and what the rules that it calls may ask.
 *
 * The walk knows at each node what the schema says of it: its scope, which the
 * reference implementation calls TypeInfo.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_WALK_H
#define VALIDATION_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "language/ast.h"

struct arena;
struct definition;
struct directive_definition;
struct error;
struct errors;
struct field;
struct input_value;
struct limits;
struct places;
struct references;
struct rule;
struct schema;
struct type;

/* What holds at a node.  A pointer is NULL where there is no such thing, and where
 * the schema does not have what the document names. */
struct scope {
    struct definition *definition;  /* the operation or fragment around the node */
    const struct ast_node *owner;   /* of the directive or the object field */
    const struct type *parent_type; /* composite: of which the selections are */
    const struct type *type;        /* of the innermost field, fragment or operation */
    const struct field *field;      /* the innermost field */
    const struct directive_definition *directive; /* the innermost directive */
    const struct input_value *argument;           /* the innermost argument */
    const struct type *input_type;                /* that a value here must fit */
    const struct type *object_type; /* of the input object of which it is a field; or NULL */
    bool is_in_directive;           /* even when `directive` is NULL */
    bool has_default;               /* the place of the value has a default value */
    bool is_nested;                 /* the value is in another value */
};

struct walk {
    struct arena *arena;
    const struct schema *schema;
    const struct ast_document *document;
    const struct limits *limits; /* NULL: none */
    bool has_suggestions;        /* "Did you mean ...?" */
    struct errors *errors;
    struct places *places;         /* of the document */
    struct references *references; /* definitions, and what they refer to */
    const struct scope *scope;     /* of the node, while a rule is called */
    bool is_stopped;               /* nothing more is called */
    bool has_too_many;             /* because the list of errors is full */
    struct dispatch *dispatch;     /* of walk.c */
};

/* Walk the document once and call the rules. */
void walk_document(struct walk *w, const struct rule *const *rules, int count);

/* Add an error with the place `offset` in the document, and return it, for
 * more places.  When the list is full the walk stops. */
struct error *walk_error(struct walk *w, uint32_t offset, const char *format, ...) PRINTF(3, 4);
/* Add another place, unless the error has as many as are ever shown. */
void walk_error_place(struct walk *w, struct error *error, uint32_t offset);
/* Add LIMIT_EXCEEDED for the bound of that name, and stop the walk: a document
 * that exceeds a bound is not looked at further. */
void walk_exceeded(struct walk *w, uint32_t offset, const char *limit, int64_t maximum,
                   const char *format, ...) PRINTF(5, 6);

/* Where a name of the document stands. */
uint32_t walk_offset(const struct walk *w, struct str name);

/* The directive of that name, unless it is a binding: these are hidden. */
const struct directive_definition *walk_find_directive(const struct walk *w, struct str name);

/* ` Did you mean ...?` for those of `names` that are close to `input`, or an empty
 * text; always empty when suggestions are off.  Changes `names`. */
struct str
walk_suggest(struct walk *w, const char *what, struct str input, struct str *names, int count);

/* Up to so many names are compared faster than hashed. */
enum { WALK_COMPARED_MAXIMUM = 16 };

/* The name of an argument, directive, object field or variable definition. */
struct str walk_name(const struct ast_node *node);
/* Do two nodes of a list have the same name? */
bool walk_has_duplicates(struct walk *w, const struct ast_node *list);
/* The first node of the list that has the name of `node`: itself, if no other. */
const struct ast_node *walk_first_of_name(const struct ast_node *list, const struct ast_node *node);

#endif
