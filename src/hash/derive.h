/*
 * derive.h - keys that are derived from passwords by PBKDF2 (RFC 8018, 5.2) and scrypt (RFC 7914),
 * and SHA-256; the only door to OpenSSL's digests.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HASH_DERIVE_H
#define HASH_DERIVE_H

#include <stdbool.h>

#include "base/str.h"

struct stored_hash;

enum { DERIVE_DIGEST = 65 }; /* of SHA-256 in hexadecimal, with a NUL */

/* Is this the password of a hash of PBKDF2 or scrypt?  False also when memory is exhausted: then
 * `*failed` is set. */
bool derive_matches(const struct stored_hash *hash, struct str password, bool *failed) MUST_CHECK;

/* The SHA-256 of a text.  False when memory is exhausted. */
bool derive_digest(struct str text, char out[DERIVE_DIGEST]) MUST_CHECK;

#endif
