/*
 * sha256.c - the SHA-256 of a document's text, as clients write it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/sha256.h"

#include <sodium/crypto_hash_sha256.h>

#include "base/arena.h"

struct str
sha256_hex(struct arena *a, struct str text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *digits = ARENA_ARRAY(a, char, SHA256_DIGITS + 1);

    crypto_hash_sha256(hash, (const unsigned char *)text.ptr, text.len);
    for (size_t i = 0; i < sizeof(hash); i++) {
        digits[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        digits[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
    }
    return (struct str){ digits, SHA256_DIGITS };
}

bool
sha256_is_hex(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!str_is_digit(s.ptr[i]) && !(s.ptr[i] >= 'a' && s.ptr[i] <= 'f'))
            return false;
    return s.len == SHA256_DIGITS;
}
