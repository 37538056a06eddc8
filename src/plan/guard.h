/*
 * guard.h - the conditions under which a plan holds: what it took for granted
 * of the request's variables.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_GUARD_H
#define PLAN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct ast_node;
struct type;
struct value;
struct variables;

enum guard_kind {
    GUARD_NONE,      /* nothing: no guard is made */
    GUARD_VALUE,     /* the very value, or absence */
    GUARD_PRESENT,   /* whether it is there, null or not */
    GUARD_NOT_NULL,  /* whether it is there and not null */
    GUARD_NOT_EMPTY, /* whether it is there, not null and not the empty string */
    GUARD_SHAPE,     /* of a filter: which conditions there are, whatever they compare with */
    GUARD_CURSOR,    /* a cursor: which of its terms are null */
    GUARD_FIELDS,    /* whether it is there, and if it is an object, which fields it has */
    GUARD_ROWS /* whether it is there, and which shapes its objects have, one after the other */
};

struct guard {
    enum guard_kind kind;
    struct str variable;
    const struct value *value; /* VALUE, FIELDS: NULL for absent */
    bool is_so;                /* PRESENT, NOT_NULL, NOT_EMPTY; ROWS: is it there? */
    int terms;                 /* CURSOR: how many it has */
    uint64_t asked, nulls;     /* CURSOR: of which terms it counts, and those that are null */
    const struct type *type;   /* SHAPE, ROWS: of the place where the variable stands */
    struct str shape;          /* SHAPE; ROWS: the shapes (row_shape.h) */
    struct guard *next;
};

struct guards {
    struct guard *first;
};

/* Take for granted what the variable is now; the guard lives in the arena. */
void guard_add(struct guards *g, struct arena *a, struct str variable, enum guard_kind kind,
               const struct variables *variables);
/* The same for every variable within the literal. */
void guard_add_all(struct guards *g, struct arena *a, const struct ast_node *value,
                   enum guard_kind kind, const struct variables *variables);
/* The shape of every variable within the literal, which is a filter of the type (shape.h). */
void guard_add_shapes(struct guards *g, struct arena *a, const struct ast_node *value,
                      const struct type *type, const struct variables *variables);
/* The shapes of the objects in every variable within the literal, which a write is given, and
 * whether other variables are there. */
void guard_add_rows(struct guards *g, struct arena *a, const struct ast_node *value,
                    const struct type *type, const struct variables *variables);
/* Take for granted which terms of the cursor in the variable are null, of those that `asked` has
 * bits for.  Return them. */
uint64_t guard_add_cursor(struct guards *g, struct arena *a, struct str variable, int terms,
                          uint64_t asked, const struct variables *variables);
/* Do the variables meet all guards? */
bool guards_hold(const struct guards *g, const struct variables *variables);

#endif
