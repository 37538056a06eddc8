/*
 * issuer.c - tokens that somebody else has issued: whose are taken, and what they say.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/issuer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "value/value.h"
#include "auth/auth_settings.h"
#include "jose/jwks.h"
#include "jose/jwt.h"

/* --- reading values --- */

/* The value that the path leads to, or NULL. */
static const struct value *
find_path(const struct value *object, struct str path)
{
    const struct value *found;

    if (object->kind != VALUE_OBJECT)
        return NULL;
    found = value_find(object, path);
    for (size_t i = 0; i < path.len && !found; i++) {
        const struct value *inner =
            path.ptr[i] == '.' ? value_find(object, (struct str){ path.ptr, i }) : NULL;
        if (inner)
            found = find_path(inner, (struct str){ path.ptr + i + 1, path.len - i - 1 });
    }
    return found;
}

static bool
is_text(const struct value *value, struct str text)
{
    return value->kind == VALUE_STRING && str_equal(value->text, text);
}

/* Is the word the value, or an item of it that is a list? */
static bool
has_item(const struct value *value, struct str word)
{
    if (value->kind != VALUE_LIST)
        return is_text(value, word);
    for (const struct value *item = value->items; item; item = item->next)
        if (is_text(item, word))
            return true;
    return false;
}

/* The same, or one of the words of a text. */
static bool
has_word(const struct value *value, struct str word)
{
    if (value->kind != VALUE_STRING)
        return has_item(value, word);
    return str_has_word(value->text, word);
}

/* A value as one text: a text is itself, and anything else is JSON. */
static struct str
write_value(struct arena *a, const struct value *value)
{
    struct buf *b = buf_new(a);

    if (!value || value->kind == VALUE_NULL)
        return STR_NONE;
    if (value->kind == VALUE_STRING)
        return value->text;
    value_write_json(b, value);
    return buf_copy(a, b);
}

/* --- the header --- */

/* Members that may be there.  All others are refused: those that name or bring a key (jwk, jku,
 * x5u, x5c), that must be understood (crit, b64), or that say that there is more inside (cty, enc,
 * zip). */
static const struct str members[] = { STR_INIT("alg"), STR_INIT("kid"), STR_INIT("typ"),
                                      STR_INIT("x5t"), STR_INIT("x5t#S256") };

static bool
has_known_members(const struct value *header)
{
    for (const struct value *member = header->items; member; member = member->next) {
        bool is_known = false;
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
            is_known |= str_equal(members[i], member->name);
        if (!is_known || member->kind != VALUE_STRING)
            return false;
    }
    return true;
}

/* Is it a type that the issuer's access tokens have (RFC 8725, 3.11)?  `application/` may be left
 * out (RFC 7515, 4.1.9). */
static bool
has_type(const struct issuer *issuer, const struct value *header)
{
    static const struct str prefix = STR_INIT("application/");
    const struct value *typ = value_find(header, STR("typ"));
    struct str name = typ ? typ->text : STR("JWT");

    if (name.len > prefix.len && str_equal_nocase((struct str){ name.ptr, prefix.len }, prefix))
        name = (struct str){ name.ptr + prefix.len, name.len - prefix.len };
    for (int i = 0; i < issuer->types.count; i++)
        if (str_equal_nocase(issuer->types.words[i], name))
            return true;
    return false;
}

/* The key that must have signed the token, or NULL. */
static const struct token_key *
find_key(const struct issuer *issuer, const struct value *header)
{
    const struct value *alg = value_find(header, STR("alg")), *kid = value_find(header, STR("kid"));
    enum token_key_algorithm algorithm;

    if (!alg || !token_key_algorithm_find(alg->text, &algorithm) || !issuer->algorithms[algorithm])
        return NULL;
    if (algorithm == TOKEN_KEY_HS256)
        return issuer->secret;
    return issuer->jwks ? jwks_find(issuer->jwks, algorithm, kid ? kid->text : STR_NONE) : NULL;
}

/* --- the claims --- */

static bool
is_for_us(const struct issuer *issuer, const struct value *claims)
{
    const struct value *aud = find_path(claims, issuer->audience);

    for (int i = 0; aud && i < issuer->audiences.count; i++)
        if (has_item(aud, issuer->audiences.words[i]))
            return true;
    return false;
}

/* Claims that only other kinds of tokens have: ID tokens (OpenID Connect Core, 3.1.3.6 and
 * 3.3.2.11), logout tokens and security events (RFC 8417), and tokens that are bound to a key that
 * the client would have to show (RFC 7800). */
static const struct str foreign_claims[] = { STR_INIT("at_hash"), STR_INIT("c_hash"),
                                             STR_INIT("s_hash"), STR_INIT("events"),
                                             STR_INIT("cnf") };
/* Values of a claim that Keycloak (`typ`) and Cognito (`token_use`) say the kind by. */
static const struct {
    struct str name, value;
} foreign_kinds[] = { { STR_INIT("typ"), STR_INIT("ID") },
                      { STR_INIT("typ"), STR_INIT("Refresh") },
                      { STR_INIT("typ"), STR_INIT("Offline") },
                      { STR_INIT("typ"), STR_INIT("Logout") },
                      { STR_INIT("token_use"), STR_INIT("id") } };

