/*
 * test_issuer_hostile.c - tokens of other issuers with every trick of RFC 8725, rightly signed
 * wherever a key allows it; key sets and settings that are wrong.
 *
 * SPDX-License-Identifier: MIT
 */
#include "issuer_case.h"

struct text_case {
    const char *text;
};

static void
test_headers(void **state)
{
    /* %k is the kid of RSA's key, %e that of P-256, %t the stranger's key. */
    static const struct text_case hostile[] = {
        { "{\"alg\":\"none\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"None\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":null,\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":[\"RS256\"],\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"rs256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS384\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS512\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"PS256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"HS256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"ES256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"ES256\",\"kid\":\"%e\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"EdDSA\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%e\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k \",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":null,\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":0,\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":[\"%k\"],\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"../../../dev/null\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"/proc/sys/kernel/randomize_va_space\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"x' UNION SELECT '%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\\u0000\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"oct\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"crit\":[]}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"crit\":\"\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"b64\":false}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"jku\":\"https://evil.example/k\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"x5u\":\"https://evil.example/c\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"x5c\":[\"MII\"]}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"jwk\":%t}" },
        { "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"jwk\":%t}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"cty\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"zip\":\"DEF\"}" },
        { "{\"alg\":\"RS256\",\"enc\":\"A256GCM\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"logout+jwt\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"dpop+jwt\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"secevent+jwt\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JOSE\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"application/\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":null}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":{}}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\",\"\":\"\"}" },
        { "[{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\"}]" },
        { "{}" },
        { "null" },
        { "" },
    };
    static const struct text_case good[] = {
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"JWT\"}" },
        { "{\"typ\":\"JWT\",\"kid\":\"%k\",\"alg\":\"RS256\"}" },
        { "{ \"alg\" : \"RS256\", \"kid\":\"%k\"}" },
        { "{\"alg\":\"RS256\",\"typ\":\"JWT\"}" }, /* it has one key of that algorithm */
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"jwt\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"typ\":\"application/AT+JWT\"}" },
        { "{\"alg\":\"RS256\",\"kid\":\"%k\",\"x5t\":\"u8a\",\"x5t#S256\":\"xx\"}" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(hostile) + ARRAY_LENGTH(good); i++) {
        bool is_good = i >= ARRAY_LENGTH(hostile);
        const char *text = is_good ? good[i - ARRAY_LENGTH(hostile)].text : hostile[i].text;
        struct buf *b = buf_new(arena);
        for (const char *p = text; *p; p++)
            if (*p == '%') {
                p++;
                buf_put(b, *p == 'k'   ? rsa.id
                           : *p == 'e' ? p256.id
                                       : token_key_write_jwk(arena, &stranger));
            } else {
                buf_byte(b, *p);
            }
        struct str header = buf_copy(arena, b);
        if ((state_of(sign_with(&rsa, header.ptr, KEYCLOAK)) == TOKEN_GOOD) != is_good)
            fail_msg("%s with the header %s", is_good ? "refused" : "taken", header.ptr);
        /* Whose key the header brings is not the issuer's. */
        assert_int_equal(state_of(sign_with(&stranger, header.ptr, KEYCLOAK)), TOKEN_INVALID);
    }
}

