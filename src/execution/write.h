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
    size_t taken_back; /* bytes that were written, and then replaced by null */
};

/* Write the value of a field of introspection: `object` is what the field is
 * of, NULL for __schema and __type. */
void introspect_write(struct writer *w, const struct plan_field *field, const void *object);

#endif
