/*
 * value.h - what an input value is at run time.
 *
 * A `struct value` is what a variable holds, what a literal becomes and what an
 * argument gets.  A value that came as JSON has the kinds that JSON has, until it
 * is coerced (value_coerce.h): then an enum's value is VALUE_ENUM, and an input
 * object has its defaults filled in and its fields in the order of the type.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct path;

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

/* Append a copy of `item` to a list or object that is being made.  `name` is the
 * name of the field; STR_NONE in a list.  `end` is where the copy is linked, at
 * first `&parent->items`; the result is the `end` of the next call. */
struct value **value_append(struct arena *a, struct value *parent, struct value **end,
                            const struct value *item, struct str name);

/* The field `name` of an object, or NULL. */
const struct value *value_find(const struct value *object, struct str name);
/* Equal kinds, texts and items, in the same order? */
bool value_equal(const struct value *a, const struct value *b);
/* Write as JSON: an enum as a string. */
void value_write_json(struct buf *b, const struct value *v);
/* The same by json_write_any_text(). */
void value_write_any_text(struct buf *b, const struct value *v);
/* Write as a literal of the language. */
void value_print(struct buf *b, const struct value *v);
/* A literal for a message: cut where it is long or deep, so that an error is
 * never much larger than what caused it. */
struct str value_inspect(struct arena *a, const struct value *v);

/* Write where in a value something is: `.urls[0]`; nothing for NULL. */
void value_print_path(struct buf *b, const struct path *path);

#endif
