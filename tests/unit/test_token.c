/*
 * test_token.c - what a token must say to be believed: every claim, its type and
 * its time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "token_case.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "auth/auth.h"
#include "auth/token.h"
#include "tests/unit/test_clock.h"

enum { NOW = 1800000000, LIFE = 900, REFRESH = 14 * 86400 };

static struct auth
test_auth(void)
{
    return (struct auth){ .ring = test_ring,
                          .issuer = STR("linnet"),
                          .audience = STR("graphql"),
                          .token_time = LIFE,
                          .refresh_time = REFRESH,
                          .roles = test_roles,
                          .role_count = 2 };
}

/* The claims of a good token, issued at NOW. */
static const struct {
    const char *name, *json;
} good_claims[] = {
    { "iss", "\"linnet\"" },
    { "aud", "\"graphql\"" },
    { "sub", "\"7\"" },
    { "username", "\"ada\"" },
    { "role", "\"user\"" },
    { "iat", "1800000000" },
    { "exp", "1800000900" },
    { "origIat", "1800000000" },
    { "jti", "\"00112233445566778899aabbccddeeff\"" },
};
enum { CLAIMS = ARRAY_LENGTH(good_claims) };

/* A token with up to two claims said otherwise (NULL: not at all), or more. */
struct claim_case {
    int now; /* seconds after NOW that it is read */
    const char *name, *json;
    const char *other_name, *other_json;
    enum token_state state;
};

static void
put_claim(struct buf *b, const char *name, const char *json)
{
    if (!json)
        return;
    buf_byte(b, b->len > 0 ? ',' : '{');
    json_write_name(b, str_from(name));
    buf_put_c(b, json);
}

static struct str
forge_case(struct arena *a, const struct claim_case *c)
{
    struct buf *b = buf_new(a);
    bool is_known = !c->name, is_other_known = !c->other_name;

    for (int i = 0; i < CLAIMS; i++) {
        const char *name = good_claims[i].name;
        bool is_it = c->name && strcmp(c->name, name) == 0;
        bool is_other = c->other_name && strcmp(c->other_name, name) == 0;
        put_claim(b, name, is_it ? c->json : is_other ? c->other_json : good_claims[i].json);
        is_known |= is_it;
        is_other_known |= is_other;
    }
    if (!is_known)
        put_claim(b, c->name, c->json);
    if (!is_other_known)
        put_claim(b, c->other_name, c->other_json);
    buf_byte(b, '}');
    return forge(a, test_key, STR(GOOD_HEADER), buf_str(b));
}

static void
check_cases(const struct claim_case *cases, size_t count)
{
    struct arena *a = arena_new("test");
    struct auth auth = test_auth();
    struct token_claims token;

    for (size_t i = 0; i < count; i++) {
        const struct claim_case *c = &cases[i];
        enum token_state state = token_read(a, &auth, forge_case(a, c), NOW + c->now, &token);
        if (state != c->state)
            fail_msg("%s: %s, %s: %s, read at %+d: %d", c->name, c->json, c->other_name,
                     c->other_json, c->now, state);
    }
    arena_free(a);
}

#define CHECK(cases) check_cases(cases, ARRAY_LENGTH(cases))

/* Each claim absent, null, and of every other type. */
static void
test_types(void **state)
{
    static const char *const no_texts[] = { NULL,   "null", "true", "7",      "7.5",
                                            "\"\"", "[]",   "{}",   "[\"7\"]" };
    static const char *const no_times[] = { NULL,
                                            "null",
                                            "true",
                                            "false",
                                            "\"1800000000\"",
                                            "\"\"",
                                            "[]",
                                            "{}",
                                            "0",
                                            "-1",
                                            "1800000000.0",
                                            "1e20",
                                            "1.8e9",
                                            "-1800000000",
                                            "9223372036854775807",
                                            "9223372036854775808",
                                            "99999999999999999999" };

    (void)state;
    for (int i = 0; i < CLAIMS; i++) {
        bool is_text = good_claims[i].json[0] == '"';
        size_t count = is_text ? ARRAY_LENGTH(no_texts) : ARRAY_LENGTH(no_times);
        for (size_t j = 0; j < count; j++) {
            struct claim_case c = { .name = good_claims[i].name,
                                    .json = is_text ? no_texts[j] : no_times[j],
                                    .state = TOKEN_INVALID };
            check_cases(&c, 1);
        }
    }
}

