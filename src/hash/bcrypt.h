/*
 * bcrypt.h - hashes of bcrypt; the only door to libcrypt.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HASH_BCRYPT_H
#define HASH_BCRYPT_H

#include <stdbool.h>

#include "base/str.h"

/* Is this the password of the hash `$2b$...`?  bcrypt sees no more of a password than 72 bytes, up
 * to U+0000.  False also when libcrypt takes the hash for invalid. */
bool bcrypt_matches(struct str hash, struct str password) MUST_CHECK;

#endif
