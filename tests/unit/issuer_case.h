/*
 * issuer_case.h - other issuers with keys that are made here, and the tokens that they give.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_ISSUER_CASE_H
#define TESTS_ISSUER_CASE_H

#include "token_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "config/config_read.h"
#include "auth/auth.h"
#include "auth/issuer.h"
#include "auth/token.h"
#include "base/base64url.h"
#include "jose/jwks.h"
#include "jose/pair.h"
#include "load/load_issuers.h"
#include "tests/unit/test_clock.h"

enum { NOW = 1800000000 };

#define SUPABASE_SECRET "super-secret-jwt-token-with-at-least-32-characters-long"

static struct arena *arena;
static struct token_key rsa, p256, ed25519, stranger;
static char folder[] = "/tmp/linnet-issuer.XXXXXX";
static struct auth auth;

/* --- the issuers --- */

static inline const char *
file(const char *name)
{
    return str_format(arena, "%s/%s", folder, name).ptr;
}

static inline void
write_file(const char *name, struct str text)
{
    FILE *out = fopen(file(name), "w");

    assert_non_null(out);
    fwrite(text.ptr, 1, text.len, out);
    fclose(out);
}

/* A key set of these keys. */
static struct str
make_set(const struct token_key *const *keys)
{
    struct buf *b = buf_new(arena);

    buf_put_c(b, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"oct\"}");
    for (; *keys; keys++) {
        buf_byte(b, ',');
        buf_put(b, token_key_write_jwk(arena, *keys));
    }
    buf_put_c(b, "]}");
    return buf_copy(arena, b);
}

static const char configuration[] = "[issuer keycloak]\n"
                                    "issuer = https://sso.example/realms/news\n"
                                    "audience = news-api\n"
                                    "algorithms = RS256 ES256 EdDSA\n"
                                    "jwks = all.json\n"
                                    "require = typ=Bearer azp=web\n"
                                    "role = realm_access.roles\n"
                                    "roles = news-admin:staff news-user:user\n"
                                    "settings = tenant:organization.id groups:groups\n"
                                    "[issuer auth0]\n"
                                    "issuer = https://dev.eu.auth0.example/\n"
                                    "audience = https://news.example/api\n"
                                    "jwks = rsa.json\n"
                                    "role = https://news.example/roles\n"
                                    "roles = read:all:staff\n"
                                    "[issuer supabase]\n"
                                    "issuer = https://p.supabase.example/auth/v1\n"
                                    "audience = authenticated\n"
                                    "algorithms = HS256 ES256\n"
                                    "secret_file = secret\n"
                                    "jwks = p256.json\n"
                                    "trusted_subjects = yes\n"
                                    "settings = tenant:app_metadata.tenant aal:aal\n"
                                    "[issuer cognito]\n"
                                    "issuer = https://cognito-idp.example/pool\n"
                                    "audience = 6tk2\n"
                                    "audience_claim = client_id\n"
                                    "jwks = rsa.json\n"
                                    "require = token_use=access\n"
                                    "role = cognito:groups\n"
                                    "roles = editors:staff\n";

static inline bool
load(const char *text)
{
    struct config config;
    struct buf *messages = buf_new(arena);
    const struct config_flag flag = { STR("config"), file("linnet.conf") };
    char *environment[] = { NULL };

    write_file("linnet.conf", str_from(text));
    if (config_read(arena, &flag, 1, environment, &config, messages) != CONFIG_OK) {
        print_message("%.*s", STR_PRINT(buf_str(messages)));
        return false;
    }
    auth = (struct auth){ .ring = test_ring,
                          .issuer = STR("linnet"),
                          .audience = STR("linnet"),
                          .token_time = 900,
                          .refresh_time = 900,
                          .roles = test_roles,
                          .role_count = 2 };
    return load_issuers(arena, &config, &auth);
}

static inline int
set_up(void **state)
{
    (void)state;
    arena = arena_new("issuers");
    assert_non_null(mkdtemp(folder));
    rsa = token_key_of_pair(arena, pair_make(arena, PAIR_RSA));
    p256 = token_key_of_pair(arena, pair_make(arena, PAIR_P256));
    ed25519 = token_key_of_pair(arena, pair_make(arena, PAIR_ED25519));
    stranger = token_key_of_pair(arena, pair_make(arena, PAIR_RSA));
    write_file("all.json", make_set((const struct token_key *[]){ &rsa, &p256, &ed25519, NULL }));
    write_file("rsa.json", make_set((const struct token_key *[]){ &rsa, NULL }));
    write_file("p256.json", make_set((const struct token_key *[]){ &p256, NULL }));
    write_file("secret", STR(SUPABASE_SECRET));
    return load(configuration) ? 0 : -1;
}

