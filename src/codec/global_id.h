/*
 * global_id.h - ids that tell an object from those of all other types (Relay's Node).
 *
 * An id is made of what the type is called and of its row's key:
 *
 *     TYPE_KEY   base64 of `Item:7`; of a key of several columns, of `Item:[7,"a"]`
 *     KEY        the key itself
 *     PREFIX     `item_7`, `item_[7,"a"]`
 *
 * The key stands there as PostgreSQL's text.  An object has one id: what is not written as
 * global_id_write() writes it is an id of nothing, as far as this can be told without the row.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CODEC_GLOBAL_ID_H
#define CODEC_GLOBAL_ID_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"

struct arena;
struct buf;

enum { GLOBAL_ID_COLUMNS = 32 }; /* PostgreSQL's keys have no more */

enum global_id_form { GLOBAL_ID_TYPE_KEY, GLOBAL_ID_KEY, GLOBAL_ID_PREFIX };

/* The ids of one type's objects. */
struct global_id {
    enum global_id_form form;
    struct str type;       /* what it is called in the contract */
    struct str name;       /* in ids: TYPE_KEY: the type's; PREFIX: the prefix; KEY: "" */
    const struct key *key; /* of its rows: GLOBAL_ID_COLUMNS at most */
};

/* Write the id as a JSON string.  `columns` are those of the key, or others that refer to them, and
 * `cells` a row's cells of these, none of them null. */
void global_id_write(struct buf *b, const struct global_id *id, const struct column *const *columns,
                     const struct str *cells);

/* Read an id: the texts of the key's columns, each ended by NUL, which columns of their types can
 * hold.  False: it is none of the type's objects. */
bool global_id_read(struct arena *a, const struct global_id *id, struct str text, struct str *key)
    MUST_CHECK;

#endif
