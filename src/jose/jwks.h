/*
 * jwks.h - the public keys of another issuer: a JSON Web Key Set (RFC 7517, 5), from a file.
 *
 * Keys that cannot verify a token here are passed over, as RFC 7517 says: other kinds, other
 * uses, secrets.  The file is read again when it has changed; while it is broken or missing, the
 * keys that were read before stay.  A set without a key is not broken: its keys were withdrawn.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef JOSE_JWKS_H
#define JOSE_JWKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "jose/token_key.h"

struct arena;
struct jwks;

enum { JWKS_CHECK_TIME = 1000 }; /* milliseconds after which the file is looked at again */

/* The keys of a text.  NULL after setting `*message`, the rest of a sentence about it: when it is
 * not a key set, when no key is of use, or when two have the same name and algorithm. */
const struct token_key *
jwks_parse(struct arena *a, struct str text, int *count, const char **message) MUST_CHECK;

/* Read the file.  NULL when that fails; then `*message` says why, with the path. */
struct jwks *jwks_open(struct arena *a, const char *path, struct str *message) MUST_CHECK;

/* At `moment`, a time of clock_now(): look whether the file has changed, if nobody has looked for
 * JWKS_CHECK_TIME, and read it again.  Return whether there are other keys now. */
bool jwks_refresh(struct jwks *jwks, int64_t moment);

/* All keys; those of the file as it was read last. */
const struct token_key *jwks_keys(const struct jwks *jwks, int *count);

/* The key for tokens that name it: `id` is a token's kid, or STR_NONE, which is enough where there
 * is one key of the algorithm.  NULL when there is none. */
const struct token_key *
jwks_find(const struct jwks *jwks, enum token_key_algorithm algorithm, struct str id);

#endif
