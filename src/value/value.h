/*
 * value.h - input values at run time, and their coercion (specification, 3.12
 * input coercion, 6.1.2 variables, 6.4.1 arguments).
 *
 * A `struct value` is what a variable holds, what a literal becomes and what an
 * argument gets.  Before coercion, values that came as JSON have the kinds that
 * JSON has; after it, an enum's value is VALUE_ENUM, and an input object has
 * its defaults filled in and its fields in the order of the type.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_node;
struct ast_operation;
struct ast_document;
struct buf;
struct errors;
struct input_value;
struct path;
struct schema;
struct type;

enum value_kind {
    VALUE_NULL,
    VALUE_BOOLEAN,
    VALUE_INT,   /* a number without fraction or exponent, any size: its digits in `text` */
    VALUE_FLOAT, /* any other number: as written in `text` */
    VALUE_STRING,
    VALUE_ENUM,
    VALUE_LIST,
    VALUE_OBJECT
};

struct value {
    enum value_kind kind;
    bool boolean;        /* BOOLEAN */
    struct str text;     /* INT, FLOAT: as written; STRING; ENUM: the name.  Ends in NUL. */
    struct value *items; /* LIST: the first item; OBJECT: the value of the first field */
    struct str name;     /* in an OBJECT: the name of the field that this value is of */
    struct value *next;  /* in the list or object that it is in */
    int count;           /* LIST, OBJECT: items */
};

/* The one null. */
extern const struct value value_null;

/* Append a copy of `item` to a list or object that is being made; `name` is
 * that of the field, STR_NONE in a list.  `end` is where the copy is linked,
 * first `&parent->items`; return it for the next one. */
struct value **value_append(struct arena *a, struct value *parent, struct value **end,
                            const struct value *item, struct str name);

/* The field `name` of an object, or NULL. */
const struct value *value_find(const struct value *object, struct str name);
/* Equal kinds, texts and items, in the same order? */
bool value_equal(const struct value *a, const struct value *b);
/* Write as JSON: an enum as a string. */
void value_write_json(struct buf *b, const struct value *v);
/* Write as a literal of the language. */
void value_print(struct buf *b, const struct value *v);
/* A literal for a message: cut where it is long or deep, so that an error is
 * never much larger than what caused it. */
struct str value_inspect(struct arena *a, const struct value *v);

/* Write where in a value something is: `.urls[0]`; nothing for NULL. */
void value_print_path(struct buf *b, const struct path *path);

/* The variables of a request, coerced. */
struct variables {
    int count;
    const struct variable *list;
};
struct variable {
    struct str name;
    const struct value *value; /* NULL: absent, and has no default */
};
const struct variable *variables_find(const struct variables *v, struct str name);

/* CoerceVariableValues (6.1.2).  `json` is the object that came with the
 * request, or NULL.  Adds one BAD_USER_INPUT for each variable that does not
 * fit, placed at its definition, and then returns false. */
bool value_coerce_variables(struct arena *a, const struct schema *schema,
                            const struct ast_document *document,
                            const struct ast_operation *operation, const struct value *json,
                            struct variables *out, struct errors *errors) MUST_CHECK;

/* Coerce a literal, in which variables may stand, to an input type; `variables`
 * may be NULL where none can stand.  The document has been validated, so what
 * can still go wrong is a variable that is null or absent where the type is
 * non-null, or a scalar out of range.  Return NULL then, and add an error
 * without path or places when `errors` is given.  A variable that is absent:
 * `*is_absent` is true and NULL returned (in lists it counts as null).  What a
 * variable holds is not copied. */
const struct value *
value_from_ast(struct arena *a, const struct ast_node *node, const struct type *type,
               const struct variables *variables, bool *is_absent, struct errors *errors);

/* A literal as the value it is written as, whatever the type: what custom scalars
 * take.  A variable that is absent is null in a list, and no field in an object. */
const struct value *
value_untyped(struct arena *a, const struct ast_node *node, const struct variables *variables);

/* The value of the field's argument `argument` (CoerceArgumentValues, 6.4.1):
 * what the document says, or the default.  NULL with `*is_absent` when there is
 * neither; NULL without it when it fails: then an error was added, without path. */
const struct value *
value_of_argument(struct arena *a, const struct ast_node *arguments,
                  const struct input_value *argument, const struct variables *variables,
                  bool *is_absent, struct errors *errors);

#endif
