/*
 * test_jwt.c - tokens: the one form that is taken, and hostile ones, nearly all
 * of them rightly signed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "token_case.h"

#include "jose/jwt.h"

#define CLAIMS "{\"a\":1,\"b\":\"text\"}"

struct text_case {
    const char *text;
};

static const struct jwt_claims *
verify(struct arena *a, struct str secret, struct str token)
{
    const struct token_key key = { .algorithm = TOKEN_KEY_HS256,
                                   .header = test_keys[0].header,
                                   .secret = secret },
                           *found;
    const struct ring ring = { &key, 1 };

    return jwt_verify(a, &ring, 0, token, &found);
}

static bool
is_taken(struct arena *a, struct str token)
{
    return verify(a, test_key, token) != NULL;
}

static void
test_sign(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    struct str token = jwt_sign(a, &test_keys[0], STR(CLAIMS));
    assert_string_equal(token.ptr, forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS)).ptr);
    assert_true(is_taken(a, token));

    /* What could not be read back is not signed: no object, not flat, too long. */
    struct str name = str_format(a, "{\"a\":\"%04000d\"}", 0);
    assert_null(jwt_sign(a, &test_keys[0], STR("[1]")).ptr);
    assert_null(jwt_sign(a, &test_keys[0], STR("{\"a\":[]}")).ptr);
    assert_null(jwt_sign(a, &test_keys[0], STR("{\"a\":")).ptr);
    assert_null(jwt_sign(a, &test_keys[0], name).ptr);
    arena_free(a);
}

static void
test_claims(void **state)
{
    struct arena *a = arena_new("test");
    struct str text = STR("{\"n\":1800000000,\"minus\":-5,\"s\":\"a\\\"\\u00e9\",\"empty\":\"\","
                          "\"real\":1.0,\"big\":1e20,\"digits\":\"12\",\"yes\":true,\"no\":null}");
    const struct jwt_claims *claims =
        verify(a, test_key, forge(a, test_key, STR(GOOD_HEADER), text));

    (void)state;
    assert_non_null(claims);
    assert_int_equal(jwt_integer(claims, "n"), 1800000000);
    assert_int_equal(jwt_integer(claims, "minus"), -5);
    static const struct text_case no_numbers[] = { { "s" },   { "real" }, { "big" },   { "digits" },
                                                   { "yes" }, { "no" },   { "absent" } };
    for (size_t i = 0; i < ARRAY_LENGTH(no_numbers); i++)
        assert_int_equal(jwt_integer(claims, no_numbers[i].text), 0);
    assert_string_equal(jwt_text(claims, "s").ptr, "a\"\xC3\xA9");
    assert_string_equal(jwt_text(claims, "empty").ptr, "");
    static const struct text_case no_texts[] = {
        { "n" }, { "real" }, { "yes" }, { "no" }, { "absent" }
    };
    for (size_t i = 0; i < ARRAY_LENGTH(no_texts); i++)
        assert_null(jwt_text(claims, no_texts[i].text).ptr);
    assert_true(jwt_has(claims, "n"));
    assert_true(jwt_has(claims, "s"));
    assert_true(jwt_has(claims, "no"));
    assert_false(jwt_has(claims, "absent"));
    arena_free(a);
}

static void
test_headers(void **state)
{
    static const struct text_case hostile[] = {
        { "{\"typ\":\"JWT\",\"alg\":\"none\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"None\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"NONE\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"nOnE\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"\"}" },
        { "{\"typ\":\"JWT\",\"alg\":null}" },
        { "{\"typ\":\"JWT\",\"alg\":256}" },
        { "{\"typ\":\"JWT\",\"alg\":[\"HS256\"]}" },
        { "{\"typ\":\"JWT\",\"alg\":\"hs256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256 \"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS384\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS512\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"RS256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"RS384\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"RS512\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"ES256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"PS256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"EdDSA\"}" },
        { "{\"typ\":\"JWT\"}" },
        { "{\"alg\":\"HS256\"}" },
        { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}" },
        { "{ \"typ\":\"JWT\",\"alg\":\"HS256\"}" },
        { "{\"typ\":\"JWT\", \"alg\":\"HS256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\"}\n" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\"} " },
        { "{\"typ\":\"jwt\",\"alg\":\"HS256\"}" },
        { "{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}" },
        { "{\"typ\":\"JWS\",\"alg\":\"HS256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS25\\u0036\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"none\",\"alg\":\"HS256\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"alg\":\"none\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"crit\":[\"exp\"]}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"crit\":[]}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"1\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"' UNION SELECT 'k\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"jku\":\"https://evil.example/keys\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"x5u\":\"https://evil.example/cert\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"b64\":false}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"zip\":\"DEF\"}" },
        { "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"cty\":\"JWT\"}" },
        { "[\"JWT\",\"HS256\"]" },
        { "\"HS256\"" },
        { "null" },
        { "{}" },
        { "" },
    };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(hostile); i++)
        if (is_taken(a, forge(a, test_key, str_from(hostile[i].text), STR(CLAIMS))))
            fail_msg("taken with the header %s", hostile[i].text);
    assert_true(is_taken(a, forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS))));
    arena_free(a);
}

