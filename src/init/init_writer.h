/*
 * init_writer.h - what the files that write the contract's text share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_INIT_WRITER_H
#define INIT_INIT_WRITER_H

#include <stdbool.h>

#include "base/str.h"

struct buf;
struct column;
struct init_model;
struct init_table;
struct table;

/* Up to how many rows `totalCount` counts: a large table takes long. */
enum { INIT_COUNT_MOST = 100000 };

enum { INIT_LINE_MOST = 110 }; /* of a line, or each argument has one of its own */

struct init_writer {
    struct init_model *model;
    struct buf *out;
    int line;       /* of the contract's file, from 1: of what `out` has at `counted` */
    size_t counted; /* how much of `out` is counted in it */
};

/* Write a comment, a line of its own. */
void
init_put_comment(struct init_writer *w, const char *indent, const char *format, ...) PRINTF(3, 4);
/* Write a field, an input or a value with its directives, or a comment if it is known not to fit;
 * false then. */
bool init_put_item(struct init_writer *w, struct str type, struct str member,
                   struct str description, struct str text, struct str directives);
/* As a string of the contract. */
struct str init_quoted(struct init_writer *w, struct str text);
/* `@column(name: "film_id")`, or "" where the field's name says it. */
struct str init_column_directive(struct init_writer *w, const struct table *table,
                                 const struct column *column, struct str field);

/* `["order_id", "line"]`, or one name alone unless `is_list`. */
struct str init_quoted_names(struct init_writer *w, const struct column *const *columns, int count,
                             bool is_list);
/* Has the contract a type for its rows? */
bool init_has_type(const struct init_table *t);

/* --- init_write_field.c --- */

/* The directives, with one that says that it is a global id of rows of the table. */
struct str
init_with_global_id(struct init_writer *w, struct str directives, const struct init_table *of);
/* Is a list of the table's rows a connection? */
bool init_is_connection(const struct init_writer *w, const struct init_table *t);
/* `films(first: Int, ...): FilmConnection!`; `pages`: it is a connection. */
struct str init_list_field(struct init_writer *w, struct str name, const struct init_table *t,
                           bool is_root, bool pages);
/* `orderId: ID!, line: Int!`: what finds one row, in a query or in a mutation. */
struct str init_key_arguments(struct init_writer *w, const struct init_table *t, bool is_write);
/* `orderLine(orderId: ID!, line: Int!): OrderLine` */
struct str init_one_field(struct init_writer *w, const struct init_table *t);

/* --- init_write_mutation.c --- */

void init_write_mutation(struct init_writer *w);
/* The inputs and the payload of a table's mutations. */
void init_write_inputs(struct init_writer *w, const struct init_table *t);

/* --- init_write_input.c --- */

void init_write_filter(struct init_writer *w, const struct init_table *t);
void init_write_sort(struct init_writer *w, const struct init_table *t);
/* The types that are no table's: PageInfo, enums, operators, scalars. */
void init_write_shared(struct init_writer *w);

#endif
