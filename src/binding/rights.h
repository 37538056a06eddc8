/*
 * rights.h - what PostgreSQL asks a right for where a field is used: columns that are read, and
 * functions that are called.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_RIGHTS_H
#define BINDING_RIGHTS_H

struct argument_binding;
struct binding;
struct column;
struct function;
struct join;
struct order_term;
struct table;

/* The column of the table is read; or, where both are NULL, the function is called. */
typedef void right_fn(void *context, const struct table *table, const struct column *column,
                      const struct function *function);

/* Visit what a field needs, but for its arguments.  `parent` is the table whose row it belongs
 * to; NULL: there is none, or its columns are not read, since a function has returned the row. */
void rights_visit_field(const struct binding *binding, const struct table *parent, right_fn *visit,
                        void *context);
/* Visit what one of its arguments needs. */
void rights_visit_argument(const struct binding *binding, const struct argument_binding *argument,
                           right_fn *visit, void *context);
/* Visit what a term of the order of rows of the table needs; `join` has joined them, or is NULL. */
void rights_visit_order_term(const struct table *table, const struct join *join,
                             const struct order_term *term, right_fn *visit, void *context);

#endif