static inline int
tear_down(void **state)
{
    static const char *const names[] = { "all.json", "rsa.json", "p256.json", "secret",
                                         "linnet.conf" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        unlink(file(names[i]));
    rmdir(folder);
    arena_free(arena);
    return 0;
}

/* --- tokens --- */

/* A token with this header and these claims, signed with the key in its own way. */
static struct str
sign_with(const struct token_key *key, const char *header, const char *claims)
{
    struct str text = str_format(arena, "%s.%s", base64url_write(arena, str_from(header)).ptr,
                                 base64url_write(arena, str_from(claims)).ptr);

    if (!key->pair)
        return sign_text(arena, key->secret, text);
    struct str signature = pair_sign(arena, key->pair, text);
    return str_format(arena, "%s.%s", text.ptr, base64url_write(arena, signature).ptr);
}

/* {"alg":...,"kid":...,"typ":"JWT"} and more members. */
static inline const char *
header_of(const struct token_key *key, const char *more)
{
    return str_format(arena, "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"JWT\"%s}",
                      token_key_algorithm_name(key->algorithm).ptr, key->id.ptr, more)
        .ptr;
}

static inline enum token_state
read_token(struct str text, struct token_claims *token)
{
    *token = (struct token_claims){ 0 };
    return issuer_read(arena, &auth, text, NOW, token);
}

static inline enum token_state
state_of(struct str text)
{
    struct token_claims token;

    return read_token(text, &token);
}

/* What Keycloak 24 gives for the client `web`. */
#define KEYCLOAK_WITH(aud, exp, more)                                                              \
    "{\"exp\":" exp ",\"iat\":1799999990,\"auth_time\":1799999989,"                                \
    "\"jti\":\"6c1e5bb2-7e33-4d2b-9d43-0c4d8d5c3f3e\","                                            \
    "\"iss\":\"https://sso.example/realms/news\",\"aud\":" aud ","                                 \
    "\"sub\":\"f:3c1d:ada\",\"typ\":\"Bearer\",\"azp\":\"web\","                                   \
    "\"session_state\":\"0b7d\",\"acr\":\"1\",\"allowed-origins\":[\"https://news.example\"],"     \
    "\"realm_access\":{\"roles\":[\"offline_access\",\"news-admin\"]},"                            \
    "\"resource_access\":{\"account\":{\"roles\":[\"view-profile\"]}},"                            \
    "\"scope\":\"openid profile email\",\"sid\":\"0b7d\",\"email_verified\":true,"                 \
    "\"organization\":{\"id\":17},\"groups\":[\"a\",\"b\"],"                                       \
    "\"preferred_username\":\"ada\"" more "}"
#define KEYCLOAK KEYCLOAK_WITH("[\"news-api\",\"account\"]", "1800000290", "")

#define AUTH0(sub, more)                                                                           \
    "{\"https://news.example/roles\":[\"read:all\"],\"iss\":\"https://dev.eu.auth0.example/\","    \
    "\"sub\":\"" sub "\",\"aud\":[\"https://news.example/api\","                                   \
    "\"https://dev.eu.auth0.example/userinfo\"],\"iat\":1799999990,\"exp\":1800086390,"            \
    "\"scope\":\"openid profile\",\"azp\":\"AbCdEf\"" more "}"

#define SUPABASE                                                                                   \
    "{\"aal\":\"aal1\",\"amr\":[{\"method\":\"password\",\"timestamp\":1799999990}],"              \
    "\"app_metadata\":{\"provider\":\"email\",\"providers\":[\"email\"],\"tenant\":\"acme\"},"     \
    "\"aud\":\"authenticated\",\"email\":\"ada@example.org\",\"exp\":1800003590,"                  \
    "\"iat\":1799999990,\"is_anonymous\":false,\"iss\":\"https://p.supabase.example/auth/v1\","    \
    "\"phone\":\"\",\"role\":\"authenticated\",\"session_id\":\"5f2b\","                           \
    "\"sub\":\"8c9b7f8e-2f8b-4d3c-9c51-1f0c2c8a7b10\",\"user_metadata\":{\"sub\":\"1\"}}"

#endif