static void
test_values(void **state)
{
    static const struct claim_case cases[] = {
        { 0, NULL, NULL, NULL, NULL, TOKEN_GOOD },
        { 0, "role", "\"staff\"", NULL, NULL, TOKEN_GOOD },
        { 0, "username", "\"\xC3\xA9.+-_@x\"", NULL, NULL, TOKEN_GOOD },
        { 0, "more", "\"of a later version\"", NULL, NULL, TOKEN_GOOD },
        { 0, "role", "\"anon\"", NULL, NULL, TOKEN_INVALID },
        { 0, "role", "\"Staff\"", NULL, NULL, TOKEN_INVALID },
        { 0, "role", "\"staff \"", NULL, NULL, TOKEN_INVALID },
        { 0, "role", "\"postgres\"", NULL, NULL, TOKEN_INVALID },
        { 0, "iss", "\"Linnet\"", NULL, NULL, TOKEN_INVALID },
        { 0, "iss", "\"linnet2\"", NULL, NULL, TOKEN_INVALID },
        { 0, "iss", "\"linne\"", NULL, NULL, TOKEN_INVALID },
        { 0, "iss", "\"https://evil.example\"", NULL, NULL, TOKEN_INVALID },
        { 0, "aud", "\"refresh\"", NULL, NULL, TOKEN_INVALID },
        { 0, "aud", "[\"graphql\"]", NULL, NULL, TOKEN_INVALID },
        { 0, "aud", "[\"graphql\",\"other\"]", NULL, NULL, TOKEN_INVALID },
        { 0, "aud", "\"graphql,other\"", NULL, NULL, TOKEN_INVALID },
        { 0, "iss", "\"graphql\"", "aud", "\"linnet\"", TOKEN_INVALID },
    };

    (void)state;
    CHECK(cases);
}

static void
test_times(void **state)
{
    static const struct claim_case cases[] = {
        /* The end: the last second is the one before exp. */
        { LIFE - 1, NULL, NULL, NULL, NULL, TOKEN_GOOD },
        { LIFE, NULL, NULL, NULL, NULL, TOKEN_EXPIRED },
        { LIFE + 1, NULL, NULL, NULL, NULL, TOKEN_EXPIRED },
        { 300000000, NULL, NULL, NULL, NULL, TOKEN_EXPIRED },
        /* Expired and otherwise wrong is wrong. */
        { LIFE, "iss", "\"other\"", NULL, NULL, TOKEN_INVALID },
        { LIFE, "jti", NULL, NULL, NULL, TOKEN_INVALID },
        { LIFE, "nbf", "\"soon\"", NULL, NULL, TOKEN_INVALID },
        /* The beginning: another server's clock may be 30 seconds ahead. */
        { -30, NULL, NULL, NULL, NULL, TOKEN_GOOD },
        { -31, NULL, NULL, NULL, NULL, TOKEN_INVALID },
        { -300000000, NULL, NULL, NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "1800000030", NULL, NULL, TOKEN_GOOD },
        { 0, "nbf", "1800000031", NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "1", NULL, NULL, TOKEN_GOOD },
        { 0, "nbf", "0", NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "null", NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "\"1800000000\"", NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "1.5", NULL, NULL, TOKEN_INVALID },
        { 0, "nbf", "9223372036854775807", NULL, NULL, TOKEN_INVALID },
        /* How long it lives. */
        { 0, "exp", "1800000001", NULL, NULL, TOKEN_GOOD },
        { 0, "exp", "1800000901", NULL, NULL, TOKEN_INVALID },
        { 0, "exp", "1800000000", NULL, NULL, TOKEN_INVALID },
        { 0, "exp", "1799999999", NULL, NULL, TOKEN_INVALID },
        { 0, "exp", "1900000000", NULL, NULL, TOKEN_INVALID },
        { 0, "iat", "1", "exp", "9223372036854775807", TOKEN_INVALID },
        { 0, "iat", "1799999999", NULL, NULL, TOKEN_INVALID }, /* 901 s; and before the login */
        { 0, "iat", "1799999999", "origIat", "1799999999", TOKEN_INVALID }, /* 901 s */
        /* How long the login is ago. */
        { 0, "origIat", "1799999999", NULL, NULL, TOKEN_GOOD },
        { 0, "origIat", "1798790400", NULL, NULL, TOKEN_GOOD },
        { 0, "origIat", "1798790399", NULL, NULL, TOKEN_INVALID },
        { 0, "origIat", "1800000001", NULL, NULL, TOKEN_INVALID },
        { 0, "origIat", "1", NULL, NULL, TOKEN_INVALID },
    };

    (void)state;
    CHECK(cases);
}

/* A bound that reaches back to 1970 lets no absent time pass. */
static void
test_no_login(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = test_auth();
    struct claim_case c = { .name = "origIat" };
    struct token_claims token;

    (void)state;
    auth.refresh_time = INT32_MAX;
    assert_int_equal(token_read(a, &auth, forge_case(a, &c), NOW, &token), TOKEN_INVALID);
    c.json = "1";
    assert_int_equal(token_read(a, &auth, forge_case(a, &c), NOW, &token), TOKEN_GOOD);
    arena_free(a);
}

