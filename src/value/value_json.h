/*
 * value_json.h - values from JSON (RFC 8259), of a kind that cannot be read in two ways.
 *
 * Readers differ on duplicate names, lone surrogates, NUL, ill-formed UTF-8 and what follows a
 * value; here all of that is refused, so that nothing in front of the server can take a text for
 * another one than it is here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_VALUE_JSON_H
#define VALUE_VALUE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct errors;
struct limits;
struct value;

/* What a text may hold. */
struct value_json_bounds {
    int depth;     /* nested arrays and objects */
    int values;    /* values in all */
    size_t string; /* bytes of one string, as written */
    size_t number; /* bytes of one number */
    /* Strings and names may have \u0000 in them, and halves of surrogate pairs: each becomes three
     * bytes that are not UTF-8. */
    bool any_text;
};

/* Why and where a text was refused. */
struct value_json_fault {
    const char *message; /* a sentence for the client */
    size_t offset;       /* of the byte that was refused */
    const char *limit;   /* the name of the bound that was exceeded, or NULL */
    int64_t maximum;     /* its value */
};

/* Read a text that is one JSON value, within `bounds`; numbers keep the digits that were written.
 * Recurses no deeper than `bounds->depth`.  NULL after filling `*fault`. */
const struct value *
value_json_read(struct arena *a, struct str text, const struct value_json_bounds *bounds,
                struct value_json_fault *fault) MUST_CHECK;

/* The same within the bounds of `limits`, json_depth and so on.  NULL after adding one error:
 * BAD_REQUEST or LIMIT_EXCEEDED. */
const struct value *value_json_parse(struct arena *a, struct str text, const struct limits *limits,
                                     struct errors *errors) MUST_CHECK;
/* The same with `any_text`: for a line of a batch. */
const struct value *
value_json_parse_any_text(struct arena *a, struct str text, const struct limits *limits,
                          struct errors *errors) MUST_CHECK;

#endif