/* What everybody has of a public key is not a secret of HS256. */
static void
test_confusion(void **state)
{
    const struct token_key *const keys[] = { &rsa, &p256, &ed25519 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const struct pair_numbers numbers = pair_numbers(arena, keys[i]->pair);
        struct str known[] = { numbers.first, token_key_write_jwk(arena, keys[i]),
                               base64url_write(arena, numbers.first), keys[i]->id,
                               make_set((const struct token_key *[]){ keys[i], NULL }) };
        for (size_t j = 0; j < ARRAY_LENGTH(known); j++) {
            const struct token_key secret = { .algorithm = TOKEN_KEY_HS256, .secret = known[j] };
            const char *header =
                str_format(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", keys[i]->id.ptr).ptr;
            assert_int_equal(state_of(sign_with(&secret, header, KEYCLOAK)), TOKEN_INVALID);
            assert_int_equal(state_of(sign_with(&secret, header, SUPABASE)), TOKEN_INVALID);
        }
    }
    /* Nor is another issuer's key, or our own. */
    const struct token_key own = token_key_of_secret(arena, test_key);
    assert_int_equal(state_of(sign_with(&own, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", SUPABASE)),
                     TOKEN_INVALID);
    const struct token_key secret = token_key_of_secret(arena, STR(SUPABASE_SECRET));
    assert_int_equal(state_of(sign_with(&secret, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", KEYCLOAK)),
                     TOKEN_INVALID);
    assert_int_equal(state_of(sign_with(&p256, header_of(&p256, ""), AUTH0("a", ""))),
                     TOKEN_INVALID);
    assert_int_equal(state_of(sign_with(&rsa, header_of(&rsa, ""), AUTH0("a", ",\"iss\":\"x\""))),
                     TOKEN_INVALID);
}

/* No byte of a token may differ. */
static void
test_changes(void **state)
{
    struct str good = sign_with(&p256, header_of(&p256, ""), KEYCLOAK);
    char *bytes = (char *)str_copy(arena, good).ptr;

    (void)state;
    for (size_t i = 0; i < good.len; i++) {
        char before = bytes[i];
        assert_int_equal(state_of((struct str){ good.ptr, i }), TOKEN_INVALID);
        for (const char *p = "Aw_. "; *p; p++) {
            bytes[i] = *p;
            assert_true(*p == before || state_of((struct str){ bytes, good.len }) == TOKEN_INVALID);
        }
        bytes[i] = before;
    }
    assert_int_equal(state_of((struct str){ bytes, good.len }), TOKEN_GOOD);
    assert_int_equal(state_of(str_format(arena, "%s.x", good.ptr)), TOKEN_INVALID);
    assert_int_equal(state_of(str_format(arena, "%s=", good.ptr)), TOKEN_INVALID);
}

static void
test_jwks(void **state)
{
    static const struct text_case bad[] = {
        { "" },
        { "{}" },
        { "[]" },
        { "{\"keys\":{}}" },
        { "{\"keys\":[]}" },
        { "{\"keys\":[1,null,\"a\",[]]}" },
        { "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}" },
        { "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}" },
        { "{\"keys\":[{\"kty\":\"RSA\",\"n\":1,\"e\":null}]}" },
        { "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}" },
        { "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}" },
        { "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}]}" },
    };
    const struct token_key *found, *keys;
    const char *message;
    int count;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (jwks_parse(arena, str_from(bad[i].text), &count, &message))
            fail_msg("taken: %s", bad[i].text);
    struct str jwk = token_key_write_jwk(arena, &ed25519);
    struct str twice = str_format(arena, "{\"keys\":[%s,%s]}", jwk.ptr, jwk.ptr);
    assert_null(jwks_parse(arena, twice, &count, &message));
    /* For other uses, or for another algorithm. */
    static const struct text_case others[] = { { "\"use\":\"enc\"" },
                                               { "\"use\":1" },
                                               { "\"key_ops\":[\"sign\"],\"a\":1" } };
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        struct str text =
            str_format(arena, "{\"keys\":[%.*s%s}]}", (int)(jwk.len - 12), jwk.ptr, others[i].text);
        assert_null(jwks_parse(arena, text, &count, &message));
        assert_string_equal(message, "has no key for RS256, ES256 or EdDSA");
    }
    keys = jwks_parse(arena, make_set((const struct token_key *[]){ &ed25519, &rsa, NULL }), &count,
                      &message);
    assert_int_equal(count, 2);
    found = &keys[0];
    assert_true(token_key_equal(found, &ed25519) && !token_key_may_sign(found));
}

/* The file is read again when it changes, and a broken one changes nothing. */
static void
test_refresh(void **state)
{
    struct str text = sign_with(&stranger, header_of(&stranger, ""), AUTH0("a", ""));

    (void)state;
    assert_false(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    assert_int_equal(state_of(text), TOKEN_INVALID);
    write_file("rsa.json", make_set((const struct token_key *[]){ &stranger, NULL }));
    assert_false(issuer_refresh(&auth, clock_time + JWKS_CHECK_TIME - 1));
    assert_true(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    assert_int_equal(state_of(text), TOKEN_GOOD);
    assert_int_equal(state_of(sign_with(&rsa, header_of(&rsa, ""), AUTH0("a", ""))), TOKEN_INVALID);
    log_set_level(LOG_ERROR);
    write_file("rsa.json", STR("{\"keys\":[{\"kty\":"));
    assert_false(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    unlink(file("rsa.json"));
    assert_false(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    assert_int_equal(state_of(text), TOKEN_GOOD);
    write_file("rsa.json", STR("{\"keys\":[]}")); /* they were withdrawn */
    assert_true(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    assert_int_equal(state_of(text), TOKEN_INVALID);
    write_file("rsa.json", make_set((const struct token_key *[]){ &rsa, NULL }));
    assert_true(issuer_refresh(&auth, clock_time += JWKS_CHECK_TIME));
    assert_int_equal(state_of(text), TOKEN_INVALID);
}

static void
test_configuration(void **state)
{
#define SECTION "[issuer a]\nissuer = https://a.example\naudience = b\n"
    static const struct text_case bad[] = {
        { "[issuer a]\naudience = b\njwks = rsa.json\n" },
        { "[issuer a]\nissuer = https://a.example\njwks = rsa.json\n" },
        { "[issuer a]\nissuer = linnet\naudience = b\njwks = rsa.json\n" },
        { SECTION },
        { SECTION "jwks = absent.json\n" },
        { SECTION "jwks = secret\n" },
        { SECTION "jwks = rsa.json\nalgorithms = none\n" },
        { SECTION "jwks = rsa.json\nalgorithms = RS256 HS256\n" },
        { SECTION "jwks = rsa.json\nalgorithms = ES256 EdDSA\n" },
        { SECTION "jwks = rsa.json\nsecret_file = secret\n" },
        { SECTION "jwks = rsa.json\nalgorithms = HS256\nsecret_file = secret\n" },
        { SECTION "jwks = rsa.json\nrole = a\nroles = b\n" },
        { SECTION "jwks = rsa.json\nrole = a\nroles = b:c\n" },
        { SECTION "jwks = rsa.json\nrole = a\n" },
        { SECTION "jwks = rsa.json\nroles = a:user\n" },
        { SECTION "jwks = rsa.json\nrequire = a\n" },
        { SECTION "jwks = rsa.json\nsettings = a\n" },
        { SECTION "jwks = rsa.json\nsettings = A:b\n" },
        { SECTION "jwks = rsa.json\nsettings = a.b:c\n" },
        { SECTION "jwks = rsa.json\nsettings = a:a b:a c:a d:a e:a f:a g:a h:a i:a\n" },
        { SECTION "jwks = rsa.json\n[issuer b]\nissuer = https://a.example\naudience = b\n"
                  "jwks = rsa.json\n" },
        { SECTION "jwks = rsa.json\n[issuer b]\nissuer = b\naudience = b\njwks = rsa.json\n"
                  "[issuer a]\nissuer = c\n" },
        { SECTION "workers = 3\n" },
        { "[issuer]\nissuer = a\n" },
        { "[other a]\nissuer = a\n" },
    };

    (void)state;
    log_set_descriptor(STDOUT_FILENO);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (load(bad[i].text))
            fail_msg("taken: %s", bad[i].text);
    write_file("secret", test_key);
    assert_false(load(SECTION "algorithms = HS256\nsecret_file = secret\n"));
    write_file("secret", STR(SUPABASE_SECRET));
    assert_true(load(SECTION "jwks = rsa.json\n"));
    assert_true(load(configuration));
    log_set_descriptor(STDERR_FILENO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers), cmocka_unit_test(test_confusion),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_jwks),
        cmocka_unit_test(test_refresh), cmocka_unit_test(test_configuration),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
