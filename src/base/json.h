/*
 * json.h - writing JSON (RFC 8259).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Write `s` as a JSON string.  Bytes that are not UTF-8 become U+FFFD, so that
 * what is written is always JSON. */
void json_write_string(struct buf *b, struct str s);
/* The same, but a half of a surrogate pair (value_json.h, `any_text`) is written as the escape that
 * it came as.  Not every reader takes that. */
void json_write_any_text(struct buf *b, struct str s);
/* Write `"name":`. */
void json_write_name(struct buf *b, struct str name);
/* Write a finite number in the shortest form that reads back the same. */
void json_write_double(struct buf *b, double d);
void json_write_bool(struct buf *b, bool value);

#endif
