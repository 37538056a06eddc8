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
};

/* The functions below return false when a null propagates to the value above: its caller then
 * passes what was written of that to write_stop(). */

/* Write the fields as an object. */
bool write_fields(struct writer *w, const struct plan_field *fields, struct row row,
                  const struct path *path);
/* Add the error with the field's path and place, and write null. */
bool write_failure(struct writer *w, const struct plan_field *field, const struct type *type,
                   const struct path *path, const struct error *what);
/* Write null, which is an error when `type` is non-null. */
bool write_null(struct writer *w, const struct plan_field *field, const struct type *type,
                const struct path *path);
/* A null propagates from below: write it in place of what was written since `start`.  False
 * when `type` is non-null, so that it propagates further. */
bool write_stop(struct writer *w, const struct type *type, size_t start);

/* --- write_node.c --- */

/* Write the objects that a root field finds by their ids. */
bool write_found(struct writer *w, const struct plan_field *field, const struct path *path);
/* Write the id that the row's cells make. */
bool write_global_id(struct writer *w, const struct plan_field *field, struct row row,
                     const struct path *path);
/* Write what the mutation was given as `clientMutationId`. */
bool write_echo(struct writer *w, const struct plan_field *field, const struct path *path);

/* Write the value of a field of introspection; `object` is NULL for __schema and __type. */
void introspect_write(struct writer *w, const struct plan_field *field, const void *object);

#endif
