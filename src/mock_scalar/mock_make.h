/*
 * mock_make.h - the makers of scalars' values, from which mock_leaf.c chooses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_SCALAR_MOCK_MAKE_H
#define MOCK_SCALAR_MOCK_MAKE_H

#include <stdint.h>

#include "base/str.h"

struct buf;
struct type;

enum { DAY = 86400 }; /* seconds */

/* All that a value depends on, so that it is the same wherever it is shown. */
struct mock_leaf {
    const struct type *scalar;
    struct str type_name; /* of the object */
    struct str field_name;
    uint64_t object; /* the object's number */
    uint64_t value;  /* the number of this field of the object, or of this item of its list */
    int64_t id;      /* the object's, from 1; 0: it has none */
    int64_t count;   /* objects of the type: the last ones are the newest */
};

/* The bounds of a number, of a count of sentences, or of the seconds after the object was made;
 * or `least` alone, with a meaning of the maker's own. */
struct mock_range {
    int least, most;
};

/* Write a value: JSON, or a text without its quotes. */
typedef void
mock_make_fn(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range);

/* `least` of mock_make_word(): which list. */
enum { CITY, COUNTRY, COMPANY, TAG, COLOUR, CURRENCY, LANGUAGE, TIME_ZONE, STATUS };

mock_make_fn mock_make_claims, mock_make_address, mock_make_address_of_host, mock_make_boolean,
    mock_make_date, mock_make_date_time, mock_make_date_time_micros, mock_make_local_date_time,
    mock_make_decimal, mock_make_digest, mock_make_email, mock_make_first_name, mock_make_full_name,
    mock_make_image, mock_make_last_name, mock_make_name, mock_make_number, mock_make_object,
    mock_make_phone, mock_make_postcode, mock_make_sentences, mock_make_slug, mock_make_time,
    mock_make_title, mock_make_token, mock_make_unix_time, mock_make_url, mock_make_username,
    mock_make_uuid, mock_make_version, mock_make_word;

#endif
