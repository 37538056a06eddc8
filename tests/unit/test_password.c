/*
 * test_password.c - the hashes of passwords.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "database/db.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

enum { SOON = 60000 }; /* milliseconds: no bound in a test */

/* A visitor where the gate is always open. */
#define UNBOUND (&(struct password_visitor){ .descriptor = -1, .deadline = clock_now() + SOON })

static void
test_hash(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    struct str hash = password_hash(a, UNBOUND, STR("correct horse"));
    assert_non_null(hash.ptr);
    assert_true(str_starts_with(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(UNBOUND, hash, STR("correct horse")), PASSWORD_RIGHT);
    assert_int_equal(password_verify(UNBOUND, hash, STR("correct horsf")), PASSWORD_WRONG);
    assert_int_equal(password_verify(UNBOUND, hash, STR("correct hors")), PASSWORD_WRONG);
    assert_int_equal(password_verify(UNBOUND, hash, STR("correct horse\0")), PASSWORD_WRONG);
    assert_int_equal(password_verify(UNBOUND, hash, STR("")), PASSWORD_WRONG);
    assert_int_equal(password_verify(UNBOUND, STR_NONE, STR("correct horse")), PASSWORD_WRONG);
    assert_false(str_equal(hash, password_hash(a, UNBOUND, STR("correct horse"))));
    arena_free(a);
}

/* What is not a hash lets nobody in. */
static void
test_no_hash(void **state)
{
    static const char *const texts[] = { "",
                                         "!",
                                         "password",
                                         "$argon2id$",
                                         "$argon2id$v=19$m=8",
                                         "$5$salt$hash",
                                         "pbkdf2_sha256$150000$salt$hash" };
    char longer[300];

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        assert_int_equal(password_verify(UNBOUND, str_from(texts[i]), str_from(texts[i])),
                         PASSWORD_WRONG);
        assert_true(password_needs_rehash(str_from(texts[i])));
    }
    memset(longer, 'x', sizeof(longer));
    memcpy(longer, "$argon2id$", 10);
    struct str hash = { longer, sizeof(longer) };
    assert_int_equal(password_verify(UNBOUND, hash, STR("password")), PASSWORD_WRONG);
    assert_true(password_needs_rehash(hash));
}

static void
test_needs_rehash(void **state)
{
    struct arena *a = arena_new("test");
    struct str rest = STR("$c29tZXNhbHRzb21lc2FsdA$"
                          "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE");

    (void)state;
    assert_false(password_needs_rehash(password_hash(a, UNBOUND, STR("password"))));
    assert_false(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=19456,t=2,p=1%.*s", STR_PRINT(rest))));
    assert_true(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=19456,t=3,p=1%.*s", STR_PRINT(rest))));
    assert_true(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=65536,t=2,p=1%.*s", STR_PRINT(rest))));
    arena_free(a);
}

static int64_t
nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The least time of some: what it costs when nobody else is at work. */
static int64_t
cost(struct str hash, struct str password)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < 5; i++) {
        int64_t start = nanoseconds();
        assert_int_equal(password_verify(UNBOUND, hash, password), PASSWORD_WRONG);
        int64_t time = nanoseconds() - start;
        least = time < least ? time : least;
    }
    return least;
}

/* A user who is not there costs what one costs who is; what is over the bound
 * costs nothing. */
static void
test_cost(void **state)
{
    struct arena *a = arena_new("test");
    struct str hash = password_hash(a, UNBOUND, STR("correct horse"));
    char bomb[513];

    (void)state;
    memset(bomb, 'x', sizeof(bomb));
    int64_t somebody = cost(hash, STR("a wrong one")), nobody = cost(STR_NONE, STR("a wrong one"));
    int64_t foreign = cost(STR("!"), STR("a wrong one"));
    int64_t refused = cost(hash, (struct str){ bomb, sizeof(bomb) });
    assert_in_range(nobody, somebody / 2, somebody * 2);
    assert_in_range(foreign, somebody / 2, somebody * 2);
    assert_true(refused < somebody / 20);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_no_hash),
        cmocka_unit_test(test_needs_rehash),
        cmocka_unit_test(test_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
