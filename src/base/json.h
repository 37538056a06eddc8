/*
 * json.h - writing JSON, and judging it before a library reads it (RFC 8259).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct arena;

/* Write `s` as a JSON string.  Bytes that are no UTF-8 become U+FFFD, so that
 * what is written is always JSON. */
void json_write_string(struct buf *b, struct str s);
/* Write `"name":`. */
void json_write_name(struct buf *b, struct str name);
/* Write a finite number in the shortest form that reads back the same. */
void json_write_double(struct buf *b, double d);
void json_write_bool(struct buf *b, bool value);

/* What a text may hold to pass json_scan(). */
struct json_bounds {
    int depth;     /* nested arrays and objects */
    int values;    /* values in all */
    size_t string; /* bytes of one string, as written */
    size_t number; /* bytes of one number */
    bool any_text; /* values may have \u0000 in them, and halves of surrogate pairs */
};

/* Why and where a text was refused. */
struct json_fault {
    const char *message; /* a sentence for the client */
    size_t offset;       /* of the byte that was refused */
    const char *limit;   /* the name of the bound that was met, or NULL */
    int64_t maximum;     /* its value */
};

/* Is `text` one JSON value as RFC 8259 has it, in UTF-8, without duplicate
 * names in an object, without lone surrogates and U+0000 unless those are admitted, within
 * `bounds`?  Needs memory in proportion to the depth only, and the names of
 * the open objects.  False fills `*fault`. */
bool
json_scan(struct str text, const struct json_bounds *bounds, struct json_fault *fault) MUST_CHECK;

/* What a string means that begins at `*offset` of a text that json_scan() has passed, ended by
 * NUL; move `*offset` behind it.  Half of a surrogate pair becomes three bytes that are no
 * UTF-8. */
struct str json_read_string(struct arena *a, struct str text, size_t *offset);

#endif
