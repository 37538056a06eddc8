/*
 * rule.h - what a rule of validation is, and what it sees.
 *
 * A rule is a constant: functions that the walk calls when it enters or leaves
 * a node of some kind.  They look at the node and at the walk's type stack,
 * keep what they must remember in a state of their own, and report with
 * walk_error().  All rules run in one walk, at each node in the order of the
 * table in validate.c, so that errors come in the order of the reference
 * implementation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_RULE_H
#define VALIDATION_RULE_H

#include <stdbool.h>
#include <stddef.h>
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
struct schema;
struct type;
struct validate_options;
struct walk;

/* `state` is the rule's own memory, zeroed when the walk begins. */
typedef void rule_fn(struct walk *w, void *state, const struct ast_node *node);

/* The kinds of nodes that executable documents are made of come first. */
enum { RULE_KIND_COUNT = AST_NON_NULL_TYPE + 1 };

/* So many names are compared faster than hashed. */
enum { RULE_LOOK_THROUGH = 16 };

struct rule {
    const char *name;    /* also of its corpus file */
    const char *section; /* of the specification; "" for bounds of ours */
    rule_fn *enter[RULE_KIND_COUNT];
    rule_fn *leave[RULE_KIND_COUNT];
    /* Before the selections of an operation, a fragment definition or a field
     * (the node), when arguments and directives have been walked. */
    rule_fn *selections;
    size_t state_size;
};

struct walk {
    struct arena *arena;
    const struct schema *schema;
    const struct ast_document *document;
    const struct validate_options *options;
    struct errors *errors;
    struct places *places;         /* of the document */
    struct references *references; /* definitions, and what they refer to */
    bool is_stopped;               /* nothing more is called */
    bool has_too_many;             /* because the list of errors is full */

    /* The type stack: what is known at the node. NULL: nothing, since something
     * around it is not in the schema. */
    const struct type *parent_type; /* composite: of which the selections are */
    const struct type *type;        /* of the innermost field, fragment or operation */
    const struct field *field;      /* the innermost field */
    bool is_in_directive;           /* the argument is a directive's: */
    const struct directive_definition *directive; /* this one's */
    const struct input_value *argument;           /* the innermost argument */
    const struct type *input_type;                /* that a value here must fit */
    const struct type *parent_input_type;         /* of the list, object or argument around it */
    bool has_default;                             /* the place of the value has a default value */
    bool is_nested;                               /* the value is in another value */

    struct definition *definition; /* the operation or fragment definition, or NULL */
    const struct ast_node *owner;  /* of the directive or the object field */

    struct dispatch *dispatch; /* of walk.c */
};

/* Walk the document once and call the rules. */
void walk_document(struct walk *w, const struct rule *const *rules, int count);

/* Add an error with the place `offset` in the document, and return it, for
 * more places.  When the list is full the walk stops. */
struct error *walk_error(struct walk *w, uint32_t offset, const char *format, ...) PRINTF(3, 4);
/* Add another place, unless the error has as many as are ever shown. */
void walk_error_place(struct walk *w, struct error *error, uint32_t offset);
/* Add LIMIT_EXCEEDED for the bound of that name, and stop the walk: what has met
 * a bound is not looked at further. */
void walk_exceeded(struct walk *w, uint32_t offset, const char *limit, int64_t maximum,
                   const char *format, ...) PRINTF(5, 6);

/* Where a name of the document stands. */
uint32_t walk_offset(const struct walk *w, struct str name);

/* The bounds, or NULL. */
const struct limits *walk_limits(const struct walk *w);

/* The directive of that name, unless it is a binding: these are hidden. */
const struct directive_definition *walk_find_directive(const struct walk *w, struct str name);

/* ` Did you mean ...?` for those of `names` that are close to `input`, or an empty
 * text; always empty when suggestions are off.  Changes `names`. */
struct str
walk_suggest(struct walk *w, const char *what, struct str input, struct str *names, int count);

/* The name of an argument, directive, object field or variable definition. */
struct str walk_name(const struct ast_node *node);
/* Do two nodes of a list have the same name? */
bool walk_has_duplicates(struct walk *w, const struct ast_node *list);
/* The first node of the list that has the name of `node`: itself, if no other. */
const struct ast_node *walk_first_of_name(const struct ast_node *list, const struct ast_node *node);

#endif
