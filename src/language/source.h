/*
 * source.h - a text in the GraphQL language, and places in it.
 *
 * Everywhere below, a place is a byte offset into the text; only what is shown
 * to people becomes line and column.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_SOURCE_H
#define LANGUAGE_SOURCE_H

#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct source {
    struct str name; /* of the file, for people; or STR_NONE */
    struct str text;
};

/* Line and column of a byte (specification, 2.1.3: a line ends at LF, CR LF or CR). */
struct place source_place(const struct source *s, uint32_t offset);
/* The offset of `slice`, which must point into the source's text. */
uint32_t source_offset(const struct source *s, struct str slice);
/* Add an error with one place. Return the error, for more places and members. */
struct error *source_error(struct errors *e, const struct source *s, uint32_t offset,
                           enum error_code code, const char *format, ...) PRINTF(5, 6);
/* Add another place to an error. */
void
source_add_place(struct errors *e, struct error *error, const struct source *s, uint32_t offset);

#endif
