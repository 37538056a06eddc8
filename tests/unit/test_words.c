/*
 * test_words.c - names of the database as English words (init/words.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "init/words.h"
#include "tests/unit/unit.h"

static void
assert_words(const char *found_for, struct str found, const char *expected)
{
    if (!str_is(found, expected))
        fail_msg("%s: \"%.*s\", not \"%s\"", found_for, STR_PRINT(found), expected);
}

static void
test_split(void **state)
{
    static const char *const rows[][2] = {
        { "order_details", "order details" },
        { "OrderDetails", "order details" },
        { "ORDER DETAILS", "order details" },
        { "orderXMLFile", "order xml file" },
        { "customerID", "customer id" },
        { "address2", "address2" },
        { "__a--b__", "a b" },
        { "gr\xc3\xb6\xc3\x9f"
          "e",
          "groesse" },
        { "\xe8\xa1\xa8", "u8868" },
        { "+", "u002b" },
    };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        assert_words(rows[i][0], words_split(a, str_from(rows[i][0])), rows[i][1]);
    arena_free(a);
}

/* Both ways. */
static void
test_numbers(void **state)
{
    static const char *const rows[][2] = {
        { "film", "films" },
        { "category", "categories" },
        { "address", "addresses" },
        { "status", "statuses" },
        { "box", "boxes" },
        { "branch", "branches" },
        { "cache", "caches" },
        { "person", "people" },
        { "child", "children" },
        { "analysis", "analyses" },
        { "news", "news" },
        { "series", "series" },
        { "data", "data" },
        { "movie", "movies" },
        { "day", "days" },
        { "database", "databases" },
        { "warehouse", "warehouses" },
        { "bus", "buses" },
        { "tie", "ties" },
        { "lens", "lenses" },
        { "alias", "aliases" },
        { "order line", "order lines" },
        { "sales person", "sales people" },
        { "price", "prices" },
        { "medium", "media" },
        { "hero", "heroes" },
        { "response", "responses" },
        { "key", "keys" },
        { "quiz", "quizzes" },
        { "virus", "viruses" },
        { "cause", "causes" },
        { "class", "classes" },
        { "size", "sizes" },
    };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct str one = str_from(rows[i][0]), many = str_from(rows[i][1]);
        assert_words(rows[i][1], words_singular(a, many), rows[i][0]);
        assert_words(rows[i][0], words_plural(a, one), rows[i][1]);
        assert_words(rows[i][0], words_singular(a, one), rows[i][0]);
        assert_words(rows[i][1], words_plural(a, many), rows[i][1]);
    }
    arena_free(a);
}

static void
test_names(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    assert_words("camel", words_camel(a, STR("order line 2")), "orderLine2");
    assert_words("camel", words_camel(a, STR("line 2 3")), "line2_3");
    assert_words("camel", words_camel(a, STR("2fa code")), "_2faCode");
    assert_words("pascal", words_pascal(a, STR("order line")), "OrderLine");
    assert_words("pascal", words_pascal(a, STR("2fa")), "_2fa");
    assert_words("capitals", words_capitals(a, STR("order line")), "ORDER_LINE");
    assert_words("capitals", words_capitals(a, STR("3d")), "_3D");
    assert_words("last", words_last(STR("order line")), "line");
    assert_words("last", words_last(STR("line")), "line");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
