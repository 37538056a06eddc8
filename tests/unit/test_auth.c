/*
 * test_auth.c - whom a request comes from.
 *
 * SPDX-License-Identifier: MIT
 */
#include "token_case.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "auth/auth.h"
#include "auth/token.h"

enum outcome { NOBODY, SOMEBODY, REFUSED };

/* `%` stands for a good token. */
static const struct {
    const char *header;
    enum outcome outcome;
} headers[] = {
    { "JWT %", SOMEBODY },
    { "jwt %", SOMEBODY },
    { "Jwt %", SOMEBODY },
    { "Bearer %", SOMEBODY },
    { "BEARER %", SOMEBODY },
    { "bearer %", SOMEBODY },
    { "JWT   %", SOMEBODY },
    { "JWT\t%", SOMEBODY },
    { " JWT % ", SOMEBODY },
    /* Another scheme is for another server; no token is none. */
    { NULL, NOBODY },
    { "", NOBODY },
    { " ", NOBODY },
    { "JWT", NOBODY },
    { "JWT ", NOBODY },
    { "Bearer", NOBODY },
    { "Basic YWRhOnNlY3JldA==", NOBODY },
    { "Basic %", NOBODY },
    { "Digest username=\"ada\"", NOBODY },
    { "Token %", NOBODY },
    { "JWTx %", NOBODY },
    { "xJWT %", NOBODY },
    { "JWT: %", NOBODY },
    { "JWT,%", NOBODY },
    { "%", NOBODY },
    { ", JWT %", NOBODY },
    /* Presented, and not good. */
    { "JWT x", REFUSED },
    { "JWT null", REFUSED },
    { "Bearer undefined", REFUSED },
    { "JWT % %", REFUSED },
    { "JWT %, JWT %", REFUSED },
    { "JWT %,", REFUSED },
    { "JWT \"%\"", REFUSED },
    { "JWT %x", REFUSED },
    { "JWT token=%", REFUSED },
    { "JWT JWT %", REFUSED },
    { "JWT .", REFUSED },
};

static struct str
expand(struct arena *a, const char *header, struct str token)
{
    struct str out = STR("");

    if (!header)
        return STR_NONE;
    for (const char *p = header; *p; p++)
        out = *p == '%' ? str_format(a, "%.*s%.*s", STR_PRINT(out), STR_PRINT(token))
                        : str_format(a, "%.*s%c", STR_PRINT(out), *p);
    return out;
}

static void
test_identify(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = { .ring = test_ring,
                         .issuer = STR("i"),
                         .audience = STR("a"),
                         .token_time = 60,
                         .refresh_time = 60,
                         .roles = test_roles,
                         .role_count = 2 };
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("user"), .login = time(NULL)
    };
    struct str good = token_issue(a, &auth, time(NULL), &token);
    struct auth_request request = { .auth = &auth };
    struct errors errors = { .arena = a };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct viewer viewer = { .user_id = STR("1"), .role = STR("staff") }; /* of one before */
        assert_true(
            auth_identify(a, &request, expand(a, headers[i].header, good), &viewer, &errors));
        enum outcome outcome = viewer.token_error   ? REFUSED
                               : viewer.user_id.ptr ? SOMEBODY
                                                    : NOBODY;
        if (outcome != headers[i].outcome || (outcome != NOBODY) != (request.token.ptr != NULL))
            fail_msg("Authorization: %s gives %d", headers[i].header, outcome);
        bool is_user = str_is(viewer.user_id, "7") && str_is(viewer.role, "user") &&
                       str_is(viewer.database_role, "pg_user");
        bool is_nobody = !viewer.user_id.ptr && !viewer.role.ptr && !viewer.database_role.ptr;
        assert_true(outcome == SOMEBODY ? is_user : is_nobody);
        if (outcome == SOMEBODY)
            assert_true(str_equal(request.token, good));
        if (outcome == REFUSED)
            assert_int_equal(viewer.token_error->code, ERROR_TOKEN_INVALID);
    }
    arena_free(a);
}

