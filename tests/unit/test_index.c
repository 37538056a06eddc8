/*
 * test_index.c - what the indexes of a table serve.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "tests/unit/unit.h"

/* A table with these indexes. */
static const struct table *
make_table(struct arena *a, const char *indexes)
{
    struct source source = { .name = STR("test.catalog") };
    struct errors errors = { .arena = a };

    source.text = str_format(a,
                             "table t\ncolumn id integer not null\ncolumn a integer not null\n"
                             "column b integer\ncolumn url text not null\n"
                             "column code character(3)\ncolumn nocase citext\nprimary key id\n"
                             "index btree id\n%s\n",
                             indexes);
    const struct catalog *c = catalog_parse(a, &source, &errors);
    if (!c)
        fail_msg("%s: %.*s", indexes, STR_PRINT(errors.first->message));
    return catalog_find_table(c, STR("t"));
}

#define TRIGRAMS " by \"% = ~ ~* ~~ ~~*\""
#define PATTERNS " by \"= ~<=~ ~<~ ~>=~ ~>~\""

static void
test_conditions(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *indexes, *column, *op;
        bool is_served;
    } cases[] = {
        { "", "id", "=", true },
        { "", "a", "=", false },
        { "index btree a", "a", "=", true },
        { "index btree a", "a", "<=", true },
        { "index btree a", "a", "IS NULL", true },
        { "index btree a", "a", "~~", false },
        { "index btree a desc nulls last, b", "a", ">", true },
        { "index btree a, b", "b", "=", false },
        { "index btree (\"abs(a)\"), a", "a", "=", false },
        { "index hash a by \"=\"", "a", "=", true },
        { "index hash a by \"=\"", "a", "<", false },
        { "index hash a by \"=\"", "a", "IS NULL", false },
        { "index brin a, b", "b", "<", true },
        { "index brin a, b", "b", "IS NULL", true },
        { "index gin url" TRIGRAMS ", nocase" TRIGRAMS, "nocase", "~~*", true },
        { "index gin url" TRIGRAMS, "url", "=", true },
        { "index gin url" TRIGRAMS, "url", "IS NULL", false },
        { "index gist url" TRIGRAMS, "url", "IS NULL", true },
        { "index gin url" TRIGRAMS " collated", "url", "~~*", false },
        { "index gin (\"lower(url)\")" TRIGRAMS, "url", "~~*", false },
        { "index btree url collated", "url", "=", false },
        { "index btree url collated", "url", "IS NULL", true },
        { "index btree url" PATTERNS, "url", "=", true },
        { "index btree url" PATTERNS, "url", "<", false },
        { "index btree b where \"(b IS NOT NULL)\"", "b", "=", true },
        { "index btree b where \"(b IS NOT NULL)\"", "b", "IS NULL", false },
        { "index btree a where \"(b IS NOT NULL)\"", "a", "=", false },
        { "index btree b where \"(a > 0)\"", "b", "=", false },
        /* A prefix. */
        { "index btree url", "url", "prefix", false },
        { "index btree url bytewise", "url", "prefix", true },
        { "index btree url collated bytewise", "url", "prefix", true },
        { "index btree url" PATTERNS, "url", "prefix", true },
        { "index btree a, url bytewise", "url", "prefix", false },
        { "index btree url bytewise where \"(url IS NOT NULL)\"", "url", "prefix", true },
        { "index btree url bytewise where \"(a = 1)\"", "url", "prefix", false },
        { "index gin url" TRIGRAMS, "url", "prefix", true },
        { "index btree code" PATTERNS, "code", "prefix", true },
        { "index btree nocase bytewise", "nocase", "prefix", false },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena *a = arena_new("test");
        const struct table *t = make_table(a, cases[i].indexes);
        const struct column *column = table_find_column(t, str_from(cases[i].column));
        bool is_served = str_is(str_from(cases[i].op), "prefix")
                             ? index_serves_prefix(t, column)
                             : index_serves(t, column, cases[i].op);
        if (is_served != cases[i].is_served)
            fail_msg("%s: %s %s", cases[i].indexes, cases[i].column, cases[i].op);
        arena_free(a);
    }
}

/* `a`, `-b`, `b nulls first` as `b<`, `b desc nulls last` as `-b>`. */
static struct index_order
read_order(const struct table *t, const char *text)
{
    struct index_order order = { .is_descending = text[0] == '-' };
    struct str name = str_from(text + order.is_descending);
    char last = name.ptr[name.len - 1];

    order.is_nulls_first = last == '<' || (order.is_descending && last != '>');
    name.len -= last == '<' || last == '>';
    order.column = table_find_column(t, name);
    order.expression = name;
    return order;
}

