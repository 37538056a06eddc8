/*
 * test_issuer.c - tokens of other issuers: the shapes that Keycloak, Auth0, Supabase and Cognito
 * give them, their claims, and the requests that they come with.
 *
 * SPDX-License-Identifier: MIT
 */
#include "issuer_case.h"

#include <time.h>

#include "base/error.h"
#include "auth/known_tokens.h"

static void
test_keycloak(void **state)
{
    const struct token_key *const keys[] = { &rsa, &p256, &ed25519 };
    struct token_claims token;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        struct str text = sign_with(keys[i], header_of(keys[i], ""), KEYCLOAK);
        assert_int_equal(read_token(text, &token), TOKEN_GOOD);
        assert_true(str_is(token.subject, "f:3c1d:ada") && !token.user_id.ptr);
        assert_true(str_is(token.role, "staff") && !token.session.ptr);
        assert_true(str_is(token.settings[0], "17") && str_is(token.settings[1], "[\"a\",\"b\"]"));
        assert_true(token.expires == 1800000290 && token.issuer == &auth.issuers[0]);
    }
}

static void
test_auth0(void **state)
{
    struct token_claims token;

    (void)state;
    struct str text = sign_with(&rsa, header_of(&rsa, ""), AUTH0("auth0|507f1f77bcf86cd7", ""));
    assert_int_equal(read_token(text, &token), TOKEN_GOOD);
    assert_true(str_is(token.subject, "auth0|507f1f77bcf86cd7") && str_is(token.role, "staff"));
    /* The profile of RFC 9068. */
    const char *header =
        str_format(arena, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", rsa.id.ptr).ptr;
    assert_int_equal(state_of(sign_with(&rsa, header, AUTH0("a", ""))), TOKEN_GOOD);
    /* A subject that is a key here is not that user. */
    text = sign_with(&rsa, header_of(&rsa, ""), AUTH0("1", ""));
    assert_int_equal(read_token(text, &token), TOKEN_GOOD);
    assert_null(token.user_id.ptr);
}

static void
test_supabase(void **state)
{
    const struct token_key secret = token_key_of_secret(arena, STR(SUPABASE_SECRET));
    struct token_claims token;

    (void)state;
    struct str text =
        sign_with(&secret, "{\"alg\":\"HS256\",\"kid\":\"xw9\",\"typ\":\"JWT\"}", SUPABASE);
    assert_int_equal(read_token(text, &token), TOKEN_GOOD);
    assert_true(str_is(token.user_id, "8c9b7f8e-2f8b-4d3c-9c51-1f0c2c8a7b10"));
    assert_true(str_is(token.role, "user") && str_is(token.settings[0], "acme"));
    assert_true(str_is(token.settings[1], "aal1"));
    text = sign_with(&p256, header_of(&p256, ""), SUPABASE);
    assert_int_equal(state_of(text), TOKEN_GOOD);
    /* An algorithm that this issuer is not said to have. */
    text = sign_with(&rsa, header_of(&rsa, ""), SUPABASE);
    assert_int_equal(state_of(text), TOKEN_INVALID);
}

/* It has no `aud`, but the client's id. */
static void
test_cognito(void **state)
{
#define COGNITO(client, use)                                                                       \
    "{\"sub\":\"aaaa-bbbb\",\"cognito:groups\":[\"editors\"],\"token_use\":\"" use "\","           \
    "\"scope\":\"openid\",\"iss\":\"https://cognito-idp.example/pool\","                           \
    "\"exp\":1800003590,\"iat\":1799999990,\"client_id\":\"" client "\",\"username\":\"ada\"}"
    struct token_claims token;

    (void)state;
    struct str text = sign_with(&rsa, header_of(&rsa, ""), COGNITO("6tk2", "access"));
    assert_int_equal(read_token(text, &token), TOKEN_GOOD);
    assert_true(str_is(token.subject, "aaaa-bbbb") && str_is(token.role, "staff"));
    text = sign_with(&rsa, header_of(&rsa, ""), COGNITO("6tk3", "access"));
    assert_int_equal(state_of(text), TOKEN_INVALID);
    text = sign_with(&rsa, header_of(&rsa, ""), COGNITO("6tk2", "id"));
    assert_int_equal(state_of(text), TOKEN_INVALID);
}

static void
test_claims(void **state)
{
    static const struct {
        const char *aud, *exp, *more;
        enum token_state state;
    } cases[] = {
        { "\"news-api\"", "1800000290", "", TOKEN_GOOD },
        { "[\"news-api\"]", "1800000290", ",\"nbf\":1800000000", TOKEN_GOOD },
        { "\"news-api\"", "1800000000", "", TOKEN_EXPIRED },
        { "\"news-api\"", "1799999999", "", TOKEN_EXPIRED },
        { "\"news-api\"", "1799999990", "", TOKEN_INVALID }, /* exp is iat */
        { "\"news-api\"", "1800086390", "", TOKEN_GOOD },    /* a day */
        { "\"news-api\"", "1800086391", "", TOKEN_INVALID },
        { "\"news-api\"", "\"1800000290\"", "", TOKEN_INVALID },
        { "\"news-api\"", "1800000290.5", "", TOKEN_INVALID },
        { "\"news-api\"", "1e20", "", TOKEN_INVALID },
        { "\"news-api\"", "-1", "", TOKEN_INVALID },
        { "\"news-api\"", "null", "", TOKEN_INVALID },
        { "\"news-api\"", "99999999999999999999", "", TOKEN_INVALID },
        { "\"account\"", "1800000290", "", TOKEN_INVALID },
        { "\"NEWS-API\"", "1800000290", "", TOKEN_INVALID },
        { "\"news-api account\"", "1800000290", "", TOKEN_INVALID },
        { "[]", "1800000290", "", TOKEN_INVALID },
        { "[[\"news-api\"]]", "1800000290", "", TOKEN_INVALID },
        { "{\"news-api\":1}", "1800000290", "", TOKEN_INVALID },
        { "null", "1800000290", "", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"nbf\":1800000031", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"nbf\":1800000030", TOKEN_GOOD },
        { "\"news-api\"", "1800000290", ",\"nbf\":\"1\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"at_hash\":\"x\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"c_hash\":\"x\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"events\":{}", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"cnf\":{\"jkt\":\"x\"}", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"token_use\":\"id\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"token_use\":\"access\"", TOKEN_GOOD },
        { "\"news-api\"", "1800000290", ",\"sub\":\"f:3c1d:bob\"", TOKEN_INVALID }, /* twice */
        { "\"news-api\"", "1800000290", ",\"typ\":\"Bearer\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"x\":\"\\u0000\"", TOKEN_INVALID },
        { "\"news-api\"", "1800000290", ",\"x\":\"\xFF\"", TOKEN_INVALID },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *format = KEYCLOAK_WITH("%s", "%s", "%s");
        struct buf *b = buf_new(arena);
        buf_printf(b, format, cases[i].exp, cases[i].aud, cases[i].more);
        struct str claims = buf_copy(arena, b);
        if (state_of(sign_with(&rsa, header_of(&rsa, ""), claims.ptr)) != cases[i].state)
            fail_msg("aud %s, exp %s, %s is not %d", cases[i].aud, cases[i].exp, cases[i].more,
                     cases[i].state);
    }
}

/* The claims with one text said otherwise. */
static struct str
replace(const char *old, const char *new)
{
    const char *at = strstr(KEYCLOAK, old);

    assert_non_null(at);
    struct str claims =
        str_format(arena, "%.*s%s%s", (int)(at - KEYCLOAK), KEYCLOAK, new, at + strlen(old));
    return sign_with(&rsa, header_of(&rsa, ""), claims.ptr);
}

static void
test_rules(void **state)
{
    static const struct {
        const char *old, *new;
    } refused[] = {
        { "\"iss\":\"https://sso.example/realms/news\"",
          "\"iss\":\"https://sso.example/realms/new\"" },
        { "\"iss\":\"https://sso.example/realms/news\"",
          "\"iss\":\"https://sso.example/realms/news/\"" },
        { "\"iss\":\"https://sso.example/realms/news\"",
          "\"iss\":\"https://dev.eu.auth0.example/\"" },
        { "\"iss\":\"https://sso.example/realms/news\"", "\"iss\":\"linnet\"" },
        { "\"iss\":\"https://sso.example/realms/news\"",
          "\"iss\":[\"https://sso.example/realms/news\"]" },
        { "\"iss\":\"https://sso.example/realms/news\"", "\"isz\":1" },
        { "\"sub\":\"f:3c1d:ada\"", "\"sub\":\"\"" },
        { "\"sub\":\"f:3c1d:ada\"", "\"sub\":null" },
        { "\"sub\":\"f:3c1d:ada\"", "\"sub\":{\"a\":\"b\"}" },
        { "\"sub\":\"f:3c1d:ada\"", "\"suv\":\"f:3c1d:ada\"" },
        { "\"iat\":1799999990,", "" },
        { "\"iat\":1799999990", "\"iat\":1800000031" },
        { "\"iat\":1799999990", "\"iat\":\"1799999990\"" },
        { "\"typ\":\"Bearer\"", "\"typ\":\"ID\"" },
        { "\"typ\":\"Bearer\"", "\"typ\":\"Refresh\"" },
        { "\"typ\":\"Bearer\",", "" },
        { "\"azp\":\"web\"", "\"azp\":\"mobile\"" },
        { "\"azp\":\"web\"", "\"azp\":{\"web\":1}" },
        { "\"azp\":\"web\",", "" },
    };
    static const struct {
        const char *old, *new, *role;
    } roles[] = {
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":[\"news-user\"]", "user" },
        { "\"roles\":[\"offline_access\",\"news-admin\"]",
          "\"roles\":[\"news-user\",\"news-admin\"]", "staff" },
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":\"a news-admin\"", "staff" },
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":\"news-admins\"", "user" },
        /* Our own names mean nothing there. */
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":[\"staff\"]", "user" },
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":[[\"news-admin\"]]", "user" },
        { "\"roles\":[\"offline_access\",\"news-admin\"]", "\"roles\":{\"news-admin\":1}", "user" },
        { "\"realm_access\":{", "\"role\":\"staff\",\"x\":{", "user" },
    };
    struct token_claims token;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
        if (state_of(replace(refused[i].old, refused[i].new)) != TOKEN_INVALID)
            fail_msg("taken with %s", refused[i].new);
    for (size_t i = 0; i < ARRAY_LENGTH(roles); i++) {
        assert_int_equal(read_token(replace(roles[i].old, roles[i].new), &token), TOKEN_GOOD);
        if (!str_is(token.role, roles[i].role))
            fail_msg("%s gives another role than %s", roles[i].new, roles[i].role);
    }
    struct str longest = str_format(arena, "\"sub\":\"%0255d\"", 0);
    assert_int_equal(state_of(replace("\"sub\":\"f:3c1d:ada\"", longest.ptr)), TOKEN_GOOD);
    longest = str_format(arena, "\"sub\":\"%0256d\"", 0);
    assert_int_equal(state_of(replace("\"sub\":\"f:3c1d:ada\"", longest.ptr)), TOKEN_INVALID);
    /* A claim that is absent is no setting. */
    assert_int_equal(read_token(replace("\"organization\":{\"id\":17}", "\"x\":1"), &token),
                     TOKEN_GOOD);
    assert_null(token.settings[0].ptr);
}

