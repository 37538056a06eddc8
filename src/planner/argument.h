/*
 * argument.h - an argument of a field: its value, found and judged.
 *
 * The one place that does both.  When a plan is made, it judges what the document says,
 * and what variables say that the plan is guarded by; the value of a parameter that
 * follows a variable is found again for each request, and judged then, by the same
 * function; and so are the arguments of C functions and of mock.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_ARGUMENT_H
#define PLANNER_ARGUMENT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct ast_field;
struct ast_node;
struct error;
struct errors;
struct input_value;
struct limits;
struct value;
struct variables;

struct argument {
    const struct ast_field *field;
    const struct input_value *definition;
    const struct ast_node *written; /* its value in the document; NULL: it says nothing */
    const struct value *value;      /* NULL: absent, or null where that is the same */
    bool is_given;                  /* the document gives a value, and not null */
    bool is_constant;               /* the same for all variables */
    int64_t number;                 /* `first`, `skip`: the value, unless that is absent */
};

/* The argument as the document has it; its value is not known yet. */
struct argument argument_find(const struct ast_field *field, const struct input_value *definition);

/* Find the argument's value under these variables, coerced in the arena, and judge it: row
 * limits and offsets have bounds.  Null is as if absent, but for a parameter of a function, and
 * for an argument that has no binding: where mock makes up comparable values.
 * Return NULL, or what the field is refused with. */
const struct error *argument_get(struct arena *a, struct argument *argument,
                                 const struct variables *variables, const struct limits *limits);

/* --- argument_filter.c --- */

/* Judge a filter's value, which is there: what is null in it, and how much it asks for.
 * Return NULL, or what the field is refused with. */
const struct error *argument_judge_filter(struct errors *errors, const struct argument *argument,
                                          const struct limits *limits);

#endif
