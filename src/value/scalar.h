/*
 * scalar.h - scalars (specification, 3.5): what values they take.
 *
 * One table of the scalars that have coercions of their own.  A scalar of the
 * contract that it does not name is a custom scalar: it takes any value.  How
 * columns are shown as scalars is in codec/codec.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_SCALAR_H
#define VALUE_SCALAR_H

#include "base/str.h"

struct arena;
struct value;

struct scalar {
    const char *name;
    /* Coerce a literal's or a variable's value (3.5.1 to 3.5.5, input coercion).
     * Return NULL when it does not fit; `*why` is then the beginning of a sentence in the
     * words of the reference implementation (`Int cannot represent non-integer value`),
     * to be followed by `: ` and the value.  A value that needs no change is returned itself. */
    const struct value *(*coerce)(struct arena *a, const struct value *value, struct str *why);
};

/* The scalar of that name; the one for custom scalars when the name is not in the table. */
const struct scalar *scalar_get(struct str name);

#endif
