/*
 * write.h - what the writer of rows (write.c) and the writer of the schema
 * (introspect.c) share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RESPONSE_WRITE_H
#define RESPONSE_WRITE_H

#include "base/buf.h"
#include "base/error.h"
#include "execution/run.h"

struct page;

struct writer {
    struct buf *buf;
    struct run *run;
    struct errors *errors;
    const struct plan_field *root;      /* the root field that is being written */
    const struct value *const *outputs; /* of the C function whose field is being written */
    size_t taken_back;                  /* bytes that were written, and then replaced by null */
};

/* What fields are read from: a row of a statement, a made-up object, or neither, at the root. */
struct row {
    const struct run_statement *statement;
    int number;
    const struct mock_object *mock;
    const struct page *page; /* write_connection.c: that it is of, or whose parts are written */
};

/* Rows of a statement, from `first` up to `end`. */
struct write_range {
    const struct run_statement *rows;
    int first, end;
};

/* The functions below return false when a null propagates to the value above: its caller then
 * passes what was written of that to write_stop(). */

/* Write the fields as an object. */
bool write_fields(struct writer *w, const struct plan_field *fields, struct row row,
                  const struct path *path);
/* Write the value of a field; at the root, `parent` is NULL. */
bool write_field(struct writer *w, const struct plan_field *field, struct row row,
                 const struct path *parent);
/* Add the error with the field's path and place, and write null. */
bool write_failure(struct writer *w, const struct plan_field *field, const struct type *type,
                   const struct path *path, const struct error *what);
/* Write null, which is an error when `type` is non-null. */
bool write_null(struct writer *w, const struct plan_field *field, const struct type *type,
                const struct path *path);
/* A null propagates from below: write it in place of what was written since `start`.  False
 * when `type` is non-null, so that it propagates further. */
bool write_stop(struct writer *w, const struct type *type, size_t start);

/* The rows of the relation that belong to the parent's row. */
struct write_range
write_find_rows(const struct writer *w, const struct plan_relation *relation, struct row parent);
/* Write a row as an object of its own type. */
bool write_row(struct writer *w, const struct plan_field *field, struct row row,
               const struct path *path);
/* Write a cell as a leaf, or as an element of a list. */
bool write_element(struct writer *w, const struct plan_field *field, const struct type *type,
                   const struct codec *codec, struct str cell, const struct path *path);

/* --- write_answer.c --- */

/* Write what was answered to the root field before. */
bool write_kept_answer(struct writer *w, const struct plan_field *field);

/* --- write_connection.c --- */

/* Write a connection that is a field of the parent's row, and a part of its page. */
bool write_connection_field(struct writer *w, const struct plan_field *field, struct row parent,
                            const struct path *path);
bool write_connection_part(struct writer *w, const struct plan_field *field, struct row row,
                           const struct path *path);

/* --- write_node.c --- */

/* Write the objects that a root field finds by their ids. */
bool write_found(struct writer *w, const struct plan_field *field, const struct path *path);
/* Write the id that the row's cells make. */
bool write_global_id(struct writer *w, const struct plan_field *field, struct row row,
                     const struct path *path);
/* Write what the mutation was given as `clientMutationId`. */
bool write_echo(struct writer *w, const struct plan_field *field, const struct path *path);

/* --- introspect.c --- */

/* Write the value of a field of introspection; `object` is NULL for __schema and __type. */
void introspect_write(struct writer *w, const struct plan_field *field, const void *object);

/* --- write_resolved.c --- */

/* Write the outputs of a C function, as an object, and one of them. */
bool
write_resolved_field(struct writer *w, const struct plan_field *field, const struct path *path);
bool
write_resolved_output(struct writer *w, const struct plan_field *field, const struct path *path);

/* --- write_aggregate.c --- */

/* Write how many rows there are: none where the statement was not sent, since no row could be
 * found. */
bool write_aggregate_tally(struct writer *w, const struct plan_field *field, struct row row,
                           const struct path *path);
/* Write an object with cells of the same row. */
bool write_aggregate_summary(struct writer *w, const struct plan_field *field, struct row row,
                             const struct path *path);

#endif
