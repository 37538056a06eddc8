/*
 * pair.h - key pairs: RSA, P-256 and Ed25519: the only door to OpenSSL's keys.
 *
 * A pair is of one kind, and each kind signs in one way (RFC 7518, 3.3 and 3.4; RFC 8037, 3.1).
 * Half a pair, the public key alone, verifies and does not sign.  Weak keys are refused: RSA of
 * fewer than 2,048 bits, another curve, a point that is not on the curve.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef JOSE_PAIR_H
#define JOSE_PAIR_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum pair_kind {
    PAIR_RSA,    /* signs as RS256: PKCS #1 1.5 with SHA-256 */
    PAIR_P256,   /* signs as ES256 */
    PAIR_ED25519 /* signs as EdDSA */
};

/* The numbers of a public key, as JWK has them: bytes, the first of most weight. */
struct pair_numbers {
    struct str first;  /* RSA: n; P-256 and Ed25519: x */
    struct str second; /* RSA: e; P-256: y; Ed25519: STR_NONE */
};

struct pair {
    enum pair_kind kind;
    bool is_private; /* it can sign */
    void *key;       /* OpenSSL's, released with the arena */
};

/* Read a pair or a public key from PEM (PKCS #8, or what OpenSSL wrote before that).  NULL when it
 * is of no kind above or is weak; then `*message` says why: the rest of a sentence about it. */
const struct pair *pair_read(struct arena *a, struct str pem, const char **message) MUST_CHECK;

/* A public key by its numbers.  NULL likewise. */
const struct pair *pair_public(struct arena *a, enum pair_kind kind,
                               const struct pair_numbers *numbers, const char **message) MUST_CHECK;

/* A new pair; RSA has 2,048 bits.  NULL when there are no random bytes. */
const struct pair *pair_make(struct arena *a, enum pair_kind kind) MUST_CHECK;

/* The same key, for as long as another arena lives. */
const struct pair *pair_share(struct arena *a, const struct pair *pair);

/* A private pair as PEM: PKCS #8, not encrypted.  STR_NONE when that fails. */
struct str pair_write(struct arena *a, const struct pair *pair) MUST_CHECK;

struct pair_numbers pair_numbers(struct arena *a, const struct pair *pair);

/* The signature of a text by a private pair, as a token has it.  STR_NONE when that fails. */
struct str pair_sign(struct arena *a, const struct pair *pair, struct str text) MUST_CHECK;
bool pair_verify(const struct pair *pair, struct str text, struct str signature) MUST_CHECK;

#endif
