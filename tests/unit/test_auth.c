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

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct viewer viewer = { .user_id = STR("1"), .role = STR("staff") }; /* of one before */
        auth_identify(a, &request, expand(a, headers[i].header, good), &viewer);
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
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("staff"), .login = time(NULL) - 60
    };
    struct viewer viewer;

    (void)state;
    struct str good = token_issue(a, &auth, time(NULL), &token);
    auth_identify(a, &request, expand(a, "JWT %", good), &viewer);
    assert_true(str_is(viewer.role, "staff") && str_is(viewer.database_role, "pg_staff"));

    /* A single role is never switched. */
    auth.roles = (struct auth_role[]){ { STR("user"), STR_NONE }, { STR("staff"), STR_NONE } };
    auth_identify(a, &request, expand(a, "JWT %", good), &viewer);
    assert_true(str_is(viewer.role, "staff") && !viewer.database_role.ptr);

    struct str old = token_issue(a, &auth, time(NULL) - 60, &token);
    auth_identify(a, &request, expand(a, "JWT %", old), &viewer);
    assert_int_equal(viewer.token_error->code, ERROR_TOKEN_EXPIRED);
    assert_null(viewer.user_id.ptr);

    auth.ring = no_ring;
    auth_identify(a, &request, expand(a, "JWT %", good), &viewer);
    assert_int_equal(viewer.token_error->code, ERROR_TOKEN_INVALID);
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
        auth_identify(a, &request, expand(a, "JWT %", text), &viewer);
        if ((viewer.token_error == NULL) != keys[i].is_good)
            fail_msg("a key of %s: %s", column_kind_name(keys[i].kind), keys[i].key);
        assert_true(viewer.has_good_key == (keys[i].is_good && keys[i].kind != COLUMN_OTHER));
        request.key_type = NULL; /* not known */
        auth_identify(a, &request, expand(a, "JWT %", text), &viewer);
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
        cmocka_unit_test(test_identify_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
