/*
 * bcrypt.c - hashes of bcrypt; the only door to libcrypt.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hash/bcrypt.h"

#include <string.h>

#include <crypt.h>

enum {
    PASSWORD_SEEN = 72, /* bytes */
    HASH_MOST = 64      /* bytes of a hash, with a NUL */
};

/* Compare all bytes, whichever differ. */
static bool
is_same(const char *made, struct str hash)
{
    unsigned char difference = 0;

    if (strlen(made) != hash.len)
        return false;
    for (size_t i = 0; i < hash.len; i++)
        difference |= (unsigned char)(made[i] ^ hash.ptr[i]);
    return difference == 0;
}

bool
bcrypt_matches(struct str hash, struct str password)
{
    struct crypt_data data = { 0 }; /* 32 KiB */
    char setting[HASH_MOST], phrase[PASSWORD_SEEN + 1];
    size_t length = password.len < PASSWORD_SEEN ? password.len : PASSWORD_SEEN;

    if (hash.len >= sizeof(setting))
        return false;
    memcpy(setting, hash.ptr, hash.len);
    setting[hash.len] = '\0';
    memcpy(phrase, password.ptr, length);
    phrase[length] = '\0';
    /* NULL, and never a text such as "*0", for an invalid setting. */
    const char *made = crypt_rn(phrase, setting, &data, sizeof(data));
    bool is_right = made && is_same(made, hash);
    explicit_bzero(&data, sizeof(data));
    explicit_bzero(phrase, sizeof(phrase));
    return is_right;
}
