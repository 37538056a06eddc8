/*
 * test_sqlstate.c - what PostgreSQL's errors say.
 *
 * SPDX-License-Identifier: MIT
 */
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bad_parameter_is_found),
        cmocka_unit_test(test_other_contexts_are_of_none),
        cmocka_unit_test(test_what_the_application_raises_is_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
