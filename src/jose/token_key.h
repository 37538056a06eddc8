/*
 * token_key.h - keys that sign tokens or verify them, and the ring of those that are in use.
 *
 * A key has one algorithm, which its own form decides and no token: a secret is for HS256, and a
 * pair for the one that pair.h says.  A token of ours has one header for each key, byte for byte.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef JOSE_TOKEN_KEY_H
#define JOSE_TOKEN_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct pair;

enum token_key_algorithm { TOKEN_KEY_HS256, TOKEN_KEY_RS256, TOKEN_KEY_ES256, TOKEN_KEY_EDDSA };

enum {
    TOKEN_KEY_ALGORITHMS = TOKEN_KEY_EDDSA + 1,
    TOKEN_KEY_SECRET_LENGTH = 32 /* least bytes of a secret: the size of the hash (RFC 7518, 3.2) */
};

struct token_key {
    enum token_key_algorithm algorithm;
    struct str id;           /* kid; STR_NONE: its tokens have none */
    struct str header;       /* base64url of the header of our tokens that it signs */
    struct str secret;       /* HS256 */
    const struct pair *pair; /* of the others; may be half of one, which does not sign */
    int64_t until;           /* of clock_now(): then it is no longer in use; 0: always in use */
};

/* The keys of our own tokens.  The first one signs. */
struct ring {
    const struct token_key *keys;
    int count; /* 0: no tokens are given or taken */
};

/* `HS256`, ... (RFC 7518, 3.1; RFC 8037, 3.1). */
struct str token_key_algorithm_name(enum token_key_algorithm algorithm);
bool token_key_algorithm_find(struct str name, enum token_key_algorithm *algorithm) MUST_CHECK;

/* A key of these bytes: PEM, with any text around it, or a secret.  NULL after setting `*message`:
 * the rest of a sentence about it. */
const struct token_key *
token_key_parse(struct arena *a, struct str bytes, const char **message) MUST_CHECK;
/* Read a key from its file; one line end after a secret is not part of it.  NULL when that fails;
 * then `*message` says why, with the path, for the operator. */
const struct token_key *
token_key_read(struct arena *a, const char *path, struct str *message) MUST_CHECK;

/* The key of a pair; its kid is the thumbprint of the public key (RFC 7638). */
struct token_key token_key_of_pair(struct arena *a, const struct pair *pair);
struct token_key token_key_of_secret(struct arena *a, struct str secret);
/* A copy that lives as long as another arena. */
struct token_key token_key_copy(struct arena *a, const struct token_key *key);

bool token_key_may_sign(const struct token_key *key);
bool token_key_equal(const struct token_key *a, const struct token_key *b);

/* The public key as a JWK (RFC 7517); not of a secret. */
struct str token_key_write_jwk(struct arena *a, const struct token_key *key);

/* The public keys of the ring that are in use at `moment`, as a JWKS (RFC 7517, 5); secrets are not
 * there. */
struct str token_key_write_set(struct arena *a, const struct ring *ring, int64_t moment);

#endif
