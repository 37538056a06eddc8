/*
 * password.c - passwords and their hashes; the only door to libsodium.
 *
 * The first hash initialises libsodium: a process that hashes nothing does not pay for
 * it, and the master has no state of it that a fork would share.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/password.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "base/log.h"
#include "auth/password_gate.h"
#include "auth/password_rules.h"

#define PASSES     2
#define MEMORY_KIB 19456 /* 19 MiB */

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define HASH_PREFIX     "$argon2id$v=19$m=" TEXT(MEMORY_KIB) ",t=" TEXT(PASSES) ",p=1$"

/* The hash of a user who does not exist: salt and hash are random bytes, so that no password
 * is known. */
#define NOBODYS_HASH                                                                               \
    HASH_PREFIX "KPtlZZ6ApZHoNtuD+z39DA$xFCW3FBED3JvDIdLjZBGdtwirmk8Zm9GGqV6wY1L7Wk"

/* Is libsodium ready for use? */
static bool
start_sodium(void)
{
    if (sodium_init() >= 0)
        return true;
    log_error("libsodium cannot be initialised");
    return false;
}

struct str
password_hash(struct arena *a, const struct password_visitor *visitor, struct str password)
{
    char hash[crypto_pwhash_STRBYTES];
    int place = password_gate_enter(visitor);

    if (place < 0)
        return STR_NONE;
    bool is_done = start_sodium() && crypto_pwhash_str(hash, password.ptr, password.len, PASSES,
                                                       MEMORY_KIB * 1024UL) == 0;
    password_gate_leave(visitor->gate, place);
    if (!is_done) {
        log_error("a password could not be hashed: out of memory");
        return STR_NONE;
    }
    struct str copy = str_copy(a, str_from(hash));
    sodium_memzero(hash, sizeof(hash));
    return copy;
}

/* Copy the hash, ended by NUL, into all of `out`, as libsodium wants it.  False when it is not
 * a hash of Argon2. */
static bool
copy_hash(char out[crypto_pwhash_STRBYTES], struct str hash)
{
    if (!str_starts_with(hash, STR("$argon2")) || hash.len >= crypto_pwhash_STRBYTES)
        return false;
    memset(out, 0, crypto_pwhash_STRBYTES);
    memcpy(out, hash.ptr, hash.len);
    return true;
}

/* Verify, with a place of the gate. */
static enum password_outcome
verify(const char *hash, struct str password)
{
    errno = 0;
    if (start_sodium() && crypto_pwhash_str_verify(hash, password.ptr, password.len) == 0)
        return PASSWORD_RIGHT;
    if (errno != ENOMEM)
        return PASSWORD_WRONG;
    log_error("a password could not be verified: out of memory");
    return PASSWORD_BUSY;
}

enum password_outcome
password_verify(const struct password_visitor *visitor, struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES];

    if (password.len > PASSWORD_BYTES)
        return PASSWORD_WRONG;
    bool is_somebodys = hash.ptr && copy_hash(text, hash);
    if (!is_somebodys && !copy_hash(text, STR(NOBODYS_HASH)))
        return PASSWORD_WRONG;
    int place = password_gate_enter(visitor);
    if (place < 0)
        return PASSWORD_BUSY;
    enum password_outcome outcome = verify(text, password);
    password_gate_leave(visitor->gate, place);
    sodium_memzero(text, sizeof(text));
    return outcome == PASSWORD_RIGHT && !is_somebodys ? PASSWORD_WRONG : outcome;
}

bool
password_needs_rehash(struct str hash)
{
    char text[crypto_pwhash_STRBYTES];

    if (!copy_hash(text, hash))
        return true;
    bool is_other = crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY_KIB * 1024UL) != 0;
    sodium_memzero(text, sizeof(text));
    return is_other;
}
