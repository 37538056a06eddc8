/*
 * base64url.h - bytes as letters of a URL, without padding (RFC 4648, 5).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_BASE64URL_H
#define BASE_BASE64URL_H

#include "base/str.h"

struct arena;

struct str base64url_write(struct arena *a, struct str bytes);

/* STR_NONE for any other text, and when the bits after the last byte are not zero, so that bytes
 * have one spelling. */
struct str base64url_read(struct arena *a, struct str text) MUST_CHECK;

#endif
