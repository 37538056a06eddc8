/*
 * mock_leaf.h - made-up values of scalars, by their names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_MOCK_LEAF_H
#define MOCK_MOCK_LEAF_H

#include <stdint.h>

#include "base/str.h"

struct buf;
struct type;

/* What a value depends on, and on nothing else: so it is the same wherever it is shown. */
struct mock_leaf {
    const struct type *scalar;
    struct str type_name; /* of the object */
    struct str field_name;
    uint64_t object; /* a number that is the object's */
    uint64_t value;  /* one that is this field's of the object, and this item's of a list */
    int64_t id;      /* the object's, from 1; 0: it has none */
    int64_t count;   /* objects of the type: the last ones are the newest */
};

/* Mix a text, or a number, into a number.  The same in every process. */
uint64_t mock_hash(uint64_t seed, struct str text);
uint64_t mock_mix(uint64_t seed, uint64_t number);

/* Write the value as JSON. */
void mock_leaf_write(struct buf *b, const struct mock_leaf *leaf);

#endif