static void
test_claims_refused(void **state)
{
    static const struct text_case hostile[] = {
        { "" },
        { "null" },
        { "true" },
        { "1" },
        { "\"text\"" },
        { "[]" },
        { "[{\"a\":1}]" },
        { "[\"a\",1]" },
        { " {\"a\":1}" },
        { "{\"a\":1}x" },
        { "{\"a\":1}{\"a\":1}" },
        { "{\"a\":1" },
        { "{\"a\":}" },
        { "{\"a\":1,}" },
        { "{a:1}" },
        { "{'a':1}" },
        { "{\"a\":01}" },
        { "{\"a\":1.}" },
        { "{\"a\":+1}" },
        { "{\"a\":NaN}" },
        { "{\"a\":0x10}" },
        { "{\"a\":True}" },
        { "{\"a\":1} // b" },
        { "{\"a\":1,\"a\":1}" },
        { "{\"a\":1,\"a\":2}" },
        { "{\"a\":1,\"\\u0061\":2}" },
        { "{\"a\":{}}" },
        { "{\"a\":[]}" },
        { "{\"a\":[\"b\"]}" },
        { "{\"a\":{\"a\":{\"a\":{}}}}" },
        { "{\"a\":\"\\u0000\"}" },
        { "{\"a\\u0000b\":1}" },
        { "{\"a\":\"\\ud800\"}" },
        { "{\"a\":\"\\udc00\\ud800\"}" },
        { "{\"a\":\"\\x41\"}" },
        { "{\"a\":\"\n\"}" },
        { "{\"a\":\"\x01\"}" },
        { "{\"a\":\"\xFF\"}" },
        { "{\"a\":\"\xC0\x80\"}" },
        { "{\"a\":\"\xED\xA0\x80\"}" },
        { "{\"a\":\"\xF4\x90\x80\x80\"}" },
        { "\xEF\xBB\xBF{\"a\":1}" },
        { "{\"a\":99999999999999999999}" },
        { "{\"a\":100000000000000000000000000000000000000000}" },
        { "{\"a\":1e400}" },
    };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(hostile); i++)
        if (is_taken(a, forge(a, test_key, STR(GOOD_HEADER), str_from(hostile[i].text))))
            fail_msg("taken with the claims %s", hostile[i].text);
    assert_false(is_taken(a, forge(a, test_key, STR(GOOD_HEADER), STR("{\"a\":\"\0\"}"))));
    assert_false(is_taken(a, forge(a, test_key, STR(GOOD_HEADER), STR("{\"a\":1}\0"))));
    arena_free(a);
}

/* Texts that are not a rightly signed header and claims; %h, %c and %s are the
 * parts of a good token. */
static void
test_shapes(void **state)
{
    static const struct text_case hostile[] = {
        { "" },
        { "." },
        { ".." },
        { "..." },
        { "a.b.c" },
        { "%h" },
        { "%h." },
        { "%h.%c" },
        { "%h.%c." },
        { "%h..%s" },
        { ".%c.%s" },
        { "%c.%s" },
        { "%h%c%s" },
        { "%h,%c,%s" },
        { ".%h.%c.%s" },
        { "%h.%c.%s." },
        { "%h.%c.%s.%s" },
        { "%h.%c..%s" },
        { "%h..%c.%s" },
        { "%h.%c.%h" },
        { "%s.%c.%h" },
        { "%h.%s.%c" },
        { "%h.%c.%s%s" },
        { "%h.%c%c.%s" },
        { "%h%h.%c.%s" },
        { " %h.%c.%s" },
        { "%h.%c.%s " },
        { "%h.%c.%s\n" },
        { "%h.%c.%s\r\n" },
        { "\t%h.%c.%s" },
        { "%h .%c.%s" },
        { "%h. %c.%s" },
        { "%h.%c .%s" },
        { "%h.%c. %s" },
        { "%h.%c.%s=" },
        { "%h=.%c.%s" },
        { "%h.%c=.%s" },
        { "%h.%c==.%s" },
        { "%h.%c.%s==" },
        { "%h.%c.%s!" },
        { "%h.!%c.%s" },
        { "%h.%c-.%s" },
        { "%h.%c+.%s" },
        { "%h.%c/.%s" },
        { "%h.%c%%00.%s" },
        { "\"%h.%c.%s\"" },
        { "JWT %h.%c.%s" },
        { "Bearer %h.%c.%s" },
        { "%h.%c.%s,%h.%c.%s" },
        { "%h.%c.%s, JWT %h.%c.%s" },
        { "%h.%c.A%s" },
        { "%h.%c.%sA" },
        { "%h.%c.%sAA" },
        { "%h.A%c.%s" },
        { "%h.%cA.%s" },
        { "A%h.%c.%s" },
        { "%hA.%c.%s" },
        { "%h.%c.%s\xC2\xA0" },
    };
    struct arena *a = arena_new("test");
    struct str parts[3];

    (void)state;
    struct str good = forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS)), rest = good;
    for (int i = 0; i < 3; i++) {
        parts[i] = (struct str){ rest.ptr, str_find(rest, '.') };
        rest = (struct str){ rest.ptr + parts[i].len + 1, rest.len - parts[i].len - (i < 2) };
    }
    for (size_t i = 0; i < ARRAY_LENGTH(hostile); i++) {
        char text[2048];
        size_t len = 0;
        for (const char *p = hostile[i].text; *p; p++) {
            const char *which = *p == '%' ? memchr("hcs", p[1], 3) : NULL;
            struct str part = which ? parts[strcspn("hcs", which)] : (struct str){ p, 1 };
            memcpy(text + len, part.ptr, part.len);
            len += part.len;
            p += which ? 1 : 0;
        }
        if (is_taken(a, (struct str){ text, len }))
            fail_msg("taken as %s", hostile[i].text);
    }
    assert_true(is_taken(a, good));
    arena_free(a);
}

