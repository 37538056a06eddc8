/*
 * base64.h - bytes as text (RFC 4648, section 4), with padding.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_BASE64_H
#define VALUE_BASE64_H

#include "base/buf.h"
#include "base/str.h"

struct arena;

/* Write the bytes. */
void base64_write(struct buf *b, struct str bytes);

/* Read exactly what base64_write() writes, so that no two texts are the same bytes: with padding,
 * and without line ends.  The bytes are ended by a NUL that `len` does not count.  STR_NONE for
 * any other text. */
struct str base64_read(struct arena *a, struct str text) MUST_CHECK;

#endif