static void
test_identify_roles(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = { .ring = test_ring,
                         .issuer = STR("i"),
                         .audience = STR("a"),
                         .token_time = 60,
                         .refresh_time = 60,
                         .roles = test_roles,
                         .role_count = 2 };
    struct auth_request request = { .auth = &auth };
    struct errors errors = { .arena = a };
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("staff"), .login = time(NULL) - 60
    };
    struct viewer viewer;

    (void)state;
    struct str good = token_issue(a, &auth, time(NULL), &token);
    assert_true(auth_identify(a, &request, expand(a, "JWT %", good), &viewer, &errors));
    assert_true(str_is(viewer.role, "staff") && str_is(viewer.database_role, "pg_staff"));

    /* A single role is never switched. */
    auth.roles = (struct auth_role[]){ { STR("user"), STR_NONE }, { STR("staff"), STR_NONE } };
    assert_true(auth_identify(a, &request, expand(a, "JWT %", good), &viewer, &errors));
    assert_true(str_is(viewer.role, "staff") && !viewer.database_role.ptr);

    struct str old = token_issue(a, &auth, time(NULL) - 60, &token);
    assert_true(auth_identify(a, &request, expand(a, "JWT %", old), &viewer, &errors));
    assert_int_equal(viewer.token_error->code, ERROR_TOKEN_EXPIRED);
    assert_null(viewer.user_id.ptr);

    auth.ring = no_ring;
    assert_true(auth_identify(a, &request, expand(a, "JWT %", good), &viewer, &errors));
    assert_int_equal(viewer.token_error->code, ERROR_TOKEN_INVALID);
    arena_free(a);
}

/* Tokens that come in the header and as a cookie: of the users 7 and 8, expired ones and a bad
 * one.  `came`: whose token the request has then. */
static const struct {
    const char *title, *header, *cookie;
    bool is_refused;
    const char *user, *came;
} pairs[] = {
    { "a cookie", NULL, "seven", false, "7", "seven" },
    { "a header of another scheme beside it", "Basic", "seven", false, "7", "seven" },
    { "both", "seven", "seven", false, "7", "seven" },
    { "both, of one user", "seven again", "seven", false, "7", "seven again" },
    { "a header", "seven", NULL, false, "7", "seven" },
    { "a cookie that has expired", NULL, "old seven", false, NULL, "old seven" },
    { "a cookie that is bad", NULL, "bad", false, NULL, "bad" },
    { "a bad header beside it", "bad", "seven", false, NULL, "bad" },
    { "a bad cookie beside it", "seven", "bad", false, "7", "seven" },
    { "one that has expired beside it", "seven", "old seven", false, "7", "seven" },
    { "different users", "seven", "eight", true, NULL, "seven" },
    { "different users, of which one has expired", "seven", "old eight", true, NULL, "seven" },
    { "different users, the other way", "old seven", "eight", true, NULL, "old seven" },
};

static struct str
issue(struct arena *a, const struct auth *auth, const char *user, int64_t now)
{
    struct token_claims token = {
        .user_id = str_from(user), .username = STR("ada"), .role = STR("user"), .login = now
    };

    return token_issue(a, auth, now, &token);
}