static void
test_orders(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *indexes, *equal, *order[4];
        int served;
    } cases[] = {
        { "", NULL, { "id" }, 1 },
        { "", NULL, { "-id" }, 1 },
        { "", NULL, { "id", "a" }, 2 }, /* nothing is equal in it */
        { "", NULL, { "a", "id" }, 0 },
        { "index btree a", NULL, { "a", "id" }, 1 },
        { "index btree a, id", NULL, { "a", "id" }, 2 },
        { "index btree a, id", NULL, { "-a", "-id" }, 2 },
        { "index btree a, id", NULL, { "-a", "id" }, 1 },
        { "index btree a, id", NULL, { "a", "a", "id" }, 3 },
        { "index btree a desc, id", NULL, { "-a", "id" }, 2 },
        { "index btree a desc, id", NULL, { "a", "-id" }, 2 },
        { "index btree a desc, id", NULL, { "a", "id" }, 1 },
        { "index btree a, id, b", NULL, { "a", "id" }, 2 },
        { "index btree a, b, id", NULL, { "a", "id" }, 1 },
        { "index brin a, id", NULL, { "a", "id" }, 0 },
        { "index btree b, id", NULL, { "b", "id" }, 2 },
        { "index btree b, id", NULL, { "b<", "id" }, 0 },
        { "index btree b nulls first, id", NULL, { "b<", "id" }, 2 },
        { "index btree b nulls first, id", NULL, { "-b>", "-id" }, 2 },
        { "index btree b nulls first, id", NULL, { "-b", "-id" }, 0 },
        { "index btree b desc nulls last, id desc", NULL, { "-b>", "-id" }, 2 },
        { "index btree b, id where \"(b IS NOT NULL)\"", NULL, { "b", "id" }, 0 },
        { "index btree url collated, id", NULL, { "url", "id" }, 0 },
        { "index btree url" PATTERNS ", id", NULL, { "url", "id" }, 0 },
        { "unique url\nindex btree url", NULL, { "url", "id" }, 2 },
        { "unique b\nindex btree b", NULL, { "b", "id" }, 1 }, /* many may be null */
        { "index btree (\"abs(a)\"), id", NULL, { "a", "id" }, 0 },
        /* Behind a key. */
        { "index btree b, a, id", "b", { "a", "id" }, 2 },
        { "index btree b desc, a, id", "b", { "-a", "-id" }, 2 },
        { "index btree b", "b", { "a", "id" }, 0 },
        { "index btree a, id", "b", { "a", "id" }, 0 },
        { "index btree a, b, id", "b", { "a", "id" }, 0 },
        { "index btree b, id", "b", { "b", "id" }, 2 }, /* all have the same b */
        { "index btree (\"f(t.*)\"), id", NULL, { "f(t.*)", "id" }, 2 },
        { "index btree (\"f(t.*)\"), id", NULL, { "-f(t.*)", "-id" }, 2 },
        { "index btree (\"f(t.*)\"), id", NULL, { "-f(t.*)", "id" }, 1 },
        { "index btree (\"g(t.*)\"), id", NULL, { "f(t.*)", "id" }, 0 },
        { "index btree a, (\"f(t.*)\"), id", "a", { "f(t.*)", "id" }, 2 },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena *a = arena_new("test");
        const struct table *t = make_table(a, cases[i].indexes);
        const struct column *equal =
            cases[i].equal ? table_find_column(t, str_from(cases[i].equal)) : NULL;
        struct index_order terms[4];
        int count = 0;
        for (; count < 4 && cases[i].order[count]; count++)
            terms[count] = read_order(t, cases[i].order[count]);
        int served = index_count_order(t, &equal, equal != NULL, terms, count);
        if (served != cases[i].served)
            fail_msg("%s: case %zu: %d", cases[i].indexes, i, served);
        arena_free(a);
    }
}

static void
test_equality(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    const struct table *t = make_table(a, "index btree a, b");
    const struct column *one[] = { table_find_column(t, STR("b")) };
    const struct column *both[] = { one[0], table_find_column(t, STR("a")) };

    assert_true(index_serves_equality(t, both, 2));
    assert_false(index_serves_equality(t, one, 1));
    assert_true(index_serves_equality(t, NULL, 0));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_equality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