/* --- requests --- */

/* A token of Auth0's that is good now. */
static struct str
make_now(const char *subject)
{
    struct str claims =
        str_format(arena,
                   "{\"iss\":\"https://dev.eu.auth0.example/\",\"sub\":\"%s\","
                   "\"aud\":\"https://news.example/api\",\"iat\":%lld,\"exp\":%lld}",
                   subject, (long long)time(NULL), (long long)time(NULL) + 600);

    return sign_with(&rsa, header_of(&rsa, ""), claims.ptr);
}

static void
identify(struct auth_request *request, struct str token, struct viewer *viewer)
{
    struct errors errors = { .arena = arena };

    assert_true(
        auth_identify(arena, request, str_format(arena, "Bearer %s", token.ptr), viewer, &errors));
}

static void
assert_settings(const struct viewer *viewer, const char *subject)
{
    assert_int_equal(viewer->setting_count, 2);
    assert_true(str_is(viewer->settings[0].name, "linnet.issuer"));
    assert_true(str_is(viewer->settings[0].value, "https://dev.eu.auth0.example/"));
    assert_true(str_is(viewer->settings[1].name, "linnet.subject"));
    assert_true(str_is(viewer->settings[1].value, subject));
}

/* Nobody until the application has said whose subject it is; and again after a minute. */
static void
test_requests(void **state)
{
    struct known_tokens *known = known_tokens_new(arena, 10);
    struct auth_request request = { .auth = &auth, .known = known };
    const struct column_type integer = { .kind = COLUMN_INT4 };
    struct viewer viewer;
    struct str token = make_now("auth0|5");

    (void)state;
    request.key_type = &integer;
    for (int i = 0; i < 2; i++) {
        identify(&request, token, &viewer);
        assert_true(request.needs_user && !viewer.user_id.ptr && !viewer.token_error);
        assert_settings(&viewer, "auth0|5");
        auth_set_user(arena, &request, STR_NONE, &viewer); /* nobody is not remembered */
        assert_true(!request.needs_user && !viewer.user_id.ptr && !viewer.role.ptr);
        assert_settings(&viewer, "auth0|5");
    }
    identify(&request, token, &viewer);
    auth_set_user(arena, &request, STR("no key"), &viewer);
    assert_null(viewer.user_id.ptr);

    for (int i = 0; i < 2; i++) {
        identify(&request, token, &viewer);
        assert_true(request.needs_user && !viewer.user_id.ptr);
        auth_set_user(arena, &request, STR("7"), &viewer);
        assert_true(str_is(viewer.user_id, "7") && str_is(viewer.role, "user"));
        clock_time += AUTH_SUBJECT_TIME - 1;
        request = (struct auth_request){ .auth = &auth, .known = known, .key_type = &integer };
        identify(&request, token, &viewer);
        assert_true(!request.needs_user && str_is(viewer.user_id, "7") && viewer.has_good_key);
        assert_true(str_is(viewer.database_role, "pg_user") && !viewer.session_id.ptr);
        assert_settings(&viewer, "auth0|5");
        clock_time += 1;
    }

    /* Other keys: what they verified before is forgotten. */
    identify(&request, token, &viewer);
    auth_set_user(arena, &request, STR("7"), &viewer);
    write_file("rsa.json", make_set((const struct token_key *[]){ &stranger, NULL }));
    clock_time += JWKS_CHECK_TIME;
    identify(&request, token, &viewer);
    assert_true(!viewer.user_id.ptr && viewer.token_error);
    write_file("rsa.json", make_set((const struct token_key *[]){ &rsa, NULL }));
    clock_time += JWKS_CHECK_TIME;
    identify(&request, token, &viewer);
    assert_true(request.needs_user && !viewer.token_error);
}

