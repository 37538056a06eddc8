/*
 * order.h - what lists are ordered by, and what their argument `orderBy` may ask for.
 *
 * Nulls are where PostgreSQL puts them, last ascending and first descending, so that one index
 * serves both directions, unless the contract or the document says otherwise.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_ORDER_H
#define BINDING_ORDER_H

#include <stdbool.h>

#include "base/str.h"

struct bound_comparison;
struct buf;
struct column;
struct column_type;
struct function;
struct join;
struct order_choices;
struct table;
struct type;

enum order_source {
    ORDER_COLUMN,   /* a column */
    ORDER_COUNT,    /* how many rows are joined to it */
    ORDER_FUNCTION, /* what a function makes of it */
    ORDER_RANK      /* how well it fits the words that a filter of the list finds in it */
};

struct order_direction {
    bool is_descending;
    bool is_nulls_first; /* of terms that may be null; else as PostgreSQL has it */
};

/* Rows that are joined. */
struct order_step {
    const struct join *join;
    const struct type *rows; /* the type that shows them, if one does; or NULL */
};

/* What rows are sorted by: something of the row, or of one that is joined to it. */
struct order_term {
    enum order_source source;
    const struct order_step *way;    /* to the row that it is of, by one row each */
    int way_count;                   /* 0: the list's own */
    const struct column *column;     /* COLUMN */
    bool is_between;                 /* COLUMN: of the table between (join->through) */
    struct order_step counted;       /* COUNT */
    const struct function *function; /* FUNCTION */
    /* RANK: by MATCHES; the words are those that a filter of the list compares alike */
    const struct bound_comparison *words;
    struct order_direction direction;
};

struct order {
    const struct order_term *terms; /* the key breaks ties, if it is not among them */
    int count;
};

/* An input of an order's input object. */
struct order_choice {
    struct order_term term;             /* without way; its direction is the request's */
    struct order_step step;             /* to a row whose order the request says within: */
    const struct order_choices *within; /* or NULL: it is a term */
};

/* What an enum or an input object with @oneOf orders rows of one table by. */
struct order_choices {
    const struct type *type;
    const struct table *table;
    bool has_misfit;
    bool has_rank;                      /* one of them ranks rows by words */
    bool is_within;                     /* of rows that are joined, too */
    const struct order *values;         /* ENUM: by value */
    const struct order_choice *choices; /* INPUT_OBJECT: by input */
    struct order_choices *next;         /* of the binder's */
};

/* Read `ASC`, `DESC`, or either with `NULLS FIRST` or `NULLS LAST`, in words that `separator`
 * parts, in letters of any case; the empty text is ASC.  False for anything else. */
bool
order_read_direction(struct str text, char separator, struct order_direction *direction) MUST_CHECK;
/* The other way round. */
struct order_direction order_turn(struct order_direction direction);

struct order_term order_term_of(const struct column *column, struct order_direction direction);
/* Do both sort by the same, whatever the direction? */
bool order_term_is_same(const struct order_term *a, const struct order_term *b);
/* Is it a column of the list's own rows? */
bool order_term_is_own_column(const struct order_term *term);
/* Write what it is, and how its rows are joined: `posted_by = users.id: username`. */
void order_term_write(struct buf *b, const struct order_term *term);
const struct column_type *order_term_type(const struct order_term *term);
bool order_term_may_be_null(const struct order_term *term);
/* Do both order alike? */
bool order_is_same(const struct order *a, const struct order *b);

#endif
