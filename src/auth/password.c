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
#include "metrics/metrics.h"
#include "hash/bcrypt.h"
#include "hash/derive.h"
#include "hash/stored_hash.h"
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

    if (place < 0) {
        metrics_add(METRICS_PASSWORD_BUSY, 1);
        return STR_NONE;
    }
    bool is_done = start_sodium() && crypto_pwhash_str(hash, password.ptr, password.len, PASSES,
                                                       MEMORY_KIB * 1024UL) == 0;
    password_gate_leave(visitor->gate, place);
    if (!is_done) {
        log_error("a password could not be hashed: out of memory");
        return STR_NONE;
    }
    metrics_add(METRICS_PASSWORD_HASHED, 1);
    struct str copy = str_copy(a, str_from(hash));
    sodium_memzero(hash, sizeof(hash));
    return copy;
}

/* Copy the hash, ended by NUL, into all of `out`, as libsodium wants it.  False when it is too
 * long. */
static bool
copy_hash(char out[crypto_pwhash_STRBYTES], struct str hash)
{
    if (hash.len >= crypto_pwhash_STRBYTES)
        return false;
    memset(out, 0, crypto_pwhash_STRBYTES);
    memcpy(out, hash.ptr, hash.len);
    return true;
}

static enum password_outcome
make_outcome(bool is_right, bool is_out_of_memory)
{
    if (!is_out_of_memory)
        return is_right ? PASSWORD_RIGHT : PASSWORD_WRONG;
    log_error("a password could not be verified: out of memory");
    return PASSWORD_BUSY;
}

static enum password_outcome
verify_argon2(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES];

    if (!copy_hash(text, hash))
        return PASSWORD_WRONG;
    errno = 0;
    bool is_right =
        start_sodium() && crypto_pwhash_str_verify(text, password.ptr, password.len) == 0;
    bool is_out_of_memory = !is_right && errno == ENOMEM;
    sodium_memzero(text, sizeof(text));
    return make_outcome(is_right, is_out_of_memory);
}

static enum password_outcome
verify_bcrypt_sha256(struct str hash, struct str password)
{
    char digest[DERIVE_DIGEST];

    if (!derive_digest(password, digest))
        return make_outcome(false, true);
    bool is_right = bcrypt_matches(hash, str_from(digest));
    sodium_memzero(digest, sizeof(digest));
    return make_outcome(is_right, false);
}

/* Verify, with a place of the gate. */
static enum password_outcome
verify(const struct stored_hash *hash, struct str password)
{
    bool failed = false;

    switch (hash->kind) {
    case STORED_ARGON2:
        return verify_argon2(hash->setting, password);
    case STORED_BCRYPT:
        return make_outcome(bcrypt_matches(hash->setting, password), false);
    case STORED_BCRYPT_SHA256:
        return verify_bcrypt_sha256(hash->setting, password);
    default: {
        bool is_right = derive_matches(hash, password, &failed);
        return make_outcome(is_right, failed);
    }
    }
}

static enum password_outcome
verify_somebodys(const struct password_visitor *visitor, struct str hash, struct str password)
{
    struct stored_hash stored;

    if (password.len > PASSWORD_BYTES)
        return PASSWORD_WRONG;
    bool is_somebodys = hash.ptr && stored_hash_read(hash, &stored);
    if (!is_somebodys && !stored_hash_read(STR(NOBODYS_HASH), &stored))
        return PASSWORD_WRONG;
    int place = password_gate_enter(visitor);
    if (place < 0)
        return PASSWORD_BUSY;
    enum password_outcome outcome = verify(&stored, password);
    password_gate_leave(visitor->gate, place);
    /* bcrypt ends at U+0000, and HMAC takes one at the end for none; no password has one. */
    bool may_be_right = is_somebodys && str_find(password, '\0') == password.len;
    return outcome == PASSWORD_RIGHT && !may_be_right ? PASSWORD_WRONG : outcome;
}

enum password_outcome
password_verify(const struct password_visitor *visitor, struct str hash, struct str password)
{
    static const enum metrics_counter counters[] = {
        [PASSWORD_RIGHT] = METRICS_PASSWORD_RIGHT,
        [PASSWORD_WRONG] = METRICS_PASSWORD_WRONG,
        [PASSWORD_BUSY] = METRICS_PASSWORD_BUSY,
    };
    enum password_outcome outcome = verify_somebodys(visitor, hash, password);

    metrics_add(counters[outcome], 1);
    return outcome;
}

bool
password_needs_rehash(struct str hash)
{
    char text[crypto_pwhash_STRBYTES];

    if (!str_starts_with(hash, STR("$argon2")) || !copy_hash(text, hash))
        return true;
    bool is_other = crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY_KIB * 1024UL) != 0;
    sodium_memzero(text, sizeof(text));
    return is_other;
}
