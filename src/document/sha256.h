/*
 * sha256.h - the SHA-256 of a document's text, as clients write it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_SHA256_H
#define DOCUMENT_SHA256_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum { SHA256_DIGITS = 64 };

/* The hash of the text: 64 hexadecimal digits, in lower case. */
struct str sha256_hex(struct arena *a, struct str text);
/* Has it the form of one? */
bool sha256_is_hex(struct str s);

#endif
