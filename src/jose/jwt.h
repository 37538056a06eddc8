/*
 * jwt.h - signed JSON Web Tokens (RFC 7519, 7515): the only door to libjwt.
 *
 * A token of ours has, for each key, one header that is compared byte for byte, spelled in one
 * way.  So the key decides on the algorithm, and no member of a header is ever obeyed.  Everything
 * else is refused before libjwt reads it, since libjwt trusts the header's `alg`, skips bytes that
 * are not base64, takes the last of two claims of the same name, and accepts any JSON value as
 * claims.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef JOSE_JWT_H
#define JOSE_JWT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct token_key;
struct ring;
struct value;

enum { JWT_LENGTH = 4096 }; /* most bytes of a token: it comes in a header, of 8 KiB at most */

/* The claims: an object of JSON. */
struct jwt_claims {
    const struct value *object;
};

/* Sign the claims, a JSON object.  STR_NONE, after logging why, when it cannot be done. */
struct str jwt_sign(struct arena *a, const struct token_key *key, struct str claims) MUST_CHECK;

/* The claims of a token that is well-formed and was signed with a key of the ring that is in use
 * at `moment`, a time of clock_now(); NULL for any other text.  They live in the arena, and are a
 * flat JSON object without duplicate names, whose values are not checked.  `*key` is the one. */
const struct jwt_claims *jwt_verify(struct arena *a, const struct ring *ring, int64_t moment,
                                    struct str token, const struct token_key **key) MUST_CHECK;

/* A token of anybody, taken apart and not yet verified. */
struct jwt {
    struct str token;
    struct str text;            /* what is signed: header.claims */
    struct str signature;       /* its bytes */
    const struct value *header; /* an object without duplicate names */
    struct jwt_claims claims;   /* likewise, nested to a bounded depth */
};

/* Take a token apart.  False for what is not one. */
bool jwt_open(struct arena *a, struct str token, struct jwt *jwt) MUST_CHECK;
/* Was it signed with this key, by the key's algorithm? */
bool jwt_is_signed(struct arena *a, const struct jwt *jwt, const struct token_key *key) MUST_CHECK;

bool jwt_has(const struct jwt_claims *claims, const char *name);
/* A claim's text; STR_NONE when it is absent or not a string. */
struct str jwt_text(const struct jwt_claims *claims, const char *name);
/* A claim's integer; 0 when it is absent or not an integer. */
int64_t jwt_integer(const struct jwt_claims *claims, const char *name);

#endif
