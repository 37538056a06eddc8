/*
 * test_sqlstate.c - what PostgreSQL's errors say.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "database/sqlstate.h"
#include "tests/unit/unit.h"

static void
assert_bad_parameter(const char *context, int expected)
{
    assert_int_equal(sqlstate_bad_parameter("22P02", context), expected);
}

static void
test_a_bad_parameter_is_found(void **state)
{
    (void)state;
    assert_bad_parameter("unnamed portal parameter $1 = '...'", 1);
    assert_bad_parameter("unnamed portal parameter $12", 12);
    assert_bad_parameter("unbenanntes Portal, Parameter $2 = »x«", 0);
    assert_bad_parameter("unbenanntes Portal, Parameter $2 = '...'", 2);
    assert_bad_parameter("unnamed portal parameter $3 = 'several\nlines'", 3);
    assert_bad_parameter("unnamed portal parameter $3 = 'several\nlines of $4'", 3);
    assert_bad_parameter("PL/pgSQL function is_even(integer) line 4 at RAISE\n"
                         "unnamed portal parameter $2 = '...'",
                         2);
}

static void
test_other_contexts_are_of_none(void **state)
{
    (void)state;
    assert_bad_parameter("", 0);
    assert_bad_parameter("SQL function \"divide\" statement 1", 0);
    assert_bad_parameter("SQL statement \"SELECT $1\"\nPL/pgSQL function f() line 1 at PERFORM", 0);
    assert_bad_parameter("SQL statement \"SELECT\n  1 / $1\"\nPL/pgSQL function f() line 1", 0);
    assert_bad_parameter("SQL function \"costs $1\" statement 1", 0);
}

static void
test_what_the_application_raises_is_its_own(void **state)
{
    (void)state;
    assert_int_equal(sqlstate_bad_parameter("LN400", "unnamed portal parameter $1 = '...'"), 0);
    assert_int_equal(sqlstate_bad_parameter("23514", "unnamed portal parameter $1 = '...'"), 1);
}

static void
assert_words(const char *state, const char *primary, const char *context, const char *expected)
{
    struct arena *a = arena_new("test");

    struct str words = sqlstate_words(a, state, str_from(primary), context);
    assert_true(str_equal(words, str_from(expected)));
    arena_free(a);
}

static void
test_the_log_has_no_values(void **state)
{
    (void)state;
    assert_words("22P02", "invalid input syntax for type integer: \"x\"", NULL,
                 "invalid input syntax for type integer: ...");
    assert_words("22003", "value \"1\"2\" is out of range for type integer", NULL, "value ...");
    assert_words("22P02", "ung\u00fcltig: \u00bbx\u00ab", NULL, "ung\u00fcltig: ...");
    assert_words("22003", "integer out of range", NULL, "integer out of range");
    assert_words("22P02", "invalid input syntax for type json",
                 "JSON data, line 1: x\n"
                 "PL/pgSQL function f(text) line 1 at RETURN\nunnamed portal parameter $1 = 'x'",
                 "invalid input syntax for type json; PL/pgSQL function f(text) line 1 at RETURN");
    assert_words("23505", "duplicate key value violates unique constraint \"k\"", "",
                 "duplicate key value violates unique constraint \"k\"");
    assert_words("22000", "", NULL, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bad_parameter_is_found),
        cmocka_unit_test(test_other_contexts_are_of_none),
        cmocka_unit_test(test_what_the_application_raises_is_its_own),
        cmocka_unit_test(test_the_log_has_no_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
