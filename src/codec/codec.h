/*
 * codec.h - how a scalar or an enum of the contract shows a type of the database, and how its
 * values become parameters (specification, 3.5 and 3.9).
 *
 * A codec is made once for each field and argument, when the contract is bound.  Tables of
 * pairs, the scalar's form and the column's kind, say which function writes which; a scalar
 * of the contract without a form of its own is a custom scalar: it shows any column as the
 * column's own JSON form.  docs/contract.md has the table for people.
 *
 * Cells come in PostgreSQL's binary format for the kinds that the table COLUMN_KINDS
 * (catalog.h) marks so, and as text for all others.  Arrays always come in binary, with
 * elements of text where their kind has no binary form.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"

struct arena;
struct buf;
struct codec;
struct global_id;
struct value;

/* An enum's value and what stands for it in the database, ended by NUL. */
struct codec_label {
    struct str name, label;
    struct str json; /* `"NAME"`; `null` of a value that is hidden (@auth) */
};

struct codec_labels {
    struct codec_label *list;
    int count;
    const struct codec_label *hidden; /* the first that is, or NULL */
};

/* A scalar or an enum of the contract, at one of its places. */
struct codec_leaf {
    struct str name;
    const struct codec_labels *labels; /* of an enum; NULL: a scalar */
    bool is_quoted;                    /* numbers stand in quotes */
    bool is_list;                      /* a list of it shows an array */
    bool is_utc;                       /* a `timestamp without time zone` is one in UTC */
};

/* Which scalar it is. */
enum codec_form {
    CODEC_ID,
    CODEC_INT,
    CODEC_FLOAT,
    CODEC_STRING,
    CODEC_BOOLEAN,
    CODEC_DATE_TIME,
    CODEC_DATE_TIME_MICROS,
    CODEC_LOCAL_DATE_TIME,
    CODEC_ENUM,
    CODEC_CUSTOM
};

/* Write one cell, which is not null, as JSON.  False when its value has no place in the
 * scalar (3.5, result coercion), for instance 2^31 in an Int. */
typedef bool codec_write_fn(struct buf *b, struct str cell, const struct codec *codec);

struct codec {
    codec_write_fn *write; /* NULL: a list, whose items `item` writes */
    enum codec_form form;
    const struct column_type *type;
    const struct codec_labels *labels; /* CODEC_ENUM */
    const struct codec *item;          /* of the elements of an array; or NULL */
    bool is_quoted, is_list, is_utc;
    /* Fewer digits are shown than a column has: it equals a value if it is at least that and
     * at most 999 microseconds more. */
    bool is_truncated;
    bool is_unjudged; /* PostgreSQL may refuse what codec_parameter() gives: judge.h */
    /* Of arguments: values are ids of these objects, of whose key one column is taken; or NULL. */
    const struct global_id *global_id;
    int key_part; /* its number */
};

/* NULL when the leaf cannot show the type: a misfit of the contract. */
const struct codec *
codec_make(struct arena *a, const struct codec_leaf *leaf, const struct column_type *type);

/* --- codec_output.c --- */

/* The function that is called with a column in a statement, so that its cell comes as text; or
 * NULL.  Not a cast, since any type can be cast to text: where the column has become one of another
 * type there is no such function, and PostgreSQL says so. */
const char *codec_output(const struct column_type *type);

/* The type that such a column's cells are sent as, with these two: PostgreSQL's OID.  0: not
 * known beforehand, of an array of a domain. */
unsigned codec_oid(const struct column_type *type);

/* The cast of a column in a statement, so that its cell comes as the codec reads it: "", also
 * where there is an output function, "::text" or "::text[]". */
const char *codec_cast(const struct column_type *type);

/* How cells, as they come, are in PostgreSQL's order of the type's values. */
enum codec_order {
    CODEC_UNORDERED, /* they are not; or by a rule that PostgreSQL alone knows, as of texts */
    CODEC_NUMBERS,   /* as whole numbers with a sign, of 2, 4 or 8 bytes, the highest first */
    CODEC_BYTES      /* as bytes, of one length */
};

enum codec_order codec_order(const struct column_type *type);

/* --- codec_parameter.c --- */

enum codec_result {
    CODEC_OK,
    CODEC_NEVER /* no column of the type can hold it: no row has it */
};

/* The value, which is not null and has been coerced, as the text of a parameter for the
 * codec's type, ended by NUL.  `is_compared`: with a column; else it is passed to a
 * function.  NEVER for what PostgreSQL would refuse: digits out of range, text with U+0000. */
enum codec_result
codec_parameter(struct arena *a, const struct codec *codec, const struct value *value,
                bool is_compared, struct str *out) MUST_CHECK;

/* --- codec_words.c --- */

/* What a value must be, to follow "it must be": `a duration such as P1DT2H`. */
const char *codec_words(const struct codec *codec);

/* --- codec_array.c --- */

/* The elements of an array's cell, one after the other. */
struct codec_elements {
    int dimensions;
    int lengths[6]; /* of each dimension */
    int count;      /* elements in all */
    const char *at, *end;
};

/* False when the cell is not an array. */
bool codec_elements_open(struct str cell, struct codec_elements *elements) MUST_CHECK;
/* The next element's cell; STR_NONE for null. */
struct str codec_elements_next(struct codec_elements *elements);

/* Write an element, in quotes, of an array's text form (PostgreSQL, 8.15.2). */
void codec_quote_element(struct buf *b, struct str text);

/* All of an array as nested lists of JSON, and as PostgreSQL's text. */
codec_write_fn codec_write_array_json, codec_write_array_text;

/* An array's cell as PostgreSQL's text; false when it is none. */
bool codec_array_text(struct buf *b, struct str cell, const struct column_type *element) MUST_CHECK;

/* --- codec_text.c --- */

/* Write a cell as PostgreSQL's text, without quotes: for arrays of texts. */
void codec_write_text(struct buf *b, struct str cell, enum column_kind kind);

#endif
