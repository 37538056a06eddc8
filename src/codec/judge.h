/*
 * judge.h - would PostgreSQL take a text as a value of a type?
 *
 * What PostgreSQL refuses is an error that ends the transaction, and with it the answers of
 * all fields beside.  So a client's text is judged before it is sent.  The judges take the
 * forms in which PostgreSQL, or a scalar of the contract, shows values, and some more; a form
 * that they do not know is refused, although PostgreSQL might take it.  Types that only
 * PostgreSQL can judge (geometry, text search, XML, extensions' types) pass.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CODEC_JUDGE_H
#define CODEC_JUDGE_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"

struct arena;

/* Is a text that passes a value of the type?  Not so of types that only PostgreSQL can judge. */
bool judge_knows(const struct column_type *type);

/* Can a column of the type hold the value?  The text ends in NUL, and has no other. */
bool judge_text(struct arena *a, const struct column_type *type, struct str text) MUST_CHECK;

/* --- judge_number.c --- */

/* `-?(0|[1-9][0-9]*)`, and not -0: each number has one text. */
bool judge_digits(struct str text) MUST_CHECK;
/* The same within the bounds. */
bool judge_integer(struct str text, int64_t least, int64_t most) MUST_CHECK;
/* A number as JSON has it, which a double or a `real` can hold. */
bool judge_float(struct str text, bool is_real) MUST_CHECK;
/* A number as JSON has it that `numeric` can hold.  Exponents are bounded by those of a
 * double, since PostgreSQL writes all the zeroes out. */
bool judge_numeric(struct str text) MUST_CHECK;
/* The same for all numbers in a JSON text. */
bool judge_numbers_of_json(struct str text) MUST_CHECK;
/* A number without a fraction as the digits of an integer: `1.0` and `1e0` as `1`.
 * STR_NONE when it has a fraction, or more digits than any integer. */
struct str judge_whole_number(struct arena *a, struct str text) MUST_CHECK;
/* What whole numbers of a type are compared with. */
struct judge_bounds {
    int64_t least, most; /* of the type */
    bool is_upper;       /* they are to be below a number; else above it */
    bool is_strict;      /* and not equal to it */
};

/* The whole number of the type that those that are so bounded by the number, which may have a
 * fraction, or be greater than the type's, are at most, or at least.  STR_NONE: there are none, or
 * it is no number. */
struct str judge_bound(struct arena *a, struct str text, const struct judge_bounds *bounds);
/* Compare two numbers that judge_numeric() has passed. */
int judge_compare_numbers(struct str a, struct str b);

/* --- judge_network.c --- */

/* An address with or without `/bits`; of a `cidr` the bits after those are 0. */
bool judge_inet(struct str text, bool is_cidr) MUST_CHECK;
/* `08:00:2b:01:02:03`: so many pairs of hexadecimal digits. */
bool judge_macaddr(struct str text, int count) MUST_CHECK;
/* 8-4-4-4-12 hexadecimal digits. */
bool judge_uuid(struct str text) MUST_CHECK;

/* --- judge_interval.c --- */

/* ISO 8601 as PostgreSQL writes it: `P1Y2M-3DT4H5M6.789S`. */
bool judge_interval(struct str text) MUST_CHECK;

/* --- judge_nested.c --- */

/* `[1,10)`, `(,2024-01-01]`, `empty`: of what its bounds are made of. */
bool judge_range(struct arena *a, enum column_kind kind, struct str text) MUST_CHECK;
/* `{1,NULL,"a b"}`, also within each other, of the type's elements. */
bool judge_array(struct arena *a, const struct column_type *type, struct str text) MUST_CHECK;

#endif
