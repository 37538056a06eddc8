/*
 * test_known_tokens.c - tokens that were verified: found until their end, and no others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "token_case.h"

#include <time.h>

#include "base/error.h"
#include "auth/auth.h"
#include "auth/known_tokens.h"
#include "auth/token.h"
#include "jose/token_key.h"
#include "tests/unit/test_clock.h"

enum { NOW = 1800000000 };

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct token_claims
make_claims(const char *user_id)
{
    return (struct token_claims){ .user_id = str_from(user_id),
                                  .username = STR("ada"),
                                  .role = STR("user"),
                                  .issued = NOW - 10,
                                  .expires = NOW + 100,
                                  .login = NOW - 20 };
}

static bool
is_found(struct known_tokens *known, const char *text, int64_t now, int64_t moment)
{
    struct token_claims token;

    return known_tokens_find(known, arena, str_from(text), now, moment, &token);
}

static void
test_find(void **state)
{
    struct known_tokens *known = known_tokens_new(arena, 10);
    struct token_claims claims = make_claims("7"), found;

    (void)state;
    assert_false(is_found(known, "token", NOW, 5));
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    assert_true(known_tokens_find(known, arena, STR("token"), NOW + 99, 5, &found));
    assert_true(str_is(found.user_id, "7") && str_is(found.username, "ada"));
    assert_true(str_is(found.role, "user") && found.expires == NOW + 100);
    assert_true(found.issued == NOW - 10 && found.login == NOW - 20);
    assert_ptr_not_equal(found.user_id.ptr, claims.user_id.ptr);
    assert_false(is_found(known, "tokem", NOW, 5));
    assert_false(is_found(known, "token ", NOW, 5));
    assert_false(is_found(known, "", NOW, 5));
    known_tokens_forget(known);
    assert_false(is_found(known, "token", NOW, 5));
    assert_null(known_tokens_new(arena, 0));
}

/* It is forgotten at its end, at that of its key, and when the clock has been set back. */
static void
test_times(void **state)
{
    struct known_tokens *known = known_tokens_new(arena, 10);
    struct token_claims claims = make_claims("7");

    (void)state;
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    assert_false(is_found(known, "token", NOW + 100, 5));
    assert_false(is_found(known, "token", NOW - 1, 5));
    claims.until = 50;
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    assert_true(is_found(known, "token", NOW, 49));
    assert_false(is_found(known, "token", NOW, 50));
}

/* However many come: the table keeps its size, and those that are in use stay. */
static void
test_room(void **state)
{
    struct known_tokens *known = known_tokens_new(arena, 4); /* one set */
    struct token_claims claims = make_claims("7");

    (void)state;
    known_tokens_add(known, STR("kept"), NOW, 5, &claims);
    for (int i = 0; i < 1000; i++) {
        known_tokens_add(known, str_format(arena, "token %d", i), NOW, 5, &claims);
        assert_true(is_found(known, "kept", NOW, 5));
        assert_true(is_found(known, str_format(arena, "token %d", i).ptr, NOW, 5));
    }
    int count = 0;
    for (int i = 0; i < 1000; i++)
        count += is_found(known, str_format(arena, "token %d", i).ptr, NOW, 5);
    assert_int_equal(count, 3);
    assert_true(is_found(known, "kept", NOW, 5));
    /* Those that are over make room first. */
    claims.expires = NOW + 1;
    known_tokens_add(known, STR("short"), NOW, 5, &claims);
    claims.expires = NOW + 100;
    assert_true(is_found(known, "short", NOW, 5));
    assert_true(is_found(known, "token 999", NOW, 5));
    known_tokens_add(known, STR("next"), NOW + 2, 5, &claims);
    assert_true(is_found(known, "kept", NOW + 2, 5));
    assert_true(is_found(known, "token 999", NOW + 2, 5));
    assert_true(is_found(known, "next", NOW + 2, 5));
}

/* What is too long is not kept, and does not hide behind what was there. */
static void
test_length(void **state)
{
    struct known_tokens *known = known_tokens_new(arena, 4);
    struct token_claims claims = make_claims("7");

    (void)state;
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    claims.username = str_format(arena, "%01000d", 0);
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    assert_false(is_found(known, "token", NOW, 5));
    claims.username = str_format(arena, "%0370d", 0);
    known_tokens_add(known, STR("token"), NOW, 5, &claims);
    assert_true(is_found(known, "token", NOW, 5));
}

/* Requests: each answer is that of the token itself, and only good ones are remembered. */
static void
test_identify(void **state)
{
    struct auth auth = { .ring = test_ring,
                         .issuer = STR("i"),
                         .audience = STR("a"),
                         .token_time = 60,
                         .refresh_time = 60,
                         .roles = test_roles,
                         .role_count = 2 };
    struct auth_request request = { .auth = &auth, .known = known_tokens_new(arena, 10) };
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("staff"), .login = time(NULL)
    };
    struct errors errors = { .arena = arena };
    struct viewer viewer;

    (void)state;
    struct str text = token_issue(arena, &auth, time(NULL), &token);
    struct str good = str_format(arena, "JWT %.*s", STR_PRINT(text));
    struct str bad = str_format(arena, "JWT %.*sx", STR_PRINT(text));
    struct str old = str_format(arena, "JWT %.*s",
                                STR_PRINT(token_issue(arena, &auth, time(NULL) - 60, &token)));
    for (int i = 0; i < 3; i++) {
        assert_true(auth_identify(arena, &request, good, &viewer, &errors));
        assert_true(str_is(viewer.user_id, "7") && str_is(viewer.database_role, "pg_staff"));
        assert_true(auth_identify(arena, &request, bad, &viewer, &errors));
        assert_true(!viewer.user_id.ptr && viewer.token_error);
        assert_true(auth_identify(arena, &request, old, &viewer, &errors));
        assert_true(!viewer.user_id.ptr && viewer.token_error);
        if (i == 1) /* from now on it is only remembered */
            auth.ring = no_ring;
    }
    known_tokens_forget(request.known);
    assert_true(auth_identify(arena, &request, good, &viewer, &errors));
    assert_true(!viewer.user_id.ptr && viewer.token_error);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_find, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_identify, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
