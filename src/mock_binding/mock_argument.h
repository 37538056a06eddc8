/*
 * mock_argument.h - what arguments of lists ask for where values are made up: orders and
 * filters, with fields of the object type in place of columns.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_BINDING_MOCK_ARGUMENT_H
#define MOCK_BINDING_MOCK_ARGUMENT_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/filter.h"

struct argument_binding;
struct field;
struct type;

/* --- orders --- */

/* One thing that a list is sorted by. */
struct mock_order {
    const struct field *const *path; /* fields that lead to one object each; NULL: none */
    int path_count;
    const struct field *field; /* a leaf; of a count: the list */
    bool is_count;
    bool is_descending, are_nulls_first;
};

/* Read a direction: `DESC`, `ASC NULLS FIRST`, or with `_` in place of spaces. */
void mock_argument_direction(struct mock_order *order, struct str text);

/* What an enum value, or @order, says. */
struct mock_orders {
    const struct mock_order *list;
    int count;
};

enum mock_member_kind {
    MOCK_MEMBER_UNKNOWN, /* no field of the object: it changes nothing */
    MOCK_MEMBER_LEAF,
    MOCK_MEMBER_COUNT,
    MOCK_MEMBER_ONE
};

/* A member of an order's input object. */
struct mock_member {
    enum mock_member_kind kind;
    const struct field *field;
    const struct mock_sort *inner; /* ONE */
};

/* The input object or enum of `orderBy`, for objects of one type. */
struct mock_sort {
    const struct type *type, *target;
    const struct mock_member *members; /* of an input object, for each of its inputs */
    const struct mock_orders *values;  /* of an enum, for each of its values */
    struct mock_sort *next;            /* of those that are bound */
};

/* --- aggregates --- */

/* What is made of many values. */
enum mock_function { MOCK_SUM, MOCK_AVG, MOCK_MIN, MOCK_MAX };

/* Is the field an object of what a function makes of values, by its name? */
bool mock_argument_function(const struct field *field, enum mock_function *function);

/* --- filters --- */

enum mock_part_kind {
    MOCK_PART_UNKNOWN, /* no field of the object: it changes nothing */
    MOCK_PART_AND,
    MOCK_PART_OR,
    MOCK_PART_NOT,
    MOCK_PART_VALUE, /* a leaf, or the key of an object that a field leads to, by one operator */
    MOCK_PART_OPERATORS, /* the same, by those of an input object */
    MOCK_PART_SEARCH,    /* one of several texts has the value in it */
    MOCK_PART_ONE,       /* the object that a field leads to */
    MOCK_PART_MANY       /* the objects of a list: some, every, none */
};

struct mock_part {
    enum mock_part_kind kind;
    const struct field *field;
    const struct type *type; /* OPERATORS, MANY: the input object */
    /* OPERATORS, MANY: for each of its inputs, what it means.  VALUE: the operator. */
    const struct str *words;
    const struct argument_binding *searched; /* SEARCH */
    const struct mock_filter *filter;        /* AND, OR, NOT, ONE, MANY */
};

/* The input object of a filter, for objects of one type. */
struct mock_filter {
    const struct type *type, *target;
    const struct mock_part *parts; /* for each of its inputs */
    struct bound_filter judged;    /* how what it is given is judged, but for its table */
    struct mock_filter *next;      /* of those that are bound */
};

/* What an argument_binding of mock has besides. */
struct mock_argument {
    const struct mock_sort *sort;     /* ORDER_BY */
    const struct mock_filter *filter; /* FILTER */
    const struct field **keys;        /* of groups: for each enum value, the field that shows it */
};

#endif