static void
test_identify_cookies(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = { .ring = test_ring,
                         .issuer = STR("i"),
                         .audience = STR("a"),
                         .token_time = 60,
                         .refresh_time = 60,
                         .roles = test_roles,
                         .role_count = 2 };
    int64_t now = time(NULL);
    const struct {
        const char *name;
        struct str token;
    } tokens[] = { { "seven", issue(a, &auth, "7", now) },
                   { "seven again", issue(a, &auth, "7", now) },
                   { "old seven", issue(a, &auth, "7", now - 90) },
                   { "eight", issue(a, &auth, "8", now) },
                   { "old eight", issue(a, &auth, "8", now - 90) },
                   { "bad", STR("a.b.c") } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct auth_cookies cookies = { { [AUTH_ACCESS] = { .is_used = true } } };
        struct auth_request request = { .auth = &auth, .cookies = &cookies };
        struct errors errors = { .arena = a };
        struct viewer viewer;
        struct str header = pairs[i].header ? STR("Basic x") : STR_NONE, came = STR_NONE;
        for (size_t j = 0; j < ARRAY_LENGTH(tokens); j++) {
            if (pairs[i].header && strcmp(pairs[i].header, tokens[j].name) == 0)
                header = expand(a, "JWT %", tokens[j].token);
            if (pairs[i].cookie && strcmp(pairs[i].cookie, tokens[j].name) == 0)
                cookies.kinds[AUTH_ACCESS].came = tokens[j].token;
            if (strcmp(pairs[i].came, tokens[j].name) == 0)
                came = tokens[j].token;
        }
        bool is_good = auth_identify(a, &request, header, &viewer, &errors);
        if (is_good == pairs[i].is_refused || !str_equal(viewer.user_id, str_from(pairs[i].user)) ||
            !str_equal(request.token, came))
            fail_msg("%s", pairs[i].title);
        assert_true(is_good == (errors.first == NULL));
        if (errors.first)
            assert_int_equal(errors.first->code, ERROR_BAD_REQUEST);

        /* Where the access token is not a cookie, and where nothing is. */
        cookies.kinds[AUTH_ACCESS].is_used = false;
        assert_true(auth_identify(a, &request, header, &viewer, &errors));
        assert_true(str_find(request.token, '.') == request.token.len || pairs[i].header);
        request.cookies = NULL;
        assert_true(auth_identify(a, &request, header, &viewer, &errors));
    }
    arena_free(a);
}

/* Which texts are keys of users. */
static const struct {
    enum column_kind kind;
    const char *key;
    bool is_good;
} keys[] = {
    { COLUMN_INT4, "7", true },
    { COLUMN_INT4, "-7", true },
    { COLUMN_INT4, "x", false },
    { COLUMN_INT4, "1.5", false },
    { COLUMN_INT4, " 7", false },
    { COLUMN_INT4, "2147483648", false },
    { COLUMN_INT8, "2147483648", true },
    { COLUMN_INT8, "9223372036854775808", false },
    { COLUMN_INT2, "32768", false },
    { COLUMN_NUMERIC, "12345678901234567890", true },
    { COLUMN_NUMERIC, "seven", false },
    { COLUMN_UUID, "0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071", true },
    { COLUMN_UUID, "0191ab3c", false },
    { COLUMN_DATE, "2024-02-30", false },
    { COLUMN_INET, "10.0.0.256", false },
    { COLUMN_TEXT, "x", true },
    { COLUMN_VARCHAR, "'; --", true },
    { COLUMN_CITEXT, "x", true },
    { COLUMN_OTHER, "x", true }, /* only PostgreSQL can judge it */
};

static void
test_identify_keys(void **state)
{
    struct arena *a = arena_new("test");
    struct auth auth = { .ring = test_ring,
                         .issuer = STR("i"),
                         .audience = STR("a"),
                         .token_time = 60,
                         .refresh_time = 60,
                         .roles = test_roles,
                         .role_count = 2 };
    struct errors errors = { .arena = a };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        struct column_type type = { .kind = keys[i].kind };
        struct auth_request request = { .auth = &auth, .key_type = &type };
        struct token_claims token = { .user_id = str_from(keys[i].key),
                                      .username = STR("ada"),
                                      .role = STR("user"),
                                      .login = time(NULL) };
        struct str text = token_issue(a, &auth, time(NULL), &token);
        struct viewer viewer;
        assert_true(auth_identify(a, &request, expand(a, "JWT %", text), &viewer, &errors));
        if ((viewer.token_error == NULL) != keys[i].is_good)
            fail_msg("a key of %s: %s", column_kind_name(keys[i].kind), keys[i].key);
        assert_true(viewer.has_good_key == (keys[i].is_good && keys[i].kind != COLUMN_OTHER));
        request.key_type = NULL; /* not known */
        assert_true(auth_identify(a, &request, expand(a, "JWT %", text), &viewer, &errors));
        assert_true(viewer.user_id.ptr && !viewer.has_good_key);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identify),
        cmocka_unit_test(test_identify_roles),
        cmocka_unit_test(test_identify_cookies),
        cmocka_unit_test(test_identify_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
