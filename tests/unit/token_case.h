/*
 * token_case.h - tokens as anybody may make them: signed by hand, with any
 * header and any claims.
 *
 * libsodium's HMAC, and not libjwt's: so what is accepted is held against another
 * implementation, and what libjwt would never write can be made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TOKEN_CASE_H
#define TESTS_TOKEN_CASE_H

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/str.h"
#include "auth/auth_settings.h"
#include "tests/unit/unit.h"

#define GOOD_HEADER "{\"typ\":\"JWT\",\"alg\":\"HS256\"}"

/* The key of a secret, and its header. */
#define SECRET_KEY(text)                                                                           \
    {                                                                                              \
        .algorithm = TOKEN_KEY_HS256, .header = STR_INIT("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9"),  \
        .secret = STR_INIT(text)                                                                   \
    }

static const struct str test_key = STR_INIT("0123456789abcdef0123456789abcdef");
static const struct token_key test_keys[] = { SECRET_KEY("0123456789abcdef0123456789abcdef") };
static const struct ring test_ring = { test_keys, 1 };
static const struct ring no_ring = { NULL, 0 };

static const struct auth_role test_roles[] = {
    { STR_INIT("user"), STR_INIT("pg_user") },
    { STR_INIT("staff"), STR_INIT("pg_staff") },
};

static inline struct str
encode_part(struct arena *a, struct str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(a, size);

    sodium_bin2base64(out, size, (const unsigned char *)bytes.ptr, bytes.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from(out);
}

/* text.signature */
static inline struct str
sign_text(struct arena *a, struct str key, struct str text)
{
    crypto_auth_hmacsha256_state state;
    unsigned char *sum = arena_alloc(a, crypto_auth_hmacsha256_BYTES);

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, sum);
    struct str signature =
        encode_part(a, (struct str){ (const char *)sum, crypto_auth_hmacsha256_BYTES });
    return str_format(a, "%.*s.%.*s", STR_PRINT(text), STR_PRINT(signature));
}

/* A token of this header and these claims, rightly signed. */
static inline struct str
forge(struct arena *a, struct str key, struct str header, struct str claims)
{
    struct str text = str_format(a, "%.*s.%.*s", STR_PRINT(encode_part(a, header)),
                                 STR_PRINT(encode_part(a, claims)));

    return sign_text(a, key, text);
}

#endif
