/*
 * fuzz_issuer.c - key sets, and tokens of another issuer: whatever header and claims are signed,
 * a token that is taken is the issuer's, for us, and says no more than it may; with another
 * signature none is taken.
 *
 * An input is a key set, a header and claims, with lines `---` between them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/log.h"
#include "auth/auth_settings.h"
#include "auth/issuer.h"
#include "auth/token.h"
#include "base/base64url.h"
#include "jose/jwks.h"
#include "jose/jwt.h"
#include "jose/pair.h"

enum { NOW = 1800000000 };

static const struct auth_role roles[] = { { STR_INIT("user"), STR_INIT("linnet_user") },
                                          { STR_INIT("staff"), STR_INIT("linnet_staff") } };
static const struct str audiences[] = { STR_INIT("news") };
static const struct str types[] = { STR_INIT("JWT"), STR_INIT("at+jwt") };
static const struct issuer_pair role_pairs[] = { { STR_INIT("boss"), STR_INIT("staff") } };
static const struct issuer_pair settings[] = { { STR_INIT("tenant"), STR_INIT("app.tenant") } };
static const struct issuer_pair required[] = { { STR_INIT("azp"), STR_INIT("web") } };

static const struct token_key secret = { .algorithm = TOKEN_KEY_HS256,
                                         .secret = STR_INIT("0123456789abcdef0123456789abcdef") };
static const struct issuer issuers[] = { { .issuer = STR_INIT("https://a.example"),
                                           .audience = STR_INIT("aud"),
                                           .audiences = { audiences, 1 },
                                           .types = { types, 2 },
                                           .subject = STR_INIT("sub"),
                                           .role = STR_INIT("realm.roles"),
                                           .roles = { role_pairs, 1 },
                                           .settings = { settings, 1 },
                                           .required = { required, 1 },
                                           .lifetime = 86400,
                                           .trusts_subjects = true,
                                           .algorithms = { [TOKEN_KEY_HS256] = true },
                                           .secret = &secret } };
static const struct auth auth = {
    .roles = roles, .role_count = 2, .issuers = issuers, .issuer_count = 1
};

/* Read a key set; its keys verify nothing. */
static void
try_set(struct arena *a, struct str text)
{
    const char *message = NULL;
    int count;
    const struct token_key *keys = jwks_parse(a, text, &count, &message);

    if (!keys && !message)
        fuzz_fail("a key set that is refused has a reason", text, STR_NONE);
    for (int i = 0; keys && i < count; i++)
        if (!keys[i].pair || token_key_may_sign(&keys[i]) ||
            pair_verify(keys[i].pair, STR("text"),
                        STR("0123456789abcdef0123456789abcdef"
                            "0123456789abcdef0123456789abcdef")))
            fuzz_fail("a key set has public keys", text, STR_NONE);
}

static struct str
sign(struct arena *a, struct str key, struct str header, struct str claims)
{
    unsigned char sum[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    struct str text =
        str_format(a, "%s.%s", base64url_write(a, header).ptr, base64url_write(a, claims).ptr);

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, sum);
    struct str signature = base64url_write(a, (struct str){ (const char *)sum, sizeof(sum) });
    return str_format(a, "%s.%s", text.ptr, signature.ptr);
}

static void
try_token(struct arena *a, struct str header, struct str claims)
{
    static const struct str other = STR_INIT("fedcba9876543210fedcba9876543210");
    struct token_claims token = { .issuer = NULL };

    if (issuer_read(a, &auth, sign(a, other, header, claims), NOW, &token) != TOKEN_INVALID)
        fuzz_fail("a token that others have signed is refused", header, claims);
    if (issuer_read(a, &auth, sign(a, secret.secret, header, claims), NOW, &token) != TOKEN_GOOD)
        return;
    if (token.issuer != issuers || !str_equal(token.user_id, token.subject) ||
        token.subject.len == 0 || token.session.ptr || !auth_find_role(&auth, token.role) ||
        token.expires <= NOW || token.expires - token.issued > 86400)
        fuzz_fail("a token that is taken says what it must", header, claims);
    if (!memmem(claims.ptr, claims.len, "news", 4) || !memmem(claims.ptr, claims.len, "web", 3) ||
        !memmem(header.ptr, header.len, "HS256", 5))
        fuzz_fail("a token that is taken is for us", header, claims);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_quiet;
    struct arena *a = arena_new("input");
    struct str rest = fuzz_text(a, data, size);

    if (!is_quiet)
        log_set_descriptor(open("/dev/null", O_WRONLY | O_CLOEXEC));
    is_quiet = true;
    struct str set = fuzz_next_part(&rest), header = fuzz_next_part(&rest);
    struct str claims = fuzz_next_part(&rest);
    if (set.ptr)
        try_set(a, set);
    if (header.ptr && claims.ptr)
        try_token(a, str_trim(header), str_trim(claims));
    arena_free(a);
    return 0;
}
