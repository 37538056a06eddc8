/*
 * write.h - rows that a mutation writes, as the contract says it: @insert,
 * @upsert, @update, @delete.
 *
 * The argument that is VALUES (binding.h) says what goes into the columns.  A write has one of
 * two sizes, which the contract decides: one row, or many of them.  It writes all of its rows,
 * or none, and then its field is an error.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_WRITE_H
#define BINDING_WRITE_H

#include "binding/binding.h"

/* "insert" */
const char *write_action_name(enum write_action action);
/* "Insert" */
const char *write_action_title(enum write_action action);

/* The argument that says what goes into the columns, NULL: the field deletes. */
const struct input_value *write_find_values(const struct field *field);
/* The field of the objects that sets the column; NULL: none does. */
const struct input_value *
write_find_setter(const struct argument_binding *values, const struct column *column);
/* Of objects within others: has the column the key of the row around? */
bool write_is_outer_key(const struct argument_binding *values, const struct column *column);
/* What is said of the constraint of that name, of rows that the objects are written to; NULL:
 * nothing. */
const struct bound_constraint *
write_find_constraint(const struct argument_binding *values, struct str name);

/* Does unnest() take values of the type apart, as it does arrays and composites?  Where rows are
 * given as arrays of their columns they are texts, and cast one by one. */
bool write_unnests(const struct column_type *type);

#endif