/* The JSON between the dots. */
static struct str
decode_claims(struct arena *a, struct str token)
{
    size_t start = str_find(token, '.') + 1, len;
    struct str rest = { token.ptr + start, token.len - start };
    unsigned char *json = arena_alloc(a, rest.len + 1);

    assert_int_equal(sodium_base642bin(json, rest.len, rest.ptr, str_find(rest, '.'), NULL, &len,
                                       NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    json[len] = '\0';
    return (struct str){ (const char *)json, len };
}

static void
test_issue(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = test_auth();
    struct token_claims token = { .user_id = STR("7"),
                                  .username =
                                      STR("\xC3\xA9\"\\\n"), /* it is escaped as JSON needs it */
                                  .role = STR("staff"),
                                  .login = NOW - 10 };
    struct token_claims read;

    (void)state;
    struct str text = token_issue(a, &auth, NOW, &token);
    assert_non_null(text.ptr);
    assert_int_equal(token.issued, NOW);
    assert_int_equal(token.expires, NOW + LIFE);
    assert_memory_equal(text.ptr, "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.", 37);
    assert_int_equal(token_read(a, &auth, text, NOW + LIFE - 1, &read), TOKEN_GOOD);
    assert_true(str_equal(read.user_id, token.user_id));
    assert_true(str_equal(read.username, token.username));
    assert_true(str_equal(read.role, token.role));
    assert_int_equal(read.issued, NOW);
    assert_int_equal(read.expires, NOW + LIFE);
    assert_int_equal(read.login, NOW - 10);
    assert_int_equal(token_read(a, &auth, text, NOW + LIFE, &read), TOKEN_EXPIRED);

    /* No two are the same. */
    assert_false(str_equal(text, token_issue(a, &auth, NOW, &token)));
    /* Without a key none is given, and none is good. */
    auth.ring = no_ring;
    assert_null(token_issue(a, &auth, NOW, &token).ptr);
    assert_int_equal(token_read(a, &auth, text, NOW, &read), TOKEN_INVALID);
    arena_free(a);
}

/* The claims as they are written, but for the id. */
static void
test_claims(void **state)
{
    static const char expected[] =
        "{\"iss\":\"linnet\",\"aud\":\"https://a.example/\",\"sub\":\"7\","
        "\"username\":\"\xC3\xA9\\\"\\\\\\n\\u001f/\",\"role\":\"staff\","
        "\"iat\":1800000000,\"exp\":1800000300,\"origIat\":1799999990,\"jti\":\"";
    struct arena *a = arena_new("test");
    struct auth auth = test_auth();
    struct token_claims token = { .user_id = STR("7"),
                                  .username = STR("\xC3\xA9\"\\\n\x1F/"),
                                  .role = STR("staff"),
                                  .login = 1799999990 };

    (void)state;
    auth.audience = STR("https://a.example/");
    auth.token_time = 300;
    struct str text = token_issue(a, &auth, 1800000000, &token);
    assert_non_null(text.ptr);
    struct str claims = decode_claims(a, text);
    assert_int_equal(claims.len, sizeof(expected) - 1 + 32 + 2);
    assert_memory_equal(claims.ptr, expected, sizeof(expected) - 1);
    assert_string_equal(claims.ptr + claims.len - 2, "\"}");

    /* What is not UTF-8 is not signed. */
    auth.issuer = STR("\xFF");
    assert_null(token_issue(a, &auth, NOW, &token).ptr);
    arena_free(a);
}

/* A key that was replaced is believed until its time is over, and signs nothing. */
static void
test_previous_key(void **state)
{
    struct arena *a = arena_new("test");
    struct auth old = test_auth(), new = test_auth();
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("user"), .login = NOW
    };

    (void)state;
    struct token_key keys[] = { SECRET_KEY("fedcba9876543210fedcba9876543210"), test_keys[0] };
    keys[1].until = clock_time + 100;
    new.ring = (struct ring){ keys, 2 };
    struct str before = token_issue(a, &old, NOW, &token);
    struct str after = token_issue(a, &new, NOW, &token);
    clock_time += 99;
    assert_int_equal(token_read(a, &new, before, NOW, &token), TOKEN_GOOD);
    clock_time += 1;
    assert_int_equal(token_read(a, &new, before, NOW, &token), TOKEN_INVALID);
    assert_int_equal(token_read(a, &new, after, NOW + 100, &token), TOKEN_GOOD);
    assert_int_equal(token_read(a, &old, after, NOW, &token), TOKEN_INVALID);
    arena_free(a);
}

static void
test_errors(void **state)
{
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };

    (void)state;
    struct error *expired = token_add_error(&errors, TOKEN_EXPIRED);
    struct error *invalid = token_add_error(&errors, TOKEN_INVALID);
    assert_int_equal(expired->code, ERROR_TOKEN_EXPIRED);
    assert_string_equal(expired->message.ptr, "Signature has expired");
    assert_int_equal(invalid->code, ERROR_TOKEN_INVALID);
    assert_string_equal(invalid->message.ptr, "Invalid token");
    assert_int_equal(errors.count, 2);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),        cmocka_unit_test(test_values),
        cmocka_unit_test(test_times),        cmocka_unit_test(test_no_login),
        cmocka_unit_test(test_issue),        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_previous_key), cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