/* No other byte anywhere, and no part of it alone. */
static void
test_changes(void **state)
{
    static const char bytes[] = "AQgwz09-_+/=. \n\0\x80\xFF";
    struct arena *a = arena_new("test");
    struct str good = forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS));
    char text[512];

    (void)state;
    for (size_t i = 0; i < good.len; i++) {
        assert_false(is_taken(a, (struct str){ good.ptr, i }));
        assert_false(is_taken(a, (struct str){ good.ptr + i + 1, good.len - i - 1 }));
        for (size_t j = 0; j < sizeof(bytes) - 1; j++) {
            memcpy(text, good.ptr, good.len);
            text[i] = bytes[j];
            assert_int_equal(is_taken(a, (struct str){ text, good.len }), bytes[j] == good.ptr[i]);
        }
    }
    arena_free(a);
}

/* The same bytes in another spelling: the bits after the last byte of a part
 * mean nothing to a decoder, and would make many tokens of one. */
static void
test_spelling(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct arena *a = arena_new("test");
    int taken = 0;

    (void)state;
    struct str good = forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS));
    char *last = (char *)good.ptr + good.len - 1;
    for (const char *c = alphabet; *c; c++) {
        *last = *c;
        taken += is_taken(a, good);
    }
    assert_int_equal(taken, 1);

    /* {"a":1} ends in an incomplete group; signed as it is spelled. */
    struct str text = STR("eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ");
    last = (char *)str_copy(a, text).ptr;
    text.ptr = last;
    last += text.len - 1;
    taken = 0;
    for (const char *c = alphabet; *c; c++) {
        *last = *c;
        taken += is_taken(a, sign_text(a, test_key, text));
    }
    assert_int_equal(taken, 1);
    arena_free(a);
}

static void
test_length(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    /* 3,011 bytes of claims make a token of 4,096 bytes. */
    struct str most = str_format(a, "{\"a\":\"%0*d\"}", 3003, 0);
    struct str more = str_format(a, "{\"a\":\"%0*d\"}", 3004, 0);
    struct str longest = forge(a, test_key, STR(GOOD_HEADER), most);
    struct str too_long = forge(a, test_key, STR(GOOD_HEADER), more);
    assert_int_equal(longest.len, 4096);
    assert_int_equal(too_long.len, 4097);
    assert_true(is_taken(a, longest));
    assert_false(is_taken(a, too_long));

    size_t size = 9 << 20;
    char *giant = arena_alloc(a, size);
    memset(giant, 'A', size);
    assert_false(is_taken(a, (struct str){ giant, size }));
    memset(giant, '.', size);
    assert_false(is_taken(a, (struct str){ giant, size }));
    arena_free(a);
}

static void
test_secrets(void **state)
{
    struct arena *a = arena_new("test");
    struct str zeros = STR("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    struct str half = { test_key.ptr, 31 };
    struct str good = forge(a, test_key, STR(GOOD_HEADER), STR(CLAIMS));

    (void)state;
    assert_null(verify(a, zeros, good));
    assert_null(verify(a, half, forge(a, half, STR(GOOD_HEADER), STR(CLAIMS))));
    assert_null(verify(a, STR_NONE, forge(a, STR(""), STR(GOOD_HEADER), STR(CLAIMS))));
    assert_null(verify(a, STR_NONE,
                       forge(a, STR(""), STR("{\"typ\":\"JWT\",\"alg\":\"none\"}"), STR(CLAIMS))));
    /* A key is bytes: NULs are some, and all of it counts. */
    assert_non_null(verify(a, zeros, forge(a, zeros, STR(GOOD_HEADER), STR(CLAIMS))));
    struct str longer = str_format(a, "%.*sx", STR_PRINT(test_key));
    assert_null(verify(a, longer, good));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign),     cmocka_unit_test(test_claims),
        cmocka_unit_test(test_headers),  cmocka_unit_test(test_claims_refused),
        cmocka_unit_test(test_shapes),   cmocka_unit_test(test_changes),
        cmocka_unit_test(test_spelling), cmocka_unit_test(test_length),
        cmocka_unit_test(test_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