/* Is it an access token, as far as it says? */
static bool
is_access_token(const struct value *claims)
{
    for (size_t i = 0; i < ARRAY_LENGTH(foreign_claims); i++)
        if (value_find(claims, foreign_claims[i]))
            return false;
    for (size_t i = 0; i < ARRAY_LENGTH(foreign_kinds); i++) {
        const struct value *value = value_find(claims, foreign_kinds[i].name);
        if (value && is_text(value, foreign_kinds[i].value))
            return false;
    }
    return true;
}

static bool
has_required(struct arena *a, const struct issuer *issuer, const struct value *claims)
{
    for (int i = 0; i < issuer->required.count; i++) {
        const struct issuer_pair *pair = &issuer->required.pairs[i];
        const struct value *value = find_path(claims, pair->name);
        if (!value || (!has_item(value, pair->value) &&
                       (value->kind == VALUE_OBJECT || value->kind == VALUE_LIST ||
                        !str_equal(write_value(a, value), pair->value))))
            return false;
    }
    return true;
}

/* Has it begun, and is no span longer than allowed?  A time that is absent, or not an integer, is
 * 0. */
static bool
is_timely(const struct issuer *issuer, const struct jwt_claims *claims, int64_t now,
          const struct token_claims *token)
{
    int64_t latest = now + TOKEN_SKEW, begin = jwt_integer(claims, "nbf");

    return token->issued > 0 && token->issued <= latest && token->expires > token->issued &&
           token->expires - token->issued <= issuer->lifetime &&
           (!jwt_has(claims, "nbf") || (begin > 0 && begin <= latest));
}

static struct str
find_role(const struct auth *auth, const struct issuer *issuer, const struct value *claims)
{
    const struct value *theirs = issuer->role.len > 0 ? find_path(claims, issuer->role) : NULL;

    for (int i = 0; theirs && i < issuer->roles.count; i++)
        if (has_word(theirs, issuer->roles.pairs[i].name))
            return issuer->roles.pairs[i].value;
    return auth->roles[0].name;
}

static struct str
find_subject(const struct issuer *issuer, const struct value *claims)
{
    const struct value *value = find_path(claims, issuer->subject);
    bool is_good = value && (value->kind == VALUE_STRING || value->kind == VALUE_INT) &&
                   value->text.len > 0 && value->text.len <= ISSUER_SUBJECT_LENGTH;

    return is_good ? value->text : STR_NONE;
}

static struct token_claims
make_claims(struct arena *a, const struct auth *auth, const struct issuer *issuer,
            const struct jwt_claims *claims)
{
    struct token_claims token = { .issuer = issuer,
                                  .subject = find_subject(issuer, claims->object),
                                  .role = find_role(auth, issuer, claims->object),
                                  .issued = jwt_integer(claims, "iat"),
                                  .expires = jwt_integer(claims, "exp") };

    if (issuer->trusts_subjects)
        token.user_id = token.subject;
    for (int i = 0; i < issuer->settings.count; i++)
        token.settings[i] =
            write_value(a, find_path(claims->object, issuer->settings.pairs[i].value));
    return token;
}

/* --- a token --- */

static const struct issuer *
find_issuer(const struct auth *auth, struct str name)
{
    for (int i = 0; name.ptr && i < auth->issuer_count; i++)
        if (str_equal(auth->issuers[i].issuer, name))
            return &auth->issuers[i];
    return NULL;
}

enum token_state
issuer_read(struct arena *a, const struct auth *auth, struct str text, int64_t now,
            struct token_claims *token)
{
    struct jwt jwt;

    if (!jwt_open(a, text, &jwt) || !has_known_members(jwt.header))
        return TOKEN_INVALID;
    const struct issuer *issuer = find_issuer(auth, jwt_text(&jwt.claims, "iss"));
    if (!issuer || !has_type(issuer, jwt.header))
        return TOKEN_INVALID;
    const struct token_key *key = find_key(issuer, jwt.header);
    if (!key || !jwt_is_signed(a, &jwt, key))
        return TOKEN_INVALID;
    struct token_claims found = make_claims(a, auth, issuer, &jwt.claims);
    if (!found.subject.ptr || !is_for_us(issuer, jwt.claims.object) ||
        !is_access_token(jwt.claims.object) || !has_required(a, issuer, jwt.claims.object) ||
        !is_timely(issuer, &jwt.claims, now, &found))
        return TOKEN_INVALID;
    *token = found;
    return now >= found.expires ? TOKEN_EXPIRED : TOKEN_GOOD;
}

bool
issuer_refresh(const struct auth *auth, int64_t moment)
{
    bool has_changed = false;

    for (int i = 0; i < auth->issuer_count; i++)
        if (auth->issuers[i].jwks)
            has_changed |= jwks_refresh(auth->issuers[i].jwks, moment);
    return has_changed;
}
