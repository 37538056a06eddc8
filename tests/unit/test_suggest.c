/*
 * test_suggest.c - "Did you mean ...?"
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/suggest.h"
#include "tests/unit/arena_case.h"

/* The text for those of the names, up to one that is "", that are close. */
static const char *
suggest(const char *input, const char *const *names)
{
    struct str list[16];
    int count = 0;

    for (; names[count]; count++)
        list[count] = str_from(names[count]);
    count = suggest_close(arena, str_from(input), list, count);
    return str_copy_c(arena, suggest_text(arena, NULL, list, count));
}

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
closest_first(void **state)
{
    (void)state;
    assert_string_equal(suggest("url", NAMES("id", "uri", "curl", "URL", "description")),
                        " Did you mean \"URL\", \"curl\", or \"uri\"?");
}

static void
one_two_or_more(void **state)
{
    (void)state;
    assert_string_equal(suggest("usr", NAMES("user")), " Did you mean \"user\"?");
    assert_string_equal(suggest("usr", NAMES("user", "us")), " Did you mean \"us\" or \"user\"?");
    assert_string_equal(suggest("usr", NAMES("user", "us", "user", "us")),
                        " Did you mean \"us\" or \"user\"?");
    assert_string_equal(suggest("name", NAMES("a")), "");
    assert_string_equal(suggest("a", NAMES("b", "c", "d", "e", "f", "g")),
                        " Did you mean \"b\", \"c\", \"d\", \"e\", or \"f\"?");
}

static void
neighbours_that_changed_places_count_once(void **state)
{
    (void)state;
    assert_string_equal(suggest("ab", NAMES("ba")), " Did you mean \"ba\"?");
    /* Three apart is too far for six characters, two is not. */
    assert_string_equal(suggest("abcdef", NAMES("badcef")), " Did you mean \"badcef\"?");
    assert_string_equal(suggest("abcdef", NAMES("xyzwef")), "");
}

static void
case_counts_once_in_all(void **state)
{
    (void)state;
    assert_string_equal(suggest("CREATEDAT", NAMES("createdAt", "CREATEDA")),
                        " Did you mean \"CREATEDA\" or \"createdAt\"?");
}

static void
long_and_short_inputs(void **state)
{
    char input[3001];

    (void)state;
    for (int i = 0; i < 3000; i++)
        input[i] = 'x';
    input[3000] = '\0';
    assert_string_equal(suggest(input, NAMES("x", "xx")), "");
    assert_string_equal(suggest("", NAMES("a", "ab")), " Did you mean \"a\"?");
}

static void
numbers_in_names_are_ordered_by_value(void **state)
{
    (void)state;
    assert_true(suggest_compare(STR("a2"), STR("a10")) < 0);
    assert_true(suggest_compare(STR("a10"), STR("a2")) > 0);
    assert_true(suggest_compare(STR("a1"), STR("a1b")) < 0);
    assert_true(suggest_compare(STR("a10"), STR("a10")) == 0);
    assert_true(suggest_compare(STR("B"), STR("a")) < 0);
    assert_string_equal(suggest("a", NAMES("a10", "a9", "b")), " Did you mean \"a9\" or \"b\"?");
}

static void
what_is_meant_comes_first(void **state)
{
    const struct str names[] = { STR_INIT("User"), STR_INIT("Link") };

    (void)state;
    assert_string_equal(str_copy_c(arena, suggest_text(arena, "to use", names, 2)),
                        " Did you mean to use \"User\" or \"Link\"?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(closest_first),
        TEST(one_two_or_more),
        TEST(neighbours_that_changed_places_count_once),
        TEST(case_counts_once_in_all),
        TEST(long_and_short_inputs),
        TEST(numbers_in_names_are_ordered_by_value),
        TEST(what_is_meant_comes_first),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
