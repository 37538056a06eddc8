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

struct init_writer {
    struct init_model *model;
    struct buf *out;
    int line; /* of the contract's file where `out` begins, from 1 */
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

/* --- init_write_input.c --- */

void init_write_filter(struct init_writer *w, const struct init_table *t);
void init_write_sort(struct init_writer *w, const struct init_table *t);
/* The types that are no table's: PageInfo, enums, operators, scalars. */
void init_write_shared(struct init_writer *w);

#endif
