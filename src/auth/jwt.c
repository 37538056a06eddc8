/*
 * jwt.c - signed JSON Web Tokens (RFC 7519, 7515): the only door to libjwt.
 *
 * libjwt verifies and reads.  It does not sign, since it sorts the header that it
 * writes: `alg` before `typ`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/jwt.h"

#include <assert.h>
#include <errno.h>

#include <jwt.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>

#include "base/arena.h"
#include "value/value_json.h"
#include "base/log.h"

/* base64url of the one header: {"typ":"JWT","alg":"HS256"} */
#define HEADER "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9"

enum { SIGNATURE_LENGTH = crypto_auth_hmacsha256_BYTES };

struct jwt_claims {
    jwt_t *jwt;
};

/* Decode base64url without padding (RFC 4648, 5).  STR_NONE for any other text, and when the
 * bits after the last byte are not zero, so that bytes have one spelling. */
static struct str
decode_part(struct arena *a, struct str text)
{
    unsigned char *out = ARENA_ARRAY(a, unsigned char, text.len);
    size_t len;

    if (sodium_base642bin(out, text.len, text.ptr, text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return STR_NONE;
    return (struct str){ (const char *)out, len };
}

static struct str
encode_part(struct arena *a, const void *bytes, size_t len)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = ARENA_ARRAY(a, char, size);

    sodium_bin2base64(out, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){ out, size - 1 };
}

/* Is it a flat object without duplicate names? */
static bool
is_claims(struct arena *a, struct str json)
{
    static const struct value_json_bounds bounds = {
        .depth = 1, .values = 32, .string = JWT_LENGTH, .number = 20
    };
    struct value_json_fault fault;

    return str_starts_with(json, STR("{")) && value_json_read(a, json, &bounds, &fault);
}

/* Cut the text up to the next dot off `*rest`; all of it when there is none. */
static struct str
cut_part(struct str *rest)
{
    size_t dot = str_find(*rest, '.');
    size_t next = dot < rest->len ? dot + 1 : dot;
    struct str part = { rest->ptr, dot };

    *rest = (struct str){ rest->ptr + next, rest->len - next };
    return part;
}

/* Is it header.claims.signature, as jwt_sign() would write it? */
static bool
is_well_formed(struct arena *a, struct str token)
{
    if (token.len > JWT_LENGTH)
        return false;
    struct str header = cut_part(&token), claims = cut_part(&token);
    if (!str_is(header, HEADER) || claims.len == 0)
        return false;
    struct str json = decode_part(a, claims), signature = decode_part(a, token);
    return is_claims(a, json) && signature.len == SIGNATURE_LENGTH;
}

static struct str
make_signature(struct arena *a, struct str key, struct str text)
{
    crypto_auth_hmacsha256_state state;
    unsigned char signature[SIGNATURE_LENGTH];

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, signature);
    sodium_memzero(&state, sizeof(state));
    return encode_part(a, signature, sizeof(signature));
}

struct str
jwt_sign(struct arena *a, struct str key, struct str claims)
{
    assert(key.len >= JWT_KEY_LENGTH);
    struct str part = encode_part(a, claims.ptr, claims.len);
    struct str text = str_format(a, HEADER ".%.*s", STR_PRINT(part));
    struct str token =
        str_format(a, "%.*s.%.*s", STR_PRINT(text), STR_PRINT(make_signature(a, key, text)));

    if (is_well_formed(a, token))
        return token;
    log_error("a token would not be accepted later: its claims are too long, or not a flat object");
    return STR_NONE;
}

static void
release_jwt(void *jwt)
{
    jwt_free(jwt);
}

const struct jwt_claims *
jwt_verify(struct arena *a, struct str key, struct str token)
{
    jwt_t *jwt = NULL;

    /* Without a key, libjwt would accept a token that is not signed. */
    if (key.len < JWT_KEY_LENGTH || !is_well_formed(a, token))
        return NULL;
    if (jwt_decode(&jwt, str_copy_c(a, token), (const unsigned char *)key.ptr, (int)key.len) != 0)
        return NULL;
    arena_defer(a, release_jwt, jwt);
    if (jwt_get_alg(jwt) != JWT_ALG_HS256)
        return NULL;
    struct jwt_claims *claims = ARENA_NEW(a, struct jwt_claims);
    claims->jwt = jwt;
    return claims;
}

bool
jwt_has(const struct jwt_claims *claims, const char *name)
{
    errno = 0;
    jwt_get_grant_int(claims->jwt, name);
    return errno != ENOENT;
}

struct str
jwt_text(const struct jwt_claims *claims, const char *name)
{
    return str_from(jwt_get_grant(claims->jwt, name));
}

int64_t
jwt_integer(const struct jwt_claims *claims, const char *name)
{
    /* libjwt returns -1 for an absent claim. */
    return jwt_has(claims, name) ? jwt_get_grant_int(claims->jwt, name) : 0;
}
