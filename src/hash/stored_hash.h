/*
 * stored_hash.h - what the text of a stored password hash says: its kind, its parameters, and
 * whether they cost no more than a login may.
 *
 * These are the hashes of this server, and those that Django has made for accounts that were
 * imported (its documentation, "Password management in Django", has the formats):
 *
 *     $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH      this server's, as libsodium writes them
 *     argon2$argon2id$v=19$m=102400,t=2,p=8$SALT$HASH
 *     pbkdf2_sha256$ITERATIONS$SALT$HASH            and pbkdf2_sha1
 *     scrypt$N$SALT$R$P$HASH
 *     bcrypt_sha256$$2b$COST$SALTHASH               and bcrypt
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HASH_STORED_HASH_H
#define HASH_STORED_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum stored_kind {
    STORED_ARGON2,
    STORED_PBKDF2_SHA256,
    STORED_PBKDF2_SHA1,
    STORED_SCRYPT,
    STORED_BCRYPT,
    STORED_BCRYPT_SHA256 /* of the SHA-256 of the password, in hexadecimal */
};

/* A hash that exceeds one of these is refused: with the most of one, a login takes about a second
 * of a core.  The defaults of Django are within them. */
enum {
    STORED_MOST_BYTES = 256,          /* of the text; Django's column has 128 characters */
    STORED_MOST_ITERATIONS = 3000000, /* PBKDF2; Django 6.0 has 1,200,000 */
    STORED_MOST_MEMORY = 131072,      /* KiB of Argon2; Django has 102,400 */
    STORED_MOST_ARGON2 = 524288,      /* KiB of Argon2 times its passes; Django has two passes */
    STORED_MOST_SCRYPT =
        1048576,            /* N * R * P of scrypt, of 128 bytes each; Django 5.1 has 655,360 */
    STORED_MOST_BCRYPT = 14 /* Django has 12 */
};

/* Slices are of the text that was read. */
struct stored_hash {
    enum stored_kind kind;
    struct str setting;       /* ARGON2, BCRYPT: the text that libsodium or crypt() takes */
    struct str salt;          /* of the others */
    struct str key;           /* of the others: what was derived, in base64 */
    uint32_t cost;            /* PBKDF2: iterations; SCRYPT: N */
    uint32_t block, parallel; /* SCRYPT: R and P */
};

/* Read the text.  False when it is not such a hash, or costs more than the bounds allow. */
bool stored_hash_read(struct str text, struct stored_hash *hash) MUST_CHECK;

#endif
