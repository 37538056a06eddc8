/*
 * password.h - passwords and their hashes; the only door to libsodium.
 *
 * A hash is Argon2id with 19 MiB of memory and two passes (the least that OWASP recommends), some
 * 30 ms of a core, as libsodium writes it: `$argon2id$v=19$m=19456,t=2,p=1$...`.
 * Hashes that Django has made are verified too (hash/stored_hash.h), and take longer: they are
 * replaced when their user has signed in.
 * Hashing waits at the gate, so that a flood of logins leaves cores and memory to other
 * requests.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct password_visitor;

enum password_outcome {
    PASSWORD_RIGHT,
    PASSWORD_WRONG,
    PASSWORD_BUSY /* too many passwords are being hashed: this one was not verified */
};

/* Hash a password, in the arena, after waiting at the gate (password_gate.h).  STR_NONE when
 * there was no place. */
struct str password_hash(struct arena *a, const struct password_visitor *visitor,
                         struct str password) MUST_CHECK;

/* Is it the password of this hash?  STR_NONE is the hash of a user who does not exist.  That, an
 * invalid hash and one that costs too much (hash/stored_hash.h) are always wrong, after the work
 * of a hash of this server's. */
enum password_outcome password_verify(const struct password_visitor *visitor, struct str hash,
                                      struct str password) MUST_CHECK;

/* Was the hash made by other means, or with other parameters, than are used now? */
bool password_needs_rehash(struct str hash);

#endif
