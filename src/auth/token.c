/*
 * token.c - what our tokens say, and whether one is valid.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/token.h"

#include <assert.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "event/clock.h"
#include "auth/auth_settings.h"
#include "auth/claims.h"
#include "jose/jwt.h"

/* Bytes of jti: so many that no two tokens have the same. */
enum { ID_LENGTH = 16 };

/* The client's message for each state but GOOD. */
static const struct {
    enum error_code code;
    const char *message;
} refusals[] = {
    [TOKEN_EXPIRED] = { ERROR_TOKEN_EXPIRED, "Signature has expired" },
    [TOKEN_INVALID] = { ERROR_TOKEN_INVALID, "Invalid token" },
};

/* A new id: hexadecimal digits.  STR_NONE when the kernel gives no random bytes. */
static struct str
make_id(struct arena *a)
{
    unsigned char id[ID_LENGTH];
    struct buf *b = buf_new(a);

    if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
        return STR_NONE;
    for (size_t i = 0; i < sizeof(id); i++)
        buf_printf(b, "%02x", id[i]);
    return buf_str(b);
}

static struct str
write_claims(struct arena *a, const struct auth *auth, const struct token_claims *token,
             struct str id)
{
    struct claims *claims = claims_new(a);

    claims_add_text(claims, "iss", auth->issuer);
    claims_add_text(claims, "aud", auth->audience);
    claims_add_text(claims, "sub", token->user_id);
    claims_add_text(claims, "username", token->username);
    claims_add_text(claims, "role", token->role);
    if (token->session.ptr)
        claims_add_text(claims, "sid", token->session);
    claims_add_integer(claims, "iat", token->issued);
    claims_add_integer(claims, "exp", token->expires);
    claims_add_integer(claims, "origIat", token->login);
    claims_add_text(claims, "jti", id);
    return claims_write(claims);
}

struct str
token_issue(struct arena *a, const struct auth *auth, int64_t now, struct token_claims *token)
{
    assert(token->user_id.len > 0 && auth_find_role(auth, token->role));
    if (auth->ring.count == 0) {
        log_error("cannot issue a token: no key is configured");
        return STR_NONE;
    }
    struct str id = make_id(a);
    if (!id.ptr) {
        log_error("cannot issue a token: no random bytes");
        return STR_NONE;
    }
    token->issued = now;
    token->expires = now + auth->token_time;
    struct str claims = write_claims(a, auth, token, id);
    if (!claims.ptr) {
        log_error("cannot issue a token: out of memory");
        return STR_NONE;
    }
    return jwt_sign(a, &auth->ring.keys[0], claims);
}

/* Is it a token that this server issues: with its names, a user, a role that it has, and
 * an id? */
static bool
is_ours(const struct auth *auth, const struct jwt_claims *claims, const struct token_claims *token)
{
    return str_equal(jwt_text(claims, "iss"), auth->issuer) &&
           str_equal(jwt_text(claims, "aud"), auth->audience) && token->user_id.len > 0 &&
           token->username.len > 0 && jwt_text(claims, "jti").len > 0 &&
           (!jwt_has(claims, "sid") || token->session.len > 0) && auth_find_role(auth, token->role);
}

/* Is only its end in the future, and is no span longer than allowed?  A time that is
 * absent, or not an integer, is 0. */
static bool
is_timely(const struct auth *auth, const struct token_claims *token, int64_t now)
{
    int64_t latest = now + TOKEN_SKEW;

    return token->login > 0 && token->login <= token->issued && token->issued <= latest &&
           token->issued - token->login <= auth->refresh_time && token->expires > token->issued &&
           token->expires - token->issued <= auth->token_time;
}

/* We never write nbf, but obey it (RFC 7519, 4.1.5). */
static bool
has_begun(const struct jwt_claims *claims, int64_t now)
{
    int64_t begin = jwt_integer(claims, "nbf");

    return !jwt_has(claims, "nbf") || (begin > 0 && begin <= now + TOKEN_SKEW);
}

enum token_state
token_read(struct arena *a, const struct auth *auth, struct str text, int64_t now,
           struct token_claims *token)
{
    const struct token_key *key;
    const struct jwt_claims *claims = jwt_verify(a, &auth->ring, clock_now(), text, &key);

    if (!claims)
        return TOKEN_INVALID;
    struct token_claims found = { .user_id = jwt_text(claims, "sub"),
                                  .username = jwt_text(claims, "username"),
                                  .role = jwt_text(claims, "role"),
                                  .session = jwt_text(claims, "sid"),
                                  .issued = jwt_integer(claims, "iat"),
                                  .expires = jwt_integer(claims, "exp"),
                                  .login = jwt_integer(claims, "origIat"),
                                  .until = key->until };
    if (!is_ours(auth, claims, &found) || !is_timely(auth, &found, now) || !has_begun(claims, now))
        return TOKEN_INVALID;
    *token = found;
    return now >= found.expires ? TOKEN_EXPIRED : TOKEN_GOOD;
}

bool
token_shows_login(struct arena *a, const struct auth *auth, struct str text, int64_t now,
                  struct token_claims *token)
{
    return token_read(a, auth, text, now, token) != TOKEN_INVALID &&
           now - token->login <= auth->refresh_time;
}

struct error *
token_add_error(struct errors *errors, enum token_state state)
{
    assert(state != TOKEN_GOOD);
    return errors_add(errors, refusals[state].code, "%s", refusals[state].message);
}
