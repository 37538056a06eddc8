/*
 * jwt.c - signed JSON Web Tokens (RFC 7519, 7515): the only door to libjwt.
 *
 * libjwt verifies HS256.  It does not sign, since it sorts the header that it writes: `alg` before
 * `typ`.  Pairs sign and verify through OpenSSL (pair.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "jose/jwt.h"

#include <assert.h>

#include <jwt.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>

#include "base/arena.h"
#include "base/log.h"
#include "value/value.h"
#include "value/value_json.h"
#include "base/base64url.h"
#include "jose/token_key.h"
#include "jose/pair.h"

/* What the parts of a token may hold: our own claims are flat. */
static const struct value_json_bounds own_bounds = {
    .depth = 1, .values = 32, .string = JWT_LENGTH, .number = 20
};
static const struct value_json_bounds header_bounds = {
    .depth = 4, .values = 32, .string = JWT_LENGTH, .number = 20
};
static const struct value_json_bounds claims_bounds = {
    .depth = 16, .values = 512, .string = JWT_LENGTH, .number = 40
};

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

/* The object of a part that is its JSON in base64url; NULL for any other text. */
static const struct value *
read_object(struct arena *a, struct str part, const struct value_json_bounds *bounds)
{
    struct str json = base64url_read(a, part);
    struct value_json_fault fault;

    return str_starts_with(json, STR("{")) ? value_json_read(a, json, bounds, &fault) : NULL;
}

/* The header, as it is written, is cut off; the rest of `*jwt` is set, but for its header's object.
 * False for what is not a token. */
static bool
open_token(struct arena *a, struct str token, const struct value_json_bounds *bounds,
           struct str *header, struct jwt *jwt)
{
    struct str rest = token;

    if (token.len > JWT_LENGTH)
        return false;
    *header = cut_part(&rest);
    struct str claims = cut_part(&rest);
    if (header->len == 0 || claims.len == 0 || rest.len == 0)
        return false;
    *jwt = (struct jwt){ .token = token,
                         .text = { token.ptr, header->len + 1 + claims.len },
                         .signature = base64url_read(a, rest) };
    if (jwt->signature.len == 0)
        return false;
    jwt->claims.object = read_object(a, claims, bounds);
    return jwt->claims.object != NULL;
}

bool
jwt_open(struct arena *a, struct str token, struct jwt *jwt)
{
    struct str header;

    if (!open_token(a, token, &claims_bounds, &header, jwt))
        return false;
    jwt->header = read_object(a, header, &header_bounds);
    return jwt->header != NULL;
}

/* --- signing --- */

static struct str
make_hmac(struct arena *a, struct str secret, struct str text)
{
    crypto_auth_hmacsha256_state state;
    unsigned char *sum = ARENA_ARRAY(a, unsigned char, crypto_auth_hmacsha256_BYTES);

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.ptr, secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, sum);
    sodium_memzero(&state, sizeof(state));
    return (struct str){ (const char *)sum, crypto_auth_hmacsha256_BYTES };
}

struct str
jwt_sign(struct arena *a, const struct token_key *key, struct str claims)
{
    struct str part = base64url_write(a, claims);
    struct str text = str_format(a, "%.*s.%.*s", STR_PRINT(key->header), STR_PRINT(part));
    struct str signature, header;
    struct jwt jwt;

    assert(token_key_may_sign(key));
    signature = key->pair ? pair_sign(a, key->pair, text) : make_hmac(a, key->secret, text);
    if (!signature.ptr) {
        log_error("a token cannot be signed");
        return STR_NONE;
    }
    struct str token =
        str_format(a, "%.*s.%.*s", STR_PRINT(text), STR_PRINT(base64url_write(a, signature)));
    if (open_token(a, token, &own_bounds, &header, &jwt))
        return token;
    log_error("a token would not be accepted later: its claims are too long, or not a flat object");
    return STR_NONE;
}

/* --- verifying --- */

/* libjwt reads the header, and would accept a token that is not signed if there were no key. */
static bool
has_hmac(struct arena *a, const struct jwt *jwt, struct str secret)
{
    jwt_t *read = NULL;

    if (secret.len < TOKEN_KEY_SECRET_LENGTH ||
        jwt->signature.len != crypto_auth_hmacsha256_BYTES ||
        jwt_decode(&read, str_copy_c(a, jwt->token), (const unsigned char *)secret.ptr,
                   (int)secret.len) != 0)
        return false;
    bool is_good = jwt_get_alg(read) == JWT_ALG_HS256;
    jwt_free(read);
    return is_good;
}

bool
jwt_is_signed(struct arena *a, const struct jwt *jwt, const struct token_key *key)
{
    return key->pair ? pair_verify(key->pair, jwt->text, jwt->signature)
                     : has_hmac(a, jwt, key->secret);
}

const struct jwt_claims *
jwt_verify(struct arena *a, const struct ring *ring, int64_t moment, struct str token,
           const struct token_key **key)
{
    struct jwt *jwt = ARENA_NEW(a, struct jwt);
    struct str header = { token.ptr, str_find(token, '.') };
    bool is_open = false;

    for (int i = 0; i < ring->count; i++) {
        const struct token_key *candidate = &ring->keys[i];
        if (!str_equal(candidate->header, header) ||
            (candidate->until && moment >= candidate->until))
            continue;
        if (!is_open && !open_token(a, token, &own_bounds, &header, jwt))
            return NULL;
        is_open = true;
        if (jwt_is_signed(a, jwt, candidate)) {
            *key = candidate;
            return &jwt->claims;
        }
    }
    return NULL;
}

/* --- claims --- */

bool
jwt_has(const struct jwt_claims *claims, const char *name)
{
    return value_find(claims->object, str_from(name)) != NULL;
}

struct str
jwt_text(const struct jwt_claims *claims, const char *name)
{
    const struct value *value = value_find(claims->object, str_from(name));

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

int64_t
jwt_integer(const struct jwt_claims *claims, const char *name)
{
    const struct value *value = value_find(claims->object, str_from(name));
    int64_t number;

    return value && value->kind == VALUE_INT && str_read_int64(value->text, &number) ? number : 0;
}
