/*
 * refresh_token.c - refresh tokens: 256 random bits, of which the database has the hash.
 *
 * What is random needs no slow hash: nobody can try 2^256 texts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/refresh_token.h"

#include <assert.h>
#include <sys/random.h>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

#include "base/arena.h"
#include "base/log.h"

bool
refresh_token_make(struct arena *a, struct refresh_token *token)
{
    unsigned char bytes[REFRESH_TOKEN_BYTES];
    char *text = ARENA_ARRAY(a, char, REFRESH_TOKEN_LENGTH + 1);

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        log_error("cannot make a refresh token: no random bytes");
        return false;
    }
    sodium_bin2base64(text, REFRESH_TOKEN_LENGTH + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
    token->text = (struct str){ text, REFRESH_TOKEN_LENGTH };
    token->hash = refresh_token_hash(a, token->text);
    assert(token->hash);
    return true;
}

static bool
is_base64url(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

const char *
refresh_token_hash(struct arena *a, struct str text)
{
    enum { SIZE = 2 * crypto_hash_sha256_BYTES + 1 };
    unsigned char hash[crypto_hash_sha256_BYTES];

    if (text.len != REFRESH_TOKEN_LENGTH)
        return NULL;
    for (size_t i = 0; i < text.len; i++)
        if (!is_base64url(text.ptr[i]))
            return NULL;
    crypto_hash_sha256(hash, (const unsigned char *)text.ptr, text.len);
    return sodium_bin2hex(ARENA_ARRAY(a, char, SIZE), SIZE, hash, sizeof(hash));
}
