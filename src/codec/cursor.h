/*
 * cursor.h - positions in ordered lists, as clients hold them (GraphQL Cursor Connections
 * Specification, 4: `cursor`, `after`, `before`).
 *
 * A cursor has, for each term of the order, the table's key last, the cell as PostgreSQL sent it;
 * so a row has one cursor in an order, whatever page shows it, and the position stays when the row
 * goes.  It is bound to its list and order, and sealed, so that nobody makes one up.  Its bytes, as
 * base64url without padding (RFC 4648, 5):
 *
 *        1  the version
 *        8  the seal: SipHash-2-4 of all that follows
 *        4  the place: which list, in which order
 *     1-10  which terms are null: a bit for each, the first one the lowest
 *           for each other term: its length, and the cell
 *
 * The last two have their numbers in groups of seven bits, the lowest first (LEB128).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CODEC_CURSOR_H
#define CODEC_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct column_type;

/* More terms than an order can have. */
enum { CURSOR_TERMS = 64 };

struct cursor_key {
    unsigned char bytes[16];
};

/* What cursors are sealed with.  NULL in place of it: a constant, that every server has; a seal
 * protects no rights. */
struct cursor_keys {
    const struct cursor_key *list; /* the first seals; any of them opens */
    int count;
};

/* The key that is derived from a secret. */
struct cursor_key cursor_key_derive(struct str secret);

/* What all cursors of one list in one order have in common: the same in each process, whose
 * `text` says the field, the rows, and the terms of the order with types, directions and nulls. */
uint32_t cursor_place(struct str text);

/* How many letters the cursor of a row has at most. */
size_t cursor_length(const struct str *cells, int count);
/* Write the cursor of a row, without quotes; STR_NONE is a null cell. */
void cursor_encode(struct buf *b, const struct cursor_keys *keys, uint32_t place,
                   const struct str *cells, int count);

enum cursor_result {
    CURSOR_OK,
    CURSOR_BAD,  /* it is no cursor of this server's */
    CURSOR_OTHER /* it is one of another list or order */
};

/* Read a cursor into `count` cells, in the arena; it is not trusted, lengths least of all. */
enum cursor_result cursor_decode(struct arena *a, const struct cursor_keys *keys, uint32_t place,
                                 struct str text, struct str *cells, int count) MUST_CHECK;

/* Which terms of the cursor are null: bit i of term i.  The seal is not looked at, since this only
 * chooses the form of the SQL; 0 for what is no cursor of `count` terms. */
uint64_t cursor_nulls(struct str text, int count);

/* The cell, which is not null, as the text of a parameter of the type, ended by NUL; STR_NONE: it
 * is no cell of the type, or a value that the type cannot hold. */
struct str cursor_parameter(struct arena *a, const struct column_type *type, struct str cell);

#endif