/* Our own tokens are what they were beside those of others, which renew no login. */
static void
test_own(void **state)
{
    struct auth_request request = { .auth = &auth };
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("staff"), .login = time(NULL)
    };
    struct viewer viewer;

    (void)state;
    identify(&request, token_issue(arena, &auth, time(NULL), &token), &viewer);
    assert_true(str_is(viewer.user_id, "7") && viewer.setting_count == 0 && !request.needs_user);
    assert_int_equal(token_read(arena, &auth, make_now("7"), time(NULL), &token), TOKEN_INVALID);
    assert_false(token_shows_login(arena, &auth, make_now("7"), time(NULL), &token));
}

/* Header and cookie: of the same subject they agree, known or not; of two they do not. */
static void
test_header_and_cookie(void **state)
{
    const struct {
        struct str header, cookie;
        bool is_good;
    } cases[] = {
        { make_now("a"), make_now("a"), true },
        { make_now("a"), make_now("b"), false },
        { make_now("b"), make_now("a"), false },
    };
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("user"), .login = time(NULL)
    };
    struct str own = token_issue(arena, &auth, time(NULL), &token);

    (void)state;
    for (int is_known = 0; is_known < 2; is_known++) {
        struct known_tokens *known = known_tokens_new(arena, 10);
        struct auth_request first = { .auth = &auth, .known = known };
        struct viewer viewer;
        if (is_known) {
            identify(&first, make_now("a"), &viewer);
            auth_set_user(arena, &first, STR("7"), &viewer);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
            struct errors errors = { .arena = arena };
            struct auth_cookies cookies = { { [AUTH_ACCESS] = { .is_used = true,
                                                                .came = cases[i].cookie } } };
            struct auth_request request = { .auth = &auth, .known = known, .cookies = &cookies };
            struct str header = str_format(arena, "JWT %s", cases[i].header.ptr);
            assert_int_equal(auth_identify(arena, &request, header, &viewer, &errors),
                             cases[i].is_good);
            cookies.kinds[AUTH_ACCESS].came = own; /* of a user whom nobody has linked yet */
            if (!is_known)
                assert_false(auth_identify(arena, &request, header, &viewer, &errors));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keycloak),
        cmocka_unit_test(test_auth0),
        cmocka_unit_test(test_supabase),
        cmocka_unit_test(test_cognito),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_own),
        cmocka_unit_test(test_header_and_cookie),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
