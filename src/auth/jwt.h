/*
 * jwt.h - signed JSON Web Tokens (RFC 7519, 7515): the only door to libjwt.
 *
 * There is one kind of token: HS256 with the header {"typ":"JWT","alg":"HS256"}, spelled
 * in one way.  Everything else is refused before libjwt reads it, since libjwt trusts the
 * header's `alg`, skips bytes that are not base64, takes the last of two claims of the
 * same name, and accepts any JSON value as claims.
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
    JWT_KEY_LENGTH = 32 /* least bytes of a key: the size of the hash (RFC 7518, 3.2) */
};

/* Sign the claims, a JSON object.  STR_NONE, after logging why, when it cannot be done. */
struct str jwt_sign(struct arena *a, struct str key, struct str claims) MUST_CHECK;

/* The claims of a token that is well-formed and was signed with `key`; NULL for any other
 * text.  They live in the arena, and are a flat JSON object without duplicate names, whose
 * values are not checked. */
const struct jwt_claims *jwt_verify(struct arena *a, struct str key, struct str token) MUST_CHECK;

bool jwt_has(const struct jwt_claims *claims, const char *name);
/* A claim's text; STR_NONE when it is absent or not a string. */
struct str jwt_text(const struct jwt_claims *claims, const char *name);
/* A claim's integer; 0 when it is absent or not an integer. */
int64_t jwt_integer(const struct jwt_claims *claims, const char *name);

#endif
