/*
 * write.h - what the writer of rows (write.c) and the writer of the schema
 * (introspect.c) share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_WRITE_H
#define EXECUTION_WRITE_H

#include "base/buf.h"
#include "base/error.h"
#include "execution/run.h"

struct writer {
    struct buf *buf;
    struct run *run;
    struct errors *errors;
    const struct value *const *outputs; /* of the C function whose field is being written */
    size_t taken_back;                  /* bytes that were written, and then replaced by null */
};

/* Where a value stands: a row of a statement, an object that is made up, or neither, at the
 * root. */
struct row {
    const struct run_statement *statement;
    int number;
    const struct mock_object *mock;
};

/* The functions below return false when a null propagates: what was written since a
 * value's start is then to be replaced, by write_stop(). */

/* Write the fields as an object. */
bool write_fields(struct writer *w, const struct plan_field *fields, struct row row,
                  const struct path *path);
/* Write the null of an error, which is added with the field's path and place. */
bool write_failure(struct writer *w, const struct plan_field *field, const struct type *type,
                   const struct path *path, const struct error *what);
/* Write a null that is no error, unless `type` is non-null. */
bool write_null(struct writer *w, const struct plan_field *field, const struct type *type,
                const struct path *path);
/* A null came up from below: it stops here, in place of what was written since
 * `start`, or goes on. */
bool write_stop(struct writer *w, const struct type *type, size_t start);

/* Write the value of a field of introspection: `object` is what the field is
 * of, NULL for __schema and __type. */
void introspect_write(struct writer *w, const struct plan_field *field, const void *object);

#endif
