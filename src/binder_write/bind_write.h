/*
 * bind_write.h - fields with a directive that writes: which rows, and whether they can be written.
 *
 * The binder finds what shows the rows (bind_payload.c) and what each argument does
 * (bind_input.c); here is what makes a write of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_WRITE_H
#define BINDER_WRITE_BIND_WRITE_H

#include "binder_base/binder.h"
#include "binding/write.h"

/* The field's directive that writes rows, and what it does; NULL: it has none. */
const struct ast_directive *
bind_write_directive(const struct field *field, enum write_action *action);
/* Does such a field write several rows? */
bool bind_write_is_many(const struct field *field);
/* The table whose rows it writes; NULL: there is none of that name. */
const struct table *bind_write_table(struct binder *b, const struct field *field);

/* Bind the field: what it writes.  Its type has the table, or is its payload.  False after a
 * misfit. */
bool bind_write(struct bind_site *site);

/* Is it the argument that finds the rows that are changed or deleted, any number of them: `where`,
 * an input object? */
bool bind_write_is_filter(const struct field *field, const struct input_value *argument);
/* Is it the argument that says what goes into the columns? */
bool bind_write_is_values(const struct field *field, const struct input_value *argument);
/* `atMost` of a write by a filter.  NULL: `*message` says what is wrong with it. */
const struct argument_binding *
bind_write_at_most(const struct bind_site *site, const struct input_value *argument,
                   const char **message);
/* May the input set the column of the table, which is NULL where that has none of the name?  False
 * after a misfit. */
bool bind_write_check_column(const struct bind_site *site, const struct table *table,
                             const struct type *values, const struct input_value *input,
                             const struct column *column, struct str name);
/* All arguments are bound: do they say all that a row needs?  False after a misfit. */
bool bind_write_check(const struct bind_site *site);

#endif
