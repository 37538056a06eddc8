/*
 * jwt.h - signed JSON Web Tokens (RFC 7519, 7515): the only door to libjwt.
 *
 * There is one kind of token: HS256 with the header {"typ":"JWT","alg":"HS256"},
 * and each has one spelling.  All else is refused before libjwt sees it, since
 * libjwt believes the header's `alg`, skips bytes that are no base64, takes the
 * last of two claims of one name, and any JSON value for the claims.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_JWT_H
#define AUTH_JWT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct jwt_claims;

enum {
    JWT_LENGTH = 4096,  /* most bytes of a token: it comes in a header, of 8 KiB at most */
    JWT_KEY_LENGTH = 32 /* least bytes of a key: the hash's own size (RFC 7518, 3.2) */
};

/* Sign the claims, a JSON object.  STR_NONE, after logging why, when it cannot be done. */
struct str jwt_sign(struct arena *a, struct str key, struct str claims) MUST_CHECK;

/* The claims of a token that is well-formed and was signed with `key`; NULL for
 * any other text.  They live in the arena.  They are one flat JSON object, without
 * duplicate names; what they say is the caller's to judge. */
const struct jwt_claims *jwt_verify(struct arena *a, struct str key, struct str token) MUST_CHECK;

bool jwt_has(const struct jwt_claims *claims, const char *name);
/* A claim's text; STR_NONE when it is absent or no string. */
struct str jwt_text(const struct jwt_claims *claims, const char *name);
/* A claim's whole number; 0 when it is absent or none. */
int64_t jwt_integer(const struct jwt_claims *claims, const char *name);

#endif
