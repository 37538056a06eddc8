/*
 * scalar.h - scalars (specification, 3.5): what values they take, and how the
 * database's columns are written as them.
 *
 * One table of scalars for input, and one for output whose rows are pairs of a
 * scalar and a column's kind.  A scalar of the contract that neither names is
 * a custom scalar: it takes any value and shows any column as the column's own
 * JSON form.
 *
 * Cells come in PostgreSQL's binary format for the column kinds that the table
 * COLUMN_KINDS (catalog.h) marks so, and as text for all others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TYPE_SCALAR_H
#define TYPE_SCALAR_H

#include <stdbool.h>

#include "base/str.h"
#include "type/catalog.h"

struct arena;
struct buf;
struct errors;
struct value;

struct scalar {
    const char *name;
    /* Coerce a literal's or a variable's value (3.5.1 to 3.5.5, input coercion).
     * Return NULL when it does not fit; `*why` is then the beginning of a sentence in the
     * words of the reference implementation (`Int cannot represent non-integer value`),
     * behind which `: ` and the value belong.  A value that fits as it is is returned itself. */
    const struct value *(*coerce)(struct arena *a, const struct value *value, struct str *why);
};

/* The scalar of that name; the one for custom scalars when the name is not in the table. */
const struct scalar *scalar_get(struct str name);

/* Write one cell, which is not null, as JSON.  False when its value has no
 * place in the scalar (3.5, result coercion), for instance 2^31 in an Int. */
typedef bool scalar_write_fn(struct buf *b, struct str cell);

/* How a column of this kind is shown as the scalar or enum type `name`; NULL
 * when it cannot be (a misfit of the contract).  Enums are shown from text and
 * enum columns: `is_enum`. */
scalar_write_fn *scalar_writer(struct str name, bool is_enum, enum column_kind kind);

enum parameter_result {
    PARAMETER_OK,
    PARAMETER_NEVER /* no column of that kind can hold it: as a key, no row has it */
};
/* A value as the text of a parameter for a column of that kind, ended by NUL:
 * `"42"` for an integer column, ISO 8601 for timestamps.  The value is not null and
 * no list.  NEVER for what PostgreSQL would refuse: digits out of range,
 * text with U+0000. */
enum parameter_result scalar_parameter(struct arena *a, const struct value *value,
                                       enum column_kind kind, struct str *out) MUST_CHECK;

#endif
